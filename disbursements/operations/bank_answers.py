"""What the bank answers to an order: taken, rejected, had before, or nothing at all."""

from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from disbursements import bank_answers as reader
from disbursements.bank_answers import Answer, Line, Meaning
from disbursements.locks import payments as locks
from disbursements.models import BankAnswer, BankAnswerLine, Payment, StatusQuery
from disbursements.operations.payment_ends import give_back
from disbursements.operations.payments import record
from disbursements.payment_states import UNDER_WAY, PaymentStatus
from disbursements.permissions import treasury as permissions
from disbursements.queries import bank_files as queries
from trustfund.core import documents, events
from trustfund.core.models import User
from trustfund.core.refusals import AlreadyDone, Unacceptable, WrongState

_ASKED: Final = 140
_SAID: Final = 400
_UNDER_WAY: Final = {str(status) for status in UNDER_WAY}


@transaction.atomic(durable=True)
def take_in_answer(*, content: bytes, actor: User, at: datetime) -> BankAnswer:
    """
    Take in the bank's status report on an order. An order that it took is sent; one that it rejected comes back.

    An order that the bank calls a duplicate stays where it is: the first copy stands, and nothing came back.

    :param content: a pain.002 of any version, as the bank sent it
    :raises NotPermitted: if the actor is neither certifying nor treasury officer, or has a hand in what was rejected
    :raises Unacceptable: if it cannot be read, answers an order that the fund never wrote, or names another payment
    :raises AlreadyDone: if it was taken in before
    :raises WrongState: if it rejects what cannot come back any more
    """
    permissions.may_take_in_answer(actor).enforce()
    answer = reader.read(content)
    payment = locks.payment(_payment_of(answer))
    sha256 = documents.sha256_of(content)
    if queries.was_taken_in(answer.message, sha256):
        raise AlreadyDone(_("%(message)s was taken in before. Nothing changes.") % {"message": answer.message})
    documents.store(content, documents.XML)
    taken = BankAnswer.objects.create(
        message=answer.message,
        original=answer.original,
        group_status=answer.group_status,
        sha256=sha256,
        taken_by=actor,
        taken_at=at,
    )
    for line in answer.lines:
        BankAnswerLine.objects.create(
            answer=taken,
            payment=payment,
            status=line.status,
            meaning=line.meaning,
            reason=line.reason,
            words=line.words,
        )
        _follow(payment, line, taken, actor=actor, at=at)
    events.record("bank_answer.taken_in", about=taken.id, by=actor, at=at, reference=payment.reference, sha256=sha256)
    return taken


def _payment_of(answer: Answer) -> UUID:
    payment_id = queries.ordered_as(answer.original)
    if payment_id is None:
        raise Unacceptable(
            _("The fund never wrote an order %(order)s. This answer is meant for somebody else; tell the bank.")
            % {"order": answer.original}
        )
    strange = [line.end_to_end for line in answer.lines if line.end_to_end != answer.original]
    if strange or len(answer.lines) > 1:
        raise Unacceptable(
            _("Order %(order)s has one payment, and the answer speaks of another (%(other)s). Nothing was taken in.")
            % {"order": answer.original, "other": ", ".join(strange) or answer.original}
        )
    return payment_id


def _follow(payment: Payment, line: Line, taken: BankAnswer, *, actor: User, at: datetime) -> None:
    said = f"{line.status} {line.reason} {line.words}".strip()
    if line.meaning == Meaning.TAKEN and payment.status == PaymentStatus.RELEASED:
        payment.mark_sent(at=at)
        record("payment.sent", payment, actor=actor, at=at, message=taken.message)
    elif line.meaning == Meaning.REJECTED and payment.status not in {PaymentStatus.RETURNED, PaymentStatus.CANCELLED}:
        give_back(
            payment,
            reason=line.return_reason,
            returned_on=at.date(),
            bank_reference=taken.message,
            note=said,
            nonce=uuid4(),
            actor=actor,
            at=at,
        )
    elif line.meaning == Meaning.DUPLICATE:
        record("payment.called_duplicate", payment, actor=actor, at=at, message=taken.message)


@transaction.atomic(durable=True)
def record_status_query(*, payment_id: UUID, asked: str, said: str, actor: User, at: datetime) -> StatusQuery:
    """
    Write down that the bank was asked about an order, and what it said. The order itself is never sent again.

    :param asked: whom, and by which way
    :raises Missing: if there is no such payment
    :raises NotPermitted: if the actor is neither certifying nor treasury officer
    :raises WrongState: if it is not under way
    :raises Unacceptable: if it is not said who was asked or what the answer was
    """
    payment = locks.payment(payment_id)
    permissions.may_take_in_answer(actor).enforce()
    if payment.status not in _UNDER_WAY:
        raise WrongState(_("This payment is not under way, so there is nothing to ask the bank."))
    if not asked.strip() or not said.strip():
        raise Unacceptable(_("Say whom you asked and what the bank said, if only that it knows nothing yet."))
    query = StatusQuery.objects.create(
        payment=payment, asked=asked.strip()[:_ASKED], said=said.strip()[:_SAID], asked_by=actor, asked_at=at
    )
    record("payment.asked_about", payment, actor=actor, at=at, said=query.said)
    return query


@transaction.atomic(durable=True)
def note_silent_banks(*, at: datetime) -> list[Payment]:
    """
    Raise the alarm for each order that the bank has said nothing about for too long. The timetable does this.

    Each is told once; doing it twice changes nothing more.
    """
    silent = []
    for payment_id in queries.unanswered(at):
        payment = locks.payment(payment_id)
        if payment.status == PaymentStatus.RELEASED and not queries.silence_was_noted(payment):
            events.record("payment.unanswered", about=payment.id, by=None, at=at, reference=payment.reference)
            silent.append(payment)
    return silent
