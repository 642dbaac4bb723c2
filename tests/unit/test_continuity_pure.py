"""Months of uninterrupted programming and the concentration index, as arithmetic."""

from datetime import date
from decimal import Decimal

import pytest

from continuity.concentration import concentration
from continuity.need import Approved, monthly_need, months_of
from trustfund.core.money import Money


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


def test_an_approved_amount_is_spread_over_the_months_its_programme_touches() -> None:
    two_years = Approved(usd("2400000.00"), date(2026, 1, 15), date(2027, 12, 31))
    one_month = Approved(usd("50000.00"), date(2026, 6, 1), date(2026, 6, 30))
    over = Approved(usd("999999.00"), date(2024, 1, 1), date(2026, 6, 14))
    ahead = Approved(usd("999999.00"), date(2026, 6, 16), date(2027, 1, 1))
    assert (two_years.months, one_month.months) == (24, 1)
    assert monthly_need([two_years, one_month, over, ahead], date(2026, 6, 15), "USD") == usd("150000.00")


@pytest.mark.parametrize(
    ("held", "need", "months"),
    [
        ("1500000.00", "150000.00", "10.0"),
        ("1499999.99", "150000.00", "9.9"),
        ("0.00", "150000.00", "0.0"),
    ],
)
def test_months_are_rounded_down_so_that_nobody_counts_on_a_day_that_is_not_covered(
    held: str, need: str, months: str
) -> None:
    assert months_of(usd(held), usd(need)) == Decimal(months)


def test_without_a_need_there_is_no_number_of_months() -> None:
    assert months_of(usd("5.00"), usd("0.00")) is None


def test_one_donor_alone_is_full_concentration() -> None:
    alone = concentration({"Valdria": usd("10.00")}, "USD")
    assert alone.index == 10_000
    assert alone.top is not None
    assert alone.top.percent == Decimal("100.0")


def test_shares_and_index_of_three_donors() -> None:
    found = concentration({"A": usd("50.00"), "B": usd("30.00"), "C": usd("20.00"), "D": usd("0.00")}, "USD")
    assert [(share.name, str(share.percent), share.is_above_cap) for share in found.shares] == [
        ("A", "50.0", True),
        ("B", "30.0", False),
        ("C", "20.0", False),
    ]
    assert found.index == 3_800


def test_an_empty_pool_leans_on_nobody() -> None:
    empty = concentration({}, "USD")
    assert (empty.index, empty.top, empty.shares) == (0, None, ())
