"""What happens to programmes beside money, for tests: suspended, measured, scored, assessed."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from committee import queries as committee_queries
from committee.rules import Cause
from committee.rules import Suspension as Case
from disbursements import operations, tasks
from disbursements.confidence import EvidenceKind
from disbursements.fingerprints import People
from disbursements.models import (
    Amendment,
    CapacityAssessment,
    CompliancePaper,
    Evidence,
    Indicator,
    Organisation,
    Programme,
    Proposal,
    Suspension,
)
from disbursements.operations.amendments import Terms
from disbursements.operations.results import Shown
from disbursements.uploads import Upload, upload
from tests import committee_worlds, disbursement_worlds, people
from tests.disbursement_worlds import APPROVED_AT, secretariat
from trustfund.core import clock
from trustfund.core.models import User

CLOSES_AT = APPROVED_AT + timedelta(days=5)
LATER = people.NOON + timedelta(days=500)
CASE = Case(
    cause=Cause.ACCESS_REFUSED,
    evidence="Monitors of the third party were turned back at two county stores on 3 and 4 July.",
    impact="4,100 children in two counties go without therapeutic food from 1 September.",
    wind_down="Stock lasts six weeks; children under treatment are seen through to discharge.",
    review_on=(APPROVED_AT + timedelta(days=60)).date(),
)
PAPER = upload("report.pdf", b"%PDF-1.7 what the monitor saw")


def decide(motion_id: Any, *, carry: bool = True) -> datetime:
    """Let the committee answer a motion and the timetable carry it out; return when."""
    motion = committee_queries.motion_of(motion_id)
    assert motion is not None
    (committee_worlds.carry if carry else committee_worlds.defeat)(motion)
    at = motion.closes_at + timedelta(minutes=1)
    with clock.moved_to(at):
        tasks.carry_out_suspensions()
        tasks.carry_out_amendments()
    return at


def a_case(programme: Programme, *, at: datetime = APPROVED_AT) -> Suspension:
    """Ask the committee, which is seated if it is not, to suspend a programme."""
    disbursement_worlds.chair()
    return operations.ask_to_suspend(
        programme_id=programme.pk, case=CASE, closes_at=CLOSES_AT, actor=secretariat(), at=at
    )


def a_suspension(programme: Programme) -> Suspension:
    """Let the committee suspend a programme."""
    suspension = a_case(programme)
    decide(suspension.motion_id)
    suspension.refresh_from_db()
    return suspension


def an_assessment(organisation: Organisation, points: int = 85, **changes: Any) -> CapacityAssessment:
    """Record what an assessment found, valid for two years."""
    said: dict[str, Any] = {
        "assessor": "Example Assurance LLP",
        "assessed_on": people.NOON.date() - timedelta(days=30),
        "valid_until": people.NOON.date() + timedelta(days=700),
    }
    return operations.assess_organisation(
        organisation_id=organisation.pk, points=points, actor=secretariat(), at=people.NOON, **{**said, **changes}
    )


def an_indicator(programme: Programme, name: str = "Children treated") -> Indicator:
    """Set an indicator with targets for three years."""
    return operations.set_indicator(
        programme_id=programme.pk,
        name=name,
        unit="children",
        baseline=Decimal(1200),
        baseline_on=date(2026, 8, 31),
        targets={2026: Decimal(2000), 2027: Decimal(6000), 2028: Decimal(9000)},
        actor=secretariat(),
        at=people.NOON,
    )


def shown(kind: EvidenceKind = EvidenceKind.THIRD_PARTY, **changes: Any) -> Shown:
    """Return what shows something."""
    said: dict[str, Any] = {
        "title": "Monitor's report of the quarter",
        "place": "Eleven northern counties",
        "observed_on": date(2026, 12, 20),
    }
    return Shown(kind=kind, **{**said, **changes})


def results(
    programme: Programme,
    values: dict[Indicator, int] | None = None,
    *,
    reached: People | None = None,
    through: date = date(2026, 12, 31),
    by: User | None = None,
    paper: Upload | None = PAPER,
    at: datetime = LATER,
    **changes: Any,
) -> Evidence:
    """Report where indicators stand, and whom the programme reached."""
    return operations.report_results(
        programme_id=programme.pk,
        through=through,
        values={indicator.pk: Decimal(value) for indicator, value in (values or {}).items()},
        people=reached,
        shown=shown(**changes),
        paper=paper,
        actor=by or secretariat(),
        at=at,
    )


def an_amendment(proposal: Proposal, *, at: datetime = APPROVED_AT, **changes: Any) -> Amendment:
    """Ask the committee to give an approved proposal's second tranche more time, and its programme with it."""
    second = proposal.tranches.filter(number=2).first()
    said: dict[str, Any] = {
        "ends_on": proposal.programme.ends_on + timedelta(days=90),
        "terms": {second.pk: Terms("Installation report accepted by both engineers", second.expected_on)}
        if second
        else {},
        "reason": "Two permits came three months late.",
    }
    return operations.ask_to_amend(
        proposal_id=proposal.pk, at=at, **{"closes_at": CLOSES_AT, "actor": secretariat(), **said, **changes}
    )


def one_of_everything(programme: Programme, proposal: Proposal) -> dict[str, Any]:
    """Make one of everything around a programme, and return what addresses are about. Votes cost time: none is held."""
    assessment = an_assessment(programme.organisation, paper=PAPER)
    partner = operations.add_implementing_partner(
        programme_id=programme.pk,
        organisation_id=disbursement_worlds.an_organisation().pk,
        part="Cold boxes",
        actor=secretariat(),
        at=people.NOON,
    )
    indicator = an_indicator(programme, name=f"Children treated {programme.indicators.count()}")
    evidence = results(programme, {indicator: 2100}, reached=People(900, 700, 400, 350, 120))
    filed = operations.file_compliance(
        proposal_id=proposal.pk,
        kind=CompliancePaper.Kind.BANKING,
        title="Letter of the bank",
        paper=PAPER,
        actor=secretariat(),
        at=people.NOON,
    )
    still = disbursement_worlds.a_programme(programme.organisation, title="Clean water for county hospitals")
    return {
        "organisation_id": programme.organisation_id,
        "assessment_id": assessment.pk,
        "partner_id": partner.pk,
        "evidence_id": evidence.pk,
        "paper_id": filed.pk,
        "suspension_id": a_case(still).pk,
    }
