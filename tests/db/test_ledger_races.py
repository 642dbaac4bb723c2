"""Eight threads post, reverse, read and seal: every read adds up, nothing is lost, nothing goes below zero."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from ledger import chart, operations, queries
from ledger.chart import Kind
from ledger.drafts import Draft, credit, debit
from ledger.models import Entry, Seal
from ledger.queries.verification import differences
from ledger.refusals import AlreadyReversed, ClosedPeriod, OtherContent, Overdrawn
from tests import people
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db(transaction=True)

FIRST = date(2026, 1, 1)
ACCOUNTS = [f"1300.BANK-{number}" for number in range(6)]
EACH = 1000


@pytest.fixture
def officer(transactional_db: None) -> User:
    person = people.someone(RoleName.TREASURY_OFFICER)
    with transaction.atomic():
        operations.open_chart(by=person, at=people.NOON)
        for code in ACCOUNTS:
            operations.open_account(
                code=code,
                name=code,
                kind=Kind.ASSET,
                currency="USD",
                may_be_overdrawn=False,
                by=person,
                at=people.NOON,
            )
            operations.post(transfer(f"open-{code}", chart.OTHER_INCOME, code, EACH, FIRST), by=person, at=people.NOON)
    return person


def transfer(reference: str, source: str, target: str, minor: int, on: date) -> Draft:
    return Draft(
        kind="money.moved",
        reference=reference,
        effective_on=on,
        legs=(debit(target, Money(minor, "USD")), credit(source, Money(minor, "USD"))),
    )


def at_once(*works: Callable[[], None]) -> None:
    """Run works in threads of their own, started together, and raise what any of them raised."""
    failures: list[BaseException] = []
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], None]) -> None:
        try:
            gate.wait()
            work()
        except BaseException as failure:  # noqa: BLE001 - handed to the test's own thread
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


class Bank:
    """The shape of Jepsen's bank: money moves between accounts, and every read finds all of it."""

    def __init__(self, officer: User, workers: int) -> None:
        self.officer = officer
        self.workers = workers
        self.refused = [0] * workers
        self.done = threading.Event()
        self.left = threading.Semaphore(0)

    def teller(self, worker: int) -> Callable[[], None]:
        """Post, post many and reverse at random."""

        def work() -> None:
            chance = Random(worker)
            posted: list[int] = []
            for number in range(60):
                try:
                    with transaction.atomic():
                        posted += self.step(chance, f"{worker}/{number}", posted)
                except (Overdrawn, AlreadyReversed):
                    self.refused[worker] += 1
            self.left.release()

        return work

    def step(self, chance: Random, reference: str, posted: list[int]) -> list[int]:
        """Do one thing, and return the id of what can be reversed later."""
        on = FIRST + timedelta(days=chance.randrange(90))
        by: dict[str, Any] = {"by": self.officer, "at": people.NOON}
        kind = chance.random()
        if kind < 0.2 and posted:
            entry = Entry(pk=chance.choice(posted))
            operations.reverse(entry, reference=reference, memo="", effective_on=on, **by)
            return []
        if kind < 0.4:
            parts = range(1, 6)
            operations.post_many(
                [transfer(f"{reference}/{part}", *chance.sample(ACCOUNTS, 2), part, on) for part in parts], **by
            )
            return []
        source, target = chance.sample(ACCOUNTS, 2)
        return [operations.post(transfer(reference, source, target, chance.randrange(1, 900), on), **by).pk]

    def seal(self) -> None:
        """Seal small windows without a pause."""
        while not self.done.is_set():
            operations.seal_next(most=7)

    def read(self) -> None:
        """Read balances of any day; each read is one moment."""
        chance = Random(99)
        while not self.done.is_set():
            day = FIRST + timedelta(days=chance.randrange(90))
            assert all(total.is_even for total in queries.sums_of(queries.trial_balance(day)))
            held = queries.balances_under("1300.")
            assert sum(money.minor for money in held.values()) == EACH * len(ACCOUNTS)
            assert min(money.minor for money in held.values()) >= 0

    def wait(self) -> None:
        """Let those who seal and read stop when the tellers have."""
        for _ in range(self.workers):
            self.left.acquire(timeout=120)
        self.done.set()


def test_a_bank_whose_every_read_adds_up_while_it_is_posted_reversed_and_sealed(officer: User) -> None:
    bank = Bank(officer, workers=5)
    try:
        at_once(*(bank.teller(worker) for worker in range(5)), bank.seal, bank.read, bank.wait)
    finally:
        bank.done.set()
    operations.seal_books()
    assert sum(bank.refused) > 0
    assert Seal.objects.latest("n").size == Entry.objects.count() > 200
    assert list(differences()) == []
    held = queries.balances_under("1300.")
    assert sum(money.minor for money in held.values()) == EACH * len(ACCOUNTS)


