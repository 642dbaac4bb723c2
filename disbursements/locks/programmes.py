"""Holding a programme with its suspension, or a proposal with its programme and what shall change of it."""

from uuid import UUID

from django.utils.translation import gettext as _

from disbursements.locks.proposals import programme, proposal
from disbursements.models import Amendment, Programme, Proposal, Suspension
from trustfund.core.refusals import Missing


def suspension(suspension_id: UUID) -> tuple[Programme, Suspension]:
    """
    Hold a programme and the case for its suspension.

    :raises Missing: if there is none
    """
    for programme_id in Suspension.objects.filter(pk=suspension_id).values_list("programme_id", flat=True):
        held = programme(programme_id)
        return held, Suspension.objects.select_for_update().get(pk=suspension_id)
    raise Missing(_("There is no such suspension. Open it from its programme."))


def amendment(amendment_id: UUID) -> tuple[Proposal, Programme, Amendment]:
    """
    Hold a proposal, its programme, and an amendment of it, in the order in which an approval holds them.

    :raises Missing: if there is none
    """
    for proposal_id in Amendment.objects.filter(pk=amendment_id).values_list("proposal_id", flat=True):
        held = proposal(proposal_id)
        return held, programme(held.programme_id), Amendment.objects.select_for_update().get(pk=amendment_id)
    raise Missing(_("There is no such amendment. Open it from its proposal."))
