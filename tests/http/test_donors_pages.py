"""The donors' pages: who sees what, that a refusal is shown, and that nothing is posted without a token."""

import csv
from datetime import UTC, date, datetime
from io import BytesIO, StringIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from donors import operations, tasks
from donors.models import Agreement, Donor, ExchangeRate, Pledge, Receipt, Representative, StopRequest
from ledger import chart
from ledger import queries as ledger_queries
from tests import donor_worlds, people
from trustfund.core import clock
from trustfund.core.money import Money
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _on_the_17th_of_july_2026():
    with clock.moved_to(people.NOON):
        yield


def signed_in(person) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    return client


def post(client, url, data):
    """Post as a browser does: with the token of the page that the form stands on."""
    page = client.get(url)
    assert page.status_code == 200
    return client.post(url, data | {"csrfmiddlewaretoken": client.cookies["csrftoken"].value})


def text(response) -> str:
    return " ".join(response.content.decode().split())


def a_world():
    """Return a pledge of EUR 40 million of which EUR 19 million came, and its donor's representative."""
    donor = donor_worlds.a_donor("Republic of Valdria")
    pledge = donor_worlds.a_signed_pledge("40000000.00", "EUR", donor=donor)
    donor_worlds.a_rate("EUR", "0.921", date(2024, 1, 1))
    donor_worlds.a_receipt(pledge, "8000000.00", on=date(2024, 3, 12), bank_reference="ZKB-1")
    donor_worlds.a_receipt(pledge, "11000000.00", on=date(2025, 6, 27), bank_reference="ZKB-2")
    return pledge, donor_worlds.a_representative(donor)


READ = [
    ("donors:donors", lambda pledge: []),
    ("donors:donor", lambda pledge: [pledge.donor_id]),
    ("donors:pledges", lambda pledge: []),
    ("donors:pledge", lambda pledge: [pledge.pk]),
    ("donors:schedule_csv", lambda pledge: [pledge.pk]),
    ("donors:receipts", lambda pledge: []),
    ("donors:receipt", lambda pledge: [Receipt.objects.get(bank_reference="ZKB-1").pk]),
    ("donors:rates", lambda pledge: []),
    ("donors:stop_requests", lambda pledge: []),
]
WRITE = [
    ("donors:register", lambda pledge: []),
    ("donors:appoint", lambda pledge: [pledge.donor_id]),
    ("donors:agreement_new", lambda pledge: [pledge.donor_id]),
    ("donors:pledge_amount", lambda pledge: [pledge.agreement_id]),
    ("donors:receipt_new", lambda pledge: []),
    ("donors:receipt_reverse", lambda pledge: [Receipt.objects.get(bank_reference="ZKB-1").pk]),
    ("donors:rate_new", lambda pledge: []),
    ("donors:stop_request_new", lambda pledge: []),
]
OWN = {"donors:donor", "donors:pledge", "donors:schedule_csv", "donors:receipt"}


def statuses(person, pages, pledge) -> dict[str, int]:
    client = signed_in(person)
    return {name: client.get(reverse(name, args=parts(pledge))).status_code for name, parts in pages}


def test_who_sees_what():
    pledge, representative = a_world()
    other = donor_worlds.a_representative(donor_worlds.a_donor("Orlene"))
    assert set(statuses(people.someone(RoleName.SECRETARIAT), READ + WRITE, pledge).values()) == {200}

    auditor = people.someone(RoleName.AUDITOR)
    assert set(statuses(auditor, READ, pledge).values()) == {200}
    assert set(statuses(auditor, WRITE, pledge).values()) == {403}

    assert {name for name, status in statuses(representative, READ, pledge).items() if status == 200} == OWN | {
        "donors:stop_requests"
    }
    assert {name for name, status in statuses(other, READ, pledge).items() if status == 404} == OWN
    assert statuses(other, READ, pledge)["donors:donors"] == 403

    seconded = statuses(people.someone(RoleName.SECRETARIAT, is_seconded=True), READ + WRITE, pledge)
    assert {name for name, status in seconded.items() if status == 404} == OWN
    assert {name for name, status in seconded.items() if status == 200} == {"donors:rates"}

    for role in (RoleName.CHAIR, RoleName.COMMITTEE_MEMBER, RoleName.ALTERNATE, RoleName.FUND_ADMINISTRATOR):
        seen = statuses(people.someone(role), READ + WRITE, pledge)
        assert {name for name, status in seen.items() if status == 200} == {"donors:stop_requests"}, role
    partner = statuses(people.someone(RoleName.PROGRAMME_PARTNER), READ + WRITE, pledge)
    assert set(partner.values()) == {403}


