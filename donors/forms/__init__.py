"""The shape of what people type about donors and money. What it may mean is for the operations to say."""

from donors.forms.exchange import CompareForm, CurrencyFilter, RateCorrectionForm, RateFileForm, RateForm
from donors.forms.money_in import PledgeChoice, ReceiptForm, ReversalForm
from donors.forms.parties import DonorForm, RepresentativeForm, StopRequestForm
from donors.forms.pledges import AgreementForm, CheckForm, PledgeForm, ScheduleForm

__all__ = [
    "AgreementForm",
    "CheckForm",
    "CompareForm",
    "CurrencyFilter",
    "DonorForm",
    "PledgeChoice",
    "PledgeForm",
    "RateCorrectionForm",
    "RateFileForm",
    "RateForm",
    "ReceiptForm",
    "RepresentativeForm",
    "ReversalForm",
    "ScheduleForm",
    "StopRequestForm",
]
