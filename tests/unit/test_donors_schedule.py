"""Schedules: due days, equal parts to the minor unit, what adds up and what does not, which part money pays."""

from datetime import date

import pytest

from donors import schedule
from trustfund.core.money import Money, total
from trustfund.core.refusals import Unacceptable

DAY = date(2024, 6, 30)


def eur(amount):
    return Money.of(amount, "EUR")


def test_a_five_year_pledge_falls_due_once_a_year():
    assert schedule.yearly(DAY, 5) == [date(year, 6, 30) for year in range(2024, 2029)]


def test_half_yearly_days_are_six_months_apart_and_end_with_short_months():
    assert schedule.half_yearly(date(2024, 8, 31), 2) == [
        date(2024, 8, 31),
        date(2025, 2, 28),
        date(2025, 8, 31),
        date(2026, 2, 28),
    ]


def test_the_29th_of_february_falls_on_the_28th_in_other_years():
    days = schedule.yearly(date(2024, 2, 29), 5)
    assert days == [date(2024, 2, 29), date(2025, 2, 28), date(2026, 2, 28), date(2027, 2, 28), date(2028, 2, 29)]


def test_december_is_followed_by_the_next_year():
    assert schedule.half_yearly(date(2024, 12, 15), 1) == [date(2024, 12, 15), date(2025, 6, 15)]


@pytest.mark.parametrize("years", [0, -1, 26])
def test_a_schedule_runs_over_1_to_25_years(years):
    with pytest.raises(Unacceptable, match="1 to 25 years"):
        schedule.yearly(DAY, years)


def test_a_schedule_ends_before_the_calendar_does():
    with pytest.raises(Unacceptable, match="after the year 9999"):
        schedule.yearly(date(9990, 1, 1), 10)


@pytest.mark.parametrize(
    ("amount", "currency", "years", "first", "last"),
    [
        # The longest published schedules of the International Finance Facility for Immunisation.
        ("1630000000.00", "GBP", 23, "70869565.22", "70869565.21"),
        ("1390000000.00", "EUR", 20, "69500000.00", "69500000.00"),
        ("1500000000.00", "NOK", 15, "100000000.00", "100000000.00"),
        ("20000000.00", "USD", 20, "1000000.00", "1000000.00"),
        ("1000000001", "KRW", 5, "200000001", "200000000"),
    ],
)
def test_equal_parts_of_long_schedules_are_equal_to_the_minor_unit(amount, currency, years, first, last):
    money = Money.of(amount, currency)
    parts = schedule.equal_parts(money, schedule.yearly(date(2006, 10, 31), years))
    assert len(parts) == years
    assert parts[0] == (date(2006, 10, 31), Money.of(first, currency))
    assert parts[-1] == (date(2006 + years - 1, 10, 31), Money.of(last, currency))
    assert total((part for _day, part in parts), currency) == money


def test_what_cannot_be_divided_goes_to_the_earliest():
    assert [part for _day, part in schedule.equal_parts(eur("100.00"), schedule.yearly(DAY, 3))] == [
        eur("33.34"),
        eur("33.33"),
        eur("33.33"),
    ]


@pytest.mark.parametrize(
    ("amount", "days", "words"),
    [("1.00", [], "at least one instalment"), ("0.02", schedule.yearly(DAY, 3), "too small for so many")],
)
def test_parts_of_nothing_are_refused(amount, days, words):
    with pytest.raises(Unacceptable, match=words):
        schedule.equal_parts(eur(amount), days)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([], "at least one instalment"),
        ([(DAY, eur("50.00")), (DAY, eur("50.00"))], "different days, earliest first"),
        ([(date(2025, 1, 1), eur("50.00")), (DAY, eur("50.00"))], "different days, earliest first"),
        ([(DAY, Money.of("100.00", "USD"))], "pledge's currency, EUR"),
        ([(DAY, eur("100.00")), (date(2025, 1, 1), eur("0.00"))], "more than zero"),
        ([(DAY, eur("110.00")), (date(2025, 1, 1), eur("-10.00"))], "more than zero"),
        ([(DAY, eur("99.99"))], "The difference is EUR 0.01"),
        ([(DAY, eur("100.01"))], "The difference is EUR \N{MINUS SIGN}0.01"),
    ],
)
def test_a_schedule_that_does_not_add_up_is_refused(parts, words):
    with pytest.raises(Unacceptable, match=words):
        schedule.require_adds_up(eur("100.00"), parts)


def test_money_pays_the_oldest_first_and_spills_into_the_next():
    unpaid = [("2024", eur("3.00")), ("2025", eur("8.00")), ("2026", eur("8.00"))]
    assert schedule.allocate(eur("10.00"), unpaid) == [("2024", eur("3.00")), ("2025", eur("7.00"))]
    assert schedule.allocate(eur("2.99"), unpaid) == [("2024", eur("2.99"))]
    assert schedule.allocate(eur("19.00"), unpaid) == unpaid


def test_money_beyond_what_is_lacking_is_refused():
    with pytest.raises(Unacceptable, match=r"This is EUR 0\.01 more than the pledge still lacks"):
        schedule.allocate(eur("3.01"), [("2024", eur("3.00"))])
