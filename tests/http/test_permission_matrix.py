"""Every address × every role × get and post: who is let in, who is refused, and that nobody was forgotten."""

from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from assurance import operations as assurance
from assurance.models import Kind
from donors.models import Representative
from ledger.models import Entry
from tests import committee_worlds, disbursement_worlds, donor_worlds, payment_worlds, people
from tests.http.permissions import (
    CLOSED_TO_SECONDED,
    LETTERS,
    MATRIX,
    POSTED_BY,
    PUBLIC,
    REFUSED_AS_NOT_THEIRS,
    SOMEBODY_ELSES,
)
from trustfund.core.models import User
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db


def addresses(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """Walk every address of the site by name."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one, one.namespace or namespace)
        else:
            assert isinstance(one, URLPattern)
            yield f"{namespace}:{one.name}" if namespace else str(one.name)


@dataclass
class World:
    """One object of every kind, and a person of every role whose own they are where somebody can own them."""

    people: dict[RoleName, User]
    strangers: dict[RoleName, User]
    arguments: dict[str, Any]

    def path(self, name: str) -> str:
        """Return an address with this world's objects filled in."""
        wanted = next(
            list(candidate.pattern.converters) for full, candidate in _patterns(get_resolver()) if full == name
        )
        return reverse(name, kwargs={key: self.arguments[key] for key in wanted})


def _patterns(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _patterns(one, one.namespace or namespace)
        else:
            yield (f"{namespace}:{one.name}" if namespace else str(one.name)), one


@pytest.fixture
def world() -> World:
    fund, payment = payment_worlds.a_prepared_payment()
    motion = disbursement_worlds.motion_of(fund.proposal)
    ballot = motion.ballots.order_by("cast_at").first()
    donor = donor_worlds.a_donor()
    pledge = donor_worlds.a_signed_pledge(donor=donor, usd_value="44000000.00")
    donor_worlds.a_rate()
    receipt = donor_worlds.a_receipt(pledge, "1000000.00")
    auditor = people.someone(RoleName.AUDITOR)
    statement = assurance.request_statement(
        kind=Kind.DONOR_ACCOUNT,
        as_of=people.NOON.date(),
        donor_id=donor.pk,
        actor=auditor,
        at=committee_worlds.CLOSES_AT,
    )
    who = {
        RoleName.COMMITTEE_MEMBER: ballot.member,
        RoleName.CHAIR: fund.committee.chair,
        RoleName.ALTERNATE: people.someone(RoleName.ALTERNATE),
        RoleName.SECRETARIAT: fund.secretariat,
        RoleName.CERTIFYING_OFFICER: fund.certifier,
        RoleName.TREASURY_OFFICER: fund.treasurer,
        RoleName.DONOR_REPRESENTATIVE: donor_worlds.a_representative(donor),
        RoleName.PROGRAMME_PARTNER: disbursement_worlds.a_partner(fund.organisation),
        RoleName.AUDITOR: auditor,
        RoleName.FUND_ADMINISTRATOR: people.someone(RoleName.FUND_ADMINISTRATOR),
    }
    strangers = {
        RoleName.COMMITTEE_MEMBER: fund.committee.holders[2],
        RoleName.DONOR_REPRESENTATIVE: donor_worlds.a_representative(donor_worlds.a_donor()),
        RoleName.PROGRAMME_PARTNER: disbursement_worlds.a_partner(disbursement_worlds.an_organisation("Another body")),
    }
    entry = Entry.objects.order_by("id").first()
    assert entry is not None
    arguments = {
        "motion_id": motion.pk,
        "ballot_id": ballot.pk,
        "person_id": who[RoleName.AUDITOR].pk,
        "programme_id": fund.programme.pk,
        "proposal_id": fund.proposal.pk,
        "number": 1,
        "tranche_id": fund.tranche.pk,
        "payment_id": payment.pk,
        "account_id": payment.bank_account_id,
        "donor_id": donor.pk,
        "agreement_id": pledge.agreement_id,
        "pledge_id": pledge.pk,
        "receipt_id": receipt.pk,
        "representative_id": Representative.objects.get(donor=donor).pk,
        "statement_id": statement.pk,
        "entry_id": entry.pk,
        "code": "1100",
        "pk": 1,
    }
    return World(people=who, strangers=strangers, arguments=arguments)


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
