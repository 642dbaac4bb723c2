"""Money in: valued, allocated, posted and undone; refusals change nothing; PostgreSQL keeps what the bank said."""

from datetime import date
from typing import Any

import psycopg2
import pytest

from donors import operations, queries, rates
from donors.models import Allocation, Pledge, Receipt
from ledger import chart
from ledger import queries as ledger_queries
from ledger.models import Entry
from tests import bank_worlds, donor_worlds, people
from trustfund.core.models import Event
from trustfund.core.money import Money
from trustfund.core.refusals import AlreadyDone, InsufficientFunds, Missing, NotPermitted, Unacceptable, WrongState
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db(transaction=True)

NOBODY = "00000000-0000-0000-0000-000000000000"
TODAY = people.NOON.date()


def eur(amount):
    return Money.of(amount, "EUR")


def usd(amount):
    return Money.of(amount, "USD")


def everything():
    statuses = list(Pledge.objects.order_by("reference").values_list("reference", "status"))
    return statuses, [model.objects.count() for model in (Receipt, Allocation, Entry, Event)]


def good_receipt(pledge: Pledge, **other: Any) -> dict[str, Any]:
    return {
        "pledge_id": pledge.pk,
        "received": eur("5900000.00"),
        "value_on": date(2024, 6, 24),
        "bank_reference": "ZKB-2024-06-24-0017",
        "payer": "Treasury of Valdria",
        "actor": donor_worlds.secretariat(),
        "at": people.NOON,
    } | other


def the_world():
    donor_worlds.a_rate("EUR", "0.921", date(2024, 6, 1))
    return donor_worlds.a_signed_pledge("40000000.00", "EUR")


def balances(pledge: Pledge, *heads: str) -> list[Money]:
    return [ledger_queries.balance_of(chart.under(head, pledge.donor.reference)) for head in heads]


def test_a_receipt_is_booked_by_the_worked_figures():
    pledge = the_world()
    receipt = operations.record_receipt(**good_receipt(pledge))
    assert receipt.reference == "R-2026-0001"
    assert (receipt.gross_usd, receipt.fee_usd, receipt.net_usd) == (
        usd("6406080.35"),
        usd("64060.80"),
        usd("6342019.55"),
    )
    # EUR 5.9 million at 1.10 on the pledge's day.
    assert (receipt.pledge_rate_usd, receipt.difference_usd) == (usd("6490000.00"), usd("-83919.65"))
    assert ledger_queries.balance_of(chart.CASH) == usd("6342019.55")
    assert ledger_queries.balance_of(chart.SPENDABLE) == usd("6342019.55")
    assert ledger_queries.balance_of(chart.CASH_CONTRA) == usd("-6342019.55")
    assert ledger_queries.balance_of(chart.AGENT_FEE) == usd("64060.80")
    assert balances(pledge, chart.CONTRIBUTIONS, chart.EXCHANGE_DIFFERENCE) == [usd("-6490000.00"), usd("83919.65")]
    standing = queries.standing_of(pledge, TODAY)
    assert (standing.received, standing.outstanding) == (eur("5900000.00"), eur("34100000.00"))
    assert str(standing.percent_received) == "14.8"
    assert Pledge.objects.get().status == "part_paid"


def test_money_pays_the_oldest_instalment_and_spills_into_the_next():
    pledge = the_world()
    operations.record_receipt(**good_receipt(pledge, received=eur("5000000.00")))
    operations.record_receipt(**good_receipt(pledge, received=eur("6000000.00"), bank_reference="B-2", value_on=TODAY))
    rows = queries.instalment_rows(pledge, TODAY)
    assert [(row.received, row.status, row.receipts) for row in rows] == [
        (eur("8000000.00"), "paid", 2),
        (eur("3000000.00"), "overdue", 1),
        (eur("0.00"), "overdue", 0),
        (eur("0.00"), "scheduled", 0),
        (eur("0.00"), "scheduled", 0),
    ]
    assert rows[1].balance == eur("5000000.00")
    assert (rows[1].days_late, rows[0].days_early) == (382, -747)
    assert sum(row.usd_at_receipt.minor for row in rows) == queries.usd_received(pledge, TODAY).minor
    standing = queries.standing_of(pledge, TODAY)
    assert (standing.overdue, standing.scheduled) == (eur("13000000.00"), eur("16000000.00"))
    earlier = queries.instalment_rows(pledge, date(2024, 6, 25))
    assert [row.status for row in earlier] == ["part_paid", "scheduled", "scheduled", "scheduled", "scheduled"]


