"""The pages on which a refund is taken off a payment: asked for, agreed to, and seen on the payment."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from disbursements.models import Programme, RefundOffset
from disbursements.queries import offsets as queries
from tests import disbursement_worlds, payment_worlds
from trustfund.core import clock
from trustfund.core.models import User

pytestmark = pytest.mark.django_db

AT = payment_worlds.APPROVED_AT + timedelta(hours=3)


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def fund() -> payment_worlds.Fund:
    return payment_worlds.a_fund()


@pytest.fixture
def over(fund: payment_worlds.Fund) -> Programme:
    """A programme of the organisation that is over, of which it holds USD 30,000.00 unspent."""
    return payment_worlds.an_owing_programme(fund)


def ask(fund: payment_worlds.Fund, over: Programme, **changes: str) -> Any:
    said = {"tranche": str(fund.tranche.pk), "amount": "30,000.00", "reason": "Next week's payment is larger."}
    with clock.moved_to(AT):
        return client_of(fund.preparer).post(
            reverse("disbursements:new_offset", args=[over.pk]), said | changes, follow=True
        )


def test_a_refund_is_asked_for_agreed_to_and_seen_wherever_the_money_is(fund, over):
    secretariat, certifier = client_of(fund.preparer), client_of(fund.certifier)
    closure = reverse("disbursements:closure", args=[over.pk])
    assert reverse("disbursements:new_offset", args=[over.pk]) in secretariat.get(closure).content.decode()
    refused = ask(fund, over, amount="30,000.01")
    assert (refused.status_code, "owes USD 30,000.00" in refused.content.decode()) == (422, True)
    assert "Asked for. A certifying officer agrees" in ask(fund, over).content.decode()
    offset = RefundOffset.objects.get()
    address, nonce = reverse("disbursements:offset", args=[offset.pk]), uuid4()
    with clock.moved_to(AT):
        assert offset.reference in certifier.get(reverse("pages:home")).content.decode()
        without = certifier.post(address, {"says": "agree", "nonce": nonce})
        assert (without.status_code, RefundOffset.objects.filter(answer=None).count()) == (422, 1)
        proof = payment_worlds.signed(fund.certifier, queries.fingerprint_of(offset, nonce))
        page = certifier.post(address, {"says": "agree", "nonce": nonce, "passkey": proof.passkey}, follow=True)
        assert "Taken off." in page.content.decode()
        prepare = secretariat.get(reverse("disbursements:prepare_payment", args=[fund.tranche.pk])).content.decode()
        assert "was taken off for a refund that the organisation owed" in prepare
        assert "Prepare USD 1,670,000.00 to" in prepare
        payment = payment_worlds.prepare(fund, at=AT)
        seen = secretariat.get(reverse("disbursements:payment", args=[payment.pk])).content.decode()
    assert "of the tranche taken off for a refund" in seen
    assert address in seen
    assert offset.reference in secretariat.get(closure).content.decode()


def test_the_organisations_own_partner_reads_it_and_another_does_not(fund, over):
    ask(fund, over)
    address = reverse("disbursements:offset", args=[RefundOffset.objects.get().pk])
    partner = client_of(disbursement_worlds.a_partner(fund.organisation))
    page = partner.get(address)
    assert (page.status_code, "Only a certifying officer agrees" in page.content.decode()) == (200, True)
    stranger = client_of(disbursement_worlds.a_partner(disbursement_worlds.an_organisation("Another body")))
    assert stranger.get(address).status_code == 404


def test_an_officer_declines_and_says_why(fund, over):
    ask(fund, over)
    offset = RefundOffset.objects.get()
    address = reverse("disbursements:offset", args=[offset.pk])
    with clock.moved_to(AT):
        certifier = client_of(fund.certifier)
        empty = certifier.post(address, {"says": "decline", "nonce": uuid4(), "note": ""})
        assert (empty.status_code, "Say why it is not taken off" in empty.content.decode()) == (422, True)
        said = {"says": "decline", "nonce": uuid4(), "note": "It was sent back on Monday."}
        assert "It was sent back on Monday." in certifier.post(address, said, follow=True).content.decode()
