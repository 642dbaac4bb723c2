"""Posting, reversing and opening accounts, as the application does it."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import transaction

from ledger import chart, operations, queries
from ledger.chart import Kind
from ledger.drafts import Draft, credit, debit, legs
from ledger.models import Account, Entry, Line
from tests import people
from trustfund.core.money import Money
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db

DAY = date(2026, 7, 17)


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


def receipt(reference: str = "R-2026-001", amount: str = "100.00", **kwargs: object) -> Draft:
    values = {
        "kind": "receipt.recorded",
        "reference": reference,
        "effective_on": DAY,
        "legs": legs(
            debit(chart.CASH, usd(amount)),
            credit(chart.OTHER_INCOME, usd(amount)),
            debit(chart.SPENDABLE, usd(amount)),
            credit(chart.CASH_CONTRA, usd(amount)),
        ),
        **kwargs,
    }
    return Draft(**values)  # type: ignore[arg-type]


@pytest.fixture
def officer(db):
    person = people.someone(RoleName.SECRETARIAT)
    operations_open(person)
    return person


@transaction.atomic
def operations_open(person):
    operations.open_chart(by=person, at=people.NOON)


@transaction.atomic
def post(draft, person):
    return operations.post(draft, by=person, at=people.NOON)


def test_an_entry_stands_with_its_lines_and_its_balances(officer):
    subject = uuid4()
    entry = post(receipt(subject=subject, memo="From the bank"), officer)
    assert (entry.kind, entry.reference, entry.effective_on, entry.memo) == (
        "receipt.recorded",
        "R-2026-001",
        DAY,
        "From the bank",
    )
    assert entry.actor == officer
    assert list(queries.entries_about(subject)) == [entry]
    assert [(line.account.code, line.money) for line in Line.objects.select_related("account").order_by("leg")] == [
        ("1100", usd("100.00")),
        ("4300", usd("-100.00")),
        ("9400", usd("100.00")),
        ("9490", usd("-100.00")),
    ]
    assert queries.balance_of(chart.CASH) == usd("100.00")
    assert queries.balance_of(chart.OTHER_INCOME) == usd("-100.00")
    assert queries.total_under("4") == usd("-100.00")


def test_a_balance_is_asked_as_of_a_day(officer):
    post(receipt("R-1", effective_on=date(2026, 1, 31)), officer)
    post(receipt("R-2", effective_on=date(2026, 2, 1), amount="11.00"), officer)
    assert queries.balance_of(chart.CASH, date(2026, 1, 30)) == usd("0.00")
    assert queries.balance_of(chart.CASH, date(2026, 1, 31)) == usd("100.00")
    assert queries.balance_of(chart.CASH) == usd("111.00")


def test_the_same_event_is_posted_once(officer):
    first = post(receipt(), officer)
    assert post(receipt(), officer) == first
    assert Entry.objects.count() == 1
    assert queries.balance_of(chart.CASH) == usd("100.00")


def test_a_trial_balance_has_equal_columns(officer):
    post(receipt(), officer)
    assert [(line.code, line.debit.figure, line.credit.figure) for line in queries.trial_balance()] == [
        ("1100", "100.00", "0.00"),
        ("4300", "0.00", "100.00"),
        ("9400", "100.00", "0.00"),
        ("9490", "0.00", "100.00"),
    ]


def test_a_reversal_negates_and_reinstating_brings_back(officer):
    entry = post(receipt(subject=uuid4()), officer)
    with transaction.atomic():
        reversal = operations.reverse(
            entry, reference="R-2026-001", memo="Bank error", effective_on=DAY, by=officer, at=people.NOON
        )
    assert (reversal.kind, reversal.reverses, reversal.subject) == ("entry.reversed", entry, entry.subject)
    assert reversal.amounts == [-amount for amount in entry.amounts]
    assert queries.balance_of(chart.CASH) == usd("0.00")
    with transaction.atomic():
        back = operations.reverse(
            reversal,
            reference="R-2026-001",
            memo="It was right",
            effective_on=DAY,
            by=officer,
            at=people.NOON,
            reinstating=True,
        )
    assert back.amounts == entry.amounts
    assert queries.balance_of(chart.CASH) == usd("100.00")


def test_many_are_posted_at_once_and_those_that_stand_are_skipped(officer):
    standing = post(receipt("R-2"), officer)
    drafts = [receipt("R-3"), receipt("R-2"), receipt("R-1", amount="5.00")]
    with transaction.atomic():
        ids = operations.post_many(drafts, by=officer, at=people.NOON)
    entries = Entry.objects.in_bulk(ids)
    assert [entries[number].reference for number in ids] == ["R-3", "R-2", "R-1"]
    assert ids[1] == standing.pk
    assert queries.balance_of(chart.CASH) == usd("205.00")
    assert queries.balance_of(chart.SPENDABLE) == usd("205.00")


def test_an_account_is_opened_once(officer):
    with transaction.atomic():
        one = operations.open_under(
            chart.OUTSTANDING, "PL-2026-001", of="Norland", currency="KRW", by=officer, at=people.NOON
        )
        two = operations.open_account(
            code="9100.PL-2026-001",
            name="Another name",
            kind=Kind.MEMORANDUM,
            currency="KRW",
            may_be_overdrawn=False,
            by=officer,
            at=people.NOON,
        )
    assert one == two
    assert (one.name, one.currency_code) == ("Outstanding pledge: Norland", "KRW")
    assert queries.balance_of("9100.PL-2026-001") == Money(0, "KRW")
    assert Account.objects.count() == len(chart.FIXED) + 1
