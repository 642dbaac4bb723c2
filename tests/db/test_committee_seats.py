"""Rules and seats, what waits for a member, and who reads sealed votes."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from committee import operations, permissions, queries
from committee.rules import (
    FULL_CONSENSUS,
    NEUTRAL_COMMITTEE,
    Bench,
    BenchRule,
    Rules,
    Share,
)
from tests import committee_worlds as worlds
from tests import people
from tests.committee_room import LATER, a_room, counts
from trustfund.core.refusals import (
    Missing,
    NotPermitted,
    Unacceptable,
    WrongState,
)
from trustfund.core.roles import RoleName

Spoil = Callable[[SimpleNamespace], Any]


@pytest.fixture
def world(db: None) -> SimpleNamespace:
    return a_room()


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
