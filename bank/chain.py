"""How a statement continues an account's statements, so that no line is missing between two of them. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Place(StrEnum):
    """Where a statement stands among those of its account."""

    FIRST = "first"
    AFTER = "after"
    BEFORE = "before"
    WITHIN = "within"


@dataclass(frozen=True, slots=True)
class Chain:
    """What an account's statements tell together, in minor units: where they begin and where they end."""

    opens_with: int
    opens_on: date
    closes_with: int
    closes_on: date


@dataclass(frozen=True, slots=True)
class Link:
    """One statement in minor units, and how much of what it tells no statement told before."""

    opens_with: int
    opens_on: date
    closes_with: int
    closes_on: date
    untold: int


def place_of(link: Link, chain: Chain | None, *, is_known_point: bool) -> Place | None:
    """
    Return where a statement belongs, or nothing if it belongs nowhere: then a line is missing, or told twice.

    What an account's statements tell must always lead from the first opening balance to the last closing balance; a
    statement that overlaps others may add only what leads on from one of the two ends.

    :param is_known_point: whether the statement opens with a balance that the chain has at that point
    """
    if chain is None:
        return Place.FIRST
    if link.closes_on >= chain.closes_on and chain.closes_with + link.untold == link.closes_with:
        return Place.AFTER
    if link.opens_on <= chain.opens_on and chain.opens_with - link.untold == link.opens_with:
        return Place.BEFORE
    return Place.WITHIN if link.untold == 0 and is_known_point else None
