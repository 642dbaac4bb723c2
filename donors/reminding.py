"""When a donor is reminded of an instalment, and when the committee hears of it: days from the due day. Pure."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

# Before, on and after the due day; then the committee is told.
REMINDERS: Final = (-60, -30, -7, 0, 7, 30)
ESCALATION: Final = 90
STEPS: Final = (*REMINDERS, ESCALATION)


def step_on(due_on: date, today: date) -> int | None:
    """Return the step that applies on a day: the latest whose day has come; nothing if it is too early for any."""
    come = [step for step in STEPS if due_on + timedelta(days=step) <= today]
    return come[-1] if come else None


def passed_over(due_on: date, today: date, taken: Collection[int]) -> list[int]:
    """Return the steps whose day has come, that were not taken, and that a later one has made needless."""
    latest = step_on(due_on, today)
    return [] if latest is None else [step for step in STEPS if step < latest and step not in taken]


def next_step_on(due_on: date, today: date, taken: Collection[int]) -> date | None:
    """Return the day of the step that comes next: today if one applies that was not taken; nothing after the last."""
    latest = step_on(due_on, today)
    if latest is not None and latest not in taken:
        return today
    ahead = [step for step in STEPS if latest is None or step > latest]
    return due_on + timedelta(days=ahead[0]) if ahead else None


def due_days_of(step: int, today: date) -> tuple[date | None, date]:
    """Return the first and the last due day for which a step applies on a day; the last step has no first day."""
    after = [other for other in STEPS if other > step]
    first = today - timedelta(days=after[0] - 1) if after else None
    return first, today - timedelta(days=step)
