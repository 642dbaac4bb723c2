"""Unspent money that an organisation owes back, taken off a tranche due to it: asked by one, agreed by another."""

import uuid
from typing import ClassVar

from django.db import models

from disbursements.models.closures import RefundClaim
from disbursements.models.tranches import Tranche
from trustfund.core.fields import CurrencyField, MinorUnitsField
from trustfund.core.models import Confirmation, User
from trustfund.core.money import Money


class RefundOffset(models.Model):
    """That some of a claim is taken off a tranche instead of travelling twice. Append-only; nothing moves yet."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    claim = models.ForeignKey(RefundClaim, on_delete=models.PROTECT, related_name="offsets")
    tranche = models.ForeignKey(Tranche, on_delete=models.PROTECT, related_name="offsets")
    amount_minor = MinorUnitsField()
    currency = CurrencyField()
    reason = models.CharField(max_length=1000)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="an_offset_is_above_zero"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="an_offset_says_why"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["claim", "proposed_at"], name="offsets_of_a_claim"),
            models.Index(fields=["tranche"], name="offsets_of_a_tranche"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def amount(self) -> Money:
        """What is taken off."""
        return Money(self.amount_minor, self.currency)

    @property
    def state(self) -> str:
        """The word for its state: it waits, it was taken off, or it does not stand."""
        answer = getattr(self, "answer", None)
        if answer is None:
            return "offset.waiting"
        return "offset.agreed" if answer.agrees else "offset.declined"


class RefundOffsetAnswer(models.Model):
    """What a certifying officer said: it is taken off, by whose second factor; or it is not, and why. Append-only."""

    offset = models.OneToOneField(RefundOffset, on_delete=models.PROTECT, related_name="answer")
    agrees = models.BooleanField()
    note = models.CharField(max_length=1000, blank=True)
    confirmation = models.OneToOneField(Confirmation, on_delete=models.PROTECT, related_name="+", null=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(agrees=False) | models.Q(confirmation__isnull=False),
                name="taking_off_shows_a_second_factor",
            ),
            models.CheckConstraint(
                condition=models.Q(agrees=True) | ~models.Q(note=""), name="an_offset_is_declined_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offset_id} by {self.answered_by_id}"
