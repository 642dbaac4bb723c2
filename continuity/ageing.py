"""How old arrears are: four ages, as accounts receivable are read everywhere. Pure."""

from enum import IntEnum
from typing import Final


class Age(IntEnum):
    """How long something is late, by the last day of the age; the oldest has no end."""

    TO_30 = 30
    TO_60 = 60
    TO_90 = 90
    OLDER = 10_000_000


AGES: Final = tuple(Age)


def age_of(days_late: int) -> Age:
    """
    Return the age of what is so many days late.

    :raises ValueError: if it is not late
    """
    if days_late < 1:
        raise ValueError("What is not late has no age.")
    return next(age for age in AGES if days_late <= age)
