"""What can be asked of the committee: who sits, what is open, how a vote stands, what waits for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from committee.matters import Kind
from committee.models import Ballot, Decision, Interest, Motion, Recusal, RulesOfProcedure, Seat, Term
from committee.rules import Choice, NotDecided, Outcome, Rules, SeatHeld, Tally, Vote, tally
from committee.states import DECIDED, Status
from trustfund.core.models import Role, User
from trustfund.core.roles import RoleName

SITS = (RoleName.COMMITTEE_MEMBER, RoleName.CHAIR)
STANDS_IN = (RoleName.ALTERNATE, RoleName.COMMITTEE_MEMBER)


def rules_in_force() -> RulesOfProcedure | None:
    """Return the latest version of the rules of procedure, or nothing before any were adopted."""
    return RulesOfProcedure.objects.order_by("-version").first()


def rules_history() -> "QuerySet[RulesOfProcedure]":
    """Return every version of the rules, latest first."""
    return RulesOfProcedure.objects.select_related("adopted_by").order_by("-version")


@dataclass(frozen=True)
class Sitting:
    """A seat and its term at a moment; without a term the seat is vacant."""

    seat: Seat
    term: Term | None
    holder_counts: bool
    alternate_counts: bool

    @property
    def held(self) -> SeatHeld:
        """The seat as the tally sees it."""
        term = self.term
        return SeatHeld(
            self.seat.number,
            self.seat.bench_name,
            term.holder_id if term is not None and self.holder_counts else None,
            term.alternate_id if term is not None and self.alternate_counts else None,
        )


def sittings(at: datetime) -> list[Sitting]:
    """Return every seat by number with who sits at a moment; who lost the role, or left, no longer counts."""
    seats = Seat.objects.order_by("number").prefetch_related(
        Prefetch("terms", Term.objects.select_related("holder", "alternate").order_by("seated_at", "id"))
    )
    found = [(seat, next((term for term in seat.terms.all() if term.covers(at)), None)) for seat in seats]
    people = {term.holder_id for _, term in found if term} | {
        term.alternate_id for _, term in found if term and term.alternate_id
    }
    roles = Role.objects.filter(Q(ended_at=None) | Q(ended_at__gt=at), person__in=people, person__is_active=True)
    held: set[tuple[UUID, str]] = set(roles.values_list("person_id", "name"))

    def holds(person: UUID | None, names: Iterable[RoleName]) -> bool:
        return person is not None and any((person, str(name)) in held for name in names)

    return [
        Sitting(
            seat,
            term,
            holder_counts=holds(term.holder_id, SITS) if term else False,
            alternate_counts=holds(term.alternate_id, STANDS_IN) if term else False,
        )
        for seat, term in found
    ]


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
        interests=interested(motion.interests, before=motion.closes_at),
        counted_at=counted_at,
        decision=Decision.objects.filter(motion=motion).first(),
    )


def tally_of(motion: Motion, at: datetime | None = None) -> Tally:
    """Return how the vote stands, as it would be counted at the close; once decided, the count that was kept."""
    return room_of(motion, at).tally


def interested(parties: Iterable[str], *, before: datetime) -> frozenset[UUID]:
    """
    Return who has declared an interest in one of these parties, whatever its capitals.

    :param before: the close of the vote: who declares then or later has voted, and the vote is counted
    """
    names = {party.casefold() for party in parties}
    if not names:
        return frozenset()
    declared = Interest.objects.filter(declared_at__lt=before).values_list("person_id", "party")
    return frozenset(person for person, party in declared if party.casefold() in names)


def interests_of(person: User) -> "QuerySet[Interest]":
    """Return what a person has declared, latest first."""
    return Interest.objects.filter(person=person).order_by("-declared_at")


def motion_of(motion_id: UUID) -> Motion | None:
    """Return a motion with its rules and proposer, or nothing."""
    return Motion.objects.select_related("rules_of_procedure", "proposer").filter(pk=motion_id).first()


def motion_about(subject: UUID, version: int) -> Motion | None:
    """Return the latest motion on a version of something, or nothing."""
    found = Motion.objects.select_related("rules_of_procedure", "proposer").filter(subject=subject, version=version)
    return found.order_by("-opened_at").first()


def decision_on(subject: UUID, version: int, kind: Kind) -> Decision | None:
    """Return the decision that carried a matter; nothing while it is open, or if it was not carried."""
    found = Decision.objects.select_related("motion").filter(
        motion__subject=subject, motion__version=version, motion__kind=kind.value, outcome=Outcome.CARRIED.value
    )
    return found.first()


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


def open_motions() -> "QuerySet[Motion]":
    """Return the motions that take votes, those that close first at the head."""
    found = Motion.objects.filter(status=Status.OPEN).select_related("rules_of_procedure", "proposer")
    return found.order_by("closes_at", "id")


def ended_motions() -> "QuerySet[Motion]":
    """Return the motions that were decided or withdrawn, latest first, each with its decision if it has one."""
    found = Motion.objects.exclude(status=Status.OPEN).select_related("decision", "proposer")
    return found.order_by("-ended_at", "-id")


def decided_motions() -> "QuerySet[Motion]":
    """Return the motions that the committee decided, latest first, with their decisions."""
    return ended_motions().filter(status__in=[str(status) for status in DECIDED])


def motions_due(at: datetime) -> list[UUID]:
    """Return the open motions whose time is up."""
    due = Motion.objects.filter(status=Status.OPEN, closes_at__lte=at).order_by("closes_at", "id")
    return list(due.values_list("id", flat=True))


@dataclass(frozen=True)
class Waiting:
    """A motion that waits for a person's vote, and why it matters."""

    motion: Motion
    cast: int
    quorum: int
    makes_quorum: bool


