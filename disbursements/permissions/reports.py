"""Who hands in reports, who accepts them, who claims money back, and who closes a programme."""

from django.utils.translation import gettext as _

from disbursements.models import Programme, RefundOffset, Report, Tranche
from disbursements.queries.partners import organisation_id_of
from trustfund.core.models import User
from trustfund.core.roles import RoleName
from trustfund.core.verdicts import YES, Verdict, no

REVIEWERS = (RoleName.SECRETARIAT, RoleName.CERTIFYING_OFFICER)


def may_submit_report(actor: User, programme: Programme) -> Verdict:
    """Return whether the actor may hand in a report: the organisation's own partner, and nobody for it."""
    speaks = actor.holds(RoleName.PROGRAMME_PARTNER) and organisation_id_of(actor) == programme.organisation_id
    if actor.is_seconded or not speaks:
        return no(_("Only the programme's own organisation hands in its reports."))
    return YES


def may_review_report(actor: User, report: Report) -> Verdict:
    """Return whether the actor may accept a report or send it back: secretariat or certifying officer, each once."""
    if actor.is_seconded or not actor.holds(*REVIEWERS):
        return no(_("Reports are reviewed by the secretariat and certifying officers."))
    if report.submitted_by_id == actor.pk:
        return no(_("You handed in this report, so others review it."))
    return YES


def may_close_operations(actor: User) -> Verdict:
    """Return whether the actor may say that a programme's work is over: the secretariat."""
    if actor.is_seconded or not actor.holds(RoleName.SECRETARIAT):
        return no(_("Only the secretariat closes the work of a programme."))
    return YES


def may_claim_refund(actor: User) -> Verdict:
    """Return whether the actor may claim unspent money back: the secretariat."""
    if actor.is_seconded or not actor.holds(RoleName.SECRETARIAT):
        return no(_("Only the secretariat claims unspent money back."))
    return YES


def may_offset(actor: User, tranche: Tranche | None = None) -> Verdict:
    """Return whether the actor may ask that a refund is taken off a tranche: secretariat, but not who proposed it."""
    if actor.is_seconded or not actor.holds(RoleName.SECRETARIAT):
        return no(_("Only the secretariat asks that a refund is taken off a payment."))
    return YES if tranche is None else _did_not_propose(actor, tranche)


def may_answer_offset(actor: User, offset: RefundOffset) -> Verdict:
    """Return whether the actor may take it off or decline: a certifying officer with no hand in it."""
    if actor.is_seconded or not actor.holds(RoleName.CERTIFYING_OFFICER):
        return no(_("Only a certifying officer agrees that a refund is taken off a payment."))
    if offset.proposed_by_id == actor.pk:
        return no(_("You asked for this, so someone else must agree to it."))
    return _did_not_propose(actor, offset.tranche)


def _did_not_propose(actor: User, tranche: Tranche) -> Verdict:
    if actor.pk in {tranche.proposal.proposer_id, tranche.version.created_by_id}:
        return no(_("You proposed what the tranche pays for, so someone else must do this."))
    return YES


def may_close_accounts(actor: User, programme: Programme) -> Verdict:
    """Return whether the actor may close a programme's accounts: a certifying officer who did not close its work."""
    if actor.is_seconded or not actor.holds(RoleName.CERTIFYING_OFFICER):
        return no(_("Only a certifying officer closes the accounts of a programme."))
    if programme.closure_steps.filter(by=actor).exists():
        return no(_("You took an earlier step of this closure, so another officer closes the accounts."))
    return YES


def may_note_audit(actor: User) -> Verdict:
    """Return whether the actor may note that a programme was audited: the secretariat, on the auditor's report."""
    if actor.is_seconded or not actor.holds(RoleName.SECRETARIAT):
        return no(_("Only the secretariat notes an auditor's report."))
    return YES
