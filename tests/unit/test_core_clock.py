"""The fund's working days and the one place that asks the time."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from trustfund.core import clock


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 7, 16), True),  # a plain Thursday
        (date(2026, 7, 17), False),  # Korea, Constitution Day
        (date(2026, 7, 18), False),  # Saturday
        (date(2026, 7, 19), False),  # Sunday
        (date(2026, 1, 1), False),  # New Year
        (date(2026, 9, 10), False),  # Jeûne genevois: Geneva alone
        (date(2026, 7, 3), False),  # United States, Independence Day observed
        (date(2026, 3, 2), False),  # Korea, Independence Movement Day observed
        (date(2026, 12, 31), False),  # Geneva, Restoration of the Republic
    ],
)
def test_the_fund_works_when_all_three_of_its_seats_do(day, works):
    assert clock.is_working_day(day) is works


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 7, 17), 0, date(2026, 7, 17)),
        (date(2026, 7, 17), 1, date(2026, 7, 20)),
        (date(2026, 7, 18), 1, date(2026, 7, 20)),
        (date(2026, 7, 13), 5, date(2026, 7, 21)),  # Constitution Day of Korea, 17 July, does not count
    ],
)
def test_working_days_are_counted_from_the_day_after(start, days, end):
    assert clock.add_working_days(start, days) == end


def test_days_are_not_counted_backwards():
    with pytest.raises(ValueError, match="forwards"):
        clock.add_working_days(date(2026, 7, 17), -1)


def test_a_moved_clock_answers_in_utc_and_goes_back():
    moment = datetime(2023, 5, 1, 9, 30, tzinfo=timezone(timedelta(hours=9)))
    with clock.moved_to(moment):
        assert clock.now() == datetime(2023, 5, 1, 0, 30, tzinfo=UTC)
        assert clock.now().tzinfo is UTC
        assert clock.today() == date(2023, 5, 1)
        with clock.moved_to(datetime(2024, 1, 1, tzinfo=UTC)):
            assert clock.today() == date(2024, 1, 1)
        assert clock.today() == date(2023, 5, 1)
    assert clock.now().year >= 2026


def test_a_moved_clock_goes_back_after_a_fault():
    with pytest.raises(ZeroDivisionError), clock.moved_to(datetime(2023, 5, 1, tzinfo=UTC)):
        _ = 1 // 0
    assert clock.now().year >= 2026
