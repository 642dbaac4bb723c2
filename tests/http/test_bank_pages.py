"""The bank's pages and the desk: a file's fate, a refusal that is shown, and the bank beside the books."""

import csv
from datetime import date
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from bank.models import BankFile, BankLine, OwnAccount
from donors import operations
from donors.models import Match, Receipt, Unidentified
from ledger import chart
from ledger import queries as ledger_queries
from tests import bank_worlds, donor_worlds, people
from tests.bank_worlds import Said
from tests.unit.test_bank_readers import GOOD, LAUGHS
from trustfund.core import clock
from trustfund.core.money import Money
from trustfund.core.roles import RoleName
from trustfund.pages.queries.reconciliation import reconciliation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_17th_of_july_2026():
    with clock.moved_to(people.NOON):
        yield


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def secretariat() -> Client:
    return signed_in(donor_worlds.secretariat())


def text(response) -> str:
    return " ".join(response.content.decode().split())


def usd(amount):
    return Money.of(amount, "USD")


def bring(client, content, name="july.xml"):
    return client.post("/bank/", {"file": SimpleUploadedFile(name, content)}, follow=True)


def a_pledge(**more):
    return donor_worlds.a_signed_pledge("3000.00", "USD", years=3, first_due=date(2026, 7, 1), **more)


def test_a_file_shows_its_fate_and_hands_itself_out_as_nothing_that_opens(secretariat):
    bank_worlds.an_account()
    content = bank_worlds.a_statement(Said(amount="5.00", reference="=SUM(A1)"))
    page = bring(secretariat, content, '<img src=x>"july.xml')
    file = BankFile.objects.get()
    assert "is in, with 1 new lines" in text(page)
    assert "<img src=x>" not in page.content.decode()
    original = secretariat.get(reverse("bank:original", args=[file.pk]))
    assert original.content == content
    assert (original["Content-Type"], original["Content-Disposition"]) == (
        "application/octet-stream",
        f'attachment; filename="{file.reference}.txt"',
    )
    statement = file.statements.get()
    table = secretariat.get(reverse("bank:statement_csv", args=[statement.pk])).content.decode("utf-8-sig")
    (_head, row) = csv.reader(StringIO(table))
    assert (row[5], row[7]) == ("5.00", "'=SUM(A1)")
    sheet = load_workbook(BytesIO(secretariat.get(reverse("bank:lines_xlsx")).content)).active
    assert (sheet["F2"].value, sheet["H2"].value) == (5, "'=SUM(A1)")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            bank_worlds.a_statement(Said(amount="5.00"), opening="10.00", closing="14.99", name="S-9"),
            "does not close: it opens with 10.00 USD, its entries add up to 5.00, and it closes with 14.99.",
        ),
        (
            GOOD.replace("<?xml version='1.0' encoding='UTF-8'?>", LAUGHS).encode(),
            "The file declares a document type, which no bank",
        ),
    ],
)
def test_a_file_that_stays_out_says_why(secretariat, content, words):
    bank_worlds.an_account()
    assert words in text(bring(secretariat, content))
    assert BankLine.objects.count() == 0
    assert words[:14] in text(secretariat.get("/bank/"))


def test_no_file_and_an_empty_one_are_refused_on_the_form(secretariat):
    assert secretariat.post("/bank/", {}).status_code == 422
    assert "empty" in text(secretariat.post("/bank/", {"file": SimpleUploadedFile("a", b"")}))
    assert BankFile.objects.count() == 0


def test_treasury_registers_an_account_once(secretariat):
    treasurer = signed_in(bank_worlds.treasurer())
    said = {"name": "Operating", "number": "NL41 MOCK 0000 0000 01", "currency": "USD", "bank_name": "Bank", "bic": ""}
    assert treasurer.post("/bank/accounts/new/", said).status_code == 302
    assert OwnAccount.objects.get().number == "NL41MOCK0000000001"
    assert "registered as the fund&#x27;s already" in text(treasurer.post("/bank/accounts/new/", said))


