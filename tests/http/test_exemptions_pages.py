"""The pages of exemptions: from request to letter to shipment to tranche; what lies outside is said plainly."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from disbursements.models import Exemption, ExemptionRequest, GoodsDeclaration, Override, Shipment
from tests import disbursement_worlds, exemption_worlds, people
from tests.disbursement_worlds import APPROVED_AT, secretariat
from tests.exemption_worlds import HASH, LANDS, LEAVES, TODAY, VALID_FROM, VALID_TO
from trustfund.core import clock
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db
LIST = "1; Laboratory kit; 57; kit; 17 types; 382200\n2\tTent\t5\tpiece"
PARTIES = "vendor; Example Medical Supply AG; CH\ncarrier; Example Lines; SG"


def client_of(person):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    return client


def page(person, name, *args, query="", at=people.NOON):
    with clock.moved_to(at):
        response = client_of(person).get(reverse(f"disbursements:{name}", args=args) + query)
    assert response.status_code == 200, response.content[:300]
    return response.content.decode()


def send(person, name, /, *args, status=302, at=people.NOON, **fields):
    """Send a page's form with the token that a page gave."""
    client = client_of(person)
    client.get(reverse("disbursements:exemptions"))
    typed = {**fields, "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    with clock.moved_to(at):
        response = client.post(reverse(f"disbursements:{name}", args=args), typed)
    assert response.status_code == status, response.content[:2000]
    return response.content.decode()


CASE = {
    "title": "Laboratory kits",
    "nature": "Diagnosis.",
    "recipients": "Forty hospitals.",
    "need": "Chapter 38.",
    "goods": LIST,
    "route": "direct",
    "submitted_on": TODAY.isoformat(),
}
LETTER = {
    "reference": "S/AC.49/2026/OC.12",
    "body": "1718 Committee",
    "granted_on": VALID_FROM.isoformat(),
    "valid_from": VALID_FROM.isoformat(),
    "valid_to": VALID_TO.isoformat(),
    "shipments_allowed": "2",
    "items": LIST,
    "parties": PARTIES,
    "sha256": "",
    "public_url": "https://letters.example/12",
}
VOYAGE = {
    "carrier": "Example Lines",
    "way": "Dalian to Nampo",
    "departs_on": LEAVES.isoformat(),
    "arrives_on": LANDS.isoformat(),
}


def test_an_exemption_goes_from_request_to_letter_to_shipment_in_the_browser():
    programme = disbursement_worlds.a_programme()
    officer, partner = secretariat(), disbursement_worlds.a_partner(programme.organisation)
    assert "may ask the sanctions body directly" in page(partner, "request_exemption", programme.pk)
    spoilt = send(partner, "request_exemption", programme.pk, status=422, **{**CASE, "goods": "1; Kit"})
    assert "Line 1 has not the fields that are asked for" in spoilt
    send(partner, "request_exemption", programme.pk, **CASE)
    request = ExemptionRequest.objects.get()
    assert "Laboratory kits" in page(officer, "exemptions")
    assert "57 kit" in page(officer, "exemption_request", request.pk)
    fake = SimpleUploadedFile("letter.pdf", b"MZ not a pdf at all")
    wrong = send(officer, "record_letter", request.pk, status=422, paper=fake, **LETTER)
    assert "neither PDF nor JPEG nor PNG" in wrong
    paper = SimpleUploadedFile("../../letter.exe", b"%PDF-1.7 the letter")
    send(officer, "record_letter", request.pk, paper=paper, **LETTER)
    exemption = Exemption.objects.get()
    shown = page(partner, "exemption", exemption.pk)
    for words in ("Valid", "2 of 2", "Laboratory kit", "https://letters.example/12", "Example Medical Supply AG"):
        assert words in shown
    letter = exemption.letters.get()
    answer = client_of(partner).get(reverse("disbursements:letter_paper", args=[letter.pk]))
    assert answer.content == b"%PDF-1.7 the letter"
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert answer["Content-Disposition"] == f'attachment; filename="{letter.sha256[:16]}.pdf"'

    over = send(partner, "plan_shipment", exemption.pk, status=422, **VOYAGE, quantity_1="58", quantity_2="")
    assert "57 kit on the list, 0 already shipped, and this is 58 more" in over
    assert "Ask the committee" not in over
    send(partner, "plan_shipment", exemption.pk, **VOYAGE, quantity_1="40", quantity_2="")
    shipment = Shipment.objects.get()
    assert "40 × Laboratory kit" in page(officer, "exemption", exemption.pk)
    later = people.NOON + timedelta(days=50)
    send(partner, "send_off_shipment", shipment.pk, at=later, on=LEAVES.isoformat())
    send(partner, "land_shipment", shipment.pk, at=later, on=LANDS.isoformat())
    assert "Arrived" in page(partner, "exemption", exemption.pk)


def test_an_exemption_that_runs_out_says_so_and_a_revoked_one_too():
    exemption = exemption_worlds.an_exemption()
    officer = secretariat()
    soon = people.NOON + timedelta(days=245)
    assert "It expires in 5 days" in page(officer, "exemption", exemption.pk, at=soon)
    assert "It has expired" in page(officer, "exemption", exemption.pk, at=soon + timedelta(days=6))
    send(officer, "revoke_exemption", exemption.pk, on=TODAY.isoformat(), because="Withdrawn by OC.99.")
    assert "Withdrawn by OC.99." in page(officer, "exemption", exemption.pk)
    assert "Revoked" in page(officer, "exemptions")


def test_a_tranche_outside_its_exemption_cannot_be_prepared_and_the_page_says_where_to_go():
    tranche = disbursement_worlds.a_due_tranche()
    officer = secretariat()
    exemption = exemption_worlds.an_exemption(tranche.proposal.programme)
    goods = {
        "vendor": "Cheaper Supply Ltd",
        "departs_on": LEAVES.isoformat(),
        "arrives_on": LANDS.isoformat(),
        "quantity_1": "20",
    }
    send(officer, "declare_goods", tranche.pk, exemption.pk, at=APPROVED_AT, **goods)
    shown = page(officer, "goods", tranche.pk, at=APPROVED_AT)
    assert "Cheaper Supply Ltd is not among the vendors" in shown
    assert "Blocked" in shown
    prepare = page(officer, "prepare_payment", tranche.pk, at=APPROVED_AT)
    assert "Cheaper Supply Ltd is not among the vendors" in prepare
    assert reverse("disbursements:goods", args=[tranche.pk]) in prepare
    said = GoodsDeclaration.objects.order_by("-number")[0]
    closes_on = (APPROVED_AT + timedelta(days=5)).date().isoformat()
    send(officer, "ask_to_pay", said.pk, at=APPROVED_AT, reason="It stopped making the kit.", closes_on=closes_on)
    override = Override.objects.get()
    shown = page(officer, "override", override.pk, at=APPROVED_AT)
    assert "It stopped making the kit." in shown
    send(officer, "carry_out_override", override.pk, at=APPROVED_AT)
    override.refresh_from_db()
    assert override.status == "asked"


def test_no_goods_in_scope_is_agreed_to_by_somebody_else_in_the_browser():
    tranche = disbursement_worlds.a_due_tranche()
    officer, other = secretariat(), people.someone(RoleName.CERTIFYING_OFFICER)
    send(officer, "declare_no_goods", tranche.pk, at=APPROVED_AT, reason="Salaries only.")
    said = GoodsDeclaration.objects.order_by("-number")[0]
    assert "someone else must agree" in page(officer, "goods", tranche.pk)
    assert tranche.reference in client_of(other).get("/my-work/").content.decode()
    send(officer, "sign_off_goods", said.pk, at=APPROVED_AT)
    assert not hasattr(GoodsDeclaration.objects.get(pk=said.pk), "sign_off")
    send(other, "sign_off_goods", said.pk, at=APPROVED_AT)
    assert "Salaries only." in page(other, "goods", tranche.pk)


def test_lists_are_taken_away_and_no_cell_is_a_formula():
    exemption_worlds.an_exemption(items=(exemption_worlds.item(1, "=cmd|' /C calc'!A0"),))
    officer = secretariat()
    client = client_of(officer)
    text = client.get(reverse("disbursements:exemptions_csv")).content.decode()
    assert HASH in text
    assert "'=cmd" in client.get(reverse("disbursements:catalogue_csv")).content.decode()
    for name in ("exemptions_xlsx", "catalogue_xlsx"):
        assert client.get(reverse(f"disbursements:{name}")).content.startswith(b"PK")
    assert "=cmd" in page(officer, "catalogue")
    assert "Nothing matches" in page(officer, "catalogue", query="?q=radio")