@pytest.mark.parametrize("_round", range(5))
def test_of_two_who_spend_the_same_money_one_does(officer: User, _round: int) -> None:
    outcomes: list[str] = []

    def spend(reference: str) -> Callable[[], None]:
        def work() -> None:
            try:
                with transaction.atomic():
                    operations.post(
                        transfer(reference, ACCOUNTS[0], ACCOUNTS[1], 600, FIRST), by=officer, at=people.NOON
                    )
                outcomes.append("done")
            except Overdrawn as refusal:
                outcomes.append(refusal.code)

        return work

    at_once(spend("a"), spend("b"))
    assert sorted(outcomes) == ["done", "overdrawn"]
    assert queries.balance_of(ACCOUNTS[0]) == Money(400, "USD")


@pytest.mark.parametrize("_round", range(5))
def test_of_two_who_post_the_same_event_both_get_the_one_entry(officer: User, _round: int) -> None:
    ids: list[int] = []
    refusals: list[type[Refusal]] = []

    def post(minor: int) -> Callable[[], None]:
        def work() -> None:
            try:
                with transaction.atomic():
                    draft = transfer("same", ACCOUNTS[0], ACCOUNTS[1], minor, FIRST)
                    ids.append(operations.post(draft, by=officer, at=people.NOON).pk)
            except OtherContent as refusal:
                refusals.append(type(refusal))

        return work

    at_once(post(5), post(5), post(5))
    assert len(set(ids)) == 1
    assert len(ids) == 3
    at_once(post(5), post(6))
    assert refusals == [OtherContent]
    assert Entry.objects.filter(reference="same").count() == 1


@pytest.mark.parametrize("_round", range(5))
def test_of_two_who_reverse_the_same_entry_one_does(officer: User, _round: int) -> None:
    with transaction.atomic():
        entry = operations.post(transfer("x", ACCOUNTS[0], ACCOUNTS[1], 5, FIRST), by=officer, at=people.NOON)
    outcomes: list[Any] = []

    def reverse(reference: str) -> Callable[[], None]:
        def work() -> None:
            try:
                with transaction.atomic():
                    operations.reverse(
                        entry, reference=reference, memo="", effective_on=FIRST, by=officer, at=people.NOON
                    )
                outcomes.append("done")
            except AlreadyReversed as refusal:
                outcomes.append(refusal.code)

        return work

    at_once(reverse("a"), reverse("b"))
    assert sorted(outcomes) == ["already_reversed", "done"]


def test_nothing_slips_behind_a_fence_that_moves(officer: User) -> None:
    """Who posts holds the fence still; who closes waits for them, and whoever comes later is refused."""
    posting = threading.Event()
    closing = threading.Event()
    order: list[str] = []

    def post_slowly() -> None:
        with transaction.atomic():
            operations.post(transfer("slow", ACCOUNTS[0], ACCOUNTS[1], 5, FIRST), by=officer, at=people.NOON)
            posting.set()
            closing.wait(10)
            threading.Event().wait(0.3)
            order.append("posted")

    def close() -> None:
        posting.wait(10)
        closing.set()
        operations.close_period(through=FIRST, actor=officer, at=people.NOON)
        order.append("closed")

    at_once(post_slowly, close)
    assert order == ["posted", "closed"]
    with pytest.raises(ClosedPeriod), transaction.atomic():
        operations.post(transfer("late", ACCOUNTS[0], ACCOUNTS[1], 5, FIRST), by=officer, at=people.NOON)


def test_floored_balances_are_taken_last_and_in_one_order(officer: User) -> None:
    """Transfers both ways between the same two accounts never deadlock: both lock the lower account first."""

    def push(worker: int, source: str, target: str) -> Callable[[], None]:
        def work() -> None:
            for number in range(40):
                with transaction.atomic():
                    operations.post(
                        transfer(f"{worker}/{number}", source, target, 1, FIRST), by=officer, at=people.NOON
                    )

        return work

    try:
        at_once(
            *(push(worker, ACCOUNTS[0], ACCOUNTS[1]) for worker in range(4)),
            *(push(worker, ACCOUNTS[1], ACCOUNTS[0]) for worker in range(4, 8)),
        )
    except OperationalError as error:
        pytest.fail(f"deadlock: {error}")
    assert queries.balance_of(ACCOUNTS[0]) == Money(EACH, "USD")
