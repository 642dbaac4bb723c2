"""What the committee puts on paper: a decision as the public reads it, and the minutes of a meeting."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from committee import permissions as committee_permissions
from committee import queries as committee_queries
from committee.matters import Kind
from committee.models import Attendance, Decision, Meeting, Motion, Seat
from committee.rules import Bench, Choice, Outcome, Tally, Way
from donors.models import Donor
from trustfund.core.money import Money


@dataclass(frozen=True)
class DecisionPaper:
    """A decision in counts, without a name: who was eligible, recused, present, for, against, and why against."""

    reference: str
    motion: str
    kind: Kind
    way: Way
    meeting: str
    title: str
    summary: str
    version: int
    amount: Money
    particulars: tuple[tuple[str, str], ...]
    opened_at: datetime
    decided_at: datetime
    tally: Tally
    dissent: tuple[str, ...]
    rules_title: str
    rules_version: int
    supersedes: str
    fingerprint: str


@dataclass(frozen=True)
class Present:
    """A seat at a meeting and who came for it; nobody, if the seat was empty."""

    seat: int
    bench: Bench
    name: str
    is_alternate: bool


@dataclass(frozen=True)
class SeatVote:
    """How a seat voted in a meeting."""

    seat: int
    choice: Choice


@dataclass(frozen=True)
class MinutedMotion:
    """A motion of the agenda and what became of it by the end of the meeting; no tally, if it was not come to."""

    reference: str
    kind: Kind
    title: str
    amount: Money
    decision: str
    outcome: Outcome | None
    tally: Tally | None
    votes: tuple[SeatVote, ...]
    recused: tuple[int, ...]


@dataclass(frozen=True)
class Minutes:
    """A meeting as it was held."""

    reference: str
    place: str
    starts_at: datetime
    opened_at: datetime
    closed_at: datetime
    called_by: str
    opened_by: str
    is_emergency: bool
    request: str
    present: tuple[Present, ...]
    agenda: tuple[MinutedMotion, ...]
    items: tuple[tuple[str, str], ...]
    notes: str


def of_no_donor(_subject: UUID) -> Donor | None:
    """Return nobody: what the committee decides goes to everybody alike."""
    return None


def decision_paper(motion_id: UUID) -> DecisionPaper:
    """Return what a decision says: the count as it was kept, and why some were against if the rules let all read it."""
    motion = Motion.objects.select_related("rules_of_procedure", "meeting").get(pk=motion_id)
    room = committee_queries.room_of(motion)
    decision = Decision.objects.select_related("supersedes").get(motion=motion)
    may_read = bool(committee_permissions.may_read_reasons_of_dissent(room))
    return DecisionPaper(
        reference=decision.reference,
        motion=motion.reference,
        kind=motion.asks,
        way=motion.decided_by,
        meeting=motion.meeting.reference if motion.meeting else "",
        title=motion.title,
        summary=motion.summary,
        version=motion.version,
        amount=motion.amount,
        particulars=tuple((str(label), str(words)) for label, words in motion.particulars),
        opened_at=motion.opened_at,
        decided_at=decision.decided_at,
        tally=decision.tally,
        dissent=committee_queries.reasons_of_dissent(room) if may_read else (),
        rules_title=motion.rules_of_procedure.title,
        rules_version=motion.rules_of_procedure.version,
        supersedes=decision.supersedes.reference if decision.supersedes else "",
        fingerprint=motion.fingerprint,
    )


def minutes(meeting_id: UUID) -> Minutes:
    """Return the minutes of a meeting that was closed; what happened to its motions later is not in them."""
    meeting = Meeting.objects.select_related("called_by", "opened_by", "request").get(pk=meeting_id)
    assert meeting.opened_at is not None  # PostgreSQL closes no meeting that was not opened
    assert meeting.closed_at is not None  # its close asked for this
    return Minutes(
        reference=meeting.reference,
        place=meeting.place,
        starts_at=meeting.starts_at,
        opened_at=meeting.opened_at,
        closed_at=meeting.closed_at,
        called_by=meeting.called_by.name,
        opened_by=meeting.opened_by.name if meeting.opened_by else "",
        is_emergency=meeting.is_emergency,
        request=meeting.request.reason if meeting.request else "",
        present=_present(meeting),
        agenda=tuple(_minuted(motion, meeting.closed_at) for motion in committee_queries.agenda_of(meeting)),
        items=tuple(meeting.items.order_by("number").values_list("title", "words")),
        notes=meeting.notes,
    )


def _present(meeting: Meeting) -> tuple[Present, ...]:
    latest = {
        row.seat_id: row
        for row in Attendance.objects.filter(meeting=meeting).select_related("person").order_by("number")
    }
    alternates = {
        sitting.seat.pk: sitting.term.alternate_id
        for sitting in committee_queries.sittings(meeting.closed_at or meeting.ends_at)
        if sitting.term is not None
    }
    found = []
    for seat in Seat.objects.order_by("number"):
        row = latest.get(seat.pk)
        person = row.person if row else None
        found.append(
            Present(
                seat=seat.number,
                bench=seat.bench_name,
                name=person.name if person else "",
                is_alternate=person is not None and alternates.get(seat.pk) == person.pk,
            )
        )
    return tuple(found)


def _minuted(motion: Motion, closed_at: datetime) -> MinutedMotion:
    decision = Decision.objects.filter(motion=motion, decided_at__lte=closed_at).first()
    room = committee_queries.room_of(motion)
    gone = {one.member_id for one in room.recusals if one.recused_at <= closed_at}
    return MinutedMotion(
        reference=motion.reference,
        kind=motion.asks,
        title=motion.title,
        amount=motion.amount,
        decision=decision.reference if decision else "",
        outcome=Outcome(decision.outcome) if decision else None,
        tally=decision.tally if decision else None,
        votes=tuple(
            SeatVote(ballot.seat.number, ballot.says)
            for ballot in sorted(room.ballots, key=lambda one: one.seat.number)
            if decision is not None and ballot.member_id not in room.away
        ),
        recused=tuple(
            sitting.seat.number
            for sitting in room.sittings
            if sitting.term is not None and sitting.term.holder_id in gone
        ),
    )
