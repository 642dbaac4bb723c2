"""Everything that can happen to a payment before it leaves the fund: prepared, certified, released, or cancelled."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from disbursements import gates
from disbursements.gates import Gate
from disbursements.locks import payments as locks
from disbursements.models import Payment, PaymentStep, Programme
from disbursements.operations.orders import write_order
from disbursements.payment_states import PaymentStatus, StepKind, require_move
from disbursements.permissions import payments as permissions
from disbursements.postings import payments as postings
from disbursements.queries import payments as queries
from ledger import chart
from ledger import operations as ledger
from ledger.drafts import Draft
from trustfund.core import events, step_up
from trustfund.core.db import require_transaction
from trustfund.core.models import Confirmation, User
from trustfund.core.money import Money
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import Unacceptable, WrongState
from trustfund.core.step_up import Proof

_TITLE = 120


@transaction.atomic(durable=True)
def prepare_payment(*, tranche_id: UUID, value_on: date, nonce: UUID, actor: User, at: datetime) -> Payment:
    """
    Prepare the payment of a tranche that is due, in full, to the organisation's verified bank details.

    Where its route buys goods offshore, the vendor is paid. Only a decision on a shortfall makes it a part.
    After a bank has returned a payment of the tranche, the new one takes its place and says so.

    :param value_on: the day on which the organisation should have the money
    :param nonce: the page's own number; the same page sent twice prepares one payment
    :raises Missing: if there is no such tranche
    :raises NotPermitted: if the actor is not of the secretariat, or proposed it
    :raises GateClosed: if a gate is not clear, such as another payment under way
    :raises Unacceptable: if the value date is past
    :raises InsufficientFunds: if the reservation no longer covers it
    """
    tranche = locks.payable(tranche_id)
    if sent := queries.step_sent_before(nonce, StepKind.PREPARE, actor=actor):
        return sent.payment
    permissions.may_prepare(actor, tranche).enforce()
    programme = tranche.proposal.programme
    account = queries.current_account(queries.payee_of(tranche).pk)
    found = queries.gates_before(tranche, account, at)
    gates.require_clear(found)
    if account is None:
        raise WrongState(_("The organisation has no bank details. Register them, and let another officer verify them."))
    if value_on < at.date():
        raise Unacceptable(_("The value date is past. Choose today or a later day."))

    payment = Payment.objects.create(
        reference=next_reference("PAY", at.date(), digits=4),
        tranche=tranche,
        bank_account=account,
        amount_minor=queries.amount_to_pay(tranche).minor,
        currency=tranche.currency,
        value_on=value_on,
        replaces=queries.last_return_of(tranche),
        route=queries.route_of(tranche),
        prepared_at=at,
    )
    post(postings.prepare(payment, on=at.date()), programme, actor=actor, at=at)
    add_step(payment, StepKind.PREPARE, nonce=nonce, actor=actor, at=at, found=found)
    tranche.mark_in_payment()
    record("payment.prepared", payment, actor=actor, at=at, replaces=str(payment.replaces or ""))
    return payment


@transaction.atomic(durable=True)
def certify_payment(*, payment_id: UUID, proof: Proof, nonce: UUID, actor: User, at: datetime) -> Payment:
    """
    Certify that a payment is right: what the committee decided, to whom, how much, to verified details.

    :param proof: a fresh second factor, bound to `queries.fingerprint_of(payment, StepKind.CERTIFY, nonce)`
    :param nonce: the page's own number; the same page sent twice certifies once
    :raises Missing: if there is no such payment
    :raises NotPermitted: if the actor is no certifying officer, or has a hand in it already
    :raises WrongState: if it is not prepared
    :raises GateClosed: if a gate is not clear any more
    :raises SecondFactorFailed: if the second factor is wrong or was used
    """
    payment = locks.payment(payment_id)
    if queries.step_sent_before(nonce, StepKind.CERTIFY, actor=actor, payment_id=payment.id):
        return payment
    permissions.may_certify(actor, payment).enforce()
    require_move(PaymentStatus(payment.status), to=PaymentStatus.CERTIFIED)
    found = queries.gates_of(payment, at)
    gates.require_clear(found)
    confirmation = _confirm(payment, StepKind.CERTIFY, proof=proof, nonce=nonce, actor=actor, at=at)

    post(postings.certify(payment, on=at.date()), payment.tranche.proposal.programme, actor=actor, at=at)
    add_step(payment, StepKind.CERTIFY, nonce=nonce, actor=actor, at=at, found=found, confirmation=confirmation)
    payment.mark_certified()
    record("payment.certified", payment, actor=actor, at=at)
    return payment


@transaction.atomic(durable=True)
def release_payment(*, payment_id: UUID, typed: Money, proof: Proof, nonce: UUID, actor: User, at: datetime) -> Payment:
    """
    Release a payment: the money leaves the fund's cash and is in transit, and the bank's order is written, once.

    :param typed: the amount as the treasury officer typed it by hand
    :param proof: a fresh second factor, bound to `queries.fingerprint_of(payment, StepKind.RELEASE, nonce)`
    :param nonce: the page's own number; the same page sent twice releases once
    :raises Missing: if there is no such payment
    :raises NotPermitted: if the actor is no treasury officer, or has a hand in it already
    :raises WrongState: if it is not certified
    :raises GateClosed: if a gate is not clear any more
    :raises Unacceptable: if the typed amount is another
    :raises SecondFactorFailed: if the second factor is wrong or was used
    :raises InsufficientFunds: if the fund's cash does not cover it
    """
    payment = locks.payment(payment_id)
    if queries.step_sent_before(nonce, StepKind.RELEASE, actor=actor, payment_id=payment.id):
        return payment
    permissions.may_release(actor, payment).enforce()
    require_move(PaymentStatus(payment.status), to=PaymentStatus.RELEASED)
    found = queries.gates_of(payment, at)
    gates.require_clear(found)
    if typed != payment.amount:
        raise Unacceptable(
            _("You typed %(typed)s, and this payment is %(amount)s. Check that it is the payment you mean.")
            % {"typed": typed, "amount": payment.amount}
        )
    confirmation = _confirm(payment, StepKind.RELEASE, proof=proof, nonce=nonce, actor=actor, at=at)

    post(postings.release(payment, on=at.date()), payment.tranche.proposal.programme, actor=actor, at=at)
    step = add_step(payment, StepKind.RELEASE, nonce=nonce, actor=actor, at=at, found=found, confirmation=confirmation)
    payment.mark_released(step)
    file = write_order(payment, actor=actor, at=at)
    record("payment.released", payment, actor=actor, at=at, sha256=file.sha256)
    return payment


@transaction.atomic(durable=True)
def cancel_payment(*, payment_id: UUID, note: str, nonce: UUID, actor: User, at: datetime) -> Payment:
    """
    Cancel a payment before release: its money is reserved again and its tranche is due again.

    :param note: why
    :raises Missing: if there is no such payment
    :raises NotPermitted: if the actor is no officer of the fund
    :raises WrongState: if it was released or has ended
    :raises Unacceptable: if no reason is given
    """
    payment = locks.payment(payment_id)
    if queries.step_sent_before(nonce, StepKind.CANCEL, actor=actor, payment_id=payment.id):
        return payment
    return cancel(payment, note=note, nonce=nonce, actor=actor, at=at)


def cancel(payment: Payment, *, note: str, nonce: UUID, actor: User, at: datetime) -> Payment:
    """
    Cancel a payment that is held, in the transaction of whoever decides it.

    :raises Refusal: whatever `cancel_payment` raises
    """
    require_transaction()
    permissions.may_cancel(actor, payment).enforce()
    require_move(PaymentStatus(payment.status), to=PaymentStatus.CANCELLED)
    if not note.strip():
        raise Unacceptable(_("Say why it is cancelled. Whoever prepared it will read this."))

    post(postings.cancel(payment, on=at.date()), payment.tranche.proposal.programme, actor=actor, at=at)
    step = add_step(payment, StepKind.CANCEL, nonce=nonce, actor=actor, at=at, note=note.strip())
    payment.mark_ended(step, PaymentStatus.CANCELLED)
    payment.tranche.mark_due()
    record("payment.cancelled", payment, actor=actor, at=at, note=step.note)
    return payment


def post(draft: Draft, programme: Programme | None, *, actor: User, at: datetime) -> None:
    """Post a draft, and before it open the programme's own accounts that it is the first to touch."""
    for leg in draft.legs:
        if programme is not None and chart.reference_of(leg.account):
            head = chart.head_of(leg.account)
            ledger.open_under(head, programme.reference, of=programme.title[:_TITLE], by=actor, at=at)
    ledger.post_late(draft, by=actor, at=at)


