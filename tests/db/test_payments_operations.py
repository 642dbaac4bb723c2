"""Payments from preparation to the bank's answer: what each step posts, and that every refusal changes nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from disbursements import operations
from disbursements.gates import GATES, GateClosed
from disbursements.models import Payment, PaymentStep, Tranche
from disbursements.operations import payments as payment_operations
from disbursements.payment_states import MOVES, PaymentStatus, ReturnReason, StepKind
from disbursements.queries import payments as queries
from disbursements.treasury_rules import DETAILS_REST
from ledger import chart
from ledger import queries as ledger_queries
from ledger.models import Entry
from tests import payment_worlds as worlds
from tests import people
from tests.payment_worlds import FIRST, POOL, SECOND, Fund
from trustfund.core.models import Event, Role, User
from trustfund.core.money import Money, total
from trustfund.core.refusals import (
    Conflict,
    Missing,
    NotPermitted,
    Refusal,
    SecondFactorFailed,
    Unacceptable,
    WrongState,
)
from trustfund.core.roles import RoleName
from trustfund.core.step_up import Proof

pytestmark = pytest.mark.django_db

ZERO = Money.zero("USD")
ALL = FIRST + SECOND
WALK = ("1100", "1200", "9400", "9410", "9430", "9440", "9490", "5100", "9700", "9790")


def books() -> dict[str, Money]:
    """Return the balances of every account that a payment touches, by head."""
    return {head: ledger_queries.total_under(head) for head in WALK}


def standing(changes: dict[str, Money] | None = None) -> dict[str, Money]:
    """Return how the books stand after the approval, with some balances changed."""
    after_approval = dict.fromkeys(WALK, ZERO) | {
        "1100": POOL,
        "9400": POOL - ALL,
        "9410": ALL,
        "9490": -POOL,
    }
    return after_approval | (changes or {})


def snapshot(payment: Payment | None) -> Any:
    """Return everything that a refused operation must leave as it was."""
    return (
        list(Payment.objects.order_by("pk").values_list("pk", "status", "released_at", "ended_at")),
        list(Tranche.objects.order_by("pk").values_list("pk", "status")),
        list(PaymentStep.objects.order_by("pk").values_list("pk", flat=True)),
        Entry.objects.count(),
        Event.objects.count(),
        books(),
    )


@pytest.fixture
def fund() -> Fund:
    return worlds.a_fund()


def test_every_step_moves_the_money_the_tranche_and_the_payment(fund: Fund):
    assert books() == standing()

    payment = worlds.prepare(fund)
    assert books() == standing({"9410": SECOND, "9430": FIRST})
    assert (payment.reference, payment.status, fund.tranche.status) == ("PAY-2026-0001", "prepared", "in_payment")
    assert (payment.amount, payment.value_on, payment.bank_account) == (FIRST, worlds.VALUE_ON, fund.account)

    payment = worlds.certify(fund, payment)
    assert books() == standing({"9410": SECOND, "9440": FIRST})
    assert (payment.status, fund.tranche.status) == ("certified", "in_payment")

    payment = worlds.release(fund, payment)
    in_transit = {"1100": POOL - FIRST, "1200": FIRST, "9410": SECOND, "9490": -(POOL - FIRST)}
    assert books() == standing(in_transit)
    assert (payment.status, payment.released_at) == ("released", worlds.RELEASED_AT)

    payment = worlds.confirm(fund, payment)
    assert books() == standing({**in_transit, "1200": ZERO, "5100": FIRST, "9700": FIRST, "9790": -FIRST})
    assert (payment.status, fund.tranche.status) == ("confirmed", "paid")
    assert ledger_queries.balance_of(chart.under(chart.TRANSFERS, fund.programme.reference)) == FIRST
    assert [(entry.kind, entry.reference) for entry in ledger_queries.entries_about(payment.pk)] == [
        ("payment.prepared", "PAY-2026-0001"),
        ("payment.certified", "PAY-2026-0001"),
        ("payment.released", "PAY-2026-0001"),
        ("payment.confirmed", "PAY-2026-0001"),
    ]
    assert list(Event.objects.filter(about=payment.pk).order_by("id").values_list("kind", "by__name")) == [
        ("payment.prepared", "Pia Preparer"),
        ("payment.certified", "Cora Certifier"),
        ("payment.released", "Tom Treasurer"),
        ("payment.confirmed", "Olga Treasurer"),
    ]


def test_cash_is_always_what_it_is_promised_to(fund: Fund):
    def cash_is_spoken_for() -> None:
        promised = total((ledger_queries.total_under(head) for head in ("9400", "9410", "9420", "9430", "9440")), "USD")
        assert ledger_queries.balance_of(chart.CASH) == promised
        trial = ledger_queries.trial_balance()
        assert total((line.debit for line in trial), "USD") == total((line.credit for line in trial), "USD")

    payment = worlds.prepare(fund)
    cash_is_spoken_for()
    worlds.certify(fund, payment)
    cash_is_spoken_for()
    worlds.release(fund, payment)
    cash_is_spoken_for()
    worlds.give_back(fund, payment, reason=ReturnReason.MS03)
    cash_is_spoken_for()


def test_each_signature_keeps_its_gates_and_its_second_factor(fund: Fund):
    _made, payment = worlds.a_released_payment(fund)

    steps = {step.kind: step for step in payment.steps.select_related("confirmation")}
    assert [len(steps[kind].gates) for kind in ("prepare", "certify", "release")] == [len(GATES)] * 3
    assert all(gate["is_clear"] for step in steps.values() for gate in step.gates)
    assert steps["prepare"].confirmation is None
    for kind in (StepKind.CERTIFY, StepKind.RELEASE):
        confirmation = steps[kind].confirmation
        assert confirmation is not None
        assert confirmation.fingerprint == queries.fingerprint_of(payment, kind, steps[kind].nonce)
        assert confirmation.purpose == f"payment.{kind}"


def test_a_returned_payment_puts_the_money_back_and_another_takes_its_place(fund: Fund):
    _made, payment = worlds.a_released_payment(fund)

    worlds.give_back(fund, payment, reason=ReturnReason.AC04)

    assert books() == standing()
    assert (Payment.objects.get().status, fund.tranche.status) == ("returned", "due")
    later = worlds.ENDED_AT + timedelta(hours=1)
    with pytest.raises(GateClosed, match="AC04 The account is closed"):
        worlds.prepare(fund, at=later)

    other = worlds.a_verified_account(fund, worlds.OTHER_DETAILS, at=later)
    with pytest.raises(GateClosed, match="rest for 72 hours"):
        worlds.prepare(fund, at=later + DETAILS_REST - timedelta(microseconds=1))
    later += DETAILS_REST
    rerouted = worlds.prepare(fund, at=later)
    assert (rerouted.reference, rerouted.replaces_id, rerouted.bank_account) == ("PAY-2026-0002", payment.pk, other)
    worlds.certify(fund, rerouted, at=later)
    worlds.release(fund, rerouted, at=later)
    worlds.confirm(fund, rerouted, at=later)
    assert (fund.tranche.status, ledger_queries.total_under("5100")) == ("paid", FIRST)


def test_a_return_that_is_not_the_accounts_fault_may_go_to_the_same_details(fund: Fund):
    _made, payment = worlds.a_released_payment(fund)
    worlds.give_back(fund, payment, reason=ReturnReason.MS03)

    assert worlds.prepare(fund, at=worlds.ENDED_AT).replaces_id == payment.pk


@pytest.mark.parametrize("reach", [worlds.a_prepared_payment, worlds.a_certified_payment])
def test_a_payment_cancelled_before_release_leaves_the_books_as_after_the_approval(
    fund: Fund, reach: Callable[[Fund], tuple[Fund, Payment]]
):
    _made, payment = reach(fund)

    payment = worlds.cancel(fund, payment)

    assert books() == standing()
    assert (payment.status, fund.tranche.status) == ("cancelled", "due")
    assert worlds.prepare(fund).replaces is None


REACH: dict[PaymentStatus, Callable[[Fund], tuple[Fund, Payment]]] = {
    PaymentStatus.PREPARED: worlds.a_prepared_payment,
    PaymentStatus.CERTIFIED: worlds.a_certified_payment,
    PaymentStatus.RELEASED: worlds.a_released_payment,
    PaymentStatus.SENT: worlds.a_sent_payment,
    PaymentStatus.CONFIRMED: worlds.a_confirmed_payment,
    PaymentStatus.RETURNED: lambda fund: (fund, worlds.give_back(fund, worlds.a_released_payment(fund)[1])),
    PaymentStatus.CANCELLED: lambda fund: (fund, worlds.cancel(fund, worlds.a_prepared_payment(fund)[1])),
}


@pytest.mark.parametrize("status", list(PaymentStatus))
def test_from_every_state_only_the_steps_of_the_table_can_be_taken(fund: Fund, status: PaymentStatus):
    _made, payment = REACH[status](fund)
    steps: dict[PaymentStatus, Callable[[], Payment]] = {
        PaymentStatus.CERTIFIED: lambda: worlds.certify(
            fund, payment, by=people.someone(RoleName.CERTIFYING_OFFICER), at=worlds.ENDED_AT
        ),
        PaymentStatus.RELEASED: lambda: worlds.release(
            fund, payment, by=people.someone(RoleName.TREASURY_OFFICER), at=worlds.ENDED_AT
        ),
        PaymentStatus.CONFIRMED: lambda: worlds.confirm(
            fund, payment, by=people.someone(RoleName.TREASURY_OFFICER), at=worlds.ENDED_AT
        ),
        PaymentStatus.RETURNED: lambda: worlds.give_back(
            fund, payment, by=people.someone(RoleName.TREASURY_OFFICER), at=worlds.ENDED_AT
        ),
        PaymentStatus.CANCELLED: lambda: worlds.cancel(fund, payment, at=worlds.ENDED_AT),
    }
    for then, step in steps.items():
        if then in MOVES[status]:
            continue
        before = snapshot(payment)
        with pytest.raises(WrongState):
            step()
        assert snapshot(payment) == before


def _seconded(role: RoleName) -> User:
    return people.someone(role, is_seconded=True)


def _suspended(fund: Fund) -> int:
    return Tranche.objects.filter(pk=fund.tranche.pk).update(status="suspended")


PREPARE_SPOILT: list[tuple[str, Callable[[Fund], Any], type[Refusal]]] = [
    ("a treasury officer", lambda fund: worlds.prepare(fund, by=fund.treasurer), NotPermitted),
    ("the chair", lambda fund: worlds.prepare(fund, by=fund.committee.chair), NotPermitted),
    ("the proposer", lambda fund: worlds.prepare(fund, by=fund.secretariat), NotPermitted),
    ("seconded", lambda fund: worlds.prepare(fund, by=_seconded(RoleName.SECRETARIAT)), NotPermitted),
    ("not due", lambda fund: worlds.prepare(fund, fund.proposal.tranches.get(number=2)), GateClosed),
    ("suspended", lambda fund: _suspended(fund) and worlds.prepare(fund), GateClosed),
    (
        "a past value date",
        lambda fund: operations.prepare_payment(
            tranche_id=fund.tranche.pk,
            value_on=worlds.PREPARED_AT.date() - timedelta(days=1),
            nonce=uuid4(),
            actor=fund.preparer,
            at=worlds.PREPARED_AT,
        ),
        Unacceptable,
    ),
    (
        "no such tranche",
        lambda fund: operations.prepare_payment(
            tranche_id=uuid4(),
            value_on=worlds.VALUE_ON,
            nonce=uuid4(),
            actor=fund.preparer,
            at=worlds.PREPARED_AT,
        ),
        Missing,
    ),
]


@pytest.mark.parametrize(
    ("spoil", "refusal"), [case[1:] for case in PREPARE_SPOILT], ids=[c[0] for c in PREPARE_SPOILT]
)
def test_a_payment_that_may_not_be_prepared_is_refused(
    fund: Fund, spoil: Callable[[Fund], Any], refusal: type[Refusal]
):
    before = [Payment.objects.count(), Entry.objects.count(), Event.objects.count(), books()]

    with pytest.raises(refusal):
        spoil(fund)

    assert [Payment.objects.count(), Entry.objects.count(), Event.objects.count(), books()] == before


def test_nothing_is_prepared_to_details_that_are_missing_or_wait_for_their_verification():
    fund = worlds.a_fund(with_account=False)
    with pytest.raises(GateClosed, match="No account of the organisation"):
        worlds.prepare(fund)
    worlds.an_account(fund)
    with pytest.raises(GateClosed, match="wait for an officer other than"):
        worlds.prepare(fund)
    assert Payment.objects.count() == 0


def test_a_tranche_has_one_payment_under_way(fund: Fund):
    worlds.prepare(fund)

    with pytest.raises(GateClosed, match="PAY-2026-0001 already pays"):
        worlds.prepare(fund, by=people.someone(RoleName.SECRETARIAT))


CERTIFY_SPOILT: list[tuple[str, Callable[[Fund, Payment], Any], type[Refusal]]] = [
    ("a treasury officer", lambda fund, payment: worlds.certify(fund, payment, by=fund.treasurer), NotPermitted),
    ("the preparer", lambda fund, payment: worlds.certify(fund, payment, by=fund.preparer), NotPermitted),
    (
        "seconded",
        lambda fund, payment: worlds.certify(fund, payment, by=_seconded(RoleName.CERTIFYING_OFFICER)),
        NotPermitted,
    ),
    ("a wrong code", lambda fund, payment: _certify_with(fund, payment, Proof(code="000000")), SecondFactorFailed),
    ("no second factor", lambda fund, payment: _certify_with(fund, payment, Proof()), SecondFactorFailed),
    (
        "a passkey touched for another step",
        lambda fund, payment: _certify_with(
            fund,
            payment,
            worlds.signed(fund.certifier, queries.fingerprint_of(payment, StepKind.RELEASE, uuid4())),
        ),
        SecondFactorFailed,
    ),
    (
        "changed bank details",
        lambda fund, payment: (worlds.an_account(fund, worlds.OTHER_DETAILS), worlds.certify(fund, payment)),
        GateClosed,
    ),
    (
        "other details, verified too",
        lambda fund, payment: (worlds.a_verified_account(fund, worlds.OTHER_DETAILS), worlds.certify(fund, payment)),
        GateClosed,
    ),
]


def _certify_with(fund: Fund, payment: Payment, proof: Proof) -> Payment:
    return operations.certify_payment(
        payment_id=payment.pk, proof=proof, nonce=uuid4(), actor=fund.certifier, at=worlds.CERTIFIED_AT
    )


@pytest.mark.parametrize(
    ("spoil", "refusal"), [case[1:] for case in CERTIFY_SPOILT], ids=[c[0] for c in CERTIFY_SPOILT]
)
def test_a_payment_that_may_not_be_certified_stays_prepared(
    fund: Fund, spoil: Callable[[Fund, Payment], Any], refusal: type[Refusal]
):
    payment = worlds.prepare(fund)
    before = books()

    with pytest.raises(refusal):
        spoil(fund, payment)

    assert books() == before
    assert list(PaymentStep.objects.values_list("kind", flat=True)) == ["prepare"]
    assert Payment.objects.get().status == "prepared"


def _typed(fund: Fund, payment: Payment, typed: Money) -> Payment:
    return worlds.release(fund, payment, typed=typed)


def _ended(person: User) -> int:
    return Role.objects.filter(person=person).update(ended_at=worlds.CERTIFIED_AT)


def _release_twice_with_one_answer(fund: Fund, payment: Payment) -> Payment:
    nonce = uuid4()
    proof = worlds.signed(fund.treasurer, queries.fingerprint_of(payment, StepKind.RELEASE, nonce))
    said: dict[str, Any] = {"payment_id": payment.pk, "proof": proof, "actor": fund.treasurer, "at": worlds.RELEASED_AT}
    with pytest.raises(SecondFactorFailed):
        operations.release_payment(typed=payment.amount, nonce=uuid4(), **said)
    return operations.release_payment(typed=payment.amount, nonce=uuid4(), **said)


RELEASE_SPOILT: list[tuple[str, Callable[[Fund, Payment], Any], type[Refusal]]] = [
    ("the certifier", lambda fund, payment: worlds.release(fund, payment, by=fund.certifier), NotPermitted),
    ("the preparer", lambda fund, payment: worlds.release(fund, payment, by=fund.preparer), NotPermitted),
    ("the administrator", lambda fund, pay: worlds.release(fund, pay, by=fund.committee.administrator), NotPermitted),
    ("an amount of another payment", lambda fund, pay: worlds.release(fund, pay, typed=SECOND), Unacceptable),
    (
        "the amount in another currency",
        lambda fund, pay: _typed(fund, pay, Money.of("1700000.00", "EUR")),
        Unacceptable,
    ),
    (
        "changed details",
        lambda fund, pay: (worlds.an_account(fund, worlds.OTHER_DETAILS), worlds.release(fund, pay)),
        GateClosed,
    ),
    ("a suspended tranche", lambda fund, payment: _suspended(fund) and worlds.release(fund, payment), GateClosed),
    (
        "a role that has ended",
        lambda fund, payment: _ended(fund.treasurer) and worlds.release(fund, payment),
        NotPermitted,
    ),
    ("a used passkey answer", _release_twice_with_one_answer, SecondFactorFailed),
]


@pytest.mark.parametrize(
    ("spoil", "refusal"), [case[1:] for case in RELEASE_SPOILT], ids=[c[0] for c in RELEASE_SPOILT]
)
def test_a_payment_that_may_not_be_released_stays_certified_and_the_cash_stays(
    fund: Fund, spoil: Callable[[Fund, Payment], Any], refusal: type[Refusal]
):
    _made, payment = worlds.a_certified_payment(fund)
    before = books()

    with pytest.raises(refusal):
        spoil(fund, payment)

    assert books() == before
    assert Payment.objects.get().status == "certified"
    assert not PaymentStep.objects.filter(kind="release").exists()


def test_without_the_cash_nothing_is_released(fund: Fund):
    _made, payment = worlds.a_certified_payment(fund)
    worlds.drain_cash(fund, FIRST)

    with pytest.raises(GateClosed, match="in cash"):
        worlds.release(fund, payment)

    assert Payment.objects.get().status == "certified"


END_SPOILT: list[tuple[str, Callable[[Fund, Payment], Any], type[Refusal]]] = [
    ("confirmed by the releaser", lambda fund, pay: worlds.confirm(fund, pay, by=fund.treasurer), NotPermitted),
    ("confirmed by the certifier", lambda fund, pay: worlds.confirm(fund, pay, by=fund.certifier), NotPermitted),
    ("confirmed by the preparer", lambda fund, pay: worlds.confirm(fund, pay, by=fund.preparer), NotPermitted),
    ("returned by the releaser", lambda fund, pay: worlds.give_back(fund, pay, by=fund.treasurer), NotPermitted),
    ("cancelled", worlds.cancel, WrongState),
    ("without advice", lambda fund, payment: _confirm_with(fund, payment, bank_reference=" "), Unacceptable),
    ("on a day to come", lambda fund, pay: _confirm_with(fund, pay, days=9), Unacceptable),
    ("on a day before release", lambda fund, pay: _confirm_with(fund, pay, days=-9), Unacceptable),
]


def _confirm_with(fund: Fund, payment: Payment, *, bank_reference: str = "CAMT-1", days: int = 0) -> Payment:
    return operations.confirm_payment(
        payment_id=payment.pk,
        bank_reference=bank_reference,
        credited_on=worlds.ENDED_AT.date() + timedelta(days=days),
        nonce=uuid4(),
        actor=fund.other_treasurer,
        at=worlds.ENDED_AT,
    )


@pytest.mark.parametrize(("spoil", "refusal"), [case[1:] for case in END_SPOILT], ids=[c[0] for c in END_SPOILT])
def test_a_released_payment_stays_in_transit_when_its_end_is_refused(
    fund: Fund, spoil: Callable[[Fund, Payment], Any], refusal: type[Refusal]
):
    _made, payment = worlds.a_released_payment(fund)
    before = snapshot(payment)

    with pytest.raises(refusal):
        spoil(fund, payment)

    assert snapshot(payment) == before


def test_the_same_page_sent_twice_is_one_step(fund: Fund):
    nonces = [uuid4() for _ in range(3)]

    payment = worlds.prepare(fund, nonce=nonces[0])
    assert worlds.prepare(fund, nonce=nonces[0]).pk == payment.pk
    for _ in range(2):
        worlds.certify(fund, payment, nonce=nonces[1])
    for _ in range(2):
        worlds.release(fund, payment, nonce=nonces[2])

    assert Payment.objects.get().status == "released"
    assert PaymentStep.objects.count() == 3
    assert Entry.objects.filter(kind__startswith="payment.").count() == 3
    assert Event.objects.filter(kind__startswith="payment.").count() == 3


def test_a_pages_number_is_good_for_its_own_step_and_person_only(fund: Fund):
    nonce = uuid4()
    payment = worlds.prepare(fund, nonce=nonce)

    with pytest.raises(Conflict):
        worlds.certify(fund, payment, nonce=nonce)
    with pytest.raises(Conflict):
        worlds.prepare(fund, nonce=nonce, by=people.someone(RoleName.SECRETARIAT))


def test_what_waits_is_shown_to_whom_it_waits_for_and_to_nobody_who_has_signed(fund: Fund):
    payment = worlds.prepare(fund)
    assert queries.payments_waiting_for(fund.certifier) == [payment]
    assert queries.payments_waiting_for(fund.treasurer) == []
    assert queries.payments_waiting_for(_seconded(RoleName.CERTIFYING_OFFICER)) == []

    worlds.certify(fund, payment)
    assert queries.payments_waiting_for(fund.treasurer) == [payment]

    worlds.release(fund, payment)
    assert queries.payments_waiting_for(fund.treasurer) == []
    assert queries.payments_waiting_for(fund.certifier) == []
    assert queries.payments_waiting_for(fund.other_treasurer) == [payment]
    assert list(queries.in_transit()) == [payment]


def test_the_payment_is_locked_before_anything_is_written(fund: Fund):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    _made, payment = worlds.a_certified_payment(fund)
    nonce = uuid4()
    proof = worlds.signed(fund.treasurer, queries.fingerprint_of(payment, StepKind.RELEASE, nonce))
    with CaptureQueriesContext(
        connection,
    ) as captured:
        payment_operations.release_payment(
            payment_id=payment.pk,
            typed=payment.amount,
            proof=proof,
            nonce=nonce,
            actor=fund.treasurer,
            at=worlds.RELEASED_AT,
        )
    said = [query["sql"] for query in captured.captured_queries]
    first_write = next(place for place, sql in enumerate(said) if sql.startswith(("INSERT", "UPDATE")))
    lock = next(place for place, sql in enumerate(said) if "disbursements_payment" in sql and "FOR UPDATE" in sql)
    assert lock < first_write
    assert len(said) <= 45


def test_standings_take_as_many_queries_for_thirty_payments_as_for_one(fund: Fund, django_assert_num_queries: Any):
    payment = worlds.prepare(fund)
    (one,) = queries.release_queue()
    with django_assert_num_queries(21):
        assert [standing.clear for standing in queries.standings([one], worlds.CERTIFIED_AT)] == [len(GATES)]
    with django_assert_num_queries(21):
        assert len(queries.standings([one] * 30, worlds.CERTIFIED_AT)) == 30
    assert one == payment
