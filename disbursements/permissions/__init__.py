"""Who may do what with programmes, proposals, tranches and payments; one module a noun."""

from disbursements.permissions.proposals import (
    may_amend,
    may_approve,
    may_draft,
    may_link_partner,
    may_meet_condition,
    may_open_programme,
    may_record_outcome,
    may_register_organisation,
    may_review,
    may_see_votes,
    may_set_aside,
    may_submit,
    may_table,
    may_withdraw,
)

__all__ = [
    "may_amend",
    "may_approve",
    "may_draft",
    "may_link_partner",
    "may_meet_condition",
    "may_open_programme",
    "may_record_outcome",
    "may_register_organisation",
    "may_review",
    "may_see_votes",
    "may_set_aside",
    "may_submit",
    "may_table",
    "may_withdraw",
]
