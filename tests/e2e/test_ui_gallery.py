"""Every piece in a real browser: no rule of accessibility or of the policy broken, small or large, light or dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests import people
from tests.e2e.conftest import DESK, PHONE
from trustfund.core.roles import RoleName

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.http.gallery")]
SMALLEST = {"width": 320, "height": 640}
GALLERY = "/gallery/?toast=1"


def broken_rules(page):
    return [
        (rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in Axe().run(page).response["violations"]
    ]


@pytest.mark.parametrize("size", [DESK, PHONE, SMALLEST], ids=["desk", "phone", "smallest"])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_pieces_break_no_rule_and_never_scroll_sideways(visit, size, colours):
    page = visit(size=size, color_scheme=colours).open(GALLERY)
    assert broken_rules(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


def test_nothing_comes_from_another_host_and_the_script_runs_under_the_policy(visit):
    visitor = visit()
    asked = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    visitor.open(GALLERY)
    assert {url.split("/")[2] for url in asked} == {visitor.address.split("/")[2]}
    assert visitor.page.get_by_role("button", name="Release with passkey").is_visible()


def test_a_form_in_error_takes_the_reader_to_what_is_wrong(visit):
    page = visit().open("/gallery/")
    page.get_by_role("button", name="Review and confirm").evaluate("button => button.form.noValidate = true")
    page.get_by_role("button", name="Review and confirm").click()
    page.wait_for_selector("[data-problem]")
    assert page.evaluate("document.activeElement.hasAttribute('data-problem')")
    assert page.title().startswith("Error:")
    assert broken_rules(page) == []
    page.get_by_role("link", name="Choose how you decide").click()
    assert page.evaluate("location.hash") == "#id_choice_0"


def test_a_phone_shows_every_amount_without_scrolling_sideways(visit):
    page = visit(size=PHONE).open("/gallery/")
    cell = page.locator("td[data-l='Amount (USD)']").first
    box = cell.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    assert page.locator(".dock").is_visible()


def test_the_colours_one_chooses_are_written_by_the_server_the_next_time(visit):
    visitor = visit(people.someone(RoleName.AUDITOR))
    page = visitor.open("/gallery/")
    page.locator(".menu > summary").click()
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert 'data-theme="dark"' in page.context.request.get(page.url).text()
    assert broken_rules(page) == []


def test_a_passkey_is_added_and_then_signs_in(visit):
    person = people.someone(RoleName.AUDITOR)
    visitor = visit(person)
    session = visitor.page.context.new_cdp_session(visitor.page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, "automaticPresenceSimulation": True}})
    page = visitor.open("/account/2fa/webauthn/add/")
    assert broken_rules(page) == []
    page.fill("input[name=password]", people.PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.fill("input[name=name]", "My laptop")
    page.get_by_role("button", name="Add this device").click()
    page.wait_for_url(lambda url: not url.endswith("/add/"))
    page = visitor.open("/account/2fa/webauthn/")
    assert page.get_by_text("My laptop").first.is_visible()
    assert broken_rules(page) == []

    page.context.clear_cookies()
    visitor.open("/account/login/")
    page.fill("input[name=login]", person.email)
    page.fill("input[name=password]", people.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    assert broken_rules(page) == []
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url("**/my-work/**")


def test_a_passkey_that_does_not_answer_says_so(visit):
    visitor = visit()
    page = visitor.open("/gallery/")
    page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError')); }"
    )
    page.get_by_role("button", name="Release with passkey").click()
    assert page.get_by_text("The passkey did not answer.").is_visible()
    assert page.get_by_role("button", name="Release with passkey").is_enabled()


@pytest.mark.parametrize("path", ["/account/2fa/", "/account/sessions/", "/nowhere/"])
def test_the_pages_of_ones_own_sign_in_break_no_rule(visit, path):
    visitor = visit(people.someone(RoleName.AUDITOR))
    page = visitor.open(path)
    assert broken_rules(page) == []
    visitor.complaints[:] = [words for words in visitor.complaints if "status of 404" not in words]
