"""The committee about itself: a meeting with its minutes appoints the auditor, and silence releases a tranche."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from committee import queries
from committee.models import Motion
from committee.operations import Hearing, enactments, meetings, motions
from committee.rules import Choice, Way
from disbursements.models import Tranche
from disbursements.operations import releases
from disbursements.states import TrancheStatus
from trustfund.core import clock
from trustfund.core.money import Money
from trustfund.embedded.demonstration.cast import SEATS
from trustfund.embedded.demonstration.money_out import vote
from trustfund.embedded.demonstration.stage import Stage, moment

MEETING_MONTH: Final = 5
SILENCE_MONTH: Final = 26
AUDIT_YEARS: Final = 4
# Who could not travel; the chair, on seat six, was there.
_ABSENT: Final = frozenset({3})
_NOTES: Final = (
    "The secretariat reported that the first agreements are signed and that two donors pay ahead of their schedule. "
    "The committee asks for results by county in every programme report."
)


def plan(stage: Stage) -> None:
    """Put the meeting and the motion that silence carries on the agenda."""
    day = clock.add_working_days(stage.day(MEETING_MONTH, 10), 1)
    stage.plan(moment(day - timedelta(days=28), 9), partial(_call, stage, day))
    stage.plan(moment(stage.day(SILENCE_MONTH, 4), 9), partial(_circulate, stage))


def _call(stage: Stage, day: date, at: datetime) -> None:
    meeting = meetings.call_meeting(
        place="Palais Wilson, room 2, Geneva",
        starts_at=moment(day, 9),
        ends_at=moment(day, 17),
        actor=stage.people["secretariat"],
        at=at,
    )
    meetings.add_to_agenda(
        meeting_id=meeting.pk,
        title="The first agreements and how they are paid",
        words="Report of the secretariat, twenty minutes.",
        actor=stage.people["secretariat"],
        at=at + timedelta(hours=1),
    )
    motion = enactments.nominate_auditor(
        firm="Halden & Roe, chartered accountants",
        registration="Register of auditors of the Canton of Geneva, no. 4411",
        starts_on=day,
        ends_on=day.replace(year=day.year + AUDIT_YEARS),
        fee=Money.of("384000.00", "USD"),
        reason="Lowest of the three bids that met the terms; the partners have audited pooled funds since 1998.",
        hearing=Hearing(way=Way.MEETING, meeting_id=meeting.pk),
        actor=stage.people["secretariat"],
        at=at + timedelta(hours=2),
    )
    stage.plan(moment(day, 9, 5), partial(_meet, stage, meeting.pk, motion))


def _meet(stage: Stage, meeting_id: UUID, motion: Motion, at: datetime) -> None:
    chair = stage.people[next(seat.key for seat in SEATS if seat.is_chair)]
    meetings.open_meeting(meeting_id=meeting_id, actor=chair, at=at)
    here = [seat.number for seat in SEATS if seat.number not in _ABSENT]
    meetings.take_attendance(
        meeting_id=meeting_id,
        present={number: stage.people[f"seat{number}"].pk for number in here},
        actor=stage.people["secretariat"],
        at=at + timedelta(minutes=5),
    )
    meetings.open_vote(motion_id=motion.pk, actor=chair, at=at + timedelta(minutes=50))
    for place, number in enumerate(here):
        vote(stage, number, motion, Choice.APPROVE, at + timedelta(minutes=52 + place))
    decision = motions.close_motion(motion_id=motion.pk, actor=chair, at=at + timedelta(minutes=65))
    enactments.put_in_force(decision_id=decision.pk, actor=None, at=at + timedelta(minutes=66))
    meetings.close_meeting(meeting_id=meeting_id, notes=_NOTES, actor=chair, at=at + timedelta(hours=3))


def _circulate(stage: Stage, at: datetime) -> None:
    """Ask, by no objection, to release a tranche a little short of its condition."""
    waiting = Tranche.objects.filter(status=TrancheStatus.PLANNED).exclude(condition="").order_by("reference")
    motion = releases.ask_to_release(
        tranche_id=waiting.values_list("pk", flat=True)[0],
        reason=(
            "The monitor confirms 57 % of the deliveries, and the plan asks for 60 %. The rest stands in a port that "
            "the winter has closed. The secretariat proposes to release the tranche as planned."
        ),
        closes_at=None,
        way=Way.NO_OBJECTION,
        actor=stage.people["secretariat"],
        at=at,
    )
    for number in (1, 5, 6):
        stage.plan(at + timedelta(days=1, hours=number), partial(_agree, stage, number, motion))
    stage.plan(motion.closes_at + timedelta(minutes=1), partial(_close, motion.pk))


def _agree(stage: Stage, number: int, motion: Motion, at: datetime) -> None:
    vote(stage, number, motion, Choice.APPROVE, at)


def _close(motion_id: UUID, at: datetime) -> None:
    if motion_id in queries.motions_due(at):
        motions.close_motion(motion_id=motion_id, actor=None, at=at)
