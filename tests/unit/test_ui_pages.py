"""The skeleton of every page, rendered without a database."""

from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory


def test_a_page_without_a_person_asks_the_database_nothing_and_offers_to_sign_in():
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    html = render_to_string("base.html", {}, request)
    assert '<a href="/account/login/">Sign in</a>' in html
    assert "hx-headers" not in html
