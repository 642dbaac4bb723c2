"""Lists of motions: what is open, what was decided, what is due, and what waits for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from committee.models import Attendance, Ballot, Interest, Motion, Recusal, VoteReminder
from committee.queries.rooms import Room
from committee.queries.seats import SITS, Sitting, belonging, sittings
from committee.rules import Choice, Way, party_key, reminding
from committee.states import DECIDED, Status
from trustfund.core.models import User
from trustfund.core.roles import RoleName


def open_motions() -> "QuerySet[Motion]":
    """Return the motions that are to be decided, those that close first at the head."""
    found = Motion.objects.filter(status=Status.OPEN).select_related("rules_of_procedure", "proposer", "meeting")
    return found.order_by("closes_at", "id")


def ended_motions() -> "QuerySet[Motion]":
    """Return the motions that were decided or withdrawn, latest first, each with its decision if it has one."""
    found = Motion.objects.exclude(status=Status.OPEN).select_related("decision", "proposer")
    return found.order_by("-ended_at", "-reference")


def decided_motions() -> "QuerySet[Motion]":
    """Return the motions that the committee decided, latest first, with their decisions."""
    return ended_motions().filter(status__in=[str(status) for status in DECIDED])


@dataclass(frozen=True)
class Asked:
    """What a reader looks for in the register; what is empty does not narrow it."""

    kind: str = ""
    outcome: str = ""
    year: str = ""
    words: str = ""

    def __bool__(self) -> bool:
        return bool(self.kind or self.outcome or self.year or self.words)


def registered(asked: Asked) -> "QuerySet[Motion]":
    """Return the motions that have ended and fit what is asked for, latest first."""
    found = ended_motions().select_related("decision__superseded_by", "proposer")
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.outcome:
        found = found.filter(status=asked.outcome)
    if asked.year.isascii() and asked.year.isdigit() and len(asked.year) == len("2026"):
        found = found.filter(ended_at__year=int(asked.year))
    for word in asked.words.split()[:8]:
        found = found.filter(
            Q(title__icontains=word)
            | Q(summary__icontains=word)
            | Q(reference__icontains=word)
            | Q(decision__reference__icontains=word)
        )
    return found


def years_of_decisions() -> list[int]:
    """Return the years in which motions ended, the latest first."""
    return [day.year for day in Motion.objects.exclude(status=Status.OPEN).datetimes("ended_at", "year", order="DESC")]


def motions_due(at: datetime) -> list[UUID]:
    """Return the open motions whose time is up."""
    due = Motion.objects.filter(status=Status.OPEN, closes_at__lte=at).order_by("closes_at", "id")
    return list(due.values_list("id", flat=True))


def steps_to_remind(at: datetime) -> list[tuple[UUID, int]]:
    """Return the motions of whose close members are to be reminded now, each with the step that was not taken yet."""
    until = at + timedelta(hours=max(reminding.STEPS))
    found = Motion.objects.filter(status=Status.OPEN, closes_at__gt=at, closes_at__lte=until)
    steps = [
        (motion, reminding.step_at(motion.opened_at, motion.closes_at, at))
        for motion in found.exclude(way=Way.MEETING).order_by("closes_at", "id")
    ]
    taken = set(VoteReminder.objects.filter(motion__in=found).values_list("motion_id", "step"))
    return [(motion.pk, step) for motion, step in steps if step is not None and (motion.pk, step) not in taken]


@dataclass(frozen=True)
class Waiting:
    """A motion that waits for a person's vote, and why it matters."""

    motion: Motion
    cast: int
    quorum: int
    makes_quorum: bool
    # Whether the person stands in for a holder who is away, and without alternates there is no quorum.
    is_called: bool = False


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
        if not room.motion.takes_votes or not room.is_there(person):
            continue
        before, after = room.tally, room.tally_with(person, Choice.ABSTAIN, at)
        result.append(
            Waiting(
                motion=room.motion,
                cast=before.present,
                quorum=before.quorum,
                makes_quorum=after.has_quorum and not before.has_quorum,
                is_called=person in room.alternates_called,
            )
        )
    return result


def _rooms(motions: "QuerySet[Motion]", at_the_table: tuple[Sitting, ...], at: datetime) -> Iterable[Room]:
    standing = Ballot.objects.filter(superseded_by=None).select_related("seat", "member").order_by("number")
    declared = [
        (person, party_key(party), moment)
        for person, party, moment in Interest.objects.values_list("person_id", "party", "declared_at")
    ]
    found = motions.prefetch_related(
        Prefetch("ballots", standing, to_attr="standing_ballots"),
        Prefetch("recusals", Recusal.objects.select_related("member"), to_attr="all_recusals"),
        Prefetch("meeting__attendance", Attendance.objects.order_by("number"), to_attr="all_attendance"),
    )
    for motion in found:
        names = {party_key(str(party)) for party in motion.interests}
        stakes = {person for person, party, moment in declared if party in names and moment < motion.closes_at}
        yield Room(
            motion=motion,
            rules=motion.rules,
            sittings=at_the_table,
            ballots=tuple(getattr(motion, "standing_ballots", ())),
            recusals=tuple(getattr(motion, "all_recusals", ())),
            interests=frozenset(stakes | set(belonging(motion.interests, at_the_table))),
            counted_at=at,
            decision=None,
            there=_there(motion),
        )


def _there(motion: Motion) -> dict[UUID, UUID | None] | None:
    if motion.meeting is None:
        return None
    return {one.seat_id: one.person_id for one in getattr(motion.meeting, "all_attendance", ())}
