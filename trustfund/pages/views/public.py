"""What is open to all the world: where the money comes from and goes, and how accessible these pages are."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from donors import queries as donor_queries
from trustfund.core import clock
from trustfund.core.audience import PUBLIC, audience
from trustfund.pages.queries.overview import overview

LATEST_REQUESTS = 10


@require_GET
@audience(PUBLIC)
def public(request: HttpRequest) -> HttpResponse:
    """Show the four figures, money in and out by year, the latest decisions, and what donors asked to stop."""
    context = {
        "overview": overview(clock.today()),
        "stop_requests": donor_queries.published_stop_requests(LATEST_REQUESTS),
        "now": clock.now(),
    }
    return render(request, "pages/public.html", context)


@require_GET
@audience(PUBLIC)
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say what was checked for people who read with other means, and to whom to complain."""
    return render(request, "pages/accessibility.html", {"contact": settings.DEFAULT_FROM_EMAIL})
