"""What approved programmes need each month, and for how many months money lasts. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from trustfund.core.money import Money

_MONTHS = 12


@dataclass(frozen=True)
class Approved:
    """An approved amount and the time over which its programme runs."""

    amount: Money
    starts_on: date
    ends_on: date

    @property
    def months(self) -> int:
        """The calendar months the programme touches, at least one."""
        between = (self.ends_on.year - self.starts_on.year) * _MONTHS + self.ends_on.month - self.starts_on.month
        return max(between + 1, 1)


def monthly_need(approved: Iterable[Approved], on: date, currency: str) -> Money:
    """Return what programmes that run on a day need a month: each amount spread evenly over its programme's months."""
    need = sum(
        (Fraction(part.amount.minor, part.months) for part in approved if part.starts_on <= on <= part.ends_on),
        Fraction(0),
    )
    return Money(int(need + Fraction(1, 2)), currency)


def months_of(money: Money, need: Money) -> Decimal | None:
    """Return for how many months money covers a need, to one decimal, rounded down; nothing when nothing is needed."""
    if not need:
        return None
    return (Decimal(money.minor) / Decimal(need.minor)).quantize(Decimal("0.1"), rounding=ROUND_DOWN)
