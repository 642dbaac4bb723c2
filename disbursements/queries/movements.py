"""What can be asked of money that moved beside payments: the list, and what an organisation still holds."""

from django.db.models import Q, QuerySet

from disbursements.models import Movement, Programme
from disbursements.movement_kinds import MovementKind
from ledger import chart
from ledger import queries as ledger_queries
from trustfund.core.money import Money


def movements(*, kind: str = "", words: str = "") -> QuerySet[Movement]:
    """Return the movements of a kind whose reference, memo or programme contains some words; latest first."""
    found = Movement.objects.select_related("programme__organisation", "recorded_by").order_by("-on", "-recorded_at")
    if kind:
        found = found.filter(kind=kind)
    if words:
        found = found.filter(
            Q(reference__icontains=words)
            | Q(memo__icontains=words)
            | Q(programme__reference__icontains=words)
            | Q(programme__title__icontains=words)
        )
    return found


def movement_of(kind: MovementKind, reference: str) -> Movement | None:
    """Return the movement of a kind that has a reference, or nothing."""
    return Movement.objects.select_related("programme").filter(kind=kind, reference=reference).first()


def held_by_organisation(programme: Programme) -> Money:
    """Return what the organisation has of a programme's transfers and has neither spent nor given back."""
    return ledger_queries.balance_of(chart.under(chart.HELD_BY_PARTNER, programme.reference))
