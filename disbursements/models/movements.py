"""Money that moves beside payments: interest, bank charges, refunds, and expenditure that organisations report."""

import uuid
from typing import ClassVar

from django.db import models

from disbursements.models.programmes import Programme
from disbursements.movement_kinds import OF_A_PROGRAMME, MovementKind
from trustfund.core.fields import CurrencyField, MinorUnitsField
from trustfund.core.models import User
from trustfund.core.money import Money


class Movement(models.Model):
    """One such movement. Append-only; kind and reference together are recorded once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=MovementKind.choices)
    # The bank's reference, or that of the organisation's report.
    reference = models.CharField(max_length=64)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="movements", null=True)
    amount_minor = MinorUnitsField()
    currency = CurrencyField()
    on = models.DateField()
    memo = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "reference"], name="a_movement_is_recorded_once"),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="a_movement_is_above_zero"),
            models.CheckConstraint(condition=~models.Q(reference=""), name="a_movement_has_a_reference"),
            models.CheckConstraint(
                condition=models.Q(kind__in=MovementKind.values), name="a_movement_is_of_a_known_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(programme__isnull=False, kind__in=[str(kind) for kind in OF_A_PROGRAMME])
                | (models.Q(programme=None) & ~models.Q(kind__in=[str(kind) for kind in OF_A_PROGRAMME])),
                name="what_organisations_do_belongs_to_a_programme",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-on", "-recorded_at"], name="movements_latest_first"),
            models.Index(fields=["programme", "-on"], name="movements_of_a_programme"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reference}"

    @property
    def amount(self) -> Money:
        """What moved."""
        return Money(self.amount_minor, self.currency)
