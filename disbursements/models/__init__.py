"""What is stored: one module a noun."""

from disbursements.models.amendments import AmendedLine, AmendedTranche, Amendment
from disbursements.models.assessments import CapacityAssessment, ImplementingPartner
from disbursements.models.bank_accounts import BankAccount, BankAccountVerification, BankDetailsRead
from disbursements.models.bank_files import BankAnswer, BankAnswerLine, PaymentFile, StatusQuery
from disbursements.models.closures import ClosureStep, RefundClaim
from disbursements.models.direct_costs import DirectCost, DirectCostCharged
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
from disbursements.models.offsets import RefundOffset, RefundOffsetAnswer
from disbursements.models.payments import Payment, PaymentStep
from disbursements.models.profiles import CrsCode, CrsShare
from disbursements.models.programmes import BlockShare, Organisation, PartnerLink, Programme
from disbursements.models.proposals import BudgetLine, PlannedTranche, Proposal, ProposalVersion, PublishedProject
from disbursements.models.reports import Report, ReportLine, ReportReview
from disbursements.models.reserve import ReserveUse, ReserveUsed, TreasuryRules, TreasuryRulesAgreement
from disbursements.models.results import Evidence, Indicator, IndicatorTarget, IndicatorValue, PeopleReached
from disbursements.models.reviews import CompliancePaper, ReviewPoints, TechnicalReview
from disbursements.models.routes import DeliveryInKind, Route, RouteRefusal, TrancheRoute
from disbursements.models.shortfalls import Queueing, ShortfallPlan, ShortfallPlanCarriedOut, ShortfallShare
from disbursements.models.suspensions import Suspension
from disbursements.models.tranches import Tranche

__all__ = [
    "AmendedLine",
    "AmendedTranche",
    "Amendment",
    "BankAccount",
    "BankAccountVerification",
    "BankAnswer",
    "BankAnswerLine",
    "BankDetailsRead",
    "BlockShare",
    "BudgetLine",
    "CapacityAssessment",
    "ClosureStep",
    "CompliancePaper",
    "CrsCode",
    "CrsShare",
    "DeliveryInKind",
    "DirectCost",
    "DirectCostCharged",
    "Document",
    "Evidence",
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
    "ImplementingPartner",
    "Indicator",
    "IndicatorTarget",
    "IndicatorValue",
    "Movement",
    "Organisation",
    "Override",
    "PartnerLink",
    "Payment",
    "PaymentFile",
    "PaymentStep",
    "PeopleReached",
    "PlannedTranche",
    "Programme",
    "Proposal",
    "ProposalVersion",
    "PublishedProject",
    "Queueing",
    "RefundClaim",
    "RefundOffset",
    "RefundOffsetAnswer",
    "Report",
    "ReportLine",
    "ReportReview",
    "ReserveUse",
    "ReserveUsed",
    "ReviewPoints",
    "Route",
    "RouteRefusal",
    "Shipment",
    "ShipmentItem",
    "ShortfallPlan",
    "ShortfallPlanCarriedOut",
    "ShortfallShare",
    "StatusQuery",
    "Suspension",
    "TechnicalReview",
    "Tranche",
    "TrancheRoute",
    "TreasuryRules",
    "TreasuryRulesAgreement",
]
