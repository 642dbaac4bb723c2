"""What is expected of pledges in the books, by quarter, less a haircut on what is not in USD: for planning alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.db.models import QuerySet

from continuity.models import Haircut
from donors import queries as donor_queries
from donors.models import ExchangeRate, Instalment
from donors.rates import gross_usd
from trustfund.core.money import Money, total

# What trustees of other funds set aside on unpaid promises in other currencies, until the fund says otherwise (R4).
DEFAULT_HAIRCUT_PERCENT: Final = Decimal(15)
QUARTERS: Final = 8
_MONTHS_IN_A_QUARTER: Final = 3
_QUARTERS_IN_A_YEAR: Final = 4


@dataclass(frozen=True)
class Quarter:
    """What is expected in a quarter, in USD: whole, and less the haircut on what is not in USD."""

    year: int
    number: int
    expected: Money
    haircut: Money
    instalments: int

    @property
    def after_haircut(self) -> Money:
        """What is planned with."""
        return self.expected - self.haircut

    @property
    def label(self) -> str:
        """How the quarter is called: "2026 Q3"."""
        return f"{self.year} Q{self.number}"

    @property
    def short_label(self) -> str:
        """The same in five letters, for beneath a column: "Q3 26"."""
        return f"Q{self.number} {self.year % 100:02d}"


@dataclass(frozen=True)
class Unpaid:
    """What is unpaid in one currency, the rate in force on the day, and what it comes to."""

    amount: Money
    rate: ExchangeRate | None
    usd: Money | None


@dataclass(frozen=True)
class Forecast:
    """What is expected of unpaid pledges from a day on. None of it is spendable."""

    on: date
    percent: Decimal
    late: Quarter
    quarters: tuple[Quarter, ...]
    later: Quarter
    currencies: tuple[Unpaid, ...]

    @property
    def percent_words(self) -> str:
        """The haircut without zeros that say nothing: "15"."""
        return f"{self.percent.normalize():f}"

    @property
    def all(self) -> Quarter:
        """Everything together."""
        return _sum((self.late, *self.quarters, self.later), 0, 0)

    @property
    def without_rate(self) -> list[str]:
        """The currencies that are left out, because no rate is in force."""
        return [one.amount.currency for one in self.currencies if one.usd is None]


def haircuts() -> QuerySet[Haircut]:
    """Return every haircut that was set, the latest first."""
    return Haircut.objects.select_related("set_by").order_by("-version")


def haircut_percent() -> Decimal:
    """Return the haircut that counts: the latest that was set, 15 per cent if none was."""
    latest = haircuts().first()
    return DEFAULT_HAIRCUT_PERCENT if latest is None else latest.percent


def forecast(on: date) -> Forecast:
    """
    Return what is expected by quarter: what unpaid instalments come to at the rates in force, less the haircut (R4).

    A currency without a rate in force is named and left out; no rate is guessed.
    """
    in_force = donor_queries.rates_in_force(on)
    percent = haircut_percent()
    parts = list(donor_queries.lacking_instalments(on))
    first = on.year * _QUARTERS_IN_A_YEAR + (on.month - 1) // _MONTHS_IN_A_QUARTER
    by_place: dict[int, list[Instalment]] = {}
    for part in parts:
        place = part.due_on.year * _QUARTERS_IN_A_YEAR + (part.due_on.month - 1) // _MONTHS_IN_A_QUARTER
        by_place.setdefault(first - 1 if part.due_on < on else min(place, first + QUARTERS), []).append(part)

    def quarter(place: int) -> Quarter:
        return _quarter(place, by_place.get(place, []), in_force, percent)

    return Forecast(
        on=on,
        percent=percent,
        late=quarter(first - 1),
        quarters=tuple(quarter(place) for place in range(first, first + QUARTERS)),
        later=quarter(first + QUARTERS),
        currencies=tuple(_unpaid(parts, in_force)),
    )


def _usd(money: Money, rate: ExchangeRate | None) -> Money | None:
    if money.currency == settings.FUND_CURRENCY:
        return money
    return None if rate is None else gross_usd(money, rate.units_per_usd)


def _quarter(place: int, parts: list[Instalment], in_force: dict[str, ExchangeRate], percent: Decimal) -> Quarter:
    expected = haircut = Money.zero(settings.FUND_CURRENCY)
    for part in parts:
        usd = _usd(part.lacking, in_force.get(part.currency))
        if usd is not None:
            expected += usd
            if part.currency != settings.FUND_CURRENCY:
                haircut += usd.times(percent / 100)
    year, number = divmod(place, _QUARTERS_IN_A_YEAR)
    return Quarter(year, number + 1, expected, haircut, len(parts))


def _sum(quarters: Iterable[Quarter], year: int, number: int) -> Quarter:
    found = list(quarters)
    usd = settings.FUND_CURRENCY
    return Quarter(
        year=year,
        number=number,
        expected=total((one.expected for one in found), usd),
        haircut=total((one.haircut for one in found), usd),
        instalments=sum(one.instalments for one in found),
    )


def _unpaid(parts: list[Instalment], in_force: dict[str, ExchangeRate]) -> Iterable[Unpaid]:
    amounts: dict[str, Money] = {}
    for part in parts:
        amounts[part.currency] = amounts.get(part.currency, Money.zero(part.currency)) + part.lacking
    for currency, amount in sorted(amounts.items()):
        rate = in_force.get(currency)
        yield Unpaid(amount, rate, _usd(amount, rate))
