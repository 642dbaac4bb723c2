"""Who may appoint people. What the apps allow stands in their own permissions."""

from uuid import UUID

from django.utils.translation import gettext as _

from trustfund.core.models import User
from trustfund.core.roles import RoleName
from trustfund.core.verdicts import YES, Verdict, no


def may_appoint(actor: User) -> Verdict:
    """Return whether the actor may invite people and give or end roles: the fund administrator."""
    if not actor.holds(RoleName.FUND_ADMINISTRATOR):
        return no(_("Only the fund administrator invites people and gives roles."))
    return YES


def may_change_roles_of(actor: User, person_id: UUID) -> Verdict:
    """Return whether the actor may change this person's roles: anybody's but their own."""
    if actor.pk == person_id:
        return no(_("Nobody changes their own roles. Another administrator must do it."))
    return YES
