"""Everything that can happen to programmes, proposals, tranches and payments; one module a noun."""

from disbursements.operations.approvals import approve_proposal, record_outcome, table_proposal
from disbursements.operations.bank_accounts import register_bank_account, verify_bank_account
from disbursements.operations.payment_ends import confirm_payment, return_payment
from disbursements.operations.payments import cancel_payment, certify_payment, prepare_payment, release_payment
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
from disbursements.operations.treasury import record_bank_charge, record_expenditure, record_interest, record_refund

__all__ = [
    "amend_proposal",
    "approve_proposal",
    "begin_review",
    "bring_tranches_due",
    "cancel_payment",
    "certify_payment",
    "confirm_payment",
    "draft_proposal",
    "link_partner",
    "mark_condition_met",
    "open_programme",
    "prepare_payment",
    "record_bank_charge",
    "record_expenditure",
    "record_interest",
    "record_outcome",
    "record_refund",
    "register_bank_account",
    "register_organisation",
    "release_payment",
    "return_payment",
    "set_aside_continuity_reserve",
    "submit_proposal",
    "table_proposal",
    "verify_bank_account",
    "withdraw_proposal",
]
