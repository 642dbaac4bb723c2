"""A decision and the minutes of a meeting on paper: asked for by what happened, and saying what the record says."""

import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from assurance import documents, operations, queries
from assurance.kinds import Kind
from committee import operations as committee
from committee.rules import Choice, Way
from tests import committee_worlds as worlds
from tests import people
from trustfund.core.models import Event
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _documents_of_their_own(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def text_of(kind: str, about: Any) -> str:
    """Ask for the paper of an event as the announcer does, set it, and return its words."""
    event = Event.objects.get(kind=kind, about=about)
    paper = operations.ask_for_paper(event_id=event.pk, at=event.at)
    assert paper is not None
    issued = operations.issue_statement(statement_id=paper.pk, at=event.at)
    done = subprocess.run(
        ["pdftotext", "-layout", str(documents.path_of(issued.sha256)), "-"], capture_output=True, check=True, text=True
    )
    return " ".join(done.stdout.split())


def test_minutes_say_who_was_there_and_how_each_seat_voted_and_a_decision_says_it_without_a_name():
    made = worlds.a_committee(with_alternates=(2,))
    meeting = worlds.a_meeting(made)
    motion = worlds.a_motion(made, way=Way.MEETING, meeting_id=meeting.pk, closes_at=None)
    left = worlds.a_motion(made, way=Way.MEETING, meeting_id=meeting.pk, closes_at=None)
    worlds.hold(made, meeting)
    at = meeting.starts_at
    committee.take_attendance(
        meeting_id=meeting.pk, present={2: made.alternates[2].pk}, actor=made.chair, at=at + timedelta(minutes=1)
    )
    committee.open_vote(motion_id=motion.pk, actor=made.chair, at=at)
    for number in worlds.QUORUM_SEATS:
        worlds.vote(
            motion,
            number,
            Choice.REJECT if number == 4 else Choice.APPROVE,
            by=made.alternates[2] if number == 2 else None,
            reason="Monitoring is not in writing." if number == 4 else "The need is shown.",
            at=at + timedelta(minutes=5),
        )
    decision = committee.close_motion(motion_id=motion.pk, actor=made.chair, at=at + timedelta(minutes=9))
    committee.close_meeting(
        meeting_id=meeting.pk,
        notes="The monitor reported from two counties.",
        actor=made.chair,
        at=at + timedelta(hours=1),
    )
    said = text_of("meeting.closed", meeting.pk)
    for words in (
        meeting.reference,
        "Room XI, Geneva",
        "Holder of seat 1",
        "Alternate of seat 2 (alternate)",
        "nobody",
        f"{decision.reference}: Carried: 5 of 6 approve.",
        "9 seats were eligible, 0 recused, 6 voted.",
        "Seat 4: Rejected",
        "The meeting did not come to this motion.",
        "The monitor reported from two counties.",
    ):
        assert words in said, words
    public = text_of("motion.carried", motion.pk)
    for words in (
        decision.reference,
        "USD 4,250,000.00",
        "Carried: 5 of 6 approve.",
        "Monitoring is not in writing.",
        "version 1",
    ):
        assert words in public, words
    assert "seat 1" not in public
    # What the calendar does with the motion that was left changes no minutes.
    worlds.close(left)
    assert queries.papers_about(motion.pk, None).get().kind == Kind.DECISION
    assert list(queries.papers_about(meeting.pk, None)) == []
    assert queries.papers_about(meeting.pk, people.someone(RoleName.AUDITOR)).get().kind == Kind.MINUTES
