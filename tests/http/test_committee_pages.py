"""The way of a vote in the browser: nothing is stored before it is confirmed, and nobody sees more than they may."""

import csv
import io
import subprocess
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from committee import operations
from committee.models import Ballot, Decision, Interest, Recusal
from committee.rules import Choice, Principle
from tests import committee_worlds as worlds
from tests import people
from trustfund.core import clock
from trustfund.core.models import User
from trustfund.core.roles import RoleName

LATER = people.NOON + timedelta(hours=2)
pytestmark = pytest.mark.django_db


def browser(person: User | None = None) -> Client:
    """Return a browser of a signed-in person, or of nobody."""
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


@pytest.fixture
def world(db: None) -> Any:
    """A committee and an open motion, two hours after it was opened."""
    made = worlds.a_committee(with_alternates=(2,))
    motion = worlds.a_motion(made)
    with clock.moved_to(LATER):
        yield SimpleNamespace(made=made, motion=motion, member=made.holders[1])


def a_decision(motion: Any, **changes: str) -> dict[str, str]:
    """Return what the decision page posts when a member approves and is satisfied on all four."""
    ticks = {f"satisfied_{principle}": "on" for principle in Principle}
    return {
        "choice": "approve",
        "reason": "The need is shown.",
        "declaration": "on",
        "version": str(motion.version),
        "nonce": "a-nonce-of-one-page",
        **ticks,
        **changes,
    }


