"""What the fund holds on a day, for how many months it lasts, and how much it leans on few donors."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.db.models import F

from continuity.concentration import Concentration, concentration
from continuity.need import Approved, monthly_need, months_of
from disbursements.models import Proposal
from donors import queries as donor_queries
from donors.models import Donor
from ledger import chart
from ledger import queries as ledger_queries
from trustfund.core.money import Money, total

_CASH_AND_ITS_PURPOSES: Final = (
    chart.CASH,
    chart.SPENDABLE,
    chart.RESERVED,
    chart.IN_PREPARATION,
    chart.CERTIFIED,
    chart.CONTINUITY_RESERVE,
)
_CONTRIBUTED: Final = (chart.CONTRIBUTIONS, chart.EXCHANGE_DIFFERENCE)


@dataclass(frozen=True)
class Held:
    """The fund's cash on a day and what it is set aside for. The parts add up to the cash."""

    cash: Money
    spendable: Money
    reserved: Money
    in_payment: Money
    continuity_reserve: Money


@dataclass(frozen=True)
class Runway:
    """For how long programmes go on if not one more dollar arrives."""

    on: date
    held: Held
    monthly_need: Money
    months: Decimal | None


def held(on: date) -> Held:
    """Return the fund's cash at the end of a day by what it is set aside for; a payment counts until it is released."""
    usd = settings.FUND_CURRENCY
    balances = ledger_queries.balances_under(_CASH_AND_ITS_PURPOSES, usd, on)

    def under(*heads: str) -> Money:
        return total((money for code, money in balances.items() if chart.head_of(code) in heads), usd)

    return Held(
        cash=under(chart.CASH),
        spendable=under(chart.SPENDABLE),
        reserved=under(chart.RESERVED),
        in_payment=under(chart.IN_PREPARATION, chart.CERTIFIED),
        continuity_reserve=under(chart.CONTINUITY_RESERVE),
    )


def runway(on: date) -> Runway:
    """
    Return the months of uninterrupted programming: (cash + reserve) / approved monthly need, rounded down.

    The continuity reserve is part of the cash in this ledger, so cash alone is both: spendable, reserved, in
    payment and set aside. Money already with organisations is left out, and so is every unpaid pledge. The need
    is what the committee has approved for programmes that run on the day, spread evenly over their months.
    """
    held_on_the_day = held(on)
    need = monthly_need(_approved(on), on, settings.FUND_CURRENCY)
    return Runway(on=on, held=held_on_the_day, monthly_need=need, months=months_of(held_on_the_day.cash, need))


def _approved(on: date) -> list[Approved]:
    """Return what had been approved by the end of a day for programmes that run on it."""
    rows = (
        Proposal.objects.filter(approved_at__date__lte=on, programme__starts_on__lte=on, programme__ends_on__gte=on)
        .annotate(starts_on=F("programme__starts_on"), ends_on=F("programme__ends_on"))
        .values_list("amount_minor", "currency", "starts_on", "ends_on")
    )
    return [Approved(Money(minor, currency), starts_on, ends_on) for minor, currency, starts_on, ends_on in rows]


def donor_concentration(on: date) -> Concentration:
    """Return each donor's share of all contributions by the end of a day, in USD at receipt."""
    usd = settings.FUND_CURRENCY
    given: dict[str, Money] = {}
    for code, balance in ledger_queries.balances_under(_CONTRIBUTED, usd, on).items():
        reference = chart.reference_of(code)
        given[reference] = given.get(reference, Money.zero(usd)) - balance
    names = dict(Donor.objects.filter(reference__in=given).values_list("reference", "name"))
    shares = {names.get(reference, reference): money for reference, money in given.items()}
    return concentration(shares, usd, cap_percent=donor_queries.cap_in_force() * 100)
