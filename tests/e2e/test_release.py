"""A release with the keyboard alone, at a desk and on a phone: held, freed, typed, signed, and its order fetched."""

from collections.abc import Callable
from typing import Any

import pytest

from disbursements.models import Payment, PaymentFile
from tests import payment_worlds as worlds
from tests import people
from tests.e2e.conftest import DESK, PHONE, Visitor
from tests.e2e.looks import sideways
from tests.e2e.test_every_page import press_on, tab_to
from trustfund.core import documents

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
Visit = Callable[..., Visitor]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_treasury_officer_releases_with_the_keyboard_alone(
    visit: Visit, size: dict[str, int], settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    fund, payment = worlds.a_certified_payment()
    hold = worlds.a_hold(fund)
    visitor = visit(size=size)
    visitor.hold_passkey(fund.treasurer)
    page = visitor.open("/account/login/")
    tab_to(page, "input[name=login]")
    page.keyboard.type(fund.treasurer.email)
    tab_to(page, "input[name=password]")
    page.keyboard.type(people.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("input[name=code]")
    if not page.evaluate("document.activeElement.name === 'code'"):
        tab_to(page, "input[name=code]")
    page.keyboard.type(people.code())
    page.keyboard.press("Enter")
    page.wait_for_url("**/my-work/**")

    press_on(page, f"main a[href='/disbursements/payments/{payment.pk}/']")
    page.wait_for_url(f"**/payments/{payment.pk}/")
    assert page.is_visible("text=10 of 11 clear")
    assert sideways(page) == 0
    worlds.lift(hold, fund.secretariat)
    page.reload()
    press_on(page, f"main a[href='/disbursements/payments/{payment.pk}/release/']")
    page.wait_for_url("**/release/")
    tab_to(page, "input[name=typed]")
    page.keyboard.type("1700000.01")
    press_on(page, "[data-use-passkey]")
    page.wait_for_selector("text=Check that it is the payment you mean")
    assert Payment.objects.get().status == "certified"
    assert sideways(page) == 0
    tab_to(page, "input[name=typed]")
    page.keyboard.press("Control+A")
    page.keyboard.type("1700000.00")
    visitor.picture(f"release-{size['width']}")
    press_on(page, "[data-use-passkey]")
    page.wait_for_url(f"**/payments/{payment.pk}/")

    assert Payment.objects.get().status == "released"
    tab_to(page, f"main a[href='/disbursements/payments/{payment.pk}/order/']")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    sha256 = PaymentFile.objects.get().sha256
    assert documents.sha256_of(download.value.path().read_bytes()) == sha256
    visitor.picture(f"released-{size['width']}")
