"""Who may open which address: one row an address, one letter a role. A new address is red until it stands here."""

from typing import Final

from trustfund.core.roles import RoleName

# M committee member, L alternate, C chair, S secretariat, F certifying officer, T treasury officer,
# D donor representative, P programme partner, A auditor, U fund administrator.
LETTERS: Final = {
    "M": RoleName.COMMITTEE_MEMBER,
    "L": RoleName.ALTERNATE,
    "C": RoleName.CHAIR,
    "S": RoleName.SECRETARIAT,
    "F": RoleName.CERTIFYING_OFFICER,
    "T": RoleName.TREASURY_OFFICER,
    "D": RoleName.DONOR_REPRESENTATIVE,
    "P": RoleName.PROGRAMME_PARTNER,
    "A": RoleName.AUDITOR,
    "U": RoleName.FUND_ADMINISTRATOR,
}
PUBLIC: Final = "public"
EVERYBODY: Final = "MLCSFTDPAU"
COMMITTEE: Final = "MLC"
OFFICERS: Final = "SFT"
READERS_OF_THE_BOOKS: Final = COMMITTEE + OFFICERS + "AU"
READERS_OF_PROGRAMMES: Final = COMMITTEE + OFFICERS + "PAU"
READERS_OF_STATEMENTS: Final = COMMITTEE + OFFICERS + "DAU"
READERS_OF_BANK_DETAILS: Final = OFFICERS + "A"

