"""Months as reporting periods: their names ("2026-10"), their first and last days, and which are over. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_DECEMBER = 12


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month, the period of the monthly audit report."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        """Return the month a day lies in."""
        return cls(day.year, day.month)

    @classmethod
    def named(cls, name: str) -> "Month":
        """Return the month with a name such as "2026-10"."""
        year, number = name.split("-")
        return cls(int(year), int(number))

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.following().first - timedelta(days=1)

    def following(self) -> "Month":
        """Return the month after it."""
        if self.number == _DECEMBER:
            return Month(self.year + 1, 1)
        return Month(self.year, self.number + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


def over_months(first_day: date, today: date) -> Iterator[Month]:
    """Yield every month from the one of the first day on that is over today, in UTC: earliest first."""
    month = Month.of(first_day)
    while month.last < today:
        yield month
        month = month.following()
