"""The pages of what programmes are beside their money: walls, uploads, plans, scores, and what all the world reads."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from committee import queries as committee_queries
from disbursements.models import CompliancePaper, Evidence, Indicator, IndicatorValue, Programme, TechnicalReview
from tests import committee_worlds, disbursement_worlds, people, programme_worlds
from tests.disbursement_worlds import secretariat
from tests.http.test_disbursements_proposals_pages import typed
from tests.http.test_exemptions_pages import client_of, page, send
from tests.programme_worlds import CASE, LATER
from trustfund.core import clock
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db


def test_a_partner_finds_its_programmes_reports_results_and_sees_nobody_elses():
    programme = disbursement_worlds.an_approved_proposal().programme
    other = disbursement_worlds.a_programme(title="Somebody else's work")
    partner = disbursement_worlds.a_partner(programme.organisation)
    send(
        secretariat(),
        "set_indicator",
        programme.pk,
        name="Children treated",
        unit="children",
        baseline="1200",
        baseline_on="2026-08-31",
        targets="2026; 2000\n2027; 6,000",
    )
    mine = page(partner, "mine", at=LATER)
    assert programme.title in mine
    assert "Somebody else" not in mine
    assert "Installation report accepted" in mine
    told = {
        "through": "2026-12-31",
        "value_1": "2100",
        "women": "900",
        "disability": "60",
        "kind": "third_party",
        "title": "Monitor's report",
        "place": "Eleven northern counties",
        "observed_on": "2026-12-20",
        "note": "",
    }
    fake = SimpleUploadedFile("report.pdf", b"<html>not a paper</html>")
    assert "neither PDF" in send(partner, "report_results", programme.pk, status=422, at=LATER, paper=fake, **told)
    paper = SimpleUploadedFile("report.pdf", b"%PDF-1.7 seen")
    send(partner, "report_results", programme.pk, at=LATER, paper=paper, **told)
    shown = page(partner, "results", programme.pk, at=LATER)
    for words in ("Children treated", "2,100", "Monitor&#x27;s report", "High", "<svg", "900"):
        assert words in shown, words
    evidence = Evidence.objects.get()
    answer = client_of(partner).get(reverse("disbursements:evidence_file", args=[evidence.pk]))
    assert answer.content == b"%PDF-1.7 seen"
    assert IndicatorValue.objects.get().value == 2100
    stranger = client_of(disbursement_worlds.a_partner(other.organisation))
    for name, args in (
        ("results", [programme.pk]),
        ("report_results", [programme.pk]),
        ("evidence_file", [evidence.pk]),
    ):
        assert stranger.get(reverse(f"disbursements:{name}", args=args)).status_code == 404
    for name in ("results_csv", "results_xlsx"):
        assert client_of(partner).get(reverse(f"disbursements:{name}", args=[programme.pk])).status_code == 200
    assert Indicator.objects.get().targets.count() == 2


def test_all_the_world_reads_why_a_programme_stands_still():
    programme = disbursement_worlds.an_approved_proposal().programme
    assert "No programme stands still" in Client().get(reverse("disbursements:suspensions")).content.decode()
    programme_worlds.a_suspension(programme)
    text = Client().get(reverse("disbursements:suspensions")).content.decode()
    for words in (programme.title, "Monitors were not let in", CASE.evidence, CASE.impact, CASE.wind_down, "DEC-"):
        assert words in text, words
    assert programme.title in Client().get("/").content.decode()
    assert "Suspended by DEC-" in page(secretariat(), "programme", programme.pk)


def test_the_case_is_asked_for_whole_and_the_refusal_says_what_is_missing():
    disbursement_worlds.chair()
    programme = disbursement_worlds.a_programme()
    said = {
        "cause": str(CASE.cause),
        "evidence": CASE.evidence,
        "impact": "Nobody.",
        "wind_down": CASE.wind_down,
        "review_on": CASE.review_on.isoformat(),
        "closes_on": "2026-07-28",
    }
    assert "Say who goes without what" in send(secretariat(), "ask_to_suspend", programme.pk, status=422, **said)
    send(secretariat(), "ask_to_suspend", programme.pk, **{**said, "impact": CASE.impact})
    assert programme.suspensions.get().status == "asked"


def test_the_tranches_are_planned_from_tier_length_and_amount_and_can_be_changed():
    programme = disbursement_worlds.a_programme()
    officer = secretariat()
    client = client_of(officer)
    url = reverse("disbursements:new_proposal", args=[programme.pk])
    client.get(url)
    fields = {**typed(), "plan": "yes", "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    with clock.moved_to(people.NOON):
        text = client.post(url, fields).content.decode()
        assert "High risk" in text
        assert [amount in text for amount in ('value="42800.00"', 'value="21400.00"')] == [True, True]
        programme_worlds.an_assessment(programme.organisation, 90)
        assert 'value="107000.00"' in client.post(url, fields).content.decode()
        empty = client.post(url, {**fields, "amount_2": "", "amount_8": ""}).content.decode()
    assert "Fill in the budget first" in empty
    assert not programme.proposals.exists()


def test_an_officer_who_did_not_write_it_scores_it_and_the_file_is_kept():
    proposal = disbursement_worlds.a_submitted_proposal()
    other = people.someone(RoleName.CERTIFYING_OFFICER)
    points = {"need": "5", "soundness": "4", "feasibility": "4", "cost": "3", "safeguards": "4"}
    send(secretariat(), "score_proposal", proposal.pk, status=403, number="1", comment="", **points)
    send(other, "score_proposal", proposal.pk, number="1", comment="Sound and needed.", **points)
    paper = SimpleUploadedFile("letter.pdf", b"%PDF-1.7 bank")
    send(secretariat(), "file_compliance", proposal.pk, kind="banking", title="Bank's letter", reason="", paper=paper)
    wrong = send(secretariat(), "file_compliance", proposal.pk, status=422, kind="exemption", title="", reason="")
    assert "one of the two" in wrong
    shown = page(other, "proposal", proposal.pk)
    for words in ("82.0 of 100 by 1 reviewers", "Sound and needed.", "Bank&#x27;s letter", "Missing"):
        assert words in shown, words
    assert (TechnicalReview.objects.count(), CompliancePaper.objects.count()) == (1, 1)


def test_an_organisations_page_shows_its_risk_and_a_programme_its_codes_and_partners():
    programme = disbursement_worlds.a_programme()
    organisation, officer = programme.organisation, secretariat()
    assert "counts as high risk" in page(officer, "organisation", organisation.pk)
    said = {"assessor": "Example Assurance", "points": "85", "assessed_on": "2026-07-01", "valid_until": "2028-07-01"}
    send(officer, "assess_organisation", organisation.pk, note="", **said)
    assert "Low risk" in page(officer, "organisation", organisation.pk)
    wrong = send(officer, "describe_programme", programme.pk, status=422, codes="12220; 60")
    assert "add up to 60" in wrong
    send(officer, "describe_programme", programme.pk, codes="12220; 60\n12250\t40", is_pandemic_preparedness="on")
    other = disbursement_worlds.an_organisation("County health trust")
    send(officer, "add_partner", programme.pk, organisation=str(other.pk), part="Cold boxes")
    shown = page(officer, "programme", programme.pk)
    for words in ("12220 Basic health care", "Pandemic preparedness", "County health trust", "Cold boxes"):
        assert words in shown, words
    assert Programme.objects.get(pk=programme.pk).crs_shares.count() == 2


def test_an_amendment_is_asked_for_with_what_was_and_carried_out_as_decided():
    proposal = disbursement_worlds.an_approved_proposal()
    second, end = proposal.tranches.get(number=2), proposal.programme.ends_on
    said = {
        "reason": "Two permits came three months late.",
        "ends_on": end.isoformat(),
        "condition_2": second.condition,
        "expected_on_2": second.expected_on.isoformat(),
        "amount_2": "934,579.44",
        "amount_8": "65420.56",
        "closes_on": programme_worlds.CLOSES_AT.date().isoformat(),
    }
    asked = page(secretariat(), "ask_to_amend", proposal.pk, at=disbursement_worlds.APPROVED_AT)
    assert second.condition in asked
    at = disbursement_worlds.APPROVED_AT
    assert "Nothing differs" in send(secretariat(), "ask_to_amend", proposal.pk, status=422, at=at, **said)
    beyond = {**said, "amount_5": "0.01"}
    assert "1,000,000.01, and USD 1,000,000.00 is approved" in send(
        secretariat(), "ask_to_amend", proposal.pk, status=422, at=at, **beyond
    )
    moved = {"condition_2": "Both engineers agree", "amount_2": "834579.44", "amount_5": "100000"}
    send(secretariat(), "ask_to_amend", proposal.pk, at=at, **{**said, **moved})
    amendment = proposal.amendments.get()
    shown = page(secretariat(), "proposal", proposal.pk, at=at)
    assert "Both engineers agree" in shown
    assert 'Travel: <bdi class="num">USD 0.00</bdi> → <bdi class="num">USD 100,000.00</bdi>' in shown
    assert "Now (USD)" not in shown
    committee_worlds.carry(committee_queries.motion_of(amendment.motion_id))
    send(secretariat(), "carry_out_amendment", amendment.pk, at=programme_worlds.CLOSES_AT + timedelta(hours=1))
    shown = page(secretariat(), "proposal", proposal.pk, at=programme_worlds.CLOSES_AT + timedelta(hours=1))
    for words in (
        "In force",
        "DEC-",
        "Amended, by decision of the committee",
        "Now: Both engineers agree",
        "Now (USD)",
    ):
        assert words in shown, words
    assert "100,000.00" in page(secretariat(), "programme", proposal.programme_id)
    decided = client_of(secretariat()).get(reverse("pages:decision", args=[amendment.motion_id])).content.decode()
    assert reverse("disbursements:proposal", args=[proposal.pk]) in decided
