"""The pages of screening: loading a list, reading what was found, saying who it is, and what is refused there."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from screening.models import Answer, Hit, ListFile, Opinion, Party
from tests import people, screening_worlds
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db(transaction=True)


def client_of(role: RoleName, **about) -> Client:
    client = Client()
    client.force_login(people.someone(role, **about))
    return client


def upload(client: Client, content: bytes, source: str = "un"):
    return client.post(
        reverse("screening:lists"), {"source": source, "file": SimpleUploadedFile("list.xml", content)}, follow=True
    )


def test_the_secretariat_loads_a_list_and_sees_it_in_force():
    page = upload(client_of(RoleName.SECRETARIAT), screening_worlds.un_list())
    assert page.status_code == 200
    assert "In force. Everybody is looked at anew within a minute." in page.content.decode()
    assert ListFile.objects.get().entries == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b"<html/>", "Nobody is paid until a good list follows."),
    ],
)
def test_a_bad_list_is_refused_beside_its_field(content, words):
    page = upload(client_of(RoleName.SECRETARIAT), content)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert "Error:" in page.content.decode()


def test_an_auditor_reads_and_loads_nothing():
    client = client_of(RoleName.AUDITOR)
    assert client.get(reverse("screening:lists")).status_code == 200
    assert upload(client, screening_worlds.un_list()).status_code == 403
    assert not ListFile.objects.exists()


def test_seconded_staff_see_no_screening():
    client = client_of(RoleName.SECRETARIAT, is_seconded=True)
    screening_worlds.load()
    party = screening_worlds.a_party("Han Jongu")
    for name, args in (("parties", []), ("lists", []), ("party", [party.pk]), ("parties_csv", [])):
        assert client.get(reverse(f"screening:{name}", args=args)).status_code == 403


def test_two_officers_clear_a_likeness_on_its_page():
    screening_worlds.load()
    party = screening_worlds.a_party("Han Jongu")
    hit = Hit.objects.get()
    address = reverse("screening:give_opinion", args=[party.pk, hit.pk])
    one, other = client_of(RoleName.CERTIFYING_OFFICER), client_of(RoleName.TREASURY_OFFICER)
    empty = one.post(address, {f"{hit.pk}-says": "another"})
    assert empty.status_code == 422
    said = {f"{hit.pk}-says": Answer.ANOTHER.value, f"{hit.pk}-reason": "Born in 1988."}
    assert "1 likeness still waits" in one.post(address, said, follow=True).content.decode()
    again = one.post(address, said)
    assert (again.status_code, "You have said so already" in again.content.decode()) == (422, True)
    assert "0 likenesses still wait" in other.post(address, said, follow=True).content.decode()
    page = one.get(reverse("screening:party", args=[party.pk])).content.decode()
    assert "Somebody else" in page
    assert Opinion.objects.count() == 2


def test_the_secretariat_names_and_ends_who_stands_with_a_payee():
    screening_worlds.load()
    party = screening_worlds.a_party("Northwind Cold Chain")
    client = client_of(RoleName.SECRETARIAT)
    add = reverse("screening:add_party", args=[party.pk])
    for said, words in (
        ({"role": "officer", "name": "Ada Norden"}, "is screened from now on"),
        ({"role": "officer", "name": "ada norden"}, "screened already"),
        ({"role": "officer"}, "Name them and say"),
    ):
        assert words in client.post(add, said, follow=True).content.decode()
    made = Party.objects.get(name="Ada Norden")
    end = reverse("screening:end_party", args=[made.pk])
    assert "Say why nothing passes" in client.post(end, {"reason": ""}, follow=True).content.decode()
    assert "No longer screened" in client.post(end, {"reason": "Left the firm."}, follow=True).content.decode()


def test_the_table_is_taken_away_and_no_cell_is_a_formula():
    screening_worlds.load()
    screening_worlds.a_party("=Han Jongu")
    client = client_of(RoleName.AUDITOR)
    text = client.get(reverse("screening:parties_csv")).content.decode("utf-8-sig")
    assert "'=Han Jongu,Vendor,2026-07-17,2026-07-17,1,Resembles a listed name" in text
    assert client.get(reverse("screening:parties_xlsx")).status_code == 200
    found = client.get(reverse("screening:parties"), {"q": "jongu"}).content.decode()
    assert "Resembles a listed name" in found
