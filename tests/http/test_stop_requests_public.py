"""What a donor asked the fund to stop is read by all the world, in the donor's words, beside what it changes."""

import pytest
from django.test import Client
from django.urls import reverse

from donors import operations
from tests import donor_worlds, people
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db
SENTENCE = "The request changes nothing until the committee decides"


def test_the_overview_shows_who_asked_what_and_when_and_that_it_changes_nothing():
    assert SENTENCE not in Client().get("/").content.decode()
    donor = donor_worlds.a_donor("Kingdom of Oranta")
    filer = donor_worlds.a_representative(donor, name="Filing Officer", email="filer@oranta.example")
    for day, text in ((14, "Please stop <b>all</b> use of our money."), (16, "We ask again.")):
        operations.file_stop_request(
            donor_id=donor.pk,
            text=text,
            received_on=people.NOON.date().replace(day=day),
            actor=filer,
            at=people.NOON,
        )
    shown = Client().get("/").content.decode()
    for words in ("Requests to stop", "Kingdom of Oranta", "14 July 2026", "SR-2026-001", SENTENCE):
        assert words in shown
    assert "Please stop &lt;b&gt;all&lt;/b&gt; use of our money." in shown
    assert shown.index("We ask again.") < shown.index("Please stop")
    assert "Filing Officer" not in shown
    assert "filer@oranta.example" not in shown


def test_the_overview_shows_the_ten_latest_and_their_answers_in_three_queries(django_assert_num_queries):
    from donors import queries

    donor = donor_worlds.a_donor()
    for number in range(1, 13):
        operations.file_stop_request(
            donor_id=donor.pk,
            text=f"Request {number}",
            received_on=people.NOON.date(),
            actor=donor_worlds.secretariat(),
            at=people.NOON,
        )
    with django_assert_num_queries(3):
        found = queries.published_stop_requests(10)
    assert [one.text for one in found] == [f"Request {number}" for number in range(12, 2, -1)]


def test_every_donor_the_committee_and_the_public_read_the_answer():
    donor = donor_worlds.a_donor("Kingdom of Oranta")
    pledge = donor_worlds.a_signed_pledge("5.00", "USD", donor=donor, years=1)
    operations.file_stop_request(
        donor_id=donor.pk,
        text="Please stop.",
        received_on=people.NOON.date(),
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )
    assert "the agreement ends by 30 days of notice" in Client().get("/").content.decode()
    other = donor_worlds.a_representative(donor_worlds.a_donor("Orlene"))
    for reader in (other, people.someone(RoleName.COMMITTEE_MEMBER), people.someone(RoleName.SECRETARIAT)):
        client = Client()
        client.force_login(reader)
        page = " ".join(client.get(reverse("donors:stop_requests")).content.decode().split())
        assert "Please stop." in page
        assert f"The fund's answer under {pledge.agreement.reference}:" in page.replace("&#x27;", "'")
        assert "It ends 30 days after written notice" in page
    operations.record_termination(
        agreement_id=pledge.agreement_id,
        text="We end it.",
        received_on=people.NOON.date(),
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )
    shown = Client().get("/").content.decode()
    assert "Notice was given; an agreement ends on" in shown
    assert "16 August 2026" in shown
