"""A committee for tests: nine seats on three benches, motions, votes with real passkeys, and decisions."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from committee import operations, queries
from committee.matters import Kind
from committee.models import Ballot, Decision, Meeting, MeetingRequest, Motion, Term
from committee.rules import NEUTRAL_COMMITTEE, Bench, Choice, Principle, Rules, Way, decision_facts
from tests import people
from trustfund.core import step_up
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.roles import RoleName
from trustfund.core.step_up import Proof
from trustfund.embedded.soft_passkey import SoftPasskey

SEATED_AT = people.NOON - timedelta(days=30)
CLOSES_AT = people.NOON + timedelta(days=4)
SATISFIED = {str(principle): "" for principle in Principle}
# The smallest quorum: two of each bench.
QUORUM_SEATS = (1, 2, 4, 5, 7, 8)
CHAIR_SEAT = 7


@dataclass
class Committee:
    """Who sits where, and who serves the committee."""

    administrator: User
    secretariat: User
    holders: dict[int, User] = field(default_factory=dict)
    alternates: dict[int, User] = field(default_factory=dict)

    @property
    def chair(self) -> User:
        """The holder of the chairing seat."""
        return self.holders[CHAIR_SEAT]


def bench_of(number: int) -> Bench:
    """Return the bench of a seat: three donor, three technical, three independent."""
    return list(Bench)[(number - 1) // 3]


def a_committee(
    *, rules: Rules = NEUTRAL_COMMITTEE, with_alternates: tuple[int, ...] = (), at: datetime = SEATED_AT
) -> Committee:
    """Seat nine members, the seventh as chair, with alternates where asked."""
    made = Committee(
        administrator=people.someone(RoleName.FUND_ADMINISTRATOR),
        secretariat=people.someone(RoleName.SECRETARIAT),
    )
    operations.adopt_rules(rules=rules, title="Neutral committee", actor=made.administrator, at=at)
    for number in range(1, 10):
        roles = (RoleName.COMMITTEE_MEMBER, RoleName.CHAIR) if number == CHAIR_SEAT else (RoleName.COMMITTEE_MEMBER,)
        made.holders[number] = people.someone(*roles, name=f"Holder of seat {number}")
        if number in with_alternates:
            made.alternates[number] = people.someone(RoleName.ALTERNATE, name=f"Alternate of seat {number}")
        seat(made, number, at=at)
    return made


def seat(made: Committee, number: int, *, at: datetime = SEATED_AT) -> Term:
    """Give a seat to its holder and alternate for four years from a day before."""
    alternate = made.alternates.get(number)
    return operations.seat_member(
        number=number,
        bench=bench_of(number),
        holder_id=made.holders[number].pk,
        alternate_id=alternate.pk if alternate else None,
        chairs=number == CHAIR_SEAT,
        nominated_by="The founding conference",
        starts_on=(at - timedelta(days=1)).date(),
        ends_on=(at + timedelta(days=4 * 365)).date(),
        actor=made.administrator,
        at=at,
    )


def a_motion(
    made: Committee,
    *,
    subject: UUID | None = None,
    version: int = 1,
    amount: Money | None = None,
    interests: tuple[str, ...] = (),
    proposer: User | None = None,
    closes_at: datetime | None = CLOSES_AT,
    at: datetime = people.NOON,
    **given: Any,
) -> Motion:
    """Bring a motion, as the secretariat does when it tables a proposal."""
    with transaction.atomic():
        return operations.open_motion(
            subject=subject or uuid4(),
            version=version,
            title="Cold chain for four provinces",
            summary="Solar refrigerators for 210 clinics.",
            amount=amount or Money.of("4250000.00", "USD"),
            fingerprint="e0" * 32,
            interests=list(interests),
            proposer=proposer or made.secretariat,
            closes_at=closes_at,
            actor=made.secretariat,
            at=at,
            **given,
        )


def a_silent_motion(made: Committee, **given: Any) -> Motion:
    """Ask for the release of a tranche, to which members may object for five working days."""
    return a_motion(made, kind=Kind.RELEASE, way=Way.NO_OBJECTION, closes_at=None, **given)


def a_meeting(made: Committee, *, at: datetime = people.NOON) -> Meeting:
    """Call a meeting in three weeks, for eight hours."""
    starts_at = at + timedelta(days=21)
    return operations.call_meeting(
        place="Room XI, Geneva", starts_at=starts_at, ends_at=starts_at + timedelta(hours=8), actor=made.chair, at=at
    )


def a_request(made: Committee, *, seat: int = 3, at: datetime = people.NOON) -> MeetingRequest:
    """Let a member ask for an emergency meeting in a week."""
    starts_at = at + timedelta(days=7)
    return operations.request_meeting(
        reason="Monitors were turned back at two stores.",
        place="By video",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        actor=made.holders[seat],
        at=at,
    )


def hold(made: Committee, meeting: Meeting, *, seats: tuple[int, ...] = QUORUM_SEATS) -> Meeting:
    """Open a meeting at its time, with the holders of these seats there."""
    opened = operations.open_meeting(meeting_id=meeting.pk, actor=made.chair, at=meeting.starts_at)
    operations.take_attendance(
        meeting_id=meeting.pk,
        present={number: made.holders[number].pk for number in seats},
        actor=made.secretariat,
        at=meeting.starts_at,
    )
    return opened


def fingerprint_of(
    motion: Motion, choice: Choice, reason: str, nonce: str, principles: dict[str, str] | None = None
) -> str:
    """Return what a member confirms when they vote so."""
    return step_up.fingerprint(
        decision_facts(
            reference=motion.reference,
            version=motion.version,
            motion_fingerprint=motion.fingerprint,
            choice=choice,
            reason=reason,
            principles=principles or SATISFIED,
            has_no_undisclosed_interest=True,
            nonce=nonce,
        )
    )


def signed(person: User, fingerprint: str) -> Proof:
    """Return a passkey's signed answer of a person."""
    return Proof(passkey=SoftPasskey.register(person).answer(fingerprint))