def test_a_stranger_is_sent_to_sign_in():
    response = Client().get(reverse("donors:pledges"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_a_donor_finds_their_pledge_with_what_is_overdue_first():
    pledge, representative = a_world()
    client = signed_in(representative)
    response = client.get(reverse("donors:mine"))
    assert response.status_code == 302
    assert response["Location"] == reverse("donors:pledge", args=[pledge.pk])
    page = text(client.get(response["Location"]))
    notice = page.index("of the 2026 instalment is 17 days overdue.")
    assert page.index("EUR 5,000,000.00") < notice < page.index("Received (47.5%)")
    facts = ["EUR 40,000,000.00", "EUR 19,000,000.00", "EUR 5,000,000.00", "EUR 16,000,000.00"]
    at = page.index('<dl class="facts">')
    for figure in facts:
        at = page.index(figure, at)
    assert "It fell due on" in page
    assert "<svg" in page
    assert "Receipts" in page
    assert "Money received" in page
    assert reverse("donors:receipt_new") not in page


def test_a_representative_of_nobody_is_told_whom_to_ask():
    page = text(signed_in(people.someone(RoleName.DONOR_REPRESENTATIVE)).get(reverse("donors:mine")))
    assert "You do not speak for a donor yet. Ask the secretariat to appoint you." in page


def test_an_announced_pledge_is_shown_as_such():
    donor = donor_worlds.a_donor("Orlene")
    pledge = operations.announce_pledge(
        donor_id=donor.pk,
        amount=Money.of("500.00", "EUR"),
        announced_on=date(2026, 7, 1),
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )
    page = text(signed_in(donor_worlds.a_representative(donor)).get(reverse("donors:pledge", args=[pledge.pk])))
    assert "This pledge is announced, not signed." in page
    assert '<svg class="chart' not in page


def test_the_schedule_leaves_as_csv_in_which_no_cell_is_a_formula():
    pledge, representative = a_world()
    operations.record_receipt(
        pledge_id=pledge.pk,
        received=Money.of("1.00", "EUR"),
        value_on=date(2025, 7, 1),
        bank_reference="+41-CALL",
        payer='=HYPERLINK("https://example.invalid")',
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )
    client = signed_in(representative)
    response = client.get(reverse("donors:schedule_csv", args=[pledge.pk]))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{pledge.reference}-schedule-2026-07-17.csv"'
    rows = list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))
    assert rows[1] == [
        "1",
        "2024-06-30",
        "paid",
        "EUR",
        "8000000.00",
        "8000000.00",
        "0.00",
        "0.00",
        "8686210.64",
        "-113789.36",
    ]
    assert len(rows) == 6
    response = client.get(reverse("donors:receipts_csv", args=[pledge.pk]))
    rows = list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))
    assert rows[-1][3:5] == ['\'=HYPERLINK("https://example.invalid")', "'+41-CALL"]
    assert dict(zip(rows[0], rows[-1], strict=True))["Exchange effect in USD"] == "-0.01"
    assert len(rows) == 4


