"""Statements in the browser: who sees what, how far a statement is, and what a download says about itself."""

import html
import re
import subprocess
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assurance import documents, operations
from assurance.kinds import Kind
from assurance.models import IssuedDocument, State, Statement, StatementProgress
from tests import donor_worlds, people, statements_world
from tests.statements_world import END_OF_JUNE
from trustfund.core.models import User
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _documents_of_their_own(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def browser(person: User) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    return client


def post(client: Client, address: str, **data: str) -> Any:
    """Post with the token of the page one came from, as a browser does."""
    client.get(reverse("assurance:statements"))
    return client.post(address, {**data, "csrfmiddlewaretoken": client.cookies["csrftoken"].value})


def issued(person: User) -> Statement:
    statements_world.a_fund()
    asked = operations.request_statement(
        kind=Kind.SOURCES_AND_USES, as_of=END_OF_JUNE, donor_id=None, actor=person, at=people.NOON
    )
    operations.issue_statement(statement_id=asked.pk, at=people.NOON)
    return asked


def test_an_auditor_asks_for_a_statement_and_lands_on_its_page() -> None:
    auditor = people.someone(RoleName.AUDITOR)
    client = browser(auditor)
    answer = post(client, reverse("assurance:request"), kind="sources_and_uses", as_of="2024-06-30")
    asked = Statement.objects.get()
    assert answer.status_code == 302
    assert answer.url == reverse("assurance:statement", args=[asked.pk])
    page = client.get(answer.url).content.decode()
    assert "Waiting for its turn" in page
    assert 'hx-trigger="load delay:1s"' in page
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"kind": "sources_and_uses", "as_of": "2999-01-01"}, "A statement cannot look ahead."),
        ({"kind": "monthly_audit", "as_of": "2024-06-30"}, "Select a valid choice"),
        ({"kind": "donor_account", "as_of": "2024-06-30"}, "is for that donor, the secretariat and the auditors"),
        ({"kind": "sources_and_uses", "as_of": ""}, "This field is required"),
    ],
)
def test_a_request_that_cannot_be_is_answered_with_the_form_and_the_reason(data: Any, said: Any) -> None:
    donor_worlds.a_donor()
    answer = post(browser(people.someone(RoleName.AUDITOR)), reverse("assurance:request"), **data)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Statement.objects.exists()


def test_the_panel_asks_again_until_the_document_is_there() -> None:
    auditor = people.someone(RoleName.AUDITOR)
    client = browser(auditor)
    statements_world.a_fund()
    asked = operations.request_statement(
        kind=Kind.SOURCES_AND_USES, as_of=END_OF_JUNE, donor_id=None, actor=auditor, at=people.NOON
    )
    address = reverse("assurance:progress", args=[asked.pk])
    moving = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert f'hx-get="{address}"' in moving
    operations.issue_statement(statement_id=asked.pk, at=people.NOON)
    done = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "hx-get" not in done
    document = IssuedDocument.objects.get(pk=asked.pk)
    assert f"{document.sha256}  {document.file_name}" in done
    assert client.get(address).status_code == 302


def test_a_download_is_the_document_and_is_kept_by_no_cache() -> None:
    auditor = people.someone(RoleName.AUDITOR)
    asked = issued(auditor)
    answer = browser(auditor).get(reverse("assurance:download", args=[asked.pk]))
    document = IssuedDocument.objects.get(pk=asked.pk)
    assert documents.sha256_of(answer.content) == document.sha256
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="{asked.number}-sources-and-uses-2024-06-30.pdf"'
    )
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_command_on_the_page_checks_the_file_as_it_was_saved(tmp_path: Any) -> None:
    auditor = people.someone(RoleName.AUDITOR)
    asked = issued(auditor)
    client = browser(auditor)
    page = client.get(reverse("assurance:statement", args=[asked.pk])).content.decode()
    (command,) = re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)
    document = IssuedDocument.objects.get(pk=asked.pk)
    saved = tmp_path / document.file_name
    saved.write_bytes(client.get(reverse("assurance:download", args=[asked.pk])).content)

    def check() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", html.unescape(command)], cwd=tmp_path, capture_output=True, text=True, check=False
        )

    assert check().stdout == f"{document.file_name}: OK\n"
    saved.write_bytes(saved.read_bytes()[:-1])
    assert check().returncode == 1


def test_an_altered_document_is_refused_in_red() -> None:
    auditor = people.someone(RoleName.AUDITOR)
    asked = issued(auditor)
    path = documents.path_of(IssuedDocument.objects.get(pk=asked.pk).sha256)
    path.chmod(0o640)
    path.write_bytes(b"%PDF-1.7 something else")
    answer = browser(auditor).get(reverse("assurance:download", args=[asked.pk]))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert 'class="notice bad"' in page
    assert "is not the one that was issued" in page
    assert b"something else" not in answer.content


def test_a_failed_statement_can_be_tried_again_from_its_page() -> None:
    auditor = people.someone(RoleName.AUDITOR)
    client = browser(auditor)
    asked = operations.request_statement(
        kind=Kind.SOURCES_AND_USES, as_of=END_OF_JUNE, donor_id=None, actor=auditor, at=people.NOON
    )
    StatementProgress.objects.filter(pk=asked.pk).update(
        state=State.FAILED, failure="It stopped while setting the pages.", incident="ABCD1234"
    )
    page = client.get(reverse("assurance:statement", args=[asked.pk])).content.decode()
    assert "It stopped while setting the pages." in page
    assert "Incident ABCD1234" in page
    assert post(client, reverse("assurance:retry", args=[asked.pk])).status_code == 302
    assert StatementProgress.objects.get(pk=asked.pk).state == State.REQUESTED


def test_what_a_person_may_not_read_looks_as_if_it_were_not_there() -> None:
    auditor = people.someone(RoleName.AUDITOR)
    asked = issued(auditor)
    donor = donor_worlds.a_donor()
    client = browser(donor_worlds.a_representative(donor))
    for name in ("statement", "progress", "download"):
        assert client.get(reverse(f"assurance:{name}", args=[asked.pk])).status_code == 404
    listing = client.get(reverse("assurance:statements")).content.decode()
    assert asked.number not in listing
    assert "Sources and uses of funds" not in listing
    assert donor.name in listing


@pytest.mark.parametrize("role", list(RoleName))
def test_who_opens_the_list(role: RoleName) -> None:
    answer = browser(people.someone(role)).get(reverse("assurance:statements"))
    assert answer.status_code == (403 if role == RoleName.PROGRAMME_PARTNER else 200)


def test_the_list_asks_the_database_a_bounded_number_of_times(django_assert_max_num_queries: Any) -> None:
    auditor = people.someone(RoleName.AUDITOR)
    for _ in range(12):
        operations.request_statement(
            kind=Kind.SOURCES_AND_USES, as_of=END_OF_JUNE, donor_id=None, actor=auditor, at=people.NOON
        )
    client = browser(auditor)
    client.get(reverse("assurance:statements"))
    with django_assert_max_num_queries(14):
        client.get(reverse("assurance:statements"))
