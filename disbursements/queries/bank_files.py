"""What can be asked of orders and answers: which order is whose, what was taken in, and which bank is silent."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from disbursements.models import BankAnswer, BankAnswerLine, Payment, PaymentFile
from disbursements.payment_states import PaymentStatus
from disbursements.queries import rules
from trustfund.core import events
from trustfund.core.refusals import Missing

_MOST = 500


def ordered_as(reference: str) -> UUID | None:
    """Return the payment whose order has a reference, or nothing if the fund never wrote one."""
    return PaymentFile.objects.filter(payment__reference=reference).values_list("payment_id", flat=True).first()


def file_of(payment: Payment) -> PaymentFile:
    """
    Return the order of a payment.

    :raises Missing: if none is written, because it is not released or was released before orders were written here
    """
    found = PaymentFile.objects.select_related("written_by").filter(payment=payment).first()
    if found is None:
        raise Missing(_("No order is written for this payment. It is written when the payment is released."))
    return found


def answers() -> QuerySet[BankAnswer]:
    """Return what banks answered, latest first, with what each says of its payment."""
    lines = Prefetch("lines", BankAnswerLine.objects.select_related("payment").order_by("id"))
    return BankAnswer.objects.select_related("taken_by").prefetch_related(lines).order_by("-taken_at", "-message")


def answers_to(payment: Payment) -> QuerySet[BankAnswerLine]:
    """Return what the bank answered to one order, in the order in which it came."""
    return payment.answers.select_related("answer__taken_by").order_by("answer__taken_at", "id")


def was_taken_in(message: str, sha256: str) -> bool:
    """Return whether an answer was taken in before: the same message, or the same bytes."""
    return BankAnswer.objects.filter(message=message).exists() or BankAnswer.objects.filter(sha256=sha256).exists()


def unanswered(at: datetime) -> list[UUID]:
    """Return the released payments with an order about which the bank has said nothing for too long, oldest first."""
    since = at - timedelta(hours=rules.in_force().answer_hours)
    return list(
        Payment.objects.filter(status=PaymentStatus.RELEASED, released_at__lte=since, file__isnull=False, answers=None)
        .order_by("released_at", "reference")
        .values_list("pk", flat=True)[:_MOST]
    )


def silence_was_noted(payment: Payment) -> bool:
    """Return whether the alarm for a silent bank was raised for this payment."""
    return events.about(payment.pk).filter(kind="payment.unanswered").exists()
