"""The shape of what people type in the committee room, one module a noun."""

from committee.forms.ballots import RECUSE, DecisionForm, DisclosureForm, InterestForm, ProofForm, RecusalForm
from committee.forms.hearings import HearingForm
from committee.forms.meetings import AttendanceForm, MeetingForm, NotesForm, RequestForm
from committee.forms.procedure import (
    AuditorForm,
    FiguresForm,
    FoundingSeatForm,
    RulesForm,
    SeatChangeForm,
    VacateForm,
    figures_of,
)

__all__ = [
    "RECUSE",
    "AttendanceForm",
    "AuditorForm",
    "DecisionForm",
    "DisclosureForm",
    "FiguresForm",
    "FoundingSeatForm",
    "HearingForm",
    "InterestForm",
    "MeetingForm",
    "NotesForm",
    "ProofForm",
    "RecusalForm",
    "RequestForm",
    "RulesForm",
    "SeatChangeForm",
    "VacateForm",
    "figures_of",
]
