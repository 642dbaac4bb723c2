"""Whatever is posted, reversed, closed and sealed, PostgreSQL and a page of Python agree on every figure."""

import os
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from ledger import operations, queries
from ledger.chart import Kind
from ledger.drafts import Draft, Leg
from ledger.models import Entry, PeriodChange
from ledger.queries.verification import differences
from tests import people
from tests.property.ledger_model import Legs, Model, Refused
from trustfund.core.money import Money
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
RUNS = int(os.environ.get("LEDGER_RUNS", "3000" if NIGHTLY else "200"))
STEPS = 50 if NIGHTLY else 25
FIRST = date(2025, 11, 25)
CURRENCIES = {"1100": "USD", "1200": "USD", "4100": "USD", "5300": "USD", "9100.KRW": "KRW", "9110.KRW": "KRW"}
FLOORED = frozenset({"1100", "9100.KRW"})
DAYS = st.integers(0, 70).map(lambda step: FIRST + timedelta(days=step))
REFERENCES = st.integers(1, 12).map(lambda number: f"E-{number}")
USD = st.sampled_from(["1100", "1200", "4100", "5300", "1999"])
KRW = st.sampled_from(["9100.KRW", "9110.KRW"])


@st.composite
def balanced(draw: st.DrawFn) -> Legs:
    """Legs of one currency or two, each balanced by itself; an account may stand in several."""
    legs: list[tuple[str, int]] = []
    for accounts in draw(st.sampled_from([(USD,), (USD,), (KRW,), (USD, KRW)])):
        parts = draw(
            st.lists(
                st.tuples(accounts, st.integers(-500, 1000).filter(bool)),
                min_size=1,
                max_size=3,
            )
        )
        rest = -sum(amount for _account, amount in parts)
        legs += parts
        legs.append((draw(accounts), rest)) if rest else legs.extend([(draw(accounts), 7), (draw(accounts), -7)])
    return tuple(legs)


EVENTS = st.tuples(st.just("thing.happened"), REFERENCES, DAYS, balanced())


def currency_of(code: str) -> str:
    return CURRENCIES.get(code, "USD")


def draft_of(kind: str, reference: str, on: date, legs: Legs) -> Draft:
    return Draft(
        kind=kind,
        reference=reference,
        effective_on=on,
        legs=tuple(Leg(account, Money(amount, currency_of(account))) for account, amount in legs),
    )


