"""Holding proposals, tranches and the pooled fund until the transaction ends."""

from typing import Final
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from disbursements.models import Programme, Proposal, Tranche
from trustfund.core.db import require_transaction
from trustfund.core.refusals import Missing

# An arbitrary number that stands for the pooled fund among PostgreSQL's advisory locks.
_FUND: Final = 7_340_001


def programme(programme_id: UUID) -> Programme:
    """
    Hold a programme.

    :raises Missing: if there is none
    """
    found = Programme.objects.select_for_update(of=("self",)).select_related("organisation").filter(pk=programme_id)
    for one in found:
        return one
    raise Missing(_("There is no such programme. Look it up in the list of programmes."))


def proposal(proposal_id: UUID) -> Proposal:
    """
    Hold a proposal.

    :raises Missing: if there is none
    """
    found = (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("programme__organisation", "proposer")
        .filter(pk=proposal_id)
    )
    for one in found:
        return one
    raise Missing(_("There is no such proposal. Look it up in the list of proposals."))


def tranche(tranche_id: UUID) -> Tranche:
    """
    Hold a tranche.

    :raises Missing: if there is none
    """
    found = (
        Tranche.objects.select_for_update(of=("self",))
        .select_related("proposal__programme__organisation", "version")
        .filter(pk=tranche_id)
    )
    for one in found:
        return one
    raise Missing(_("There is no such tranche. Open it from its proposal."))


def fund() -> None:
    """Hold the pooled fund, so that nobody else promises its money until this transaction ends."""
    require_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_FUND])
