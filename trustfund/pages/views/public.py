"""The public overview: where the money comes from, and where it goes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from trustfund.core import clock
from trustfund.core.audience import PUBLIC, audience
from trustfund.pages.queries.overview import overview


@require_GET
@audience(PUBLIC)
def public(request: HttpRequest) -> HttpResponse:
    """Show the four figures, money in and out by year, and the latest decisions."""
    return render(request, "pages/public.html", {"overview": overview(clock.today()), "now": clock.now()})
