"""How programmes end: each step with who took it and who owns the next, and what an organisation owes back."""

import uuid
from typing import ClassVar

from django.db import models

from disbursements.models.programmes import Programme
from disbursements.states import ProgrammeStatus
from trustfund.core.fields import CurrencyField, MinorUnitsField
from trustfund.core.models import User
from trustfund.core.money import Money


class ClosureStep(models.Model):
    """That a programme came one step nearer to its end. Append-only; nobody closes both operations and accounts."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="closure_steps")
    to = models.CharField(max_length=24, choices=ProgrammeStatus.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # Who sees to the next step.
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=1000)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["programme", "to"], name="a_programme_takes_a_step_to_its_end_once"),
            models.CheckConstraint(condition=~models.Q(note=""), name="a_step_to_the_end_says_on_what_grounds"),
            models.CheckConstraint(
                condition=models.Q(to__in=ProgrammeStatus.values) & ~models.Q(to=ProgrammeStatus.OPEN),
                name="a_step_to_the_end_leads_to_a_known_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme.reference}: {self.get_to_display()}"


class RefundClaim(models.Model):
    """What an organisation holds unspent when its work is over, and by when it gives it back. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.OneToOneField(Programme, on_delete=models.PROTECT, related_name="refund_claim")
    amount_minor = MinorUnitsField()
    currency = CurrencyField()
    due_on = models.DateField()
    claimed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="a_claim_is_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.programme.reference}: {self.amount}"

    @property
    def amount(self) -> Money:
        """What was unspent when it was claimed."""
        return Money(self.amount_minor, self.currency)
