"""Pages about promises: announced, conditional, held, amended, above the cap; and what a donor sees of its own."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from committee.models import Motion
from donors import operations, queries
from donors.models import Agreement, Condition, DonorCap, Hold, Pledge
from donors.operations import Rescheduled
from tests import committee_worlds, donor_worlds, people
from tests.db.test_core_pdf_text import GOOD, pdf_of
from trustfund.core import clock
from trustfund.core.money import Money
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db
CLOSES = {"closes_on": "2026-07-24", "closes_at": "12:00"}


@pytest.fixture(autouse=True)
def _at_noon(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with clock.moved_to(people.NOON):
        yield


def signed_in(person) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    client.get(reverse("pages:home"))
    return client


def post(client: Client, name: str, *parts, follow: bool = True, **data):
    token = client.cookies["csrftoken"].value
    return client.post(reverse(f"donors:{name}", args=parts), {"csrfmiddlewaretoken": token, **data}, follow=follow)


def text(response) -> str:
    return response.content.decode()


def read(client: Client, name: str, *parts) -> str:
    response = client.get(reverse(f"donors:{name}", args=parts))
    assert response.status_code == 200, response.status_code
    return text(response)


@pytest.fixture
def officer() -> Client:
    return signed_in(donor_worlds.secretariat())


@pytest.fixture
def second_officer() -> Client:
    return signed_in(people.someone(RoleName.SECRETARIAT, name="Second Officer"))


PROMISE = {"amount": "100.00", "announced_on": "2024-01-02", "signed_on": "2024-01-12", "usd_value": "110.00"}
YEARLY = {"rhythm": "yearly", "first_due_on": "2027-06-30", "years": "5"}


def to_check(officer: Client, agreement: Agreement, promise: dict[str, str]) -> str:
    post(officer, "pledge_amount", agreement.pk, **promise)
    return text(post(officer, "pledge_schedule", agreement.pk, **YEARLY))


def test_an_announced_pledge_is_signed_under_an_agreement_as_it_was_announced(officer):
    donor = donor_worlds.a_donor()
    agreement = donor_worlds.an_agreement(donor)
    page = text(post(officer, "announce", donor.pk, amount="100.00", currency="EUR", announced_on="2024-01-02"))
    pledge = Pledge.objects.get()
    assert "is announced. It is in no total yet." in page
    assert f"{reverse('donors:pledge_amount', args=[agreement.pk])}?announced={pledge.pk}" in page
    first = text(officer.get(reverse("donors:pledge_amount", args=[agreement.pk]), {"announced": str(pledge.pk)}))
    assert f"{pledge.reference}" in first
    assert 'name="amount"' not in first
    post(officer, "pledge_amount", agreement.pk, signed_on="2024-01-12", usd_value="110.00")
    post(officer, "pledge_schedule", agreement.pk, **YEARLY)
    page = text(post(officer, "pledge_check", agreement.pk))
    pledge.refresh_from_db()
    assert (pledge.status, pledge.announced_on) == ("signed", date(2024, 1, 2))
    assert "How it has come along" in page
    assert Pledge.objects.count() == 1


def test_the_schedule_that_is_typed_is_added_up_while_it_is_typed(officer):
    agreement = donor_worlds.an_agreement()
    post(officer, "pledge_amount", agreement.pk, **PROMISE)
    page = text(post(officer, "pledge_totals", agreement.pk, **YEARLY))
    assert all(words in page for words in ("30 Jun 2027", "30 Jun 2031", "EUR 100.00", "EUR 0.00"))
    by_hand = {"rhythm": "by_hand", "by_hand": "2027-06-30 40.00\n2028-06-30 35.50"}
    page = text(post(officer, "pledge_totals", agreement.pk, **by_hand))
    assert all(words in page for words in ("EUR 75.50", "EUR 24.50"))
    assert (
        text(post(officer, "pledge_totals", agreement.pk, rhythm="by_hand", by_hand="tomorrow")).count("EUR 0.00") == 1
    )


def test_a_pledge_under_conditions_is_recorded_shown_confirmed_and_brought_in(officer, second_officer):
    donor_worlds.a_rate("EUR", "0.8", date(2026, 1, 1))
    agreement = donor_worlds.an_agreement()
    promise = {**PROMISE, "usd_value": "", "approver": "The parliament", "by_when": "2026-06-30"}
    page = to_check(officer, agreement, promise)
    assert "Approval by The parliament, by 2026-06-30" in page
    assert "Record it as conditional" in page
    page = text(post(officer, "pledge_check", agreement.pk))
    pledge, condition = Pledge.objects.get(), Condition.objects.get()
    assert "It counts when its conditions are met." in page
    assert "EUR 100.00" in read(officer, "pledges")
    post(officer, "condition_show", condition.pk, happened_on="2026-06-15", evidence="Gazette 114")
    own = read(officer, "pledge", pledge.pk)
    assert "You have shown this, so somebody else must confirm it." in own
    assert "an approval was shown; confirm it" in text(second_officer.get(reverse("pages:home")))
    post(second_officer, "condition_send_back", condition.pk, reason="It is a draft.")
    assert "It is a draft." in read(officer, "pledge", pledge.pk)
    post(officer, "condition_show", condition.pk, happened_on="2026-06-15", evidence="Gazette 115")
    post(second_officer, "condition_confirm", condition.pk)
    assert "its conditions are met; bring it into the books" in text(officer.get(reverse("pages:home")))
    assert "Gazette 115" in read(officer, "pledge_bring_in", pledge.pk)
    page = text(post(officer, "pledge_bring_in", pledge.pk))
    pledge.refresh_from_db()
    assert (pledge.status, pledge.signed_on) == ("signed", date(2026, 6, 15))
    assert "is in the books." in page


def test_matching_is_typed_as_a_rule_and_shows_what_is_counted(officer):
    agreement = donor_worlds.an_agreement(currency="USD")
    other = donor_worlds.a_signed_pledge("500.00", "USD")
    donor_worlds.a_receipt(other, "50.00")
    rule = {"gives": "6", "for_every": "12", "cap_usd": "100.00", "counts": "receipts", "since": "2024-01-01"}
    promise = {name: value for name, value in PROMISE.items() if name != "usd_value"} | rule
    page = text(post(officer, "pledge_amount", agreement.pk, **{**promise, "since": ""}))
    assert "Matching needs this: proportion, most, and since when." in page
    to_check(officer, agreement, promise)
    page = text(post(officer, "pledge_check", agreement.pk))
    assert "Up to USD 100.00: 6 for every 12 of others, money received since 2024-01-01" in page
    assert all(figure in page for figure in ("50.00", "200.00", "25.00"))


def test_a_conditional_pledge_is_put_to_the_committee_and_taken_when_it_carried(officer):
    committee_worlds.a_committee()
    donor_worlds.a_rate("EUR", "0.8", date(2026, 1, 1))
    pledge = donor_worlds.a_conditional_pledge()
    assert "Approval by The parliament" in read(officer, "condition_ask", pledge.pk)
    page = text(post(officer, "condition_ask", pledge.pk, reason="The parliament is dissolved.", **CLOSES))
    motion = Motion.objects.get(subject=pledge.pk)
    assert f"{motion.reference} is before the committee." in page
    assert post(officer, "pledge_bring_in", pledge.pk).status_code == 422
    committee_worlds.carry(motion)
    with clock.moved_to(motion.closes_at):
        post(officer, "pledge_bring_in", pledge.pk)
    pledge.refresh_from_db()
    assert pledge.status == "signed"


def test_words_that_tie_a_pledge_are_shown_and_held_and_let_go_by_the_committee(officer):
    committee_worlds.a_committee()
    agreement = donor_worlds.an_agreement()
    page = to_check(officer, agreement, {**PROMISE, "words": "It is reserved for clinics in Kenya."})
    assert all(words in page for words in ("reserved for", "Kenya", "names a place", "Hold the text for the committee"))
    page = text(post(officer, "pledge_check", agreement.pk, hold="1"))
    hold, pledge = Hold.objects.get(), Pledge.objects.get()
    assert "holds the text. Ask the committee." in page
    assert (pledge.status, pledge.words) == ("announced", "It is reserved for clinics in Kenya.")
    assert f"{hold.reference} holds this pledge" in read(officer, "pledge", pledge.pk)
    assert "held: the text names an earmark" in text(officer.get(reverse("pages:home")))
    post(officer, "hold_ask", hold.pk, reason="The donor insists.", **CLOSES)
    motion = Motion.objects.get(subject=hold.pk)
    post(officer, "hold_accept", hold.pk)
    hold.refresh_from_db()
    assert not hold.is_accepted
    committee_worlds.carry(motion)
    with clock.moved_to(motion.closes_at):
        page = text(post(officer, "hold_accept", hold.pk))
    assert "The words stand as a preference that binds nobody." in page
    assert "A preference, binding nobody" in read(officer, "holds")
    assert "Held texts and preferences" in read(officer, "donor", pledge.donor_id)


def test_a_condition_that_names_an_earmark_is_held_by_itself(officer):
    agreement = donor_worlds.an_agreement()
    promise = {**PROMISE, "usd_value": "", "approver": "A board", "by_when": "2027-01-01"}
    to_check(officer, agreement, {**promise, "condition_words": "If it is spent in Kenya."})
    post(officer, "pledge_check", agreement.pk, hold="1")
    assert (Hold.objects.get().of, Pledge.objects.count()) == ("condition", 0)


TERMS = {
    "signed_on": "2025-03-01",
    "from_year": "2024",
    "to_year": "2029",
    "fee_percent": "2",
    "termination_notice_days": "60",
    "termination_clause": "What was deposited stays for its purpose.",
    "summary": "One year more.",
    "certified_final": "07-31",
}


def a_pdf(words: str = "") -> SimpleUploadedFile:
    content = pdf_of(f"BT /F1 12 Tf 72 700 Td ({words}) Tj ET".encode()) if words else GOOD
    return SimpleUploadedFile("../../etc/passwd", content, content_type="text/html")


def test_an_agreement_is_amended_in_three_steps_with_its_redline(officer):
    pledge = donor_worlds.a_signed_pledge("100.00", "EUR", usd_value="110.00")
    donor_worlds.a_rate("EUR", "0.8")
    donor_worlds.a_receipt(pledge, "25.00")
    first = pledge.agreement
    assert "Hand in the document, or write what it says." in text(
        post(officer, "agreement_amend", first.pk, **{**TERMS, "summary": ""})
    )
    page = text(post(officer, "agreement_amend", first.pk, **TERMS, document=a_pdf()))
    assert "2 instalments stay" in page
    named = f"{pledge.pk}-"
    rest = {f"{named}rhythm": "by_hand", f"{named}by_hand": "2026-06-30 40.00\n2029-06-30 70.00"}
    totals = text(post(officer, "agreement_amend_totals", first.pk, pledge.pk, **rest))
    assert all(words in totals for words in ("EUR 150.00", "EUR 100.00", "EUR 50.00"))
    page = text(post(officer, "agreement_amend_schedules", first.pk, **rest))
    assert all(words in page for words in ("<del>1%</del>", "<ins>2%</ins>", "<ins>EUR 150.00</ins>", "07-31"))
    assert "<ins>The contribution is unearmarked.</ins>" in page
    page = text(post(officer, "agreement_amend_check", first.pk))
    second = Agreement.objects.get(version=2)
    assert f"{second} is in force." in page.replace("&#x27;", "'")
    assert (second.fee_rate, second.document_is_held) == (Decimal("0.02"), True)
    pledge.refresh_from_db()
    assert (pledge.amount, pledge.agreement_id) == (Money.of("150.00", "EUR"), second.pk)
    response = officer.get(reverse("donors:agreement_document", args=[second.pk]))
    assert response.content == GOOD
    assert response["Content-Disposition"] == f'attachment; filename="{second.reference}-version-2.pdf"'
    assert officer.get(reverse("donors:agreement_document", args=[first.pk])).status_code == 404
    # The donor sees its own versions and redlines, and nobody else's.
    own = signed_in(donor_worlds.a_representative(pledge.donor))
    assert "What this version changed" in read(own, "agreement", second.pk)
    assert "a later version is in force" in read(own, "agreement", first.pk)
    other = signed_in(donor_worlds.a_representative(donor_worlds.a_donor()))
    assert other.get(reverse("donors:agreement", args=[second.pk])).status_code == 404


def test_an_amendment_whose_text_names_an_earmark_is_held_and_passes_once_it_is_accepted(officer):
    committee_worlds.a_committee()
    agreement = donor_worlds.a_signed_pledge("100.00", "EUR").agreement
    post(officer, "agreement_amend", agreement.pk, **TERMS, document=a_pdf("It is reserved for Kenya."))
    kept = {f"{Pledge.objects.get().pk}-rhythm": "keep"}
    page = text(post(officer, "agreement_amend_schedules", agreement.pk, **kept))
    assert "Hold the text for the committee" in page
    refused = text(post(officer, "agreement_amend_check", agreement.pk))
    assert "so no promise is tied to anything" in refused
    post(officer, "agreement_amend_check", agreement.pk, hold="1")
    hold = Hold.objects.get()
    motion = operations.ask_for_preference(
        hold_id=hold.pk,
        reason="It insists.",
        closes_at=committee_worlds.CLOSES_AT,
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )
    committee_worlds.carry(motion)
    operations.accept_preference(hold_id=hold.pk, actor=donor_worlds.secretariat(), at=motion.closes_at)
    post(officer, "agreement_amend_check", agreement.pk)
    assert Agreement.objects.filter(version=2).exists()


BAD_FILES = [
    (b"MZ not a pdf", "This is no PDF."),
    (b"%PDF-1.7 broken", "This PDF cannot be read."),
    (b"%PDF-1.7" + b"\0" * (10 * 1024 * 1024), "A document has at most 10 MB."),
]


@pytest.mark.parametrize(("content", "words"), BAD_FILES)
def test_a_hostile_document_is_refused_with_a_reason(officer, content, words):
    donor = donor_worlds.a_donor()
    terms = {**TERMS, "currency": "EUR", "document": SimpleUploadedFile("a.pdf", content)}
    response = post(officer, "agreement_new", donor.pk, **terms)
    assert response.status_code == 422
    assert words in text(response)
    assert not Agreement.objects.exists()


def test_an_agreement_is_known_by_its_hash_and_what_it_says(officer):
    donor = donor_worlds.a_donor()
    terms = {**TERMS, "currency": "EUR"}
    assert "A SHA-256 has 64 digits" in text(post(officer, "agreement_new", donor.pk, **terms, sha256="abc"))
    assert "no day of a year" in text(post(officer, "agreement_new", donor.pk, **{**terms, "consolidated": "02-31"}))
    post(officer, "agreement_new", donor.pk, **terms, sha256="A" * 64)
    agreement = Agreement.objects.get()
    assert (agreement.document_sha256, agreement.document_is_held) == ("a" * 64, False)
    assert "31 July" in read(officer, "agreement", agreement.pk)


def test_an_agreement_that_names_an_earmark_says_so_at_once(officer):
    donor = donor_worlds.a_donor()
    terms = {**TERMS, "currency": "EUR", "summary": "It is earmarked for children."}
    page = text(post(officer, "agreement_new", donor.pk, **terms))
    assert "is recorded, and held" in page
    assert "holds this agreement: its text names an earmark." in page
    agreement = Agreement.objects.get()
    page = to_check(officer, agreement, PROMISE)
    assert "Nothing is signed before the committee has answered." in page
    assert "The committee alone lets it go." in text(post(officer, "pledge_check", agreement.pk))


def test_a_donor_above_the_cap_is_warned_of_and_put_to_the_committee(officer):
    committee_worlds.a_committee()
    donor = donor_worlds.a_donor("Orlene")
    pledge = donor_worlds.a_signed_pledge("400.00", "USD", donor=donor)
    donor_worlds.a_signed_pledge("300.00", "USD")
    donor_worlds.a_signed_pledge("300.00", "USD")
    promise = {**PROMISE, "amount": "1000.00"}
    promise.pop("usd_value")
    assert "Orlene would have 70.0% of the pool; the cap is 30.0%." in to_check(officer, pledge.agreement, promise)
    page = read(officer, "share", donor.pk)
    assert all(words in page for words in ("40.0%", "30.0%", "Ask the committee"))
    assert "above the cap of 30% of the pool; ask the committee" in text(officer.get(reverse("pages:home")))
    post(officer, "share_ask", donor.pk, reason="It signed first.", **CLOSES)
    (question,) = queries.share_questions_of(donor)
    committee_worlds.carry(Motion.objects.get(subject=question.pk))
    assert "The committee has accepted up to 40.00%." in read(officer, "share", donor.pk)
    receipt = {"pledge": str(pledge.pk), "value_on": "2026-07-01", "bank_reference": "B-1", "payer": "Treasury"}
    page = text(post(officer, "receipt_new", **receipt, amount="400.00", currency="USD"))
    assert "Orlene is above the cap of 30% of the pool. Ask the committee." in page


def test_the_cap_is_set_by_the_fund_administrator_alone(officer):
    administrator = signed_in(people.someone(RoleName.FUND_ADMINISTRATOR))
    assert "30.00% of the pool" in read(officer, "cap")
    assert post(officer, "cap", percent="35", reason="DEC-1").status_code == 403
    assert "35.00% of the pool" in text(post(administrator, "cap", percent="35", reason="DEC-2026-004"))
    assert DonorCap.objects.get().share == Decimal("0.35")
    assert post(administrator, "cap", percent="101", reason="No").status_code == 422


def test_what_happened_out_of_order_is_shown_with_both_days(officer):
    pledge = donor_worlds.a_signed_pledge("100.00", "USD")
    donor_worlds.a_receipt(pledge, "10.00", on=date(2023, 12, 1))
    operations.amend_agreement(
        agreement_id=pledge.agreement_id,
        terms=pledge.agreement.terms,
        rescheduled=[Rescheduled(pledge.pk, [(date(2030, 6, 30), Money.of("50.00", "USD"))])],
        actor=donor_worlds.secretariat(),
        at=people.NOON + timedelta(minutes=1),
    )
    page = read(officer, "pledge", pledge.pk)
    assert "before a step that was written down earlier" in page
    steps = queries.steps_of(pledge)
    assert [step.state for step in steps] == ["announced", "signed", "received", "amended"]
    assert [step.is_out_of_order for step in steps] == [False, False, True, False]
