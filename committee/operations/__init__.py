"""Everything that can happen in the committee room, one module a noun."""

from committee.operations.ballots import cast_ballot, change_ballot, disclose, keep_reason, recuse
from committee.operations.enactments import Hearing, nominate_auditor, propose_seat_change, put_in_force
from committee.operations.meeting_requests import request_meeting, support_meeting
from committee.operations.meetings import (
    add_to_agenda,
    call_meeting,
    close_meeting,
    open_meeting,
    open_vote,
    postpone_meeting,
    take_attendance,
)
from committee.operations.motions import close_motion, lay_before, open_motion, withdraw_motion
from committee.operations.procedure import adopt_rules, propose_rules
from committee.operations.reminders import remind_of_vote
from committee.operations.seats import declare_interest, describe_member, seat_member, vacate_seat

__all__ = [
    "Hearing",
    "add_to_agenda",
    "adopt_rules",
    "call_meeting",
    "cast_ballot",
    "change_ballot",
    "close_meeting",
    "close_motion",
    "declare_interest",
    "describe_member",
    "disclose",
    "keep_reason",
    "lay_before",
    "nominate_auditor",
    "open_meeting",
    "open_motion",
    "open_vote",
    "postpone_meeting",
    "propose_rules",
    "propose_seat_change",
    "put_in_force",
    "recuse",
    "remind_of_vote",
    "request_meeting",
    "seat_member",
    "support_meeting",
    "take_attendance",
    "vacate_seat",
    "withdraw_motion",
]
