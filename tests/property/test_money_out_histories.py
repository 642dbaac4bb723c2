"""Two hundred random but valid histories of a payment: the books balance, and nobody appears twice on one payment."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from committee.models import Motion
from disbursements import operations
from disbursements.gates import GateClosed
from disbursements.models import DirectCost, Hold, Payment, RefundOffset, Tranche
from disbursements.payment_states import GONE, ReturnReason
from disbursements.queries import direct_costs as cost_queries
from disbursements.queries import offsets as offset_queries
from disbursements.queries.fund import continuity_reserve, spendable
from disbursements.queries.reserve import floor
from ledger import chart
from ledger import queries as ledger_queries
from tests import committee_worlds, people
from tests import payment_worlds as worlds
from tests.payment_worlds import FIRST, OWED, POOL, SECOND, Fund
from trustfund.core.models import User
from trustfund.core.money import Money, total
from trustfund.core.refusals import InsufficientFunds, NotPermitted
from trustfund.core.roles import RoleName

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

HISTORIES, STEPS = 200, 6
CERTIFIERS, TREASURERS = 2, 4
RECEIPT = Money.of("1250000.00", "USD")
# Mostly who may, and always somebody who may not.
_certifier = some.integers(0, CERTIFIERS)
_treasurer = some.integers(CERTIFIERS - 1, CERTIFIERS + TREASURERS - 1)


class Histories(RuleBasedStateMachine):
    """One tranche's payments, one after another; holds, receipts, the reserve, a refund and a cost in between."""

    fund: ClassVar[Fund]
    offset: ClassVar[RefundOffset]
    cost: ClassVar[DirectCost]
    cost_carried_at: ClassVar[datetime]
    officers: ClassVar[list[User]]

    @initialize()
    def begin(self) -> None:
        self.before = transaction.savepoint()
        self.at = worlds.PREPARED_AT
        self.payment: Payment | None = None
        self.signed: set[Any] = set()
        self.hold: Hold | None = None
        self.received = POOL
        self.taken = self.charged = Money.zero("USD")

    def teardown(self) -> None:
        if not hasattr(self, "before"):
            return
        try:
            self._the_books_are_right()
        finally:
            transaction.savepoint_rollback(self.before)

    # What the world offers next

    def _status(self) -> str:
        return self.payment.status if self.payment else "none"

    def _now(self) -> datetime:
        self.at += timedelta(minutes=10)
        return self.at

    def _sign(
        self, act: Callable[..., Payment], officer: User, *, roles: set[RoleName], stops: bool, **said: Any
    ) -> None:
        """Let an officer act, and expect the refusal that the model knows of; each step is somebody new's."""
        assert self.payment is not None
        expected: type[Exception] | None = None
        if officer.pk in self.signed or not roles & set(officer.role_names):
            expected = NotPermitted
        elif stops and self.hold is not None:
            expected = GateClosed
        if expected is not None:
            with pytest.raises(expected):
                act(self.fund, self.payment, by=officer, at=self._now(), **said)
            return
        act(self.fund, self.payment, by=officer, at=self._now(), **said)
        self.signed.add(officer.pk)
        self.payment.refresh_from_db()

    @precondition(lambda self: self._status() in {"none", "cancelled", "returned"})
    @rule()
    def prepare(self) -> None:
        if self.hold is not None:
            with pytest.raises(GateClosed):
                worlds.prepare(self.fund, at=self._now())
            return
        self.payment = worlds.prepare(self.fund, at=self._now())
        self.signed = {self.fund.preparer.pk}

    @precondition(lambda self: self._status() == "prepared")
    @rule(officer=_certifier)
    def certify(self, officer: int) -> None:
        self._sign(worlds.certify, self.officers[officer], roles={RoleName.CERTIFYING_OFFICER}, stops=True)

    @precondition(lambda self: self._status() == "certified")
    @rule(officer=_treasurer)
    def release(self, officer: int) -> None:
        self._sign(worlds.release, self.officers[officer], roles={RoleName.TREASURY_OFFICER}, stops=True)

    @precondition(lambda self: self._status() == "released")
    @rule()
    def the_bank_takes_the_order(self) -> None:
        assert self.payment is not None
        worlds.answered(self.fund, self.payment, at=self._now())
        self.payment.refresh_from_db()

    @precondition(lambda self: self._status() in {"released", "sent"})
    @rule(officer=_treasurer)
    def confirm(self, officer: int) -> None:
        roles = {RoleName.CERTIFYING_OFFICER, RoleName.TREASURY_OFFICER}
        self._sign(worlds.confirm, self.officers[officer], roles=roles, stops=False)

    @precondition(lambda self: self._status() in {"released", "sent", "confirmed"})
    @rule(officer=_treasurer)
    def give_back(self, officer: int) -> None:
        roles = {RoleName.CERTIFYING_OFFICER, RoleName.TREASURY_OFFICER}
        self._sign(worlds.give_back, self.officers[officer], roles=roles, stops=False, reason=ReturnReason.MS03)

    @precondition(lambda self: self._status() in {"prepared", "certified"})
    @rule()
    def cancel(self) -> None:
        assert self.payment is not None
        worlds.cancel(self.fund, self.payment, at=self._now())
        self.payment.refresh_from_db()

    @precondition(lambda self: self.hold is None)
    @rule()
    def place_hold(self) -> None:
        self.hold = worlds.a_hold(self.fund, by=self.fund.secretariat, at=self._now())

    @precondition(lambda self: self.hold is not None)
    @rule()
    def lift_hold(self) -> None:
        assert self.hold is not None
        worlds.lift(self.hold, self.fund.preparer, at=self._now())
        self.hold = None

    @rule()
    def money_comes_in(self) -> None:
        worlds.fill_pool(self.fund.preparer, RECEIPT)
        self.received += RECEIPT

    @precondition(lambda self: floor(self.at.date()).shortfall.minor > 0)
    @rule()
    def raise_the_reserve(self) -> None:
        try:
            operations.raise_reserve_to_floor(actor=self.fund.treasurer, at=self._now())
        except InsufficientFunds:
            assert not spendable()

    @precondition(lambda self: not self.taken and self._status() in {"none", "cancelled", "returned"})
    @rule()
    def take_a_refund_off(self) -> None:
        nonce, by = uuid4(), self.fund.certifier
        proof = worlds.signed(by, offset_queries.fingerprint_of(self.offset, nonce))

        def agree() -> None:
            operations.agree_to_offset(offset_id=self.offset.pk, proof=proof, nonce=nonce, actor=by, at=self._now())

        if self.hold is not None:
            with pytest.raises(GateClosed):
                agree()
            return
        agree()
        self.taken = OWED

    @precondition(lambda self: not self.charged)
    @rule()
    def charge_a_cost(self) -> None:
        nonce, by = uuid4(), self.fund.other_treasurer
        self.at = max(self.at, self.cost_carried_at)
        try:
            operations.charge_direct_cost(
                cost_id=self.cost.pk,
                bank_reference="CAMT-53-0007",
                on=self.cost_carried_at.date(),
                proof=worlds.signed(by, cost_queries.fingerprint_of(self.cost, nonce)),
                nonce=nonce,
                actor=by,
                at=self._now(),
            )
        except InsufficientFunds:
            assert spendable() < self.cost.amount
            return
        self.charged = self.cost.amount

    # What must hold after every history

    def _the_books_are_right(self) -> None:
        trial = ledger_queries.trial_balance()
        assert total((line.debit for line in trial), "USD") == total((line.credit for line in trial), "USD")
        assert spendable() == self._recounted()
        for payment in Payment.objects.all():
            signers = list(payment.steps.exclude(kind="cancel").values_list("by_id", flat=True))
            assert len(set(signers)) == len(signers)
            assert payment.tranche.proposal.proposer_id not in signers

    def _recounted(self) -> Money:
        """Return what is spendable, counted slowly from payments and tranches and not from the books' own account."""
        gone = [payment for payment in Payment.objects.all() if payment.status in {str(status) for status in GONE}]
        away = total((payment.amount for payment in gone), "USD")
        promised = total((tranche.amount for tranche in Tranche.objects.all()), "USD") - away - self.taken
        cash = self.received - OWED - away - self.charged
        assert cash == ledger_queries.balance_of(chart.CASH)
        return cash - promised - continuity_reserve()


def test_two_hundred_histories_leave_the_books_right_and_nobody_twice_on_a_payment(settings_of_documents: None):
    Histories.fund = worlds.a_fund()
    Histories.officers = [
        *(people.someone(RoleName.CERTIFYING_OFFICER) for _ in range(CERTIFIERS)),
        *(people.someone(RoleName.TREASURY_OFFICER) for _ in range(TREASURERS)),
    ]
    assert spendable() == POOL - FIRST - SECOND
    fund = Histories.fund
    # The organisation has OWED of an earlier programme, of which it is to give back as much.
    Histories.offset = operations.propose_offset(
        programme_id=worlds.an_owing_programme(fund).pk,
        tranche_id=fund.tranche.pk,
        amount=OWED,
        reason="It is paid for another programme today.",
        actor=fund.preparer,
        at=worlds.APPROVED_AT,
    )
    Histories.cost = worlds.a_direct_cost(fund)
    motion = Motion.objects.get(subject=Histories.cost.pk)
    Histories.cost_carried_at = motion.closes_at
    committee_worlds.carry(motion, at=motion.opened_at + timedelta(hours=1))
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=HISTORIES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def settings_of_documents(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
