"""Scales: round steps for an axis, and the unit in which its numbers are short."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from trustfund.core.money import Money

_MILLION = Decimal(1_000_000)
_THOUSAND = Decimal(1_000)


@dataclass(frozen=True)
class Unit:
    """What the numbers of an axis are counted in: "EUR million"."""

    words: str
    size: Decimal

    def short(self, money: Money) -> str:
        """Return an amount in this unit to one decimal: "8.0"; in single units, without decimals."""
        step = Decimal(1) if self.size == 1 else Decimal("0.1")
        return signed(f"{(money.amount / self.size).quantize(step, ROUND_HALF_UP):,}")


@dataclass(frozen=True)
class Scale:
    """An axis from `low` to `high` in round steps."""

    low: Decimal
    high: Decimal
    step: Decimal
    unit: Unit

    def share(self, money: Money) -> float:
        """Return how far up the axis an amount stands, from 0 to 1."""
        return self.part(money.amount)

    def part(self, number: Decimal) -> float:
        """Return how far up the axis a number stands, from 0 to 1."""
        return float((number - self.low) / (self.high - self.low))

    def ticks(self) -> list[tuple[float, str]]:
        """Return the steps of the axis: how far up, and their numbers."""
        count = int((self.high - self.low) / self.step)
        values = [self.low + self.step * index for index in range(count + 1)]
        span = self.high - self.low
        return [(float((value - self.low) / span), self._number(value)) for value in values]

    def _number(self, value: Decimal) -> str:
        number = (value / self.unit.size).normalize()
        return signed(f"{number:,f}")


def signed(text: str) -> str:
    """Return a number with a true minus sign."""
    return text.replace("-", "\N{MINUS SIGN}")


def unit_for(largest: Decimal, currency: str) -> Unit:
    """Return millions, thousands or single units, whichever keeps numbers short."""
    if largest >= _MILLION:
        return Unit(_("%(currency)s million") % {"currency": currency}, _MILLION)
    if largest >= 10 * _THOUSAND:
        return Unit(_("%(currency)s thousand") % {"currency": currency}, _THOUSAND)
    return Unit(currency, Decimal(1))


def scale_for(moneys: Iterable[Money], *, steps: int = 4) -> Scale:
    """Return an axis from zero (or below) in about so many round steps that holds every amount."""
    known = list(moneys)
    amounts = [money.amount for money in known]
    unit = unit_for(max([abs(amount) for amount in amounts], default=Decimal(0)), known[0].currency if known else "")
    return _axis(amounts, unit, steps)


def scale_of(numbers: Iterable[Decimal], words: str, *, steps: int = 4) -> Scale:
    """Return an axis that holds every number, counted in what the words say: "children", "thousand children"."""
    known = list(numbers)
    largest = max([abs(number) for number in known], default=Decimal(0))
    unit = Unit(words, Decimal(1))
    if largest >= _MILLION:
        unit = Unit(_("million %(unit)s") % {"unit": words}, _MILLION)
    elif largest >= 100 * _THOUSAND:
        unit = Unit(_("thousand %(unit)s") % {"unit": words}, _THOUSAND)
    return _axis(known, unit, steps)


def _axis(amounts: list[Decimal], unit: Unit, steps: int) -> Scale:
    high, low = max([*amounts, Decimal(0)]), min([*amounts, Decimal(0)])
    step = _round_step((high - low) / steps if high > low else Decimal(1))
    top = (high / step).to_integral_value(ROUND_CEILING) * step
    bottom = (low / step).to_integral_value(ROUND_FLOOR) * step
    if top == bottom:
        top += step
    return Scale(bottom, top, step, unit)


def _round_step(least: Decimal) -> Decimal:
    power = Decimal(10) ** least.adjusted()
    return next(power * factor for factor in map(Decimal, ("1", "2", "2.5", "5", "10")) if power * factor >= least)
