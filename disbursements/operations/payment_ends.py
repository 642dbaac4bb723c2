"""How a released payment ends: the organisation has the money, or a bank sent it back."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bank import locks as bank_locks
from bank import operations as bank_operations
from bank import queries as bank_queries
from bank.models import BankLine, Purpose
from disbursements import states
from disbursements.locks import payments as locks
from disbursements.models import Payment
from disbursements.operations.payments import add_step, post, record
from disbursements.payment_states import PaymentStatus, ReturnReason, StepKind, require_move
from disbursements.permissions import payments as permissions
from disbursements.postings import payments as postings
from disbursements.queries import payments as queries
from disbursements.states import TrancheStatus
from trustfund.core.db import require_transaction
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.refusals import Unacceptable

_NOTE: Final = 400
_REFERENCE: Final = 64


@transaction.atomic(durable=True)
def confirm_payment(
    *,
    payment_id: UUID,
    bank_reference: str,
    credited_on: date,
    nonce: UUID,
    actor: User,
    at: datetime,
    line_id: UUID | None = None,
) -> Payment:
    """
    Confirm that the organisation has the money, as the bank's advice says; its tranche is paid.

    :param bank_reference: of the bank's advice
    :param credited_on: the day on which the account was credited
    :param line_id: the line of the bank's statement by which the money left; it says the reference and the day itself
    :raises Missing: if there is no such payment
    :raises NotPermitted: if the actor is neither certifying nor treasury officer, or has a hand in it already
    :raises WrongState: if it is not released or sent
    :raises Unacceptable: if the advice has no reference, or its day is before the release or still to come, or the
        line is not this payment's
    :raises AlreadyDone: if the line is used for something else
    """
    payment = locks.payment(payment_id)
    if queries.step_sent_before(nonce, StepKind.CONFIRM, actor=actor, payment_id=payment.id):
        return payment
    permissions.may_confirm(actor, payment).enforce()
    require_move(PaymentStatus(payment.status), to=PaymentStatus.CONFIRMED)
    line = _line(payment, line_id, -payment.amount)
    if line is not None:
        bank_reference, credited_on = line.bank_reference or line.reference, line.value_on
        bank_operations.use_line(line, payment.amount, purpose=Purpose.PAYMENT, subject=payment.id, by=actor, at=at)
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
        bank_reference=bank_reference.strip()[:_REFERENCE],
    )
    payment.mark_ended(step, PaymentStatus.CONFIRMED)
    if queries.amount_to_pay(payment.tranche):
        # The committee had it paid in part; the rest is due.
        payment.tranche.mark_due()
    else:
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
    line_id: UUID | None = None,
) -> Payment:
    """
    Record that a bank sent the money back: it is cash again, reserved for its tranche, which is due again.

    It may come back days after it had arrived, unless the organisation has reported on it. Another payment of the
    tranche takes its place; if the details were wrong, only after others were verified.

    :param reason: the bank's code
    :param returned_on: the day on which the fund's account was credited
    :param line_id: the line of the bank's statement by which the money came back; it says the reference and the day
    :raises Missing: if there is no such payment
    :raises NotPermitted: if the actor is neither certifying nor treasury officer, or has a hand in it already
    :raises WrongState: if it is neither under way nor arrived, or its tranche was reported on
    :raises Unacceptable: if the day is before the release or still to come
    :raises InsufficientFunds: if the organisation has spent of it
    :raises AlreadyDone: if the line is used for something else
    """
    payment = locks.payment(payment_id)
    if queries.step_sent_before(nonce, StepKind.RETURN, actor=actor, payment_id=payment.id):
        return payment
    permissions.may_return(actor, payment).enforce()
    line = _line(payment, line_id, payment.amount)
    if line is not None:
        bank_reference, returned_on = line.bank_reference or line.reference, line.value_on
        bank_operations.use_line(
            line, payment.amount, purpose=Purpose.PAYMENT_RETURN, subject=payment.id, by=actor, at=at
        )
        # Nobody had confirmed that it arrived: the debit by which it left is explained with its return.
        for debit in bank_queries.lines_by_end_to_end([payment.reference]).get(payment.reference, []):
            if debit.amount == -payment.amount:
                left = bank_locks.line(debit.pk)
                bank_operations.use_line(
                    left, payment.amount, purpose=Purpose.PAYMENT, subject=payment.id, by=actor, at=at
                )
    return give_back(
        payment,
        reason=reason,
        returned_on=returned_on,
        nonce=nonce,
        actor=actor,
        at=at,
        bank_reference=bank_reference,
        note=note,
    )


def give_back(
    payment: Payment,
    *,
    reason: ReturnReason,
    returned_on: date,
    nonce: UUID,
    actor: User,
    at: datetime,
    bank_reference: str = "",
    note: str = "",
) -> Payment:
    """
    Take back the money of a payment that is held, in the transaction of whoever learnt that the bank returned it.

    :raises Refusal: whatever `return_payment` raises
    """
    require_transaction()
    permissions.may_return(actor, payment).enforce()
    require_move(PaymentStatus(payment.status), to=PaymentStatus.RETURNED)
    _require_day(payment, returned_on, at)
    had_arrived = payment.status == PaymentStatus.CONFIRMED
    if had_arrived and payment.tranche.status != TrancheStatus.DUE:
        states.require_tranche_move(TrancheStatus(payment.tranche.status), to=TrancheStatus.DUE)

    back = postings.give_back_arrived if had_arrived else postings.give_back
    post(back(payment, on=returned_on), payment.tranche.proposal.programme, actor=actor, at=at)
    step = add_step(
        payment,
        StepKind.RETURN,
        nonce=nonce,
        actor=actor,
        at=at,
        effective_on=returned_on,
        bank_reference=bank_reference.strip()[:_REFERENCE],
        reason_code=ReturnReason(reason),
        note=note.strip()[:_NOTE],
    )
    payment.mark_ended(step, PaymentStatus.RETURNED)
    payment.tranche.mark_due()
    record("payment.returned", payment, actor=actor, at=at, reason=step.reason_code, note=step.note)
    return payment


def _line(payment: Payment, line_id: UUID | None, moved: Money) -> BankLine | None:
    """Hold the bank's line and insist that it moved this payment's money, under its reference."""
    if line_id is None:
        return None
    line = bank_locks.line(line_id)
    if line.end_to_end_id != payment.reference or line.amount != moved:
        raise Unacceptable(
            _("Line %(line)s is not %(moved)s under %(payment)s. Choose the line that the bank wrote for this payment.")
            % {"line": line.reference, "moved": moved, "payment": payment.reference}
        )
    return line


def _require_day(payment: Payment, day: date, at: datetime) -> None:
    released_on = payment.released_at.date() if payment.released_at else day
    if not released_on <= day <= at.date():
        raise Unacceptable(
            _("The payment was released on %(released)s, so the bank's day lies between then and today.")
            % {"released": released_on.isoformat()}
        )