def test_the_desk_splits_a_line_and_shows_what_is_refused(secretariat):
    one, other = a_pledge(), a_pledge()
    line = bank_worlds.a_credit("1500.00", text=f"For {one.reference}")
    url = reverse("donors:desk_line", args=[line.pk])
    assert f"the bank&#x27;s line names {one.reference}" in text(secretariat.get("/donors/desk/"))
    said = {"pledge_1": one.pk, "amount_1": "1000.00", "pledge_2": other.pk, "amount_2": "500.01"}
    refused = secretariat.post(url, said)
    assert refused.status_code == 422
    assert "has not that much left" in text(refused)
    assert Receipt.objects.count() == 0
    assert "belong together" in text(secretariat.post(url, said | {"amount_2": ""}))
    assert secretariat.post(url, said | {"amount_2": "500.00"}).status_code == 302
    assert [str(receipt.received) for receipt in Receipt.objects.order_by("reference")] == [
        "USD 1,000.00",
        "USD 500.00",
    ]
    assert "Nothing of this line waits any more." in text(secretariat.get(url))


def test_lines_of_one_payer_are_put_together(secretariat):
    pledge = a_pledge()
    one, other = bank_worlds.lines_in(Said(amount="400.00", reference="A"), Said(amount="600.00", reference="B"))
    url = reverse("donors:desk_line", args=[one.pk])
    said = {"pledge_1": pledge.pk, "amount_1": "400.00", "others": [str(other.pk)]}
    assert "Lines are put together for one pledge" in text(
        secretariat.post(url, said | {"amount_1": "100.00", "pledge_2": pledge.pk, "amount_2": "300.00"})
    )
    assert secretariat.post(url, said).status_code == 302
    assert Receipt.objects.filter(pledge=pledge).count() == 2


def test_a_returned_line_leads_to_the_receipt_that_it_took_back(secretariat):
    pledge = a_pledge()
    line = bank_worlds.a_credit("1000.00", end_to_end="E-1")
    secretariat.post(reverse("donors:desk_line", args=[line.pk]), {"pledge_1": pledge.pk, "amount_1": "1000.00"})
    receipt = Receipt.objects.get()
    (debit,) = bank_worlds.lines_in(
        Said(amount="-1000.00", reference="R", end_to_end="E-1", returned="AC04"), opening="1000.00", on="2026-07-17"
    )
    page = text(secretariat.get(reverse("donors:desk_line", args=[debit.pk])))
    assert "the bank gives both the same end-to-end id, and the amount is the same" in page
    reverse_url = reverse("donors:receipt_reverse", args=[receipt.pk])
    assert f"{reverse_url}?line={debit.pk}" in page
    assert f'<option value="{debit.pk}" selected>' in text(secretariat.get(f"{reverse_url}?line={debit.pk}"))
    said = {"line": debit.pk, "reversed_on": "2026-07-17", "reason": "Account closed."}
    assert secretariat.post(reverse_url, said).status_code == 302
    assert ledger_queries.balance_of(chart.CASH) == usd("0.00")


def test_unidentified_money_is_listed_by_age_and_matched_by_two(secretariat):
    pledge = a_pledge()
    line = bank_worlds.a_credit("1000.00", on="2026-06-01", party="Unknown", party_account="")
    assert secretariat.post(reverse("donors:hold_line", args=[line.pk])).status_code == 302
    held = Unidentified.objects.get()
    page = text(secretariat.get("/donors/unidentified/"))
    assert "31–60" in page
    rows = list(
        csv.reader(StringIO(secretariat.get("/donors/unidentified/unidentified.csv").content.decode("utf-8-sig")))
    )
    assert rows[1][:6] == [held.reference, "2026-06-01", "46", "USD", "1000.00", "1000.00"]
    url = reverse("donors:held", args=[held.pk])
    assert secretariat.post(url, {"pledge": pledge.pk, "amount": "1000.00", "grounds": ""}).status_code == 422
    assert secretariat.post(url, {"pledge": pledge.pk, "amount": "1000.00", "grounds": "A letter."}).status_code == 302
    match = Match.objects.get()
    confirm, decline = (reverse(f"donors:match_{step}", args=[match.pk]) for step in ("confirm", "decline"))
    assert "another person must confirm" in text(secretariat.post(confirm, follow=True))
    assert Receipt.objects.count() == 0
    treasurer = signed_in(bank_worlds.treasurer())
    assert match.reference in text(treasurer.get("/my-work/"))
    assert treasurer.post(decline, {"because": ""}).status_code == 422
    treasurer.post(confirm)
    assert Receipt.objects.get().confirmed_by == bank_worlds.treasurer()
    assert "is decided already" in text(treasurer.post(decline, {"because": "No."}))


