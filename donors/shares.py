"""How much of the pool is one donor's: shares as fractions, and the cap above which the committee is asked. Pure."""

from dataclasses import dataclass
from decimal import ROUND_UP, Decimal
from fractions import Fraction
from typing import Final

from trustfund.core.money import Money

USUAL_CAP: Final = Decimal("0.30")
_PLACES: Final = Decimal("0.0001")


def share_of(own: Money, whole: Money) -> Fraction:
    """Return a donor's part of the whole as a fraction; of nothing, none."""
    return Fraction(own.minor, whole.minor) if whole.minor > 0 else Fraction(0)


def as_stored(share: Fraction) -> Decimal:
    """Return a share as it is put before the committee: four decimals, rounded up."""
    return (Decimal(share.numerator) / Decimal(share.denominator)).quantize(_PLACES, ROUND_UP)


@dataclass(frozen=True)
class Concentration:
    """
    A donor's share of all signed pledges and of all money received, now and with something more.

    :ivar accepted: the share that the committee has accepted for this donor, if it has
    """

    cap: Decimal
    accepted: Decimal | None
    promised: Fraction
    promised_after: Fraction
    received: Fraction
    received_after: Fraction

    @property
    def cap_percent(self) -> str:
        """The cap as people read it: 30."""
        return f"{(self.cap * 100).normalize():f}"

    @property
    def largest(self) -> Fraction:
        """The larger of the shares, with what is to come."""
        return max(self.promised_after, self.received_after)

    @property
    def is_above_cap(self) -> bool:
        """Whether it is above the cap, accepted or not."""
        return self.largest > Fraction(self.cap)

    @property
    def is_to_be_asked(self) -> bool:
        """Whether it is above the cap and above what the committee has accepted."""
        return self.is_above_cap and self.largest > Fraction(self.accepted or 0)
