"""Conditions of a pledge as rules that can be evaluated: matching what others give, and approval by a day. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from donors.rates import FUND_CURRENCY
from trustfund.core.money import Money
from trustfund.core.refusals import Unacceptable

_LARGEST_SHARE: Final = 1_000_000
_LONGEST_NAME: Final = 160


class Counts(StrEnum):
    """What of other donors a matching condition counts."""

    RECEIPTS = "receipts"
    SIGNED = "signed"

    @property
    def label(self) -> str:
        """What is counted, in words."""
        return {Counts.RECEIPTS: _("money received"), Counts.SIGNED: _("signed pledges")}[self]


class Stand(StrEnum):
    """How a condition stands."""

    WAITING = "waiting"
    SHOWN = "shown"
    MET = "met"
    LAPSED = "lapsed"


@dataclass(frozen=True)
class Matching:
    """
    Up to so much, in the proportion of what others give: 6 for every 12, at most USD 6,000,000,000.

    :ivar matches: what the donor gives for every `for_every` of others
    :ivar cap: the most that it gives, which is what the pledge is worth, in USD
    :ivar since: the day from which what others gave or signed counts
    """

    matches: int
    for_every: int
    cap: Money
    counts: Counts
    since: date

    def require_sound(self) -> None:
        """
        Do nothing if this can be evaluated.

        :raises Unacceptable: if a proportion is not a whole number above zero, or the cap is not in USD
        """
        if not (1 <= self.matches <= _LARGEST_SHARE and 1 <= self.for_every <= _LARGEST_SHARE):
            raise Unacceptable(_("A proportion is in whole numbers above zero, such as 6 for every 12."))
        if self.cap.currency != FUND_CURRENCY or self.cap.minor <= 0:
            raise Unacceptable(_("What matching reaches at most is more than zero, in USD."))

    def unlocked(self, counted: Money) -> Money:
        """Return what the donor owes by what others gave, rounded down to the cent, never more than the cap."""
        return min(self.cap, Money(max(counted.minor, 0) * self.matches // self.for_every, FUND_CURRENCY))

    @property
    def needed(self) -> Money:
        """The least that others must give for the whole of it."""
        return Money(-(-self.cap.minor * self.for_every // self.matches), FUND_CURRENCY)

    def is_met_by(self, counted: Money) -> bool:
        """Return whether others have given enough for the whole of it."""
        return self.unlocked(counted) == self.cap

    @property
    def words(self) -> str:
        """The rule as a sentence."""
        return _("Up to %(cap)s: %(matches)s for every %(for_every)s of others, %(counts)s since %(since)s") % {
            "cap": self.cap,
            "matches": self.matches,
            "for_every": self.for_every,
            "counts": self.counts.label,
            "since": self.since.isoformat(),
        }


@dataclass(frozen=True)
class Approval:
    """Somebody's approval by a day: a parliament's of the budget, a board's of the gift."""

    approver: str
    by_when: date

    def require_sound(self) -> None:
        """
        Do nothing if this can be evaluated.

        :raises Unacceptable: if nobody is named
        """
        if not self.approver.strip() or len(self.approver) > _LONGEST_NAME:
            raise Unacceptable(_("An approval is somebody's. Name who approves, in at most 160 characters."))

    @property
    def words(self) -> str:
        """The rule as a sentence."""
        return _("Approval by %(approver)s, by %(day)s") % {
            "approver": self.approver,
            "day": self.by_when.isoformat(),
        }

    def stand(self, *, happened_on: date | None, is_confirmed: bool, today: date) -> Stand:
        """
        Return how it stands: met by an approval in time that a second person has confirmed, whenever it is recorded.

        :param happened_on: the day of the approval that was shown, if one was
        """
        if happened_on is not None and happened_on <= self.by_when:
            return Stand.MET if is_confirmed else Stand.SHOWN
        return Stand.LAPSED if today > self.by_when else Stand.WAITING


Rule = Matching | Approval
