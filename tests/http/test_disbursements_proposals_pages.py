"""The pages of programmes and proposals: who sees what, what they show, and that a refusal is shown."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from disbursements import operations
from disbursements.models import Organisation, Programme, Proposal
from disbursements.queries.fund import continuity_reserve, spendable
from tests import committee_worlds, disbursement_worlds, donor_worlds, people
from tests.disbursement_worlds import chair, secretariat, usd
from trustfund.core import clock
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db(transaction=True)


def client_of(person):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    return client


def get(person, name, *args, query="", status=200):
    response = client_of(person).get(reverse(f"disbursements:{name}", args=args) + query)
    assert response.status_code == status, response.content[:400]
    return response.content.decode()


def post(person, name, *args, fields=None, status=302, at=None):
    """Send a page's form with the token that a page gave."""
    client = client_of(person)
    client.get(reverse("disbursements:proposals"))
    token = client.cookies["csrftoken"].value
    with clock.moved_to(at or people.NOON):
        response = client.post(
            reverse(f"disbursements:{name}", args=args), {**(fields or {}), "csrfmiddlewaretoken": token}
        )
    assert response.status_code == status, response.content[:400]
    return response.content.decode()


def typed(amount="107000.00", **changes):
    """Return what a person types into the proposal's form."""
    fields = {
        "title": "Cold boxes for county stores",
        "summary": "Cold boxes, freight and training.",
        "amount_2": "100,000.00",
        "narrative_2": "Cold boxes",
        "amount_8": "7000.00",
        "women": "10",
        "humanity": "h",
        "neutrality": "n",
        "impartiality": "i",
        "independence": "i",
        "tranches-TOTAL_FORMS": "6",
        "tranches-INITIAL_FORMS": "0",
        "tranches-0-title": "All",
        "tranches-0-expected_on": "2026-08-01",
        "tranches-0-amount": amount,
    }
    return {**fields, **changes}


def test_a_proposal_page_shows_budget_tranches_blocks_and_effect(settings):
    donor_worlds.money_in("5000000.00")
    proposal = disbursement_worlds.a_submitted_proposal("1070000.00")
    page = get(secretariat(), "proposal", proposal.pk)
    for words in (
        "USD 1,070,000.00",
        "2. Supplies, commodities, materials",
        "1,000,000.00",
        "8. Indirect support costs",
        "70,000.00",
        "Indirect support is 7.0 % of direct cost",
        "Installation report accepted",
        "Health workforce",
        "25.50 %",
        "272,850.00",
        "Reaches clinics that no other programme reaches.",
        "Spendable after approval",
        "3,930,000.00",
        "12,000",
    ):
        assert words in page, words
    assert "<style" not in page
    assert " style=" not in page


def test_a_proposal_is_written_checked_submitted_and_amended_in_the_browser():
    programme = disbursement_worlds.a_programme()
    officer = secretariat()
    assert "Budget by harmonised category" in get(officer, "new_proposal", programme.pk)
    post(officer, "new_proposal", programme.pk, fields=typed())
    proposal = Proposal.objects.get()
    assert (proposal.status, proposal.amount, proposal.title) == (
        "draft",
        usd("107000.00"),
        "Cold boxes for county stores",
    )
    assert "Check what you wrote" in get(officer, "submit_proposal", proposal.pk)
    post(officer, "submit_proposal", proposal.pk, fields={"number": "1"})
    proposal.refresh_from_db()
    assert proposal.status == "submitted"
    assert 'value="100000.00"' in get(officer, "amend_proposal", proposal.pk)
    post(
        officer,
        "amend_proposal",
        proposal.pk,
        fields=typed("117000.00", amount_2="110000.00", number="1") | {"tranches-INITIAL_FORMS": "1"},
    )
    proposal.refresh_from_db()
    assert (proposal.status, proposal.current_number, proposal.amount) == ("draft", 2, usd("117000.00"))
    page = get(officer, "proposal", proposal.pk)
    assert "<del>USD 100,000.00</del>" in page
    assert "<ins>USD 110,000.00</ins>" in page
    old = get(officer, "proposal_version", proposal.pk, 1)
    assert "This is an earlier version, as it was." in old
    assert "USD 107,000.00" in old
    get(officer, "proposal_version", proposal.pk, 3, status=404)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount_8": "7000.01", "tranches-0-amount": "107000.01"}, "above 7 % of the direct cost"),
        ({"tranches-0-amount": "106999.99"}, "The tranches add up to USD 106,999.99"),
        ({"amount_2": "a lot"}, "Write the amount in digits"),
        ({"tranches-0-title": ""}, "Name this tranche."),
        ({"tranches-0-expected_on": ""}, "Say when this tranche is expected."),
        ({"title": ""}, "This field is required."),
    ],
)
def test_a_wrong_proposal_comes_back_with_what_was_typed_and_why(changes, words):
    programme = disbursement_worlds.a_programme()
    page = post(secretariat(), "new_proposal", programme.pk, fields=typed(**changes), status=422)
    assert words in page
    assert "Cold boxes, freight and training." in page
    assert Proposal.objects.count() == 0


