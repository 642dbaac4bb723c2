"""Everything that can happen to programmes, proposals, tranches and payments; one module a noun."""

from disbursements.operations.approvals import approve_proposal, record_outcome, table_proposal
from disbursements.operations.programmes import link_partner, open_programme, register_organisation
from disbursements.operations.proposals import (
    amend_proposal,
    begin_review,
    draft_proposal,
    submit_proposal,
    withdraw_proposal,
)
from disbursements.operations.reserve import set_aside_continuity_reserve
from disbursements.operations.tranches import bring_tranches_due, mark_condition_met

__all__ = [
    "amend_proposal",
    "approve_proposal",
    "begin_review",
    "bring_tranches_due",
    "draft_proposal",
    "link_partner",
    "mark_condition_met",
    "open_programme",
    "record_outcome",
    "register_organisation",
    "set_aside_continuity_reserve",
    "submit_proposal",
    "table_proposal",
    "withdraw_proposal",
]
