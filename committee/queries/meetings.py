"""When the committee meets, what is on the agenda, who is there, and who asks for an emergency meeting."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from committee.models import Attendance, Meeting, MeetingRequest, Motion
from committee.queries.rooms import there_at
from committee.queries.seats import Sitting, sittings
from committee.states import MeetingStatus, Status
from trustfund.core.models import User


def meetings() -> "QuerySet[Meeting]":
    """Return every meeting, the latest first, each with how many motions are on its agenda."""
    return Meeting.objects.annotate(motion_count=Count("motions")).order_by("-starts_at", "-reference")


def meeting_of(meeting_id: UUID) -> Meeting | None:
    """Return a meeting, or nothing."""
    found = Meeting.objects.select_related("called_by", "opened_by", "request__requested_by")
    return found.filter(pk=meeting_id).first()


def meetings_to_come(at: datetime) -> "QuerySet[Meeting]":
    """Return the meetings that have been called and not begun, the next first."""
    return Meeting.objects.filter(status=MeetingStatus.CALLED, ends_at__gt=at).order_by("starts_at", "reference")


def agenda_of(meeting: Meeting) -> "QuerySet[Motion]":
    """Return the motions of a meeting in the order in which they were laid, with their decisions."""
    found = Motion.objects.filter(meeting=meeting).select_related("proposer", "decision", "rules_of_procedure")
    return found.order_by("opened_at", "reference")


def waits_for_a_meeting() -> "QuerySet[Motion]":
    """Return the motions that somebody objected to and that no meeting has on its agenda yet."""
    return Motion.objects.filter(status=Status.OBJECTED, followed_by=None).order_by("ended_at", "reference")


@dataclass(frozen=True)
class Place:
    """A seat at a meeting and who is there for it."""

    sitting: Sitting
    person: User | None

    @property
    def is_alternate(self) -> bool:
        """Whether the alternate has come."""
        term = self.sitting.term
        return self.person is not None and term is not None and term.alternate_id == self.person.pk


def places_at(meeting: Meeting, at: datetime) -> tuple[Place, ...]:
    """Return every seat with who is there for it; of a meeting that was closed, as it was at its end."""
    moment = meeting.closed_at or at
    there = there_at(meeting.pk)
    people = {person.pk: person for person in User.objects.filter(pk__in=[one for one in there.values() if one])}
    return tuple(
        Place(sitting, people.get(found) if (found := there.get(sitting.seat.pk)) else None)
        for sitting in sittings(moment)
    )


def last_attendance_number(meeting: Meeting) -> int:
    """Return the number of the latest word on who is there; zero before the first."""
    return Attendance.objects.filter(meeting=meeting).order_by("-number").values_list("number", flat=True).first() or 0


def open_requests(at: datetime) -> "QuerySet[MeetingRequest]":
    """Return the requests for an emergency meeting that may still come true, the earliest first."""
    found = MeetingRequest.objects.filter(meeting=None, starts_at__gt=at).select_related("requested_by")
    return found.prefetch_related("supports__seat", "supports__member").order_by("starts_at", "requested_at")


def sitting_for(person: User, at: datetime) -> Sitting | None:
    """Return the seat on which a person sits or stands in at a moment, if they count."""
    return _seat_among(sittings(at), person)


def _seat_among(found: Iterable[Sitting], person: User) -> Sitting | None:
    return next((one for one in found if person.pk in {one.held.holder, one.held.alternate}), None)
