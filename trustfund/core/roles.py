"""The roles of the fund and the pairs that one person may never hold together. Pure."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RoleName(TextChoices):
    """What a person is to the fund."""

    COMMITTEE_MEMBER = "committee_member", _("Committee member")
    ALTERNATE = "alternate", _("Alternate")
    CHAIR = "chair", _("Chair")
    SECRETARIAT = "secretariat", _("Secretariat officer")
    CERTIFYING_OFFICER = "certifying_officer", _("Certifying officer")
    TREASURY_OFFICER = "treasury_officer", _("Treasury officer")
    DONOR_REPRESENTATIVE = "donor_representative", _("Donor representative")
    PROGRAMME_PARTNER = "programme_partner", _("Programme partner")
    AUDITOR = "auditor", _("Auditor")
    FUND_ADMINISTRATOR = "fund_administrator", _("Fund administrator")


_COMMITTEE = (RoleName.COMMITTEE_MEMBER, RoleName.ALTERNATE, RoleName.CHAIR)
_MONEY = (RoleName.SECRETARIAT, RoleName.CERTIFYING_OFFICER, RoleName.TREASURY_OFFICER)


def _forbidden() -> frozenset[frozenset[RoleName]]:
    pairs: set[frozenset[RoleName]] = set()

    def part(one: RoleName, *others: RoleName) -> None:
        pairs.update(frozenset({one, other}) for other in others if other != one)

    # Three people for every payment: no one prepares, certifies and releases.
    for role in _MONEY:
        part(role, *_MONEY)
    # Who decides does not handle the money, and neither does who appoints users.
    for role in _COMMITTEE:
        part(role, *_MONEY)
    part(RoleName.FUND_ADMINISTRATOR, *_COMMITTEE, *_MONEY)
    # No donor sits in judgement, nobody who is paid does, and who audits does nothing else.
    for role in (RoleName.DONOR_REPRESENTATIVE, RoleName.PROGRAMME_PARTNER, RoleName.AUDITOR):
        part(role, *RoleName)
    return frozenset(pairs)


FORBIDDEN_PAIRS: Final[frozenset[frozenset[RoleName]]] = _forbidden()


def are_forbidden_together(one: RoleName, other: RoleName) -> bool:
    """Return whether one person may never hold both roles."""
    return frozenset({one, other}) in FORBIDDEN_PAIRS
