"""What is stored: one module a noun."""

from disbursements.models.bank_accounts import BankAccount, BankAccountVerification, BankDetailsRead
from disbursements.models.bank_files import BankAnswer, BankAnswerLine, PaymentFile, StatusQuery
from disbursements.models.closures import ClosureStep, RefundClaim
from disbursements.models.documents import Document
from disbursements.models.exemptions import (
    Exemption,
    ExemptionItem,
    ExemptionLetter,
    ExemptionParty,
    ExemptionRequest,
    ExemptionWarning,
    Shipment,
    ShipmentItem,
)
from disbursements.models.goods import GoodsDeclaration, GoodsItem, GoodsSignOff, Override
from disbursements.models.holds import Hold, HoldLift
from disbursements.models.movements import Movement
from disbursements.models.payments import Payment, PaymentStep
from disbursements.models.programmes import BlockShare, Organisation, PartnerLink, Programme
from disbursements.models.proposals import BudgetLine, PlannedTranche, Proposal, ProposalVersion, PublishedProject
from disbursements.models.reports import Report, ReportLine, ReportReview
from disbursements.models.reserve import ReserveUse, ReserveUsed, TreasuryRules, TreasuryRulesAgreement
from disbursements.models.routes import DeliveryInKind, Route, RouteRefusal, TrancheRoute
from disbursements.models.shortfalls import Queueing, ShortfallPlan, ShortfallPlanCarriedOut, ShortfallShare
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
    "Document",
    "Exemption",
    "ExemptionItem",
    "ExemptionLetter",
    "ExemptionParty",
    "ExemptionRequest",
    "ExemptionWarning",
    "GoodsDeclaration",
    "GoodsItem",
    "GoodsSignOff",
    "Hold",
    "HoldLift",
    "Movement",
    "Organisation",
    "Override",
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
    "Shipment",
    "ShipmentItem",
    "ShortfallPlan",
    "ShortfallPlanCarriedOut",
    "ShortfallShare",
    "StatusQuery",
    "Tranche",
    "TrancheRoute",
    "TreasuryRules",
    "TreasuryRulesAgreement",
]
