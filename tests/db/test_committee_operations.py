"""What happens in the committee room: every operation's good path and every refusal, which changes nothing."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from committee import operations, permissions, queries, tasks
from committee.models import Ballot, Decision, Motion, Recusal, RulesOfProcedure, Term
from committee.rules import (
    FULL_CONSENSUS,
    NEUTRAL_COMMITTEE,
    Bench,
    BenchRule,
    Choice,
    NotDecided,
    Outcome,
    Rules,
    Share,
)
from committee.states import Status
from tests import committee_worlds as worlds
from tests import people
from trustfund.core import clock, events
from trustfund.core.models import Confirmation, Event
from trustfund.core.money import Money
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

LATER = people.NOON + timedelta(hours=1)
Spoil = Callable[[SimpleNamespace], Any]


def counts() -> tuple[int, ...]:
    """Count every row that a refusal must not add, and the states it must not change."""
    tables = (Ballot, Recusal, Decision, Confirmation, Event, RulesOfProcedure, Term, Motion)
    return (
        *(table.objects.count() for table in tables),
        Motion.objects.filter(status="open").count(),
        Term.objects.filter(vacated_at=None).count(),
    )


@pytest.fixture
def world(db: None) -> SimpleNamespace:
    """A committee with an alternate on seat 2, and an open motion."""
    made = worlds.a_committee(with_alternates=(2,))
    motion = worlds.a_motion(made)
    call = {
        "motion_id": motion.id,
        "version": 1,
        "choice": Choice.APPROVE,
        "reason": "The need is shown.",
        "principles": worlds.SATISFIED,
        "has_no_undisclosed_interest": True,
        "nonce": uuid4().hex,
        "actor": made.holders[1],
        "at": LATER,
    }
    return SimpleNamespace(made=made, motion=motion, call=call)


def cast(world: SimpleNamespace, operation: Callable[..., Ballot] = operations.cast_ballot) -> Ballot:
    """Send the world's call, signed by the actor for exactly what it says unless the call brings its own proof."""
    call = dict(world.call)
    if "proof" not in call:
        motion = Motion.objects.get(pk=world.motion.pk)
        motion.version = call["version"]
        try:
            fingerprint = worlds.fingerprint_of(
                motion, call["choice"], call["reason"], call["nonce"], call["principles"]
            )
        except KeyError:
            fingerprint = "00" * 32
        call["proof"] = worlds.signed(call["actor"], fingerprint)
    return operation(**call)


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


def withdraw(world: SimpleNamespace) -> None:
    """Take the motion back."""
    with transaction.atomic():
        operations.withdraw_motion(motion_id=world.motion.id, actor=world.made.secretariat, at=people.NOON)


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


def test_the_clock_closes_a_motion_at_its_time_and_keeps_the_count(world):
    for number in worlds.QUORUM_SEATS:
        worlds.vote(world.motion, number, Choice.APPROVE)
    decision = worlds.close(world.motion)
    world.motion.refresh_from_db()
    assert (world.motion.status, world.motion.ended_at) == ("carried", worlds.CLOSES_AT)
    assert (decision.reference, decision.outcome, decision.closed_by) == ("DEC-2026-001", "carried", None)
    assert decision.figures["approvals"] == decision.figures["present"] == 6
    assert decision.figures["why"] == "Carried by consensus: 6 approve, nobody rejects."
    assert queries.tally_of(world.motion).require_carried() is None
    assert events.about(world.motion.id)[0].facts == {
        "reference": "DP-2026-001",
        "decision": "DEC-2026-001",
        "why": "Carried by consensus: 6 approve, nobody rejects.",
    }


def test_an_open_motion_is_never_carried_however_it_stands(world):
    for number in range(1, 10):
        worlds.vote(world.motion, number, Choice.APPROVE)
    assert queries.tally_of(world.motion).outcome == Outcome.CARRIED
    with pytest.raises(NotDecided):
        queries.tally_of(world.motion).require_carried()


def test_the_chair_closes_early_when_everybody_has_voted(world):
    operations.recuse(motion_id=world.motion.id, reason="I advise them.", actor=world.made.holders[9], at=LATER)
    for number in range(1, 9):
        worlds.vote(world.motion, number, Choice.APPROVE)
    decision = operations.close_motion(motion_id=world.motion.id, actor=world.made.chair, at=LATER + timedelta(hours=1))
    assert (decision.outcome, decision.closed_by) == ("carried", world.made.chair)
    assert (decision.figures["eligible"], decision.figures["recused"]) == (8, 1)


