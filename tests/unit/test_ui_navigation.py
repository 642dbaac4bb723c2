"""The header offers each role only what its audience lets them open, and marks where they are."""

from types import SimpleNamespace

import pytest
from django.test import RequestFactory
from django.urls import resolve, reverse

from trustfund.core.audience import PUBLIC, SIGNED_IN, audience_of
from trustfund.core.roles import RoleName
from trustfund.pages.navigation import PLACES, PUBLIC_PLACES, places


def header_of(path: str, *roles: RoleName) -> list[dict]:
    request = RequestFactory().get(path)
    request.user = SimpleNamespace(is_authenticated=bool(roles), role_names=frozenset(roles))
    return places(request)["my_places"]


@pytest.mark.parametrize("place", [*PUBLIC_PLACES, *PLACES], ids=lambda place: place.url_name)
def test_every_place_exists_and_admits_whom_it_is_offered_to(place):
    match = resolve(reverse(place.url_name))
    who = audience_of(match.func, match.url_name)
    if place.roles:
        assert who & {PUBLIC, SIGNED_IN} or {str(role) for role in place.roles} <= who
    else:
        assert PUBLIC in who


def test_the_page_that_one_reads_is_marked_and_the_nearest_place_wins():
    here = [place["url"] for place in header_of("/donors/pledges/", RoleName.AUDITOR) if place["is_here"]]
    assert here == ["/donors/pledges/"]


@pytest.mark.parametrize(
    ("path", "role", "words"),
    [
        ("/decisions/1/", RoleName.COMMITTEE_MEMBER, "Decisions"),
        ("/donors/pledges/1/", RoleName.DONOR_REPRESENTATIVE, "Our pledge"),
        ("/donors/pledges/1/", RoleName.SECRETARIAT, "Pledges"),
    ],
)
def test_a_page_elsewhere_belongs_to_its_place(path, role, words):
    assert [str(place["words"]) for place in header_of(path, role) if place["is_here"]] == [words]


def test_the_front_page_is_not_above_all_others():
    assert not any(place["is_here"] for place in header_of("/nowhere/"))
    assert header_of("/")[0]["is_here"]


def test_two_roles_find_the_places_of_both():
    both = {place["url"] for place in header_of("/", RoleName.SECRETARIAT, RoleName.FUND_ADMINISTRATOR)}
    one = {place["url"] for place in header_of("/", RoleName.SECRETARIAT)}
    other = {place["url"] for place in header_of("/", RoleName.FUND_ADMINISTRATOR)}
    assert both == one | other
