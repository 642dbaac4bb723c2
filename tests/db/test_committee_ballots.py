"""Ballots, recusals and interests: every good path, and every refusal, which changes nothing."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from committee import operations, queries
from committee.models import Ballot, Motion
from committee.rules import Choice
from tests import committee_worlds as worlds
from tests import people
from tests.committee_room import LATER, a_room, cast, counts, withdraw
from trustfund.core import events
from trustfund.core.refusals import (
    AlreadyDone,
    Conflict,
    Missing,
    NotPermitted,
    Refusal,
    SecondFactorFailed,
    Unacceptable,
    WrongState,
)
from trustfund.core.roles import RoleName
from trustfund.core.step_up import Proof

Spoil = Callable[[SimpleNamespace], Any]


@pytest.fixture
def world(db: None) -> SimpleNamespace:
    return a_room()


def test_a_ballot_is_kept_with_all_that_was_confirmed(world):
    ballot = cast(world)
    assert (ballot.seat.number, ballot.number, ballot.choice, ballot.version) == (1, 1, "approve", 1)
    assert ballot.reason == "The need is shown."
    assert (ballot.principles, ballot.has_no_undisclosed_interest) == (worlds.SATISFIED, True)
    assert ballot.confirmation.person == world.made.holders[1]
    assert ballot.confirmation.fingerprint == ballot.fingerprint
    assert ballot.confirmation.purpose == "committee.ballot"
    assert ballot.confirmation.method == "passkey"
    tally = queries.tally_of(world.motion)
    assert (tally.present, tally.approvals, tally.eligible, tally.is_final) == (1, 1, 9, False)


def test_the_record_says_that_a_seat_voted_and_never_how(world):
    ballot = cast(world)
    event = events.about(world.motion.id).first()
    assert event is not None
    assert (event.kind, event.by) == ("ballot.cast", world.made.holders[1])
    assert event.facts == {"reference": "DP-2026-001", "seat": 1, "ballot": 1, "fingerprint": ballot.fingerprint}


def test_a_six_digit_code_confirms_as_well(world):
    world.call["proof"] = people.proof()
    assert cast(world).confirmation.method == "code"


def interested(world: SimpleNamespace) -> None:
    """Let the actor have an interest in the payee before the motion is brought."""
    operations.declare_interest(party="Kestrel Relief", actor=world.made.holders[1], at=people.NOON)
    world.motion = worlds.a_motion(world.made, interests=("KESTREL RELIEF",))
    world.call["motion_id"] = world.motion.id


def after_the_term(world: SimpleNamespace) -> None:
    """Let the vote run longer than the actor's term."""
    late = worlds.SEATED_AT + timedelta(days=5 * 365)
    world.motion = worlds.a_motion(world.made, closes_at=late)
    world.call.update(motion_id=world.motion.id, at=late - timedelta(days=1))


