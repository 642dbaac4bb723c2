"""What can be asked of the queue of payments that found too little cash, and of plans to pay them."""

from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from disbursements.models import Payment, Queueing, ShortfallPlan, ShortfallShare
from disbursements.payment_states import PaymentStatus
from trustfund.core.refusals import Missing

_MOST = 200


def queue() -> list[Queueing]:
    """Return the payments that wait because cash did not cover them, in the order in which they were queued."""
    found = Queueing.objects.filter(payment__status=PaymentStatus.CERTIFIED).select_related(
        "payment__tranche__proposal__programme", "payment__bank_account__organisation", "queued_by"
    )
    return list(found.order_by("queued_at", "id")[:_MOST])


def is_queued(payment: Payment) -> bool:
    """Return whether a payment has found too little cash before."""
    return Queueing.objects.filter(payment=payment).exists()


def certified_and_not_queued() -> list[UUID]:
    """Return the payments that wait for release and are not queued, by value date."""
    found = Payment.objects.filter(status=PaymentStatus.CERTIFIED, queueing=None).order_by("value_on", "reference")
    return list(found.values_list("pk", flat=True)[:_MOST])


def plans() -> QuerySet[ShortfallPlan]:
    """Return the plans, latest first, each with its shares by priority."""
    shares = Prefetch(
        "shares",
        ShortfallShare.objects.select_related(
            "payment__bank_account__organisation", "payment__tranche__proposal__programme"
        ).order_by("priority"),
    )
    found = ShortfallPlan.objects.select_related("drawn_by", "carried_out__carried_out_by").prefetch_related(shares)
    return found.order_by("-drawn_at", "-reference")


def plan_of(plan_id: UUID) -> ShortfallPlan:
    """
    Return a plan.

    :raises Missing: if there is none
    """
    found = plans().filter(pk=plan_id).first()
    if found is None:
        raise Missing(_("There is no such plan. Look it up on the page of the queue."))
    return found
