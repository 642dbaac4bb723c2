"""Who reads what is late and expected, and who sets the haircut of the planning view."""

from typing import Final

from django.utils.translation import gettext as _

from trustfund.core.models import User
from trustfund.core.roles import RoleName
from trustfund.core.verdicts import YES, Verdict, no

READERS: Final = (
    RoleName.COMMITTEE_MEMBER,
    RoleName.ALTERNATE,
    RoleName.CHAIR,
    RoleName.SECRETARIAT,
    RoleName.CERTIFYING_OFFICER,
    RoleName.TREASURY_OFFICER,
    RoleName.AUDITOR,
)


def may_read(actor: User) -> Verdict:
    """Return whether the actor may read what donors are late with and what is expected of them."""
    if actor.is_seconded:
        return no(_("Seconded staff see no donors. Ask the secretariat for what you need."))
    if not actor.holds(*READERS):
        return no(_("Arrears and what is expected are for the committee, the officers and the auditors."))
    return YES


def may_set_haircut(actor: User) -> Verdict:
    """Return whether the actor may set the haircut of the planning view: the secretariat."""
    if actor.is_seconded or not actor.holds(RoleName.SECRETARIAT):
        return no(_("Only the secretariat sets the haircut of the planning view."))
    return YES
