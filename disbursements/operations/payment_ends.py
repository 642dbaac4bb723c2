"""How a released payment ends: the organisation has the money, or a bank sent it back."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from disbursements.locks import payments as locks
from disbursements.models import Payment
from disbursements.operations.payments import add_step, post, record
from disbursements.payment_states import PaymentStatus, ReturnReason, StepKind, require_move
from disbursements.permissions import payments as permissions
from disbursements.postings import payments as postings
from disbursements.queries import payments as queries
from trustfund.core.models import User
from trustfund.core.refusals import Unacceptable


@transaction.atomic(durable=True)
def confirm_payment(
    *, payment_id: UUID, bank_reference: str, credited_on: date, nonce: UUID, actor: User, at: datetime
) -> Payment:
    """
    Confirm that the organisation has the money, as the bank's advice says; its tranche is paid.

    :param bank_reference: of the bank's advice
    :param credited_on: the day on which the account was credited
    :raises Missing: if there is no such payment
    :raises NotPermitted: if the actor is neither certifying nor treasury officer, or has a hand in it already
    :raises WrongState: if it is not released
    :raises Unacceptable: if the advice has no reference, or its day is before the release or still to come
    """
    payment = locks.payment(payment_id)
    if queries.step_sent_before(nonce, StepKind.CONFIRM, actor=actor, payment_id=payment.id):
        return payment
    permissions.may_confirm(actor, payment).enforce()
    require_move(PaymentStatus(payment.status), to=PaymentStatus.CONFIRMED)
    if not bank_reference.strip():
        raise Unacceptable(_("Name the bank's advice: its reference stands on it."))
    _require_day(payment, credited_on, at)

    post(postings.confirm(payment, on=credited_on), payment.tranche.proposal.programme, actor=actor, at=at)
    step = add_step(
        payment,
        StepKind.CONFIRM,
        nonce=nonce,
        actor=actor,
        at=at,
        effective_on=credited_on,
        bank_reference=bank_reference.strip(),
    )
    payment.mark_ended(step, PaymentStatus.CONFIRMED)
    payment.tranche.mark_paid()
    record("payment.confirmed", payment, actor=actor, at=at, credited_on=credited_on.isoformat())
    return payment


@transaction.atomic(durable=True)
def return_payment(
    *,
    payment_id: UUID,
    reason: ReturnReason,
    returned_on: date,
    nonce: UUID,
    actor: User,
    at: datetime,
    bank_reference: str = "",
    note: str = "",
) -> Payment:
    """
    Record that a bank sent the money back: it is cash again, reserved for its tranche, which is due again.

    Another payment of the tranche takes its place; if the details were wrong, only after others were verified.

    :param reason: the bank's code
    :param returned_on: the day on which the fund's account was credited
    :raises Missing: if there is no such payment
    :raises NotPermitted: if the actor is neither certifying nor treasury officer, or has a hand in it already
    :raises WrongState: if it is not released
    :raises Unacceptable: if the day is before the release or still to come
    """
    payment = locks.payment(payment_id)
    if queries.step_sent_before(nonce, StepKind.RETURN, actor=actor, payment_id=payment.id):
        return payment
    permissions.may_return(actor, payment).enforce()
    require_move(PaymentStatus(payment.status), to=PaymentStatus.RETURNED)
    _require_day(payment, returned_on, at)

    post(postings.give_back(payment, on=returned_on), payment.tranche.proposal.programme, actor=actor, at=at)
    step = add_step(
        payment,
        StepKind.RETURN,
        nonce=nonce,
        actor=actor,
        at=at,
        effective_on=returned_on,
        bank_reference=bank_reference.strip(),
        reason_code=ReturnReason(reason),
        note=note.strip(),
    )
    payment.mark_ended(step, PaymentStatus.RETURNED)
    payment.tranche.mark_due()
    record("payment.returned", payment, actor=actor, at=at, reason=step.reason_code, note=step.note)
    return payment


def _require_day(payment: Payment, day: date, at: datetime) -> None:
    released_on = payment.released_at.date() if payment.released_at else day
    if not released_on <= day <= at.date():
        raise Unacceptable(
            _("The payment was released on %(released)s, so the bank's day lies between then and today.")
            % {"released": released_on.isoformat()}
        )
