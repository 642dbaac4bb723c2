"""That a programme stands still: why, who goes without what, how it is wound down, and when it is looked at again."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models

from committee.rules import Cause
from disbursements.models.programmes import Programme
from disbursements.states import SuspensionStatus
from trustfund.core.models import User


class Suspension(models.Model):
    """The case for suspending a programme, as the committee decided on it. All of it is public once it is in force."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="suspensions")
    cause = models.CharField(max_length=24)
    evidence = models.TextField()
    impact = models.TextField()
    wind_down = models.TextField()
    review_on = models.DateField()
    motion_id = models.UUIDField()
    status = models.CharField(max_length=8, choices=SuspensionStatus.choices, default=SuspensionStatus.ASKED)
    decision = models.CharField(max_length=16, blank=True)
    in_force_at = models.DateTimeField(null=True)
    resume_because = models.TextField(blank=True)
    resume_motion_id = models.UUIDField(null=True)
    resume_decision = models.CharField(max_length=16, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["programme"],
                condition=models.Q(status__in=[SuspensionStatus.ASKED, SuspensionStatus.IN_FORCE]),
                name="a_programme_has_one_suspension_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(cause__in=[str(cause) for cause in Cause]), name="a_suspension_has_a_known_cause"
            ),
            models.CheckConstraint(
                condition=~models.Q(evidence="") & ~models.Q(impact="") & ~models.Q(wind_down=""),
                name="nothing_stops_without_a_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=[SuspensionStatus.IN_FORCE, SuspensionStatus.ENDED])
                | (models.Q(in_force_at__isnull=False) & ~models.Q(decision="")),
                name="only_a_decision_suspends",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["status", "review_on"], name="suspensions_by_review"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def cause_label(self) -> str:
        """The cause in words."""
        return Cause(self.cause).label

    def mark_in_force(self, *, decision: str, at: datetime) -> None:
        """Say that the committee suspended the programme."""
        self.status = SuspensionStatus.IN_FORCE
        self.decision = decision
        self.in_force_at = at
        self.save(update_fields=["status", "decision", "in_force_at"])

    def mark_dropped(self, *, at: datetime) -> None:
        """Say that the committee did not suspend it."""
        self.status = SuspensionStatus.DROPPED
        self.ended_at = at
        self.save(update_fields=["status", "ended_at"])

    def mark_resumption_asked(self, *, because: str, motion_id: uuid.UUID) -> None:
        """Say that the committee is asked to let the programme go on."""
        self.resume_because = because
        self.resume_motion_id = motion_id
        self.save(update_fields=["resume_because", "resume_motion_id"])

    def mark_resumption_dropped(self) -> None:
        """Say that the committee did not let it go on; it can be asked again."""
        self.resume_motion_id = None
        self.save(update_fields=["resume_motion_id"])

    def mark_ended(self, *, decision: str, at: datetime) -> None:
        """Say that the programme goes on."""
        self.status = SuspensionStatus.ENDED
        self.resume_decision = decision
        self.ended_at = at
        self.save(update_fields=["status", "resume_decision", "ended_at"])
