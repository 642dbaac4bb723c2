"""An agreement is amended in a real browser: live totals, the redline, and what the donor sees of it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from donors.models import Pledge
from tests import donor_worlds
from tests.e2e.conftest import PHONE, Visitor
from trustfund.core.money import Money

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
Visit = Callable[..., Visitor]


@pytest.fixture
def pledge(transactional_db: None) -> Pledge:
    """EUR 100 over five years, of which 25 came."""
    made = donor_worlds.a_signed_pledge("100.00", "EUR", usd_value="110.00")
    donor_worlds.a_rate("EUR", "0.8")
    donor_worlds.a_receipt(made, "25.00")
    return made


def send(page: Page) -> None:
    page.click("main form button[type=submit]")


def sideways(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def test_an_officer_amends_and_the_donor_reads_the_redline_on_a_phone(pledge: Pledge, visit: Visit) -> None:
    desk = visit(donor_worlds.secretariat())
    page = desk.open(f"/donors/agreements/{pledge.agreement_id}/")
    page.click("text=Amend")
    page.fill("input[name=signed_on]", "2025-03-01")
    page.fill("input[name=to_year]", "2029")
    page.fill("textarea[name=summary]", "One year more, and half as much again.")
    desk.picture("amend-terms")
    send(page)
    prefix = f"{pledge.pk}-"
    # The totals stand there before anything is typed, and follow what is typed.
    page.wait_for_selector(f"#totals-{pledge.pk} >> text=EUR 100.00")
    page.check(f"input[name='{prefix}rhythm'][value=by_hand]")
    page.fill(f"textarea[name='{prefix}by_hand']", "2026-06-30 40.00\n2029-06-30 70.00")
    page.press(f"textarea[name='{prefix}by_hand']", "Tab")
    page.wait_for_selector(f"#totals-{pledge.pk} >> text=EUR 50.00")
    desk.picture("amend-schedules")
    send(page)
    page.wait_for_selector("ins >> text=EUR 150.00")
    desk.picture("amend-check")
    send(page)
    page.wait_for_selector("text=version 2 is in force")
    desk.picture("agreement")
    pledge.refresh_from_db()
    assert pledge.amount == Money.of("150.00", "EUR")

    phone = visit(donor_worlds.a_representative(pledge.donor), size=PHONE)
    page = phone.open(f"/donors/agreements/{pledge.agreement_id}/")
    page.wait_for_selector("text=What this version changed")
    assert sideways(page) == 0
    phone.picture("agreement-phone")
    page = phone.open(f"/donors/pledges/{pledge.pk}/")
    page.wait_for_selector("text=How it has come along")
    assert sideways(page) == 0
    phone.picture("pledge-phone")


def test_a_promise_under_a_condition_and_one_in_tied_words_show_what_they_wait_for(
    pledge: Pledge, visit: Visit
) -> None:
    held = donor_worlds.a_held_pledge(pledge.donor)
    waiting = donor_worlds.a_conditional_pledge(pledge.donor)
    desk: Any = visit(donor_worlds.secretariat())
    for path, words, name in [
        (f"/donors/pledges/{waiting.pk}/", "Approval by The parliament", "conditional"),
        (f"/donors/holds/{held.pk}/", "restricts what the money is for", "hold"),
        ("/donors/holds/", "Held texts and preferences", "holds"),
        (f"/donors/{pledge.donor_id}/share/", "Of all signed pledges", "share"),
        (f"/donors/agreements/{pledge.agreement_id}/pledge/", "It counts only on a condition", "wizard"),
        ("/donors/pledges/", "Promised under conditions", "pledges"),
        ("/my-work/", "held: the text names an earmark", "inbox"),
    ]:
        page = desk.open(path)
        page.wait_for_selector(f"text={words}")
        desk.picture(name)
