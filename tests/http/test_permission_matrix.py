"""Every address × every role × get and post: who is let in, who is refused, and that nobody was forgotten."""

from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from tests import people
from tests.http.permissions import (
    CLOSED_TO_SECONDED,
    LETTERS,
    MATRIX,
    POSTED_BY,
    PUBLIC,
    REFUSED_AS_NOT_THEIRS,
    SOMEBODY_ELSES,
)
from tests.whole_world import World, a_whole_world, addresses
from trustfund.core.models import User
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_whole_world()


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def ask(client: Client, method: str, path: str) -> Any:
    """Ask once, and let nothing that the asking did stand."""
    before, cookies = transaction.savepoint(), SimpleCookie(client.cookies.output(header="", sep=";"))
    try:
        return client.get(path) if method == "get" else client.post(path, {"nonce": str(uuid4())})
    finally:
        transaction.savepoint_rollback(before)
        client.cookies = cookies


def is_sent_to_sign_in(response: Any, path: str) -> bool:
    return (
        response.status_code == 302
        and response["Location"] == f"{reverse('account_login')}?next={quote(path, safe='/')}"
    )


def test_every_address_stands_in_the_matrix_and_no_other():
    assert sorted(addresses(get_resolver())) == sorted(MATRIX)


def test_every_letter_of_the_matrix_is_a_role():
    assert {letter for row in MATRIX.values() if row != PUBLIC for letter in row} == set(LETTERS)
    assert set(LETTERS.values()) == set(RoleName)


@pytest.mark.parametrize("letter", sorted(LETTERS))
def test_a_role_opens_its_own_addresses_and_no_other(world, letter):
    client = client_of(world.people[LETTERS[letter]])
    wrong = []
    for name, row in MATRIX.items():
        path = world.path(name)
        for method in ("get", "post"):
            status = ask(client, method, path).status_code
            allowed = POSTED_BY.get(name, row) if method == "post" else row
            is_open = (allowed == PUBLIC or letter in allowed) and (letter, name) not in REFUSED_AS_NOT_THEIRS
            if (status == 403) == is_open or status >= 500:
                wrong.append((name, method, status, "open" if is_open else "closed"))
    assert wrong == []


def test_a_stranger_is_sent_to_sign_in_wherever_it_is_not_public(world):
    wrong = []
    for name, row in MATRIX.items():
        path = world.path(name)
        for method in ("get", "post"):
            response = ask(Client(), method, path)
            if is_sent_to_sign_in(response, path) == (row == PUBLIC) or response.status_code in {403, 500}:
                wrong.append((name, method, response.status_code))
    assert wrong == []


def test_a_person_without_a_role_opens_nothing_that_asks_for_one(world):
    client = client_of(people.someone())
    wrong = []
    for name, row in MATRIX.items():
        if row == PUBLIC or set(row) == set(LETTERS):
            continue
        status = ask(client, "get", world.path(name)).status_code
        if status != 403:
            wrong.append((name, status))
    assert wrong == []


@pytest.mark.parametrize("role", sorted(SOMEBODY_ELSES))
def test_what_is_somebody_elses_is_not_there(world, role):
    client = client_of(world.strangers[role])
    found = {name: ask(client, "get", world.path(name)).status_code for name in SOMEBODY_ELSES[role]}
    assert found == dict.fromkeys(SOMEBODY_ELSES[role], 404)


@pytest.mark.parametrize("role", sorted(CLOSED_TO_SECONDED))
def test_seconded_staff_see_no_donors_books_or_bank_details(world, role):
    client = client_of(people.someone(role, is_seconded=True))
    open_to_them = {}
    for name in CLOSED_TO_SECONDED[role]:
        seen = [ask(client, method, world.path(name)).status_code for method in ("get", "post")]
        if not set(seen) <= {403, 404, 405} or seen == [405, 405]:
            open_to_them[name] = seen
    assert open_to_them == {}
