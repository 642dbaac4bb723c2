"""Two people, or one person's two clicks, at the same moment: exactly one of them moves the money."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Barrier, Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from committee.models import Motion
from disbursements import operations
from disbursements.models import Payment, PaymentStep, RefundOffset
from disbursements.payment_states import ReturnReason, StepKind
from disbursements.queries import direct_costs as cost_queries
from disbursements.queries import offsets as offset_queries
from disbursements.queries import payments as queries
from disbursements.queries import reserve as reserve_queries
from disbursements.queries.fund import continuity_reserve
from ledger import chart
from ledger import queries as ledger_queries
from ledger.models import Entry
from tests import committee_worlds, people
from tests import payment_worlds as worlds
from tests.payment_worlds import FIRST, OWED, SECOND, Fund
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROUNDS = 10


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run every act in a thread of its own, started together; return what each returned or how it was refused."""
    together = Barrier(len(acts))
    ended: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            together.wait()
            ended[place] = act()
        except Refusal as refusal:
            ended[place] = refusal
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


def releasing(payment: Payment, by: User, nonce: UUID) -> Callable[[], Payment]:
    """Return the click on release, its second factor already shown."""
    proof = worlds.signed(by, queries.fingerprint_of(payment, StepKind.RELEASE, nonce))
    return lambda: operations.release_payment(
        payment_id=payment.pk, typed=payment.amount, proof=proof, nonce=nonce, actor=by, at=worlds.RELEASED_AT
    )


def certified_again(fund: Fund) -> Payment:
    """Prepare and certify the payment of the first tranche; those before were cancelled or returned."""
    return worlds.a_certified_payment(fund)[1]


def undo(fund: Fund, payment: Payment) -> None:
    """Bring the tranche back to due, whichever of two ended first."""
    payment.refresh_from_db()
    if payment.status == "released":
        worlds.give_back(
            fund, payment, reason=ReturnReason.MS03, by=people.someone(RoleName.TREASURY_OFFICER), at=worlds.RELEASED_AT
        )
    elif payment.status in {"prepared", "certified"}:
        worlds.cancel(fund, payment)


def succeeded(ended: list[Any]) -> list[Any]:
    """Return what was not refused."""
    return [one for one in ended if not isinstance(one, Refusal)]


def test_two_treasury_officers_release_one_payment_once():
    fund = worlds.a_fund()
    for _ in range(ROUNDS):
        payment = certified_again(fund)

        ended = at_once(releasing(payment, fund.treasurer, uuid4()), releasing(payment, fund.other_treasurer, uuid4()))

        assert len(succeeded(ended)) == 1
        assert PaymentStep.objects.filter(payment=payment, kind="release").count() == 1
        assert ledger_queries.balance_of("1200") == FIRST
        undo(fund, payment)
    assert ledger_queries.balance_of("1200") == Money.zero("USD")


def test_one_officers_double_click_is_one_release_and_both_clicks_see_it():
    fund = worlds.a_fund()
    for _ in range(ROUNDS):
        payment = certified_again(fund)
        nonce = uuid4()

        ended = at_once(releasing(payment, fund.treasurer, nonce), releasing(payment, fund.treasurer, nonce))

        assert [one.status for one in ended] == ["released", "released"]
        assert Entry.objects.filter(kind="payment.released", reference=payment.reference).count() == 1
        undo(fund, payment)


def test_release_and_cancel_at_once_end_as_one_or_the_other_never_both():
    fund = worlds.a_fund()
    for _ in range(ROUNDS):
        payment = certified_again(fund)

        ended = at_once(releasing(payment, fund.treasurer, uuid4()), partial(worlds.cancel, fund, payment))

        assert len(succeeded(ended)) == 1
        payment.refresh_from_db()
        held = {"released": (FIRST, SECOND), "cancelled": (Money.zero("USD"), FIRST + SECOND)}[payment.status]
        assert (ledger_queries.balance_of("1200"), ledger_queries.total_under("9410")) == held
        undo(fund, payment)


def test_two_payments_of_one_tranche_are_prepared_once():
    fund = worlds.a_fund()
    colleague = people.someone(RoleName.SECRETARIAT)
    for _ in range(ROUNDS):
        ended = at_once(lambda: worlds.prepare(fund), lambda: worlds.prepare(fund, by=colleague))

        (payment,) = succeeded(ended)
        assert Payment.objects.filter(status="prepared").count() == 1
        undo(fund, payment)


def test_confirm_and_return_at_once_leave_the_money_in_one_place():
    fund = worlds.a_fund()
    one, other = people.someone(RoleName.TREASURY_OFFICER), people.someone(RoleName.CERTIFYING_OFFICER)
    _made, payment = worlds.a_released_payment(fund)

    ended = at_once(lambda: worlds.confirm(fund, payment, by=one), lambda: worlds.give_back(fund, payment, by=other))

    # What had arrived may come back; what came back cannot arrive any more.
    payment.refresh_from_db()
    kinds = list(payment.steps.order_by("id").values_list("kind", flat=True))[3:]
    assert kinds in (["return"], ["confirm"], ["confirm", "return"])
    assert len(succeeded(ended)) == len(kinds)
    assert payment.status == {"return": "returned", "confirm": "confirmed"}[kinds[-1]]
    assert ledger_queries.balance_of("1200") == Money.zero("USD")
    assert (ledger_queries.total_under("5100") == FIRST) == (payment.status == "confirmed")
    assert (ledger_queries.total_under("9410") == FIRST + SECOND) == (payment.status == "returned")