def text_of(content: bytes) -> str:
    """Return the words of a PDF."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def address(name: str, motion: Any) -> str:
    return reverse(f"committee:{name}", args=[motion.id])


def test_checking_stores_nothing_and_shows_in_words_what_is_decided(world):
    answer = browser(world.member).post(address("confirm", world.motion), a_decision(world.motion))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "You are about to approve" in page
    assert "Satisfied on all four" in page
    assert "I have read this version and have no undisclosed interest in who would gain." in page
    assert "USD 4,250,000.00" in page
    assert "With your vote, 1 of the 6 needed for a quorum are cast." in page
    expected = worlds.fingerprint_of(world.motion, Choice.APPROVE, "The need is shown.", "a-nonce-of-one-page")
    assert expected in page
    assert Ballot.objects.count() == 0


def test_the_page_says_that_a_vote_makes_the_quorum_and_nothing_of_sealed_votes(world):
    for number in (2, 4, 5, 7, 8):
        worlds.vote(world.motion, number, Choice.REJECT)
    page = browser(world.member).post(address("confirm", world.motion), a_decision(world.motion)).content.decode()
    assert "Your vote makes the quorum (6 of 6)." in page
    assert "carried" not in page


def test_a_vote_is_cast_under_a_code_and_answered_by_a_receipt(world):
    answer = browser(world.member).post(
        address("cast", world.motion), {**a_decision(world.motion), "code": people.code()}, follow=True
    )
    ballot = Ballot.objects.get()
    assert answer.redirect_chain == [(reverse("committee:receipt", args=[ballot.id]), 302)]
    page = answer.content.decode()
    assert "Your decision is recorded" in page
    assert "DP-2026-001, ballot 1" in page
    assert ballot.fingerprint in page
    assert "You can change your vote until" in page
    assert (ballot.choice, ballot.cast_at, ballot.member) == ("approve", LATER, world.member)


def test_a_vote_is_cast_under_a_passkey_signed_for_this_page(world):
    fingerprint = worlds.fingerprint_of(world.motion, Choice.APPROVE, "The need is shown.", "a-nonce-of-one-page")
    passkey = worlds.signed(world.member, fingerprint).passkey
    browser(world.member).post(address("cast", world.motion), {**a_decision(world.motion), "passkey": passkey})
    assert Ballot.objects.get().confirmation.method == "passkey"


def test_a_wrong_code_keeps_everything_typed_and_stores_nothing(world):
    answer = browser(world.member).post(address("cast", world.motion), {**a_decision(world.motion), "code": "000000"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Your decision is not recorded yet" in page
    assert "That code is not right." in page
    assert 'value="a-nonce-of-one-page"' in page
    assert Ballot.objects.count() == 0


def test_why_not_is_shown_and_kept(world):
    said = a_decision(world.motion, why_neutrality="Their logo is on the items.")
    del said["satisfied_neutrality"]
    client = browser(world.member)
    page = client.post(address("confirm", world.motion), said).content.decode()
    assert "Neutrality: “Their logo is on the items.”" in page
    client.post(address("cast", world.motion), {**said, "code": people.code()})
    assert Ballot.objects.get().principles["neutrality"] == "Their logo is on the items."


def test_a_second_vote_through_the_page_changes_the_first(world):
    worlds.vote(world.motion, 1)
    answer = browser(world.member).post(address("confirm", world.motion), a_decision(world.motion, choice="reject"))
    assert "This takes the place of the vote you cast before" in answer.content.decode()
    browser(world.member).post(
        address("cast", world.motion), {**a_decision(world.motion, choice="reject"), "code": people.code()}
    )
    assert Ballot.objects.get(superseded_by=None).choice == "reject"
    assert Ballot.objects.count() == 2


@pytest.mark.parametrize(
    "spoil",
    [
        {"choice": ""},
        {"reason": ""},
        {"declaration": ""},
        {"version": ""},
        {"nonce": ""},
        {"satisfied_humanity": ""},
        {"choice": "veto"},
    ],
)
@pytest.mark.parametrize("step", ["confirm", "cast"])
def test_an_unfinished_decision_goes_back_to_its_page(world, spoil, step):
    answer = browser(world.member).post(
        address(step, world.motion), {**a_decision(world.motion, **spoil), "code": people.code()}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/decisions/{world.motion.id}/")
    assert Ballot.objects.count() == 0


def test_after_the_close_the_page_says_so(world):
    with clock.moved_to(worlds.CLOSES_AT):
        answer = browser(world.member).post(address("confirm", world.motion), a_decision(world.motion), follow=True)
    assert "Voting has closed" in answer.content.decode()
    assert Ballot.objects.count() == 0


def test_a_receipt_is_shown_only_to_who_voted(world):
    ballot = worlds.vote(world.motion, 1)
    url = reverse("committee:receipt", args=[ballot.id])
    assert browser(world.member).get(url).status_code == 200
    assert browser(world.made.holders[2]).get(url).status_code == 404
    assert browser(world.made.secretariat).get(url).status_code == 403
    assert browser().get(url).status_code == 302


def test_a_receipt_is_taken_away_as_the_same_pdf_each_time_and_only_by_who_voted(world):
    ballot = worlds.vote(world.motion, 1)
    url = reverse("pages:ballot_paper", args=[ballot.id])
    client = browser(world.member)
    assert url in client.get(reverse("committee:receipt", args=[ballot.id])).content.decode()
    first, again = client.get(url), client.get(url)
    assert (first["Content-Type"], first["Cache-Control"]) == ("application/pdf", "private, no-store")
    assert first.content == again.content
    words = text_of(first.content)
    assert ballot.fingerprint in words.replace(" ", "")
    assert "have no undisclosed interest" in words
    assert browser(world.made.holders[2]).get(url).status_code == 404
    assert browser(world.made.secretariat).get(url).status_code == 403


def test_leaving_the_table_shows_the_new_count_before_anything_happens(world):
    client = browser(world.member)
    url = address("recuse", world.motion)
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": ""}).status_code == 422
    page = client.post(url, {"reason": "I advise the payee."}).content.decode()
    assert "8, now 9" in page
    assert Recusal.objects.count() == 0
    answer = client.post(url, {"reason": "I advise the payee.", "sure": "yes"}, follow=True)
    assert "You have left the table for this motion." in answer.content.decode()
    assert Recusal.objects.get().reason == "I advise the payee."
    again = client.get(url, follow=True)
    assert "You left the table for this motion" in again.content.decode()


def test_when_leaving_breaks_the_quorum_the_page_says_that_it_is_not_waived(world):
    for number in (3, 4, 5):
        operations.recuse(
            motion_id=world.motion.id, reason="Interest.", actor=world.made.holders[number], at=people.NOON
        )
    page = browser(world.member).post(address("recuse", world.motion), {"reason": "I advise them."}).content.decode()
    assert "Without you the quorum cannot be met unless alternates are called. It is never waived." in page


def test_the_chair_closes_when_everybody_voted_and_not_before(world):
    client = browser(world.made.chair)
    early = client.post(address("close", world.motion), follow=True).content.decode()
    assert "0 of 9 seats have voted." in early
    for number in range(1, 10):
        worlds.vote(world.motion, number)
    done = client.post(address("close", world.motion), follow=True).content.decode()
    assert "Carried by consensus: 9 approve, nobody rejects." in done
    assert Decision.objects.get().closed_by == world.made.chair


def test_how_a_sealed_vote_stands_shows_only_how_many_have_voted(world):
    worlds.vote(world.motion, 1)
    worlds.vote(world.motion, 2, Choice.REJECT)
    url = address("standing", world.motion)
    not_yet = browser(world.made.holders[3]).get(url, headers={"HX-Request": "true"}).content.decode()
    assert "2 of 6" in not_yet
    assert "approve" not in not_yet.lower()
    assert "<html" not in not_yet
    voted = browser(world.made.holders[1]).get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<b>1 of 2</b> approve" in voted
    whole = browser(world.made.holders[1]).get(url).content.decode()
    assert "<html" in whole


def test_the_fragment_stops_asking_once_voting_has_closed(world):
    url = address("standing", world.motion)
    client = browser(world.member)
    assert 'hx-trigger="every 30s"' in client.get(url, headers={"HX-Request": "true"}).content.decode()
    worlds.close(world.motion)
    assert "hx-trigger" not in client.get(url, headers={"HX-Request": "true"}).content.decode()


@pytest.mark.parametrize("role", [RoleName.PROGRAMME_PARTNER])
def test_a_vote_in_progress_is_not_shown_to_partners_nor_to_seconded_staff(world, role):
    for person in (people.someone(role), people.someone(RoleName.SECRETARIAT, is_seconded=True)):
        assert browser(person).get(address("standing", world.motion)).status_code == 404


def test_the_register_is_open_to_all_and_what_is_open_only_to_people_of_the_fund(world):
    url = reverse("committee:motions")
    assert "Cold chain" not in browser().get(url).content.decode()
    assert "Cold chain" not in browser().get(url, {"show": "open"}).content.decode()
    assert "Cold chain" in browser(world.made.secretariat).get(url).content.decode()
    assert "Cold chain" not in browser(world.made.secretariat).get(url, {"show": "decided"}).content.decode()
    worlds.carry(world.motion)
    assert "6 of 6 approve" in browser().get(url).content.decode()


def test_the_register_as_csv_has_numbers_no_names_and_no_formulas(world):
    worlds.carry(world.motion)
    answer = browser().get(reverse("committee:register"))
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows[1] == [
        "DEC-2026-001",
        "DP-2026-001",
        "Approve a proposal",
        "Without a meeting",
        "2026-07-21T12:00:00Z",
        "Cold chain for four provinces",
        "USD",
        "4250000.00",
        "carried",
        "9",
        "9",
        "0",
        "6",
        "6",
        "0",
        "0",
        "Carried by consensus: 6 approve, nobody rejects.",
        "",
        "",
    ]
    assert "Holder of" not in answer.content.decode()


def test_seats_and_rules_are_shown(world):
    page = browser(people.someone(RoleName.AUDITOR)).get(reverse("committee:seats")).content.decode()
    assert "Holder of seat 9" in page
    assert "Alternate of seat 2" in page
    assert "consensus, else two thirds of the votes for or against" in page


def test_an_interest_is_declared_once(world):
    client = browser(world.member)
    url = reverse("committee:interests")
    assert client.post(url, {"party": ""}).status_code == 422
    assert client.post(url, {"party": "Valdria"}).status_code == 302
    again = client.post(url, {"party": "valdria"})
    assert again.status_code == 422
    assert "You have declared this interest." in again.content.decode()
    assert Interest.objects.count() == 1
    assert "Valdria" in client.get(url).content.decode()


def test_the_list_asks_a_bounded_number_of_queries(world, django_assert_max_num_queries):
    for _ in range(5):
        worlds.a_motion(world.made)
    client = browser(world.made.secretariat)
    client.get(reverse("committee:motions"))
    with django_assert_max_num_queries(9):
        client.get(reverse("committee:motions"))


@pytest.mark.parametrize("name", ["confirm", "cast", "close"])
def test_a_vote_never_happens_by_following_a_link(world, name):
    assert browser(world.made.chair).get(address(name, world.motion)).status_code == 405


def test_a_member_finds_what_donors_asked_to_stop_from_the_decisions(world):
    member, link = browser(people.someone(RoleName.COMMITTEE_MEMBER)), reverse("donors:stop_requests")
    assert link in member.get("/committee/").content.decode()
    assert member.get(link).status_code == 200
    assert link not in browser().get("/committee/").content.decode()
