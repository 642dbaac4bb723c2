"""The public record of promises kept: facts and days, from the books, for everybody to read and take away."""

from collections.abc import Iterator
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from donors import queries
from donors.models import Donor
from donors.views.door import PER_PAGE
from trustfund.core import clock
from trustfund.core.audience import PUBLIC, audience
from trustfund.core.spreadsheets import Row, csv_file, xlsx_file


@require_safe
@audience(PUBLIC)
def good_faith(request: HttpRequest) -> HttpResponse:
    """Show for every donor how many instalments came on time, late, or have not come so far."""
    today = clock.today()
    page = Paginator(queries.donors_on_record(today), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "donors/good_faith.html",
        {"page": page, "rows": queries.good_faith(page.object_list, today), "today": today},
    )


@require_safe
@audience(PUBLIC)
def good_faith_of(request: HttpRequest, donor_id: UUID) -> HttpResponse:
    """Show one donor's record, instalment by instalment."""
    today = clock.today()
    found = get_object_or_404(queries.donors_on_record(today), pk=donor_id)
    (record,) = queries.good_faith([found], today)
    return render(request, "donors/good_faith_of.html", {"record": record, "today": today})


def _rows(donors: QuerySet[Donor]) -> Iterator[Row]:
    today = clock.today()
    yield (
        _("Donor"),
        _("Instalment"),
        _("Due"),
        _("Come in full on"),
        _("Given up on"),
        _("Days from the due day"),
        _("State"),
    )
    for record in queries.good_faith(donors, today):
        for one in record.kept:
            yield (
                record.donor.name,
                one.reference,
                one.due_on,
                one.completed_on,
                one.given_up_on,
                one.days,
                _state(one),
            )


def _state(one: queries.Kept) -> str:
    if one.is_open:
        return _("late so far")
    if one.is_given_up:
        return _("given up")
    return _("on time") if one.is_on_time else _("late")


@require_safe
@audience(PUBLIC)
def good_faith_csv(request: HttpRequest) -> HttpResponse:
    """Hand out the whole record as CSV."""
    del request
    return csv_file(f"promises-kept-{clock.today()}", _rows(queries.donors_on_record(clock.today())))


@require_safe
@audience(PUBLIC)
def good_faith_xlsx(request: HttpRequest) -> HttpResponse:
    """Hand out the whole record as a spreadsheet."""
    del request
    return xlsx_file(f"promises-kept-{clock.today()}", _rows(queries.donors_on_record(clock.today())))


@require_safe
@audience(PUBLIC)
def good_faith_of_csv(request: HttpRequest, donor_id: UUID) -> HttpResponse:
    """Hand out one donor's record as CSV."""
    del request
    found = get_object_or_404(queries.donors_on_record(clock.today()), pk=donor_id)
    return csv_file(f"{found.reference}-promises-kept-{clock.today()}", _rows(Donor.objects.filter(pk=found.pk)))


@require_safe
@audience(PUBLIC)
def good_faith_of_xlsx(request: HttpRequest, donor_id: UUID) -> HttpResponse:
    """Hand out one donor's record as a spreadsheet."""
    del request
    found = get_object_or_404(queries.donors_on_record(clock.today()), pk=donor_id)
    return xlsx_file(f"{found.reference}-promises-kept-{clock.today()}", _rows(Donor.objects.filter(pk=found.pk)))