def test_the_same_tables_leave_as_spreadsheets():
    pledge, representative = a_world()
    client = signed_in(representative)
    found = {}
    for name in ("schedule", "receipts"):
        response = client.get(reverse(f"donors:{name}_xlsx", args=[pledge.pk]))
        sheet = load_workbook(BytesIO(response.content), read_only=True).active
        found[name] = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [len(rows) for rows in found.values()] == [6, 3]
    assert found["schedule"][1][4:] == [8000000, 8000000, 0, 0, 8686210.64, -113789.36]
    assert found["receipts"][1][4:7] == ["ZKB-1", "EUR", 8000000]


def test_every_table_of_a_donor_leaves_both_ways_with_the_same_rows_and_a_link_beside_it():
    pledge, representative = a_world()
    donor, agreement = pledge.donor, pledge.agreement
    with clock.moved_to(people.NOON):
        tasks.remind()
    client, auditor = signed_in(representative), signed_in(people.someone(RoleName.AUDITOR))
    own = [donor.name, pledge.reference, "Part paid", "2024-01-12", "2024-01-12", agreement.reference, "1", "EUR"]
    own += ["40000000.00", "21000000.00", "44000000.00"]
    days = ["03-31", "04-30", "05-31", "06-30", "06-30"]
    for reader, name, shown, key, count, last in [
        (client, "steps", "pledge", pledge.pk, 4, ["received", "2025-06-27", "2026-07-17T12:00:00+00:00", "no"]),
        (client, "donor_pledges", "donor", donor.pk, 1, own),
        (auditor, "pledges", "pledges", None, 1, own),
        (client, "agreements", "donor", donor.pk, 1, ["2024", "2028", "EUR", "1", "30", *days, ""]),
        (client, "reminders", "reminders", donor.pk, 5, ["2026-06-30", "7", "2026-07-17T12:00:00+00:00"]),
        (client, "good_faith_of", "good_faith_of", donor.pk, 3, ["2025-06-30", "2025-06-27", "", "-3", "on time"]),
    ]:
        keys = [] if key is None else [key]
        csv_url, xlsx_url = (reverse(f"donors:{name}_{form}", args=keys) for form in ("csv", "xlsx"))
        page = text(reader.get(reverse(f"donors:{shown}", args=keys)))
        assert (name, csv_url in page, xlsx_url in page) == (name, True, True)
        rows = list(csv.reader(StringIO(reader.get(csv_url).content.decode("utf-8-sig"))))
        sheet = load_workbook(BytesIO(reader.get(xlsx_url).content), read_only=True).active
        assert (name, len(rows), [cell.value for cell in next(sheet.iter_rows())]) == (name, count + 1, rows[0])
        assert sum(1 for _row in sheet.iter_rows()) == len(rows)
        assert any(" ".join(last) in " ".join(row) for row in rows), (name, rows)


def test_a_pledges_page_says_what_falls_due_next_and_leads_to_its_documents_and_use():
    pledge, representative = a_world()
    page = text(signed_in(representative).get(reverse("donors:pledge", args=[pledge.pk])))
    assert "next: " in page
    assert "30 June 2027" in page
    assert reverse("assurance:documents_of", args=[pledge.donor_id]) in page
    assert reverse("pages:use_of_funds", args=[pledge.donor_id]) in page
    assert f"Payment advice {pledge.reference}" in page


