"""How long an organisation waits for its money once the package is complete: three to five working days (R9). Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from trustfund.core.clock import add_working_days, is_working_day

SOONEST: Final = 3
LATEST: Final = 5


class Standing(StrEnum):
    """Where a tranche stands on its clock."""

    RUNNING = "running"
    IN_TIME = "in_time"
    LATE = "late"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Clock:
    """
    One tranche's clock.

    :ivar complete_on: the first day on which nothing was missing: approved, its condition met, its day come
    :ivar released_on: the day the money left, nothing while it has not
    :ivar today: the day on which one looks
    """

    complete_on: date
    released_on: date | None
    today: date

    @property
    def due_on(self) -> date:
        """The last day in time: five working days after the package was complete."""
        return add_working_days(self.complete_on, LATEST)

    @property
    def days(self) -> int:
        """Working days from the complete package to the release, or up to today."""
        return working_days_between(self.complete_on, self.released_on or self.today)

    @property
    def standing(self) -> Standing:
        """Whether it is, or was, in time."""
        if self.released_on is not None:
            return Standing.IN_TIME if self.released_on <= self.due_on else Standing.LATE
        return Standing.RUNNING if self.today <= self.due_on else Standing.OVERDUE

    @property
    def is_breach(self) -> bool:
        """Whether the five working days have been broken."""
        return self.standing in {Standing.LATE, Standing.OVERDUE}


def working_days_between(start: date, end: date) -> int:
    """Return the working days after one day up to and with another; none if it is not later."""
    return sum(is_working_day(date.fromordinal(day)) for day in range(start.toordinal() + 1, end.toordinal() + 1))


def complete_on(*, approved_on: date, condition_met_on: date | None, expected_on: date) -> date:
    """Return the day from which the clock runs: the last of approval, condition and the day that was planned."""
    return max(approved_on, condition_met_on or approved_on, expected_on)
