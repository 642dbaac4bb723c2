"""Everything that can happen in the committee room, one module a noun."""

from committee.operations.ballots import cast_ballot, change_ballot, recuse
from committee.operations.motions import close_motion, lay_before, open_motion, withdraw_motion
from committee.operations.seats import adopt_rules, declare_interest, seat_member, vacate_seat

__all__ = [
    "adopt_rules",
    "cast_ballot",
    "change_ballot",
    "close_motion",
    "declare_interest",
    "lay_before",
    "open_motion",
    "recuse",
    "seat_member",
    "vacate_seat",
    "withdraw_motion",
]