@pytest.mark.parametrize(
    ("actor", "at", "refusal"),
    [
        (lambda w: None, LATER, WrongState),
        (lambda w: w.made.chair, LATER, WrongState),
        (lambda w: w.made.holders[1], worlds.CLOSES_AT, NotPermitted),
        (lambda w: w.made.secretariat, worlds.CLOSES_AT, NotPermitted),
    ],
)
def test_a_refused_close_changes_nothing(world, actor, at, refusal):
    cast(world)
    before = counts()
    with pytest.raises(refusal):
        operations.close_motion(motion_id=world.motion.id, actor=actor(world), at=at)
    assert counts() == before


def test_a_motion_is_closed_once(world):
    worlds.close(world.motion)
    before = counts()
    with pytest.raises(WrongState):
        worlds.close(world.motion)
    assert counts() == before


def test_a_seat_lost_after_the_vote_is_not_counted_at_the_close(world):
    for number in worlds.QUORUM_SEATS:
        worlds.vote(world.motion, number, Choice.APPROVE)
    world.made.holders[8].roles.get().mark_ended(by=world.made.administrator, at=LATER + timedelta(hours=2))
    decision = worlds.close(world.motion)
    assert (decision.outcome, decision.figures["present"], decision.figures["eligible"]) == ("lapsed", 5, 8)


def test_a_role_lost_after_the_close_changes_no_late_count(world):
    for number in worlds.QUORUM_SEATS:
        worlds.vote(world.motion, number, Choice.APPROVE)
    late = worlds.CLOSES_AT + timedelta(minutes=5)
    world.made.holders[8].roles.get().mark_ended(
        by=world.made.administrator, at=worlds.CLOSES_AT + timedelta(minutes=1)
    )
    assert worlds.close(world.motion, at=late).outcome == "carried"


def test_the_decision_stands_whatever_happens_to_the_seats_later(world):
    worlds.carry(world.motion)
    operations.vacate_seat(number=8, reason="Resigned.", actor=world.made.administrator, at=worlds.CLOSES_AT)
    world.motion.refresh_from_db()
    assert queries.tally_of(world.motion).approvals == 6


def test_beat_closes_what_is_due_and_running_it_twice_changes_nothing(world):
    later = worlds.a_motion(world.made, closes_at=worlds.CLOSES_AT + timedelta(days=1))
    worlds.vote(world.motion, 1)
    with clock.moved_to(worlds.CLOSES_AT):
        tasks.close_due_motions()
        tasks.close_due_motions()
    world.motion.refresh_from_db()
    later.refresh_from_db()
    assert (world.motion.status, later.status) == ("lapsed", "open")
    assert Decision.objects.count() == 1


def test_a_motion_needs_a_transaction_of_whoever_tables_it(transactional_db):
    made = worlds.a_committee()
    with pytest.raises(RuntimeError):
        operations.open_motion(
            subject=uuid4(),
            version=1,
            title="Cold chain",
            summary="",
            amount=Money.of(1, "USD"),
            fingerprint="e0" * 32,
            interests=[],
            proposer=made.secretariat,
            closes_at=worlds.CLOSES_AT,
            actor=made.secretariat,
            at=people.NOON,
        )


@pytest.mark.parametrize(
    ("spoil", "refusal"),
    [
        (lambda w, call: call.update(made=SimpleNamespace(secretariat=w.made.holders[1])), NotPermitted),
        (lambda w, call: call.update(closes_at=people.NOON), Unacceptable),
        (lambda w, call: call.update(subject=w.motion.subject), AlreadyDone),
        (lambda w, call: (worlds.defeat(w.motion), call.update(subject=w.motion.subject)), AlreadyDone),
    ],
)
def test_a_refused_motion_changes_nothing(world, spoil, refusal):
    call = {"made": world.made}
    spoil(world, call)
    before = counts()
    with pytest.raises(refusal):
        worlds.a_motion(call.pop("made"), **call)
    assert counts() == before


def test_without_rules_nothing_is_moved(db):
    with pytest.raises(WrongState):
        worlds.a_motion(SimpleNamespace(secretariat=people.someone(RoleName.SECRETARIAT)))
    assert Motion.objects.count() == 0


