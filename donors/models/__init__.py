"""What is stored about donors: who they are, what they signed, what they promised, what arrived, what they asked."""

from donors.models.agreements import Agreement
from donors.models.bank_accounts import DETAILS_REST, DonorBankAccount, DonorBankVerification
from donors.models.calls import Call, Passed, Quiet, Reminder, WithdrawnCall
from donors.models.conditions import Condition
from donors.models.contribution_files import ContributionFate, ContributionFile
from donors.models.exchange import ExchangeRate, Outcome, RateCorrection, RateFile, ReferenceDay
from donors.models.giving_back import Refund, StartsWith, WriteOff, WrittenOffPart
from donors.models.holds import DonorCap, Hold, ShareQuestion
from donors.models.identification import Match, UnidentifiedReturn, Why
from donors.models.money_in import Allocation, Early, Receipt, Unidentified
from donors.models.parties import Donor, DonorKind, Representative, StopRequest
from donors.models.promises import STATUS_LABELS, Instalment, Pledge, PledgeVersion, Replacement
from donors.models.terminations import Termination

__all__ = [
    "DETAILS_REST",
    "STATUS_LABELS",
    "Agreement",
    "Allocation",
    "Call",
    "Condition",
    "ContributionFate",
    "ContributionFile",
    "Donor",
    "DonorBankAccount",
    "DonorBankVerification",
    "DonorCap",
    "DonorKind",
    "Early",
    "ExchangeRate",
    "Hold",
    "Instalment",
    "Match",
    "Outcome",
    "Passed",
    "Pledge",
    "PledgeVersion",
    "Quiet",
    "RateCorrection",
    "RateFile",
    "Receipt",
    "ReferenceDay",
    "Refund",
    "Reminder",
    "Replacement",
    "Representative",
    "ShareQuestion",
    "StartsWith",
    "StopRequest",
    "Termination",
    "Unidentified",
    "UnidentifiedReturn",
    "Why",
    "WithdrawnCall",
    "WriteOff",
    "WrittenOffPart",
]
