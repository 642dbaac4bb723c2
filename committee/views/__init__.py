"""The committee's pages: the register, who sits by which rules, meetings, and the way of a vote."""

from committee.views.meetings import (
    add_to_agenda,
    call_meeting,
    close_meeting,
    meeting,
    meetings,
    open_meeting,
    open_vote,
    postpone_meeting,
    request_meeting,
    support_meeting,
    take_attendance,
)
from committee.views.procedure import (
    auditors,
    fill_seat,
    nominate_auditor,
    propose_rules,
    propose_seat_change,
    put_in_force,
    vacate_seat,
)
from committee.views.register import interests, motions, register, register_xlsx, seats
from committee.views.room import cast, close, confirm, disclose, keep_reason, receipt, recuse, standing
from committee.views.standings import standing_of

__all__ = [
    "add_to_agenda",
    "auditors",
    "call_meeting",
    "cast",
    "close",
    "close_meeting",
    "confirm",
    "disclose",
    "fill_seat",
    "interests",
    "keep_reason",
    "meeting",
    "meetings",
    "motions",
    "nominate_auditor",
    "open_meeting",
    "open_vote",
    "postpone_meeting",
    "propose_rules",
    "propose_seat_change",
    "put_in_force",
    "receipt",
    "recuse",
    "register",
    "register_xlsx",
    "request_meeting",
    "seats",
    "standing",
    "standing_of",
    "support_meeting",
    "take_attendance",
    "vacate_seat",
]
