"""The only place that asks the time, and the fund's working days (Geneva, New York and Seoul holidays)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from functools import cache

import holidays

_moved: ContextVar[datetime | None] = ContextVar("moved", default=None)


def now() -> datetime:
    """Return the moment, in UTC. Only doors ask (views, tasks, commands); operations take it as `at`."""
    return _moved.get() or datetime.now(UTC)


def today() -> date:
    """Return the day it is in UTC."""
    return now().date()


@contextmanager
def moved_to(moment: datetime) -> Iterator[None]:
    """Let `now()` answer another moment inside the block: for telling a story and for tests."""
    token = _moved.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _moved.reset(token)


@cache
def _calendar(year: int) -> frozenset[date]:
    calendars = (
        holidays.country_holidays("CH", subdiv="GE", years=year),
        holidays.country_holidays("US", subdiv="NY", years=year),
        holidays.country_holidays("KR", years=year),
    )
    return frozenset(day for calendar in calendars for day in calendar)


def is_working_day(day: date) -> bool:
    """Return whether the fund works that day: Monday to Friday, no public holiday at any of its three seats."""
    saturday = 5
    return day.weekday() < saturday and day not in _calendar(day.year)


def add_working_days(start: date, days: int) -> date:
    """Return the day that is `days` working days after `start`; the start itself does not count."""
    if days < 0:
        raise ValueError("Working days are counted forwards.")
    day = start
    left = days
    while left > 0:
        day += timedelta(days=1)
        if is_working_day(day):
            left -= 1
    return day