def test_the_figures_are_added_up_while_the_budget_is_typed():
    page = post(secretariat(), "check_figures", fields=typed("50000.00", amount_8="7000.01"), status=200)
    for words in ("100,000.00", "7,000.01", "7,000.00", "107,000.01", "50,000.00", "57,000.01", "above 7 %"):
        assert words in page, words
    assert Proposal.objects.count() == 0


def test_a_programme_and_its_organisation_are_opened_in_the_browser():
    officer = secretariat()
    post(
        officer,
        "register_organisation",
        fields={"name": "World Health Organization", "kind": "who", "channel_code": "41307", "works_through_who": "on"},
    )
    organisation = Organisation.objects.get()
    fields = {
        "organisation": str(organisation.pk),
        "title": "Midwives",
        "region": "Four provinces",
        "starts_on": "2026-09-01",
        "ends_on": "2028-08-31",
        "share_workforce": "66.67",
        "share_service_delivery": "33.33",
    }
    page = post(officer, "new_programme", fields=fields | {"share_workforce": "66.66"}, status=422)
    assert "The building blocks add up to 99.99 %" in page
    post(officer, "new_programme", fields=fields)
    programme = Programme.objects.get()
    page = get(officer, "programme", programme.pk)
    assert "Four provinces" in page
    assert "66.67 %" in page
    assert "Midwives" in get(officer, "programmes", query="?q=midwives&status=open")
    assert "No programme matches" in get(officer, "programmes", query="?q=midwives&status=audited")
    assert "World Health Organization" in get(officer, "organisations", query="?q=world")


def test_tabling_opens_the_motion_and_the_chair_approves_what_was_carried():
    donor_worlds.money_in("1000000.00")
    chair()
    proposal = disbursement_worlds.a_submitted_proposal("1000000.00")
    officer = secretariat()
    post(officer, "review_proposal", proposal.pk)
    assert "Lay this before the committee" in get(officer, "table_proposal", proposal.pk)
    fields = {"way": "correspondence", "closes_on": "2026-07-21", "closes_at": "16:00", "number": "1"}
    page = post(
        officer,
        "table_proposal",
        proposal.pk,
        fields=fields | {"closes_on": "2026-07-17", "closes_at": "11:00"},
        status=422,
    )
    assert "Voting would end before it starts" in page
    post(officer, "table_proposal", proposal.pk, fields=fields)
    motion = disbursement_worlds.motion_of(proposal)
    assert motion.closes_at.isoformat() == "2026-07-21T16:00:00+00:00"
    assert "The committee has not carried this" in get(chair(), "proposal", proposal.pk)
    committee_worlds.carry(motion)
    assert "Check and approve" in get(chair(), "proposal", proposal.pk)
    said = {"nonce": str(uuid4()), "code": people.code()}
    after = motion.closes_at + timedelta(hours=1)
    page = post(chair(), "approve_proposal", proposal.pk, fields=said | {"code": "12"}, at=after, status=422)
    assert "That code is not right." in page
    post(chair(), "approve_proposal", proposal.pk, fields=said, at=after)
    proposal.refresh_from_db()
    assert (proposal.status, spendable()) == ("approved", usd("0.00"))
    second = proposal.tranches.get(number=2)
    assert "the condition is met" in get(officer, "proposal", proposal.pk)
    post(officer, "mark_condition_met", second.pk, fields={"evidence": "Report of 4 August"})
    second.refresh_from_db()
    assert second.status == "conditions_met"
    page = post(officer, "mark_condition_met", second.pk, fields={"evidence": "Again"}, status=422)
    assert "cannot become" in page


def test_a_refusal_of_a_step_is_shown_on_the_proposals_page():
    proposal = disbursement_worlds.a_draft()
    client = client_of(secretariat())
    token = client.get(reverse("disbursements:proposal", args=[proposal.pk])).cookies["csrftoken"].value
    response = client.post(
        reverse("disbursements:review_proposal", args=[proposal.pk]), {"csrfmiddlewaretoken": token}, follow=True
    )
    assert "Only a submitted proposal is reviewed." in response.content.decode()


def test_a_proposal_is_withdrawn_with_a_reason():
    proposal = disbursement_worlds.a_submitted_proposal()
    assert "cannot be undone" in get(secretariat(), "withdraw_proposal", proposal.pk)
    post(secretariat(), "withdraw_proposal", proposal.pk, fields={"reason": ""}, status=422)
    post(secretariat(), "withdraw_proposal", proposal.pk, fields={"reason": "Another fund pays for it."})
    proposal.refresh_from_db()
    assert proposal.status == "withdrawn"
    assert "Another fund pays for it." in get(secretariat(), "proposal", proposal.pk)


def test_the_reserve_is_raised_by_the_treasury_and_read_by_others():
    donor_worlds.money_in("1000000.00")
    treasurer = disbursement_worlds.treasurer()
    fields = {"reserve": "250000", "reason": "Six months"}
    post(treasurer, "reserve", fields=fields)
    assert continuity_reserve() == usd("250000.00")
    assert "is only raised here" in post(treasurer, "reserve", fields=fields, status=422)
    assert "USD 750,000.00" in get(people.someone(RoleName.AUDITOR), "reserve")
    post(secretariat(), "reserve", fields=fields, status=403)
    get(chair(), "reserve", status=403)