MATRIX: Final[dict[str, str]] = {
    # Open to all the world
    "pages:public": PUBLIC,
    "pages:decision": PUBLIC,
    "pages:accessibility": PUBLIC,
    "committee:motions": PUBLIC,
    "committee:register": PUBLIC,
    "assurance:public_paper": PUBLIC,
    "api:health": PUBLIC,
    "api:position": PUBLIC,
    "account_login": PUBLIC,
    "account_inactive": PUBLIC,
    "mfa_authenticate": PUBLIC,
    # A person's own sign-in
    "pages:home": EVERYBODY,
    "pages:subject": EVERYBODY,
    "account_logout": EVERYBODY,
    "account_reauthenticate": EVERYBODY,
    "account_change_password": EVERYBODY,
    "mfa_index": EVERYBODY,
    "mfa_reauthenticate": EVERYBODY,
    "mfa_activate_totp": EVERYBODY,
    "mfa_deactivate_totp": EVERYBODY,
    "mfa_view_recovery_codes": EVERYBODY,
    "mfa_generate_recovery_codes": EVERYBODY,
    "mfa_download_recovery_codes": EVERYBODY,
    "mfa_list_webauthn": EVERYBODY,
    "mfa_add_webauthn": EVERYBODY,
    "mfa_reauthenticate_webauthn": EVERYBODY,
    "mfa_edit_webauthn": EVERYBODY,
    "mfa_remove_webauthn": EVERYBODY,
    "usersessions_list": EVERYBODY,
    # People and mail
    "pages:people": "U",
    "pages:person": "U",
    "notices:log": "U",
    # The committee room
    "committee:seats": EVERYBODY,
    "committee:standing": EVERYBODY,
    "committee:interests": COMMITTEE,
    "committee:confirm": COMMITTEE,
    "committee:cast": COMMITTEE,
    "committee:recuse": COMMITTEE,
    "committee:receipt": COMMITTEE,
    "committee:close": "C",
    # Programmes and proposals
    "disbursements:organisations": READERS_OF_PROGRAMMES,
    "disbursements:programmes": READERS_OF_PROGRAMMES,
    "disbursements:programme": READERS_OF_PROGRAMMES,
    "disbursements:proposals": READERS_OF_PROGRAMMES,
    "disbursements:proposals_csv": READERS_OF_PROGRAMMES,
    "disbursements:proposal": READERS_OF_PROGRAMMES,
    "disbursements:proposal_version": READERS_OF_PROGRAMMES,
    "disbursements:register_organisation": "S",
    "disbursements:new_programme": "S",
    "disbursements:new_proposal": "SP",
    "disbursements:check_figures": "SP",
    "disbursements:amend_proposal": "SP",
    "disbursements:submit_proposal": "SP",
    "disbursements:withdraw_proposal": "SP",
    "disbursements:review_proposal": "S",
    "disbursements:table_proposal": "S",
    "disbursements:record_outcome": "SC",
    "disbursements:approve_proposal": "C",
    "disbursements:mark_condition_met": "S",
    "disbursements:reports": READERS_OF_PROGRAMMES,
    "disbursements:reports_csv": READERS_OF_PROGRAMMES,
    "disbursements:reports_xlsx": READERS_OF_PROGRAMMES,
    "disbursements:report": READERS_OF_PROGRAMMES,
    "disbursements:new_report": "P",
    "disbursements:review_report": "SF",
    "disbursements:closures": READERS_OF_PROGRAMMES,
    "disbursements:closures_csv": READERS_OF_PROGRAMMES,
    "disbursements:closures_xlsx": READERS_OF_PROGRAMMES,
    "disbursements:closure": READERS_OF_PROGRAMMES,
    "disbursements:closure_step": "SF",
    # Money out
    "disbursements:payments": EVERYBODY,
    "disbursements:payments_csv": EVERYBODY,
    "disbursements:payment": EVERYBODY,
    "disbursements:release_queue": OFFICERS + "A",
    "disbursements:prepare_payment": "S",
    "disbursements:certify_payment": "F",
    "disbursements:release_payment": "T",
    "disbursements:confirm_payment": "FT",
    "disbursements:return_payment": "FT",
    "disbursements:cancel_payment": OFFICERS,
    "disbursements:bank_accounts": READERS_OF_BANK_DETAILS,
    "disbursements:register_bank_account": "S",
    "disbursements:verify_bank_account": OFFICERS,
    "disbursements:treasury": OFFICERS + "A",
    "disbursements:treasury_csv": OFFICERS + "A",
    "disbursements:reserve": OFFICERS + "A",
    "disbursements:record_interest": "T",
    "disbursements:record_bank_charge": "T",
    "disbursements:record_refund": "T",
    "disbursements:record_expenditure": "SP",
    # Screening against the sanctions lists
    "screening:parties": OFFICERS + "A",
    "screening:parties_csv": OFFICERS + "A",
    "screening:parties_xlsx": OFFICERS + "A",
    "screening:lists": OFFICERS + "A",
    "screening:party": OFFICERS + "A",
    "screening:add_party": "S",
    "screening:end_party": "S",
    "screening:give_opinion": OFFICERS,
    # Donors: theirs to see is their own, and the committee knows no donor's account
    "donors:donors": "SA",
    "donors:donor": "SAD",
    "donors:pledges": "SA",
    "donors:pledge": "SAD",
    "donors:schedule_csv": "SAD",
    "donors:schedule_xlsx": "SAD",
    "donors:receipts_csv": "SAD",
    "donors:receipts_xlsx": "SAD",
    "pages:our_use_of_funds": "D",
    "pages:use_of_funds": "SAD",
    "pages:use_of_funds_csv": "SAD",
    "pages:use_of_funds_xlsx": "SAD",
    "donors:receipts": "SA",
    "donors:receipt": "SAD",
    "donors:mine": "D",
    "donors:register": "S",
    "donors:appoint": "S",
    "donors:representative_end": "S",
    "donors:agreement_new": "S",
    "donors:pledge_amount": "S",
    "donors:pledge_schedule": "S",
    "donors:pledge_check": "S",
    "donors:receipt_new": "S",
    "donors:receipt_reverse": "S",
    "donors:rates": OFFICERS + "A",
    "donors:rates_csv": OFFICERS + "A",
    "donors:rates_xlsx": OFFICERS + "A",
    "donors:rates_compared": OFFICERS + "A",
    "donors:rates_compared_csv": OFFICERS + "A",
    "donors:rates_compared_xlsx": OFFICERS + "A",
    "donors:rate": OFFICERS + "A",
    "donors:rate_new": "S",
    "donors:rate_correct": "S",
    "donors:correction_confirm": "S",
    "donors:correction_withdraw": "S",
    "donors:rate_file": OFFICERS + "A",
    "donors:rate_file_new": "S",
    "donors:rate_file_take": "S",
    "donors:write_off_new": "S",
    "donors:write_off": "SAD",
    "donors:refunds": OFFICERS + "AD",
    "donors:refunds_csv": OFFICERS + "AD",
    "donors:refunds_xlsx": OFFICERS + "AD",
    "donors:refund_new": "S",
    "donors:refund": OFFICERS + "AD",
    "donors:residue": OFFICERS + "A",
    "donors:bank_details": OFFICERS + "AD",
    "donors:bank_details_new": "S",
    "donors:bank_details_verify": OFFICERS,
    "donors:stop_requests": COMMITTEE + "SDAU",
    "donors:stop_request_new": "SD",
    # The books
    "ledger:search": READERS_OF_THE_BOOKS,
    "ledger:entry": READERS_OF_THE_BOOKS,
    "ledger:chart": READERS_OF_THE_BOOKS,
    "ledger:account": READERS_OF_THE_BOOKS,
    "ledger:statement_csv": READERS_OF_THE_BOOKS,
    "ledger:statement_xlsx": READERS_OF_THE_BOOKS,
    "ledger:trial_balance": READERS_OF_THE_BOOKS,
    "ledger:trial_balance_csv": READERS_OF_THE_BOOKS,
    "ledger:trial_balance_xlsx": READERS_OF_THE_BOOKS,
    "ledger:general_ledger_csv": READERS_OF_THE_BOOKS,
    "ledger:periods": READERS_OF_THE_BOOKS,
    "ledger:close_period": "T",
    "ledger:reopen_period": "T",
    # Statements and the fund's position
    "assurance:statements": READERS_OF_STATEMENTS,
    "assurance:documents_of": READERS_OF_STATEMENTS,
    "assurance:papers": READERS_OF_STATEMENTS,
    "assurance:papers_about": READERS_OF_STATEMENTS,
    "assurance:request": READERS_OF_STATEMENTS,
    "assurance:statement": READERS_OF_STATEMENTS,
    "assurance:progress": READERS_OF_STATEMENTS,
    "assurance:retry": READERS_OF_STATEMENTS,
    "assurance:download": READERS_OF_STATEMENTS,
    "continuity:position": EVERYBODY,
    "continuity:position_csv": EVERYBODY,
}

