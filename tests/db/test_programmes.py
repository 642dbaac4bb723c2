"""Programmes beside their money: suspended and resumed by decision, measured with evidence, scored, assessed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.formats import date_format

from committee import operations as committee_operations
from committee import queries as committee_queries
from disbursements import operations
from disbursements.budget import DoesNotAddUp, IndirectTooHigh
from disbursements.categories import Category
from disbursements.confidence import Confidence, EvidenceKind
from disbursements.fingerprints import People
from disbursements.models import (
    CompliancePaper,
    CrsCode,
    CrsShare,
    Evidence,
    IndicatorValue,
    PeopleReached,
    Programme,
    Report,
    ReportLine,
    TechnicalReview,
)
from disbursements.operations.amendments import Terms
from disbursements.queries import approvals, budgets
from disbursements.queries import payments as payment_queries
from disbursements.queries import reports as report_queries
from disbursements.queries import results as result_queries
from disbursements.queries import reviews as review_queries
from disbursements.score_cards import Criterion
from disbursements.states import OrganisationKind
from disbursements.tranche_plans import Tier
from tests import committee_worlds, disbursement_worlds, donor_worlds, people, programme_worlds
from tests.disbursement_worlds import APPROVED_AT, chair, secretariat, usd
from tests.programme_worlds import CASE, CLOSES_AT, PAPER, decide
from trustfund.core import events
from trustfund.core.refusals import AlreadyDone, Missing, NotPermitted, Unacceptable, WrongState
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db
FULL = dict.fromkeys(Criterion, 4)


def statuses(programme):
    """Return where a programme and its tranches stand."""
    programme.refresh_from_db()
    tranches = programme.proposals.get().tranches.order_by("number")
    return programme.status, [tranche.status for tranche in tranches]


def test_a_programme_and_its_tranches_stand_still_and_go_on_by_decision_alone():
    proposal = disbursement_worlds.an_approved_proposal()
    programme = proposal.programme
    assert statuses(programme) == ("open", ["due", "planned"])
    suspension = programme_worlds.a_case(programme)
    assert statuses(programme) == ("open", ["due", "planned"])
    with pytest.raises(WrongState, match="not answered yet"):
        operations.carry_out_suspension(suspension_id=suspension.pk, actor=secretariat(), at=APPROVED_AT)
    decide(suspension.motion_id)
    suspension.refresh_from_db()
    assert (suspension.status, suspension.decision[:4]) == ("in_force", "DEC-")
    assert statuses(programme) == ("suspended", ["suspended", "suspended"])
    motion = committee_queries.motion_of(suspension.motion_id)
    assert ["Wind-down plan", CASE.wind_down] in motion.particulars

    first = proposal.tranches.get(number=1)
    (gate,) = [g for g in payment_queries.gates_before(first, None, CLOSES_AT) if g.key == "tranche"]
    assert "suspended or closed" in gate.evidence
    with pytest.raises(WrongState, match="suspended or closed"):
        disbursement_worlds.a_draft(programme=programme)

    ask = {"suspension_id": suspension.pk, "actor": secretariat()}
    at = CLOSES_AT + timedelta(hours=1)
    with pytest.raises(Unacceptable, match="what has changed"):
        operations.ask_to_resume(because=" ", closes_at=at + timedelta(days=3), at=at, **ask)
    asked = operations.ask_to_resume(
        because="Monitors were let in on 2 August.", closes_at=at + timedelta(days=3), at=at, **ask
    )
    at = decide(asked.resume_motion_id, carry=False)
    assert statuses(programme)[0] == "suspended"
    again = operations.ask_to_resume(
        because="Monitors were let in on 9 August too.", closes_at=at + timedelta(days=3), at=at, **ask
    )
    decide(again.resume_motion_id)
    assert statuses(programme) == ("open", ["conditions_met", "planned"])
    assert [event.kind for event in events.about(programme.pk)[:2]] == ["programme.resumed", "programme.suspended"]
    assert [one.pk for one in operations.bring_tranches_due(at=at + timedelta(days=9))] == [first.pk]


def test_a_case_that_is_not_made_is_not_laid_before_the_committee():
    chair()
    programme = disbursement_worlds.a_programme()
    ask = {"programme_id": programme.pk, "closes_at": CLOSES_AT, "actor": secretariat(), "at": APPROVED_AT}
    for missing, words in (("evidence", "Give the evidence"), ("impact", "who goes without"), ("wind_down", "stocks")):
        with pytest.raises(Unacceptable, match=words):
            operations.ask_to_suspend(case=CASE.__class__(**{**vars(CASE), missing: "soon"}), **ask)
    assert not programme.suspensions.exists()
    operations.ask_to_suspend(case=CASE, **ask)
    with pytest.raises(AlreadyDone):
        operations.ask_to_suspend(case=CASE, **ask)
    with pytest.raises(NotPermitted):
        operations.ask_to_suspend(case=CASE, **{**ask, "actor": people.someone(RoleName.TREASURY_OFFICER)})


def test_what_the_committee_does_not_carry_changes_nothing():
    programme = disbursement_worlds.an_approved_proposal().programme
    suspension = programme_worlds.a_case(programme)
    decide(suspension.motion_id, carry=False)
    suspension.refresh_from_db()
    assert (suspension.status, statuses(programme)) == ("dropped", ("open", ["due", "planned"]))
    assert programme_worlds.a_suspension(programme).status == "in_force"


def test_no_money_is_promised_to_a_programme_that_stands_still():
    donor_worlds.money_in("3000000.00")
    programme = disbursement_worlds.a_programme()
    proposal = disbursement_worlds.a_carried_proposal(programme=programme)
    programme_worlds.a_suspension(programme)
    with pytest.raises(WrongState, match="nothing is promised"):
        disbursement_worlds.approve(proposal, at=CLOSES_AT + timedelta(hours=2))
    assert approvals.motion_on(proposal).state == "carried"


def test_an_assessments_points_make_the_tier_and_the_latest_valid_one_counts():
    organisation = disbursement_worlds.an_organisation()
    today = people.NOON.date()
    assert review_queries.tier_on(organisation.pk, today) == Tier.HIGH
    programme_worlds.an_assessment(organisation, 61)
    assert review_queries.tier_on(organisation.pk, today) == Tier.MEDIUM
    programme_worlds.an_assessment(organisation, 92, assessed_on=today - timedelta(days=3))
    assert review_queries.tier_on(organisation.pk, today) == Tier.LOW
    assert review_queries.tier_on(organisation.pk, today + timedelta(days=701)) == Tier.HIGH
    for changes, words in (
        ({"points": 101}, "0 to 100"),
        ({"assessor": ""}, "who assessed"),
        ({"valid_until": today - timedelta(days=40)}, "valid for a time"),
    ):
        with pytest.raises(Unacceptable, match=words):
            programme_worlds.an_assessment(organisation, **changes)


def test_no_donors_own_agency_takes_part_in_a_programme():
    agency = disbursement_worlds.an_organisation("Agency for Cooperation", OrganisationKind.DONOR_AGENCY)
    other = disbursement_worlds.an_organisation("County health trust", OrganisationKind.NATIONAL_NGO)
    programme = disbursement_worlds.a_programme()
    add = {"programme_id": programme.pk, "part": "Cold boxes", "actor": secretariat(), "at": people.NOON}
    with pytest.raises(NotPermitted, match="nobody who also gives"):
        operations.add_implementing_partner(organisation_id=agency.pk, **add)
    with pytest.raises(NotPermitted, match="nobody who also gives"):
        disbursement_worlds.a_programme(agency)
    partner = operations.add_implementing_partner(organisation_id=other.pk, **add)
    with pytest.raises(AlreadyDone):
        operations.add_implementing_partner(organisation_id=other.pk, **add)
    with pytest.raises(Unacceptable, match="answers for the programme itself"):
        operations.add_implementing_partner(organisation_id=programme.organisation_id, **add)
    operations.end_implementing_partner(partner_id=partner.pk, actor=secretariat(), at=people.NOON)
    assert operations.add_implementing_partner(organisation_id=other.pk, **add).ended_at is None


def test_a_proposal_is_tabled_only_by_who_works_through_the_channel():
    chair()
    organisation = disbursement_worlds.an_organisation(kind=OrganisationKind.INTERNATIONAL_NGO)
    operations.record_channel(
        organisation_id=organisation.pk, works_through_who=False, actor=secretariat(), at=people.NOON
    )
    proposal = disbursement_worlds.a_submitted_proposal(programme=disbursement_worlds.a_programme(organisation))
    table = {"proposal_id": proposal.pk, "number": 1, "closes_at": CLOSES_AT, "actor": secretariat()}
    with pytest.raises(NotPermitted, match="does not work through"):
        operations.table_proposal(at=people.NOON, **table)
    operations.record_channel(
        organisation_id=organisation.pk, works_through_who=True, actor=secretariat(), at=people.NOON
    )
    assert operations.table_proposal(at=people.NOON, **table).reference


def test_a_programme_counts_under_codes_of_exactly_a_hundred_percent():
    programme = disbursement_worlds.a_programme()
    assert CrsCode.objects.get(pk="72011").broader == "72010"
    said = {"programme_id": programme.pk, "actor": secretariat(), "at": people.NOON}
    flags = {"is_pandemic_preparedness": True, "is_technology_transfer": False}
    with pytest.raises(Unacceptable, match="add up to"):
        operations.describe_programme(codes={"12220": Decimal(60)}, **flags, **said)
    operations.describe_programme(codes={"12220": Decimal(60), "12250": Decimal(40)}, **flags, **said)
    operations.describe_programme(codes={"12250": Decimal(100)}, **flags, **said)
    assert list(CrsShare.objects.values_list("code_id", "percent")) == [("12250", 100)]
    assert Programme.objects.get().is_pandemic_preparedness


def test_results_are_reported_with_what_shows_them_and_a_correction_is_a_later_row():
    programme = disbursement_worlds.a_programme()
    partner = disbursement_worlds.a_partner(programme.organisation)
    indicator = programme_worlds.an_indicator(programme)
    reached = People(women=900, men=700, girls=400, boys=350, disability=120)
    first = programme_worlds.results(programme, {indicator: 2100}, reached=reached, by=partner)
    assert (first.confidence, first.document.sha256) == (Confidence.HIGH, PAPER.sha256)
    programme_worlds.results(
        programme, {indicator: 2040}, by=partner, paper=None, at=programme_worlds.LATER + timedelta(hours=1)
    )
    (row,) = result_queries.progress_of(programme)
    assert [(point.on, point.value) for point in row.points] == [(date(2026, 12, 31), 2040)]
    assert row.points[0].confidence == Confidence.LOW
    assert IndicatorValue.objects.count() == 2
    assert result_queries.reached_by(programme).women == 900
    assert PeopleReached.objects.get().disability == 120


@pytest.mark.parametrize(
    ("changes", "refusal", "words"),
    [
        ({"through": date(2026, 1, 1)}, Unacceptable, "a day of the programme"),
        ({"through": date(2028, 12, 31)}, Unacceptable, "that has come"),
        ({"values": {}}, Unacceptable, "at least one value"),
        ({"reached": People(women=1, disability=2)}, Unacceptable, "More people with a disability"),
        ({"kind": EvidenceKind.PHOTOGRAPH}, Unacceptable, "does not say where"),
        ({"title": " "}, Unacceptable, "what shows it"),
    ],
)
def test_results_that_cannot_be_right_are_refused_and_nothing_is_kept(changes, refusal, words):
    programme = disbursement_worlds.a_programme()
    indicator = programme_worlds.an_indicator(programme)
    values = changes.pop("values", {indicator: 5})
    with pytest.raises(refusal, match=words):
        programme_worlds.results(programme, values, **changes)
    assert not Evidence.objects.exists()


def test_another_organisations_partner_reports_nothing_and_a_denial_says_by_whom():
    programme = disbursement_worlds.a_programme()
    stranger = disbursement_worlds.a_partner(disbursement_worlds.an_organisation())
    indicator = programme_worlds.an_indicator(programme)
    with pytest.raises(NotPermitted):
        programme_worlds.results(programme, {indicator: 5}, by=stranger)
    denied = programme_worlds.shown(EvidenceKind.ACCESS_DENIED, observed_on=people.NOON.date())
    say = {"programme_id": programme.pk, "actor": secretariat(), "at": people.NOON}
    with pytest.raises(Unacceptable, match="who denied access"):
        operations.submit_evidence(shown=denied, **say)
    kept = operations.submit_evidence(
        shown=programme_worlds.shown(
            EvidenceKind.ACCESS_DENIED,
            observed_on=people.NOON.date(),
            note="The county office turned the monitor back without a letter.",
        ),
        **say,
    )
    assert kept.confidence == Confidence.NONE
    assert events.about(programme.pk)[0].kind == "access.denied"


def test_officers_who_did_not_write_it_score_it_once_and_the_card_goes_with_the_motion():
    chair()
    proposal = disbursement_worlds.a_submitted_proposal()
    one, other = people.someone(RoleName.SECRETARIAT), people.someone(RoleName.CERTIFYING_OFFICER)
    score = {"proposal_id": proposal.pk, "number": 1, "comment": "Sound.", "at": people.NOON}
    with pytest.raises(NotPermitted, match="someone else must score"):
        operations.score_proposal(points=FULL, actor=secretariat(), **score)
    with pytest.raises(NotPermitted, match="Only the secretariat and certifying"):
        operations.score_proposal(points=FULL, actor=people.someone(RoleName.TREASURY_OFFICER), **score)
    operations.score_proposal(points=FULL, actor=one, **score)
    operations.score_proposal(points={**FULL, Criterion.NEED: 5}, actor=other, **score)
    with pytest.raises(AlreadyDone):
        operations.score_proposal(points=FULL, actor=one, **score)
    operations.file_compliance(
        proposal_id=proposal.pk,
        kind=CompliancePaper.Kind.BANKING,
        title="",
        reason="Paid to Geneva; no correspondent is needed.",
        actor=one,
        at=people.NOON,
    )
    operations.file_compliance(
        proposal_id=proposal.pk,
        kind=CompliancePaper.Kind.DUE_DILIGENCE,
        title="Due diligence 2026",
        paper=PAPER,
        actor=one,
        at=people.NOON,
    )
    with pytest.raises(Unacceptable, match="one of the two"):
        operations.file_compliance(
            proposal_id=proposal.pk, kind=CompliancePaper.Kind.EXEMPTION, title="", actor=one, at=people.NOON
        )
    programme_worlds.an_assessment(proposal.programme.organisation, 85)
    motion = operations.table_proposal(
        proposal_id=proposal.pk, number=1, closes_at=CLOSES_AT, actor=secretariat(), at=people.NOON
    )
    said = dict(motion.particulars)
    assert said["Technical score"] == "82.5 of 100 by 2 reviewers"
    assert said["Risk of the organisation"] == "Low risk, 85 points by Example Assurance LLP"
    assert said["Compliance file"].startswith("Missing: Capacity assessment, Exemption from sanctions")
    with pytest.raises(WrongState, match="before the committee sees it"):
        operations.score_proposal(points=FULL, actor=people.someone(RoleName.SECRETARIAT), **score)
    assert TechnicalReview.objects.count() == 2


def test_who_declared_an_interest_in_the_organisation_does_not_score():
    committee = committee_worlds.a_committee()
    proposal = disbursement_worlds.a_submitted_proposal()
    name = proposal.programme.organisation.name
    member = committee.holders[1]
    committee_operations.declare_interest(party=name.upper(), actor=member, at=people.NOON - timedelta(days=1))
    officer = people.someone(RoleName.CERTIFYING_OFFICER)
    assert review_queries.card_of([]) is None
    with pytest.raises(NotPermitted):
        operations.score_proposal(
            proposal_id=proposal.pk, number=1, points=FULL, comment="", actor=member, at=people.NOON
        )
    operations.score_proposal(proposal_id=proposal.pk, number=1, points=FULL, comment="", actor=officer, at=people.NOON)


def test_the_committee_releases_a_tranche_whose_condition_is_not_met():
    proposal = disbursement_worlds.an_approved_proposal()
    second = proposal.tranches.get(number=2)
    carry_out = {"tranche_id": second.pk, "actor": secretariat()}
    with pytest.raises(WrongState, match="has not released"):
        operations.carry_out_release(at=APPROVED_AT, **carry_out)
    ask = {"tranche_id": second.pk, "closes_at": CLOSES_AT, "actor": secretariat(), "at": APPROVED_AT}
    with pytest.raises(Unacceptable, match="Say why"):
        operations.ask_to_release(reason="", **ask)
    motion = operations.ask_to_release(reason="The winter does not wait for the report.", **ask)
    with pytest.raises(AlreadyDone):
        operations.ask_to_release(reason="Again.", **ask)
    decision = committee_worlds.carry(motion)
    released = operations.carry_out_release(at=CLOSES_AT + timedelta(hours=1), **carry_out)
    assert released.status == "conditions_met"
    assert decision.reference in released.evidence


def test_what_was_approved_is_amended_by_decision_alone_and_only_where_nobody_has_met_the_condition():
    proposal = disbursement_worlds.an_approved_proposal()
    programme, (first, second) = proposal.programme, proposal.tranches.order_by("number")
    ends_on = programme.ends_on
    amendment = programme_worlds.an_amendment(proposal)
    motion = committee_queries.motion_of(amendment.motion_id)
    assert [row[1] for row in motion.particulars[2:]] == [
        f"Before: {date_format(ends_on, 'j F Y')}. Now: {date_format(amendment.ends_on, 'j F Y')}",
        f"Before: {second.condition}. Now: Installation report accepted by both engineers",
    ]
    with pytest.raises(AlreadyDone):
        programme_worlds.an_amendment(proposal)
    with pytest.raises(WrongState, match="not answered yet"):
        operations.carry_out_amendment(amendment_id=amendment.pk, actor=secretariat(), at=APPROVED_AT)
    decide(amendment.motion_id, carry=False)
    for one in (amendment, programme, second):
        one.refresh_from_db()
    assert (amendment.status, programme.ends_on) == ("dropped", ends_on)
    assert second.condition == "Installation report accepted"

    at = CLOSES_AT + timedelta(hours=1)
    again = programme_worlds.an_amendment(proposal, at=at, closes_at=at + timedelta(days=3))
    decide(again.motion_id)
    for one in (again, programme, second):
        one.refresh_from_db()
    assert (again.status, again.decision[:4], programme.ends_on) == ("in_force", "DEC-", ends_on + timedelta(days=90))
    assert second.condition == "Installation report accepted by both engineers"
    assert (second.amount_minor, second.version.number) == (
        first.version.planned_tranches.get(number=2).amount_minor,
        1,
    )
    (gate,) = [g for g in payment_queries.gates_before(second, None, at) if g.key == "decision"]
    assert gate.is_clear
    event = events.about(proposal.pk)[0]
    assert (event.kind, event.facts["stayed"]) == ("proposal.amended_by_decision", [])


def test_an_amendment_that_cannot_be_right_is_not_laid_before_the_committee():
    proposal = disbursement_worlds.an_approved_proposal()
    programme, (first, second) = proposal.programme, proposal.tranches.order_by("number")
    same = {"ends_on": programme.ends_on, "terms": {second.pk: Terms(second.condition, second.expected_on)}}
    for changes, refusal, words in (
        (same, Unacceptable, "Nothing differs"),
        ({"reason": " "}, Unacceptable, "Say why"),
        ({"ends_on": date(2026, 1, 1)}, Unacceptable, "before today"),
        ({"terms": {second.pk: Terms("", second.expected_on)}}, Unacceptable, "no condition"),
        ({"terms": {second.pk: Terms("Later", date(2040, 1, 1))}}, Unacceptable, "outside the programme"),
        ({"terms": {first.pk: Terms("Never", first.expected_on)}}, Missing, "does not wait"),
        ({"actor": people.someone(RoleName.TREASURY_OFFICER)}, NotPermitted, "Only the secretariat"),
    ):
        with pytest.raises(refusal, match=words):
            programme_worlds.an_amendment(proposal, **changes)
    assert not proposal.amendments.exists()
    draft = disbursement_worlds.a_draft(programme=programme)
    with pytest.raises(WrongState, match="another version"):
        programme_worlds.an_amendment(draft, terms={})


SHIFTED = {
    Category.SUPPLIES: usd("834579.44"),
    Category.TRAVEL: usd("100000.00"),
    Category.INDIRECT: usd("65420.56"),
}


def shift(proposal, budget, **changes):
    """Ask the committee to move money between categories, and nothing else."""
    said = {"terms": {}, "ends_on": proposal.programme.ends_on, "budget": budget}
    return programme_worlds.an_amendment(proposal, **{**said, **changes})


def test_money_moves_between_categories_by_decision_alone_and_the_whole_stays():
    proposal = disbursement_worlds.an_approved_proposal()
    approved = budgets.budget_of(proposal)
    amendment = shift(proposal, SHIFTED)
    motion = committee_queries.motion_of(amendment.motion_id)
    assert [tuple(row) for row in motion.particulars[2:]] == [
        ("Supplies, commodities, materials", "Before: USD 934,579.44. Now: USD 834,579.44"),
        ("Travel", "Before: USD 0.00. Now: USD 100,000.00"),
        ("Budget in all", "USD 1,000,000.00, as before"),
    ]
    assert budgets.budget_of(proposal) == approved
    decide(amendment.motion_id)
    assert budgets.budget_of(proposal) == SHIFTED
    spent = {Category.TRAVEL: usd("120000.00")}
    assert [(row.category, row.budget, row.left) for row in budgets.against_budget(proposal.programme, spent)] == [
        (Category.SUPPLIES, usd("834579.44"), usd("834579.44")),
        (Category.TRAVEL, usd("100000.00"), usd("-20000.00")),
        (Category.INDIRECT, usd("65420.56"), usd("65420.56")),
    ]
    # What was approved still says what it said, and the next amendment begins where this one ended.
    assert proposal.versions.get().budget_lines.count() == len(approved) == 2
    at = CLOSES_AT + timedelta(hours=1)
    again = shift(proposal, approved, at=at, closes_at=at + timedelta(days=3))
    assert [(line.category, line.before, line.after) for line in again.lines.order_by("category")] == [
        (Category.SUPPLIES, usd("834579.44"), usd("934579.44")),
        (Category.TRAVEL, usd("100000.00"), usd("0.00")),
        (Category.INDIRECT, usd("65420.56"), usd("65420.56")),
    ]
    decide(again.motion_id, carry=False)
    assert budgets.budget_of(proposal) == SHIFTED


def test_a_budget_is_not_amended_to_another_total_or_below_what_is_spent():
    proposal = disbursement_worlds.an_approved_proposal()
    report = Report.objects.create(
        reference="RP-2026-0001",
        programme=proposal.programme,
        kind="interim",
        through=APPROVED_AT.date(),
        number=1,
        words="Most refrigerators stand.",
        submitted_by=secretariat(),
        submitted_at=APPROVED_AT,
    )
    ReportLine.objects.create(report=report, category=Category.SUPPLIES, amount_minor=90_000_000, currency="USD")
    for budget, refusal, words in (
        (
            {**SHIFTED, Category.TRAVEL: usd("100000.01")},
            DoesNotAddUp,
            "1,000,000.01, and USD 1,000,000.00 is approved",
        ),
        ({Category.INDIRECT: usd("1000000.00")}, Unacceptable, "no direct cost"),
        ({**SHIFTED, Category.TRAVEL: usd("99999.99"), Category.INDIRECT: usd("65420.57")}, IndirectTooHigh, "7 %"),
        ({**SHIFTED, Category.TRAVEL: usd("165420.57"), Category.INDIRECT: usd("-0.01")}, Unacceptable, "zero or more"),
        (SHIFTED, Unacceptable, "would have USD 834,579.44, and USD 900,000.00 is reported as spent"),
        (budgets.budget_of(proposal), Unacceptable, "Nothing differs"),
    ):
        with pytest.raises(refusal, match=words):
            shift(proposal, budget)
    assert not proposal.amendments.exists()
    shift(proposal, {**SHIFTED, Category.SUPPLIES: usd("900000.00"), Category.TRAVEL: usd("34579.44")})


def test_a_tranche_met_while_the_committee_votes_stays_as_it_is_and_the_record_says_so():
    proposal = disbursement_worlds.an_approved_proposal()
    second = proposal.tranches.get(number=2)
    amendment = programme_worlds.an_amendment(proposal)
    operations.mark_condition_met(
        tranche_id=second.pk, evidence="Report of 1 August.", actor=secretariat(), at=APPROVED_AT + timedelta(days=1)
    )
    decide(amendment.motion_id)
    second.refresh_from_db()
    assert second.condition == "Installation report accepted"
    assert events.about(proposal.pk)[0].facts["stayed"] == [second.reference]


def test_only_a_programme_for_which_something_was_approved_owes_reports():
    approved = disbursement_worlds.an_approved_proposal().programme
    turned_down = disbursement_worlds.a_tabled_proposal()
    committee_worlds.defeat(disbursement_worlds.motion_of(turned_down))
    operations.record_outcome(proposal_id=turned_down.pk, actor=secretariat(), at=APPROVED_AT)
    turned_down.refresh_from_db()
    assert (turned_down.status, approved.ends_on) == ("rejected", turned_down.programme.ends_on)
    drafted = disbursement_worlds.a_draft().programme
    owed = report_queries.owed_by([turned_down.programme, drafted, approved], date(2029, 10, 1))
    assert {row.programme for row in owed} == {approved}
    assert len(owed) == len({2026, 2027, 2028}) * 2
