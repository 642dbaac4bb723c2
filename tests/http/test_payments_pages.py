"""Pages of payments and bank details: who sees what, that a refusal is shown, how often lists ask the database."""

import csv
import io
import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from disbursements import operations
from disbursements.gates import GATES
from disbursements.models import BankAccount, BankDetailsRead, Payment
from disbursements.payment_states import StepKind
from disbursements.queries import payments as queries
from tests import payment_worlds as worlds
from tests import people
from tests.payment_worlds import Fund
from trustfund.core import clock
from trustfund.core.models import User
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db

IBAN = "CH9300762011623852957"
MASKED = "295 7"
SEES_DETAILS = {
    RoleName.SECRETARIAT,
    RoleName.CERTIFYING_OFFICER,
    RoleName.TREASURY_OFFICER,
    RoleName.AUDITOR,
}
AFTER = worlds.ENDED_AT


@pytest.fixture
def fund() -> Fund:
    return worlds.a_fund()


def browser(person: User) -> Client:
    """Return a browser in which a person is signed in; it checks CSRF as a real one does."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    return client


def page(client: Client, name: str, *args: Any, status: int = 200) -> str:
    """Return the text of a page."""
    answer = client.get(reverse(f"disbursements:{name}", args=args))
    assert answer.status_code == status, answer.status_code
    return b"".join(answer).decode()


def hidden(text: str, name: str) -> str:
    """Return a hidden value of the page's own form."""
    found = re.search(rf'name="{name}" value="([^"]+)"', text)
    assert found is not None
    return found[1]


def send(client: Client, name: str, /, *args: Any, status: int = 302, **said: Any) -> str:
    """Fill in the form of a page and send it, with the numbers that the page carries."""
    before = page(client, name, *args)
    form = before[before.index('<form method="post"') :]
    said.setdefault("csrfmiddlewaretoken", hidden(form, "csrfmiddlewaretoken"))
    if 'name="nonce"' in form:
        said.setdefault("nonce", hidden(form, "nonce"))
    with clock.moved_to(AFTER):
        answer = client.post(reverse(f"disbursements:{name}", args=args), said)
    text = str(answer.content.decode())
    assert answer.status_code == status, text
    return text


@pytest.mark.parametrize("role", list(RoleName))
def test_bank_details_are_shown_masked_to_officers_and_auditors_and_to_nobody_else(role: RoleName):
    fund, payment = worlds.a_released_payment()
    person = people.someone(role)
    if role == RoleName.PROGRAMME_PARTNER:
        operations.link_partner(
            person_id=person.pk, organisation_id=fund.organisation.pk, actor=fund.secretariat, at=AFTER
        )
    client = browser(person)

    texts = [page(client, "payment", payment.pk), page(client, "payments"), page(client, "payments_csv")]

    assert (MASKED in texts[0]) == (role in SEES_DETAILS)
    assert all(IBAN not in text and "Banque Exemple" not in text for text in texts[1:])
    assert IBAN not in texts[0]
    assert ("Banque Exemple" in texts[0]) == (role in SEES_DETAILS)
    expected = 200 if role in SEES_DETAILS else 403
    for name in ("bank_accounts", "release_queue", "treasury", "treasury_csv"):
        assert client.get(reverse(f"disbursements:{name}")).status_code == expected


@pytest.mark.parametrize("role", sorted(SEES_DETAILS))
def test_seconded_staff_see_no_bank_details_whatever_their_role(role: RoleName):
    _fund, payment = worlds.a_released_payment()
    account = BankAccount.objects.get()
    client = browser(people.someone(role, is_seconded=True))

    text = page(client, "payment", payment.pk)

    assert "USD 1,700,000.00" in text
    assert MASKED not in text
    assert "Banque Exemple" not in text
    assert page(client, "bank_accounts", status=403)
    if role != RoleName.AUDITOR:
        assert page(client, "verify_bank_account", account.pk, status=403)


def test_the_forms_open_to_their_own_role_only(fund: Fund):
    _made, payment = worlds.a_certified_payment(fund)
    account = BankAccount.objects.get()
    doors: dict[tuple[str, Any], set[RoleName]] = {
        ("prepare_payment", fund.tranche.pk): {RoleName.SECRETARIAT},
        ("certify_payment", payment.pk): {RoleName.CERTIFYING_OFFICER},
        ("release_payment", payment.pk): {RoleName.TREASURY_OFFICER},
        ("confirm_payment", payment.pk): {RoleName.CERTIFYING_OFFICER, RoleName.TREASURY_OFFICER},
        ("return_payment", payment.pk): {RoleName.CERTIFYING_OFFICER, RoleName.TREASURY_OFFICER},
        ("cancel_payment", payment.pk): SEES_DETAILS - {RoleName.AUDITOR},
        ("verify_bank_account", account.pk): SEES_DETAILS - {RoleName.AUDITOR},
        ("register_bank_account", None): {RoleName.SECRETARIAT},
        ("record_interest", None): {RoleName.TREASURY_OFFICER},
        ("record_bank_charge", None): {RoleName.TREASURY_OFFICER},
        ("record_refund", None): {RoleName.TREASURY_OFFICER},
        ("record_expenditure", None): {RoleName.SECRETARIAT, RoleName.PROGRAMME_PARTNER},
    }
    for role in RoleName:
        client = browser(people.someone(role))
        for (name, key), roles in doors.items():
            answer = client.get(reverse(f"disbursements:{name}", args=[key] if key else []))
            assert answer.status_code == (200 if role in roles else 403), (role, name)


