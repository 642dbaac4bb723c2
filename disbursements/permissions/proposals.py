"""Who may register organisations, open programmes, and carry a proposal from its draft to its approval."""

from django.utils.translation import gettext as _

from disbursements.models import Programme, Proposal
from disbursements.queries.partners import organisation_id_of
from trustfund.core.models import User
from trustfund.core.roles import RoleName
from trustfund.core.verdicts import YES, Verdict, no


def may_register_organisation(actor: User) -> Verdict:
    """Return whether the actor may register an organisation: the secretariat."""
    return _secretariat(actor, _("Only the secretariat registers organisations."))


def may_link_partner(actor: User) -> Verdict:
    """Return whether the actor may say which organisation a partner speaks for: fund administrator or secretariat."""
    if not actor.is_seconded and actor.holds(RoleName.FUND_ADMINISTRATOR, RoleName.SECRETARIAT):
        return YES
    return no(_("Only the fund administrator or the secretariat says who speaks for an organisation."))


def may_open_programme(actor: User) -> Verdict:
    """Return whether the actor may open a programme: the secretariat."""
    return _secretariat(actor, _("Only the secretariat opens programmes."))


def may_draft(actor: User, programme: Programme) -> Verdict:
    """Return whether the actor may ask money for a programme: the secretariat, or its organisation's own partner."""
    if _writes_for(actor, programme):
        return YES
    return no(_("Only the secretariat and the programme's own organisation write proposals for it."))


def may_amend(actor: User, proposal: Proposal) -> Verdict:
    """Return whether the actor may write a new version: whoever may draft for the programme."""
    return may_draft(actor, proposal.programme)


def may_submit(actor: User, proposal: Proposal) -> Verdict:
    """Return whether the actor may hand a proposal to the secretariat: whoever may draft for the programme."""
    return may_draft(actor, proposal.programme)


def may_withdraw(actor: User, proposal: Proposal) -> Verdict:
    """Return whether the actor may withdraw a proposal: whoever proposed it, and the secretariat."""
    if not actor.is_seconded and (actor.pk == proposal.proposer_id or actor.holds(RoleName.SECRETARIAT)):
        return YES
    return no(_("Only the secretariat and whoever proposed this can withdraw it."))


def may_review(actor: User) -> Verdict:
    """Return whether the actor may take a proposal into review: the secretariat."""
    return _secretariat(actor, _("Only the secretariat reviews proposals."))


def may_table(actor: User) -> Verdict:
    """Return whether the actor may lay a proposal before the committee: the secretariat."""
    return _secretariat(actor, _("Only the secretariat tables proposals."))


def may_approve(actor: User, proposal: Proposal) -> Verdict:
    """Return whether the actor may approve what the committee has carried: the chair, unless it is the chair's own."""
    if actor.is_seconded or not actor.holds(RoleName.CHAIR):
        return no(_("Only the chair approves what the committee has carried."))
    if actor.pk == proposal.proposer_id:
        return no(_("You proposed this, so someone else must approve it."))
    return YES


def may_record_outcome(actor: User | None) -> Verdict:
    """Return whether the actor may write down the committee's answer: secretariat, chair, or the timetable itself."""
    if actor is None or (not actor.is_seconded and actor.holds(RoleName.SECRETARIAT, RoleName.CHAIR)):
        return YES
    return no(_("Only the secretariat and the chair write down the committee's answer."))


def may_meet_condition(actor: User) -> Verdict:
    """Return whether the actor may vouch that a tranche's condition is met: the secretariat."""
    return _secretariat(actor, _("Only the secretariat vouches for conditions."))


def may_set_aside(actor: User) -> Verdict:
    """Return whether the actor may raise the continuity reserve: a treasury officer."""
    if not actor.is_seconded and actor.holds(RoleName.TREASURY_OFFICER):
        return YES
    return no(_("Only a treasury officer raises the continuity reserve."))


def may_see_votes(actor: User) -> Verdict:
    """Return whether the actor may follow a proposal into the committee room: no partner, nobody seconded."""
    if actor.is_seconded or actor.holds(RoleName.PROGRAMME_PARTNER):
        return no(_("Partners and seconded staff see the committee's answer, not its votes."))
    return YES


def _secretariat(actor: User, reason: str) -> Verdict:
    if not actor.is_seconded and actor.holds(RoleName.SECRETARIAT):
        return YES
    return no(reason)


def _writes_for(actor: User, programme: Programme) -> bool:
    if actor.is_seconded:
        return False
    if actor.holds(RoleName.SECRETARIAT):
        return True
    return actor.holds(RoleName.PROGRAMME_PARTNER) and organisation_id_of(actor) == programme.organisation_id
