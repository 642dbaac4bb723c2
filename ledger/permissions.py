"""Who may change when the books are open. Who may post is for the operation that posts to say."""

from django.utils.translation import gettext as _

from trustfund.core.models import User
from trustfund.core.roles import RoleName
from trustfund.core.verdicts import YES, Verdict, no


def may_close_period(actor: User) -> Verdict:
    """Return whether the actor may close a period: a treasury officer, who keeps the books."""
    if not actor.holds(RoleName.TREASURY_OFFICER):
        return no(_("Only a treasury officer closes a period."))
    return YES


def may_reopen_period(actor: User) -> Verdict:
    """Return whether the actor may reopen a period: a treasury officer, who names the decision that says so."""
    if not actor.holds(RoleName.TREASURY_OFFICER):
        return no(_("Only a treasury officer reopens a period, with the reference of the decision that says so."))
    return YES
