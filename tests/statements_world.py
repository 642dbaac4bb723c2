"""A small fund with every kind of line in its books, for tests of statements: two donors and one programme."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from donors.models import Donor, Pledge, Receipt
from ledger import chart
from ledger import operations as ledger_operations
from ledger.drafts import Draft, credit, debit, legs
from tests import donor_worlds, people
from trustfund.core.money import Money

PROGRAMME = "PRG-2024-001"
END_OF_JUNE = date(2024, 6, 30)
END_OF_JULY = date(2024, 7, 31)


@dataclass(frozen=True)
class Fund:
    """What is in the books."""

    valdria: Donor
    pledge: Pledge
    receipt: Receipt


def usd(amount: str) -> Money:
    """Return an amount of US dollars."""
    return Money.of(amount, "USD")


@transaction.atomic(durable=True)
def post(kind: str, reference: str, on: date, *parts: tuple[str, str, str]) -> None:
    """Post an event given as (debit account, credit account, amount) triples."""
    both = [leg for to, from_, amount in parts for leg in (debit(to, usd(amount)), credit(from_, usd(amount)))]
    draft = Draft(kind=kind, reference=reference, effective_on=on, legs=legs(*both), memo=reference)
    ledger_operations.post(draft, by=donor_worlds.secretariat(), at=people.NOON)


@transaction.atomic(durable=True)
def open_programme() -> None:
    """Open the accounts of the programme."""
    heads = (
        chart.TRANSFERS,
        chart.REFUNDS,
        chart.RESERVED,
        chart.IN_PREPARATION,
        chart.CERTIFIED,
        chart.HELD_BY_PARTNER,
        chart.EXPENDITURE,
    )
    for head in heads:
        ledger_operations.open_under(head, PROGRAMME, of="Rural clinics", by=donor_worlds.secretariat(), at=people.NOON)


def under(head: str) -> str:
    """Return the programme's account under a head."""
    return chart.under(head, PROGRAMME)


def pay(reference: str, amount: str, on: date) -> None:
    """Reserve, prepare, certify, release and confirm a payment."""
    post("proposal.approved", reference, on, (under(chart.RESERVED), chart.SPENDABLE, amount))
    post("payment.prepared", reference, on, (under(chart.IN_PREPARATION), under(chart.RESERVED), amount))
    post("payment.certified", reference, on, (under(chart.CERTIFIED), under(chart.IN_PREPARATION), amount))
    post(
        "payment.released",
        reference,
        on,
        (chart.IN_TRANSIT, chart.CASH, amount),
        (chart.CASH_CONTRA, under(chart.CERTIFIED), amount),
    )
    post(
        "payment.confirmed",
        reference,
        on,
        (under(chart.TRANSFERS), chart.IN_TRANSIT, amount),
        (under(chart.HELD_BY_PARTNER), chart.PARTNER_CONTRA, amount),
    )


def cash_in(kind: str, reference: str, account: str, amount: str, on: date) -> None:
    """Book cash that arrives and is spendable at once."""
    post(kind, reference, on, (chart.CASH, account, amount), (chart.SPENDABLE, chart.CASH_CONTRA, amount))


def a_fund() -> Fund:
    """
    Make the books of June 2024, every line of the statement filled.

    EUR 8,000,000.00 received at 0.921 (USD 8,686,210.64; 8,800,000.00 at the pledge's rate), fee 86,862.11;
    USD 1,000,000.00 of a second donor without fee; interest 1,234.56 and 78.90, other income 5.00; paid 2,500,000.00;
    spent 1,000,000.00; refunded 250,000.01; direct cost 4,000.00; bank charges 12.34.
    """
    donor_worlds.a_rate("EUR", "0.921")
    valdria = donor_worlds.a_donor("Republic of Valdria")
    pledge = donor_worlds.a_signed_pledge(donor=valdria)
    receipt = donor_worlds.a_receipt(pledge, "8000000.00", on=date(2024, 6, 24))
    donor_worlds.money_in("1000000.00")
    open_programme()
    pay("PAY-2024-0001", "2500000.00", date(2024, 6, 28))
    post(
        "expenditure.reported",
        "X-1",
        date(2024, 6, 29),
        (under(chart.EXPENDITURE), under(chart.HELD_BY_PARTNER), "1000000.00"),
    )
    post(
        "refund.received",
        "F-1",
        date(2024, 6, 29),
        (chart.CASH, under(chart.REFUNDS), "250000.01"),
        (chart.SPENDABLE, chart.CASH_CONTRA, "250000.01"),
        (chart.PARTNER_CONTRA, under(chart.HELD_BY_PARTNER), "250000.01"),
    )
    cash_in("interest.received", "I-1", chart.FUND_INTEREST, "1234.56", END_OF_JUNE)
    cash_in("interest.received", "I-2", chart.PARTNER_INTEREST, "78.90", END_OF_JUNE)
    cash_in("income.received", "O-1", chart.OTHER_INCOME, "5.00", END_OF_JUNE)
    for kind, reference, account, amount in (
        ("cost.charged", "C-1", chart.DIRECT_COST, "4000.00"),
        ("bank.charged", "B-1", chart.BANK_CHARGES, "12.34"),
    ):
        post(
            kind,
            reference,
            END_OF_JUNE,
            (account, chart.CASH, amount),
            (chart.CASH_CONTRA, chart.SPENDABLE, amount),
        )
    return Fund(valdria=valdria, pledge=pledge, receipt=receipt)
