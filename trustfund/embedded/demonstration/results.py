"""What programmes reach, one that stands still, one amended, and a proposal scored before the vote. All invented."""

from dataclasses import fields
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Final
from uuid import UUID

from committee import queries as committee_queries
from committee.models import Motion
from committee.operations import motions
from committee.rules import Cause, Choice
from committee.rules import Suspension as Case
from disbursements.confidence import EvidenceKind
from disbursements.fingerprints import People
from disbursements.models import CompliancePaper, Indicator, Organisation, Programme
from disbursements.operations import amendments, organisations, results, reviews, suspensions
from disbursements.operations.amendments import Terms
from disbursements.operations.results import Shown
from disbursements.queries.results import planned_for
from disbursements.queries.suspensions import tranches_to_amend
from disbursements.score_cards import Criterion
from disbursements.uploads import upload
from trustfund.embedded.demonstration.cast import SEATS
from trustfund.embedded.demonstration.money_out import vote
from trustfund.embedded.demonstration.programme_stories import PROPOSALS
from trustfund.embedded.demonstration.stage import Stage, moment

MEASURED: Final = "coldchain"
STANDS_STILL: Final = "nutrition"
SCORED: Final = "winter"
AMENDED: Final = "midwives"
_ASKED_DAYS, _VOTING_DAYS = 40, 9
_SCORED_DAYS: Final = 8
_AMENDED_DAYS: Final = 70
# The monitors' report, as far as anybody may read it here.
_REPORT: Final = upload("monitor.pdf", b"%PDF-1.4\n% The third-party monitor's report of the demonstration.\n%%EOF\n")
_EVIDENCE: Final = "The monitor was turned back at two county stores, and again a week later, with no letter given."
_IMPACT: Final = (
    "About 4,100 children in two counties get no therapeutic food from next month on; none under treatment."
)
_WIND_DOWN: Final = (
    "Stocks last six weeks. Children under treatment are seen through to discharge, and staff stay paid."
)
# Months after the programme began: percent of stores with temperature records, doses, percent of the people planned.
_READINGS: Final = ((6, 34, 210_000, 31), (12, 58, 455_000, 64), (18, 91, 702_000, 94))


def plan(stage: Stage) -> None:
    """Put the assessments, what one programme reaches, and the suspension of another on the agenda."""
    stage.plan(moment(stage.day(0, 26), 9), partial(_assess, stage, 78))
    stage.plan(moment(stage.day(34, 12), 9), partial(_assess, stage, 86))
    begins = next(one.month for one in PROPOSALS if one.key == MEASURED)
    stage.plan(moment(stage.day(begins, 20), 9), partial(_set_indicators, stage))
    for months, percent, doses, part in _READINGS:
        figures = (percent, doses, part)
        stage.plan(moment(stage.day(begins + months + 1, 12), 10), partial(_report, stage, months, figures))
    stage.plan(stage.end - timedelta(days=_ASKED_DAYS), partial(_ask_to_suspend, stage))
    stage.plan(stage.end - timedelta(days=_AMENDED_DAYS), partial(_ask_to_amend, stage))
    stage.plan(stage.end - timedelta(days=_SCORED_DAYS), partial(_score, stage))


def _programme(key: str) -> Programme:
    return Programme.objects.get(title=next(one.title for one in PROPOSALS if one.key == key))


def _assess(stage: Stage, points: int, at: datetime) -> None:
    organisations.assess_organisation(
        organisation_id=Organisation.objects.get(name="World Health Organization").pk,
        assessor="Halden & Roe, chartered accountants",
        points=points,
        assessed_on=at.date() - timedelta(days=14),
        valid_until=at.date() + timedelta(days=3 * 365),
        note="Procurement and reporting are strong; the country office depends on few people.",
        paper=_REPORT,
        actor=stage.people["secretariat"],
        at=at,
    )


