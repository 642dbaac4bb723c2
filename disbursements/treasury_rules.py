"""The numbers that treasury goes by, each version changed by two people. Pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from trustfund.core.money import Money

# Bank details rest this long before anything is paid to them. It is in PostgreSQL too, so it is no setting.
DETAILS_REST: Final = timedelta(hours=72)
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Rules:
    """
    What treasury goes by.

    :ivar version: zero before anybody has set another
    :ivar reserve_months: the continuity reserve covers the approved tranches of so many months
    :ivar answer_hours: a bank that has said nothing about a file for so long counts as silent
    :ivar payee_limit: more than this to one payee within the window deserves a second look; nothing means no limit
    :ivar payee_days: the window, in days
    """

    version: int = 0
    reserve_months: int = 6
    answer_hours: int = 24
    payee_limit: Money | None = None
    payee_days: int = 30


def months_later(start: date, months: int) -> date:
    """Return the same day so many months later, or the last day of that month if it is shorter."""
    year, month = divmod(start.year * _MONTHS + start.month - 1 + months, _MONTHS)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