def test_the_secretariat_takes_a_donor_from_registration_to_money_in():
    officer = people.someone(RoleName.SECRETARIAT)
    person = people.someone(RoleName.DONOR_REPRESENTATIVE, name="Envoy of Orlene")
    client = signed_in(officer)
    register = {"name": "Orlene", "office": "", "kind": "member_state", "country_code": "orl"}
    assert post(client, reverse("donors:register"), register).status_code == 302
    donor = Donor.objects.get()
    assert (donor.name, donor.country_code) == ("Orlene", "ORL")

    assert post(client, reverse("donors:appoint", args=[donor.pk]), {"person": str(person.pk)}).status_code == 302
    assert Representative.objects.get().person == person

    terms = {
        "signed_on": "2024-01-12",
        "from_year": "2024",
        "to_year": "2028",
        "currency": "EUR",
        "fee_percent": "1.0",
        "termination_notice_days": "30",
        "summary": "Five equal parts, the first in June 2024.",
    }
    response = post(client, reverse("donors:agreement_new", args=[donor.pk]), terms)
    agreement = Agreement.objects.get()
    assert response["Location"] == reverse("donors:pledge_amount", args=[agreement.pk])
    assert str(agreement.fee_rate) == "0.010000"

    promise = {
        "amount": "40,000,000.00",
        "announced_on": "2024-01-02",
        "signed_on": "2024-01-12",
        "usd_value": "44000000",
    }
    response = post(client, reverse("donors:pledge_amount", args=[agreement.pk]), promise)
    assert response["Location"] == reverse("donors:pledge_schedule", args=[agreement.pk])
    rhythm = {"rhythm": "yearly", "first_due_on": "2024-06-30", "years": "5"}
    response = post(client, reverse("donors:pledge_schedule", args=[agreement.pk]), rhythm)
    assert response["Location"] == reverse("donors:pledge_check", args=[agreement.pk])
    check = reverse("donors:pledge_check", args=[agreement.pk])
    page = text(client.get(check))
    assert page.count("8,000,000.00") >= 5
    assert Pledge.objects.count() == 0
    response = post(client, check, {})
    pledge = Pledge.objects.get()
    assert response["Location"] == reverse("donors:pledge", args=[pledge.pk])
    assert (pledge.amount, pledge.usd_value, pledge.instalments.count()) == (
        Money.of("40000000.00", "EUR"),
        Money.of("44000000.00", "USD"),
        5,
    )
    assert client.get(check).status_code == 302

    rate = {"currency": "EUR", "effective_on": "2024-06-01", "units_per_usd": "0.921", "source": "UN operational"}
    assert post(client, reverse("donors:rate_new"), rate).status_code == 302
    assert ExchangeRate.objects.count() == 1

    line = {
        "pledge": str(pledge.pk),
        "value_on": "2024-06-24",
        "bank_reference": "ZKB-2024-06-24-0017",
        "payer": "Treasury of Orlene",
        "amount": "5,900,000.00",
        "currency": "EUR",
        "settles": "",
        "usd_value": "",
    }
    response = post(client, reverse("donors:receipt_new"), line)
    receipt = Receipt.objects.get()
    assert response["Location"] == reverse("donors:receipt", args=[receipt.pk])
    page = text(client.get(response["Location"]))
    for figure in ("USD 6,406,080.35", "USD 64,060.80", "USD 6,342,019.55"):
        assert figure in page
    assert "R-2026-0001: USD 6,342,019.55 reached the pool and is spendable." in page

    undo = {"reversed_on": "2024-07-01", "reason": "The bank returned it."}
    assert post(client, reverse("donors:receipt_reverse", args=[receipt.pk]), undo).status_code == 302
    assert ledger_queries.balance_of(chart.SPENDABLE) == Money.zero("USD")
    page = text(client.get(reverse("donors:receipt", args=[receipt.pk])))
    assert "The bank returned it." in page
    assert "is reversed already" in page


@pytest.mark.parametrize(
    ("rhythm", "words"),
    [
        ({"rhythm": "yearly", "first_due_on": "", "years": "5"}, "Equal parts need this"),
        ({"rhythm": "yearly", "first_due_on": "2024-06-30", "years": "26"}, "less than or equal to 25"),
        ({"rhythm": "by_hand", "by_hand": ""}, "at least one instalment"),
        ({"rhythm": "by_hand", "by_hand": "soon 5.00"}, "does not begin with a day"),
        ({"rhythm": "by_hand", "by_hand": "2024-06-30 many"}, "Write the amount in digits"),
        ({"rhythm": "by_hand", "by_hand": "2024-06-30 60.00\n2025-06-30 39.00"}, "The difference is EUR 1.00"),
    ],
)
def test_a_schedule_that_cannot_be_is_shown_why(rhythm, words):
    client = signed_in(people.someone(RoleName.SECRETARIAT))
    agreement = donor_worlds.an_agreement()
    promise = {"amount": "100.00", "announced_on": "2024-01-02", "signed_on": "2024-01-12", "usd_value": "110"}
    assert post(client, reverse("donors:pledge_amount", args=[agreement.pk]), promise).status_code == 302
    response = post(client, reverse("donors:pledge_schedule", args=[agreement.pk]), rhythm)
    assert response.status_code == 422
    assert words in text(response)


