"""The page of the clock: how long organisations wait once their package is complete, and who waited too long."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from disbursements.queries import service_time as queries
from disbursements.service_time import LATEST, SOONEST
from disbursements.views.payments import OFFICERS, PAGE
from trustfund.core import clock
from trustfund.core.audience import audience
from trustfund.core.roles import RoleName
from trustfund.core.spreadsheets import Row, csv_file, xlsx_file

_READERS = (*OFFICERS, RoleName.AUDITOR)


@audience(*_READERS)
@require_safe
def service_time(request: HttpRequest) -> HttpResponse:
    """Show the clocks that run and those of a year, breaches alone on demand."""
    clocks = queries.timed(clock.today())
    only = request.GET.get("show") == "breaches"
    shown = [one for one in clocks if one.clock.is_breach or not only]
    context = {
        "figures": queries.figures(clocks),
        "page": Paginator(shown, PAGE).get_page(request.GET.get("page")),
        "only": only,
        "soonest": SOONEST,
        "latest": LATEST,
    }
    return render(request, "disbursements/service_time.html", context)


@audience(*_READERS)
@require_safe
def service_time_csv(request: HttpRequest) -> HttpResponse:
    """Send the clocks as CSV."""
    del request
    return csv_file("service-time", _rows())


@audience(*_READERS)
@require_safe
def service_time_xlsx(request: HttpRequest) -> HttpResponse:
    """Send the clocks as a spreadsheet."""
    del request
    return xlsx_file("service-time", _rows())


def _rows() -> list[Row]:
    head = ["tranche", "organisation", "complete_on", "due_on", "released_on", "working_days", "standing"]
    return [
        head,
        *(
            [
                one.tranche.reference,
                one.tranche.proposal.programme.organisation.name,
                one.clock.complete_on,
                one.clock.due_on,
                one.clock.released_on,
                one.clock.days,
                one.clock.standing.value,
            ]
            for one in queries.timed(clock.today())
        ),
    ]
