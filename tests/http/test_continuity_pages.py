"""The fund's position in the browser: the ledger's figures on any day, and no donor for seconded staff."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from continuity import queries
from continuity.tables import cell
from tests import disbursement_worlds, donor_worlds, people, statements_world
from tests.statements_world import END_OF_JUNE, usd
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db(transaction=True)


def browser(*roles: RoleName, is_seconded: bool = False) -> Client:
    client = Client()
    client.force_login(people.someone(*roles, is_seconded=is_seconded))
    return client


def test_the_page_shows_the_ledgers_figures_of_the_day() -> None:
    statements_world.a_fund()
    page = browser(RoleName.CHAIR).get(reverse("continuity:position"), {"as_of": "2024-06-30"}).content.decode()
    for figure in ("9,687,529.10", "2,340,874.44", "7,346,654.66", "8,596,654.65", "75.8% of deposits"):
        assert figure in page
    assert "Republic of Valdria" in page
    earlier = browser(RoleName.CHAIR).get(reverse("continuity:position"), {"as_of": "2024-05-31"}).content.decode()
    assert "9,687,529.10" not in earlier


def test_seconded_staff_see_no_donors() -> None:
    statements_world.a_fund()
    page = browser(RoleName.SECRETARIAT, is_seconded=True).get(reverse("continuity:position")).content.decode()
    assert "Republic of Valdria" not in page
    assert "Concentration by donor" not in page


@pytest.mark.parametrize("day", ["2999-01-01", "yesterday"])
def test_a_day_that_cannot_be_is_answered_with_the_reason(day: Any) -> None:
    client = browser(RoleName.AUDITOR)
    answer = client.get(reverse("continuity:position"), {"as_of": day})
    assert answer.status_code == 422
    assert client.get(reverse("continuity:position_csv"), {"as_of": day}).status_code == 422


def test_the_csv_holds_the_same_figures() -> None:
    statements_world.a_fund()
    answer = browser(RoleName.AUDITOR).get(reverse("continuity:position_csv"), {"as_of": "2024-06-30"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    amounts = {row[1]: row[3] for row in rows[1:]}
    assert amounts["Total source of funds"] == "9687529.10"
    assert amounts["Refunds from participating organizations"] == "-250000.01"
    assert amounts["Cash held"] == "7346654.66"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="position-2024-06-30.csv"'


def test_no_cell_of_the_csv_is_a_formula() -> None:
    assert cell("=1+1") == "'=1+1"
    assert cell("\uff1d1") == "'\uff1d1"
    assert cell("Valdria") == "Valdria"


def test_cash_by_purpose_adds_up_to_the_cash() -> None:
    statements_world.a_fund()
    held = queries.held(END_OF_JUNE)
    assert held.cash == usd("7346654.66")
    assert held.cash == held.spendable + held.reserved + held.in_payment + held.continuity_reserve


def test_concentration_is_counted_from_the_ledger() -> None:
    statements_world.a_fund()
    found = queries.donor_concentration(END_OF_JUNE)
    assert [(share.amount, share.percent) for share in found.shares] == [
        (usd("8686210.64"), Decimal("89.7")),
        (usd("1000000.00"), Decimal("10.3")),
    ]
    assert found.index == 8_148
    assert queries.donor_concentration(date(2024, 1, 1)).shares == ()


def test_without_an_approved_programme_there_is_no_number_of_months() -> None:
    statements_world.a_fund()
    runway = queries.runway(END_OF_JUNE)
    assert (runway.months, runway.monthly_need) == (None, usd("0.00"))


def test_months_are_all_cash_over_what_approved_programmes_need_a_month() -> None:
    approved = disbursement_worlds.an_approved_proposal("1000000.00")
    donor_worlds.money_in("500000.00")
    before, during = date(2026, 8, 31), date(2026, 9, 1)
    assert queries.runway(before).months is None  # the programme begins on 1 September
    runway = queries.runway(during)
    assert approved.programme.ends_on == date(2029, 8, 31)
    assert runway.monthly_need == usd("27777.78")  # 36 months
    assert runway.held.cash == usd("1500000.00")
    assert runway.held.reserved == usd("1000000.00")
    assert runway.months == Decimal("53.9")


def test_strangers_are_sent_to_sign_in() -> None:
    assert Client().get(reverse("continuity:position")).status_code == 302
