"""What is stored: one module a noun."""

from disbursements.models.programmes import BlockShare, Organisation, PartnerLink, Programme
from disbursements.models.proposals import BudgetLine, PlannedTranche, Proposal, ProposalVersion, PublishedProject
from disbursements.models.tranches import Tranche

__all__ = [
    "BlockShare",
    "BudgetLine",
    "Organisation",
    "PartnerLink",
    "PlannedTranche",
    "Programme",
    "Proposal",
    "ProposalVersion",
    "PublishedProject",
    "Tranche",
]
