"""What goes to the bank and what it answers: orders, status reports and questions. All of it only grows."""

import uuid
from typing import ClassVar

from django.db import models

from disbursements.models.payments import Payment
from trustfund.core.models import User


class PaymentFile(models.Model):
    """The order that the bank was given for a payment: written once, found under its hash. Append-only."""

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="file")
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="a_payment_file_has_a_fingerprint"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} {self.sha256[:8]}"


class BankAnswer(models.Model):
    """A status report as the bank sent it, taken in once. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The bank's own id of the message, and the id of the order it answers.
    message = models.CharField(max_length=35, unique=True)
    original = models.CharField(max_length=35)
    group_status = models.CharField(max_length=4, blank=True)
    sha256 = models.CharField(max_length=64, unique=True)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["-taken_at", "id"], name="answers_latest_first")]

    def __str__(self) -> str:
        return self.message


class BankAnswerLine(models.Model):
    """What a status report says of one payment. Append-only."""

    answer = models.ForeignKey(BankAnswer, on_delete=models.PROTECT, related_name="lines")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="answers")
    status = models.CharField(max_length=4)
    meaning = models.CharField(max_length=10)
    reason = models.CharField(max_length=4, blank=True)
    words = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["answer", "payment"], name="an_answer_speaks_once_of_a_payment"),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} {self.status} {self.reason}".strip()


class StatusQuery(models.Model):
    """That somebody asked a silent bank about an order, and what it said. Append-only; no order is sent again."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="status_queries")
    asked = models.CharField(max_length=140)
    said = models.CharField(max_length=400)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(asked="") & ~models.Q(said=""), name="a_query_says_who_was_asked_and_answered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} asked {self.asked_at:%Y-%m-%d}"
