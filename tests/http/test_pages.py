"""The fund's own pages: overview, my work, decision, people. Who sees what, and how much they ask of the database."""

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from committee import operations as committee_operations
from committee.models import Ballot
from committee.rules import Choice
from disbursements.queries.fund import spendable
from tests import committee_worlds, disbursement_worlds, donor_worlds, people
from tests.http.test_committee_pages import a_decision, browser
from trustfund.core import clock
from trustfund.core.models import Event, Role, User
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db
LATER = people.NOON + timedelta(hours=2)
AFTER = disbursement_worlds.CLOSES_AT + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _no_count_is_remembered():
    cache.clear()


@pytest.fixture
def world(db: None) -> Any:
    """A pool with money, a proposal before a seated committee, and two hours gone by."""
    donor_worlds.money_in("5000000.00")
    proposal = disbursement_worlds.a_tabled_proposal("1000000.00")
    motion = disbursement_worlds.motion_of(proposal)
    with clock.moved_to(LATER):
        yield SimpleNamespace(proposal=proposal, motion=motion, url=f"/decisions/{motion.id}/", chair=chair())


def chair() -> User:
    return User.objects.get(roles__name=RoleName.CHAIR, roles__ended_at=None)


def holder(number: int) -> User:
    return User.objects.get(name=f"Holder of seat {number}")


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def hidden(shown: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', shown)
    assert found is not None
    return found[1]


def test_a_member_finds_everything_to_decide_and_nothing_chosen_beforehand(world):
    shown = page(browser(holder(1)), world.url)
    for words in (
        "Refrigerators for 210 clinics",
        "Solar refrigerators, temperature loggers and training for store keepers.",
        "USD 1,000,000.00",
        "Payment in 2 tranches",
        "Installation report accepted",
        "Effect on the fund",
        "Reaches clinics that no other programme reaches.",
        "Does it take no side?",
        "Where the vote stands",
        "Review and confirm",
        "Proposal put to the committee",
    ):
        assert words in shown
    assert "checked" not in shown.replace("unchecked", "")
    assert shown.count('type="radio"') == 4


def test_the_effect_on_the_fund_adds_up_to_the_ledgers_figures(world):
    shown = page(browser(holder(1)), world.url)
    before = spendable()
    assert before.figure in shown
    assert (before - world.motion.amount).figure in shown
    assert "−1,000,000.00" in shown


def test_a_valid_decision_is_handed_on_unchanged_and_nothing_is_stored(world):
    answer = browser(holder(1)).post(world.url, a_decision(world.motion))
    assert (answer.status_code, answer.headers["Location"]) == (307, f"/committee/{world.motion.id}/confirm/")
    followed = browser(holder(1)).post(world.url, a_decision(world.motion), follow=True)
    assert "You are about to approve" in followed.content.decode()
    assert Ballot.objects.count() == 0


def test_a_recusal_is_handed_on_to_its_own_page(world):
    answer = browser(holder(1)).post(world.url, a_decision(world.motion, choice="recuse"), follow=True)
    assert "Check before you leave" in answer.content.decode()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ({"choice": ""}, "Choose how you decide."),
        ({"reason": " "}, "Enter your reason."),
        ({"declaration": ""}, "Tick this, or recuse yourself."),
        ({"satisfied_neutrality": ""}, "Neutrality: tick it, or say why you are not satisfied."),
    ],
)
def test_an_unfinished_decision_is_shown_again_with_what_is_missing(world, spoil, words):
    answer = browser(holder(1)).post(world.url, a_decision(world.motion, **spoil))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert shown.count(words) >= 2
    assert "<title>Error:" in shown
    assert 'value="a-nonce-of-one-page"' in shown
    assert Ballot.objects.count() == 0


def test_sealed_votes_are_hidden_until_one_has_voted_oneself(world):
    committee_worlds.vote(world.motion, 1, Choice.REJECT, reason="Monitoring is not confirmed in writing.")
    not_yet = page(browser(holder(2)), world.url)
    assert "Monitoring is not confirmed" not in not_yet
    assert "Votes and reasons are sealed" in not_yet
    assert ">Voted<" in not_yet
    voted = page(browser(holder(1)), world.url)
    assert "Monitoring is not confirmed" in voted
    assert "Change your decision" in voted