SPOILT_BALLOTS: list[tuple[str, Spoil, type[Refusal]]] = [
    ("no such motion", lambda w: w.call.update(motion_id=uuid4(), proof=people.proof()), Missing),
    ("not on the committee", lambda w: w.call.update(actor=w.made.secretariat), NotPermitted),
    (
        "an outsider with the role but no seat",
        lambda w: w.call.update(actor=people.someone(RoleName.COMMITTEE_MEMBER)),
        NotPermitted,
    ),
    ("a donor", lambda w: w.call.update(actor=people.someone(RoleName.DONOR_REPRESENTATIVE)), NotPermitted),
    (
        "seconded staff",
        lambda w: w.call.update(actor=people.someone(RoleName.COMMITTEE_MEMBER, is_seconded=True)),
        NotPermitted,
    ),
    (
        "recused",
        lambda w: operations.recuse(
            motion_id=w.motion.id, reason="I advise them.", actor=w.made.holders[1], at=people.NOON
        ),
        NotPermitted,
    ),
    ("interested", interested, NotPermitted),
    ("the proposer", lambda w: w.call.update(motion_id=proposed_by(w, w.made.holders[1]).id), NotPermitted),
    (
        "the seat was lost",
        lambda w: operations.vacate_seat(number=1, reason="Resigned.", actor=w.made.administrator, at=people.NOON),
        NotPermitted,
    ),
    (
        "the role was taken",
        lambda w: w.made.holders[1].roles.get().mark_ended(by=w.made.administrator, at=people.NOON),
        NotPermitted,
    ),
    ("the term is over", after_the_term, NotPermitted),
    ("at the close", lambda w: w.call.update(at=worlds.CLOSES_AT), WrongState),
    ("after the close", lambda w: w.call.update(at=worlds.CLOSES_AT + timedelta(days=1)), WrongState),
    ("after the decision", lambda w: worlds.close(w.motion), WrongState),
    ("after the withdrawal", withdraw, WrongState),
    ("twice", lambda w: worlds.vote(w.motion, 1), AlreadyDone),
    ("the same page again", lambda w: w.call.update(nonce=worlds.vote(w.motion, 3).nonce), AlreadyDone),
    ("no page", lambda w: w.call.update(nonce=""), AlreadyDone),
    (
        "the alternate after the holder",
        lambda w: (worlds.vote(w.motion, 2), w.call.update(actor=w.made.alternates[2])),
        AlreadyDone,
    ),
    ("another version", lambda w: w.call.update(version=2), Conflict),
    ("no reason", lambda w: w.call.update(reason="  "), Unacceptable),
    ("too long a reason", lambda w: w.call.update(reason="a" * 4001), Unacceptable),
    ("nothing declared", lambda w: w.call.update(has_no_undisclosed_interest=False), Unacceptable),
    ("a principle left out", lambda w: w.call.update(principles={"humanity": ""}), Unacceptable),
    ("a wrong code", lambda w: w.call.update(proof=Proof(code="000000")), SecondFactorFailed),
    ("no second factor", lambda w: w.call.update(proof=Proof()), SecondFactorFailed),
    ("a passkey signed for something else", lambda w: w.call.update(proof=signed_for_rejecting(w)), SecondFactorFailed),
    ("somebody else's passkey", lambda w: w.call.update(proof=signed_by_another(w)), SecondFactorFailed),
]


def proposed_by(world: SimpleNamespace, person: Any) -> Motion:
    """Bring a motion that somebody at the table proposed."""
    world.motion = worlds.a_motion(world.made, proposer=person)
    return world.motion


def signed_for_rejecting(world: SimpleNamespace) -> Proof:
    """Sign the opposite of what is sent."""
    call = world.call
    other = worlds.fingerprint_of(world.motion, Choice.REJECT, call["reason"], call["nonce"])
    return worlds.signed(call["actor"], other)


def signed_by_another(world: SimpleNamespace) -> Proof:
    """Let seat 3 sign for seat 1."""
    call = world.call
    same = worlds.fingerprint_of(world.motion, call["choice"], call["reason"], call["nonce"])
    return worlds.signed(world.made.holders[3], same)


@pytest.mark.parametrize(
    ("spoil", "refusal"), [case[1:] for case in SPOILT_BALLOTS], ids=[case[0] for case in SPOILT_BALLOTS]
)
def test_a_refused_ballot_changes_nothing(world, spoil, refusal):
    spoil(world)
    world.made.holders[1] = type(world.made.holders[1]).objects.get(pk=world.made.holders[1].pk)
    if world.call["actor"].pk == world.made.holders[1].pk:
        world.call["actor"] = world.made.holders[1]
    before = counts()
    with pytest.raises(refusal) as refused:
        cast(world)
    assert type(refused.value) is refusal
    assert counts() == before


