"""Holding a programme with its suspension. The programme comes first, as everywhere."""

from uuid import UUID

from django.utils.translation import gettext as _

from disbursements.locks.proposals import programme
from disbursements.models import Programme, Suspension
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
