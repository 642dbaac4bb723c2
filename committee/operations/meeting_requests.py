"""Emergency meetings: a member asks, other seats join, and the last that is needed calls it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from committee import locks, queries
from committee.models import Meeting, MeetingRequest, MeetingSupport
from committee.operations.meetings import convene, require_time, rules_to_meet_by
from committee.queries import Sitting
from committee.rules import Rules
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.refusals import AlreadyDone, Missing, NotPermitted, Unacceptable, WrongState


@transaction.atomic(durable=True)
def request_meeting(
    *, reason: str, place: str, starts_at: datetime, ends_at: datetime, actor: User, at: datetime
) -> MeetingRequest:
    """
    Ask for an emergency meeting. It is called as soon as so many seats join as the rules ask for.

    :raises NotPermitted: if the actor holds no seat in term
    :raises WrongState: if no rules are in force, or they know no emergency meeting
    :raises Unacceptable: if no reason or place is given, it ends before it starts, or the notice is too short
    """
    locks.the_agenda()

    sitting = _seat_of(actor, at)
    rules = rules_to_meet_by()
    if not rules.emergency_seats:
        raise WrongState(_("The rules in force know no emergency meeting. Ask the chair to call a meeting."))
    if not reason.strip():
        raise Unacceptable(_("Say what cannot wait for the next meeting. It is kept in the record."))
    require_time(rules, place, starts_at, ends_at, at, is_emergency=True)

    asked = MeetingRequest.objects.create(
        reason=reason.strip(),
        place=place.strip(),
        starts_at=starts_at,
        ends_at=ends_at,
        requested_by=actor,
        requested_at=at,
    )
    events.record("meeting.requested", about=asked.id, by=actor, at=at, reason=asked.reason)
    _join(asked, sitting, rules, by=actor, at=at)
    return asked


@transaction.atomic(durable=True)
def support_meeting(*, request_id: UUID, actor: User, at: datetime) -> MeetingSupport:
    """
    Join the request for an emergency meeting; the last seat that is needed calls it.

    :raises Missing: if there is no such request
    :raises NotPermitted: if the actor holds no seat in term
    :raises AlreadyDone: if the seat has joined, or the meeting is called
    :raises Unacceptable: if the notice has become too short
    """
    locks.the_agenda()

    sitting = _seat_of(actor, at)
    asked = MeetingRequest.objects.filter(pk=request_id).first()
    if asked is None:
        raise Missing(_("There is no such request. Look it up in the list of meetings."))
    rules = rules_to_meet_by()
    if Meeting.objects.filter(request=asked).exists():
        raise AlreadyDone(_("This meeting has been called. Open it to see its agenda."))
    if asked.supports.filter(seat=sitting.seat).exists():
        raise AlreadyDone(_("Your seat has joined this request."))
    require_time(rules, asked.place, asked.starts_at, asked.ends_at, at, is_emergency=True)
    return _join(asked, sitting, rules, by=actor, at=at)


def _seat_of(actor: User, at: datetime) -> Sitting:
    sitting = queries.sitting_for(actor, at)
    if sitting is None or actor.is_seconded:
        raise NotPermitted(_("Only who holds a seat in term, or stands in for one, asks for an emergency meeting."))
    return sitting


def _join(asked: MeetingRequest, sitting: Sitting, rules: Rules, *, by: User, at: datetime) -> MeetingSupport:
    support = MeetingSupport.objects.create(request=asked, seat=sitting.seat, member=by, supported_at=at)
    events.record("meeting.supported", about=asked.id, by=by, at=at, seat=sitting.seat.number)
    if asked.supports.count() >= rules.emergency_seats:
        convene(
            place=asked.place,
            starts_at=asked.starts_at,
            ends_at=asked.ends_at,
            by=asked.requested_by,
            at=at,
            request=asked,
        )
    return support
