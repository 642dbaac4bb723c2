"""What can be asked of routes: the list, the refusal log, and which tranche goes by which."""

from collections import Counter
from uuid import UUID

from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext as _

from disbursements.models import Payment, Proposal, Route, RouteRefusal, Tranche
from disbursements.payment_states import PaymentStatus
from disbursements.queries.gate_facts import chosen_routes
from disbursements.route_states import RouteKind, RouteStatus
from disbursements.states import TrancheStatus
from trustfund.core.refusals import Missing


def routes() -> QuerySet[Route]:
    """Return every route with how often and when last a bank refused on it; open ones first."""
    return (
        Route.objects.select_related("vendor", "opened_by")
        .annotate(refused=Count("refusals"), last_refused_on=Max("refusals__refused_on"))
        .order_by("status", "reference")
    )


def route_of(route_id: UUID) -> Route:
    """
    Return a route.

    :raises Missing: if there is none
    """
    found = routes().filter(pk=route_id).first()
    if found is None:
        raise Missing(_("There is no such route. Look it up in the list of routes."))
    return found


def open_routes() -> QuerySet[Route]:
    """Return the routes that take payments now."""
    return Route.objects.filter(status=RouteStatus.OPEN).select_related("vendor").order_by("reference")


def refusals(route: Route | None = None) -> QuerySet[RouteRefusal]:
    """Return the refusal log, latest first, of one route or of all."""
    found = RouteRefusal.objects.select_related("route", "recorded_by").order_by("-refused_on", "-recorded_at")
    return found.filter(route=route) if route is not None else found


def refusals_by_year() -> list[tuple[int, int]]:
    """Return how many refusals each year brought, earliest first, years without any between them included."""
    counted = Counter(RouteRefusal.objects.values_list("refused_on__year", flat=True))
    if not counted:
        return []
    return [(year, counted[year]) for year in range(min(counted), max(counted) + 1)]


def is_a_payment(reference: str) -> bool:
    """Return whether a payment has this reference."""
    return Payment.objects.filter(reference=reference).exists()


def is_chosen(tranche: Tranche, route: Route) -> bool:
    """Return whether a route is the one that was chosen last for a tranche."""
    return chosen_routes([tranche.pk]).get(tranche.pk) == route


def goods_awaited(proposal: Proposal) -> set[UUID]:
    """Return the tranches of a proposal for which goods were paid offshore and whose arrival nobody has recorded."""
    found = Payment.objects.filter(
        tranche__proposal=proposal,
        tranche__status=TrancheStatus.PAID,
        tranche__delivery=None,
        status=PaymentStatus.CONFIRMED,
        route__kind=RouteKind.IN_KIND,
    )
    return set(found.values_list("tranche_id", flat=True))


def last_arrived(tranche: Tranche) -> Payment | None:
    """Return the last payment of a tranche that arrived, or nothing."""
    arrived = Payment.objects.filter(tranche=tranche, status=PaymentStatus.CONFIRMED).select_related("route__vendor")
    return arrived.order_by("-ended_at").first()
