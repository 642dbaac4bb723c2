"""Everything that can happen to programmes, proposals, tranches and payments; one module a noun."""

from disbursements.operations.amendments import ask_to_amend, carry_out_amendment
from disbursements.operations.approvals import approve_proposal, record_outcome, table_proposal
from disbursements.operations.bank_accounts import note_read, register_bank_account, verify_bank_account
from disbursements.operations.bank_answers import note_silent_banks, record_status_query, take_in_answer
from disbursements.operations.direct_costs import ask_for_direct_cost, charge_direct_cost
from disbursements.operations.exemptions import (
    end_request,
    record_letter,
    request_exemption,
    revoke_exemption,
    warn_of_expiry,
)
from disbursements.operations.goods import declare_goods, declare_no_goods, sign_off_no_goods
from disbursements.operations.holds import ask_to_lift_hold, lift_hold, place_hold
from disbursements.operations.offsets import agree_to_offset, decline_offset, propose_offset
from disbursements.operations.organisations import (
    add_implementing_partner,
    assess_organisation,
    end_implementing_partner,
    record_channel,
)
from disbursements.operations.overrides import (
    ask_to_land_outside,
    ask_to_pay_outside,
    ask_to_ship_outside,
    carry_out_override,
)
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
from disbursements.operations.releases import ask_to_release, carry_out_release
from disbursements.operations.reserve import (
    ask_to_use_reserve,
    raise_reserve_to_floor,
    set_aside_continuity_reserve,
    use_reserve,
    watch_reserve,
)
from disbursements.operations.results import describe_programme, report_results, set_indicator, submit_evidence
from disbursements.operations.reviews import file_compliance, score_proposal
from disbursements.operations.routes import choose_route, mark_route, open_route, record_delivery, record_refusal
from disbursements.operations.shipments import call_off_shipment, land_shipment, plan_shipment, send_off_shipment
from disbursements.operations.shortfalls import ask_what_to_pay, carry_out_plan, queue_payment, queue_short_payments
from disbursements.operations.suspensions import (
    ask_to_resume,
    ask_to_suspend,
    carry_out_resumption,
    carry_out_suspension,
)
from disbursements.operations.tranches import bring_tranches_due, mark_condition_met
from disbursements.operations.treasury import record_bank_charge, record_expenditure, record_interest, record_refund
from disbursements.operations.treasury_rules import agree_to_treasury_rules, propose_treasury_rules

__all__ = [
    "add_implementing_partner",
    "agree_to_offset",
    "agree_to_treasury_rules",
    "amend_proposal",
    "approve_proposal",
    "ask_for_direct_cost",
    "ask_to_amend",
    "ask_to_land_outside",
    "ask_to_lift_hold",
    "ask_to_pay_outside",
    "ask_to_release",
    "ask_to_resume",
    "ask_to_ship_outside",
    "ask_to_suspend",
    "ask_to_use_reserve",
    "ask_what_to_pay",
    "assess_organisation",
    "begin_review",
    "bring_tranches_due",
    "call_off_shipment",
    "cancel_payment",
    "carry_out_amendment",
    "carry_out_override",
    "carry_out_plan",
    "carry_out_release",
    "carry_out_resumption",
    "carry_out_suspension",
    "certify_payment",
    "charge_direct_cost",
    "choose_route",
    "confirm_payment",
    "declare_goods",
    "declare_no_goods",
    "decline_offset",
    "describe_programme",
    "draft_proposal",
    "end_implementing_partner",
    "end_request",
    "file_compliance",
    "land_shipment",
    "lift_hold",
    "link_partner",
    "mark_condition_met",
    "mark_route",
    "note_read",
    "note_silent_banks",
    "open_programme",
    "open_route",
    "place_hold",
    "plan_shipment",
    "prepare_payment",
    "propose_offset",
    "propose_treasury_rules",
    "queue_payment",
    "queue_short_payments",
    "raise_reserve_to_floor",
    "record_bank_charge",
    "record_channel",
    "record_delivery",
    "record_expenditure",
    "record_interest",
    "record_letter",
    "record_outcome",
    "record_refund",
    "record_refusal",
    "record_status_query",
    "register_bank_account",
    "register_organisation",
    "release_payment",
    "report_results",
    "request_exemption",
    "return_payment",
    "revoke_exemption",
    "score_proposal",
    "send_off_shipment",
    "set_aside_continuity_reserve",
    "set_indicator",
    "sign_off_no_goods",
    "submit_evidence",
    "submit_proposal",
    "table_proposal",
    "take_in_answer",
    "use_reserve",
    "verify_bank_account",
    "warn_of_expiry",
    "watch_reserve",
    "withdraw_proposal",
]
