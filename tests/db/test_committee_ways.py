"""Three ways to decide: without a meeting, by no objection, and in a meeting; and what PostgreSQL keeps of each."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from committee import operations, queries, tasks
from committee.matters import Kind
from committee.models import Attendance, Ballot, Decision, Meeting, MeetingRequest, Motion
from committee.rules import NEUTRAL_COMMITTEE, Choice, NotCarried, NotDecided, Way
from tests import committee_worlds as worlds
from tests import people
from tests.db.test_committee_guards import at_once
from tests.db.test_committee_procedure import refused_by_postgresql, require_refusals
from trustfund.core import clock, events
from trustfund.core.refusals import AlreadyDone, Missing, NotPermitted, Unacceptable, WrongState

LATER = people.NOON + timedelta(hours=1)
# The fifth working day after Friday 17 July has ended in New York: Republic of Korea's and Geneva's days are over too.
SILENCE_ENDS = datetime(2026, 7, 25, 4, 0, tzinfo=UTC)


@pytest.fixture
def made(db: None) -> worlds.Committee:
    """A seated committee with an alternate on seat 2."""
    return worlds.a_committee(with_alternates=(2,))


HEARD = replace(NEUTRAL_COMMITTEE, objections_may_be_lifted=True, consensus_days=10)


def test_silence_agrees_when_five_working_days_have_ended_everywhere(made):
    motion = worlds.a_silent_motion(made)
    assert (motion.closes_at, motion.way) == (SILENCE_ENDS, "no_objection")
    with clock.moved_to(SILENCE_ENDS - timedelta(seconds=1)):
        tasks.close_due_motions()
    motion.refresh_from_db()
    assert motion.status == "open"
    with clock.moved_to(SILENCE_ENDS):
        tasks.close_due_motions()
    decision = Decision.objects.get(motion=motion)
    assert (decision.outcome, decision.tally.why) == (
        "carried",
        "Carried by no objection: none of 9 seats objects.",
    )
    assert queries.require_decision(motion.subject, 1, Kind.RELEASE) == decision


def test_one_objection_ends_it_at_once_and_waits_for_a_meeting(made):
    motion = worlds.a_silent_motion(made)
    worlds.vote(motion, 1)
    worlds.vote(motion, 4, Choice.REJECT, reason="The report of the first tranche is not read yet.")
    motion.refresh_from_db()
    decision = Decision.objects.get(motion=motion)
    assert (motion.status, decision.outcome, decision.closed_by) == ("objected", "objected", made.holders[4])
    assert decision.tally.why == "1 seat objects, so a meeting decides."
    with pytest.raises(NotCarried):
        queries.require_decision(motion.subject, 1, Kind.RELEASE)
    assert list(queries.waits_for_a_meeting()) == [motion]
    meeting = worlds.a_meeting(made, at=LATER)
    followed = Motion.objects.get(follows=motion)
    assert (followed.meeting, followed.way, followed.fingerprint) == (meeting, "meeting", motion.fingerprint)
    assert list(queries.waits_for_a_meeting()) == []
    with pytest.raises(NotDecided):
        queries.require_decision(motion.subject, 1, Kind.RELEASE)


def test_an_objection_goes_on_the_agenda_of_the_next_meeting_that_is_called(made):
    meeting = worlds.a_meeting(made)
    motion = worlds.a_silent_motion(made)
    worlds.vote(motion, 4, Choice.REJECT)
    assert [one.follows for one in queries.agenda_of(meeting)] == [motion]
    assert queries.agenda_of(meeting).get().closes_at == meeting.ends_at


def test_where_the_rules_hear_objections_one_may_be_lifted_until_the_close(db):
    made = worlds.a_committee(rules=HEARD)
    motion = worlds.a_silent_motion(made)
    worlds.vote(motion, 1, Choice.REJECT)
    motion.refresh_from_db()
    assert motion.status == "open"
    worlds.vote(motion, 1, Choice.APPROVE)
    assert worlds.close(motion).outcome == "carried"


def test_an_objection_that_stands_at_the_close_sends_it_to_a_meeting(db):
    made = worlds.a_committee(rules=HEARD)
    motion = worlds.a_silent_motion(made)
    worlds.vote(motion, 1, Choice.REJECT)
    assert worlds.close(motion).outcome == "objected"


def test_silence_decides_nothing_when_too_few_are_left_who_could_object(made):
    motion = worlds.a_silent_motion(made)
    for number in (7, 8):
        operations.recuse(motion_id=motion.id, reason="I advise them.", actor=made.holders[number], at=LATER)
    decision = worlds.close(motion)
    assert (decision.outcome, decision.tally.eligible) == ("lapsed", 7)


def test_what_silence_may_not_do(made):
    motion = worlds.a_silent_motion(made)
    require_refusals(
        partial(worlds.a_motion, made, way=Way.NO_OBJECTION, closes_at=None),
        [({"kind": Kind.PROPOSAL}, Unacceptable), ({"kind": Kind.RELEASE, "subject": motion.subject}, AlreadyDone)],
    )
    require_refusals(
        partial(operations.close_motion, motion_id=motion.id),
        [({"actor": made.chair, "at": LATER}, WrongState), ({"actor": None, "at": LATER}, WrongState)],
    )
    require_refusals(partial(worlds.vote, motion, 1), [({"choice": Choice.ABSTAIN}, Unacceptable)])
    for number in range(1, 10):
        worlds.vote(motion, number)
    with pytest.raises(WrongState, match="Silence agrees only when"):
        operations.close_motion(motion_id=motion.id, actor=made.chair, at=LATER + timedelta(hours=2))


def test_nobody_is_outvoted_before_the_time_for_a_consensus_is_over(db):
    made = worlds.a_committee(rules=HEARD)
    ten_days = datetime(2026, 8, 1, 4, 0, tzinfo=UTC)
    with pytest.raises(Unacceptable, match="time to find a consensus until 2026-08-01, 04:00 UTC"):
        worlds.a_motion(made)
    motion = worlds.a_motion(made, closes_at=ten_days + timedelta(days=9))
    for number in range(1, 10):
        worlds.vote(motion, number, Choice.REJECT if number == 1 else Choice.APPROVE)
    close = partial(operations.close_motion, motion_id=motion.id, actor=made.chair)
    with pytest.raises(WrongState, match="time for a consensus until 2026-08-01"):
        close(at=ten_days - timedelta(seconds=1))
    assert close(at=ten_days).decided_at == ten_days


def test_a_meeting_votes_once_its_chair_has_opened_it_and_counts_who_is_there(made):
    meeting = worlds.a_meeting(made)
    motion = worlds.a_motion(made, way=Way.MEETING, meeting_id=meeting.pk, closes_at=None)
    at = meeting.starts_at
    assert (motion.closes_at, motion.takes_votes) == (meeting.ends_at, False)
    assert queries.waiting_for(made.holders[1], at) == []
    with pytest.raises(WrongState, match="stands on the agenda of a meeting"):
        worlds.vote(motion, 1, at=at)
    worlds.hold(made, meeting)
    operations.open_vote(motion_id=motion.id, actor=made.chair, at=at)
    motion.refresh_from_db()
    assert [one.motion for one in queries.waiting_for(made.holders[1], at)] == [motion]
    assert queries.waiting_for(made.holders[3], at) == []
    with pytest.raises(NotPermitted, match="not recorded as present"):
        worlds.vote(motion, 3, at=at)
    for number in worlds.QUORUM_SEATS:
        with pytest.raises(WrongState, match="Not every seat that is present"):
            operations.close_motion(motion_id=motion.id, actor=made.chair, at=at)
        worlds.vote(motion, number, at=at)
    decision = operations.close_motion(motion_id=motion.id, actor=made.chair, at=at + timedelta(minutes=9))
    assert (decision.outcome, decision.closed_by) == ("carried", made.chair)
    closed = operations.close_meeting(
        meeting_id=meeting.pk, notes=" The monitor reported. ", actor=made.chair, at=at + timedelta(hours=1)
    )
    assert (closed.status, closed.notes) == ("closed", "The monitor reported.")


def test_what_a_meeting_does_not_come_to_lapses_and_may_be_moved_again(made):
    meeting = worlds.a_meeting(made)
    motion = worlds.a_motion(made, way=Way.MEETING, meeting_id=meeting.pk, closes_at=None)
    with clock.moved_to(meeting.ends_at):
        tasks.close_due_motions()
    decision = Decision.objects.get(motion=motion)
    assert decision.outcome == "lapsed"
    again = worlds.a_motion(
        made, subject=motion.subject, at=meeting.ends_at, closes_at=meeting.ends_at + timedelta(days=9)
    )
    assert again.is_open


def test_a_seat_changes_its_person_during_a_meeting_and_both_rows_stay(made):
    meeting = worlds.hold(made, worlds.a_meeting(made))
    operations.take_attendance(
        meeting_id=meeting.pk,
        present={2: made.alternates[2].pk, 5: None},
        actor=made.chair,
        at=meeting.starts_at + timedelta(hours=1),
    )
    places = {place.sitting.seat.number: place for place in queries.places_at(meeting, meeting.starts_at)}
    assert (places[2].person, places[2].is_alternate, places[5].person) == (made.alternates[2], True, None)
    assert Attendance.objects.filter(meeting=meeting).count() == 8


def test_what_meetings_refuse(made):
    starts_at = people.NOON + timedelta(days=21)
    call = {"place": "Geneva", "starts_at": starts_at, "ends_at": starts_at + timedelta(hours=3), "at": people.NOON}
    require_refusals(
        partial(operations.call_meeting, **{**call, "actor": made.chair}),
        [
            ({"actor": made.holders[1]}, NotPermitted),
            ({"place": " "}, Unacceptable),
            ({"ends_at": starts_at}, Unacceptable),
            ({"starts_at": people.NOON + timedelta(days=10)}, Unacceptable),
        ],
    )
    meeting = worlds.a_meeting(made)
    motion = worlds.a_motion(made, way=Way.MEETING, meeting_id=meeting.pk, closes_at=None)
    apart = worlds.a_motion(made)
    begin = {"meeting_id": meeting.pk, "actor": made.chair, "at": meeting.starts_at}
    require_refusals(
        partial(operations.open_meeting, **begin),
        [
            ({"meeting_id": uuid4()}, Missing),
            ({"actor": made.secretariat}, NotPermitted),
            ({"at": meeting.starts_at - timedelta(seconds=1)}, WrongState),
            ({"at": meeting.ends_at}, WrongState),
        ],
    )
    there = {**begin, "present": {1: made.holders[1].pk}}
    require_refusals(partial(operations.take_attendance, **there), [({}, WrongState)])
    require_refusals(
        partial(operations.open_vote, motion_id=motion.id, actor=made.chair, at=meeting.starts_at), [({}, WrongState)]
    )
    require_refusals(partial(operations.close_meeting, **begin, notes=""), [({}, WrongState)])
    worlds.hold(made, meeting)
    require_refusals(
        partial(operations.take_attendance, **there),
        [
            ({"actor": made.holders[1]}, NotPermitted),
            ({"present": {1: made.holders[2].pk}}, Unacceptable),
            ({"present": {40: made.holders[2].pk}}, Unacceptable),
        ],
    )
    vote = partial(operations.open_vote, motion_id=motion.id, actor=made.chair, at=meeting.starts_at)
    require_refusals(
        vote,
        [
            ({"motion_id": uuid4()}, Missing),
            ({"motion_id": apart.id}, WrongState),
            ({"actor": made.secretariat}, NotPermitted),
            ({"at": meeting.ends_at}, WrongState),
        ],
    )
    vote()
    require_refusals(vote, [({}, AlreadyDone)])
    require_refusals(partial(operations.open_meeting, **begin), [({}, WrongState)])
    require_refusals(
        partial(operations.close_meeting, **begin, notes=""),
        [({}, WrongState), ({"actor": made.secretariat}, NotPermitted)],
    )


def test_a_third_of_the_seats_calls_an_emergency_meeting_at_shorter_notice(made):
    starts_at = people.NOON + timedelta(days=5)
    ask = partial(
        operations.request_meeting,
        reason="Monitors were turned back.",
        place="By video",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        at=people.NOON,
    )
    require_refusals(
        partial(ask, actor=made.holders[1]),
        [
            ({"actor": made.secretariat}, NotPermitted),
            ({"reason": ""}, Unacceptable),
            ({"place": ""}, Unacceptable),
            ({"starts_at": people.NOON + timedelta(days=1)}, Unacceptable),
        ],
    )
    asked = ask(actor=made.holders[1])
    join = partial(operations.support_meeting, request_id=asked.pk, at=LATER)
    require_refusals(
        partial(join, actor=made.holders[4]),
        [
            ({"actor": made.holders[1]}, AlreadyDone),
            ({"actor": made.secretariat}, NotPermitted),
            ({"request_id": uuid4()}, Missing),
            ({"at": starts_at - timedelta(hours=1)}, Unacceptable),
        ],
    )
    # The alternate speaks for seat 2, so its holder cannot join as well.
    join(actor=made.alternates[2])
    require_refusals(partial(join, actor=made.holders[2]), [({}, AlreadyDone)])
    assert Meeting.objects.count() == 0
    assert list(queries.open_requests(LATER)) == [asked]
    join(actor=made.holders[9])
    meeting = Meeting.objects.get()
    assert (meeting.request, meeting.is_emergency, meeting.starts_at) == (asked, True, starts_at)
    assert list(queries.open_requests(LATER)) == []
    require_refusals(partial(join, actor=made.holders[4]), [({}, AlreadyDone)])
    assert events.about(meeting.pk).get().facts["is_emergency"] is True


def test_postgresql_lets_silence_and_meetings_have_their_way_only(made):
    silent = worlds.a_silent_motion(made)
    meeting = worlds.a_meeting(made)
    motion = worlds.a_motion(made, way=Way.MEETING, meeting_id=meeting.pk, closes_at=None)

    def change(one: Any, **fields: Any) -> Callable[[], object]:
        return lambda: type(one).objects.filter(pk=one.pk).update(**fields)

    ended = {"status": "carried", "ended_at": silent.closes_at - timedelta(seconds=1)}
    assert refused_by_postgresql(change(silent, **ended)) == ("TF224", "silence_agrees_only_when_its_time_is_up")
    assert refused_by_postgresql(change(motion, **{**ended, "status": "objected"})) == (
        "TF224",
        "only_silence_is_objected_to",
    )
    assert refused_by_postgresql(change(motion, **ended)) == ("TF225", "a_meeting_votes_before_it_decides")
    assert refused_by_postgresql(change(motion, voting_opened_at=LATER)) == (
        "TF225",
        "a_vote_is_opened_once_while_its_meeting_is_held",
    )
    for fields, rule in (
        ({"place": "Elsewhere"}, "a_meeting_stays_as_it_was_called"),
        ({"status": "closed", "closed_at": meeting.ends_at}, "a_meeting_stays_as_it_was_called"),
        ({"status": "open", "opened_at": LATER}, "a_meeting_is_opened_in_its_time"),
    ):
        assert refused_by_postgresql(change(meeting, **fields)) == ("TF229", rule)
    seat = queries.sittings(LATER)[0].seat
    row = {"meeting": meeting, "seat": seat, "number": 1, "recorded_by": made.chair, "recorded_at": meeting.starts_at}
    assert refused_by_postgresql(lambda: Attendance.objects.create(**row, person=made.holders[1])) == (
        "TF230",
        "attendance_is_taken_while_a_meeting_is_held",
    )
    worlds.hold(made, meeting, seats=(1,))
    stranger = {**row, "number": 9, "person": made.holders[4]}
    assert refused_by_postgresql(lambda: Attendance.objects.create(**stranger)) == (
        "TF230",
        "a_seat_is_taken_by_who_sits_on_it",
    )
    operations.open_vote(motion_id=motion.id, actor=made.chair, at=meeting.starts_at)
    assert refused_by_postgresql(change(meeting, status="closed", closed_at=meeting.ends_at)) == (
        "TF229",
        "a_meeting_ends_after_its_votes",
    )
    asked = partial(worlds.a_motion, made, way=Way.MEETING, meeting_id=meeting.pk, closes_at=None)
    fields = {
        field.attname: getattr(asked(), field.attname)
        for field in Motion._meta.concrete_fields
        if field.attname not in {"id", "reference", "subject"}
    }
    for spoilt, code, rule in (
        ({"closes_at": meeting.ends_at + timedelta(days=1)}, "TF221", "an_agenda_is_that_of_a_meeting_to_come"),
        ({"follows_id": silent.pk}, "TF222", "what_was_objected_to_comes_before_a_meeting_as_it_was"),
        ({"way": "no_objection", "meeting_id": None}, "TF220", "silence_decides_only_what_the_rules_let_it"),
    ):
        row = {**fields, "reference": "DP-X", "subject": uuid4(), **spoilt}
        assert refused_by_postgresql(lambda row=row: Motion.objects.create(**row)) == (code, rule)


def ballot_row(motion: Motion, number: int, member: Any, **changes: Any) -> dict[str, Any]:
    """Return a ballot as Django would write it, around the operations."""
    made = worlds.vote(motion, number, at=motion.voting_opened_at or LATER)
    fields = {field.attname: getattr(made, field.attname) for field in Ballot._meta.concrete_fields}
    return {**fields, "id": uuid4(), "nonce": uuid4().hex, "number": 77, "supersedes_id": made.pk, **changes}


def test_postgresql_takes_no_ballot_that_a_meeting_or_silence_would_not(made):
    silent = worlds.a_silent_motion(made)
    row = ballot_row(silent, 1, made.holders[1], choice="abstain")
    assert refused_by_postgresql(lambda: Ballot.objects.create(**row)) == (
        "TF219",
        "where_silence_agrees_a_ballot_agrees_or_objects",
    )
    meeting = worlds.a_meeting(made)
    motion = worlds.a_motion(made, way=Way.MEETING, meeting_id=meeting.pk, closes_at=None)
    waiting = {**row, "choice": "approve", "motion_id": motion.pk, "supersedes_id": None, "cast_at": meeting.starts_at}
    assert refused_by_postgresql(lambda: Ballot.objects.create(**waiting)) == (
        "TF217",
        "a_ballot_in_a_meeting_waits_for_the_chair",
    )
    worlds.hold(made, meeting, seats=(2, 4))
    operations.open_vote(motion_id=motion.id, actor=made.chair, at=meeting.starts_at)
    assert refused_by_postgresql(lambda: Ballot.objects.create(**waiting)) == (
        "TF218",
        "who_votes_in_a_meeting_is_there",
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_again", range(5))
def test_an_objection_and_the_expiry_at_once_end_in_one_decision(_again):
    made = worlds.a_committee()
    motion = worlds.a_silent_motion(made)
    results = at_once(
        objection(motion, made.holders[4], motion.closes_at - timedelta(microseconds=1)), lambda: worlds.close(motion)
    )
    motion.refresh_from_db()
    decision = Decision.objects.get(motion=motion)
    objected = Ballot.objects.filter(motion=motion, choice="reject").exists()
    assert motion.status == decision.outcome == ("objected" if objected else "carried")
    assert WrongState in results


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_again", range(5))
def test_two_closes_at_once_make_one_decision(_again):
    made = worlds.a_committee()
    motion = worlds.a_motion(made)
    results = at_once(lambda: worlds.close(motion), lambda: worlds.close(motion))
    assert sum(isinstance(result, Decision) for result in results) == 1
    assert WrongState in results
    assert Decision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_again", range(5))
def test_an_objection_and_the_call_of_a_meeting_at_once_leave_nothing_off_the_agenda(_again):
    made = worlds.a_committee()
    motion = worlds.a_silent_motion(made)
    at_once(objection(motion, made.holders[4], LATER), lambda: worlds.a_meeting(made))
    assert Motion.objects.get(follows=motion).meeting == Meeting.objects.get()


@pytest.mark.django_db(transaction=True)
def test_the_last_two_supports_at_once_call_one_meeting():
    made = worlds.a_committee()
    starts_at = people.NOON + timedelta(days=5)
    asked = operations.request_meeting(
        reason="Monitors were turned back.",
        place="By video",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        actor=made.holders[1],
        at=people.NOON,
    )
    operations.support_meeting(request_id=asked.pk, actor=made.holders[2], at=LATER)
    join = partial(operations.support_meeting, request_id=asked.pk, at=LATER)
    at_once(partial(join, actor=made.holders[3]), partial(join, actor=made.holders[4]))
    assert Meeting.objects.filter(request=MeetingRequest.objects.get()).count() == 1


def objection(motion: Motion, person: Any, at: datetime) -> Callable[[], Ballot]:
    """Return an objection with everything signed beforehand, so that only the casting races."""
    nonce = uuid4().hex
    proof = worlds.signed(person, worlds.fingerprint_of(motion, Choice.REJECT, "Racing.", nonce))
    return lambda: operations.cast_ballot(
        motion_id=motion.id,
        version=1,
        choice=Choice.REJECT,
        reason="Racing.",
        principles=worlds.SATISFIED,
        has_no_undisclosed_interest=True,
        proof=proof,
        nonce=nonce,
        actor=person,
        at=at,
    )
