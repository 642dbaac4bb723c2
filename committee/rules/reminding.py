"""When members are reminded of a vote: hours before it closes. Pure."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

# Three days and one day before.
STEPS: Final = (72, 24)


def steps_of(opened_at: datetime, closes_at: datetime) -> list[int]:
    """Return the steps of a motion: none whose moment comes before the motion itself, whose opening was told."""
    return [step for step in STEPS if closes_at - timedelta(hours=step) > opened_at]


def step_at(opened_at: datetime, closes_at: datetime, at: datetime) -> int | None:
    """Return the step that applies at a moment: the latest that has come; nothing outside their time."""
    come = [step for step in steps_of(opened_at, closes_at) if closes_at - timedelta(hours=step) <= at]
    return come[-1] if come and at < closes_at else None


def passed_over(opened_at: datetime, closes_at: datetime, step: int, taken: Collection[int]) -> list[int]:
    """Return the steps before one that were not taken and that it makes needless."""
    return [one for one in steps_of(opened_at, closes_at) if one > step and one not in taken]
