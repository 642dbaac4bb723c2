"""Who may ask for exemptions, record letters and shipments, say what a tranche pays for, and ask for an override."""

from django.utils.translation import gettext as _

from disbursements.models import GoodsDeclaration, Programme
from disbursements.queries.partners import organisation_id_of
from trustfund.core.models import User
from trustfund.core.roles import RoleName
from trustfund.core.verdicts import YES, Verdict, no

_AGREE = (RoleName.SECRETARIAT, RoleName.CERTIFYING_OFFICER)


def may_request_exemption(actor: User, programme: Programme) -> Verdict:
    """Return whether the actor may write down a request: the secretariat, or the programme's own partner."""
    if _is_of(actor, programme):
        return YES
    return no(_("Only the secretariat and the programme's own organisation ask for its exemptions."))


def may_record_letter(actor: User) -> Verdict:
    """Return whether the actor may record what the sanctions body answered: the secretariat."""
    return _secretariat(actor, _("Only the secretariat records what the sanctions body answers."))


def may_ship(actor: User, programme: Programme) -> Verdict:
    """Return whether the actor may plan shipments and say how far they are: secretariat, or the own partner."""
    if _is_of(actor, programme):
        return YES
    return no(_("Only the secretariat and the programme's own organisation record its shipments."))


def may_declare_goods(actor: User) -> Verdict:
    """Return whether the actor may say what a tranche pays for: the secretariat."""
    return _secretariat(actor, _("Only the secretariat says which goods a tranche pays for."))


def may_sign_off(actor: User, declaration: GoodsDeclaration) -> Verdict:
    """Return whether the actor may agree that no goods are in scope: an officer other than who found it."""
    if actor.is_seconded or not actor.holds(*_AGREE):
        return no(_("Only the secretariat and certifying officers agree that no goods are in scope."))
    if actor.pk == declaration.declared_by_id:
        return no(_("You found that no goods are in scope, so someone else must agree."))
    return YES


def may_ask_override(actor: User) -> Verdict:
    """Return whether the actor may ask the committee to let something pass outside an exemption: the secretariat."""
    return _secretariat(actor, _("Only the secretariat lays this before the committee."))


def may_carry_out(actor: User | None) -> Verdict:
    """Return whether the actor may write down what the committee decided: the secretariat, or the timetable."""
    if actor is None:
        return YES
    return _secretariat(actor, _("Only the secretariat writes down what the committee decided."))


def _secretariat(actor: User, reason: str) -> Verdict:
    if not actor.is_seconded and actor.holds(RoleName.SECRETARIAT):
        return YES
    return no(reason)


def _is_of(actor: User, programme: Programme) -> bool:
    if actor.is_seconded:
        return False
    if actor.holds(RoleName.SECRETARIAT):
        return True
    return actor.holds(RoleName.PROGRAMME_PARTNER) and organisation_id_of(actor) == programme.organisation_id
