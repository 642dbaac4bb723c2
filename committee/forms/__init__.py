"""The shape of what people type in the committee room, one module a noun."""

from committee.forms.ballots import RECUSE, DecisionForm, DisclosureForm, InterestForm, ProofForm, RecusalForm
from committee.forms.hearings import HearingForm, way_hints
from committee.forms.meetings import AttendanceForm, ItemForm, MeetingForm, NotesForm, PostponeForm, RequestForm
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
    "ItemForm",
    "MeetingForm",
    "NotesForm",
    "PostponeForm",
    "ProofForm",
    "RecusalForm",
    "RequestForm",
    "RulesForm",
    "SeatChangeForm",
    "VacateForm",
    "figures_of",
    "way_hints",
]
