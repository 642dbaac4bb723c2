"""
The sources-and-uses statement as plain values, in the lines of the Multi-Partner Trust Fund Office. Pure.

Totals are given beside their parts, each read from the books on its own way, and a statement whose eight
identities do not hold cannot be built.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from trustfund.core.money import Money


class DoesNotAgree(ValueError):
    """The figures do not add up to their totals: a fault in the books or in the query, never in the rounding."""


def percentage(part: Money, whole: Money) -> Decimal | None:
    """Return what per cent a part is of a whole, to one decimal, halves up; nothing when the whole is nothing."""
    if not whole:
        return None
    exact = Decimal(part.minor) * 100 / Decimal(whole.minor)
    return exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Row:
    """One printed line: which one, its amount, whether it closes a sum, and the share that stands beside it."""

    key: str
    amount: Money
    closes_sum: bool = False
    is_detail: bool = False
    percent: Decimal | None = None
    percent_of: str = ""


@dataclass(frozen=True)
class Section:
    """A headed group of lines."""

    key: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class SourcesAndUses:
    """
    Where the fund's money came from, where it went, and who holds the rest, to the cent, at the end of a day.

    Refunds, fees and costs are given as positive amounts. `contributions` is what was deposited, in USD at
    receipt; `exchange_difference` is the part of it by which receipts differ from the pledge-date rate. `cash` is what
    lies at the bank or is on its way; what of it is `unidentified` is no source of funds yet, and no part of a balance.

    :raises DoesNotAgree: when built from figures that break one of the eight identities
    """

    as_of: date
    contributions: Money
    exchange_difference: Money
    fund_interest: Money
    partner_interest: Money
    other_income: Money
    total_sources: Money
    transferred: Money
    transfers_to_other_funds: Money
    subtotal_transfers: Money
    refunds: Money
    agent_fee: Money
    direct_cost: Money
    bank_charges: Money
    contributor_refunds: Money
    total_uses: Money
    balance_with_agent: Money
    partner_transfers: Money
    partner_expenditure: Money
    partner_refunds: Money
    partner_total_expenses: Money
    balance_with_partners: Money
    total_balance: Money
    unidentified: Money
    cash: Money

    def __post_init__(self) -> None:
        for name, left, right in self.identities():
            if left != right:
                raise DoesNotAgree(f"{name}: {left} is not {right} on {self.as_of}.")

    def identities(self) -> Iterator[tuple[str, Money, Money]]:
        """
        Yield the identities: name, one side, other side.

        Seven are the published statement's (rule R5); the eighth keeps money that nobody has identified out of it.
        """
        yield (
            "total sources = contributions + fund interest + partner interest + other income",
            self.total_sources,
            self.contributions + self.fund_interest + self.partner_interest + self.other_income,
        )
        yield (
            "subtotal of transfers = transferred + transfers to other funds",
            self.subtotal_transfers,
            self.transferred + self.transfers_to_other_funds,
        )
        yield (
            "total uses = subtotal of transfers - refunds + fee + direct cost + bank charges + refunds to contributors",
            self.total_uses,
            self.subtotal_transfers
            - self.refunds
            + self.agent_fee
            + self.direct_cost
            + self.bank_charges
            + self.contributor_refunds,
        )
        yield ("balance with the agent = sources - uses", self.balance_with_agent, self.total_sources - self.total_uses)
        yield (
            "partners' total expenses = expenditure + refunds",
            self.partner_total_expenses,
            self.partner_expenditure + self.partner_refunds,
        )
        yield (
            "balance with partners = transfers - total expenses",
            self.balance_with_partners,
            self.partner_transfers - self.partner_total_expenses,
        )
        yield (
            "total balance = balance with the agent + balance with partners",
            self.total_balance,
            self.balance_with_agent + self.balance_with_partners,
        )
        yield (
            "cash = balance with the agent + unidentified receipts",
            self.cash,
            self.balance_with_agent + self.unidentified,
        )

    @property
    def net_funded(self) -> Money:
        """What organisations keep of what they were sent: transfers less refunds (rule R6)."""
        return self.partner_transfers - self.partner_refunds

    @property
    def delivery_rate(self) -> Decimal | None:
        """Expenditure as per cent of the net funded amount, to two decimals (rule R6)."""
        if not self.net_funded:
            return None
        exact = Decimal(self.partner_expenditure.minor) * 100 / Decimal(self.net_funded.minor)
        return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)

    @property
    def balance_with_agent_percent(self) -> Decimal | None:
        """The balance with the agent as per cent of deposits."""
        return percentage(self.balance_with_agent, self.contributions)

    @property
    def balance_with_partners_percent(self) -> Decimal | None:
        """The balance with organisations as per cent of what they were sent."""
        return percentage(self.balance_with_partners, self.partner_transfers)

    @property
    def total_balance_percent(self) -> Decimal | None:
        """The total balance as per cent of deposits."""
        return percentage(self.total_balance, self.contributions)

    def sections(self) -> tuple[Section, ...]:
        """Return the lines in their printed order: sources, uses, participating organizations, balance."""
        detail = (Row("exchange_difference", self.exchange_difference, is_detail=True),)
        given_back = (Row("contributor_refunds", self.contributor_refunds),)
        beside = (Row("unidentified", self.unidentified, is_detail=True), Row("cash", self.cash, is_detail=True))
        return (
            Section(
                "sources",
                (
                    Row("contributions", self.contributions),
                    *(detail if self.exchange_difference else ()),
                    Row("fund_interest", self.fund_interest),
                    Row("partner_interest", self.partner_interest),
                    Row("other_income", self.other_income),
                    Row("total_sources", self.total_sources, closes_sum=True),
                ),
            ),
            Section(
                "uses",
                (
                    Row("transferred", self.transferred),
                    Row("transfers_to_other_funds", self.transfers_to_other_funds),
                    Row("subtotal_transfers", self.subtotal_transfers, closes_sum=True),
                    Row("refunds", -self.refunds),
                    Row("agent_fee", self.agent_fee),
                    Row("direct_cost", self.direct_cost),
                    Row("bank_charges", self.bank_charges),
                    *(given_back if self.contributor_refunds else ()),
                    Row("total_uses", self.total_uses, closes_sum=True),
                    Row(
                        "balance_with_agent",
                        self.balance_with_agent,
                        closes_sum=True,
                        percent=self.balance_with_agent_percent,
                        percent_of="deposits",
                    ),
                ),
            ),
            Section(
                "partners",
                (
                    Row("partner_transfers", self.partner_transfers),
                    Row("partner_expenditure", self.partner_expenditure),
                    Row("partner_refunds", self.partner_refunds),
                    Row("partner_total_expenses", self.partner_total_expenses, closes_sum=True),
                    Row(
                        "balance_with_partners",
                        self.balance_with_partners,
                        closes_sum=True,
                        percent=self.balance_with_partners_percent,
                        percent_of="transfers",
                    ),
                ),
            ),
            Section(
                "balance",
                (
                    Row(
                        "total_balance",
                        self.total_balance,
                        closes_sum=True,
                        percent=self.total_balance_percent,
                        percent_of="deposits",
                    ),
                    *(beside if self.unidentified else ()),
                ),
            ),
        )