def test_a_lapsed_version_may_be_moved_again_and_an_amended_one_as_well(world):
    worlds.close(world.motion)
    again = worlds.a_motion(world.made, subject=world.motion.subject)
    amended = worlds.a_motion(world.made, subject=world.motion.subject, version=2)
    assert (again.reference, amended.reference) == ("DP-2026-002", "DP-2026-003")
    assert queries.motion_about(world.motion.subject, 2) == amended


@pytest.mark.parametrize(
    ("who", "refusal"), [(lambda w: w.made.holders[1], NotPermitted), (lambda w: w.made.chair, NotPermitted)]
)
def test_a_motion_is_withdrawn_only_by_who_proposed_it_or_the_secretariat(world, who, refusal):
    before = counts()
    with pytest.raises(refusal), transaction.atomic():
        operations.withdraw_motion(motion_id=world.motion.id, actor=who(world), at=LATER)
    assert counts() == before


def test_what_was_decided_is_not_withdrawn(world):
    worlds.close(world.motion)
    with pytest.raises(WrongState):
        withdraw(world)
    world.motion.refresh_from_db()
    assert world.motion.state == Status.LAPSED


def test_a_motion_keeps_the_rules_under_which_it_was_opened(world):
    asked = operations.propose_rules(
        rules=FULL_CONSENSUS,
        title="Full consensus",
        reason="Nobody should be outvoted.",
        closes_at=worlds.CLOSES_AT,
        actor=world.made.administrator,
        at=people.NOON,
    )
    adopted = operations.put_in_force(decision_id=worlds.carry(asked).pk, actor=None, at=worlds.CLOSES_AT)
    world.motion.refresh_from_db()
    assert (adopted.decision.rules_adopted.version, world.motion.rules) == (2, NEUTRAL_COMMITTEE)
    later = worlds.a_motion(world.made, closes_at=worlds.CLOSES_AT + timedelta(days=9), at=worlds.CLOSES_AT)
    assert (later.rules_of_procedure.version, later.rules) == (2, FULL_CONSENSUS)


@pytest.mark.parametrize(
    ("rules", "who", "refusal"),
    [
        (NEUTRAL_COMMITTEE, RoleName.CHAIR, NotPermitted),
        (Rules((BenchRule(Bench.DONOR, 9, 2),), 6, False, Share.MAJORITY), RoleName.FUND_ADMINISTRATOR, Unacceptable),
    ],
)
def test_refused_first_rules_change_nothing(db, rules, who, refusal):
    person = people.someone(who)
    before = counts()
    with pytest.raises(refusal):
        operations.adopt_rules(rules=rules, title="Ours", actor=person, at=LATER)
    assert counts() == before


def test_the_second_version_is_never_written_down_by_the_administrator_alone(world):
    before = counts()
    with pytest.raises(WrongState, match="only by a motion"):
        operations.adopt_rules(rules=FULL_CONSENSUS, title="Ours", actor=world.made.administrator, at=LATER)
    assert counts() == before


@pytest.mark.parametrize(
    ("spoil", "refusal"),
    [
        (lambda w, call: call.update(actor=w.made.chair), NotPermitted),
        (lambda w, call: call.update(number=1), WrongState),
        (lambda w, call: call.update(holder_id=uuid4()), Missing),
        (lambda w, call: call.update(holder_id=people.someone(RoleName.SECRETARIAT).pk), Unacceptable),
        (lambda w, call: call.update(holder_id=people.someone(RoleName.DONOR_REPRESENTATIVE).pk), Unacceptable),
        (
            lambda w, call: call.update(holder_id=people.someone(RoleName.COMMITTEE_MEMBER, is_seconded=True).pk),
            Unacceptable,
        ),
        (lambda w, call: call.update(holder_id=w.made.holders[1].pk), Unacceptable),
        (lambda w, call: call.update(holder_id=w.made.alternates[2].pk), Unacceptable),
        (lambda w, call: call.update(alternate_id=w.made.alternates[2].pk), Unacceptable),
        (lambda w, call: call.update(alternate_id=people.someone(RoleName.TREASURY_OFFICER).pk), Unacceptable),
        (lambda w, call: call.update(chairs=True), Unacceptable),
        (lambda w, call: call.update(bench=Bench.DONOR), Unacceptable),
        (lambda w, call: call.update(number=10), Unacceptable),
        (lambda w, call: call.update(ends_on=people.NOON.date() - timedelta(days=1)), Unacceptable),
    ],
)
def test_a_refused_seating_changes_nothing(world, spoil, refusal):
    operations.vacate_seat(number=9, reason="Resigned.", actor=world.made.administrator, at=people.NOON)
    worlds.seat(
        SimpleNamespace(**{**world.made.__dict__, "holders": {9: people.someone(RoleName.COMMITTEE_MEMBER)}}), 9
    )
    operations.vacate_seat(number=9, reason="Resigned too.", actor=world.made.administrator, at=people.NOON)
    call = {
        "number": 9,
        "bench": Bench.INDEPENDENT,
        "holder_id": people.someone(RoleName.COMMITTEE_MEMBER).pk,
        "nominated_by": "The conference",
        "starts_on": people.NOON.date(),
        "ends_on": people.NOON.date() + timedelta(days=365),
        "actor": world.made.administrator,
        "at": LATER,
    }
    spoil(world, call)
    if call["number"] == 10:
        worlds.seat(world.made, 9)
    before = counts()
    with pytest.raises(refusal):
        operations.seat_member(**call)
    assert counts() == before