def test_the_list_is_narrowed_and_downloaded_as_typed():
    first = disbursement_worlds.a_submitted_proposal()
    said = disbursement_worlds.content("250000.00", title="=HYPERLINK(1)")
    disbursement_worlds.a_draft(said=said)
    officer = secretariat()
    assert "2 proposals" in get(officer, "proposals")
    page = get(officer, "proposals", query="?status=submitted&year=2026")
    assert "1 proposal" in page
    assert first.reference in page
    assert "No proposal matches" in get(officer, "proposals", query="?q=nothing+such")
    rows = get(officer, "proposals_csv").lstrip("\ufeff").splitlines()
    assert rows[0] == "Proposal,Title,Organisation,Programme,State,Version,Currency,Amount,Drafted,Approved"
    assert len(rows) == 3
    assert ",'=HYPERLINK(1)," in rows[1]
    assert len(get(officer, "proposals_csv", query="?status=draft").splitlines()) == 2


def test_a_list_of_fifty_costs_as_many_queries_as_a_list_of_two(django_assert_max_num_queries):
    programme = disbursement_worlds.a_programme()
    for _number in range(12):
        disbursement_worlds.a_draft(programme=programme)
    client = client_of(secretariat())
    client.get(reverse("disbursements:proposals"))
    for name in ("proposals", "programmes", "organisations"):
        with django_assert_max_num_queries(9):
            assert client.get(reverse(f"disbursements:{name}")).status_code == 200


def test_a_partner_sees_their_own_organisation_and_nothing_of_others_or_of_votes_and_the_pool():
    donor_worlds.money_in("2000000.00")
    mine, other = disbursement_worlds.an_organisation(), disbursement_worlds.an_organisation()
    partner = disbursement_worlds.a_partner(mine)
    programme, strange = disbursement_worlds.a_programme(mine), disbursement_worlds.a_programme(other)
    proposal = disbursement_worlds.a_tabled_proposal(programme=programme)
    hidden = disbursement_worlds.a_submitted_proposal(programme=strange)
    assert f"{mine.name}" in get(partner, "programmes")
    assert other.name not in get(partner, "programmes") + get(partner, "organisations") + get(partner, "proposals")
    assert hidden.reference not in get(partner, "proposals_csv")
    get(partner, "programme", strange.pk, status=404)
    get(partner, "proposal", hidden.pk, status=404)
    get(partner, "amend_proposal", hidden.pk, status=404)
    get(partner, "new_proposal", strange.pk, status=404)
    page = get(partner, "proposal", proposal.pk)
    assert "Open the decision" not in page
    assert "Spendable" not in page
    assert "Cash held by the fund" not in page
    assert re.search("Open the decision", get(secretariat(), "proposal", proposal.pk))
    post(partner, "new_proposal", programme.pk, fields=typed())
    assert Proposal.objects.get(proposer=partner).status == "draft"


def test_a_partner_without_an_organisation_sees_nothing():
    proposal = disbursement_worlds.a_submitted_proposal()
    nobody = people.someone(RoleName.PROGRAMME_PARTNER)
    get(nobody, "proposal", proposal.pk, status=404)
    assert "There is no proposal yet" in get(nobody, "proposals")


def test_seconded_staff_read_but_write_nothing_and_follow_no_votes():
    proposal = disbursement_worlds.a_tabled_proposal()
    seconded = people.someone(RoleName.SECRETARIAT, is_seconded=True)
    page = get(seconded, "proposal", proposal.pk)
    assert "Open the decision" not in page
    get(seconded, "new_proposal", proposal.programme_id, status=403)
    get(seconded, "table_proposal", proposal.pk, status=403)
    get(seconded, "amend_proposal", proposal.pk, status=403)


def test_donors_and_strangers_stay_outside():
    proposal = disbursement_worlds.a_submitted_proposal()
    get(people.someone(RoleName.DONOR_REPRESENTATIVE), "proposal", proposal.pk, status=403)
    get(people.someone(RoleName.DONOR_REPRESENTATIVE), "programmes", status=403)
    response = Client().get(reverse("disbursements:proposals"))
    assert (response.status_code, response["Location"].split("?")[0]) == (302, reverse("account_login"))


def test_the_timetable_brings_a_tranche_due_and_its_payment_can_be_prepared():
    proposal = disbursement_worlds.an_approved_proposal()
    second = proposal.tranches.get(number=2)
    operations.mark_condition_met(
        tranche_id=second.pk, evidence="Report", actor=secretariat(), at=disbursement_worlds.APPROVED_AT
    )
    operations.bring_tranches_due(at=disbursement_worlds.APPROVED_AT.replace(year=2027))
    page = get(secretariat(), "proposal", proposal.pk)
    assert reverse("disbursements:prepare_payment", args=[second.pk]) in page
