"""What the chair puts their name to when a proposal is approved, and whether a page has approved it already."""

from uuid import UUID

from committee import queries as committee_queries
from committee.models import Motion
from disbursements.models import Proposal
from disbursements.queries.proposals import version_of
from trustfund.core import step_up
from trustfund.core.models import User


def motion_on(proposal: Proposal) -> Motion | None:
    """Return the motion on a proposal's current version, if it was tabled."""
    return committee_queries.motion_about(proposal.id, proposal.current_number)


def signed_facts(proposal: Proposal, nonce: UUID) -> dict[str, str]:
    """Return what the chair puts their name to: which words, decided by which decision, how much, for whom."""
    version, motion = version_of(proposal), motion_on(proposal)
    decision = getattr(motion, "decision", None)
    return {
        "proposal": proposal.reference,
        "version": str(version.number),
        "content": version.fingerprint,
        "motion": motion.reference if motion else "",
        "decision": decision.reference if decision else "",
        "amount": str(version.amount.amount),
        "currency": version.currency,
        "organisation": proposal.programme.organisation.reference,
        "step": "approve",
        "nonce": str(nonce),
    }


def fingerprint_of(proposal: Proposal, nonce: UUID) -> str:
    """Return the SHA-256 that the second factor for an approval is bound to."""
    return step_up.fingerprint(signed_facts(proposal, nonce))


def was_approved_from(proposal: Proposal, nonce: UUID, *, by: User) -> bool:
    """Return whether this person has approved the proposal from this very page: a form posted twice is one approval."""
    return (
        proposal.approval_confirmation is not None
        and proposal.approved_by_id == by.pk
        and proposal.approval_confirmation.fingerprint == fingerprint_of(proposal, nonce)
    )