def test_a_term_that_ran_out_gives_way(world):
    successor = people.someone(RoleName.COMMITTEE_MEMBER)
    later = worlds.SEATED_AT + timedelta(days=5 * 365)
    term = operations.seat_member(
        number=3,
        bench=Bench.DONOR,
        holder_id=successor.pk,
        nominated_by="The conference",
        starts_on=later.date(),
        ends_on=later.date() + timedelta(days=365),
        actor=world.made.administrator,
        at=later,
    )
    assert [sitting.term for sitting in queries.sittings(later) if sitting.seat.number == 3] == [term]


@pytest.mark.parametrize(
    ("number", "reason", "who", "refusal"),
    [
        (1, "Resigned.", "chair", NotPermitted),
        (11, "Resigned.", "administrator", Missing),
        (1, " ", "administrator", Unacceptable),
    ],
)
def test_a_refused_vacating_changes_nothing(world, number, reason, who, refusal):
    before = counts()
    with pytest.raises(refusal):
        operations.vacate_seat(number=number, reason=reason, actor=getattr(world.made, who), at=LATER)
    assert counts() == before


def test_what_waits_for_a_member_says_whether_their_vote_makes_the_quorum(world):
    for number in (1, 2, 4, 5, 7):
        worlds.vote(world.motion, number)
    fresh = worlds.a_motion(world.made, closes_at=people.NOON + timedelta(days=2))
    waiting = queries.waiting_for(world.made.holders[8], LATER)
    assert [(one.motion, one.cast, one.quorum, one.makes_quorum) for one in waiting] == [
        (fresh, 0, 6, False),
        (world.motion, 5, 6, True),
    ]
    assert [one.motion for one in queries.waiting_for(world.made.holders[1], LATER)] == [fresh]
    assert queries.waiting_for(world.made.secretariat, LATER) == []


def test_what_waits_is_asked_in_a_bounded_number_of_queries(world, django_assert_max_num_queries):
    for _ in range(4):
        worlds.a_motion(world.made)
    holder = world.made.holders[8]
    with django_assert_max_num_queries(8):
        assert len(queries.waiting_for(holder, LATER)) == 5


def test_sealed_votes_open_to_a_member_who_has_voted_and_to_nobody_else(world):
    worlds.vote(world.motion, 1)
    room = queries.room_of(world.motion, LATER)
    readers = {
        "voted": world.made.holders[1],
        "not yet": world.made.holders[3],
        "secretariat": world.made.secretariat,
        "auditor": people.someone(RoleName.AUDITOR),
    }
    may = {name: bool(permissions.may_read_ballots(reader, room)) for name, reader in readers.items()}
    assert may == {"voted": True, "not yet": False, "secretariat": False, "auditor": False}


def test_after_the_close_reasons_are_read_by_committee_secretariat_and_auditors_only(world):
    worlds.carry(world.motion)
    world.motion.refresh_from_db()
    room = queries.room_of(world.motion)
    may = {role: bool(permissions.may_read_ballots(people.someone(role), room)) for role in RoleName}
    assert {role for role, answer in may.items() if answer} == {
        RoleName.COMMITTEE_MEMBER,
        RoleName.ALTERNATE,
        RoleName.CHAIR,
        RoleName.SECRETARIAT,
        RoleName.AUDITOR,
    }
    seconded = people.someone(RoleName.SECRETARIAT, is_seconded=True)
    assert not permissions.may_read_ballots(seconded, room)
