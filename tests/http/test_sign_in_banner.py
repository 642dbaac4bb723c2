"""The demonstration's banner: only in the demonstration, and only the code that the page asks for."""

import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import Client, RequestFactory

from tests import people
from tests.http.test_sign_in import OWN_PAGE, password, sign_in
from trustfund.embedded.banner import demonstration

pytestmark = pytest.mark.django_db(transaction=True)
CAST = [{"role": "Auditor", "name": "Vera", "email": "vera@fund.example", "password": "a-long-password"}]


@pytest.fixture(autouse=True)
def _no_attempt_is_remembered():
    cache.clear()


@pytest.fixture
def demo(settings, tmp_path):
    settings.DEMO = True
    settings.VAR_DIR = tmp_path
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "people.json").write_text(json.dumps(CAST))


def a_request(user):
    request = RequestFactory().get("/")
    request.user = user
    request.session = {}
    return request


def test_outside_the_demonstration_there_is_no_banner(settings):
    settings.DEMO = False
    assert demonstration(a_request(people.someone())) == {}


def test_a_signed_in_person_sees_their_own_code(demo):
    person = people.someone()
    banner = demonstration(a_request(person))["demonstration"]
    assert (banner.person, banner.code) == (person, people.code())
    assert 0 <= banner.seconds_left <= 30


def test_a_stranger_sees_who_can_sign_in_and_no_code(demo):
    banner = demonstration(a_request(AnonymousUser()))["demonstration"]
    assert (banner.person, banner.code) == (None, "")
    assert [(one.role, one.email, one.password) for one in banner.people] == [
        ("Auditor", "vera@fund.example", "a-long-password")
    ]


def test_before_the_fund_is_loaded_there_is_nobody(demo, settings, tmp_path):
    settings.VAR_DIR = tmp_path / "elsewhere"
    assert demonstration(a_request(AnonymousUser()))["demonstration"].people == []


def test_the_code_page_shows_the_code_of_who_gave_the_password(demo):
    person, browser = people.someone(), Client(enforce_csrf_checks=True)
    page = browser.get(password(browser, person).headers["Location"])
    assert page.context["demonstration"].person == person
    assert people.code() in page.content.decode()


def test_no_page_of_a_real_fund_shows_a_code(settings):
    settings.DEMO = False
    person, browser = people.someone(), Client(enforce_csrf_checks=True)
    page = browser.get(password(browser, person).headers["Location"])
    assert people.code() not in page.content.decode()
    sign_in(browser, person)
    assert people.code() not in browser.get(OWN_PAGE).content.decode()


def test_a_newcomer_is_told_first_who_has_something_to_do(demo, tmp_path):
    cast = [
        {**CAST[0], "role": role, "email": f"{key}@fund.example"}
        for role, key in (("Fund administrator", "ana"), ("Auditor", "auditor"), ("Committee member", "seat4"))
    ]
    (tmp_path / "demo" / "people.json").write_text(json.dumps(cast))
    banner = demonstration(a_request(AnonymousUser()))["demonstration"]
    assert [one.role for one in banner.first] == ["Committee member", "Auditor"]
    assert [one.role for one in banner.others] == ["Fund administrator"]
    page = Client().get("/account/login/").content.decode()
    assert "your vote makes the quorum" in page
    assert 'data-sign-in="ana@fund.example" data-password="a-long-password"' in page