class Books(RuleBasedStateMachine):
    """One ledger in PostgreSQL and one in memory, told the same; each run is taken back at its end."""

    posted = Bundle("posted")

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.person = people.someone(RoleName.TREASURY_OFFICER)
        self.model = Model(currencies=dict(CURRENCIES), floored=FLOORED)
        self.ids: list[int] = []
        for code, currency in CURRENCIES.items():
            operations.open_account(
                code=code,
                name=code,
                kind=Kind.ASSET,
                currency=currency,
                may_be_overdrawn=code not in FLOORED,
                by=self.person,
                at=people.NOON,
            )

    def teardown(self) -> None:
        try:
            assert list(differences()) == []
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    @initialize(target=posted, amount=st.integers(1, 5000))
    def begin(self, amount: int) -> int:
        return self.both(
            lambda: self.model.post("thing.began", "E-0", FIRST, (("1100", amount), ("4100", -amount))),
            lambda: operations.post(
                draft_of("thing.began", "E-0", FIRST, (("1100", amount), ("4100", -amount))),
                by=self.person,
                at=people.NOON,
            ),
        )

    def both(self, tell_model: Any, tell_books: Any) -> Any:
        """Tell both; they agree on yes and on which no."""
        try:
            told = tell_model()
        except Refused as no:
            with pytest.raises(Refusal) as refused, transaction.atomic():
                tell_books()
            assert refused.value.code == str(no)
            return None
        with transaction.atomic():
            answer = tell_books()
        ids = answer if isinstance(answer, list) else [answer.pk] if isinstance(answer, Entry) else []
        numbers = told if isinstance(told, list) else [told]
        for number, entry in zip(numbers, ids, strict=False):
            if number == len(self.ids):
                self.ids.append(entry)
        if len(self.ids) < len(self.model.entries):
            known = dict(zip(numbers, ids, strict=True))
            self.ids += [known[number] for number in range(len(self.ids), len(self.model.entries))]
        assert [self.ids[number] for number in numbers if number is not None] == ids
        return told

    @rule(target=posted, event=EVENTS)
    def post(self, event: tuple[str, str, date, Legs]) -> Any:
        return self.both(
            lambda: self.model.post(*event),
            lambda: operations.post(draft_of(*event), by=self.person, at=people.NOON),
        )

    @rule(events=st.lists(EVENTS, min_size=1, max_size=4, unique_by=lambda event: event[1]))
    def post_many(self, events: list[tuple[str, str, date, Legs]]) -> None:
        if any(account not in CURRENCIES for event in events for account, _amount in event[3]):
            return
        self.both(
            lambda: self.model.post_many(events),
            lambda: operations.post_many([draft_of(*event) for event in events], by=self.person, at=people.NOON),
        )

    @rule(target=posted, number=posted, reference=REFERENCES, on=DAYS, reinstating=st.booleans())
    def reverse(self, number: int | None, reference: str, on: date, reinstating: bool) -> Any:
        if number is None:
            return None
        return self.both(
            lambda: self.model.reverse(number, reference, on, reinstating=reinstating),
            lambda: operations.reverse(
                Entry(pk=self.ids[number]),
                reference=reference,
                memo="",
                effective_on=on,
                by=self.person,
                at=people.NOON,
                reinstating=reinstating,
            ),
        )

    @rule(on=DAYS, decision=st.sampled_from(["", "DP-2026-001"]))
    def move_fence(self, on: date, decision: str) -> None:
        if len(self.model.entries) < 4:
            return
        self.both(
            lambda: self.model.move_fence(on, decision),
            lambda: operations._move_fence(on, decision, by=self.person, at=people.NOON),
        )

    @rule(code=st.sampled_from(["1200", "5300"]))
    def close(self, code: str) -> None:
        if len(self.model.entries) < 6:
            return
        self.both(lambda: self.model.close(code), lambda: operations.close_account(code, at=people.NOON))

    @rule(code=st.sampled_from(sorted(CURRENCIES)), on=DAYS)
    def ask_a_balance(self, code: str, on: date) -> None:
        currency = currency_of(code)
        assert queries.balance_of(code, on) == Money(self.model.balance(code, on), currency)
        assert queries.balance_of(code) == Money(self.model.balance(code), currency)

    @rule(code=st.sampled_from(sorted(CURRENCIES)), size=st.integers(1, 5))
    def read_a_statement_page_by_page(self, code: str, size: int) -> None:
        account = queries.account_of(code)
        balance, beyond, lines = 0, None, 0
        while True:
            page = queries.statement_of(account, beyond=beyond, size=size, latest_first=False)
            for line in page.lines:
                balance += line.money.minor
                lines += 1
                assert line.balance.minor == balance
            if page.beyond is None:
                break
            beyond = page.beyond
        assert balance == self.model.balance(code)
        assert lines == sum(1 for entry in self.model.entries for account_, _amount in entry.legs if account_ == code)

    @invariant()
    def every_currency_adds_up_to_zero(self) -> None:
        sums = queries.sums_of(queries.trial_balance())
        assert all(total.is_even for total in sums)

    @invariant()
    def the_same_entries_stand(self) -> None:
        assert Entry.objects.count() == len(self.model.entries) == len(self.ids)
        assert (PeriodChange.objects.count() > 0) >= (self.model.open_from > date.min)


@pytest.mark.timeout(3600)
@pytest.mark.django_db
def test_the_books_do_what_a_page_of_python_says() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Books,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=not NIGHTLY,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )


@pytest.mark.timeout(3600)
@pytest.mark.django_db(transaction=True)
def test_sealing_in_any_steps_shows_in_no_balance_of_any_day_at_any_booking_time() -> None:
    person = people.someone(RoleName.TREASURY_OFFICER)
    names = count(1)

    @settings(
        max_examples=400 if NIGHTLY else 40,
        deadline=None,
        derandomize=not NIGHTLY,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        steps=st.lists(st.one_of(st.tuples(DAYS, st.integers(-500, 500).filter(bool)), st.integers(1, 4)), max_size=25),
        asked=st.lists(st.tuples(st.one_of(st.none(), DAYS), st.integers(0, 25)), min_size=1, max_size=6),
    )
    def law(steps: list[tuple[date, int] | int], asked: list[tuple[date | None, int]]) -> None:
        one, other = f"1100.N-{next(names)}", f"4100.N-{next(names)}"
        with transaction.atomic():
            for code in (one, other):
                operations.open_account(
                    code=code, name=code, kind=Kind.ASSET, currency="USD", by=person, at=people.NOON
                )
        model = Model(currencies={one: "USD", other: "USD"}, floored=frozenset())
        moments = [datetime.min.replace(tzinfo=UTC)]
        for step in steps:
            if isinstance(step, int):
                operations.seal_next(most=step)
                continue
            on, amount = step
            event = "thing.happened", f"{one}/{len(moments)}", on, ((one, amount), (other, -amount))
            model.post(*event)
            with transaction.atomic():
                moments.append(operations.post(draft_of(*event), by=person, at=people.NOON).booked_at)
        for day, known in asked:
            number = min(known, len(moments) - 1)
            for code in (one, other):
                held = queries.balance_of(code, day, known_at=moments[number])
                assert held.minor == model.balance(code, day, number)
                assert queries.balance_of(code, day).minor == model.balance(code, day)
        months = queries.months_of(queries.account_of(one), upto=FIRST + timedelta(days=80), count=4)
        assert months[-1].balance.minor == model.balance(one)

    law()
    assert list(differences()) == []
