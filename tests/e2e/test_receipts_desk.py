"""The receipts desk in a browser: with the keyboard alone at a desk, and with a thumb on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from donors import queries
from donors.models import Match, Receipt
from tests import bank_worlds, donor_worlds, people
from tests.bank_worlds import Said
from tests.e2e.conftest import DESK, PHONE, Visitor
from trustfund.core.money import Money
from trustfund.core.roles import RoleName

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
Visit = Callable[..., Visitor]


def press_until(page: Page, words: str) -> None:
    """Press Tab until what has the focus says some words, and then Enter."""
    for _step in range(120):
        page.keyboard.press("Tab")
        if words in (page.evaluate("document.activeElement.textContent") or "").strip():
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"The keyboard does not reach {words!r}.")


def is_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def test_a_file_comes_in_and_its_line_is_matched_with_the_keyboard_alone(visit: Visit):
    bank_worlds.an_account()
    pledge = donor_worlds.a_signed_pledge("3000.00", "USD", years=3)
    officer = people.someone(RoleName.SECRETARIAT, name="Ingrid Solheim")
    visitor = visit(officer, DESK)
    page = visitor.open("/bank/")
    content = bank_worlds.a_statement(
        Said(amount="1000.00", reference="MB-1", text=f"First part of {pledge.reference}"),
        Said(amount="12.00", reference="MB-2", party="Unknown", party_account=""),
    )
    page.set_input_files("main input[type=file]", {"name": "july.xml", "mimeType": "text/xml", "buffer": content})
    page.click("main form button[type=submit]")
    page.wait_for_url("**/bank/files/**")
    assert "with 2 new lines" in page.inner_text("main")

    visitor.open("/donors/desk/")
    said = page.inner_text("#line")
    assert f"Nearly certain: the bank's line names {pledge.reference}; the amount is instalment 1" in said
    visitor.picture("desk")
    press_until(page, f"Match USD 1,000.00 to {pledge.reference}")
    page.wait_for_selector("text=reached the pool")
    receipt = Receipt.objects.get()
    assert (receipt.received, receipt.recorded_by) == (Money.of("1000.00", "USD"), officer)
    assert f"{receipt.reference}: USD 990.00 reached the pool" in page.inner_text("main")
    assert "USD 12.00" in page.inner_text("#line")
    press_until(page, "Hold as unidentified")
    page.wait_for_selector("text=Every line that came in is matched or held.")


def test_on_a_phone_one_person_says_whose_the_money_is_and_another_confirms_it(visit: Visit):
    pledge = donor_worlds.a_signed_pledge("3000.00", "USD", years=3)
    bank_worlds.a_credit("1000.00", party="Unknown", party_account="", text="Payment")
    first = visit(people.someone(RoleName.SECRETARIAT, name="Ingrid Solheim"), PHONE)
    page = first.open("/donors/desk/")
    page.click("main ul.rows a")
    page.wait_for_url("**#line")
    assert not is_sideways(page)
    first.picture("desk-phone")
    page.click("text=Hold as unidentified")
    page.wait_for_selector("text=nobody can spend it")
    first.open("/donors/unidentified/")
    assert not is_sideways(page)
    first.picture("unidentified-phone")
    page.click("main th a")
    page.select_option("main [name=pledge]", str(pledge.pk))
    page.fill("main [name=grounds]", "The treasury called back and named the payment.")
    page.click("text=Propose the match")
    page.wait_for_url("**/donors/matches/**")
    assert page.is_disabled("text=Confirm the match")
    assert "You proposed this match, so another person must confirm it." in page.inner_text("main")

    second = visit(people.someone(RoleName.TREASURY_OFFICER, name="Maren Holt"), PHONE)
    page = second.page
    page.click(f"text={pledge.donor.name}")
    page.wait_for_url("**/donors/matches/**")
    assert not is_sideways(page)
    second.picture("match-phone")
    page.click("text=Confirm the match")
    page.wait_for_selector("text=Match confirmed by a second person")
    assert Match.objects.get().status == "confirmed"
    assert queries.outstanding_of(pledge) == Money.of("2000.00", "USD")