REFUSED = [
    ({"pledge_id": NOBODY}, Missing, "no such pledge"),
    ({"received": eur("0.00")}, Unacceptable, "A receipt is more than zero"),
    ({"received": eur("-1.00")}, Unacceptable, "A receipt is more than zero"),
    ({"value_on": date(2026, 7, 18)}, Unacceptable, "value date lies in the future"),
    ({"value_on": date(2024, 5, 31)}, rates.RateMissing, "no exchange rate for EUR on or before 2024-05-31"),
    ({"bank_reference": " "}, Unacceptable, "the bank's reference and the payer"),
    ({"payer": ""}, Unacceptable, "the bank's reference and the payer"),
    ({"bank_reference": "BANK-1"}, AlreadyDone, "The bank's line BANK-1 is recorded already"),
    ({"received": eur("39999999.01")}, Unacceptable, "Only EUR 39,999,999.00 of this pledge is outstanding"),
    ({"settles": eur("39999999.01")}, Unacceptable, "cannot settle EUR 39,999,999.01 of a pledge in the same currency"),
    ({"settles": eur("5900000.01")}, Unacceptable, "The committee alone forgives"),
    ({"settles": eur("0.00")}, Unacceptable, "more than zero, in the pledge's currency, EUR"),
    ({"settles": usd("5.00")}, Unacceptable, "more than zero, in the pledge's currency, EUR"),
    ({"received": Money.of("9.00", "SEK")}, Unacceptable, "The pledge is in EUR and the money in SEK"),
    ({"received": Money.of("9.00", "SEK"), "settles": eur("1.00")}, Unacceptable, "is one person's word"),
    ({"usd_value": eur("1.00")}, Unacceptable, "more than zero, in USD"),
    ({"usd_value": usd("0.00")}, Unacceptable, "more than zero, in USD"),
]


@pytest.mark.parametrize(("wrong", "refusal", "words"), REFUSED)
def test_a_receipt_is_refused_and_nothing_changes(wrong, refusal, words):
    pledge = the_world()
    operations.record_receipt(**good_receipt(pledge, received=eur("1.00"), bank_reference="BANK-1"))
    good = good_receipt(pledge)
    before = everything()
    with pytest.raises(refusal, match=words):
        operations.record_receipt(**good | wrong)
    assert everything() == before
    operations.record_receipt(**good)


@pytest.mark.parametrize("role", [role for role in RoleName if role is not RoleName.SECRETARIAT])
def test_only_the_secretariat_records_and_reverses_receipts(role):
    pledge = the_world()
    receipt = operations.record_receipt(**good_receipt(pledge))
    before = everything()
    actor = people.someone(role)
    with pytest.raises(NotPermitted):
        operations.record_receipt(**good_receipt(pledge, bank_reference="B-2", actor=actor))
    with pytest.raises(NotPermitted):
        operations.reverse_receipt(receipt_id=receipt.pk, reason="So.", reversed_on=TODAY, actor=actor, at=people.NOON)
    assert everything() == before


def test_money_comes_against_a_signed_pledge_that_is_not_paid():
    donor = donor_worlds.a_donor()
    announced = operations.announce_pledge(
        donor_id=donor.pk,
        amount=eur("5.00"),
        announced_on=date(2024, 1, 2),
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )
    pledge = the_world()
    operations.record_receipt(**good_receipt(pledge, received=eur("40000000.00")))
    assert Pledge.objects.get(pk=pledge.pk).status == "paid"
    for which, words in ((announced, "announced, not signed"), (pledge, "paid in full")):
        with pytest.raises(WrongState, match=words):
            operations.record_receipt(**good_receipt(which, received=eur("1.00"), bank_reference="B-2"))


@pytest.mark.parametrize(
    ("value_on", "warning"),
    [
        (date(2024, 1, 12), ""),
        (date(2024, 1, 11), "The money arrived before the pledge was announced."),
    ],
)
def test_money_before_the_pledge_is_recorded_with_a_warning(value_on, warning):
    donor_worlds.a_rate("EUR", "0.9", date(2023, 1, 1))
    pledge = the_world()
    receipt = operations.record_receipt(**good_receipt(pledge, value_on=value_on))
    assert (receipt.get_came_before_display() if receipt.came_before else "") == warning