def _set_indicators(stage: Stage, at: datetime) -> None:
    programme, officer = _programme(MEASURED), stage.people["secretariat"]
    results.describe_programme(
        programme_id=programme.pk,
        codes={"12220": Decimal(30), "12230": Decimal(45), "12250": Decimal(25)},
        is_pandemic_preparedness=False,
        is_technology_transfer=True,
        actor=officer,
        at=at,
    )
    first, last = programme.starts_on.year, programme.ends_on.year
    for name, unit, baseline, goal in (
        ("County stores with temperature records", "percent", 12, 95),
        ("Vaccine doses kept at the right temperature", "doses", 160_000, 750_000),
    ):
        steps = last - first + 1
        results.set_indicator(
            programme_id=programme.pk,
            name=name,
            unit=unit,
            baseline=Decimal(baseline),
            baseline_on=programme.starts_on,
            targets={
                first + step: Decimal(baseline + (goal - baseline) * (step + 1) // steps) for step in range(steps)
            },
            actor=officer,
            at=at,
        )


def _report(stage: Stage, months: int, figures: tuple[int, int, int], at: datetime) -> None:
    programme = _programme(MEASURED)
    percent, doses, part = figures
    planned = planned_for(programme)
    stores, kept = Indicator.objects.filter(programme=programme).order_by("number")
    through = min(programme.starts_on + timedelta(days=30 * months), at.date())
    results.report_results(
        programme_id=programme.pk,
        through=through,
        values={stores.pk: Decimal(percent), kept.pk: Decimal(doses)},
        people=People(*(getattr(planned, group.name) * part // 100 for group in fields(People))),
        shown=Shown(
            EvidenceKind.THIRD_PARTY,
            f"Monitor's report of month {months}",
            programme.region,
            through,
        ),
        paper=_REPORT,
        actor=stage.people["partner"],
        at=at,
    )


def _score(stage: Stage, at: datetime) -> None:
    proposal = _programme(SCORED).proposals.get()
    for key, points, comment in (
        ("certifier", (5, 4, 3, 4, 4), "Sound. The last delivery falls close to the first frost."),
        ("secretariat2", (5, 4, 4, 4, 3), "Needed, and cheap for each hospital. The exemption is not there yet."),
    ):
        reviews.score_proposal(
            proposal_id=proposal.pk,
            number=proposal.current_number,
            points=dict(zip(Criterion, points, strict=True)),
            comment=comment,
            actor=stage.people[key],
            at=at,
        )
    for kind, paper, reason in (
        (CompliancePaper.Kind.DUE_DILIGENCE, _REPORT, ""),
        (CompliancePaper.Kind.ASSESSMENT, _REPORT, ""),
        (CompliancePaper.Kind.BANKING, None, "Paid to Geneva; goods are bought abroad and no cash enters the country."),
        (CompliancePaper.Kind.DIVERSION, _REPORT, ""),
        (CompliancePaper.Kind.PROCUREMENT, _REPORT, ""),
    ):
        reviews.file_compliance(
            proposal_id=proposal.pk,
            kind=kind,
            title="",
            paper=paper,
            reason=reason,
            actor=stage.people["secretariat"],
            at=at,
        )


def _ask_to_suspend(stage: Stage, at: datetime) -> None:
    programme, officer = _programme(STANDS_STILL), stage.people["secretariat"]
    results.submit_evidence(
        programme_id=programme.pk,
        shown=Shown(
            EvidenceKind.ACCESS_DENIED,
            "The monitor was turned back at two county stores",
            programme.region,
            at.date() - timedelta(days=6),
            "The county office gave no letter; the monitor waited four hours and left.",
        ),
        actor=stage.people["partner"],
        at=at,
    )
    suspension = suspensions.ask_to_suspend(
        programme_id=programme.pk,
        case=Case(
            cause=Cause.ACCESS_REFUSED,
            evidence=_EVIDENCE,
            impact=_IMPACT,
            wind_down=_WIND_DOWN,
            review_on=(stage.end + timedelta(days=45)).date(),
        ),
        closes_at=at + timedelta(days=_VOTING_DAYS),
        actor=officer,
        at=at,
    )
    motion = _put_to_vote(stage, suspension.motion_id, at, against=SEATS[1].number)
    stage.plan(motion.closes_at + timedelta(minutes=1), partial(_suspend, suspension.pk, motion.pk))


def _ask_to_amend(stage: Stage, at: datetime) -> None:
    programme = _programme(AMENDED)
    proposal = programme.proposals.get()
    amendment = amendments.ask_to_amend(
        proposal_id=proposal.pk,
        ends_on=programme.ends_on + timedelta(days=92),
        terms={
            one.pk: Terms(f"{one.condition}, and examiners from outside", one.expected_on + timedelta(days=92))
            for one in tranches_to_amend(proposal)[-1:]
        },
        reason="The third school opened a quarter late; its first intake sits the examinations in winter.",
        closes_at=at + timedelta(days=_VOTING_DAYS),
        actor=stage.people["secretariat"],
        at=at,
    )
    motion = _put_to_vote(stage, amendment.motion_id, at)
    stage.plan(motion.closes_at + timedelta(minutes=1), partial(_amend, amendment.pk, motion.pk))


def _put_to_vote(stage: Stage, motion_id: UUID, at: datetime, against: int = 0) -> Motion:
    """Plan the votes of all seats, one of them against if it is named."""
    motion = committee_queries.motion_of(motion_id)
    if motion is None:
        raise LookupError("The motion was not laid before the committee.")
    for place, seat in enumerate(SEATS):
        choice = Choice.REJECT if seat.number == against else Choice.APPROVE
        stage.plan(at + timedelta(hours=5 + 7 * place), partial(_vote, stage, seat.number, motion, choice))
    return motion


def _vote(stage: Stage, number: int, motion: Motion, choice: Choice, at: datetime) -> None:
    vote(stage, number, motion, choice, at)


def _suspend(suspension_id: UUID, motion_id: UUID, at: datetime) -> None:
    motions.close_motion(motion_id=motion_id, actor=None, at=at)
    suspensions.carry_out_suspension(suspension_id=suspension_id, actor=None, at=at + timedelta(minutes=1))


def _amend(amendment_id: UUID, motion_id: UUID, at: datetime) -> None:
    motions.close_motion(motion_id=motion_id, actor=None, at=at)
    amendments.carry_out_amendment(amendment_id=amendment_id, actor=None, at=at + timedelta(minutes=1))