def test_a_member_who_left_the_table_finds_no_form_and_no_ballots(world):
    committee_worlds.vote(world.motion, 1, Choice.REJECT, reason="Monitoring is not confirmed in writing.")
    committee_operations.recuse(motion_id=world.motion.id, reason="I advise them.", actor=holder(3), at=people.NOON)
    shown = page(browser(holder(3)), world.url)
    assert "You left the table for this motion" in shown
    assert "Review and confirm" not in shown
    assert "Monitoring is not confirmed" not in shown


def who(role: RoleName, **facts: Any) -> Client:
    return browser(people.someone(role, **facts))


def test_what_is_open_is_not_shown_to_strangers_partners_or_seconded_staff(world):
    assert browser().get(world.url).headers["Location"] == f"/account/login/?next={world.url}"
    assert who(RoleName.PROGRAMME_PARTNER).get(world.url).status_code == 404
    assert who(RoleName.SECRETARIAT, is_seconded=True).get(world.url).status_code == 404
    assert browser(people.someone()).get(world.url).status_code == 404
    assert who(RoleName.DONOR_REPRESENTATIVE).get(world.url).status_code == 200


def test_what_is_decided_is_public_in_numbers_and_reasons_stay_inside(world):
    committee_worlds.carry(world.motion)
    reason = "The need is shown and the conditions protect the fund."
    with clock.moved_to(AFTER):
        public = page(browser(), world.url)
        donor = page(who(RoleName.DONOR_REPRESENTATIVE), world.url)
        seconded = page(who(RoleName.AUDITOR, is_seconded=True), world.url)
        auditor = page(who(RoleName.AUDITOR), world.url)
    assert "<b>6 of 6</b> approve" in public
    assert "Holder of seat" not in public
    assert reason not in public
    assert "Holder of seat 1" in donor
    assert reason not in donor
    assert "Holder of seat" not in seconded
    assert reason in auditor


def test_the_chair_approves_what_was_carried_and_the_money_is_reserved(world):
    committee_worlds.carry(world.motion)
    before = spendable()
    with clock.moved_to(AFTER):
        assert "Approve and reserve" not in page(browser(holder(1)), world.url)
        client = browser(world.chair)
        door = reverse("disbursements:approve_proposal", args=[world.proposal.pk])
        assert f'href="{door}"' in page(client, world.url)
        shown = page(client, door)
        for words in ("You are about to approve", world.proposal.reference, world.motion.reference, "USD 1,000,000.00"):
            assert words in shown
        said = {"nonce": hidden(shown, "nonce"), "code": people.code()}
        wrong = client.post(door, said | {"code": "000000"})
        assert wrong.status_code == 422
        assert "That code is not right." in wrong.content.decode()
        assert spendable() == before
        first, again = (client.post(door, said, follow=True) for _time in range(2))
        assert "Approved. The money is reserved" in first.content.decode()
        assert "Approved. The money is reserved" in again.content.decode()
        assert "It is approved already." in page(client, door)
        assert door not in page(client, world.url)
    assert spendable() == before - world.motion.amount
    assert Event.objects.filter(kind="proposal.approved").count() == 1


def test_what_was_not_carried_is_not_approved(world):
    committee_worlds.defeat(world.motion)
    before = spendable()
    with clock.moved_to(AFTER):
        client = browser(world.chair)
        assert "Approve and reserve" not in page(client, world.url)
        door = reverse("disbursements:approve_proposal", args=[world.proposal.pk])
        assert "The committee has not carried this." in page(client, door)
        assert client.post(door, {"nonce": str(uuid4()), "code": people.code()}).status_code == 422
    assert spendable() == before


def test_the_decision_page_asks_a_bounded_number_of_queries(world):
    for number in range(1, 9):
        committee_worlds.vote(world.motion, number)
    client = browser(holder(1))
    client.get(world.url)
    with CaptureQueriesContext(connection) as captured:
        client.get(world.url)
    assert len(captured) <= 28


