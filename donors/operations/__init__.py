"""Everything that can happen to donors, their pledges and their money; one module a noun."""

from donors.operations.agreements import Rescheduled, amend_agreement, sign_agreement
from donors.operations.bank_accounts import register_bank_details, verify_bank_details
from donors.operations.calls import issue_call, issue_calls, withdraw_call
from donors.operations.conditions import (
    Term,
    ask_to_accept_conditional,
    bring_into_books,
    confirm_approval,
    count_matching,
    send_back_approval,
    show_approval,
    sign_conditional_pledge,
)
from donors.operations.contribution_files import (
    bring_contribution_file,
    bring_over,
    bring_over_file,
    start_contribution_file,
)
from donors.operations.exchange import (
    confirm_rate_correction,
    propose_rate_correction,
    record_rate,
    withdraw_rate_correction,
)
from donors.operations.holds import accept_preference, ask_for_preference, hold_text
from donors.operations.matches import (
    Part,
    confirm_match,
    decline_match,
    match_lines,
    propose_match,
    set_aside_return,
    tie_receipt_to_line,
)
from donors.operations.people import appoint_representative, choose_language, end_representative
from donors.operations.pledges import announce_pledge, sign_announced_pledge, sign_pledge
from donors.operations.rate_files import bring_rate_file, take_rate_file
from donors.operations.receipts import bring_over_receipt, record_receipt, reverse_receipt
from donors.operations.refunds import pay_refund, request_refund, request_residue_refunds
from donors.operations.register import register_donor
from donors.operations.reminders import end_quiet, keep_quiet, take_step
from donors.operations.shares import ask_about_share, set_donor_cap
from donors.operations.stop_requests import file_stop_request
from donors.operations.terminations import record_termination
from donors.operations.unidentified import hold_unidentified, send_back_unidentified
from donors.operations.write_offs import ask_for_write_off, carry_out_write_off

__all__ = [
    "Part",
    "Rescheduled",
    "Term",
    "accept_preference",
    "amend_agreement",
    "announce_pledge",
    "appoint_representative",
    "ask_about_share",
    "ask_for_preference",
    "ask_for_write_off",
    "ask_to_accept_conditional",
    "bring_contribution_file",
    "bring_into_books",
    "bring_over",
    "bring_over_file",
    "bring_over_receipt",
    "bring_rate_file",
    "carry_out_write_off",
    "choose_language",
    "confirm_approval",
    "confirm_match",
    "confirm_rate_correction",
    "count_matching",
    "decline_match",
    "end_quiet",
    "end_representative",
    "file_stop_request",
    "hold_text",
    "hold_unidentified",
    "issue_call",
    "issue_calls",
    "keep_quiet",
    "match_lines",
    "pay_refund",
    "propose_match",
    "propose_rate_correction",
    "record_rate",
    "record_receipt",
    "record_termination",
    "register_bank_details",
    "register_donor",
    "request_refund",
    "request_residue_refunds",
    "reverse_receipt",
    "send_back_approval",
    "send_back_unidentified",
    "set_aside_return",
    "set_donor_cap",
    "show_approval",
    "sign_agreement",
    "sign_announced_pledge",
    "sign_conditional_pledge",
    "sign_pledge",
    "start_contribution_file",
    "take_rate_file",
    "take_step",
    "tie_receipt_to_line",
    "verify_bank_details",
    "withdraw_call",
    "withdraw_rate_correction",
]
