"""What opinions on a likeness come to. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

PEOPLE_NEEDED: Final = 2


@dataclass(frozen=True, slots=True)
class Clearance:
    """Whether everybody who stands with a payee is clear, and what shows it or is in the way."""

    is_clear: bool
    words: str


class Standing(StrEnum):
    """Where a likeness stands."""

    WAITS = "waits"
    CLEARED = "cleared"
    CONFIRMED = "confirmed"


def standing(opinions: Iterable[tuple[UUID, bool]]) -> Standing:
    """
    Return what people said of a likeness, earliest first: who, and whether it is somebody else.

    The latest word of each person counts. Two people clear it; one who says that it is the listed one keeps it closed,
    and two confirm it.
    """
    latest = dict(opinions)
    another = sum(latest.values())
    same = len(latest) - another
    if same >= PEOPLE_NEEDED:
        return Standing.CONFIRMED
    return Standing.CLEARED if another >= PEOPLE_NEEDED and not same else Standing.WAITS
