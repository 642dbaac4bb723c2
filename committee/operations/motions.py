"""Bringing a motion, taking it back, and counting its votes."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from committee import locks, permissions, queries
from committee.matters import Kind, Matter
from committee.models import Decision, Meeting, Motion, Recusal
from committee.queries import Room, Sitting
from committee.rules import Outcome, Rules, Tally, Way, consensus_until, objections_end
from committee.states import MeetingStatus, Status, require_move, require_open
from trustfund.core import events
from trustfund.core.db import require_transaction
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, Missing, Unacceptable, WrongState


def open_motion(
    *,
    subject: UUID,
    version: int,
    title: str,
    summary: str,
    amount: Money,
    fingerprint: str,
    interests: Sequence[str],
    proposer: User,
    closes_at: datetime | None,
    actor: User,
    at: datetime,
    kind: Kind = Kind.PROPOSAL,
    particulars: Sequence[tuple[str, str]] = (),
    way: Way = Way.CORRESPONDENCE,
    meeting_id: UUID | None = None,
    replaces: Decision | None = None,
) -> Motion:
    """
    Put one version of something before the committee, in the transaction of whoever tables it.

    Who has declared an interest in one of the named parties, or belongs to one, leaves the table at once.

    :param fingerprint: SHA-256 of the version, 64 hex digits; every ballot is bound to it
    :param interests: the names of those who would gain
    :param closes_at: when voting without a meeting ends; the meeting or the rules say it for the other ways
    :param particulars: label and words of what else is decided, as its page prints them
    :param way: in a meeting, without one, or by no objection where the rules let this kind be decided so
    :param meeting_id: on whose agenda it stands, if it is decided in a meeting
    :param replaces: the decision of the same kind whose place this one takes if it is carried
    :raises NotPermitted: if the actor may not bring a motion of this kind
    :raises WrongState: if no rules of procedure are in force
    :raises Missing: if there is no such meeting to come
    :raises Unacceptable: if it would close before it opens or before a consensus could be found, or may not be decided
        by silence
    :raises AlreadyDone: if this version is before the committee, or was carried, rejected or objected to
    """
    require_transaction()
    permissions.may_open(actor, kind).enforce()
    rules = queries.rules_in_force()
    if rules is None:
        raise WrongState(_("No rules of procedure are in force. The fund administrator must record them first."))
    if not rules.rules.allows(kind, way):
        raise Unacceptable(
            _("The rules let nothing of this kind be decided by no objection: %(kind)s. Choose another way.")
            % {"kind": kind.label.lower()}
        )
    meeting = _agenda(meeting_id, at) if way == Way.MEETING else None
    ends = _close(rules.rules, way, meeting, closes_at, at)
    last = queries.motion_about(subject, version)
    if last is not None and last.state not in {Status.LAPSED, Status.WITHDRAWN}:
        raise AlreadyDone(
            _("Version %(version)s was moved as %(reference)s. Amend the proposal to move it again.")
            % {"version": version, "reference": last.reference}
        )

    motion = Motion.objects.create(
        reference=next_reference("DP", at.date()),
        kind=kind.value,
        particulars=[list(row) for row in particulars],
        subject=subject,
        version=version,
        fingerprint=fingerprint,
        title=title,
        summary=summary,
        amount_minor=amount.minor,
        currency=amount.currency,
        interests=[str(party) for party in interests],
        rules_of_procedure=rules,
        proposer=proposer,
        opened_at=at,
        closes_at=ends,
        way=way.value,
        meeting=meeting,
        replaces=replaces,
    )
    _tell(motion, by=actor, at=at)
    return motion


def _agenda(meeting_id: UUID | None, at: datetime) -> Meeting:
    meeting = locks.meeting(meeting_id) if meeting_id else None
    if meeting is None:
        raise Missing(_("Choose the meeting on whose agenda this stands. If there is none, call one first."))
    if meeting.state == MeetingStatus.CLOSED or at >= meeting.ends_at:
        raise WrongState(_("This meeting is over. Choose one that is still to come."))
    return meeting


def _close(rules: Rules, way: Way, meeting: Meeting | None, closes_at: datetime | None, at: datetime) -> datetime:
    if meeting is not None:
        return meeting.ends_at
    if way == Way.NO_OBJECTION:
        return objections_end(rules, at)
    if closes_at is None or closes_at <= at:
        raise Unacceptable(_("Voting must close later than it opens. Choose a later moment."))
    until = consensus_until(rules, at)
    if closes_at < until:
        raise Unacceptable(
            _("The rules give time to find a consensus until %(until)s. Let voting close then or later.")
            % {"until": f"{until:%Y-%m-%d, %H:%M} UTC"}
        )
    return closes_at


def _tell(motion: Motion, *, by: User, at: datetime) -> None:
    said = {Way.MEETING: "motion.scheduled", Way.NO_OBJECTION: "motion.circulated", Way.CORRESPONDENCE: "motion.opened"}
    events.record(
        said[motion.decided_by],
        about=motion.id,
        by=by,
        at=at,
        reference=motion.reference,
        version=motion.version,
        fingerprint=motion.fingerprint,
        closes_at=motion.closes_at.isoformat(),
        way=motion.way,
    )
    leave_interested(motion, at=at)


def lay_before(
    matter: Matter,
    *,
    proposer: User,
    closes_at: datetime | None,
    actor: User,
    at: datetime,
    way: Way = Way.CORRESPONDENCE,
    meeting_id: UUID | None = None,
    replaces: Decision | None = None,
) -> Motion:
    """
    Put a matter before the committee, in the transaction of whoever asks for the decision.

    What the decision then allows is done by an operation of the room that asked, which calls
    `queries.decision_on(…)` or `queries.require_decision(…)` under its own lock.

    :raises Refusal: whatever `open_motion` raises
    """
    return open_motion(
        kind=matter.kind,
        subject=matter.subject,
        version=matter.version,
        title=matter.title,
        summary=matter.summary,
        amount=matter.amount,
        particulars=matter.particulars,
        fingerprint=matter.fingerprint,
        interests=matter.interests,
        proposer=proposer,
        closes_at=closes_at,
        actor=actor,
        at=at,
        way=way,
        meeting_id=meeting_id,
        replaces=replaces,
    )


def bring_to_meeting(motion: Motion, meeting: Meeting, *, by: User, at: datetime) -> Motion:
    """Put what somebody objected to on the agenda of a meeting, as it was, in the transaction of whoever does it."""
    require_transaction()
    fields = (
        *("kind", "particulars", "subject", "version", "fingerprint", "title", "summary", "amount_minor", "currency"),
        *("interests", "rules_of_procedure", "proposer", "replaces"),
    )
    brought = Motion.objects.create(
        reference=next_reference("DP", at.date()),
        opened_at=at,
        closes_at=meeting.ends_at,
        way=Way.MEETING.value,
        meeting=meeting,
        follows=motion,
        **{name: getattr(motion, name) for name in fields},
    )
    _tell(brought, by=by, at=at)
    return brought


def leave_interested(motion: Motion, *, at: datetime) -> None:
    """
    Let those who have a stake in the motion's parties leave the table, if they sit and have not left.

    A stake is declared, or comes with a person's state or employer.
    """
    require_transaction()
    if at >= motion.closes_at:
        return
    gone = set(motion.recusals.values_list("member_id", flat=True))
    declared = queries.interested(motion.interests, before=motion.closes_at)
    at_the_table = queries.sittings(at)
    whose = queries.belonging(motion.interests, at_the_table)
    for sitting in at_the_table:
        for person in sitting.people:
            if person.pk in gone or not (person.pk in declared or person.pk in whose):
                continue
            reason = (
                _("Belongs to %(party)s") % {"party": whose[person.pk]}
                if person.pk in whose
                else _("Declared interest: %(parties)s") % {"parties": ", ".join(motion.interests)}
            )
            _leave(motion, person, sitting, reason, at=at)
            gone.add(person.pk)
    call_alternates(motion, at=at)


def leave_concerned(motion: Motion, people: Collection[UUID], *, at: datetime) -> None:
    """Let those about whose own seat a motion decides leave the table, if they sit and have not left."""
    require_transaction()
    for sitting in queries.sittings(at):
        for person in sitting.people:
            if person.pk in people and not motion.recusals.filter(member=person).exists():
                _leave(motion, person, sitting, _("The motion is about this person's own seat"), at=at)
    call_alternates(motion, at=at)


def _leave(motion: Motion, person: User, sitting: Sitting, reason: str, *, at: datetime) -> None:
    Recusal.objects.create(motion=motion, member=person, reason=reason, is_automatic=True, recused_at=at)
    events.record(
        "recusal.declared",
        about=motion.id,
        by=person,
        at=at,
        reference=motion.reference,
        seat=sitting.seat.number,
        is_automatic=True,
    )


def call_alternates(motion: Motion, *, at: datetime) -> None:
    """Call the alternates of holders who are away, once each, if there is no quorum without them."""
    require_transaction()
    called = {
        person
        for facts in events.about(motion.id).filter(kind="alternate.called").values_list("facts", flat=True)
        for person in facts["people"]
    }
    new = [person for person in queries.room_of(motion, at).alternates_called if str(person.pk) not in called]
    if new:
        events.record(
            "alternate.called",
            about=motion.id,
            by=None,
            at=at,
            reference=motion.reference,
            people=[str(person.pk) for person in new],
            closes_at=motion.closes_at.isoformat(),
        )


def withdraw_motion(*, motion_id: UUID, actor: User, at: datetime) -> Motion:
    """
    Take a motion back before it is decided, in the transaction of whoever withdraws what it is about.

    :raises Missing: if there is no such motion
    :raises NotPermitted: if the actor neither proposed it nor is the secretariat
    :raises WrongState: if it was decided or withdrawn, or its vote has closed and waits to be counted
    """
    require_transaction()
    motion = locks.motion(motion_id)

    permissions.may_withdraw(actor, motion).enforce()
    require_move(motion.state, to=Status.WITHDRAWN)
    if at >= motion.closes_at:
        raise WrongState(_("Voting has closed, so this cannot be taken back. Wait for the count; it comes by itself."))

    voted = motion.ballots.filter(superseded_by=None).values_list("member_id", flat=True)
    motion.mark_ended(status=Status.WITHDRAWN, at=at)
    events.record("motion.withdrawn", about=motion.id, by=actor, at=at, reference=motion.reference)
    if voted:
        events.record(
            "ballots.voided",
            about=motion.id,
            by=actor,
            at=at,
            reference=motion.reference,
            people=[str(person) for person in voted],
        )
    return motion


@transaction.atomic(durable=True)
def close_motion(*, motion_id: UUID, actor: User | None, at: datetime) -> Decision:
    """
    Count the votes and keep the decision: at its time by the clock, earlier by the chair when every seat has voted.

    :param actor: the chair, or nobody when the clock closes it
    :raises Missing: if there is no such motion
    :raises NotPermitted: if the actor is not the chair
    :raises WrongState: if it is too early, or the motion was decided or withdrawn
    """
    motion = locks.motion(motion_id)
    room = queries.room_of(motion, at)

    permissions.may_close(actor, room, at).enforce()
    require_open(motion.state)
    return decide(room, actor=actor, at=at)


def decide(room: Room, *, actor: User | None, at: datetime) -> Decision:
    """
    End a motion as its votes are counted and keep the whole count, in the transaction of whoever closes it.

    What was objected to is put on the agenda of the next meeting that has been called.
    """
    require_transaction()
    motion, count = room.motion, _counted(room)
    outcome = Status(count.outcome.value)
    require_move(motion.state, to=outcome)

    motion.mark_ended(status=outcome, at=at)
    decision = Decision.objects.create(
        reference=next_reference("DEC", at.date()),
        motion=motion,
        outcome=count.outcome.value,
        figures=count.figures(),
        decided_at=at,
        closed_by=actor,
        supersedes=_replaced(motion) if outcome == Status.CARRIED else None,
    )
    events.record(
        f"motion.{outcome.value}",
        about=motion.id,
        by=actor,
        at=at,
        reference=motion.reference,
        decision=decision.reference,
        why=count.why,
    )
    if outcome == Status.OBJECTED:
        locks.the_agenda()
        following = queries.meetings_to_come(at).filter(starts_at__gt=at).first()
        if following is not None:
            bring_to_meeting(motion, following, by=motion.proposer, at=at)
    return decision


def _counted(room: Room) -> Tally:
    """Return the count; a meeting that never came to a motion leaves it undecided, whatever silence would mean."""
    count = room.tally
    if room.motion.takes_votes or count.outcome == Outcome.LAPSED:
        return count
    return replace(count, outcome=Outcome.LAPSED, why=_("The meeting did not come to this motion."))


def _replaced(motion: Motion) -> Decision | None:
    """Return the decision whose place a carried motion takes; none if another has taken it meanwhile."""
    named = motion.replaces
    if named is None or Decision.objects.filter(supersedes=named).exists():
        return None
    return named
