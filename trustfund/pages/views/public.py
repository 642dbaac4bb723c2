"""What is open to all the world: where the money comes from and goes, and how accessible these pages are."""

from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from disbursements.queries import suspensions as suspension_queries
from donors import queries as donor_queries
from trustfund.core import clock
from trustfund.core.audience import PUBLIC, audience
from trustfund.core.spreadsheets import Row, csv_file, xlsx_file
from trustfund.pages.queries import cycle as cycles
from trustfund.pages.queries.overview import overview

LATEST_REQUESTS = 10


@require_GET
@audience(PUBLIC)
def public(request: HttpRequest) -> HttpResponse:
    """Show the four figures, money in and out by year, the latest decisions, and what donors asked to stop."""
    context = {
        "overview": overview(clock.today()),
        "suspended": suspension_queries.in_force()[:LATEST_REQUESTS],
        "stop_requests": donor_queries.published_stop_requests(LATEST_REQUESTS),
        "now": clock.now(),
    }
    return render(request, "pages/public.html", context)


@require_GET
@audience(PUBLIC)
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say what was checked for people who read with other means, and to whom to complain."""
    return render(request, "pages/accessibility.html", {"contact": settings.DEFAULT_FROM_EMAIL})


@require_GET
@audience(PUBLIC)
def cycle(request: HttpRequest) -> HttpResponse:
    """Show how long decisions take, stage by stage, beside the figure that pooled funds have published."""
    context = {
        "cycle": cycles.cycle(),
        "published_median": cycles.PUBLISHED_MEDIAN,
        "published_p90": cycles.PUBLISHED_P90,
        "published_projects": cycles.PUBLISHED_PROJECTS,
    }
    return render(request, "pages/cycle.html", context)


@require_GET
@audience(PUBLIC)
def cycle_csv(request: HttpRequest) -> HttpResponse:
    """Give the same figures as CSV."""
    del request
    return csv_file("decision-times", _cycle_rows())


@require_GET
@audience(PUBLIC)
def cycle_xlsx(request: HttpRequest) -> HttpResponse:
    """Give the same figures as a spreadsheet."""
    del request
    return xlsx_file("decision-times", _cycle_rows())


def _cycle_rows() -> Iterator[Row]:
    found = cycles.cycle()
    yield (_("Stage"), _("From what to what"), _("Proposals"), _("Median, days"), _("Nine of ten within, days"))
    for one in (*found.stages, *([found.whole] if found.whole else [])):
        yield (one.name, one.words, one.count, one.median, one.p90)
    yield (
        _("Pooled funds"),
        _("submission to approval, projects published for 2015 to 2026"),
        cycles.PUBLISHED_PROJECTS,
        cycles.PUBLISHED_MEDIAN,
        cycles.PUBLISHED_P90,
    )