def vote(
    motion: Motion,
    seat_no: int,
    choice: Choice | str = Choice.APPROVE,
    *,
    by: User | None = None,
    reason: str = "The need is shown and the conditions protect the fund.",
    at: datetime | None = None,
) -> Ballot:
    """Cast the vote of a seat, or change it when it was cast, confirmed with a passkey."""
    at = at or motion.opened_at + timedelta(hours=1)
    room = queries.room_of(motion, at)
    term = next(sitting.term for sitting in room.sittings if sitting.seat.number == seat_no)
    assert term is not None
    person = by or term.holder
    nonce = uuid4().hex
    choice = Choice(choice)
    operation = operations.change_ballot if room.ballot_of(person) else operations.cast_ballot
    return operation(
        motion_id=motion.id,
        version=motion.version,
        choice=choice,
        reason=reason,
        principles=SATISFIED,
        has_no_undisclosed_interest=True,
        proof=signed(person, fingerprint_of(motion, choice, reason, nonce)),
        nonce=nonce,
        actor=person,
        at=at,
    )


def close(motion: Motion, at: datetime | None = None) -> Decision:
    """Let the clock close a motion at its time."""
    return operations.close_motion(motion_id=motion.id, actor=None, at=at or motion.closes_at)


def carry(motion: Motion, at: datetime | None = None) -> Decision:
    """Let the smallest quorum approve, then close at the motion's time."""
    for number in QUORUM_SEATS:
        vote(motion, number, Choice.APPROVE, at=at)
    return close(motion)


def defeat(motion: Motion, at: datetime | None = None) -> Decision:
    """Let the smallest quorum reject, then close at the motion's time."""
    for number in QUORUM_SEATS:
        vote(motion, number, Choice.REJECT, reason="Access for monitors is not confirmed.", at=at)
    return close(motion)
