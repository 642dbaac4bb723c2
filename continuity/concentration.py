"""How much the pool leans on few donors: each one's share and the Herfindahl-Hirschman index. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from trustfund.core.money import Money, total

_FULL_CONCENTRATION = 10_000
# A donor above this share of the pool is a committee matter, until the fund sets another cap.
CAP_PERCENT = Decimal(30)


@dataclass(frozen=True)
class Share:
    """A donor's part of all contributions, in per cent to one decimal."""

    name: str
    amount: Money
    percent: Decimal
    cap_percent: Decimal = CAP_PERCENT

    @property
    def is_above_cap(self) -> bool:
        """Whether it is more than the cap."""
        return self.percent > self.cap_percent


@dataclass(frozen=True)
class Concentration:
    """The shares, largest first, and the index: 10,000 is one donor alone, 0 is none."""

    shares: tuple[Share, ...]
    index: int

    @property
    def top(self) -> Share | None:
        """The largest donor."""
        return self.shares[0] if self.shares else None


def concentration(
    contributions: Mapping[str, Money], currency: str, cap_percent: Decimal = CAP_PERCENT
) -> Concentration:
    """
    Return the shares of donors who gave something, and the sum of their squared percentages (HHI), half up.

    The index is computed from exact shares, not from the rounded ones that are shown.
    """
    given = {name: money for name, money in contributions.items() if money.minor > 0}
    whole = total(given.values(), currency)
    shares = tuple(
        Share(name=name, amount=money, percent=_percent(Fraction(money.minor, whole.minor)), cap_percent=cap_percent)
        for name, money in sorted(given.items(), key=lambda item: (-item[1].minor, item[0]))
    )
    squares = sum((Fraction(money.minor, whole.minor) ** 2 for money in given.values()), Fraction(0))
    return Concentration(shares=shares, index=int(squares * _FULL_CONCENTRATION + Fraction(1, 2)))


def _percent(part: Fraction) -> Decimal:
    exact = Decimal(part.numerator * 100) / Decimal(part.denominator)
    return exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
