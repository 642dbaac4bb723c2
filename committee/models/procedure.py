"""The rules of procedure, version by version, and what was proposed to change them."""

import uuid
from typing import ClassVar

from django.db import models

from committee.rules import Rules
from trustfund.core.models import User


class RulesOfProcedure(models.Model):
    """One version of the rules; a motion is decided under those in force when it was opened. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(unique=True)
    title = models.CharField(max_length=120)
    figures = models.JSONField()
    adopted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField()
    # The first version is written down at founding; every later one is the committee's own decision.
    decision = models.OneToOneField(
        "committee.Decision", on_delete=models.PROTECT, related_name="rules_adopted", null=True
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(version=1) | models.Q(decision__isnull=False),
                name="rules_change_only_by_a_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"

    @property
    def rules(self) -> Rules:
        """The rules themselves."""
        return Rules.of(self.figures)


class RulesProposal(models.Model):
    """New rules of procedure as somebody proposed them. Append-only: another thought is another proposal."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=120)
    figures = models.JSONField()
    reason = models.TextField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title

    @property
    def rules(self) -> Rules:
        """The rules themselves."""
        return Rules.of(self.figures)