def test_a_stranger_is_sent_to_sign_in(fund: Fund):
    payment = worlds.prepare(fund)
    for name, args in (("payments", []), ("payment", [payment.pk]), ("release_queue", []), ("bank_accounts", [])):
        answer = Client().get(reverse(f"disbursements:{name}", args=args))
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("account_login"))


def test_a_partner_sees_no_payment_of_another_organisation(fund: Fund):
    payment = worlds.prepare(fund)
    client = browser(people.someone(RoleName.PROGRAMME_PARTNER))

    assert payment.reference not in page(client, "payments")
    assert payment.reference not in page(client, "payments_csv")
    assert page(client, "payment", payment.pk, status=404)
    assert page(browser(fund.preparer), "payment", uuid4(), status=404)


def test_four_people_pay_a_tranche_in_the_browser(fund: Fund):
    send(browser(fund.preparer), "prepare_payment", fund.tranche.pk, value_on=AFTER.date().isoformat())
    payment = Payment.objects.get()
    send(browser(fund.certifier), "certify_payment", payment.pk, code=people.code())
    send(browser(fund.treasurer), "release_payment", payment.pk, typed="1,700,000.00", code=people.code())
    send(
        browser(fund.other_treasurer),
        "confirm_payment",
        payment.pk,
        bank_reference="CAMT-54-1",
        credited_on=AFTER.date().isoformat(),
    )

    payment.refresh_from_db()
    assert (payment.status, fund.tranche.status) == ("confirmed", "paid")
    text = page(browser(people.someone(RoleName.AUDITOR)), "payment", payment.pk)
    for words in ("Pia Preparer", "Cora Certifier", "Tom Treasurer", "Olga Treasurer", "CAMT-54-1", "Gates"):
        assert words in text


def test_a_passkeys_answer_to_this_very_page_releases(fund: Fund):
    _made, payment = worlds.a_certified_payment(fund)
    client = browser(fund.treasurer)
    text = page(client, "release_payment", payment.pk)
    nonce = hidden(text, "nonce")
    proof = worlds.signed(fund.treasurer, queries.fingerprint_of(payment, StepKind.RELEASE, nonce))  # type: ignore[arg-type]

    send(client, "release_payment", payment.pk, typed="1700000", nonce=nonce, passkey=proof.passkey)

    assert Payment.objects.get().status == "released"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"typed": "1700000.01"}, "You typed USD 1,700,000.01"),
        ({"typed": "a lot"}, "Write the amount in digits"),
        ({"typed": "1700000.00", "code": "000000"}, "That code is not right"),
        ({"typed": "1700000.00", "code": ""}, "That code is not right"),
    ],
)
def test_a_refused_release_shows_why_with_the_form_and_moves_nothing(fund: Fund, said: dict[str, Any], words: str):
    _made, payment = worlds.a_certified_payment(fund)

    text = send(browser(fund.treasurer), "release_payment", payment.pk, status=422, **{"code": people.code(), **said})

    assert words in text
    assert "There is a problem" in text
    assert Payment.objects.get().status == "certified"