def test_a_changed_mind_is_a_new_ballot_that_names_the_old_one(world):
    first = cast(world)
    world.call.update(choice=Choice.REJECT, nonce=uuid4().hex, at=LATER + timedelta(hours=1))
    second = cast(world, operations.change_ballot)
    assert (second.supersedes, second.number, second.choice) == (first, 2, "reject")
    tally = queries.tally_of(world.motion)
    assert (tally.present, tally.approvals, tally.rejections) == (1, 0, 1)
    assert events.about(world.motion.id)[0].kind == "ballot.changed"


def test_what_was_never_cast_cannot_be_changed(world):
    before = counts()
    with pytest.raises(Missing):
        cast(world, operations.change_ballot)
    assert counts() == before


def test_the_holders_vote_takes_the_place_of_the_alternates(world):
    alternate = worlds.vote(world.motion, 2, Choice.APPROVE, by=world.made.alternates[2])
    holder = worlds.vote(world.motion, 2, Choice.REJECT)
    assert holder.supersedes == alternate
    assert queries.tally_of(world.motion).rejections == 1
    assert queries.tally_of(world.motion).present == 1


def test_the_alternate_takes_the_seat_of_a_holder_who_left_after_voting(world):
    worlds.vote(world.motion, 2, Choice.APPROVE)
    operations.recuse(motion_id=world.motion.id, reason="A late discovery.", actor=world.made.holders[2], at=LATER)
    assert (queries.tally_of(world.motion).present, queries.tally_of(world.motion).recused) == (0, 0)
    worlds.vote(world.motion, 2, Choice.REJECT, by=world.made.alternates[2], at=LATER)
    assert queries.tally_of(world.motion).rejections == 1


def test_a_recusal_leaves_the_count_and_the_vote_in_the_record(world):
    cast(world)
    recusal = operations.recuse(
        motion_id=world.motion.id, reason=" I sit on their board. ", actor=world.made.holders[1], at=LATER
    )
    assert (recusal.reason, recusal.is_automatic) == ("I sit on their board.", False)
    tally = queries.tally_of(world.motion)
    assert (tally.eligible, tally.recused, tally.present) == (8, 1, 0)
    assert Ballot.objects.count() == 1


@pytest.mark.parametrize(
    ("spoil", "refusal"),
    [
        (lambda w, call: call.update(motion_id=uuid4()), Missing),
        (lambda w, call: call.update(actor=w.made.secretariat), NotPermitted),
        (lambda w, call: call.update(reason=" "), Unacceptable),
        (lambda w, call: call.update(at=worlds.CLOSES_AT), WrongState),
        (lambda w, call: worlds.close(w.motion), WrongState),
        (lambda w, call: operations.recuse(**call), NotPermitted),
    ],
)
def test_a_refused_recusal_changes_nothing(world, spoil, refusal):
    call = {"motion_id": world.motion.id, "reason": "I advise them.", "actor": world.made.holders[4], "at": LATER}
    spoil(world, call)
    before = counts()
    with pytest.raises(refusal):
        operations.recuse(**call)
    assert counts() == before


def test_an_interest_declared_during_the_vote_takes_its_member_from_the_table(world):
    motion = worlds.a_motion(world.made, interests=("Kestrel Relief",))
    operations.declare_interest(party="kestrel relief", actor=world.made.holders[5], at=LATER)
    recusal = motion.recusals.get()
    assert (recusal.member, recusal.is_automatic) == (world.made.holders[5], True)
    assert recusal.reason == "Declared interest: Kestrel Relief"
    assert queries.tally_of(motion).recused == 1


@pytest.mark.parametrize(
    ("party", "who", "refusal"),
    [
        ("Valdria", "secretariat", NotPermitted),
        (" ", "chair", Unacceptable),
        ("valdria", "chair", AlreadyDone),
    ],
)
def test_a_refused_declaration_changes_nothing(world, party, who, refusal):
    operations.declare_interest(party="Valdria", actor=world.made.chair, at=people.NOON)
    before = counts()
    with pytest.raises(refusal):
        operations.declare_interest(party=party, actor=getattr(world.made, who), at=LATER)
    assert counts() == before
