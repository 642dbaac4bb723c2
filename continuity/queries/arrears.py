"""What donors are late with, by age, in their own currency and in USD, and what it costs in months of programming."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings

from continuity.ageing import AGES, Age, age_of
from continuity.need import months_of
from continuity.queries.position import runway
from donors import queries as donor_queries
from donors.models import Donor, ExchangeRate
from donors.rates import gross_usd
from trustfund.core.money import Money, total


@dataclass(frozen=True)
class Aged:
    """What one donor is late with in one currency, by age."""

    donor: Donor
    by_age: dict[Age, Money]
    instalments: int
    longest_days: int
    rate: ExchangeRate | None

    @property
    def currency(self) -> str:
        """The currency of the pledges."""
        return next(iter(self.by_age.values())).currency

    @property
    def amount(self) -> Money:
        """All that is late, in its own currency."""
        return total(self.by_age.values(), self.currency)

    @property
    def ages(self) -> list[Money]:
        """The amounts by age, youngest first."""
        return [self.by_age[age] for age in AGES]

    @property
    def usd(self) -> Money | None:
        """What it is worth in USD at the operational rate in force on the day; nothing if no rate is."""
        return self._usd_of(self.amount)

    def usd_of(self, age: Age) -> Money | None:
        """Return what is of an age, in USD; nothing if no rate is in force."""
        return self._usd_of(self.by_age[age])

    def _usd_of(self, money: Money) -> Money | None:
        if self.currency == settings.FUND_CURRENCY:
            return money
        return None if self.rate is None else gross_usd(money, self.rate.units_per_usd)


@dataclass(frozen=True)
class Arrears:
    """All that is late on a day, and what it costs."""

    on: date
    rows: tuple[Aged, ...]
    monthly_need: Money

    @property
    def usd(self) -> Money:
        """All that is late in USD, of the currencies that have a rate."""
        return total((row.usd for row in self.rows if row.usd is not None), settings.FUND_CURRENCY)

    @property
    def usd_by_age(self) -> list[tuple[Age, Money]]:
        """The same by age, youngest first."""
        return [(age, self._usd_of(age)) for age in AGES]

    def _usd_of(self, age: Age) -> Money:
        known = (row.usd_of(age) for row in self.rows)
        return total((usd for usd in known if usd is not None), settings.FUND_CURRENCY)

    @property
    def without_rate(self) -> list[str]:
        """The currencies that are left out of the sums in USD, because no rate is in force."""
        return sorted({row.currency for row in self.rows if row.usd is None})

    @property
    def months(self) -> Decimal | None:
        """For how many months of approved programming it would last, rounded down; nothing if nothing is needed."""
        return months_of(self.usd, self.monthly_need)


def arrears(on: date) -> Arrears:
    """Return what is late at the end of a day, by donor and currency, the largest in USD first."""
    in_force = donor_queries.rates_in_force(on)
    found: dict[tuple[str, str], Aged] = {}
    for instalment, lacking in donor_queries.overdue_instalments(on):
        days = (on - instalment.due_on).days
        donor = instalment.pledge.donor
        none = Money.zero(lacking.currency)
        before = found.get((donor.reference, lacking.currency)) or Aged(
            donor=donor,
            by_age=dict.fromkeys(AGES, none),
            instalments=0,
            longest_days=0,
            rate=in_force.get(lacking.currency),
        )
        age = age_of(days)
        found[donor.reference, lacking.currency] = Aged(
            donor=donor,
            by_age={**before.by_age, age: before.by_age[age] + lacking},
            instalments=before.instalments + 1,
            longest_days=max(before.longest_days, days),
            rate=before.rate,
        )
    rows = sorted(found.values(), key=lambda row: (-(row.usd.minor if row.usd else 0), row.donor.name, row.currency))
    return Arrears(on=on, rows=tuple(rows), monthly_need=runway(on).monthly_need)
