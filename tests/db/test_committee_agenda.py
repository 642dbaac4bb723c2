"""Before the committee decides: members are reminded, meetings are postponed, agendas hold more than motions."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import DatabaseError, transaction

from assurance.contents.committee_papers import minutes
from committee import operations, queries, tasks
from committee.models import AgendaItem, Meeting, Motion, Postponement, VoteReminder
from committee.rules import Choice, Way
from committee.rules.reminding import passed_over, step_at, steps_of
from tests import committee_worlds as worlds
from tests import people
from tests.committee_worlds import CLOSES_AT, Committee
from trustfund.core import clock, events
from trustfund.core.models import Event
from trustfund.core.refusals import AlreadyDone, Missing, NotPermitted, Unacceptable, WrongState
from trustfund.core.roles import RoleName
from trustfund.notices import operations as notices

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def made() -> Committee:
    return worlds.a_committee(with_alternates=(2,))


def the_clock_runs(at: datetime) -> None:
    with clock.moved_to(at):
        tasks.remind_of_votes()


def reminders() -> list[tuple[int, int | None]]:
    found = VoteReminder.objects.select_related("event").order_by("taken_at", "-step")
    return [(one.step, len(one.event.facts["people"]) if one.event else None) for one in found]


def test_steps_come_three_days_and_one_day_before_the_close_and_none_before_the_opening():
    opened, closes = people.NOON, people.NOON + timedelta(days=4)
    assert steps_of(opened, closes) == [72, 24]
    assert steps_of(opened, opened + timedelta(days=2)) == [24]
    assert [step_at(opened, closes, closes - timedelta(hours=h)) for h in (73, 72, 25, 24, 1, 0)] == [
        None,
        72,
        72,
        24,
        24,
        None,
    ]
    assert (passed_over(opened, closes, 24, []), passed_over(opened, closes, 24, [72])) == ([72], [])


def test_who_has_not_voted_is_reminded_once_a_step_whatever_fails(made: Committee):
    motion = worlds.a_motion(made)
    worlds.vote(motion, 1)
    operations.recuse(motion_id=motion.pk, reason="I advise them.", actor=made.holders[3], at=people.NOON + HOUR)
    the_clock_runs(CLOSES_AT - 73 * HOUR)
    assert reminders() == []
    at = CLOSES_AT - 72 * HOUR
    the_clock_runs(at)
    the_clock_runs(at + HOUR)
    assert reminders() == [(72, 7)]
    with pytest.raises(AlreadyDone):
        operations.remind_of_vote(motion_id=motion.pk, step=72, at=at)
    worlds.vote(motion, 2)
    event = Event.objects.get(kind="motion.closes_soon")
    mail.outbox.clear()
    for _ in range(2):
        notices.announce(event_id=event.pk, at=at + 2 * HOUR)
    told = {address for letter in mail.outbox for address in letter.to}
    assert told == {made.holders[number].email for number in range(4, 10)}, "nobody who has voted since"
    assert len(mail.outbox) == len(told)
    assert "Cold chain" not in mail.outbox[0].subject


def test_a_step_that_was_missed_is_passed_over_and_the_alternate_stands_in(made: Committee):
    motion = worlds.a_motion(made)
    operations.recuse(motion_id=motion.pk, reason="I advise them.", actor=made.holders[2], at=people.NOON + HOUR)
    the_clock_runs(CLOSES_AT - 3 * HOUR)
    assert reminders() == [(72, None), (24, 9)]
    named = Event.objects.get(kind="motion.closes_soon").facts["people"]
    assert (str(made.alternates[2].pk) in named, str(made.holders[2].pk) in named) == (True, False)


def test_nobody_is_reminded_of_what_has_ended_or_waits_for_its_meeting(made: Committee):
    meeting = worlds.a_meeting(made)
    agenda = worlds.a_motion(made, way=Way.MEETING, meeting_id=meeting.pk, closes_at=None)
    ended = worlds.a_motion(made)
    with transaction.atomic():
        operations.withdraw_motion(motion_id=ended.pk, actor=made.secretariat, at=people.NOON + HOUR)
    the_clock_runs(CLOSES_AT - HOUR)
    the_clock_runs(meeting.ends_at - HOUR)
    assert reminders() == []
    for motion, at in ((agenda, meeting.ends_at - HOUR), (ended, CLOSES_AT - HOUR)):
        with pytest.raises(WrongState):
            operations.remind_of_vote(motion_id=motion.pk, step=24, at=at)
    with pytest.raises(Missing):
        operations.remind_of_vote(motion_id=uuid4(), step=24, at=people.NOON)


def test_where_everybody_has_voted_the_step_is_taken_and_nobody_told(made: Committee):
    motion = worlds.a_motion(made)
    for number in range(1, 10):
        worlds.vote(motion, number)
    the_clock_runs(CLOSES_AT - HOUR)
    assert (reminders(), Event.objects.filter(kind="motion.closes_soon").count()) == ([(72, None), (24, None)], 0)


def postpone(made: Committee, meeting: Meeting, **changes: Any) -> Meeting:
    starts_at = meeting.starts_at + timedelta(days=7)
    given: dict[str, Any] = {
        "meeting_id": meeting.pk,
        "starts_at": starts_at,
        "ends_at": starts_at + 3 * HOUR,
        "reason": "The third bench cannot travel before the strike is over.",
        "actor": made.secretariat,
        "at": people.NOON + HOUR,
    }
    return operations.postpone_meeting(**(given | changes))


def test_a_postponed_meeting_takes_its_agenda_along_and_is_held_at_its_new_time(made: Committee):
    meeting = worlds.a_meeting(made)
    motion = worlds.a_motion(made, way=Way.MEETING, meeting_id=meeting.pk, closes_at=None)
    was = meeting.starts_at
    postpone(made, meeting)
    later = Meeting.objects.get(pk=meeting.pk)
    assert (later.starts_at, Motion.objects.get(pk=motion.pk).closes_at) == (was + timedelta(days=7), later.ends_at)
    row = Postponement.objects.get()
    assert (row.was_to_start_at, row.starts_at, row.number) == (was, later.starts_at, 1)
    assert events.about(meeting.pk).filter(kind="meeting.postponed").count() == 1
    with pytest.raises(WrongState, match="opened in its time"):
        operations.open_meeting(meeting_id=meeting.pk, actor=made.chair, at=was)
    assert queries.motions_due(meeting.ends_at) == [], "it does not lapse when the meeting was to end"
    worlds.hold(made, later)
    operations.open_vote(motion_id=motion.pk, actor=made.chair, at=later.starts_at)
    for number in worlds.QUORUM_SEATS:
        worlds.vote(Motion.objects.get(pk=motion.pk), number, Choice.APPROVE, at=later.starts_at + HOUR)
    decision = operations.close_motion(motion_id=motion.pk, actor=made.chair, at=later.starts_at + HOUR)
    assert decision.outcome == "carried"
    with pytest.raises(WrongState, match="was opened"):
        postpone(made, later, at=later.starts_at + HOUR)


def test_a_meeting_is_postponed_for_a_reason_to_a_later_time_with_notice(made: Committee):
    meeting = worlds.a_meeting(made)
    soon = people.NOON + timedelta(days=2)
    refused: list[tuple[dict[str, Any], type[Exception], str]] = [
        ({"actor": made.holders[1]}, NotPermitted, "Only the chair and the secretariat"),
        ({"meeting_id": uuid4()}, Missing, "no such meeting"),
        ({"reason": " "}, Unacceptable, "Say why"),
        ({"starts_at": meeting.starts_at, "ends_at": meeting.ends_at}, Unacceptable, "to a later time"),
        ({"ends_at": meeting.starts_at}, Unacceptable, "ends before it starts"),
        ({"starts_at": soon, "ends_at": soon + HOUR}, Unacceptable, "longer notice"),
    ]
    for changes, refusal, words in refused:
        with pytest.raises(refusal, match=words):
            postpone(made, meeting, **changes)
    assert not Postponement.objects.exists()


def test_postgresql_moves_no_meeting_and_no_close_without_a_postponement(made: Committee):
    meeting = worlds.a_meeting(made)
    motion = worlds.a_motion(made, way=Way.MEETING, meeting_id=meeting.pk, closes_at=None)
    later = meeting.ends_at + timedelta(days=1)
    with pytest.raises(DatabaseError, match="held as it was called"), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(ends_at=later)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Motion.objects.filter(pk=motion.pk).update(closes_at=later)
    postpone(made, meeting)
    for change in ({"closes_at": later + timedelta(days=9)}, {"title": "Another"}):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            Motion.objects.filter(pk=motion.pk).update(**change)
    open_one = worlds.a_motion(made)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Motion.objects.filter(pk=open_one.pk).update(closes_at=Meeting.objects.get().ends_at)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Postponement.objects.update(reason="Another")


def test_an_agenda_holds_what_is_talked_of_and_the_minutes_print_it(made: Committee):
    meeting = worlds.a_meeting(made)
    add = {"meeting_id": meeting.pk, "title": "Report of the monitor", "words": "Twenty minutes.", "at": people.NOON}
    with pytest.raises(NotPermitted):
        operations.add_to_agenda(**add, actor=people.someone(RoleName.COMMITTEE_MEMBER))
    with pytest.raises(Unacceptable, match="what it is"):
        operations.add_to_agenda(**(add | {"title": " "}), actor=made.chair)
    operations.add_to_agenda(**add, actor=made.secretariat)
    operations.add_to_agenda(**(add | {"title": "Date of the next meeting", "words": ""}), actor=made.chair)
    assert list(AgendaItem.objects.order_by("number").values_list("number", "title")) == [
        (1, "Report of the monitor"),
        (2, "Date of the next meeting"),
    ]
    worlds.hold(made, meeting)
    operations.close_meeting(meeting_id=meeting.pk, notes="", actor=made.chair, at=meeting.starts_at + HOUR)
    assert minutes(meeting.pk).items == (
        ("Report of the monitor", "Twenty minutes."),
        ("Date of the next meeting", ""),
    )
    with pytest.raises(WrongState, match="is over"):
        operations.add_to_agenda(**(add | {"at": meeting.starts_at + 2 * HOUR}), actor=made.chair)
    with pytest.raises(DatabaseError, match="meeting to come"), transaction.atomic():
        AgendaItem.objects.create(
            meeting=meeting, number=3, title="Late", words="", added_by=made.chair, added_at=meeting.ends_at
        )
