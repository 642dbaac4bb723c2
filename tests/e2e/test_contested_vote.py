"""A contested vote from end to end: at a desk, on a phone without script, with the keyboard alone, and its count."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from committee import operations
from committee.models import Ballot, Decision
from committee.rules import Choice
from tests import committee_worlds, disbursement_worlds, donor_worlds, people
from tests.e2e.conftest import PHONE, Visitor
from tests.e2e.test_every_page import press_on, tab_to
from tests.e2e.test_pages_decision import decide, holder, signed_in
from trustfund.core import clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
Visit = Callable[..., Visitor]


@pytest.fixture
def motion(transactional_db: None) -> Any:
    """A proposal on which five seats are split three to two, and the ninth has left the table."""
    now = clock.now()
    donor_worlds.money_in("18900000.00")
    proposal = disbursement_worlds.a_tabled_proposal("4250000.00", closes_at=now + timedelta(days=4))
    found = disbursement_worlds.motion_of(proposal)
    for number, choice in ((2, "approve"), (4, "approve"), (5, "reject"), (7, "approve"), (8, "reject")):
        committee_worlds.vote(found, number, choice, reason="Monitoring is not in writing.", at=now)
    operations.recuse(motion_id=found.pk, reason="I advise them.", actor=holder(9), at=now)
    return found


def test_a_contested_vote_is_lost_at_the_desk_on_the_phone_and_by_keyboard(motion: Any, visit: Visit) -> None:
    url = f"/decisions/{motion.id}/"
    at_a_desk(visit, url)
    on_a_phone(visit, url)
    with_the_keyboard(visit, url)
    chair = visit()
    signed_in(chair, holder(7))
    page = chair.open(url)
    page.click("text=Close and count")
    page.wait_for_selector("text=5 of 8 approve; two thirds are needed.")
    chair.picture("contested")
    decision = Decision.objects.get(motion=motion)
    assert (decision.outcome, decision.tally.recused, decision.closed_by) == ("rejected", 1, holder(7))
    public = visit().open(url)
    assert public.is_visible("text=Minority report")
    assert public.is_visible("text=“The list of stores is not shown.”")
    assert not public.is_visible("text=Holder of seat")


def at_a_desk(visit: Visit, url: str) -> None:
    """Approve with a passkey, having come back to a reason that was kept; then read what was sealed before."""
    visitor = visit()
    page = signed_in(visitor, holder(1))
    visitor.open(url)
    visitor.hold_passkey(holder(1))
    assert page.is_visible("text=Votes are sealed")
    page.locator("textarea[name=reason]").press_sequentially("The need is shown.")
    page.wait_for_selector("text=Draft kept")
    visitor.open(url)
    assert page.input_value("textarea[name=reason]") == "The need is shown."
    decide(page)
    page.click("[data-use-passkey]")
    page.wait_for_url("**/committee/receipts/**")
    visitor.open(url)
    assert page.is_visible("text=“Monitoring is not in writing.”")
    assert page.is_visible("text=4 of 6")
    assert Ballot.objects.get(member=holder(1)).choice == Choice.APPROVE


def on_a_phone(visit: Visit, url: str) -> None:
    """Approve with a code and no script."""
    visitor = visit(size=PHONE, java_script_enabled=False)
    page = signed_in(visitor, holder(3))
    visitor.open(url)
    page.click(".dock >> text=Decide")
    decide(page)
    page.fill("input[name=code]", people.code())
    page.click("text=Confirm with code")
    assert page.is_visible("text=Your decision is recorded")


def with_the_keyboard(visit: Visit, url: str) -> None:
    """Reject with the keyboard alone, one principle unmet, and confirm with a passkey."""
    visitor = visit()
    page = signed_in(visitor, holder(6))
    visitor.open(url)
    visitor.hold_passkey(holder(6))
    for principle in ("humanity", "impartiality", "neutrality", "independence"):
        press_on(page, f"input[name=satisfied_{principle}]", "Space")
    press_on(page, "input[name=choice][value=approve]", "Space")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.value") == "reject"
    tab_to(page, "textarea[name=reason]")
    page.keyboard.type("The list of stores is not shown.")
    press_on(page, "input[name=declaration]", "Space")
    press_on(page, "#decision-form button[type=submit]")
    page.wait_for_selector("text=You are about to reject")
    press_on(page, "[data-use-passkey]")
    page.wait_for_url("**/committee/receipts/**")
    assert Ballot.objects.get(member=holder(6)).choice == Choice.REJECT
