"""Pages about what the rates did to each donor's money: all donors, one donor, and the rows to take away."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from donors import permissions, queries
from donors.models import Donor
from donors.views.charts import attribution_chart
from donors.views.door import PER_PAGE, enter, person_of
from trustfund.core import clock
from trustfund.core.audience import audience
from trustfund.core.roles import RoleName
from trustfund.core.spreadsheets import Row, csv_file, xlsx_file


@require_safe
@audience(RoleName.SECRETARIAT, RoleName.AUDITOR)
def attribution(request: HttpRequest) -> HttpResponse:
    """Show for every donor how far its promises are kept and, apart from that, what the rates did to them."""
    enter(permissions.may_see_donors(person_of(request)))
    today = clock.today()
    page = Paginator(queries.donors_on_record(today), PER_PAGE).get_page(request.GET.get("page"))
    rows = queries.attribution(page.object_list, today)
    context: dict[str, Any] = {"page": page, "rows": rows, "picture": attribution_chart(rows), "today": today}
    return render(request, "donors/attribution.html", context)


@require_safe
@audience(RoleName.SECRETARIAT, RoleName.AUDITOR, RoleName.DONOR_REPRESENTATIVE)
def attribution_of(request: HttpRequest, donor_id: UUID) -> HttpResponse:
    """Show one donor's pledges so."""
    found = get_object_or_404(queries.donors_visible_to(person_of(request)), pk=donor_id)
    today = clock.today()
    (row,) = queries.attribution([found], today)
    return render(request, "donors/attribution_of.html", {"donor": found, "row": row, "today": today})


def _rows(donors: Iterable[Donor], today: date) -> Iterator[Row]:
    yield (
        _("Donor"),
        _("Pledge"),
        _("Signed"),
        _("Currency"),
        _("Pledged"),
        _("Settled"),
        _("Fulfilled, per cent"),
        _("Settled at the rate of the pledge, USD"),
        _("Settled at the rates of receipt, USD"),
        _("Realised gain or loss, USD"),
        _("Gain or loss, per cent"),
    )
    for row in queries.attribution(donors, today):
        for one in row.pledges:
            yield (
                row.donor.name,
                one.pledge.reference,
                one.pledge.signed_on,
                one.pledge.currency,
                one.pledge.amount,
                one.settled,
                one.fulfilled_percent,
                one.at_pledge_rate,
                one.at_receipt,
                one.difference,
                one.difference_percent,
            )


def _all(request: HttpRequest) -> Iterator[Row]:
    enter(permissions.may_see_donors(person_of(request)))
    return _rows(queries.donors_on_record(clock.today()), clock.today())


@require_safe
@audience(RoleName.SECRETARIAT, RoleName.AUDITOR)
def attribution_csv(request: HttpRequest) -> HttpResponse:
    """Hand out every pledge's row as CSV."""
    return csv_file(f"attribution-{clock.today()}", _all(request))


@require_safe
@audience(RoleName.SECRETARIAT, RoleName.AUDITOR)
def attribution_xlsx(request: HttpRequest) -> HttpResponse:
    """Hand out every pledge's row as a spreadsheet."""
    return xlsx_file(f"attribution-{clock.today()}", _all(request))


@require_safe
@audience(RoleName.SECRETARIAT, RoleName.AUDITOR, RoleName.DONOR_REPRESENTATIVE)
def attribution_of_csv(request: HttpRequest, donor_id: UUID) -> HttpResponse:
    """Hand out one donor's pledges as CSV."""
    found = get_object_or_404(queries.donors_visible_to(person_of(request)), pk=donor_id)
    return csv_file(f"attribution-{found.reference}-{clock.today()}", _rows([found], clock.today()))


@require_safe
@audience(RoleName.SECRETARIAT, RoleName.AUDITOR, RoleName.DONOR_REPRESENTATIVE)
def attribution_of_xlsx(request: HttpRequest, donor_id: UUID) -> HttpResponse:
    """Hand out one donor's pledges as a spreadsheet."""
    found = get_object_or_404(queries.donors_visible_to(person_of(request)), pk=donor_id)
    return xlsx_file(f"attribution-{found.reference}-{clock.today()}", _rows([found], clock.today()))
