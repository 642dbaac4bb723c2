"""What is stored: one module a noun."""

from disbursements.models.bank_accounts import BankAccount, BankAccountVerification
from disbursements.models.closures import ClosureStep, RefundClaim
from disbursements.models.movements import Movement
from disbursements.models.payments import Payment, PaymentStep
from disbursements.models.programmes import BlockShare, Organisation, PartnerLink, Programme
from disbursements.models.proposals import BudgetLine, PlannedTranche, Proposal, ProposalVersion, PublishedProject
from disbursements.models.reports import Report, ReportLine, ReportReview
from disbursements.models.tranches import Tranche

__all__ = [
    "BankAccount",
    "BankAccountVerification",
    "BlockShare",
    "BudgetLine",
    "ClosureStep",
    "Movement",
    "Organisation",
    "PartnerLink",
    "Payment",
    "PaymentStep",
    "PlannedTranche",
    "Programme",
    "Proposal",
    "ProposalVersion",
    "PublishedProject",
    "RefundClaim",
    "Report",
    "ReportLine",
    "ReportReview",
    "Tranche",
]
