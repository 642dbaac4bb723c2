"""Who may do what with the bank's words: secretariat and treasury bring files, auditors read, nobody seconded does."""

from typing import Final

from django.utils.translation import gettext as _

from trustfund.core.models import User
from trustfund.core.roles import RoleName
from trustfund.core.verdicts import YES, Verdict, no

BRINGERS: Final = (RoleName.SECRETARIAT, RoleName.TREASURY_OFFICER)
READERS: Final = (*BRINGERS, RoleName.AUDITOR)


def may_see_bank(actor: User) -> Verdict:
    """Return whether the actor may read statements, lines and files of the fund's bank."""
    if actor.is_seconded:
        return no(_("Seconded staff see no bank statements. Ask the secretariat for what you need."))
    if not actor.holds(*READERS):
        return no(_("Only the secretariat, treasury officers and auditors read the bank's statements."))
    return YES


def may_bring_files(actor: User) -> Verdict:
    """Return whether the actor may bring in a file of the bank: the secretariat or a treasury officer."""
    if actor.is_seconded:
        return no(_("Seconded staff see no bank statements. Ask the secretariat for what you need."))
    if not actor.holds(*BRINGERS):
        return no(_("Only the secretariat and treasury officers bring in the bank's files."))
    return YES


def may_keep_own_accounts(actor: User) -> Verdict:
    """Return whether the actor may say which bank accounts are the fund's own: a treasury officer."""
    if actor.is_seconded or not actor.holds(RoleName.TREASURY_OFFICER):
        return no(_("Only treasury officers say which bank accounts are the fund's own."))
    return YES
