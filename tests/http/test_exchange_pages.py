"""The pages about rates: a file is looked at before it is taken, two people correct a rate, and all are compared."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from donors import operations
from donors.models import ExchangeRate, RateFile
from tests import donor_worlds, people
from tests.rate_files_world import ecb_file, un_file
from trustfund.core import clock
from trustfund.core.models import User
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _on_the_17th_of_july_2026() -> Any:
    with clock.moved_to(people.NOON):
        yield


def signed_in(person: User) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    return client


def post(client: Client, url: str, data: dict[str, Any], *, page: str = "") -> Any:
    """Post as a browser does: with the token of the page that the form stands on."""
    assert client.get(page or url).status_code == 200
    return client.post(url, data | {"csrfmiddlewaretoken": client.cookies["csrftoken"].value})


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def bring(client: Client, content: bytes) -> Any:
    return post(client, reverse("donors:rate_file_new"), {"file": SimpleUploadedFile("rates.xml", content)})


def test_a_file_is_looked_at_row_by_row_before_anything_is_recorded() -> None:
    donor_worlds.a_rate("EUR", "0.921", date(2026, 6, 1))
    client = signed_in(donor_worlds.secretariat())
    answer = bring(client, un_file(("Andorra", "EUR", "0.9"), ("Norway", "NOK", "10.5"), ("Nowhere", "XXQ", "1")))
    assert answer.status_code == 302
    page = text(client.get(answer["Location"]))
    for words in ("Supersedes", "−2.28%", "The fund knows no currency XXQ.", "2 entries are new and will be recorded"):
        assert words in page
    assert ExchangeRate.objects.count() == 1

    file = RateFile.objects.get()
    taken = post(client, reverse("donors:rate_file_take", args=[file.pk]), {}, page=answer["Location"])
    assert taken["Location"] == reverse("donors:rate_file", args=[file.pk])
    page = text(client.get(taken["Location"]))
    assert "2 rates are recorded. The file stays on record." in page
    assert "Record what is new" not in page
    again = post(client, reverse("donors:rate_file_take", args=[file.pk]), {}, page=reverse("donors:rates"))
    assert "was taken already" in text(client.get(again["Location"]))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The submitted file is empty"),
        (b"<other/>", "no file of UN operational rates"),
        (un_file(("A", "EUR", "0.9"), ("B", "EUR", "0.8")), "The file contradicts itself"),
        (b"<" * 3_000_001, "larger than 3000000 bytes"),
    ],
)
def test_a_file_that_cannot_be_is_refused_with_a_sentence(content: bytes, words: str) -> None:
    answer = bring(signed_in(donor_worlds.secretariat()), content)
    assert answer.status_code == 422
    assert words in text(answer)
    assert RateFile.objects.count() == 0


def test_a_mistyped_rate_is_corrected_by_two_people() -> None:
    rate = donor_worlds.a_rate("SEK", "14.02")
    one, other = signed_in(donor_worlds.secretariat()), signed_in(people.someone(RoleName.SECRETARIAT))
    page = reverse("donors:rate", args=[rate.pk])
    proposed = post(one, reverse("donors:rate_correct", args=[rate.pk]), {"units_per_usd": "10.42", "reason": "Typing"})
    assert proposed["Location"] == page
    assert "You proposed this correction" in text(one.get(page))
    correction = rate.proposals.get()
    assert "Correction of SEK 14.02" in text(other.get(reverse("pages:home")))
    assert "Correction of SEK" not in text(one.get(reverse("pages:home")))
    assert "SEK" in text(other.get(reverse("donors:rates")))
    own = post(one, reverse("donors:correction_confirm", args=[correction.pk]), {}, page=page)
    assert "somebody else of the secretariat must confirm it" in text(one.get(own["Location"]))
    done = post(other, reverse("donors:correction_confirm", args=[correction.pk]), {}, page=page)
    assert "10.42 per USD from 2024-01-01 counts from now on" in text(other.get(done["Location"]))
    assert "This rate was mistyped and counts no more." in text(other.get(page))


def test_operational_rates_are_compared_with_the_ecbs_and_taken_away() -> None:
    officer = donor_worlds.secretariat()
    file = operations.bring_rate_file(
        name="ecb.csv", content=ecb_file("2026-06-30,1.1172,1491.76,N/A"), actor=officer, at=people.NOON
    )
    operations.take_rate_file(file_id=file.pk, actor=officer, at=people.NOON)
    donor_worlds.a_rate("EUR", "0.882", date(2026, 7, 1))
    donor_worlds.a_rate("KRW", "1355.7", date(2026, 7, 1))
    client = signed_in(people.someone(RoleName.AUDITOR))
    page = text(client.get(reverse("donors:rates_compared")))
    for words in ("<svg", "−1.46%", "+1.53%", "0.895095", "1335.266738"):
        assert words in page
    table = client.get(reverse("donors:rates_compared_csv"), {"currency": "EUR"}).content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(table)))[1] == [
        "EUR",
        "2026-07-01",
        "0.882",
        "2026-06-30",
        "0.895095",
        "-1.46",
    ]
    assert client.get(reverse("donors:rates_csv")).status_code == 200
    assert client.get(reverse("donors:rates_xlsx")).status_code == 200
    assert client.get(reverse("donors:rates_compared"), {"on": "nonsense"}).status_code == 422
