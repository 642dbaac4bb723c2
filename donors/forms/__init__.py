"""The shape of what people type about donors and money. What it may mean is for the operations to say."""

from donors.forms.agreements import AgreementForm, RescheduleForm
from donors.forms.asking import AskForm, BringInForm, CapForm, EvidenceForm, SendBackForm
from donors.forms.calls import QuietForm, WithdrawCallForm, WithinForm
from donors.forms.contributions import ContributionFileForm
from donors.forms.desk import DeclineForm, LineSentBackForm, SplitForm, WordForm
from donors.forms.exchange import CompareForm, CurrencyFilter, RateCorrectionForm, RateFileForm, RateForm
from donors.forms.giving_back import BankDetailsForm, CallBackForm, PayRefundForm, RefundForm, WriteOffForm
from donors.forms.money_in import LineChoice, PledgeChoice, ReceiptForm, ReversalForm
from donors.forms.parties import DonorForm, LanguageForm, RepresentativeForm, StopRequestForm, TerminationForm
from donors.forms.pledges import AnnouncementForm, CheckForm, PledgeForm, ScheduleForm

__all__ = [
    "AgreementForm",
    "AnnouncementForm",
    "AskForm",
    "BankDetailsForm",
    "BringInForm",
    "CallBackForm",
    "CapForm",
    "CheckForm",
    "CompareForm",
    "ContributionFileForm",
    "CurrencyFilter",
    "DeclineForm",
    "DonorForm",
    "EvidenceForm",
    "LanguageForm",
    "LineChoice",
    "LineSentBackForm",
    "PayRefundForm",
    "PledgeChoice",
    "PledgeForm",
    "QuietForm",
    "RateCorrectionForm",
    "RateFileForm",
    "RateForm",
    "ReceiptForm",
    "RefundForm",
    "RepresentativeForm",
    "RescheduleForm",
    "ReversalForm",
    "ScheduleForm",
    "SendBackForm",
    "SplitForm",
    "StopRequestForm",
    "TerminationForm",
    "WithdrawCallForm",
    "WithinForm",
    "WordForm",
    "WriteOffForm",
]
