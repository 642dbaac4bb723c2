"""What the operations of the books add to what PostgreSQL does: whose it is, what it is about, and when it was told."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from ledger import chart, operations, queries
from ledger.chart import Kind
from ledger.drafts import Draft, credit, debit
from ledger.models import BOOKS, Entry
from ledger.refusals import PeriodOutOfOrder
from tests import people
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db

DAY = date(2026, 7, 16)
LATER = people.NOON + timedelta(minutes=7)
SUBJECT = UUID(int=77)


def interest(reference: str, **changes: Any) -> Draft:
    money = Money(100, "USD")
    return Draft(
        kind="interest.received",
        reference=reference,
        effective_on=DAY,
        legs=(debit(chart.CASH, money), credit(chart.FUND_INTEREST, money)),
        **changes,
    )


@pytest.fixture
def officer(db: None) -> User:
    person = people.someone(RoleName.TREASURY_OFFICER)
    with transaction.atomic():
        operations.open_chart(by=person, at=people.NOON)
    return person


def posted(officer: User, draft: Draft) -> Entry:
    with transaction.atomic():
        return operations.post(draft, by=officer, at=people.NOON)


def test_what_is_posted_many_at_once_is_about_what_each_draft_says(officer: User) -> None:
    drafts = [interest("I-1", subject=SUBJECT), interest("I-2"), interest("I-3", memo="Found.")]
    with transaction.atomic():
        ids = operations.post_many(drafts, by=officer, at=people.NOON)
    entries = Entry.objects.in_bulk(ids)
    assert [(entries[number].subject, entries[number].memo) for number in ids] == [
        (SUBJECT, ""),
        (None, ""),
        (None, "Found."),
    ]
    assert {entry.actor for entry in entries.values()} == {officer}


def test_an_entry_just_posted_knows_where_it_stands(officer: User) -> None:
    entry = posted(officer, interest("I-1", subject=SUBJECT))
    assert entry._state.db == "default"
    stored = Entry.objects.get(pk=entry.pk)
    for field in Entry._meta.concrete_fields:
        assert getattr(entry, field.attname) == getattr(stored, field.attname)


def test_the_first_open_day_is_closed_next_and_the_last_closed_day_not_again(officer: User) -> None:
    operations.close_period(through=DAY - timedelta(days=2), actor=officer, at=people.NOON)
    fence = queries.open_from()
    assert fence == DAY - timedelta(days=1)
    with pytest.raises(PeriodOutOfOrder) as refused:
        operations.close_period(through=fence - timedelta(days=1), actor=officer, at=people.NOON)
    assert refused.value.message == (
        "The open period begins on 2026-07-15. Close up to a later day, or reopen an earlier one."
    )
    operations.close_period(through=fence, actor=officer, at=people.NOON)
    assert queries.open_from() == DAY


def test_what_is_open_is_not_reopened_whether_a_decision_is_named_or_not(officer: User) -> None:
    operations.close_period(through=DAY, actor=officer, at=people.NOON)
    for decision in ("DP-2026-001", " "):
        with pytest.raises(PeriodOutOfOrder) as refused:
            operations.reopen_period(
                open_from=DAY + timedelta(days=1), decision=decision, actor=officer, at=people.NOON
            )
        assert refused.value.message.startswith("The open period begins on 2026-07-17.")


def test_who_closed_and_reopened_a_period_and_when_is_on_record(officer: User) -> None:
    other = people.someone(RoleName.TREASURY_OFFICER, name="Second officer")
    closed = operations.close_period(through=DAY, actor=officer, at=people.NOON)
    reopened = operations.reopen_period(open_from=DAY, decision="DP-2026-001", actor=other, at=LATER)
    assert (closed.actor, reopened.actor) == (officer, other)
    assert [(record.kind, record.by, record.at) for record in events.about(BOOKS)] == [
        ("period.reopened", other, LATER),
        ("period.closed", officer, people.NOON),
    ]


def open_one(officer: User) -> None:
    operations.open_account(code="1300", name="Bank", kind=Kind.ASSET, currency="USD", by=officer, at=LATER)


def reverse_one(officer: User) -> None:
    entry = operations.post(interest("I-1"), by=officer, at=people.NOON)
    operations.reverse(entry, reference="I-1", memo="", effective_on=DAY, by=officer, at=LATER)


def reopen(officer: User) -> None:
    operations.close_period(through=DAY, actor=officer, at=people.NOON)
    operations.reopen_period(open_from=DAY, decision="DP-2026-001", actor=officer, at=LATER)


TOLD: list[Callable[[User], Any]] = [
    open_one,
    lambda officer: operations.open_chart(by=officer, at=LATER),
    lambda officer: operations.open_under(chart.RESERVED, "PRG-1", of="Clinics", by=officer, at=LATER),
    lambda officer: operations.post(interest("I-1"), by=officer, at=LATER),
    lambda officer: operations.post_late(interest("I-1"), by=officer, at=LATER),
    lambda officer: operations.post_many([interest("I-1")], by=officer, at=LATER),
    reverse_one,
    lambda officer: operations.close_account("5500", at=LATER),
]
ALONE: list[Callable[[User], Any]] = [
    lambda officer: operations.close_period(through=DAY, actor=officer, at=LATER),
    reopen,
]


@pytest.mark.parametrize("work", [*TOLD, *ALONE])
def test_a_story_that_is_loaded_tells_the_database_its_moment(
    officer: User, settings: Any, work: Callable[[User], Any]
) -> None:
    settings.DEMO = True
    if work in ALONE:
        work(officer)
    else:
        with transaction.atomic():
            work(officer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('trustfund.moved_clock', true)")
        assert cursor.fetchone() == (LATER.isoformat(),)


def test_outside_a_demonstration_no_moment_is_told(officer: User) -> None:
    posted(officer, interest("I-1"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('trustfund.moved_clock', true), '')")
        assert cursor.fetchone() == ("",)


def test_a_fault_of_the_code_is_no_refusal_of_the_books(officer: User) -> None:
    with pytest.raises(TransactionManagementError), transaction.atomic():
        transaction.set_rollback(True)
        operations.post(interest("I-1"), by=officer, at=people.NOON)
