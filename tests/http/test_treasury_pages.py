"""Pages of treasury: forms record through the operations, a refusal is shown, the CSV says what the list says."""

import csv
import io
from typing import Any

import pytest
from django.urls import reverse

from disbursements import operations
from disbursements.models import Movement
from tests import payment_worlds as worlds
from tests import people
from tests.http.test_payments_pages import AFTER, browser, page, send
from tests.payment_worlds import Fund
from trustfund.core.money import Money
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db
ON = AFTER.date().isoformat()


@pytest.fixture
def fund() -> Fund:
    return worlds.a_confirmed_payment()[0]


def test_a_treasury_officer_records_interest_charge_and_refund(fund: Fund):
    client = browser(fund.treasurer)

    send(client, "record_interest", reference="INT-1", amount="1,250.75", on=ON, memo="", programme="")
    send(client, "record_bank_charge", reference="CHG-1", amount="30.13", on=ON, memo="=2+2")
    send(client, "record_refund", reference="REF-1", amount="5000", on=ON, memo="", programme=str(fund.programme.pk))

    assert set(Movement.objects.values_list("kind", "amount_minor")) == {
        ("fund_interest", 125075),
        ("bank_charge", 3013),
        ("refund", 500000),
    }
    text = page(client, "treasury")
    assert all(reference in text for reference in ("INT-1", "CHG-1", "REF-1"))
    only = client.get(reverse("disbursements:treasury") + "?kind=refund").content.decode()
    assert "REF-1" in only
    assert "CHG-1" not in only
    download = b"".join(client.get(reverse("disbursements:treasury_csv")))
    rows = {row["reference"]: row for row in csv.DictReader(io.StringIO(download.decode()))}
    assert rows["CHG-1"]["memo"] == "'=2+2"
    assert rows["REF-1"]["amount"] == "5000.00"


def test_a_partner_reports_for_its_own_programmes_and_sees_what_is_refused(fund: Fund):
    person = people.someone(RoleName.PROGRAMME_PARTNER)
    stranger = people.someone(RoleName.PROGRAMME_PARTNER)
    operations.link_partner(person_id=person.pk, organisation_id=fund.organisation.pk, actor=fund.secretariat, at=AFTER)
    key = str(fund.programme.pk)

    assert key in page(browser(person), "record_expenditure")
    assert key not in page(browser(stranger), "record_expenditure")
    said: dict[str, Any] = {"reference": "FR-1", "amount": "1700000.01", "on": ON, "programme": key, "memo": ""}
    text = send(browser(person), "record_expenditure", status=422, **said)
    assert "The organisation holds USD 1,700,000.00" in text
    send(browser(person), "record_expenditure", **{**said, "amount": "1,700,000.00"})
    send(browser(stranger), "record_expenditure", status=422, **{**said, "reference": "FR-2"})

    assert Movement.objects.get().amount == Money.of("1700000.00", "USD")
