"""What organisations report and when, what reviews come to, and how delivery is reckoned (rules R6 and R13). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from trustfund.core.money import Money

REVIEWERS_NEEDED: Final = 2
_LAST_OF_DECEMBER: Final = (12, 31)


class ReportKind(TextChoices):
    """What a report is about and whether it is the last one."""

    NARRATIVE = "narrative", _("Annual narrative report")
    FINANCIAL = "financial", _("Annual financial report")
    INTERIM = "interim", _("Interim financial report")
    FINAL_NARRATIVE = "final_narrative", _("Final narrative report")
    FINAL_FINANCIAL = "final_financial", _("Certified final financial report")


FINANCIAL: Final = frozenset({ReportKind.FINANCIAL, ReportKind.INTERIM, ReportKind.FINAL_FINANCIAL})
# Month and day in the year after the one that the report covers (R13).
DUE: Final[dict[ReportKind, tuple[int, int]]] = {
    ReportKind.NARRATIVE: (3, 31),
    ReportKind.FINANCIAL: (4, 30),
    ReportKind.FINAL_NARRATIVE: (6, 30),
    ReportKind.FINAL_FINANCIAL: (6, 30),
}


@dataclass(frozen=True, order=True)
class Due:
    """A report that is due: when, of what kind, and up to which day it covers the work."""

    on: date
    kind: ReportKind
    through: date


def calendar_of(starts_on: date, ends_on: date) -> list[Due]:
    """
    Return the reports that a programme owes, earliest first: two for every year that it outlasts, then two final.

    The final ones cover the work to its last day and take the place of the last year's.
    """
    owed = [
        Due(date(year + 1, *DUE[kind]), kind, date(year, *_LAST_OF_DECEMBER))
        for year in range(starts_on.year, ends_on.year)
        for kind in (ReportKind.NARRATIVE, ReportKind.FINANCIAL)
    ]
    owed += [
        Due(date(ends_on.year + 1, *DUE[kind]), kind, ends_on)
        for kind in (ReportKind.FINAL_NARRATIVE, ReportKind.FINAL_FINANCIAL)
    ]
    return sorted(owed)


class ReportStanding(StrEnum):
    """Where a report that was handed in stands."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"


def standing(accepts: Iterable[bool]) -> ReportStanding:
    """Return what reviews come to, one a person: one return sends it back, two acceptances accept it."""
    said = list(accepts)
    if not all(said):
        return ReportStanding.RETURNED
    return ReportStanding.ACCEPTED if len(said) >= REVIEWERS_NEEDED else ReportStanding.SUBMITTED


@dataclass(frozen=True)
class Delivery:
    """What organisations had of a programme and what they spent of it."""

    transferred: Money
    refunded: Money
    spent: Money

    @property
    def net_funded(self) -> Money:
        """Transfers less refunds (R6)."""
        return self.transferred - self.refunded

    @property
    def percent(self) -> Decimal | None:
        """Expenditure by net funded amount in per cent, two decimals, rounded half up; nothing before a transfer."""
        if self.net_funded.minor <= 0:
            return None
        ratio = Decimal(100 * self.spent.minor) / Decimal(self.net_funded.minor)
        return ratio.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
