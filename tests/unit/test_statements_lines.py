"""The sources-and-uses statement, against one published snapshot: its lines, identities and percentages."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest

from assurance.lines import DoesNotAgree, SourcesAndUses, percentage
from assurance.periods import Month, over_months
from trustfund.core.money import Money

# Peacebuilding Fund, funding status as published, whole US dollars.
PUBLISHED = {
    "contributions": 756_821_732,
    "exchange_difference": 0,
    "fund_interest": 20_006_220,
    "partner_interest": 3_122_214,
    "other_income": 0,
    "total_sources": 779_950_166,
    "transferred": 693_135_684,
    "transfers_to_other_funds": 13_792_503,
    "subtotal_transfers": 706_928_187,
    "refunds": 48_030_831,
    "agent_fee": 7_484_571,
    "direct_cost": 22_638_221,
    "bank_charges": 29_699,
    "contributor_refunds": 0,
    "total_uses": 689_049_847,
    "balance_with_agent": 90_900_319,
    "partner_transfers": 693_135_684,
    "partner_expenditure": 535_464_931,
    "partner_refunds": 48_030_831,
    "partner_total_expenses": 583_495_762,
    "balance_with_partners": 109_639_922,
    "total_balance": 200_540_241,
    # The fund held nothing that it could not name.
    "unidentified": 0,
    "cash": 90_900_319,
}


def published() -> SourcesAndUses:
    return SourcesAndUses(
        as_of=date(2017, 12, 31), **{name: Money.of(dollars, "USD") for name, dollars in PUBLISHED.items()}
    )


def test_the_published_snapshot_is_given_back_line_by_line() -> None:
    printed = [(row.key, row.amount.figure, row.percent) for section in published().sections() for row in section.rows]
    assert printed == [
        ("contributions", "756,821,732.00", None),
        ("fund_interest", "20,006,220.00", None),
        ("partner_interest", "3,122,214.00", None),
        ("other_income", "0.00", None),
        ("total_sources", "779,950,166.00", None),
        ("transferred", "693,135,684.00", None),
        ("transfers_to_other_funds", "13,792,503.00", None),
        ("subtotal_transfers", "706,928,187.00", None),
        ("refunds", "\N{MINUS SIGN}48,030,831.00", None),
        ("agent_fee", "7,484,571.00", None),
        ("direct_cost", "22,638,221.00", None),
        ("bank_charges", "29,699.00", None),
        ("total_uses", "689,049,847.00", None),
        ("balance_with_agent", "90,900,319.00", Decimal("12.0")),
        ("partner_transfers", "693,135,684.00", None),
        ("partner_expenditure", "535,464,931.00", None),
        ("partner_refunds", "48,030,831.00", None),
        ("partner_total_expenses", "583,495,762.00", None),
        ("balance_with_partners", "109,639,922.00", Decimal("15.8")),
        ("total_balance", "200,540,241.00", Decimal("26.5")),
    ]


def test_unidentified_money_is_printed_beside_the_balances_and_in_none_of_them() -> None:
    some = Money.of("1000", "USD")
    held = replace(published(), unidentified=some, cash=published().cash + some)
    rows = {row.key: row.amount for row in held.sections()[-1].rows}
    assert (rows["total_balance"], rows["unidentified"], rows["cash"]) == (
        published().total_balance,
        some,
        Money.of("90901319", "USD"),
    )


def test_net_funded_and_delivery_follow_rule_r6() -> None:
    assert published().net_funded == Money.of("645104853", "USD")
    assert published().delivery_rate == Decimal("83.00")


def test_there_are_seven_published_identities_and_our_own_and_they_hold() -> None:
    identities = list(published().identities())
    assert len(identities) == 7 + 1
    assert all(left == right for _, left, right in identities)


# The exchange difference is a detail of the contributions, so no identity contains it.
BOUND = [field.name for field in fields(SourcesAndUses) if field.name not in {"as_of", "exchange_difference"}]


@pytest.mark.parametrize("name", BOUND)
def test_one_cent_off_in_any_line_cannot_be_printed(name: str) -> None:
    good = published()
    with pytest.raises(DoesNotAgree):
        replace(good, **{name: getattr(good, name) + Money(1, "USD")})


def test_a_share_of_nothing_is_no_number() -> None:
    assert percentage(Money(5, "USD"), Money(0, "USD")) is None


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(1, 3, "33.3"), (2, 3, "66.7"), (1, 2000, "0.1"), (0, 7, "0.0"), (-1, 8, "-12.5")],
)
def test_percentages_round_halves_up_to_one_decimal(part: int, whole: int, expected: str) -> None:
    assert percentage(Money(part, "USD"), Money(whole, "USD")) == Decimal(expected)


def test_months_know_their_days_and_names() -> None:
    february = Month.named("2028-02")
    assert (february.first, february.last, str(february)) == (date(2028, 2, 1), date(2028, 2, 29), "2028-02")
    assert Month(2026, 12).following() == Month(2027, 1)


def test_only_months_that_are_over_are_reported() -> None:
    assert [str(month) for month in over_months(date(2025, 11, 30), date(2026, 2, 1))] == [
        "2025-11",
        "2025-12",
        "2026-01",
    ]
    assert [str(month) for month in over_months(date(2026, 1, 5), date(2026, 1, 31))] == []
