"""The pages around a sign-in, and the pages of refusal: our words, nothing inline, nothing from a data: address."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from tests import people
from trustfund.core.roles import RoleName

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.http.gallery")]


@pytest.fixture(autouse=True)
def _no_attempt_is_remembered():
    cache.clear()


@pytest.fixture
def newcomer(client):
    """A person who has a password and nothing else yet, and has given it twice: to come in, and to change things."""
    person = people.someone(RoleName.AUDITOR)
    Authenticator.objects.filter(user=person).delete()
    client.post("/account/login/", {"login": person.email, "password": people.PASSWORD})
    client.post("/account/reauthenticate/", {"password": people.PASSWORD})
    return client


def is_clean(answer):
    html = answer.content.decode()
    return not any(bad in html for bad in ("data:", "style=", "<style", "onclick", "<script>", "django-allauth"))


def test_the_authenticator_is_set_up_from_a_drawing_in_the_page(newcomer):
    answer = newcomer.get("/account/2fa/totp/activate/")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert '<svg role="img" aria-label="The QR code of your authenticator"' in html
    assert "<?xml" not in html
    assert is_clean(answer)


def test_whoever_has_no_second_factor_is_led_to_set_one_up(newcomer):
    assert newcomer.get("/my-work/").headers["Location"] == "/account/2fa/totp/activate/"


@pytest.mark.parametrize(
    "path",
    ["/account/2fa/", "/account/2fa/webauthn/", "/account/2fa/webauthn/add/", "/account/logout/", "/account/inactive/"],
)
def test_every_page_of_a_sign_in_is_clean(newcomer, path):
    answer = newcomer.get(path, follow=True)
    assert answer.status_code == 200
    assert is_clean(answer)
    assert "Concord Pooled Trust Fund</title>" in answer.content.decode()


def test_recovery_codes_are_made_and_shown(newcomer):
    person = newcomer.get("/account/2fa/").wsgi_request.user
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": people.SECRET})
    answer = newcomer.get("/account/2fa/recovery-codes/generate/", follow=True)
    assert "ten new codes" in answer.content.decode()
    shown = newcomer.post("/account/2fa/recovery-codes/generate/", follow=True)
    assert shown.content.decode().count("<li><bdi>") == 10
    assert "10 of 10 codes are left" in shown.content.decode()
    assert is_clean(shown)


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("/nowhere/", 404, "There is nothing at this address"),
        ("/gallery/closed/", 403, "This page is not for your role"),
        ("/gallery/broken/", 500, "Something broke on our side"),
    ],
)
def test_a_refusal_says_what_is_so_in_the_funds_own_page(client, path, code, words):
    client.raise_request_exception = False
    answer = client.get(path)
    assert answer.status_code == code
    assert words in answer.content.decode()
    assert is_clean(answer)


def test_a_form_that_is_too_old_says_that_nothing_was_sent():
    answer = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "a@fund.example"})
    assert answer.status_code == 403
    assert "so nothing was sent" in answer.content.decode()


def test_a_public_page_sets_no_cookie(client):
    assert not client.get("/nowhere/").cookies


def test_the_demonstration_shows_who_one_can_be(client, settings, tmp_path):
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "people.json").write_text(
        '[{"role": "Auditor", "name": "Ada", "email": "ada@fund.example", "password": "open-sesame-1"}]'
    )
    settings.VAR_DIR = tmp_path
    assert "ada@fund.example" not in client.get("/account/login/").content.decode()
    settings.DEMO = True
    html = client.get("/account/login/").content.decode()
    assert "Donors, people and amounts are invented." in html
    assert "ada@fund.example" in html
    assert "open-sesame-1" in html
