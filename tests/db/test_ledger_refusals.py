"""Every refusal of the ledger, by its name and its sentence; none of them changes the books."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from ledger import chart, operations, queries
from ledger.chart import Kind
from ledger.drafts import Draft, credit, debit
from ledger.models import BOOKS, Account, Entry, Line, PeriodChange
from ledger.refusals import (
    BY_SQLSTATE,
    AlreadyReversed,
    ClosedAccount,
    ClosedPeriod,
    NoDecision,
    NotEmpty,
    OtherAccount,
    OtherContent,
    Overdrawn,
    PeriodOutOfOrder,
    ReversalOfReversal,
    UnknownAccount,
    UnknownEntry,
    WrongCurrency,
    refusal_of,
)
from tests import people
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.refusals import InsufficientFunds, NotPermitted, Refusal, Unacceptable
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db

DAY = date(2026, 7, 16)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def event(reference: str, *, minor: int = 100, on: date = DAY, to: str = chart.CASH, **changes: Any) -> Draft:
    return Draft(
        kind="receipt.recorded",
        reference=reference,
        effective_on=on,
        legs=(debit(to, usd(minor)), credit(chart.OTHER_INCOME, usd(minor))),
        **changes,
    )


def payment(reference: str, minor: int) -> Draft:
    return Draft(
        kind="bank.charged",
        reference=reference,
        effective_on=DAY,
        legs=(debit(chart.BANK_CHARGES, usd(minor)), credit(chart.CASH, usd(minor))),
    )


class World:
    """A ledger with one entry, one reversed entry, and a closed account."""

    def __init__(self) -> None:
        self.officer = people.someone(RoleName.TREASURY_OFFICER)
        operations.open_chart(by=self.officer, at=people.NOON)
        operations.open_account(
            code="9800.KRW", name="Won", kind=Kind.MEMORANDUM, currency="KRW", by=self.officer, at=people.NOON
        )
        operations.open_account(
            code="1300", name="Old bank", kind=Kind.ASSET, currency="USD", by=self.officer, at=people.NOON
        )
        operations.close_account("1300", at=people.NOON)
        self.entry = self.post(event("R-1"))
        self.reversed = self.post(event("R-2"))
        self.reversal = self.reverse(self.reversed)

    def post(self, draft: Draft) -> Entry:
        return operations.post(draft, by=self.officer, at=people.NOON)

    def many(self, *drafts: Draft) -> list[int]:
        return operations.post_many(drafts, by=self.officer, at=people.NOON)

    def reverse(self, entry: Entry, **changes: Any) -> Entry:
        values = {"reference": f"X-{entry.reference}", "memo": "", "effective_on": DAY, **changes}
        return operations.reverse(entry, by=self.officer, at=people.NOON, **values)


@pytest.fixture
def world(db: None) -> World:
    with transaction.atomic():
        return World()


def standing() -> tuple[Any, ...]:
    return (
        list(Entry.objects.order_by("id").values_list("id", "amounts")),
        Line.objects.count(),
        queries.trial_balance(),
        list(Account.objects.order_by("id").values_list("code", "closed", "open_from")),
        PeriodChange.objects.count(),
    )


REFUSED: list[tuple[str, Callable[[World], Any], type[Refusal], str]] = [
    (
        "unknown account",
        lambda w: w.post(event("R-3", to="1999")),
        UnknownAccount,
        "There is no account 1999. Open it before you post to it.",
    ),
    (
        "wrong currency",
        lambda w: w.post(event("R-3", to="9800.KRW")),
        WrongCurrency,
        "Account 9800.KRW holds another currency. Use an exchange account between the two.",
    ),
    (
        "closed account",
        lambda w: w.post(event("R-3", to="1300")),
        ClosedAccount,
        "Account 1300 is closed. Use an open account.",
    ),
    (
        "overdrawn",
        lambda w: w.post(payment("B-1", 101)),
        Overdrawn,
        "There is not enough on account 1100. Lower the amount, or wait until more has come in.",
    ),
    (
        "other amount",
        lambda w: w.post(event("R-1", minor=101)),
        OtherContent,
        "receipt.recorded R-1 is in the books with other content. Reverse that entry first, or use a new reference.",
    ),
    (
        "other day",
        lambda w: w.post(event("R-1", on=DAY + timedelta(days=1))),
        OtherContent,
        "receipt.recorded R-1 is in the books with other content. Reverse that entry first, or use a new reference.",
    ),
    (
        "other memo",
        lambda w: w.post(event("R-1", memo="Else")),
        OtherContent,
        "receipt.recorded R-1 is in the books with other content. Reverse that entry first, or use a new reference.",
    ),
    (
        "other subject",
        lambda w: w.post(event("R-1", subject=BOOKS)),
        OtherContent,
        "receipt.recorded R-1 is in the books with other content. Reverse that entry first, or use a new reference.",
    ),
    (
        "many with other content",
        lambda w: w.many(event("R-9"), event("R-1", minor=7)),
        OtherContent,
        "receipt.recorded R-1 is in the books with other content. Reverse that entry first, or use a new reference.",
    ),
    (
        "many with an unknown account",
        lambda w: w.many(event("R-9"), event("R-8", to="1999")),
        UnknownAccount,
        "There is no account 1999. Open it before you post to it.",
    ),
    (
        "many in a wrong currency",
        lambda w: w.many(event("R-9"), event("R-8", to="9800.KRW")),
        WrongCurrency,
        "Account 9800.KRW holds another currency. Use an exchange account between the two.",
    ),
    (
        "many on a closed account",
        lambda w: w.many(event("R-9"), event("R-8", to="1300")),
        ClosedAccount,
        "Account 1300 is closed. Use an open account.",
    ),
    (
        "many overdrawn",
        lambda w: w.many(payment("B-1", 60), payment("B-2", 41)),
        Overdrawn,
        "There is not enough on account 1100. Lower the amount, or wait until more has come in.",
    ),
    (
        "second reversal",
        lambda w: w.reverse(w.reversed, reference="X-again"),
        AlreadyReversed,
        "Entry {reversed} is reversed already. Post the right one under a new reference.",
    ),
    (
        "reversal of a reversal",
        lambda w: w.reverse(w.reversal),
        ReversalOfReversal,
        "Entry {reversal} is itself a reversal. Say that you mean to reinstate what it reversed.",
    ),
    (
        "reinstating what was never reversed",
        lambda w: w.reverse(w.entry, reinstating=True),
        ReversalOfReversal,
        "Entry {entry} is itself a reversal. Say that you mean to reinstate what it reversed.",
    ),
    (
        "unknown entry",
        lambda w: w.reverse(Entry(pk=999_999, reference="none")),
        UnknownEntry,
        "There is no entry 999999. Look it up in the ledger.",
    ),
    (
        "another account of the same code",
        lambda w: operations.open_account(
            code="1100", name="Cash", kind=Kind.ASSET, currency="EUR", by=w.officer, at=people.NOON
        ),
        OtherAccount,
        "Account 1100 exists with another kind, currency or floor. Choose another code.",
    ),
    (
        "closing an account that holds something",
        lambda w: operations.close_account("1100", at=people.NOON),
        NotEmpty,
        "Account 1100 still has a balance. Move it away before you close the account.",
    ),
    (
        "closing an account that is not there",
        lambda w: operations.close_account("1999", at=people.NOON),
        UnknownAccount,
        "There is no account 1999. Open it before you post to it.",
    ),
]
# These are operations by themselves and open their own transaction.
REFUSED_ALONE: list[tuple[str, Callable[[World], Any], type[Refusal], str]] = [
    (
        "closing a day that is not over",
        lambda w: operations.close_period(through=people.NOON.date(), actor=w.officer, at=people.NOON),
        Unacceptable,
        "2026-07-17 is not over yet. Close an earlier day.",
    ),
    (
        "closing by somebody else",
        lambda w: operations.close_period(through=DAY, actor=people.someone(RoleName.AUDITOR), at=people.NOON),
        NotPermitted,
        "Only a treasury officer closes a period.",
    ),
    (
        "reopening by somebody else",
        lambda w: operations.reopen_period(
            open_from=DAY, decision="DP-2026-001", actor=people.someone(RoleName.AUDITOR), at=people.NOON
        ),
        NotPermitted,
        "Only a treasury officer reopens a period, with the reference of the decision that says so.",
    ),
    (
        "reopening what is open",
        lambda w: operations.reopen_period(open_from=DAY, decision="DP-2026-001", actor=w.officer, at=people.NOON),
        PeriodOutOfOrder,
        "The open period begins on 0001-01-01. Close up to a later day, or reopen an earlier one.",
    ),
]
CASES = [(*case, transaction.atomic) for case in REFUSED] + [(*case, nullcontext) for case in REFUSED_ALONE]


@pytest.mark.parametrize(
    ("spoil", "refusal", "sentence", "inside"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_refusal_changes_nothing(
    world: World, spoil: Callable[[World], Any], refusal: type[Refusal], sentence: str, inside: Callable[[], Any]
) -> None:
    before = standing()
    with pytest.raises(refusal) as refused, inside():
        spoil(world)
    assert type(refused.value) is refusal
    assert refused.value.message == sentence.format(
        entry=world.entry.pk, reversed=world.reversed.pk, reversal=world.reversal.pk
    )
    assert standing() == before


@pytest.mark.parametrize("code", ['11"00', "11\\00", "1100,4300", "{1100}", "NULL", "", "11'00%s", " 1100"])
def test_a_code_is_asked_for_letter_by_letter(world: World, code: str) -> None:
    with pytest.raises(UnknownAccount) as refused, transaction.atomic():
        world.post(event("R-9", to=code))
    assert refused.value.message == f"There is no account {code}. Open it before you post to it."


def test_overdrawing_is_a_lack_of_funds() -> None:
    assert issubclass(Overdrawn, InsufficientFunds)


@pytest.mark.parametrize("sqlstate", sorted(BY_SQLSTATE))
def test_each_sqlstate_has_a_refusal_with_a_code_and_a_sentence(sqlstate: str) -> None:
    refusal = refusal_of(sqlstate, "1100")
    assert type(refusal) is BY_SQLSTATE[sqlstate]
    assert refusal.message.endswith(".")
    assert "%" not in refusal.message
    assert len({known.code for known in BY_SQLSTATE.values()}) == len(BY_SQLSTATE)


def test_an_sqlstate_of_somebody_else_is_no_refusal_of_the_ledger() -> None:
    assert refusal_of("23505", "1100") is None


class TestPeriods:
    def test_nothing_is_posted_to_a_closed_period_and_late_facts_go_to_the_next(self, world: World) -> None:
        change = operations.close_period(through=DAY, actor=world.officer, at=people.NOON)
        assert (change.open_from, change.closed_to, change.reopens) == (DAY + timedelta(days=1), DAY, False)
        for spoil in (
            lambda: world.post(event("R-3")),
            lambda: world.many(event("R-4", on=people.NOON.date()), event("R-3")),
            lambda: world.reverse(world.entry),
        ):
            with pytest.raises(ClosedPeriod) as refused, transaction.atomic():
                spoil()
            assert refused.value.message == (
                "The books are closed up to 2026-07-16. Record it in the open period, with its own date in the memo."
            )
        with transaction.atomic():
            late = operations.post_late(event("R-3", memo="Found."), by=world.officer, at=people.NOON)
        assert (late.effective_on, late.memo) == (date(2026, 7, 17), "Found. Late: of 2026-07-16.")
        with transaction.atomic():
            assert operations.post_late(event("R-3", memo="Found."), by=world.officer, at=people.NOON) == late

    def test_what_stands_in_a_closed_period_is_still_returned(self, world: World) -> None:
        operations.close_period(through=DAY, actor=world.officer, at=people.NOON)
        with transaction.atomic():
            assert world.post(event("R-1")) == world.entry
            assert world.many(event("R-1")) == [world.entry.pk]

    def test_an_account_opened_later_has_the_same_fence(self, world: World) -> None:
        operations.close_period(through=DAY, actor=world.officer, at=people.NOON)
        with transaction.atomic():
            account = operations.open_under(chart.RESERVED, "PRG-1", of="Clinics", by=world.officer, at=people.NOON)
        assert account.open_from == queries.open_from() == date(2026, 7, 17)

    def test_a_period_is_reopened_by_a_decision_and_both_stay_on_record(self, world: World) -> None:
        operations.close_period(through=DAY, actor=world.officer, at=people.NOON)
        with pytest.raises(PeriodOutOfOrder):
            operations.close_period(through=DAY, actor=world.officer, at=people.NOON)
        with pytest.raises(NoDecision):
            operations.reopen_period(open_from=DAY, decision=" ", actor=world.officer, at=people.NOON)
        with pytest.raises(PeriodOutOfOrder) as refused:
            operations.reopen_period(
                open_from=DAY + timedelta(days=1), decision="DP-2026-001", actor=world.officer, at=people.NOON
            )
        assert refused.value.message == (
            "The open period begins on 2026-07-17. Close up to a later day, or reopen an earlier one."
        )
        operations.reopen_period(open_from=DAY, decision=" DP-2026-001 ", actor=world.officer, at=people.NOON)
        with transaction.atomic():
            world.post(event("R-3"))
        assert list(PeriodChange.objects.order_by("id").values_list("open_from", "reopens", "decision")) == [
            (date(2026, 7, 17), False, ""),
            (DAY, True, "DP-2026-001"),
        ]
        assert [(record.kind, record.facts) for record in events.about(BOOKS)] == [
            ("period.reopened", {"open_from": "2026-07-16", "decision": "DP-2026-001"}),
            ("period.closed", {"through": "2026-07-16"}),
        ]


@pytest.mark.parametrize("call", ["post", "post_many", "reverse", "open_account", "close_account"])
def test_the_books_are_changed_inside_a_transaction_only(
    transactional_db: None, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = User(email="nobody@fund.example", name="Nobody", joined_at=datetime(2026, 1, 1, tzinfo=UTC))
    calls: dict[str, Callable[[], Any]] = {
        "post": lambda: operations.post(event("R-1"), by=person, at=people.NOON),
        "post_many": lambda: operations.post_many([event("R-1")], by=person, at=people.NOON),
        "reverse": lambda: operations.reverse(
            Entry(pk=1), reference="X", memo="", effective_on=DAY, by=person, at=people.NOON
        ),
        "open_account": lambda: operations.open_chart(by=person, at=people.NOON),
        "close_account": lambda: operations.close_account("1100", at=people.NOON),
    }
    assert not connection.in_atomic_block
    with pytest.raises(RuntimeError):
        calls[call]()


def test_posting_nothing_at_once_is_nothing(world: World) -> None:
    before = standing()
    assert world.many() == []
    assert standing() == before
