"""How risky an organisation was found to be, and who carries out a programme beside its participating organisation."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models

from disbursements.models.documents import Document
from disbursements.models.programmes import Organisation, Programme
from disbursements.tranche_plans import POINTS, Tier
from trustfund.core.models import User


class CapacityAssessment(models.Model):
    """What an assessment found of an organisation. Append-only: the latest that is still valid counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="assessments")
    assessor = models.CharField(max_length=200)
    points = models.PositiveSmallIntegerField()
    tier = models.CharField(max_length=8, choices=Tier.choices)
    assessed_on = models.DateField()
    valid_until = models.DateField()
    note = models.TextField(blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+", null=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(points__lte=100), name="an_assessment_gives_0_to_100_points"),
            models.CheckConstraint(
                condition=models.Q(tier=Tier.LOW, points__gte=POINTS[Tier.LOW])
                | models.Q(tier=Tier.MEDIUM, points__gte=POINTS[Tier.MEDIUM], points__lt=POINTS[Tier.LOW])
                | models.Q(tier=Tier.HIGH, points__lt=POINTS[Tier.MEDIUM]),
                name="a_tier_follows_from_its_points",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__gt=models.F("assessed_on")), name="an_assessment_is_valid_for_a_time"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "-assessed_on"], name="assessments_latest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.points}"


class ImplementingPartner(models.Model):
    """That an organisation carries out a part of another's programme, from when to when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="implementing_partners")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="implements")
    part = models.CharField(max_length=400)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["programme", "organisation"],
                condition=models.Q(ended_at=None),
                name="an_organisation_is_partner_of_a_programme_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.programme_id}"

    def mark_ended(self, *, at: datetime) -> None:
        """End it; the row stays as the record of who took part."""
        self.ended_at = at
        self.save(update_fields=["ended_at"])
