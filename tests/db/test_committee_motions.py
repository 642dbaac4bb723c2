"""Motions from the table to the close: every good path, and every refusal, which changes nothing."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from committee import operations, queries, tasks
from committee.models import Decision, Motion
from committee.rules import (
    Choice,
    NotDecided,
    Outcome,
)
from committee.states import Status
from tests import committee_worlds as worlds
from tests import people
from tests.committee_room import LATER, a_room, cast, counts, withdraw
from trustfund.core import clock, events
from trustfund.core.money import Money
from trustfund.core.refusals import (
    AlreadyDone,
    NotPermitted,
    Unacceptable,
    WrongState,
)
from trustfund.core.roles import RoleName

Spoil = Callable[[SimpleNamespace], Any]


@pytest.fixture
def world(db: None) -> SimpleNamespace:
    return a_room()


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
