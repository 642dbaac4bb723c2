"""Signing in: a password and a second factor, nothing less; and out at the next click when a role or sign-in ends."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from tests import people
from trustfund.core import operations
from trustfund.core.models import User
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db(transaction=True)
LOGIN = "/account/login/"
CODE = "/account/2fa/authenticate/"
SET_UP = "/account/2fa/totp/activate/"
# Open to whoever is signed in, and closed to everybody else.
OWN_PAGE = "/account/2fa/"


@pytest.fixture(autouse=True)
def _no_attempt_is_remembered():
    cache.clear()


@pytest.fixture
def browser():
    return Client(enforce_csrf_checks=True)


def post(browser, address, **fields):
    """Post a form as a browser does: with the token of the page that was read before."""
    browser.get(address)
    token = next(cookie.value for name, cookie in browser.cookies.items() if "csrf" in name)
    return browser.post(address, {**fields, "csrfmiddlewaretoken": token})


def password(browser, person, secret=people.PASSWORD):
    return post(browser, LOGIN, login=person.email, password=secret)


def sign_in(browser, person):
    password(browser, person)
    return post(browser, CODE, code=people.code())


def is_in(browser):
    return browser.get(OWN_PAGE).status_code == 200


def test_a_password_and_a_code_open_the_fund(browser):
    person = people.someone(RoleName.SECRETARIAT)
    asked = password(browser, person)
    assert (asked.status_code, asked.headers["Location"]) == (302, CODE)
    assert not is_in(browser)
    let_in = post(browser, CODE, code=people.code())
    assert let_in.status_code == 302
    assert is_in(browser)


def test_a_page_for_a_person_is_kept_by_no_cache(browser):
    sign_in(browser, people.someone())
    assert "no-store" in browser.get(OWN_PAGE).headers["Cache-Control"]


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(browser):
    person = people.someone()
    wrong = password(browser, person, "wrong-horse-battery")
    unknown = post(browser, LOGIN, login="nobody@fund.example", password=people.PASSWORD)
    said = [list(answer.context["form"].errors.get("__all__", [])) for answer in (wrong, unknown)]
    assert said[0] == said[1] != []
    assert not is_in(browser)


@pytest.mark.parametrize("code", ["000000", "", "abcdef", "١٢٣٤٥٦"])
def test_a_wrong_code_keeps_the_door_shut(browser, code):
    password(browser, people.someone())
    answer = post(browser, CODE, code=code)
    assert "code" in answer.context["form"].errors
    assert not is_in(browser)


def test_a_code_signs_in_once(browser):
    person, code = people.someone(), people.code()
    password(browser, person)
    post(browser, CODE, code=code)
    assert is_in(browser)
    other = Client(enforce_csrf_checks=True)
    password(other, person)
    again = post(other, CODE, code=code)
    assert "code" in again.context["form"].errors
    assert not is_in(other)


def test_a_code_is_refused_again_after_the_packages_own_memory_has_gone(browser):
    person, code = people.someone(), people.code()
    password(browser, person)
    post(browser, CODE, code=code)
    cache.delete(f"allauth.mfa.totp.used?user={person.pk}&code={code}")
    other = Client(enforce_csrf_checks=True)
    password(other, person)
    post(other, CODE, code=code)
    assert not is_in(other)


def test_the_code_page_alone_leads_nowhere(browser):
    assert browser.get(CODE).status_code == 302
    assert browser.get(CODE).headers["Location"] == LOGIN


def test_without_a_second_factor_every_way_leads_to_setting_one_up(browser):
    person = people.someone(RoleName.FUND_ADMINISTRATOR)
    Authenticator.objects.filter(user=person).delete()
    password(browser, person)
    answer = browser.get("/account/sessions/")
    assert (answer.status_code, answer.headers["Location"]) == (302, SET_UP)


def test_nobody_signs_up(browser):
    before = User.objects.count()
    assert browser.get("/account/signup/").status_code == 404
    browser.get(LOGIN)
    token = browser.cookies[next(name for name in browser.cookies if "csrf" in name)].value
    browser.post(
        "/account/signup/",
        {"email": "me@fund.example", "password1": people.PASSWORD, "csrfmiddlewaretoken": token},
    )
    assert User.objects.count() == before


@pytest.mark.parametrize(
    "address",
    ["/account/email/", "/account/password/set/", "/account/password/reset/", "/account/signup/"],
)
def test_what_else_the_package_offers_is_not_there(browser, address):
    sign_in(browser, people.someone(RoleName.FUND_ADMINISTRATOR))
    assert browser.get(address).status_code == 404


def test_a_form_without_its_token_is_refused():
    person = people.someone()
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(LOGIN, {"login": person.email, "password": people.PASSWORD}).status_code == 403


def test_who_is_dismissed_is_out_at_the_next_click(browser):
    boss, person = people.someone(RoleName.FUND_ADMINISTRATOR), people.someone(RoleName.CHAIR)
    sign_in(browser, person)
    assert is_in(browser)
    operations.close_sign_in(person_id=person.pk, actor=boss, at=people.NOON)
    answer = browser.get(OWN_PAGE)
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, LOGIN)
    password(browser, person)
    assert not is_in(browser)


def test_a_role_that_ends_closes_its_pages_at_the_next_click(browser):
    boss, person = people.someone(RoleName.FUND_ADMINISTRATOR), people.someone(RoleName.AUDITOR)
    sign_in(browser, person)
    auditors_page = "/statements/"
    assert browser.get(auditors_page).status_code == 200
    operations.end_role(person_id=person.pk, role=RoleName.AUDITOR, actor=boss, at=people.NOON)
    assert browser.get(auditors_page).status_code == 403
    assert is_in(browser)


def test_too_many_wrong_passwords_are_slowed_down(browser):
    person = people.someone()
    for _attempt in range(10):
        password(browser, person, "wrong-horse-battery")
    password(browser, person)
    assert browser.get(CODE).headers.get("Location") == LOGIN
