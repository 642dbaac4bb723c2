"""From the books to the thing and back: links between entries, payments, proposals and receipts, for who may follow."""

from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from disbursements.postings import CONTINUITY_RESERVE
from ledger import queries as ledger_queries
from tests import disbursement_worlds, donor_worlds, payment_worlds, people
from trustfund.core.models import User
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def where(person: User, subject: UUID) -> str | int:
    """Return where a person is led from an id, or the status that answers instead."""
    answer = client_of(person).get(reverse("pages:subject", args=[subject]))
    return answer["Location"] if answer.status_code == 302 else int(answer.status_code)


def test_an_id_leads_to_the_page_about_it() -> None:
    fund, payment = payment_worlds.a_prepared_payment()
    receipt = donor_worlds.money_in("1000.00")
    auditor = people.someone(RoleName.AUDITOR)
    motion = disbursement_worlds.motion_of(fund.proposal)
    proposal = f"/disbursements/proposals/{fund.proposal.pk}/"
    assert where(auditor, payment.pk) == f"/disbursements/payments/{payment.pk}/"
    assert where(auditor, fund.proposal.pk) == proposal
    assert where(auditor, fund.tranche.pk) == proposal
    assert where(auditor, fund.programme.pk) == f"/disbursements/programmes/{fund.programme.pk}/"
    assert where(auditor, receipt.pk) == f"/donors/receipts/{receipt.pk}/"
    assert where(auditor, receipt.pledge_id) == f"/donors/pledges/{receipt.pledge_id}/"
    assert where(auditor, motion.pk) == f"/decisions/{motion.pk}/"
    assert where(auditor, CONTINUITY_RESERVE) == "/disbursements/reserve/"
    assert where(auditor, uuid4()) == 404


def test_what_a_person_may_not_see_is_not_there() -> None:
    fund, payment = payment_worlds.a_prepared_payment()
    receipt = donor_worlds.money_in("1000.00")
    stranger = disbursement_worlds.a_partner(disbursement_worlds.an_organisation())
    donor = donor_worlds.a_representative(donor_worlds.a_donor())
    member = people.someone(RoleName.COMMITTEE_MEMBER)
    seconded = people.someone(RoleName.SECRETARIAT, is_seconded=True)
    own = donor_worlds.a_representative(receipt.pledge.donor)
    for subject in (payment.pk, fund.proposal.pk, fund.tranche.pk, fund.programme.pk, receipt.pk, CONTINUITY_RESERVE):
        assert where(stranger, subject) == 404
    for person in (donor, member, seconded):
        assert where(person, receipt.pk) == 404
        assert where(person, receipt.pledge_id) == 404
    assert where(donor, fund.proposal.pk) == 404
    assert where(own, receipt.pk) == f"/donors/receipts/{receipt.pk}/"


def test_a_page_leads_on_from_whatever_it_was_led_to() -> None:
    fund, payment = payment_worlds.a_prepared_payment()
    receipt = donor_worlds.money_in("1000.00")
    for role in RoleName:
        person = people.someone(role)
        for subject in (payment.pk, fund.proposal.pk, fund.programme.pk, receipt.pk, CONTINUITY_RESERVE):
            led = where(person, subject)
            assert led == 404 or client_of(person).get(str(led)).status_code == 200, (role, led)


def test_payments_proposals_and_receipts_show_their_entries_to_readers_of_the_books_only() -> None:
    fund, payment = payment_worlds.a_prepared_payment()
    receipt = donor_worlds.money_in("1000.00")
    pages = {
        reverse("disbursements:payment", args=[payment.pk]): payment.pk,
        reverse("disbursements:proposal", args=[fund.proposal.pk]): fund.proposal.pk,
        reverse("donors:receipt", args=[receipt.pk]): receipt.pk,
    }
    auditor = client_of(people.someone(RoleName.AUDITOR))
    partner = client_of(disbursement_worlds.a_partner(fund.organisation))
    donor = client_of(donor_worlds.a_representative(receipt.pledge.donor))
    for path, subject in pages.items():
        entry = ledger_queries.entries_about(subject).get()
        door = reverse("ledger:entry", args=[entry.pk])
        assert f'href="{door}"' in auditor.get(path).content.decode()
        for closed in (partner, donor):
            answer = closed.get(path)
            assert "/ledger/entries/" not in answer.content.decode()
        back = auditor.get(door).content.decode()
        assert f'href="{reverse("pages:subject", args=[subject])}"' in back


def test_a_payment_leads_to_the_decision_behind_it() -> None:
    fund, payment = payment_worlds.a_prepared_payment()
    decision = reverse("pages:decision", args=[disbursement_worlds.motion_of(fund.proposal).pk])
    for person in (fund.treasurer, disbursement_worlds.a_partner(fund.organisation)):
        shown = client_of(person).get(reverse("disbursements:payment", args=[payment.pk])).content.decode()
        assert f'href="{decision}"' in shown
        assert client_of(person).get(decision).status_code == 200
