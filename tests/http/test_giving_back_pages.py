"""Write-offs, refunds and donors' bank details in the browser: asked, decided, carried out, told to both parties."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from donors import queries
from donors.models import DonorBankAccount, Refund, WriteOff
from tests import donor_worlds, giving_back_worlds, people
from tests.giving_back_worlds import CARRIED_AT, LATER
from trustfund.core import clock
from trustfund.core.models import Event, User
from trustfund.core.roles import RoleName
from trustfund.notices import operations as notices
from trustfund.pages.queries import inbox

pytestmark = pytest.mark.django_db(transaction=True)
VOTING = {"closes_on": "2026-07-21", "closes_at": "12:00"}


def browser(person: User) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    return client


def post(client: Client, address: str, **data: Any) -> Any:
    """Post with the token of the page one came from, as a browser does."""
    client.get(reverse("pages:home"))
    client.get(address)
    return client.post(address, {**data, "csrfmiddlewaretoken": client.cookies["csrftoken"].value})


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_the_secretariat_asks_for_a_write_off_and_carries_out_what_the_committee_decided() -> None:
    giving_back_worlds.a_committee()
    donor_worlds.a_rate("EUR", "0.921")
    pledge = donor_worlds.a_signed_pledge()
    client = browser(donor_worlds.secretariat())
    asked = {"starts_with": "latest", "reason": "Parliament ended it.", "evidence": "Note verbale", **VOTING}
    with clock.moved_to(people.NOON):
        address = reverse("donors:write_off_new", args=[pledge.pk])
        assert address in words(client.get(reverse("donors:pledge", args=[pledge.pk])))
        refused = post(client, address, amount="40,000,000.01", **asked)
        assert refused.status_code == 422
        assert "Only EUR 40,000,000.00 of this pledge is outstanding" in words(refused)
        assert post(client, address, amount="8,000,000.00", **asked).status_code == 302
        one = WriteOff.objects.get()
        page = reverse("donors:write_off", args=[one.pk])
        assert "The committee has not carried this." in words(client.get(page))
        assert client.get(reverse("pages:subject", args=[one.pk])).url == page
        giving_back_worlds.decide(one.pk)
    with clock.moved_to(CARRIED_AT):
        waiting = [item.reference for item in inbox.waiting_for(donor_worlds.secretariat(), CARRIED_AT)]
        assert one.reference in waiting
        post(client, page)
        assert WriteOff.objects.get().is_carried_out
        pledge_page = words(client.get(reverse("donors:pledge", args=[pledge.pk])))
    assert "8,000,000.00</bdi> written off" in pledge_page
    speaker = browser(donor_worlds.a_representative(pledge.donor))
    assert "Parliament ended it." in words(speaker.get(page))
    assert post(speaker, page).status_code == 403


def test_a_change_of_bank_details_is_told_to_both_parties_and_verified_by_another_officer() -> None:
    donor = donor_worlds.a_donor()
    speaker = donor_worlds.a_representative(donor)
    treasurer = people.someone(RoleName.TREASURY_OFFICER)
    officer = browser(donor_worlds.secretariat())
    given = {
        "holder": "Treasury of Valdria",
        "bic": "EXMPCHGG",
        "bank": "Example Bank",
        "country": "CH",
        "source": "Letter",
    }
    with clock.moved_to(people.NOON):
        register = reverse("donors:bank_details_new", args=[donor.pk])
        refused = post(officer, register, iban="CH93 0076 2011 6238 5295 8", **given)
        assert refused.status_code == 422
        assert "check digits do not fit" in words(refused)
        assert post(officer, register, iban="CH93 0076 2011 6238 5295 7", **given).status_code == 302
        account = DonorBankAccount.objects.get()
        page = words(officer.get(reverse("donors:bank_details", args=[donor.pk])))
        assert "CH93 0076" not in page
        assert "2957" in page.replace(" ", "")
        for event in Event.objects.filter(kind__startswith="bank_details."):
            notices.announce(event_id=event.pk, at=people.NOON)
        assert sorted(letter.to[0] for letter in mail.outbox) == sorted(
            [speaker.email, treasurer.email, donor_worlds.secretariat().email]
        )
        assert "72 hours" in mail.outbox[0].body
        verify = reverse("donors:bank_details_verify", args=[account.pk])
        assert "another officer must call back" in words(officer.get(verify))
        shown = words(browser(treasurer).get(verify))
        assert "CH9300762011623852957" in shown
    said = {
        "called": "Head of treasury",
        "number": "+41 22 000 00 00",
        "known_from": "The agreement",
        "call_back": "Yes.",
    }
    with clock.moved_to(people.NOON + timedelta(hours=1)):
        client = browser(treasurer)
        nonce = client.get(verify).context["form"]["nonce"].value()
        done = post(
            client, verify, nonce=nonce, code=people.code(), called_on="2026-07-17", called_time="12:30", **said
        )
        assert done.status_code == 302
        page = words(browser(speaker).get(reverse("donors:bank_details", args=[donor.pk])))
    assert "called Head of treasury on +41 22 000 00 00, known from The agreement" in page
    assert browser(people.someone(RoleName.COMMITTEE_MEMBER)).get(verify).status_code == 403


def test_a_treasury_officer_pays_a_refund_with_a_fresh_second_factor() -> None:
    giving_back_worlds.a_committee()
    donor = donor_worlds.money_in("1000000.00").pledge.donor
    giving_back_worlds.verify(giving_back_worlds.details(donor))
    treasurer = people.someone(RoleName.TREASURY_OFFICER)
    officer = browser(donor_worlds.secretariat())
    with clock.moved_to(people.NOON):
        done = post(
            officer,
            reverse("donors:refund_new", args=[donor.pk]),
            amount="250,000.00",
            reason="Exchange of letters of 1 July 2026.",
            **VOTING,
        )
        assert done.status_code == 302
        refund = Refund.objects.get()
        giving_back_worlds.decide(refund.pk)
    page = reverse("donors:refund", args=[refund.pk])
    with clock.moved_to(LATER):
        assert [item.url for item in inbox.waiting_for(treasurer, LATER)] == [page]
        client = browser(treasurer)
        nonce = client.get(page).context["form"]["nonce"].value()
        paying = {"nonce": nonce, "bank_reference": "OUT-77", "paid_on": "2026-07-31"}
        wrong = post(client, page, code="000000", **paying)
        assert wrong.status_code == 422
        assert not Refund.objects.get().is_paid
        assert post(client, page, code=people.code(), **paying).status_code == 302
        assert Refund.objects.get().authorised_by == treasurer
        csv = officer.get(reverse("donors:refunds_csv")).content.decode()
        assert f"{refund.reference},{donor.name},250000.00" in csv
        assert post(officer, page, **paying).status_code == 403
        event = Event.objects.get(kind="refund.paid")
        speaker = donor_worlds.a_representative(donor)
        notices.announce(event_id=event.pk, at=LATER)
    assert speaker.email in [letter.to[0] for letter in mail.outbox]


def test_the_split_of_what_remains_is_shown_and_put_to_the_committee() -> None:
    giving_back_worlds.a_committee()
    for name, amount in (("Orlene", "200.00"), ("Tarsk", "100.00")):
        donor = donor_worlds.a_donor(name)
        pledge = donor_worlds.a_signed_pledge(amount, "USD", donor=donor, years=1, fee_rate="0")
        donor_worlds.a_receipt(pledge, amount)
    client = browser(donor_worlds.secretariat())
    address = reverse("donors:residue")
    with clock.moved_to(people.NOON):
        page = words(client.get(address, {"amount": "100.00"}))
        assert "66.67" in page
        assert "33.33" in page
        done = post(client, address, amount="100.00", reason="The fund closes.", **VOTING)
    assert done.status_code == 302
    assert sorted(refund.amount.figure for refund in Refund.objects.all()) == ["33.33", "66.67"]
    assert queries.refunds_to_pay() == []
    assert post(browser(people.someone(RoleName.TREASURY_OFFICER)), address, amount="1.00").status_code == 403
