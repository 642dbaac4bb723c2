"""What a motion to suspend must say before anybody votes on it: nothing stops without a reason that all can read."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from trustfund.core.refusals import Unacceptable

# A suspension is looked at again within half a year, or it has become an end without a decision.
LATEST_REVIEW: Final = timedelta(days=183)
SHORTEST: Final = 40


class Cause(StrEnum):
    """Why a programme is suspended, as a code that registers can be counted by."""

    MISUSE = "misuse"
    ACCESS_REFUSED = "access_refused"
    EXEMPTION_ENDED = "exemption_ended"
    ROUTE_CLOSED = "route_closed"
    UNSAFE = "unsafe"
    NOT_REPORTED = "not_reported"
    NOT_DELIVERED = "not_delivered"

    @property
    def label(self) -> str:
        """The cause in words."""
        return {
            Cause.MISUSE: _("Money or goods did not go where they were meant to"),
            Cause.ACCESS_REFUSED: _("Monitors were not let in"),
            Cause.EXEMPTION_ENDED: _("The exemption ended or was refused"),
            Cause.ROUTE_CLOSED: _("No bank or transport takes the payment or the goods"),
            Cause.UNSAFE: _("Going on would endanger people"),
            Cause.NOT_REPORTED: _("Reports that are due have not come"),
            Cause.NOT_DELIVERED: _("What was paid for was not delivered"),
        }[self]


@dataclass(frozen=True)
class Suspension:
    """
    The case for suspending a programme.

    :ivar evidence: what was found, by whom and when
    :ivar impact: who goes without what, from which day
    :ivar wind_down: how stocks, staff and patients under treatment are seen through
    :ivar review_on: when the committee looks at it again
    """

    cause: Cause
    evidence: str
    impact: str
    wind_down: str
    review_on: date

    def require_complete(self, on: date) -> None:
        """
        Insist that the case is made.

        :param on: the day on which it is laid before the committee
        :raises Unacceptable: if evidence, impact or wind-down plan is missing or a bare phrase, or no review is set
        """
        for words, ask in (
            (self.evidence, _("Give the evidence: what was found, by whom and when.")),
            (self.impact, _("Say who goes without what while the programme stands still, and from which day.")),
            (self.wind_down, _("Say how stocks, staff and patients under treatment are seen through.")),
        ):
            if len(words.strip()) < SHORTEST:
                raise Unacceptable(ask)
        if not on < self.review_on <= on + LATEST_REVIEW:
            raise Unacceptable(
                _("Choose a day within six months on which the committee looks at the suspension again.")
            )

    @property
    def particulars(self) -> tuple[tuple[str, str], ...]:
        """What a member decides on, label and words, as a matter before the committee carries it."""
        return (
            (_("Cause"), self.cause.label),
            (_("Evidence"), self.evidence.strip()),
            (_("Who goes without what"), self.impact.strip()),
            (_("Wind-down plan"), self.wind_down.strip()),
            (_("Reviewed on"), self.review_on.isoformat()),
        )
