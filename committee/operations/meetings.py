"""Meetings: called, asked for in an emergency, opened, attended, voted in and closed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from committee import locks, permissions, queries
from committee.models import (
    AgendaItem,
    Attendance,
    Meeting,
    MeetingRequest,
    Motion,
    Postponement,
)
from committee.operations.motions import bring_to_meeting
from committee.rules import Rules, Way, earliest_meeting
from committee.states import MeetingStatus, require_meeting_move, require_open
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, Unacceptable, WrongState

_WORDS: Final = 1000
_TITLE: Final = 200
_ITEM: Final = 4000


@transaction.atomic(durable=True)
def call_meeting(*, place: str, starts_at: datetime, ends_at: datetime, actor: User, at: datetime) -> Meeting:
    """
    Call a meeting with the notice that the rules ask for. What was objected to stands on its agenda at once.

    :raises NotPermitted: if the actor is neither the chair nor of the secretariat
    :raises WrongState: if no rules of procedure are in force
    :raises Unacceptable: if no place is named, it ends before it starts, or the notice is too short
    """
    locks.the_agenda()

    permissions.may_call_meeting(actor).enforce()
    rules = rules_to_meet_by()
    require_time(rules, place, starts_at, ends_at, at, is_emergency=False)
    return convene(place=place, starts_at=starts_at, ends_at=ends_at, by=actor, at=at)


def rules_to_meet_by() -> Rules:
    """
    Return the rules of procedure in force.

    :raises WrongState: if there are none
    """
    found = queries.rules_in_force()
    if found is None:
        raise WrongState(_("No rules of procedure are in force. The fund administrator must record them first."))
    return found.rules


def require_time(
    rules: Rules, place: str, starts_at: datetime, ends_at: datetime, at: datetime, *, is_emergency: bool
) -> None:
    """
    Insist on a place, an end after the start, and the notice that the rules ask for.

    :raises Unacceptable: saying which of them is missing
    """
    if not place.strip():
        raise Unacceptable(_("Say where the committee meets, or how it meets from afar."))
    if ends_at <= starts_at:
        raise Unacceptable(_("The meeting ends before it starts. Choose a later end."))
    earliest = earliest_meeting(rules, at, is_emergency=is_emergency)
    if starts_at < earliest:
        raise Unacceptable(
            _("The rules ask for longer notice: the earliest day is %(day)s.") % {"day": earliest.date().isoformat()}
        )


def convene(
    *,
    place: str,
    starts_at: datetime,
    ends_at: datetime,
    by: User,
    at: datetime,
    request: MeetingRequest | None = None,
) -> Meeting:
    """Record a called meeting, and put on its agenda what waits for one."""
    meeting = Meeting.objects.create(
        reference=next_reference("MT", at.date()),
        place=place.strip(),
        starts_at=starts_at,
        ends_at=ends_at,
        called_by=by,
        called_at=at,
        request=request,
    )
    events.record(
        "meeting.called",
        about=meeting.id,
        by=by,
        at=at,
        reference=meeting.reference,
        starts_at=starts_at.isoformat(),
        is_emergency=request is not None,
    )
    for motion in queries.waits_for_a_meeting():
        bring_to_meeting(motion, meeting, by=by, at=at)
    return meeting


@transaction.atomic(durable=True)
def postpone_meeting(
    *, meeting_id: UUID, starts_at: datetime, ends_at: datetime, reason: str, actor: User, at: datetime
) -> Meeting:
    """
    Let a meeting be held later than it was called for, with the notice that the rules ask for; its agenda goes along.

    :raises Missing: if there is no such meeting
    :raises NotPermitted: if the actor is neither the chair nor of the secretariat
    :raises WrongState: if it was opened, or its time is over
    :raises Unacceptable: if no reason is given, it is not later, it ends before it starts, or the notice is too short
    """
    locks.the_agenda()
    motions = locks.open_agenda(meeting_id)
    meeting = locks.meeting(meeting_id)

    permissions.may_call_meeting(actor).enforce()
    if meeting.state != MeetingStatus.CALLED or at >= meeting.ends_at:
        raise WrongState(_("This meeting was opened, or its time is over. Call another one."))
    require_time(rules_to_meet_by(), meeting.place, starts_at, ends_at, at, is_emergency=meeting.is_emergency)
    if starts_at <= meeting.starts_at:
        raise Unacceptable(_("A meeting is postponed to a later time. Choose one after it was to start."))
    if not 0 < len(reason.strip()) <= _WORDS:
        raise Unacceptable(_("Say why it is postponed, in at most 1,000 letters. The members read it."))

    Postponement.objects.create(
        meeting=meeting,
        number=meeting.postponements.count() + 1,
        was_to_start_at=meeting.starts_at,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason.strip(),
        postponed_by=actor,
        postponed_at=at,
    )
    meeting.mark_postponed(starts_at=starts_at, ends_at=ends_at)
    for motion in motions:
        motion.mark_postponed(closes_at=ends_at)
    events.record(
        "meeting.postponed",
        about=meeting.id,
        by=actor,
        at=at,
        reference=meeting.reference,
        starts_at=starts_at.isoformat(),
        reason=reason.strip(),
    )
    return meeting


@transaction.atomic(durable=True)
def add_to_agenda(*, meeting_id: UUID, title: str, words: str, actor: User, at: datetime) -> AgendaItem:
    """
    Put something on a meeting's agenda that it talks of and does not decide: a report, a question, a guest.

    :raises Missing: if there is no such meeting
    :raises NotPermitted: if the actor is neither the chair nor of the secretariat
    :raises WrongState: if it is over
    :raises Unacceptable: if it is not said what it is
    """
    meeting = locks.meeting(meeting_id)

    permissions.may_call_meeting(actor).enforce()
    if meeting.state == MeetingStatus.CLOSED or at >= meeting.ends_at:
        raise WrongState(_("This meeting is over. Choose one that is still to come."))
    if not 0 < len(title.strip()) <= _TITLE or len(words) > _ITEM:
        raise Unacceptable(_("Say in at most 200 letters what it is, and in at most 4,000 what is to be known of it."))

    item = AgendaItem.objects.create(
        meeting=meeting,
        number=meeting.items.count() + 1,
        title=title.strip(),
        words=words.strip(),
        added_by=actor,
        added_at=at,
    )
    events.record("agenda.added", about=meeting.id, by=actor, at=at, reference=meeting.reference, title=item.title)
    return item


@transaction.atomic(durable=True)
def open_meeting(*, meeting_id: UUID, actor: User, at: datetime) -> Meeting:
    """
    Open a meeting at its time.

    :raises Missing: if there is no such meeting
    :raises NotPermitted: if the actor is not the chair
    :raises WrongState: if it has not come to its time, is over, or was opened before
    """
    meeting = locks.meeting(meeting_id)

    permissions.may_preside(actor).enforce()
    require_meeting_move(meeting.state, to=MeetingStatus.OPEN)
    if not meeting.starts_at <= at < meeting.ends_at:
        raise WrongState(
            _("A meeting is opened in its time: from %(start)s to %(end)s.")
            % {"start": f"{meeting.starts_at:%Y-%m-%d, %H:%M} UTC", "end": f"{meeting.ends_at:%Y-%m-%d, %H:%M} UTC"}
        )

    meeting.mark_opened(by=actor, at=at)
    events.record("meeting.opened", about=meeting.id, by=actor, at=at, reference=meeting.reference)
    return meeting


@transaction.atomic(durable=True)
def take_attendance(
    *, meeting_id: UUID, present: Mapping[int, UUID | None], actor: User, at: datetime
) -> list[Attendance]:
    """
    Write down who is there for each seat; a seat that has left is there no more. What was written stays in the record.

    :param present: for each seat by number the holder or the alternate, or nobody
    :raises Missing: if there is no such meeting or seat
    :raises NotPermitted: if the actor is neither the chair nor of the secretariat
    :raises WrongState: if the meeting is not being held
    :raises Unacceptable: if somebody is named who neither holds the seat nor stands in for it
    """
    meeting = locks.meeting(meeting_id)

    permissions.may_take_attendance(actor).enforce()
    require_held(meeting)
    before = queries.there_at(meeting.pk)
    by_number = {sitting.seat.number: sitting for sitting in queries.sittings(at)}
    number = queries.last_attendance_number(meeting)
    taken = []
    for seat_number, person_id in sorted(present.items()):
        sitting = by_number.get(seat_number)
        if sitting is None or (
            person_id is not None and person_id not in {sitting.held.holder, sitting.held.alternate}
        ):
            raise Unacceptable(
                _("Seat %(number)s is taken by its holder or the alternate, nobody else.") % {"number": seat_number}
            )
        if before.get(sitting.seat.pk) == person_id:
            continue
        number += 1
        taken.append(
            Attendance.objects.create(
                meeting=meeting,
                seat=sitting.seat,
                person_id=person_id,
                number=number,
                recorded_by=actor,
                recorded_at=at,
            )
        )
    events.record(
        "attendance.taken",
        about=meeting.id,
        by=actor,
        at=at,
        reference=meeting.reference,
        present=sum(1 for one in queries.there_at(meeting.pk).values() if one),
    )
    return taken


def require_held(meeting: Meeting) -> None:
    """
    Insist that a meeting is being held.

    :raises WrongState: if it has not been opened, or was closed
    """
    if meeting.state != MeetingStatus.OPEN:
        raise WrongState(_("This meeting is not being held now. The chair opens it at its time."))


@transaction.atomic(durable=True)
def open_vote(*, motion_id: UUID, actor: User, at: datetime) -> Motion:
    """
    Let the meeting vote on a motion of its agenda. Each member who is there casts their own vote.

    :raises Missing: if there is no such motion
    :raises NotPermitted: if the actor is not the chair
    :raises WrongState: if it is not on an agenda, its meeting is not being held, it has ended, or its time is up
    :raises AlreadyDone: if the vote is open
    """
    motion = locks.motion(motion_id)
    meeting = locks.meeting(motion.meeting_id) if motion.meeting_id else None

    permissions.may_preside(actor).enforce()
    require_open(motion.state)
    if meeting is None or motion.decided_by != Way.MEETING:
        raise WrongState(_("This motion stands on no agenda: it is voted on without a meeting."))
    require_held(meeting)
    if motion.voting_opened_at is not None:
        raise AlreadyDone(_("The vote on this is open."))
    if at >= motion.closes_at:
        raise WrongState(_("The meeting's time is up. What it did not come to can be moved again."))

    motion.mark_voting_opened(at=at)
    events.record(
        "motion.opened",
        about=motion.id,
        by=actor,
        at=at,
        reference=motion.reference,
        version=motion.version,
        fingerprint=motion.fingerprint,
        closes_at=motion.closes_at.isoformat(),
        way=motion.way,
    )
    return motion


@transaction.atomic(durable=True)
def close_meeting(*, meeting_id: UUID, notes: str, actor: User, at: datetime) -> Meeting:
    """
    Close a meeting and keep what was said beside its motions. What it did not come to lapses at its end.

    :raises Missing: if there is no such meeting
    :raises NotPermitted: if the actor is not the chair
    :raises WrongState: if it is not being held, or a vote that was opened has not been counted
    """
    meeting = locks.meeting(meeting_id)

    permissions.may_preside(actor).enforce()
    require_meeting_move(meeting.state, to=MeetingStatus.CLOSED)
    running = queries.agenda_of(meeting).filter(status="open", voting_opened_at__isnull=False).first()
    if running is not None:
        raise WrongState(
            _("The vote on %(reference)s is open. Close and count it, then close the meeting.")
            % {"reference": running.reference}
        )

    meeting.mark_closed(notes=notes.strip(), at=at)
    events.record("meeting.closed", about=meeting.id, by=actor, at=at, reference=meeting.reference)
    return meeting