def test_money_in_another_currency_settles_what_two_people_say():
    pledge = the_world()
    donor_worlds.a_rate("SEK", "10.5", date(2024, 6, 1))
    match = operations.propose_match(
        **good_receipt(pledge, received=Money.of("105000000.00", "SEK"), settles=eur("9000000.00")),
        grounds="The donor's letter of 20 June.",
    )
    assert Receipt.objects.count() == 0
    receipt = operations.confirm_match(match_id=match.pk, actor=bank_worlds.treasurer(), at=people.NOON)
    assert (receipt.gross_usd, receipt.settles, receipt.rate.currency) == (usd("10000000.00"), eur("9000000.00"), "SEK")
    assert receipt.difference_usd == usd("100000.00")


def test_what_the_bank_credited_in_usd_needs_no_rate():
    pledge = donor_worlds.a_signed_pledge("1000.00", "EUR", years=1, usd_value="1100.00")
    receipt = operations.record_receipt(**good_receipt(pledge, received=eur("1000.00"), usd_value=usd("1090.00")))
    assert (receipt.gross_usd, receipt.difference_usd, receipt.rate) == (usd("1090.00"), usd("-10.00"), None)


def test_more_than_outstanding_comes_in_when_it_is_said_what_it_settles():
    pledge = donor_worlds.a_signed_pledge("1000.00", "USD", years=1, payment_currency="EUR")
    receipt = operations.record_receipt(**good_receipt(pledge, received=usd("1100.25"), settles=usd("1000.00")))
    assert receipt.difference_usd == usd("100.25")
    assert Pledge.objects.get(pk=pledge.pk).status == "paid"
    assert queries.exchange_effect(pledge, TODAY) == usd("100.25")


def test_a_reversal_takes_back_fee_and_exchange_and_opens_the_instalments():
    pledge = the_world()
    before = [(line.code, line.debit, line.credit) for line in ledger_queries.trial_balance()]
    receipt = operations.record_receipt(**good_receipt(pledge, received=eur("9000000.00")))
    undone = operations.reverse_receipt(
        receipt_id=receipt.pk,
        reason="The bank returned it.",
        reversed_on=date(2024, 7, 1),
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )
    assert undone.status == "reversed"
    assert Pledge.objects.get().status == "signed"
    after = [
        (line.code, line.debit, line.credit) for line in ledger_queries.trial_balance() if line.debit or line.credit
    ]
    assert after == before
    assert queries.outstanding_of(pledge) == eur("40000000.00")
    assert queries.instalment_rows(pledge, date(2024, 6, 30))[0].status == "paid"
    assert queries.instalment_rows(pledge, date(2024, 7, 1))[0].status == "overdue"
    again = operations.record_receipt(**good_receipt(pledge))
    assert again.bank_reference == receipt.bank_reference
    assert [event.kind for event in queries.record_of(pledge)] == [
        "receipt.recorded",
        "receipt.reversed",
        "receipt.recorded",
        "pledge.signed",
    ]


@pytest.mark.parametrize(
    ("wrong", "refusal", "words"),
    [
        ({"receipt_id": NOBODY}, Missing, "no such receipt"),
        ({"reason": " "}, Unacceptable, "A reversal has a reason"),
        ({"reversed_on": date(2024, 6, 23)}, Unacceptable, "on or after its value date"),
        ({"reversed_on": date(2026, 7, 18)}, Unacceptable, "on or after its value date"),
    ],
)
def test_a_reversal_is_refused_and_nothing_changes(wrong, refusal, words):
    receipt = operations.record_receipt(**good_receipt(the_world()))
    good = {
        "receipt_id": receipt.pk,
        "reason": "The bank returned it.",
        "reversed_on": TODAY,
        "actor": donor_worlds.secretariat(),
        "at": people.NOON,
    }
    before = everything()
    with pytest.raises(refusal, match=words):
        operations.reverse_receipt(**good | wrong)
    assert everything() == before
    operations.reverse_receipt(**good)
    with pytest.raises(WrongState, match="is reversed already"):
        operations.reverse_receipt(**good)


def test_money_that_is_promised_elsewhere_cannot_be_taken_back():
    from django.db import transaction

    from ledger import operations as ledger_operations
    from ledger.drafts import Draft, credit, debit

    receipt = donor_worlds.money_in("1000.00")
    officer = donor_worlds.secretariat()
    with transaction.atomic():
        ledger_operations.open_under(chart.RESERVED, "PRG-2026-001", of="Clinics", by=officer, at=people.NOON)
        ledger_operations.post(
            Draft(
                kind="proposal.approved",
                reference="PR-2026-001",
                effective_on=TODAY,
                legs=(
                    debit(chart.under(chart.RESERVED, "PRG-2026-001"), usd("1.00")),
                    credit(chart.SPENDABLE, usd("1.00")),
                ),
            ),
            by=officer,
            at=people.NOON,
        )
    before = everything()
    with pytest.raises(InsufficientFunds):
        operations.reverse_receipt(
            receipt_id=receipt.pk, reason="Returned.", reversed_on=TODAY, actor=officer, at=people.NOON
        )
    assert everything() == before


