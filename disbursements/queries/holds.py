"""What can be asked of holds: the register, one of them, and what a lift is bound to."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from disbursements.models import Hold
from trustfund.core import step_up
from trustfund.core.refusals import Missing


def holds(*, standing: bool = False) -> QuerySet[Hold]:
    """
    Return the register, latest first, with who placed and who lifted each.

    :param standing: only those that nobody has lifted
    """
    found = Hold.objects.select_related("organisation", "programme", "placed_by", "lift__lifted_by")
    if standing:
        found = found.filter(lift=None)
    return found.order_by("-placed_at", "-reference")


def hold_of(hold_id: UUID) -> Hold:
    """
    Return a hold.

    :raises Missing: if there is none
    """
    found = holds().filter(pk=hold_id).first()
    if found is None:
        raise Missing(_("There is no such hold. Look it up on the register."))
    return found


def fingerprint_of(hold: Hold, nonce: UUID) -> str:
    """Return the SHA-256 that the second factor of a lift is bound to."""
    return step_up.fingerprint({"hold": hold.reference, "step": "lift", "nonce": str(nonce)})
