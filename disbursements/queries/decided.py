"""What the committee decided about money and nobody has carried out yet, each with its decision."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from committee import queries as committee_queries
from committee.matters import Kind
from committee.models import Decision
from disbursements.models import DirectCost, Hold, ReserveUse, ShortfallPlan, Tranche
from disbursements.states import TrancheStatus


def plans(most: int) -> list[Decision]:
    """Return the decisions on plans of payments that wait to be carried out."""
    waiting = ShortfallPlan.objects.filter(carried_out=None).order_by("-drawn_at")
    return _carried(Kind.SHORTFALL, waiting.values_list("pk", flat=True)[:most])


def reserve_uses(most: int) -> list[Decision]:
    """Return the decisions to use the continuity reserve that wait to be carried out."""
    waiting = ReserveUse.objects.filter(used=None).order_by("-asked_at")
    return _carried(Kind.RESERVE, waiting.values_list("pk", flat=True)[:most])


def direct_costs(most: int) -> list[Decision]:
    """Return the decisions on costs of the fund that were not charged yet."""
    waiting = DirectCost.objects.filter(charged=None).order_by("-asked_at")
    return _carried(Kind.DIRECT_COST, waiting.values_list("pk", flat=True)[:most])


def lifts(most: int) -> list[tuple[Decision, Hold]]:
    """Return the decisions to lift a hold that still stands, each with the hold."""
    standing: Mapping[UUID, Hold] = {
        hold.pk: hold for hold in Hold.objects.filter(lift=None).order_by("-placed_at")[:most]
    }
    return [(decision, standing[decision.motion.subject]) for decision in _carried(Kind.LIFT, standing)]


def releases(most: int) -> list[Decision]:
    """Return the decisions to release a tranche whose condition still holds it back."""
    asked = committee_queries.carried_on(Kind.RELEASE).values("motion__subject")
    planned = Tranche.objects.filter(status=TrancheStatus.PLANNED, pk__in=asked).order_by("reference")
    return _carried(Kind.RELEASE, planned.values_list("pk", flat=True)[:most])


def _carried(kind: Kind, subjects: Iterable[UUID]) -> list[Decision]:
    wanted = list(subjects)
    return list(committee_queries.carried_on(kind).filter(motion__subject__in=wanted)) if wanted else []
