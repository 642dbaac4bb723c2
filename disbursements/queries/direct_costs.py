"""Asking about the fund's own costs: the list, one of them, and what charging it is bound to."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from disbursements.models import DirectCost
from trustfund.core import step_up
from trustfund.core.refusals import Missing


def direct_costs() -> QuerySet[DirectCost]:
    """Return the costs that were asked for, latest first, with who charged each and on which decision."""
    return DirectCost.objects.select_related("asked_by", "charged__charged_by").order_by("-asked_at", "-reference")


def cost_of(cost_id: UUID) -> DirectCost:
    """
    Return a cost.

    :raises Missing: if there is none
    """
    found = direct_costs().filter(pk=cost_id).first()
    if found is None:
        raise Missing(_("There is no such cost. Look it up in the list of direct costs."))
    return found


def fingerprint_of(cost: DirectCost, nonce: UUID) -> str:
    """Return the SHA-256 that the second factor for charging a cost is bound to."""
    return step_up.fingerprint(
        {
            "cost": cost.reference,
            "payee": cost.payee,
            "amount": str(cost.amount.amount),
            "currency": cost.currency,
            "step": "charge",
            "nonce": str(nonce),
        }
    )
