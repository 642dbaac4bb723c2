"""Costs of the fund itself: asked for, decided by the committee (R12), and charged once."""

import uuid
from typing import ClassVar

from django.db import models

from trustfund.core.fields import CurrencyField, MinorUnitsField
from trustfund.core.models import Confirmation, User
from trustfund.core.money import Money


class DirectCost(models.Model):
    """A cost of the fund, as it is laid before the committee. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=140)
    payee = models.CharField(max_length=140)
    amount_minor = MinorUnitsField()
    currency = CurrencyField()
    reason = models.CharField(max_length=1000)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="a_direct_cost_is_above_zero"),
            models.CheckConstraint(
                condition=~models.Q(title="") & ~models.Q(payee="") & ~models.Q(reason=""),
                name="a_direct_cost_says_what_to_whom_and_why",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-asked_at", "-reference"], name="direct_costs_latest_first"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def amount(self) -> Money:
        """What it costs."""
        return Money(self.amount_minor, self.currency)


class DirectCostCharged(models.Model):
    """That a carried cost left the fund's account, by whose second factor and on which decision. Append-only, once."""

    cost = models.OneToOneField(DirectCost, on_delete=models.PROTECT, related_name="charged")
    decision = models.CharField(max_length=16)
    bank_reference = models.CharField(max_length=64)
    on = models.DateField()
    confirmation = models.OneToOneField(Confirmation, on_delete=models.PROTECT, related_name="+")
    charged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    charged_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(decision="") & ~models.Q(bank_reference=""),
                name="a_direct_cost_names_its_decision_and_the_banks_line",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cost_id} on {self.decision}"
