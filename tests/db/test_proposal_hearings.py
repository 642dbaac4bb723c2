"""A proposal before the committee in a meeting, by no objection, and after somebody has objected."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from committee import operations as committee
from committee import queries as committee_queries
from committee.matters import Kind
from committee.models import Meeting, Motion
from committee.rules import NEUTRAL_COMMITTEE, Choice, Way
from disbursements import operations, tasks
from disbursements.models import Proposal
from tests import committee_worlds, disbursement_worlds, donor_worlds, people
from tests.committee_worlds import QUORUM_SEATS, Committee
from trustfund.core import clock
from trustfund.core.models import Event
from trustfund.core.refusals import Missing, Unacceptable, WrongState

pytestmark = pytest.mark.django_db

SILENT = replace(NEUTRAL_COMMITTEE, no_objection_kinds=(Kind.RELEASE, Kind.PROPOSAL))


@pytest.fixture
def made() -> Committee:
    donor_worlds.money_in("1000000.00")
    return committee_worlds.a_committee(rules=SILENT)


def tabled(way: Way, *, meeting: Meeting | None = None, closes_at: datetime | None = None) -> Proposal:
    proposal = disbursement_worlds.a_submitted_proposal("1000000.00")
    operations.table_proposal(
        proposal_id=proposal.pk,
        number=1,
        closes_at=closes_at,
        way=way,
        meeting_id=meeting.pk if meeting else None,
        actor=disbursement_worlds.secretariat(),
        at=people.NOON,
    )
    return Proposal.objects.get(pk=proposal.pk)


def motion_of(proposal: Proposal) -> Motion:
    return Motion.objects.get(pk=Proposal.objects.get(pk=proposal.pk).motion_id)


def answers_are_written_down(at: datetime) -> None:
    with clock.moved_to(at):
        tasks.record_outcomes()


def state_of(proposal: Proposal) -> str:
    return Proposal.objects.get(pk=proposal.pk).status


def vote_in(meeting: Meeting, motion: Motion, made: Committee) -> datetime:
    """Hold the meeting and let it carry the motion; return when."""
    at = meeting.starts_at + timedelta(minutes=30)
    committee_worlds.hold(made, meeting)
    committee.open_vote(motion_id=motion.pk, actor=made.chair, at=at)
    for seat in QUORUM_SEATS:
        committee_worlds.vote(motion, seat, Choice.APPROVE, at=at)
    committee.close_motion(motion_id=motion.pk, actor=made.chair, at=at)
    return at


def test_a_meeting_decides_a_proposal_on_its_agenda(made: Committee):
    meeting = committee_worlds.a_meeting(made)
    proposal = tabled(Way.MEETING, meeting=meeting)
    motion = motion_of(proposal)
    assert (motion.way, motion.meeting, motion.closes_at) == ("meeting", meeting, meeting.ends_at)
    at = vote_in(meeting, motion, made)
    answers_are_written_down(at)
    assert state_of(proposal) == "carried"


def test_silence_carries_a_proposal_where_the_rules_say_so(made: Committee):
    proposal = tabled(Way.NO_OBJECTION)
    motion = motion_of(proposal)
    committee.close_motion(motion_id=motion.pk, actor=None, at=motion.closes_at)
    answers_are_written_down(motion.closes_at)
    assert state_of(proposal) == "carried"


def test_what_is_objected_to_waits_for_a_meeting_and_follows_onto_its_agenda(made: Committee):
    proposal = tabled(Way.NO_OBJECTION)
    silent, at = motion_of(proposal), people.NOON + timedelta(hours=2)
    committee_worlds.vote(silent, 1, Choice.REJECT, reason="Monitors were turned back.", at=at)
    answers_are_written_down(at)
    assert (state_of(proposal), motion_of(proposal).status) == ("tabled", "objected")
    with pytest.raises(WrongState, match="Somebody objected, and a meeting decides"):
        operations.record_outcome(proposal_id=proposal.pk, actor=made.chair, at=at)
    meeting = committee_worlds.a_meeting(made, at=at)
    answers_are_written_down(at)
    followed = motion_of(proposal)
    assert (state_of(proposal), followed.follows, followed.meeting) == ("tabled", silent, meeting)
    event = Event.objects.get(kind="proposal.brought_to_meeting")
    assert event.facts == {"motion": followed.reference, "meeting": meeting.reference}
    answers_are_written_down(at)
    assert Event.objects.filter(kind="proposal.brought_to_meeting").count() == 1
    held = vote_in(meeting, followed, made)
    answers_are_written_down(held)
    assert state_of(proposal) == "carried"
    approved = disbursement_worlds.approve(Proposal.objects.get(pk=proposal.pk), at=held + timedelta(hours=1))
    assert approved.status == "approved"
    assert committee_queries.decision_on(proposal.pk, 1, Kind.PROPOSAL) == followed.decision


def test_silence_decides_no_proposal_under_rules_that_do_not_say_so():
    committee_worlds.a_committee()
    with pytest.raises(Unacceptable, match="nothing of this kind be decided by no objection"):
        tabled(Way.NO_OBJECTION)


def test_tabling_is_refused_where_the_rules_or_the_calendar_do_not_allow_the_way(made: Committee):
    with pytest.raises(Missing, match="Choose the meeting"):
        tabled(Way.MEETING)
    with pytest.raises(Unacceptable, match="close later than it opens"):
        tabled(Way.CORRESPONDENCE)
