"""The register of incidents that stop payments: a hold is placed by one person and lifted by another."""

import uuid
from typing import ClassVar

from django.db import models

from disbursements.holds import HoldReason
from disbursements.models.programmes import Organisation, Programme
from trustfund.core.models import Confirmation, User


class Hold(models.Model):
    """That nothing is paid to an organisation, or for a programme, until somebody else lifts it. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="holds", null=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="holds", null=True)
    reason = models.CharField(max_length=10, choices=HoldReason.choices)
    why = models.CharField(max_length=1000)
    evidence = models.CharField(max_length=400)
    placed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(organisation=None, programme__isnull=False)
                | models.Q(organisation__isnull=False, programme=None),
                name="a_hold_is_on_one_organisation_or_programme",
            ),
            models.CheckConstraint(
                condition=~models.Q(why="") & ~models.Q(evidence=""), name="a_hold_says_why_and_what_shows_it"
            ),
            models.CheckConstraint(condition=models.Q(reason__in=HoldReason.values), name="a_hold_has_a_known_reason"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-placed_at", "id"], name="holds_latest_first"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def about(self) -> str:
        """What is on hold, by name."""
        return self.organisation.name if self.organisation else f"{self.programme}"


class HoldLift(models.Model):
    """That a second person found the case settled. Append-only, once a hold."""

    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, related_name="lift")
    reason = models.CharField(max_length=1000)
    # The committee's, where it was asked; it then decides alone.
    decision = models.CharField(max_length=16, blank=True)
    confirmation = models.OneToOneField(Confirmation, on_delete=models.PROTECT, related_name="+")
    lifted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="a_hold_is_lifted_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.hold_id} lifted by {self.lifted_by_id}"
