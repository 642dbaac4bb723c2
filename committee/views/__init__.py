"""The committee's pages: the register of motions, who sits by which rules, and the way of a vote."""

from committee.views.register import interests, motions, register, seats
from committee.views.room import cast, close, confirm, receipt, recuse, standing, standing_of

__all__ = [
    "cast",
    "close",
    "confirm",
    "interests",
    "motions",
    "receipt",
    "recuse",
    "register",
    "seats",
    "standing",
    "standing_of",
]
