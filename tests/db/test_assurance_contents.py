"""What statements say is what the ledger says, on any day, whatever is posted later."""

from datetime import date

import pytest

from assurance import contents
from assurance.contents import BooksDisagree
from assurance.periods import Month
from ledger import chart
from tests import donor_worlds, statements_world
from tests.statements_world import END_OF_JULY, END_OF_JUNE, usd
from trustfund.core.money import Money

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_line_of_the_statement_comes_from_the_ledger() -> None:
    statements_world.a_fund()
    said = contents.sources_and_uses(END_OF_JUNE)
    assert {name: money.figure for name, money in vars(said).items() if isinstance(money, Money)} == {
        "contributions": "9,686,210.64",
        "exchange_difference": "\N{MINUS SIGN}113,789.36",
        "fund_interest": "1,234.56",
        "partner_interest": "78.90",
        "other_income": "5.00",
        "total_sources": "9,687,529.10",
        "transferred": "2,500,000.00",
        "transfers_to_other_funds": "0.00",
        "subtotal_transfers": "2,500,000.00",
        "refunds": "250,000.01",
        "agent_fee": "86,862.11",
        "direct_cost": "4,000.00",
        "bank_charges": "12.34",
        "contributor_refunds": "0.00",
        "total_uses": "2,340,874.44",
        "balance_with_agent": "7,346,654.66",
        "partner_transfers": "2,500,000.00",
        "partner_expenditure": "1,000,000.00",
        "partner_refunds": "250,000.01",
        "partner_total_expenses": "1,250,000.01",
        "balance_with_partners": "1,249,999.99",
        "total_balance": "8,596,654.65",
        "unidentified": "0.00",
        "cash": "7,346,654.66",
    }


def test_an_empty_fund_has_a_statement_of_zeros() -> None:
    said = contents.sources_and_uses(END_OF_JUNE)
    assert said.total_balance == usd("0.00")
    assert said.total_balance_percent is None
    assert said.delivery_rate is None


def test_a_statement_of_an_old_day_stays_the_same_after_later_postings() -> None:
    fund = statements_world.a_fund()
    before = (contents.sources_and_uses(END_OF_JUNE), contents.donor_account(fund.valdria, END_OF_JUNE))
    donor_worlds.a_receipt(fund.pledge, "1000000.00", on=date(2024, 7, 15))
    statements_world.pay("PAY-2024-0002", "700000.00", date(2024, 7, 20))
    assert (contents.sources_and_uses(END_OF_JUNE), contents.donor_account(fund.valdria, END_OF_JUNE)) == before
    assert contents.sources_and_uses(END_OF_JULY).transferred == usd("3200000.00")


def test_an_account_that_no_line_knows_stops_the_statement() -> None:
    statements_world.a_fund()
    from django.db import transaction

    from ledger import operations as ledger_operations
    from ledger.chart import Kind
    from tests import people

    with transaction.atomic():
        ledger_operations.open_account(
            code="4900",
            name="Unheard of",
            kind=Kind.INCOME,
            currency="USD",
            by=donor_worlds.secretariat(),
            at=people.NOON,
        )
    statements_world.cash_in("income.received", "O-2", "4900", "1.00", END_OF_JUNE)
    with pytest.raises(BooksDisagree, match="do not add up"):
        contents.sources_and_uses(END_OF_JUNE)


def test_a_donors_account_counts_in_the_pledges_currency_and_in_usd() -> None:
    fund = statements_world.a_fund()
    said = contents.donor_account(fund.valdria, END_OF_JULY)
    (pledge,) = said.pledges
    assert (str(pledge.pledged), str(pledge.received), str(pledge.overdue), str(pledge.scheduled)) == (
        "EUR 40,000,000.00",
        "EUR 8,000,000.00",
        "EUR 0.00",
        "EUR 32,000,000.00",
    )
    (receipt,) = pledge.receipts
    assert (receipt.usd, receipt.pledge_rate_usd, receipt.difference, receipt.fee, receipt.net) == (
        usd("8686210.64"),
        usd("8800000.00"),
        usd("-113789.36"),
        usd("86862.11"),
        usd("8599348.53"),
    )
    assert receipt.entry == f"receipt.recorded {fund.receipt.reference}"
    assert (said.usd, said.difference, said.fee, said.net) == (
        usd("8686210.64"),
        usd("-113789.36"),
        usd("86862.11"),
        usd("8599348.53"),
    )
    assert [line.status for line in pledge.instalments] == ["paid", *["scheduled"] * 4]


def test_a_missed_instalment_is_overdue_the_day_after() -> None:
    fund = statements_world.a_fund()
    (pledge,) = contents.donor_account(fund.valdria, date(2025, 7, 1)).pledges
    assert str(pledge.overdue) == "EUR 8,000,000.00"


def test_a_reversed_receipt_is_shown_and_not_counted() -> None:
    from donors import operations
    from tests import people

    fund = statements_world.a_fund()
    late = donor_worlds.a_receipt(fund.pledge, "1000000.00", on=date(2024, 7, 15))
    operations.reverse_receipt(
        receipt_id=late.pk,
        reason="The bank took it back.",
        reversed_on=date(2024, 7, 18),
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )
    on_the_17th, at_the_end = (
        contents.donor_account(fund.valdria, day).pledges[0] for day in (date(2024, 7, 17), END_OF_JULY)
    )
    assert str(on_the_17th.received) == "EUR 9,000,000.00"
    assert str(at_the_end.received) == "EUR 8,000,000.00"
    assert [line.reversed_on for line in at_the_end.receipts] == [None, date(2024, 7, 18)]
    assert at_the_end.usd == usd("8686210.64")


def test_money_that_came_before_the_signature_is_in_the_account() -> None:
    donor = donor_worlds.a_donor()
    pledge = donor_worlds.a_signed_pledge("1000.00", "USD", donor=donor, years=1)
    donor_worlds.a_receipt(pledge, "1000.00", on=date(2024, 1, 2))
    said = contents.donor_account(donor, date(2024, 1, 5))
    assert said.usd == usd("1000.00")


def test_the_monthly_report_counts_what_was_booked_and_paid() -> None:
    statements_world.a_fund()
    said = contents.monthly_report(Month(2024, 6))
    counts = dict(said.entries)
    assert counts["payment.confirmed"] == 1
    assert counts["receipt.recorded"] == 2
    assert "pledge.signed" not in counts  # it was signed in January
    assert [(line.reference, line.kind, line.amount) for line in said.payments] == [
        ("PAY-2024-0001", "payment.released", usd("2500000.00")),
        ("PAY-2024-0001", "payment.confirmed", usd("2500000.00")),
    ]
    assert {line.currency: line.debit == line.credit for line in said.trial_totals} == {"EUR": True, "USD": True}
    assert said.position == contents.sources_and_uses(END_OF_JUNE)
    assert chart.CASH in {line.code for line in said.trial_balance}


def test_figures_as_json_are_strings_beside_their_currency() -> None:
    statements_world.a_fund()
    plain = contents.as_json(contents.sources_and_uses(END_OF_JUNE))
    assert plain["contributions"] == {"amount": "9686210.64", "currency": "USD"}
    assert plain["as_of"] == "2024-06-30"
    assert plain["balance_with_agent_percent_of_deposits"] == "75.8"