def refuses(superuser, sqlstate, statement, parameters=()):
    with pytest.raises(psycopg2.Error) as refused, superuser.cursor() as cursor:
        cursor.execute(statement, parameters)
    superuser.rollback()
    assert refused.value.pgcode == sqlstate


ALLOCATION = (
    "INSERT INTO donors_allocation (receipt_id, instalment_id, minor, currency) "
    "SELECT %s, id, %s, %s FROM donors_instalment WHERE number = %s"
)
RECEIPT = (
    "INSERT INTO donors_receipt (id, reference, pledge_id, bank_reference, payer, value_on, received_minor, "
    "received_currency, settles_minor, settles_currency, gross_usd_minor, pledge_rate_usd_minor, fee_usd_minor, "
    "came_before, brought_over, recorded_by_id, recorded_at, reversed_reason) "
    "SELECT %s, 'R-9', pledge_id, %s, 'X', value_on, received_minor, received_currency, settles_minor, "
    "settles_currency, gross_usd_minor, pledge_rate_usd_minor, fee_usd_minor, '', false, recorded_by_id, "
    "recorded_at, '' FROM donors_receipt LIMIT 1"
)


@pytest.mark.parametrize(
    ("sqlstate", "statement", "parameters"),
    [
        ("TF306", "UPDATE donors_receipt SET gross_usd_minor = 1", ()),
        ("TF306", "UPDATE donors_receipt SET value_on = '2020-01-01'", ()),
        ("TF306", "UPDATE donors_receipt SET reversed_reason = 'so'", ()),
        ("TF001", "DELETE FROM donors_receipt", ()),
        ("TF001", "TRUNCATE donors_receipt CASCADE", ()),
        ("TF001", "UPDATE donors_allocation SET minor = 1", ()),
        ("TF001", "DELETE FROM donors_allocation", ()),
        ("TF303", ALLOCATION, (NOBODY, 210_000_001, "EUR", 1)),
        ("TF303", ALLOCATION, (NOBODY, 1, "USD", 2)),
        ("23514", ALLOCATION, (NOBODY, -1, "EUR", 2)),
        ("TF304", RECEIPT, (NOBODY, "other")),
    ],
)
def test_postgresql_keeps_what_the_bank_said(superuser, sqlstate, statement, parameters):
    operations.record_receipt(**good_receipt(the_world()))
    refuses(superuser, sqlstate, statement, parameters)


def test_postgresql_takes_a_bank_line_once_and_allocates_a_receipt_once(superuser):
    receipt = operations.record_receipt(**good_receipt(the_world()))
    refuses(superuser, "TF304", ALLOCATION, (str(receipt.pk), 1, "EUR", 2))
    with superuser.cursor() as cursor:
        cursor.execute(ALLOCATION, (NOBODY, receipt.settles_minor, "EUR", 2))
        with pytest.raises(psycopg2.Error) as refused:
            cursor.execute(RECEIPT, (NOBODY, receipt.bank_reference))
    superuser.rollback()
    assert refused.value.diag.constraint_name == "a_bank_line_is_received_once"


def test_postgresql_undoes_a_receipt_once(superuser):
    receipt = operations.record_receipt(**good_receipt(the_world()))
    operations.reverse_receipt(
        receipt_id=receipt.pk,
        reason="The bank returned it.",
        reversed_on=TODAY,
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )
    undo = (
        "UPDATE donors_receipt SET reversed_at = NULL, reversed_on = NULL, reversed_by_id = NULL, reversed_reason = ''"
    )
    refuses(superuser, "TF306", undo)
    refuses(superuser, "TF306", "UPDATE donors_receipt SET reversed_reason = 'otherwise'")


def test_the_pledge_is_held_before_anything_is_written(django_assert_max_num_queries):
    pledge = the_world()
    good = good_receipt(pledge)
    with django_assert_max_num_queries(40) as captured:
        operations.record_receipt(**good)
    statements = [query["sql"] for query in captured.captured_queries]
    held = next(number for number, sql in enumerate(statements) if "donors_pledge" in sql and "FOR UPDATE" in sql)
    written = next(number for number, sql in enumerate(statements) if sql.lstrip().startswith(("INSERT", "UPDATE")))
    assert held < written
