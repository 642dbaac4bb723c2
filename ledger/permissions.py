"""Who may read the books and who may change when they are open. Who may post, the operation that posts says."""

from typing import Final

from django.utils.translation import gettext as _

from trustfund.core.models import User
from trustfund.core.roles import RoleName
from trustfund.core.verdicts import YES, Verdict, no

READERS: Final = (
    RoleName.AUDITOR,
    RoleName.TREASURY_OFFICER,
    RoleName.CERTIFYING_OFFICER,
    RoleName.SECRETARIAT,
    RoleName.FUND_ADMINISTRATOR,
    RoleName.COMMITTEE_MEMBER,
    RoleName.ALTERNATE,
    RoleName.CHAIR,
)


def may_read(actor: User) -> Verdict:
    """Return whether the actor may read the books, where donors stand by name: not donors, partners, seconded staff."""
    if not actor.holds(*READERS):
        return no(_("The books are open to those who decide, pay and audit. Your own statements are under Statements."))
    if actor.is_seconded:
        return no(
            _("Seconded staff do not see donors, so the books are closed to you. Ask the secretariat for figures.")
        )
    return YES


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
