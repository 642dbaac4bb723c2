"""What is stored: one module a noun."""

from disbursements.models.bank_accounts import BankAccount, BankAccountVerification, BankDetailsRead
from disbursements.models.bank_files import BankAnswer, BankAnswerLine, PaymentFile, StatusQuery
from disbursements.models.closures import ClosureStep, RefundClaim
from disbursements.models.holds import Hold, HoldLift
from disbursements.models.movements import Movement
from disbursements.models.payments import Payment, PaymentStep
from disbursements.models.programmes import BlockShare, Organisation, PartnerLink, Programme
from disbursements.models.proposals import BudgetLine, PlannedTranche, Proposal, ProposalVersion, PublishedProject
from disbursements.models.reports import Report, ReportLine, ReportReview
from disbursements.models.reserve import ReserveUse, ReserveUsed, TreasuryRules, TreasuryRulesAgreement
from disbursements.models.routes import DeliveryInKind, Route, RouteRefusal, TrancheRoute
from disbursements.models.shortfalls import (
    Queueing,
    ShortfallPlan,
    ShortfallPlanCarriedOut,
    ShortfallShare,
)
from disbursements.models.tranches import Tranche

__all__ = [
    "BankAccount",
    "BankAccountVerification",
    "BankAnswer",
    "BankAnswerLine",
    "BankDetailsRead",
    "BlockShare",
    "BudgetLine",
    "ClosureStep",
    "DeliveryInKind",
    "Hold",
    "HoldLift",
    "Movement",
    "Organisation",
    "PartnerLink",
    "Payment",
    "PaymentFile",
    "PaymentStep",
    "PlannedTranche",
    "Programme",
    "Proposal",
    "ProposalVersion",
    "PublishedProject",
    "Queueing",
    "RefundClaim",
    "Report",
    "ReportLine",
    "ReportReview",
    "ReserveUse",
    "ReserveUsed",
    "Route",
    "RouteRefusal",
    "ShortfallPlan",
    "ShortfallPlanCarriedOut",
    "ShortfallShare",
    "StatusQuery",
    "Tranche",
    "TrancheRoute",
    "TreasuryRules",
    "TreasuryRulesAgreement",
]