def test_money_typed_in_another_currency_waits_for_a_second_person(secretariat):
    pledge = a_pledge()
    donor_worlds.a_rate("EUR", "0.9")
    said = {
        "pledge": pledge.pk,
        "value_on": "2026-07-16",
        "bank_reference": "B-1",
        "payer": "Valdria",
        "amount": "900.00",
        "currency": "EUR",
        "settles": "1000.00",
        "usd_value": "",
        "grounds": "",
    }
    assert "is one person&#x27;s word" in text(secretariat.post("/donors/receipts/new/", said))
    assert secretariat.post("/donors/receipts/new/", said | {"grounds": "The agreement."}).status_code == 302
    assert (Match.objects.get().status, Receipt.objects.count()) == ("waiting", 0)


def test_a_receipt_typed_by_hand_is_found_on_its_line(secretariat):
    receipt = donor_worlds.a_receipt(a_pledge(), "1000.00", on=date(2026, 7, 16), bank_reference="MB-9")
    line = bank_worlds.a_credit("1000.00", reference="MB-9")
    assert f"This line is {receipt.reference}" in text(secretariat.get(reverse("donors:desk_line", args=[line.pk])))
    secretariat.post(reverse("donors:tie", args=[line.pk]), {"receipt": receipt.pk})
    assert "Every line that came in is matched or held." in text(secretariat.get("/donors/desk/"))


def test_bank_and_books_differ_by_reasons_and_by_nothing_else(secretariat):
    typed = donor_worlds.a_receipt(a_pledge(), "1000.00", on=date(2026, 7, 16))
    pledge = a_pledge()
    matched, _unknown, _waits, _out = bank_worlds.lines_in(
        Said(amount="500.00", reference="A"),
        Said(amount="200.00", reference="U"),
        Said(amount="70.00", reference="W"),
        Said(amount="-30.00", reference="O"),
        opening="90.00",
    )
    parts = [operations.Part(line_id=matched.pk, pledge_id=pledge.pk, amount=usd("500.00"))]
    operations.match_lines(parts=parts, actor=donor_worlds.secretariat(), at=people.NOON)
    operations.hold_unidentified(line_id=_unknown.pk, actor=donor_worlds.secretariat(), at=people.NOON)
    said = reconciliation(people.NOON.date())
    assert (said.bank, said.books) == (usd("830.00"), usd("1685.00"))
    assert [str(reason.amount.amount) for reason in said.reasons] == ["90.00", "70.00", "-30.00", "5.00", "-990.00"]
    assert said.unexplained == usd("0.00")
    page = text(secretariat.get("/bank-and-books/"))
    assert "Every cent of the difference has a reason." in page
    assert "In the books, on no line of the bank: Money received" in page
    before = reconciliation(date(2026, 7, 15))
    assert (before.accounts, before.books) == ([], usd("0.00"))
    rows = list(csv.reader(StringIO(secretariat.get("/bank-and-books/reasons.csv").content.decode("utf-8-sig"))))
    assert rows[-1][1:] == ["Unexplained", "USD", "0.00"]
    assert typed.received == usd("1000.00")


def test_an_auditor_reads_the_desk_and_finds_no_button(secretariat):
    line = bank_worlds.a_credit("1000.00", text=f"For {a_pledge().reference}")
    page = text(signed_in(people.someone(RoleName.AUDITOR)).get(reverse("donors:desk_line", args=[line.pk])))
    assert "Nearly certain" in page
    assert "Hold as unidentified" not in page
    assert "<form" not in page.partition('id="main"')[2]