def test_a_schedule_by_hand_is_taken_as_it_is_written():
    client = signed_in(people.someone(RoleName.SECRETARIAT))
    agreement = donor_worlds.an_agreement()
    promise = {"amount": "100.00", "announced_on": "2024-01-02", "signed_on": "2024-01-12", "usd_value": "110"}
    post(client, reverse("donors:pledge_amount", args=[agreement.pk]), promise)
    by_hand = {"rhythm": "by_hand", "by_hand": "2024-06-30  60.00\n\n2025-09-30 40.00\n"}
    post(client, reverse("donors:pledge_schedule", args=[agreement.pk]), by_hand)
    post(client, reverse("donors:pledge_check", args=[agreement.pk]), {})
    parts = Pledge.objects.get().instalments.order_by("number").values_list("due_on", "minor")
    assert list(parts) == [(date(2024, 6, 30), 6000), (date(2025, 9, 30), 4000)]


def test_the_later_steps_of_a_pledge_lead_back_to_the_first():
    client = signed_in(people.someone(RoleName.SECRETARIAT))
    agreement = donor_worlds.an_agreement()
    first = reverse("donors:pledge_amount", args=[agreement.pk])
    for name in ("donors:pledge_schedule", "donors:pledge_check"):
        assert client.get(reverse(name, args=[agreement.pk]))["Location"] == first


def test_a_refused_pledge_is_shown_why_at_the_last_step():
    client = signed_in(people.someone(RoleName.SECRETARIAT))
    agreement = donor_worlds.an_agreement()
    promise = {"amount": "100.00", "announced_on": "2024-01-02", "signed_on": "2024-01-12", "usd_value": ""}
    post(client, reverse("donors:pledge_amount", args=[agreement.pk]), promise)
    rhythm = {"rhythm": "half_yearly", "first_due_on": "2024-06-30", "years": "2"}
    post(client, reverse("donors:pledge_schedule", args=[agreement.pk]), rhythm)
    response = post(client, reverse("donors:pledge_check", args=[agreement.pk]), {})
    assert response.status_code == 422
    assert "There is no exchange rate for EUR on or before 2024-01-12. Record the rate first." in text(response)
    assert Pledge.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"amount": "ten"}, "Write the amount in digits"),
        ({"amount": "1.234"}, "EUR has 2 decimals"),
        ({"amount": "90000000.00"}, "Only EUR 21,000,000.00 of this pledge is outstanding"),
        ({"bank_reference": "ZKB-1"}, "The bank&#x27;s line ZKB-1 is recorded already"),
        ({"value_on": "2023-01-01"}, "There is no exchange rate for EUR"),
        ({"currency": "SEK"}, "The pledge is in EUR and the money in SEK"),
        ({"pledge": ""}, "This field is required"),
    ],
)
def test_a_refused_receipt_is_shown_why_and_changes_nothing(wrong, words):
    pledge, _representative = a_world()
    client = signed_in(people.someone(RoleName.SECRETARIAT))
    line = {
        "pledge": str(pledge.pk),
        "value_on": "2026-07-01",
        "bank_reference": "ZKB-3",
        "payer": "Treasury of Valdria",
        "amount": "5.00",
        "currency": "EUR",
    }
    response = post(client, reverse("donors:receipt_new"), line | wrong)
    assert response.status_code == 422
    assert words in text(response)
    assert Receipt.objects.count() == 2


