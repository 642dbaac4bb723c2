"""What the committee keeps: its rules, who sits, what was moved, how each voted and why, and what was decided."""

from committee.models.auditors import AuditorNomination
from committee.models.meetings import AgendaItem, Attendance, Meeting, MeetingRequest, MeetingSupport, Postponement
from committee.models.motions import Ballot, Decision, Disclosure, Enactment, KeptReason, Motion, Recusal
from committee.models.procedure import RulesOfProcedure, RulesProposal
from committee.models.reminders import VoteReminder
from committee.models.seats import Interest, Seat, SeatChange, Term

__all__ = [
    "AgendaItem",
    "Attendance",
    "AuditorNomination",
    "Ballot",
    "Decision",
    "Disclosure",
    "Enactment",
    "Interest",
    "KeptReason",
    "Meeting",
    "MeetingRequest",
    "MeetingSupport",
    "Motion",
    "Postponement",
    "Recusal",
    "RulesOfProcedure",
    "RulesProposal",
    "Seat",
    "SeatChange",
    "Term",
    "VoteReminder",
]