def waiting_for(person: User, at: datetime) -> list[Waiting]:
    """Return the open motions on which a person may vote and has not, those that close first at the head."""
    if person.is_seconded or not person.holds(*SITS, RoleName.ALTERNATE):
        return []
    result = []
    at_the_table = tuple(sittings(at))
    for room in _rooms(open_motions().filter(closes_at__gt=at), at_the_table, at):
        sitting = room.sitting_of(person)
        if sitting is None or person.pk in room.away or room.ballot_on(sitting.seat) is not None:
            continue
        before, after = room.tally, room.tally_with(person, Choice.ABSTAIN, at)
        result.append(
            Waiting(
                motion=room.motion,
                cast=before.present,
                quorum=before.quorum,
                makes_quorum=after.has_quorum and not before.has_quorum,
            )
        )
    return result


def _rooms(motions: "QuerySet[Motion]", at_the_table: tuple[Sitting, ...], at: datetime) -> Iterable[Room]:
    standing = Ballot.objects.filter(superseded_by=None).select_related("seat", "member").order_by("number")
    declared = list(Interest.objects.values_list("person_id", "party", "declared_at"))
    found = motions.prefetch_related(
        Prefetch("ballots", standing, to_attr="standing_ballots"),
        Prefetch("recusals", Recusal.objects.select_related("member"), to_attr="all_recusals"),
    )
    for motion in found:
        names = {str(party).casefold() for party in motion.interests}
        yield Room(
            motion=motion,
            rules=motion.rules,
            sittings=at_the_table,
            ballots=tuple(getattr(motion, "standing_ballots", ())),
            recusals=tuple(getattr(motion, "all_recusals", ())),
            interests=frozenset(
                person for person, party, moment in declared if party.casefold() in names and moment < motion.closes_at
            ),
            counted_at=at,
            decision=None,
        )


def last_ballot_number(motion: Motion) -> int:
    """Return the number of the latest ballot on a motion, superseded or not; zero before the first."""
    return motion.ballots.order_by("-number").values_list("number", flat=True).first() or 0


def ballot_of(ballot_id: UUID) -> Ballot | None:
    """Return a ballot with its motion, or nothing."""
    return Ballot.objects.select_related("motion", "seat", "member", "confirmation").filter(pk=ballot_id).first()