def test_a_signature_and_a_change_of_details_at_once_never_sign_the_old_details_after_the_change():
    fund = worlds.a_fund()
    for number in range(ROUNDS):
        payment = certified_again(fund)
        details = worlds.OTHER_DETAILS if number % 2 == 0 else worlds.DETAILS

        released, account = at_once(
            releasing(payment, fund.treasurer, uuid4()),
            partial(worlds.an_account, fund, details),
        )

        assert not isinstance(account, Refusal)
        step = PaymentStep.objects.filter(payment=payment, kind="release").first()
        assert (step is None) == isinstance(released, Refusal)
        undo(fund, payment)
        worlds.verify(account, fund.certifier)


def agreeing(offset: RefundOffset, by: User) -> Callable[[], RefundOffset]:
    """Return a certifying officer's click on taking a refund off, its second factor already shown."""
    nonce = uuid4()
    proof = worlds.signed(by, offset_queries.fingerprint_of(offset, nonce))
    return lambda: operations.agree_to_offset(
        offset_id=offset.pk, proof=proof, nonce=nonce, actor=by, at=worlds.APPROVED_AT
    )


def test_a_refund_is_taken_off_once_and_never_from_a_payment_that_is_prepared_meanwhile():
    fund, taken = worlds.a_fund(), Money.zero("USD")
    other = people.someone(RoleName.CERTIFYING_OFFICER)
    for _ in range(ROUNDS // 2):
        offset = operations.propose_offset(
            programme_id=worlds.an_owing_programme(fund).pk,
            tranche_id=fund.tranche.pk,
            amount=OWED,
            reason="It is paid for another programme today.",
            actor=fund.preparer,
            at=worlds.APPROVED_AT,
        )

        ended = at_once(
            agreeing(offset, fund.certifier),
            agreeing(offset, other),
            lambda: worlds.prepare(fund, at=worlds.APPROVED_AT),
        )

        agreed = RefundOffset.objects.filter(pk=offset.pk, answer__agrees=True).count()
        taken += OWED if agreed else Money.zero("USD")
        payment = Payment.objects.filter(status="prepared").first()
        assert sum(isinstance(one, RefundOffset) for one in ended) == agreed
        assert payment is None or payment.amount == FIRST - taken
        assert Entry.objects.filter(kind="refund.taken_off", reference=offset.reference).count() == agreed
        if payment:
            undo(fund, payment)


def test_two_certifying_officers_sign_one_payment_once():
    fund = worlds.a_fund()
    other = people.someone(RoleName.CERTIFYING_OFFICER)
    for _ in range(ROUNDS // 2):
        _fund, payment = worlds.a_prepared_payment(fund)

        ended = at_once(*(partial(worlds.certify, fund, payment, by=by) for by in (fund.certifier, other)))

        assert len(succeeded(ended)) == 1
        assert PaymentStep.objects.filter(payment=payment, kind="certify").count() == 1
        undo(fund, payment)


def test_what_the_committee_lets_the_reserve_bear_is_used_once():
    fund = worlds.a_fund()
    operations.raise_reserve_to_floor(actor=fund.treasurer, at=worlds.RELEASED_AT)
    use, motion = operations.ask_to_use_reserve(
        amount=Money.of("500000.00", "USD"),
        reason="A donor is late.",
        refill="From its instalment.",
        closes_at=worlds.RELEASED_AT + timedelta(days=3),
        actor=fund.secretariat,
        at=worlds.RELEASED_AT,
    )
    committee_worlds.carry(motion, at=motion.opened_at + timedelta(hours=1))
    before = continuity_reserve()

    def using(by: User) -> Callable[[], Any]:
        nonce = uuid4()
        proof = worlds.signed(by, reserve_queries.fingerprint_of(use, nonce))
        return lambda: operations.use_reserve(
            use_id=use.pk, proof=proof, nonce=nonce, actor=by, at=motion.closes_at + timedelta(hours=1)
        )

    ended = at_once(using(fund.treasurer), using(fund.other_treasurer))

    assert len(succeeded(ended)) == 1
    assert before - continuity_reserve() == use.amount


def test_a_cost_of_the_fund_is_charged_once():
    fund = worlds.a_fund()
    cost = worlds.a_direct_cost(fund)
    motion = Motion.objects.get(subject=cost.pk)
    committee_worlds.carry(motion, at=motion.opened_at + timedelta(hours=1))
    cash = ledger_queries.balance_of(chart.CASH)

    def charging(by: User) -> Callable[[], Any]:
        nonce = uuid4()
        proof = worlds.signed(by, cost_queries.fingerprint_of(cost, nonce))
        return lambda: operations.charge_direct_cost(
            cost_id=cost.pk,
            bank_reference="CAMT-53-0007",
            on=motion.closes_at.date(),
            proof=proof,
            nonce=nonce,
            actor=by,
            at=motion.closes_at + timedelta(hours=1),
        )

    ended = at_once(charging(fund.treasurer), charging(fund.other_treasurer))

    assert len(succeeded(ended)) == 1
    assert cash - ledger_queries.balance_of(chart.CASH) == cost.amount
