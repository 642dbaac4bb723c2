"""Whom the fund works through: who is on the World Health Organization's channel, and their partners. Pure."""

from typing import Final

from django.utils.translation import gettext as _

from disbursements.states import OrganisationKind
from trustfund.core.verdicts import YES, Verdict, no

# A donor that also carries out what it pays for would sit on both sides of the table.
_NEVER: Final = frozenset({OrganisationKind.DONOR_AGENCY})


def may_take_part(kind: OrganisationKind, name: str) -> Verdict:
    """Return whether an organisation may carry out any part of a programme, as the participating one or beside it."""
    if kind in _NEVER:
        return no(
            _("%(name)s is a donor government's own agency. The fund works through nobody who also gives to it.")
            % {"name": name}
        )
    return YES


def may_receive(kind: OrganisationKind, name: str, *, works_through_who: bool) -> Verdict:
    """Return whether an organisation may answer for a programme that the committee decides on."""
    part = may_take_part(kind, name)
    if not part:
        return part
    if kind != OrganisationKind.WHO and not works_through_who:
        return no(
            _(
                "%(name)s does not work through the World Health Organization's channel. Record that it does, or let "
                "it be a partner of an organisation that does."
            )
            % {"name": name}
        )
    return YES
