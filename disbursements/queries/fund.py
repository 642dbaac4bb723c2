"""What the pooled fund holds, has promised and may still promise. All of it is read from the ledger."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from ledger import chart
from ledger import queries as ledger_queries
from trustfund.core.money import Money


@dataclass(frozen=True)
class FundEffect:
    """What approving an amount would do to the pooled fund."""

    cash: Money
    reserved: Money
    continuity_reserve: Money
    spendable: Money
    amount: Money

    @property
    def after(self) -> Money:
        """What would still be spendable; below zero, it cannot be approved."""
        return self.spendable - self.amount

    @property
    def fits(self) -> bool:
        """Whether the fund can promise the amount now."""
        return self.after.minor >= 0


def spendable(on: date | None = None) -> Money:
    """Return what may still be promised: cash, less what is reserved for approved tranches, less the reserve."""
    return ledger_queries.balance_of(chart.SPENDABLE, on)


def continuity_reserve(on: date | None = None) -> Money:
    """Return what is set aside to bridge late donors."""
    return ledger_queries.balance_of(chart.CONTINUITY_RESERVE, on)


def reserved(on: date | None = None) -> Money:
    """Return what is promised to approved tranches and not yet released, whatever step its payment is at."""
    heads = (chart.RESERVED, chart.IN_PREPARATION, chart.CERTIFIED)
    whole = Money.zero(settings.FUND_CURRENCY)
    for head in heads:
        whole += ledger_queries.total_under(f"{head}.", settings.FUND_CURRENCY, on)
    return whole


def fund_effect(amount: Money, on: date | None = None) -> FundEffect:
    """Return what the fund holds and what would be left to promise if an amount were approved."""
    return FundEffect(
        cash=ledger_queries.balance_of(chart.CASH, on),
        reserved=reserved(on),
        continuity_reserve=continuity_reserve(on),
        spendable=spendable(on),
        amount=amount,
    )
