"""Who may assess organisations, describe programmes, report what they reached, score, suspend and resume."""

from datetime import datetime

from django.utils.translation import gettext as _

from committee import queries as committee_queries
from disbursements.models import Programme, Proposal, ProposalVersion
from disbursements.queries.partners import organisation_id_of
from trustfund.core.models import User
from trustfund.core.roles import RoleName
from trustfund.core.verdicts import YES, Verdict, no

_SCORE = (RoleName.SECRETARIAT, RoleName.CERTIFYING_OFFICER)


def may_assess(actor: User) -> Verdict:
    """Return whether the actor may record assessments and the channel of organisations: the secretariat."""
    return _secretariat(actor, _("Only the secretariat records what assessments found."))


def may_describe(actor: User) -> Verdict:
    """Return whether the actor may say under which codes a programme counts and who takes part: the secretariat."""
    return _secretariat(actor, _("Only the secretariat describes programmes and says who takes part."))


def may_report_results(actor: User, programme: Programme) -> Verdict:
    """Return whether the actor may report what a programme reached: its own partner, or the secretariat for it."""
    if not actor.is_seconded:
        if actor.holds(RoleName.SECRETARIAT):
            return YES
        if actor.holds(RoleName.PROGRAMME_PARTNER) and organisation_id_of(actor) == programme.organisation_id:
            return YES
    return no(_("Only the secretariat and the programme's own organisation report what it reached."))


def may_score(actor: User, proposal: Proposal, version: ProposalVersion, at: datetime) -> Verdict:
    """Return whether the actor may score a version: an officer who did not write it and has no interest in it."""
    if actor.is_seconded or not actor.holds(*_SCORE):
        return no(_("Only the secretariat and certifying officers score proposals."))
    if actor.pk in {proposal.proposer_id, version.created_by_id}:
        return no(_("You wrote this, so someone else must score it."))
    if actor.pk in committee_queries.interested([proposal.programme.organisation.name], before=at):
        return no(_("You declared an interest in this organisation, so someone else must score it."))
    return YES


def may_file(actor: User, proposal: Proposal) -> Verdict:
    """Return whether the actor may file compliance papers: the secretariat, or the proposal's own organisation."""
    if may_report_results(actor, proposal.programme):
        return YES
    return no(_("Only the secretariat and the programme's own organisation file compliance papers."))


def may_ask_committee(actor: User) -> Verdict:
    """Return whether the actor may ask the committee to suspend, resume or release: the secretariat."""
    return _secretariat(actor, _("Only the secretariat lays this before the committee."))


def may_carry_out(actor: User | None) -> Verdict:
    """Return whether the actor may carry out what the committee decided: secretariat, chair, or the timetable."""
    if actor is None or (not actor.is_seconded and actor.holds(RoleName.SECRETARIAT, RoleName.CHAIR)):
        return YES
    return no(_("Only the secretariat and the chair carry out what the committee decided."))


def _secretariat(actor: User, reason: str) -> Verdict:
    if not actor.is_seconded and actor.holds(RoleName.SECRETARIAT):
        return YES
    return no(reason)
