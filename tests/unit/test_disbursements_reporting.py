"""Which reports are owed and when, what reviews come to, and delivery by the published figures of a pooled fund."""

from datetime import date
from decimal import Decimal

import pytest

from disbursements.reporting import Delivery, Due, ReportKind, ReportStanding, calendar_of, standing
from trustfund.core.money import Money


def test_a_programme_over_three_years_owes_two_reports_a_year_and_two_at_its_end():
    owed = calendar_of(date(2026, 9, 1), date(2028, 8, 31))
    assert owed == [
        Due(date(2027, 3, 31), ReportKind.NARRATIVE, date(2026, 12, 31)),
        Due(date(2027, 4, 30), ReportKind.FINANCIAL, date(2026, 12, 31)),
        Due(date(2028, 3, 31), ReportKind.NARRATIVE, date(2027, 12, 31)),
        Due(date(2028, 4, 30), ReportKind.FINANCIAL, date(2027, 12, 31)),
        Due(date(2029, 6, 30), ReportKind.FINAL_FINANCIAL, date(2028, 8, 31)),
        Due(date(2029, 6, 30), ReportKind.FINAL_NARRATIVE, date(2028, 8, 31)),
    ]


def test_a_programme_within_one_year_owes_only_the_final_reports():
    assert [due.kind for due in calendar_of(date(2026, 1, 1), date(2026, 12, 31))] == [
        ReportKind.FINAL_FINANCIAL,
        ReportKind.FINAL_NARRATIVE,
    ]


@pytest.mark.parametrize(
    ("accepts", "stands"),
    [
        ([], ReportStanding.SUBMITTED),
        ([True], ReportStanding.SUBMITTED),
        ([True, True], ReportStanding.ACCEPTED),
        ([False], ReportStanding.RETURNED),
        ([True, False], ReportStanding.RETURNED),
    ],
)
def test_two_accept_and_one_sends_back(accepts, stands):
    assert standing(accepts) is stands


# The rates of three published snapshots of a pooled fund (R6), from round figures; then rounding, and nothing.
@pytest.mark.parametrize(
    ("transferred", "refunded", "spent", "percent"),
    [
        ("1000000.00", "0.00", "830000.00", "83.00"),
        ("1050000.00", "50000.00", "771900.00", "77.19"),
        ("900000.00", "100000.00", "642000.00", "80.25"),
        ("3.00", "0.00", "2.00", "66.67"),
        ("0.00", "0.00", "0.00", None),
        ("5.00", "5.00", "0.00", None),
    ],
)
def test_delivery_is_expenditure_by_net_funded_amount(transferred, refunded, spent, percent):
    found = Delivery(*(Money.of(amount, "USD") for amount in (transferred, refunded, spent)))
    assert found.percent == (Decimal(percent) if percent else None)