def test_a_refused_reversal_and_a_refused_rate_are_shown_why():
    a_world()
    client = signed_in(people.someone(RoleName.SECRETARIAT))
    receipt = Receipt.objects.get(bank_reference="ZKB-1")
    response = post(
        client,
        reverse("donors:receipt_reverse", args=[receipt.pk]),
        {"reversed_on": "2020-01-01", "reason": "Returned."},
    )
    assert response.status_code == 422
    assert "on or after its value date" in text(response)
    rate = {"currency": "EUR", "effective_on": "2024-01-01", "units_per_usd": "0.5", "source": "UN operational"}
    response = post(client, reverse("donors:rate_new"), rate)
    assert response.status_code == 422
    assert "EUR 0.921 per USD from 2024-01-01 for that day already" in text(response)


def test_a_donor_files_a_stop_request_for_itself_and_for_no_other():
    pledge, representative = a_world()
    other = donor_worlds.a_donor("Orlene")
    client = signed_in(representative)
    before = ledger_queries.trial_balance()
    request = {"donor": str(other.pk), "received_on": "2026-07-17", "text": "Stop using our money."}
    assert post(client, reverse("donors:stop_request_new"), request).status_code == 422
    assert StopRequest.objects.count() == 0
    response = post(client, reverse("donors:stop_request_new"), request | {"donor": str(pledge.donor_id)})
    assert response["Location"] == reverse("donors:stop_requests")
    assert ledger_queries.trial_balance() == before
    for reader in (people.someone(RoleName.CHAIR), donor_worlds.a_representative(other)):
        page = text(signed_in(reader).get(reverse("donors:stop_requests")))
        assert "Stop using our money." in page
        assert "A request changes nothing" in page


def test_ending_a_representative_takes_the_pledge_from_their_sight():
    pledge, representative = a_world()
    client = signed_in(people.someone(RoleName.SECRETARIAT))
    donor_page = reverse("donors:donor", args=[pledge.donor_id])
    client.get(donor_page)
    url = reverse("donors:representative_end", args=[Representative.objects.get(person=representative).pk])
    token = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    assert client.post(url, token)["Location"] == donor_page
    assert client.post(url, token)["Location"] == reverse("donors:donors")
    assert signed_in(representative).get(reverse("donors:pledge", args=[pledge.pk])).status_code == 404


def test_nothing_is_posted_without_the_token():
    a_world()
    client = signed_in(people.someone(RoleName.SECRETARIAT))
    response = client.post(reverse("donors:register"), {"name": "Orlene", "kind": "member_state"})
    assert response.status_code == 403
    assert Donor.objects.filter(name="Orlene").count() == 0


def test_what_is_typed_is_never_run():
    script = "<script>alert(1)</script>"
    donor = donor_worlds.a_donor(f"Orlene {script}")
    client = signed_in(people.someone(RoleName.SECRETARIAT))
    for url in (reverse("donors:donors"), reverse("donors:donor", args=[donor.pk])):
        page = client.get(url).content.decode()
        assert script not in page
        assert "Orlene &lt;script&gt;" in page


@pytest.mark.parametrize(("name", "most"), [("donors:donors", 16), ("donors:pledges", 16), ("donors:receipts", 16)])
def test_a_list_asks_a_bounded_number_of_questions(name, most, django_assert_max_num_queries):
    for number in range(6):
        donor_worlds.money_in(f"{number + 1}.00")
    client = signed_in(people.someone(RoleName.SECRETARIAT))
    client.get(reverse(name))
    with django_assert_max_num_queries(most):
        assert client.get(reverse(name)).status_code == 200


def test_the_clock_of_the_page_decides_what_is_overdue():
    pledge, representative = a_world()
    client = signed_in(representative)
    with clock.moved_to(datetime(2026, 6, 30, 12, 0, tzinfo=UTC)):
        page = text(client.get(reverse("donors:pledge", args=[pledge.pk])))
    assert "overdue." not in page
