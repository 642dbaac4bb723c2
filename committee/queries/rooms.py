"""A motion with everybody at its table: who may vote, how it stands, what a vote would do, and what was decided."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from committee.matters import Kind
from committee.models import Attendance, Ballot, Decision, Motion, Recusal, Seat
from committee.queries.seats import Sitting, belonging, interested, sittings
from committee.rules import Choice, NotDecided, Outcome, Rules, Tally, Vote, is_short_of_holders, tally
from committee.states import Status
from trustfund.core.models import User


@dataclass(frozen=True)
class Room:
    """A motion with everybody at its table: enough to say who may vote, how it stands, and what a vote would do."""

    motion: Motion
    rules: Rules
    sittings: tuple[Sitting, ...]
    ballots: tuple[Ballot, ...]
    recusals: tuple[Recusal, ...]
    interests: frozenset[UUID]
    counted_at: datetime
    decision: Decision | None
    # Who is there for each seat of a meeting; None where there is no meeting.
    there: Mapping[UUID, UUID | None] | None = None

    @cached_property
    def tally(self) -> Tally:
        """How the vote stands; once decided, the count that the decision kept."""
        if self.decision is not None:
            return self.decision.tally
        return self.count(self.ballots, self.away)

    @cached_property
    def away(self) -> frozenset[UUID]:
        """Who has left the table, or never sat at it: the recused, the interested and the proposer."""
        return frozenset({one.member_id for one in self.recusals} | {self.motion.proposer_id} | self.interests)

    def count(self, ballots: Iterable[Ballot], away: Iterable[UUID], extra: Iterable[Vote] = ()) -> Tally:
        """Return the count with these ballots, these people away, and votes that are not cast yet."""
        votes = [Vote(one.seat.number, one.member_id, one.says, one.cast_at) for one in ballots]
        return tally(
            self.rules,
            [sitting.held for sitting in self.sittings],
            [*votes, *extra],
            frozenset(away),
            closes_at=self.motion.closes_at,
            is_final=not self.motion.is_open,
            way=self.motion.decided_by,
        )

    def is_there(self, person: User) -> bool:
        """Return whether a person is recorded as present; without a meeting everybody is."""
        return self.there is None or person.pk in self.there.values()

    @property
    def has_everybody_there(self) -> bool:
        """Whether every seat that may vote has voted; in a meeting, every one that is there."""
        if self.there is None:
            return self.tally.has_everybody
        voted = {ballot.seat_id for ballot in self.ballots}
        waits = [
            sitting
            for sitting in self.sittings
            if (person := self.there.get(sitting.seat.pk)) is not None and person not in self.away
        ]
        return bool(waits) and all(sitting.seat.pk in voted for sitting in waits)

    @property
    def awaited(self) -> tuple[User, ...]:
        """Who may still vote for a seat that has not: the holder, or the alternate where the holder is away."""
        found = []
        for sitting in self.sittings:
            if self.ballot_on(sitting.seat) is None and sitting.term is not None:
                holder, alternate = sitting.term.holder, sitting.term.alternate
                if sitting.holder_counts and holder.pk not in self.away:
                    found.append(holder)
                elif alternate is not None and sitting.alternate_counts and alternate.pk not in self.away:
                    found.append(alternate)
        return tuple(person for person in found if self.is_there(person))

    @property
    def alternates_called(self) -> tuple[User, ...]:
        """
        Who is called to take a seat whose holder is away, when the holders that are left cannot make the quorum.

        A quorum is never waived: it is made by the alternates, or the motion lapses.
        """
        if not is_short_of_holders(self.rules, [sitting.held for sitting in self.sittings], self.away):
            return ()
        return tuple(
            sitting.term.alternate
            for sitting in self.sittings
            if sitting.term is not None
            and sitting.term.alternate is not None
            and sitting.alternate_counts
            and sitting.term.alternate_id not in self.away
            and (not sitting.holder_counts or sitting.term.holder_id in self.away)
        )

    def sitting_of(self, person: User) -> Sitting | None:
        """Return the seat on which a person sits or stands in, and for which their vote would count."""
        for sitting in self.sittings:
            if person.pk in {sitting.held.holder, sitting.held.alternate}:
                return sitting
        return None

    def ballot_of(self, person: User) -> Ballot | None:
        """Return the ballot of a person that stands, if any."""
        return next((ballot for ballot in self.ballots if ballot.member_id == person.pk), None)

    def ballot_on(self, seat: Seat) -> Ballot | None:
        """Return the ballot of a seat that stands, if any."""
        return next((ballot for ballot in self.ballots if ballot.seat_id == seat.pk), None)

    def is_recused(self, person: User) -> bool:
        """Return whether a person has left the table for this motion."""
        return any(one.member_id == person.pk for one in self.recusals) or person.pk in self.interests

    def tally_with(self, person: User, choice: Choice, at: datetime) -> Tally:
        """Return how the vote would stand if a person voted so; for a person without a seat, as it stands."""
        sitting = self.sitting_of(person)
        if sitting is None:
            return self.tally
        others = [ballot for ballot in self.ballots if ballot.seat_id != sitting.seat.pk]
        return self.count(others, self.away, [Vote(sitting.seat.number, person.pk, choice, at)])

    def tally_without(self, person: User) -> Tally:
        """Return how the vote would stand if a person left the table."""
        return self.count(self.ballots, self.away | {person.pk})


def room_of(motion: Motion, at: datetime | None = None) -> Room:
    """
    Return a motion with everybody at its table.

    :param at: who sits is asked for this moment, at the latest the close; without it, for the close
    """
    ended = motion.ended_at or motion.closes_at
    counted_at = min(at or ended, ended, motion.closes_at)
    at_the_table = tuple(sittings(counted_at))
    ballots = motion.ballots.filter(superseded_by=None).select_related("seat", "member", "confirmation")
    recusals = motion.recusals.select_related("member").order_by("recused_at")
    return Room(
        motion=motion,
        rules=motion.rules,
        sittings=at_the_table,
        ballots=tuple(ballots.order_by("number")),
        recusals=tuple(recusals),
        interests=_with_a_stake(motion, at_the_table),
        counted_at=counted_at,
        decision=Decision.objects.filter(motion=motion).select_related("supersedes", "superseded_by").first(),
        there=there_at(motion.meeting_id) if motion.meeting_id else None,
    )


def _with_a_stake(motion: Motion, at_the_table: Iterable[Sitting]) -> frozenset[UUID]:
    declared = interested(motion.interests, before=motion.closes_at)
    # Whose a person was when a vote ended stands in its recusals; it may have changed since.
    return declared | set(belonging(motion.interests, at_the_table)) if motion.is_open else declared


def reasons_of_dissent(room: Room) -> tuple[str, ...]:
    """Return the reasons of those who voted against, in the order of their words and not of their seats."""
    return tuple(
        sorted(
            ballot.reason
            for ballot in room.ballots
            if ballot.says == Choice.REJECT and ballot.member_id not in room.away
        )
    )


def there_at(meeting_id: UUID) -> dict[UUID, UUID | None]:
    """Return who is recorded as present for each seat of a meeting: the latest word on it."""
    found = Attendance.objects.filter(meeting_id=meeting_id).order_by("number")
    return dict(found.values_list("seat_id", "person_id"))


def tally_of(motion: Motion, at: datetime | None = None) -> Tally:
    """Return how the vote stands, as it would be counted at the close; once decided, the count that was kept."""
    return room_of(motion, at).tally


def motion_of(motion_id: UUID) -> Motion | None:
    """Return a motion with its rules and proposer, or nothing."""
    found = Motion.objects.select_related(
        "rules_of_procedure", "proposer", "meeting", "follows", "followed_by", "replaces"
    )
    return found.filter(pk=motion_id).first()


def motion_about(subject: UUID, version: int) -> Motion | None:
    """Return the latest motion on a version of something, or nothing."""
    found = Motion.objects.select_related("rules_of_procedure", "proposer").filter(subject=subject, version=version)
    return found.order_by("-opened_at").first()


def last_motion_on(subject: UUID, kind: Kind) -> Motion | None:
    """Return the latest motion of a kind about something, whichever version of the question it was; or nothing."""
    found = Motion.objects.select_related("rules_of_procedure", "proposer", "decision").filter(
        subject=subject, kind=kind.value
    )
    return found.order_by("-opened_at", "-reference").first()


def carried_on(kind: Kind) -> QuerySet[Decision]:
    """Return the decisions by which matters of a kind were carried, with their motions, the latest first."""
    found = Decision.objects.select_related("motion").filter(motion__kind=kind.value, outcome=Outcome.CARRIED.value)
    return found.order_by("-decided_at", "-reference")


def decision_on(subject: UUID, version: int, kind: Kind) -> Decision | None:
    """Return the decision that carried a matter; nothing while it is open, or if it was not carried."""
    found = Decision.objects.select_related("motion").filter(
        motion__subject=subject, motion__version=version, motion__kind=kind.value, outcome=Outcome.CARRIED.value
    )
    return found.first()


def decisions_on(subjects: Iterable[UUID], kind: Kind) -> dict[UUID, str]:
    """Return, for many things at once, the reference of the decision that carried a matter of a kind on each."""
    found = Decision.objects.filter(
        motion__subject__in=list(subjects), motion__kind=kind.value, outcome=Outcome.CARRIED.value
    )
    return dict(found.order_by("decided_at").values_list("motion__subject", "reference"))


def require_decision(subject: UUID, version: int, kind: Kind) -> Decision:
    """
    Return the decision by which the committee carried a matter.

    :raises NotDecided: if it was not moved, or voting is still open
    :raises NoQuorum: if too few voted
    :raises NotCarried: if the vote was tied or lost
    """
    found = decision_on(subject, version, kind)
    if found is not None:
        return found
    motion = motion_about(subject, version)
    if motion is None or motion.kind != kind or motion.state == Status.WITHDRAWN:
        raise NotDecided(_("The committee has not been asked. Lay it before the committee first."))
    tally_of(motion).require_carried()
    raise NotDecided(_("The decision is being written down. Reload the page in a minute."))


def last_ballot_number(motion: Motion) -> int:
    """Return the number of the latest ballot on a motion, superseded or not; zero before the first."""
    return motion.ballots.order_by("-number").values_list("number", flat=True).first() or 0


def ballot_of(ballot_id: UUID) -> Ballot | None:
    """Return a ballot with its motion, or nothing."""
    return Ballot.objects.select_related("motion", "seat", "member", "confirmation").filter(pk=ballot_id).first()
