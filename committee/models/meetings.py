"""When and where the committee meets, who was there, and who asked for an emergency meeting."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models

from committee.models.seats import Seat
from committee.states import MeetingStatus
from trustfund.core.models import User


class MeetingRequest(models.Model):
    """That members ask for an emergency meeting: when, where and why. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reason = models.TextField()
    place = models.CharField(max_length=160)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="a_requested_meeting_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class MeetingSupport(models.Model):
    """That a seat joins the request for an emergency meeting. Append-only, once for each seat."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(MeetingRequest, on_delete=models.PROTECT, related_name="supports")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    supported_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "seat"], name="a_seat_asks_for_a_meeting_once"),
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {self.request}"


class Meeting(models.Model):
    """A meeting of the committee: called, held and closed by the chair."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    place = models.CharField(max_length=160)
    starts_at = models.DateTimeField(db_index=True)
    # Until when it may vote: what has not been decided then lapses.
    ends_at = models.DateTimeField()
    called_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField()
    request = models.OneToOneField(MeetingRequest, on_delete=models.PROTECT, related_name="meeting", null=True)
    status = models.CharField(max_length=16, default=MeetingStatus.CALLED.value)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    # What was said beside the motions, as the chair wrote it down when the meeting was closed.
    notes = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at"), starts_at__gt=models.F("called_at")),
                name="a_meeting_is_called_before_it_starts_and_ends_after",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=[str(status) for status in MeetingStatus]),
                name="a_meeting_is_in_a_known_state",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def state(self) -> MeetingStatus:
        """Where the meeting stands."""
        return MeetingStatus(self.status)

    @property
    def is_emergency(self) -> bool:
        """Whether members asked for it."""
        return self.request_id is not None

    def mark_postponed(self, *, starts_at: datetime, ends_at: datetime) -> None:
        """Let it be held at another time."""
        self.starts_at = starts_at
        self.ends_at = ends_at
        self.save(update_fields=["starts_at", "ends_at"])

    def mark_opened(self, *, by: User, at: datetime) -> None:
        """Let the meeting begin."""
        self.status = MeetingStatus.OPEN
        self.opened_by = by
        self.opened_at = at
        self.save(update_fields=["status", "opened_by", "opened_at"])

    def mark_closed(self, *, notes: str, at: datetime) -> None:
        """Let the meeting end."""
        self.status = MeetingStatus.CLOSED
        self.notes = notes
        self.closed_at = at
        self.save(update_fields=["status", "notes", "closed_at"])


class Postponement(models.Model):
    """That a meeting is held later than it was called for, and why. Append-only; the meeting's row has the new time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="postponements")
    number = models.PositiveSmallIntegerField()
    was_to_start_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=1000)
    postponed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    postponed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["meeting", "number"], name="postponements_of_a_meeting_are_numbered"),
            models.CheckConstraint(
                condition=models.Q(starts_at__gt=models.F("was_to_start_at"), ends_at__gt=models.F("starts_at")),
                name="a_meeting_is_postponed_to_a_later_time",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="a_meeting_is_postponed_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} postponed"


class AgendaItem(models.Model):
    """Something a meeting talks of beside its motions: a report, a question, a guest. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    words = models.TextField(blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["meeting", "number"], name="items_of_an_agenda_are_numbered"),
            models.CheckConstraint(condition=~models.Q(title=""), name="an_item_of_an_agenda_says_what_it_is"),
        ]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """Who was there for a seat: its holder, or the alternate. Append-only; the latest row of a seat counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    # Nobody, when the seat has left.
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    number = models.PositiveIntegerField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["meeting", "number"], name="attendance_of_a_meeting_is_numbered"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting}: {self.seat}, {self.person or 'absent'}"
