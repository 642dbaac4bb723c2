"""Who loads lists, names parties and says what a likeness is: officers of the fund, nobody seconded."""

from django.utils.translation import gettext as _

from trustfund.core.models import User
from trustfund.core.roles import RoleName
from trustfund.core.verdicts import YES, Verdict, no

OFFICERS = (RoleName.SECRETARIAT, RoleName.CERTIFYING_OFFICER, RoleName.TREASURY_OFFICER)
READERS = (*OFFICERS, RoleName.AUDITOR)


def may_read(actor: User) -> Verdict:
    """Return whether the actor may see who is screened and what was found: officers of the fund and auditors."""
    if actor.is_seconded:
        return no(_("Seconded staff see no screening. Ask the secretariat what you need to know."))
    if not actor.holds(*READERS):
        return no(_("Screening is read by the officers of the fund and by auditors."))
    return YES


def may_load_lists(actor: User) -> Verdict:
    """Return whether the actor may load a published list: the secretariat."""
    if actor.is_seconded or not actor.holds(RoleName.SECRETARIAT):
        return no(_("Only the secretariat loads the published lists."))
    return YES


def may_name_parties(actor: User) -> Verdict:
    """Return whether the actor may say through whose hands money passes: the secretariat."""
    if actor.is_seconded or not actor.holds(RoleName.SECRETARIAT):
        return no(_("Only the secretariat says who is screened."))
    return YES


def may_give_opinion(actor: User) -> Verdict:
    """Return whether the actor may say what a likeness is: an officer of the fund."""
    if actor.is_seconded or not actor.holds(*OFFICERS):
        return no(_("Only officers of the fund say whether a likeness is the listed one."))
    return YES