# Where reading and doing differ: who may post.
POSTED_BY: Final[dict[str, str]] = {
    "screening:lists": "S",
    "disbursements:reserve": "T",
    "donors:write_off": "S",
    "donors:refund": "T",
    "donors:residue": "S",
}
# Let in by role, refused by what they own: this partner did not write the proposal that the test asks for.
REFUSED_AS_NOT_THEIRS: Final = frozenset({("P", "disbursements:withdraw_proposal")})

# What belongs to somebody is not there for others of the same role: 404, and nothing learned.
SOMEBODY_ELSES: Final[dict[RoleName, tuple[str, ...]]] = {
    RoleName.DONOR_REPRESENTATIVE: (
        "donors:donor",
        "donors:pledge",
        "donors:schedule_csv",
        "donors:schedule_xlsx",
        "donors:receipts_csv",
        "donors:receipts_xlsx",
        "pages:use_of_funds",
        "pages:use_of_funds_csv",
        "pages:use_of_funds_xlsx",
        "assurance:documents_of",
        "donors:receipt",
        "donors:write_off",
        "donors:refund",
        "donors:bank_details",
        "assurance:statement",
        "assurance:progress",
        "assurance:download",
    ),
    RoleName.PROGRAMME_PARTNER: (
        "disbursements:programme",
        "disbursements:proposal",
        "disbursements:proposal_version",
        "disbursements:amend_proposal",
        "disbursements:report",
        "disbursements:new_report",
        "disbursements:closure",
    ),
    RoleName.COMMITTEE_MEMBER: ("committee:receipt",),
}


def _donors_and_books(letter: str) -> list[str]:
    # Rates of exchange name no donor.
    about_rates = {name for name in MATRIX if name.startswith("donors:rate") and MATRIX[name] != "S"}
    return [
        name
        for name, row in MATRIX.items()
        if name.startswith(("donors:", "ledger:")) and letter in row and name not in about_rates
    ]


# Seconded government staff see no donors, ballots or bank details, whatever their role.
CLOSED_TO_SECONDED: Final[dict[RoleName, tuple[str, ...]]] = {
    RoleName.SECRETARIAT: (
        *_donors_and_books("S"),
        "disbursements:bank_accounts",
        "disbursements:register_bank_account",
        "disbursements:verify_bank_account",
    ),
    RoleName.TREASURY_OFFICER: (
        *_donors_and_books("T"),
        "disbursements:bank_accounts",
        "disbursements:verify_bank_account",
    ),
}