def test_the_same_form_sent_twice_releases_once_and_says_so_both_times(fund: Fund):
    _made, payment = worlds.a_certified_payment(fund)
    client = browser(fund.treasurer)
    text = page(client, "release_payment", payment.pk)
    said = {
        "csrfmiddlewaretoken": hidden(text, "csrfmiddlewaretoken"),
        "nonce": hidden(text, "nonce"),
        "typed": "1700000.00",
        "code": people.code(),
    }
    with clock.moved_to(AFTER):
        answers = [client.post(reverse("disbursements:release_payment", args=[payment.pk]), said) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Payment.objects.get().steps.filter(kind="release").count() == 1


def test_without_the_pages_token_nothing_is_released(fund: Fund):
    _made, payment = worlds.a_certified_payment(fund)
    answer = browser(fund.treasurer).post(
        reverse("disbursements:release_payment", args=[payment.pk]), {"typed": "1700000.00", "code": people.code()}
    )
    assert (answer.status_code, Payment.objects.get().status) == (403, "certified")


def test_the_payment_page_says_whose_turn_it_is_and_why_it_is_not_yours(fund: Fund):
    payment = worlds.prepare(fund)
    certify = reverse("disbursements:certify_payment", args=[payment.pk])

    assert certify in page(browser(fund.certifier), "payment", payment.pk)
    text = page(browser(fund.treasurer), "payment", payment.pk)
    assert certify not in text
    assert "Only a certifying officer certifies payments." in text
    assert "Next step" not in page(browser(people.someone(RoleName.AUDITOR)), "payment", payment.pk)


def test_the_queue_counts_gates_and_offers_what_is_due(fund: Fund):
    text = page(browser(fund.preparer), "release_queue")
    assert reverse("disbursements:prepare_payment", args=[fund.tranche.pk]) in text

    payment = worlds.prepare(fund)
    text = page(browser(fund.treasurer), "release_queue")
    assert payment.reference in text
    assert f"{len(GATES)} of {len(GATES)} clear" in text
    worlds.an_account(fund, worlds.OTHER_DETAILS)
    assert f"{len(GATES) - 1} of {len(GATES)} clear" in page(browser(fund.treasurer), "release_queue")


def test_a_returned_payment_and_the_one_in_its_place_name_each_other(fund: Fund):
    _made, payment = worlds.a_released_payment(fund)
    send(
        browser(fund.other_treasurer),
        "return_payment",
        payment.pk,
        reason="MS03",
        returned_on=AFTER.date().isoformat(),
        note="No reason given.",
    )
    rerouted = worlds.prepare(fund, at=AFTER)

    assert rerouted.reference in page(browser(fund.preparer), "payment", payment.pk)
    assert payment.reference in page(browser(fund.preparer), "payment", rerouted.pk)
    assert "MS03" in page(browser(fund.preparer), "payment", payment.pk)


def test_cancelling_asks_why(fund: Fund):
    payment = worlds.prepare(fund)
    client = browser(fund.preparer)

    assert "This field is required" in send(client, "cancel_payment", payment.pk, status=422, note="")
    send(client, "cancel_payment", payment.pk, note="Wrong value date.")

    assert Payment.objects.get().status == "cancelled"


def test_the_list_filters_and_its_csv_says_the_same(fund: Fund):
    first = worlds.cancel(fund, worlds.prepare(fund))
    second = worlds.prepare(fund)
    client = browser(fund.treasurer)
    url = reverse("disbursements:payments")

    def listed(query: str) -> list[str]:
        text = client.get(f"{url}{query}").content.decode()
        rows = csv.DictReader(io.StringIO(b"".join(client.get(f"{url}csv/{query}")).decode()))
        found = [row["reference"] for row in rows]
        assert all((one.reference in text) == (one.reference in found) for one in (first, second))
        return found

    assert listed("") == [second.reference, first.reference]
    assert listed("?status=prepared") == [second.reference]
    assert listed(f"?q={first.reference}") == [first.reference]
    assert listed("?q=Nobody") == []
    rows = list(csv.DictReader(io.StringIO(b"".join(client.get(f"{url}csv/")).decode())))
    assert rows[0]["amount"] == "1700000.00"
    assert rows[0]["organisation"] == fund.organisation.name


def test_lists_ask_as_often_for_many_payments_as_for_few(fund: Fund, django_assert_max_num_queries: Any):
    for _ in range(6):
        worlds.cancel(fund, worlds.prepare(fund))
    worlds.prepare(fund)
    client = browser(fund.treasurer)
    page(client, "payments")

    with django_assert_max_num_queries(12):
        page(client, "payments")
    with django_assert_max_num_queries(30):
        page(client, "release_queue")
    with django_assert_max_num_queries(36):
        page(client, "payment", Payment.objects.latest("prepared_at").pk)


def test_details_are_registered_by_one_officer_and_verified_by_another_in_the_browser():
    fund = worlds.a_fund(with_account=False)
    said: dict[str, Any] = {
        **worlds.DETAILS,
        "organisation": str(fund.organisation.pk),
        "source": "Letter of 3 June 2026",
    }
    client = browser(fund.secretariat)

    wrong = send(client, "register_bank_account", status=422, **{**said, "iban": "CH93 0076 2011 6238 5295 8"})
    assert "check digits" in wrong
    send(client, "register_bank_account", **said)
    account = BankAccount.objects.get()
    assert account.iban == IBAN
    assert IBAN not in page(client, "bank_accounts")
    assert IBAN not in page(client, "verify_bank_account", account.pk)
    said = {
        "called": "Amal Idris",
        "telephone": "+41 22 555 01 00",
        "known_from": "The agreement of 2024",
        "called_at": AFTER.strftime("%Y-%m-%dT%H:%M"),
        "call_back": "She confirmed the number.",
    }
    own = send(client, "verify_bank_account", account.pk, status=422, code=people.code(), **said)
    assert "You registered these details" in own

    officer = browser(fund.treasurer)
    assert IBAN in page(officer, "verify_bank_account", account.pk)
    missing = send(officer, "verify_bank_account", account.pk, status=422, **{**said, "known_from": ""})
    assert "This field is required" in missing
    send(officer, "verify_bank_account", account.pk, code=people.code(), **said)

    account = BankAccount.objects.get()
    assert account.verification.verified_by == fund.treasurer
    assert (account.verification.called, account.verification.number) == ("Amal Idris", "+41 22 555 01 00")
    seen = [(read.person, read.page, read.in_full) for read in BankDetailsRead.objects.order_by("id")]
    assert (fund.secretariat, "list", False) in seen
    assert (fund.secretariat, "verify", False) in seen
    assert (fund.treasurer, "verify", True) in seen
    assert "Tom Treasurer" in page(client, "bank_accounts")