def add_step(
    payment: Payment,
    kind: StepKind,
    *,
    nonce: UUID,
    actor: User,
    at: datetime,
    found: Iterable[Gate] = (),
    confirmation: Confirmation | None = None,
    effective_on: date | None = None,
    bank_reference: str = "",
    reason_code: str = "",
    note: str = "",
) -> PaymentStep:
    """Append what somebody did to a payment, with the gates as they stood."""
    return PaymentStep.objects.create(
        payment=payment,
        kind=kind,
        by=actor,
        at=at,
        nonce=nonce,
        confirmation=confirmation,
        effective_on=effective_on or at.date(),
        bank_reference=bank_reference,
        reason_code=reason_code,
        note=note,
        gates=[asdict(gate) for gate in found],
    )


def record(kind: str, payment: Payment, *, actor: User | None, at: datetime, **facts: str) -> None:
    """Record what happened to a payment, with what a reader of the record needs; never bank details."""
    events.record(
        kind,
        about=payment.id,
        by=actor,
        at=at,
        reference=payment.reference,
        tranche=payment.tranche.reference,
        amount=str(payment.amount),
        **facts,
    )


def _confirm(payment: Payment, kind: StepKind, *, proof: Proof, nonce: UUID, actor: User, at: datetime) -> Confirmation:
    return step_up.confirm(
        proof=proof,
        person=actor,
        purpose=f"payment.{kind}",
        fingerprint=queries.fingerprint_of(payment, kind, nonce),
        at=at,
    )