def test_my_work_says_what_waits_how_much_until_when_and_why(world):
    for number in (2, 4, 5, 7, 8):
        committee_worlds.vote(world.motion, number)
    shown = page(browser(holder(1)), "/my-work/")
    assert "1 thing waits for you." in shown
    assert "Refrigerators for 210 clinics" in shown
    assert "USD 1,000,000.00" in shown
    assert "your vote makes the quorum" in shown
    assert "21 July 2026, 12:00 UTC" in shown
    assert "Nothing waits for you." in page(browser(holder(2)), "/my-work/")


def test_what_was_carried_waits_for_the_chair(world):
    committee_worlds.carry(world.motion)
    with clock.moved_to(AFTER):
        assert "carried; approve it to reserve the money" in page(browser(world.chair), "/my-work/")
        disbursement_worlds.approve(world.proposal, at=AFTER)
        assert "carried; approve it" not in page(browser(world.chair), "/my-work/")


def test_what_is_due_waits_for_the_secretariat(world):
    committee_worlds.carry(world.motion)
    disbursement_worlds.approve(world.proposal, at=AFTER)
    disbursement_worlds.a_submitted_proposal("20000.00")
    with clock.moved_to(AFTER):
        shown = page(browser(disbursement_worlds.secretariat()), "/my-work/")
    assert "due; prepare its payment" in shown
    assert "submitted; review it and put it to the committee" in shown


@pytest.mark.parametrize("role", list(RoleName))
def test_my_work_opens_for_every_role_in_a_bounded_number_of_queries(world, role):
    client = browser(people.someone(role))
    client.get("/my-work/")
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/my-work/").status_code == 200
    assert len(captured) <= 30


def test_the_overview_is_public_and_its_figures_are_the_ledgers(world):
    committee_worlds.carry(world.motion)
    shown = page(browser(), "/")
    assert "Where the money comes from, and where it goes" in shown
    assert "USD 5.0 million" in shown or "Received so far" in shown
    assert "Refrigerators for 210 clinics" in shown
    assert "6 of 6 approve" in shown
    with CaptureQueriesContext(connection) as captured:
        browser().get("/")
    assert len(captured) <= 20


def test_the_administrator_invites_gives_and_ends_roles(db):
    administrator = people.someone(RoleName.FUND_ADMINISTRATOR)
    client = browser(administrator)
    invited = client.post(
        "/people/",
        {"name": "Ada Okoye", "email": "ada@fund.example", "password": "a-long-first-password-27"},
        follow=True,
    )
    assert "Invited. Now give Ada Okoye a role." in invited.content.decode()
    ada = User.objects.get(email="ada@fund.example")
    url = reverse("pages:person", args=[ada.id])
    assert "The role is given." in client.post(url, {"role": "secretariat"}, follow=True).content.decode()
    refused = client.post(url, {"role": "treasury_officer"})
    assert refused.status_code == 422
    assert "the fund never lets one person be that" in refused.content.decode()
    assert "The role has ended." in client.post(url, {"end": "secretariat"}, follow=True).content.decode()
    assert not Role.objects.filter(person=ada, ended_at=None).exists()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ({"name": ""}, "Enter the name."),
        ({"password": "short"}, "too short"),
        ({"email": "taken@fund.example"}, "Somebody signs in with taken@fund.example already."),
    ],
)
def test_an_invitation_that_breaks_a_rule_invites_nobody(db, spoil, words):
    people.someone(email="taken@fund.example")
    client = browser(people.someone(RoleName.FUND_ADMINISTRATOR))
    before = User.objects.count()
    asked = {"name": "Ada Okoye", "email": "ada@fund.example", "password": "a-long-first-password-27"}
    answer = client.post("/people/", {**asked, **spoil})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert User.objects.count() == before


def test_nobody_changes_their_own_roles(db):
    administrator = people.someone(RoleName.FUND_ADMINISTRATOR)
    client = browser(administrator)
    url = reverse("pages:person", args=[administrator.id])
    assert "Nobody changes their own roles." in client.get(url).content.decode()
    client.post(url, {"end": "fund_administrator"})
    assert Role.objects.filter(person=administrator, ended_at=None).count() == 1


@pytest.mark.parametrize("role", [role for role in RoleName if role != RoleName.FUND_ADMINISTRATOR])
def test_people_are_managed_by_the_fund_administrator_only(db, role):
    assert browser(people.someone(role)).get("/people/").status_code == 403
