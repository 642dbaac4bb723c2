"""That members were reminded of a vote before it closes: each step of a motion once, whatever fails."""

from typing import ClassVar

from django.db import models

from committee.models.motions import Motion
from trustfund.core.models import Event


class VoteReminder(models.Model):
    """A step before the close that was taken, or that a later one has made needless. Append-only, once a step."""

    motion = models.ForeignKey(Motion, on_delete=models.PROTECT, related_name="reminders")
    # Hours before the close.
    step = models.PositiveSmallIntegerField()
    # The event by which they are told; nothing where nobody was left to remind, or a later step took its place.
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="+", null=True)
    taken_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["motion", "step"], name="a_step_before_a_close_is_taken_once"),
        ]

    def __str__(self) -> str:
        return f"{self.motion_id}, {self.step} hours before"
