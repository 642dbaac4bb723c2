"""A vote in a real browser: by passkey at the desk, by code without script on a phone; and pages that axe passes."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from committee.models import Ballot
from committee.rules import Choice
from tests import committee_worlds, disbursement_worlds, donor_worlds, people
from tests.e2e.conftest import PHONE, Visitor
from tests.e2e.looks import seen
from trustfund.core import clock
from trustfund.core.models import User

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Visitor]


@pytest.fixture
def world(transactional_db: None) -> SimpleNamespace:
    """A proposal before the committee that closes four days from now, with four votes in."""
    now = clock.now()
    donor_worlds.money_in("18900000.00")
    proposal = disbursement_worlds.a_tabled_proposal("4250000.00", closes_at=now + timedelta(days=4))
    motion = disbursement_worlds.motion_of(proposal)
    for number, choice in ((2, Choice.APPROVE), (4, Choice.APPROVE), (5, Choice.REJECT), (7, Choice.APPROVE)):
        committee_worlds.vote(motion, number, choice, at=now)
    return SimpleNamespace(motion=motion, url=f"/decisions/{motion.id}/")


def holder(number: int) -> User:
    return User.objects.get(name=f"Holder of seat {number}")


def signed_in(visitor: Visitor, person: User) -> Page:
    """Let a browser in with a session made beforehand, so that the code that shows now is still to be used."""
    client = Client()
    client.force_login(person)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    visitor.page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": visitor.address}])
    return visitor.page


def decide(page: Page, choice: str = "approve") -> None:
    page.check(f"input[name=choice][value={choice}]")
    page.fill("textarea[name=reason]", "The conditions protect the fund.")
    page.check("input[name=declaration]")
    for principle in ("humanity", "impartiality", "neutrality", "independence"):
        page.check(f"input[name=satisfied_{principle}]")
    page.click("text=Review and confirm")


def test_a_member_votes_with_a_passkey(world: Any, visit: Visit) -> None:
    visitor = visit()
    member = holder(1)
    page = signed_in(visitor, member)
    visitor.open(world.url)
    visitor.hold_passkey(member)
    decide(page)
    assert page.is_visible("text=You are about to approve")
    page.click("[data-use-passkey]")
    page.wait_for_url("**/committee/receipts/**")
    assert page.is_visible("text=Your decision is recorded")
    ballot = Ballot.objects.get(member=member)
    assert (ballot.choice, ballot.confirmation.method) == ("approve", "passkey")


def test_a_member_votes_on_a_phone_without_any_script(world: Any, visit: Visit) -> None:
    visitor = visit(size=PHONE, java_script_enabled=False)
    page = signed_in(visitor, holder(8))
    visitor.open(world.url)
    page.click(".dock >> text=Decide")
    page.click("text=Review and confirm")
    assert page.is_visible("text=There is a problem")
    decide(page, "reject")
    assert page.is_visible("text=You are about to reject")
    page.fill("input[name=code]", people.code())
    page.click("text=Confirm with code")
    assert page.is_visible("text=Your decision is recorded")
    assert Ballot.objects.get(member=holder(8)).choice == "reject"


def test_what_a_member_decides_on_reads_well_before_and_after_the_vote(world: Any, visit: Visit) -> None:
    asked = [(holder(1), world.url), (holder(2), world.url), (holder(1), f"/committee/{world.motion.id}/recuse/")]
    found = {}
    for person, url in asked:
        visitor = visit()
        signed_in(visitor, person)
        if wrong := seen(visitor.open(url)):
            found[person.name, url] = wrong
    assert found == {}
