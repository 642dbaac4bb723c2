"""Pages about exchange rates: the list, one rate and its corrections, recording one, and how they compare."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from donors import operations, permissions, queries
from donors.forms import CompareForm, CurrencyFilter, RateCorrectionForm, RateForm
from donors.models import ExchangeRate, RateCorrection
from donors.views.charts import comparison_chart
from donors.views.door import PER_PAGE, act, answer, enter, onward, person_of
from trustfund.core import clock, events
from trustfund.core.audience import audience
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName
from trustfund.core.spreadsheets import Row, csv_file, xlsx_file

READERS: Final = (
    RoleName.SECRETARIAT,
    RoleName.AUDITOR,
    RoleName.TREASURY_OFFICER,
    RoleName.CERTIFYING_OFFICER,
)
# How many changes of one currency are compared: four years of monthly rates.
MOST_CHANGES: Final = 48
LATEST_FILES: Final = 6


@require_safe
@audience(*READERS)
def rates(request: HttpRequest) -> HttpResponse:
    """List the recorded rates, the newest first; what waits for a second person, and the files, beside them."""
    asked = CurrencyFilter(request.GET)
    currency = asked.cleaned_data["currency"] if asked.is_valid() else ""
    found = Paginator(queries.rates_by_day(currency), PER_PAGE).get_page(request.GET.get("page"))
    person = person_of(request)
    context: dict[str, Any] = {
        "page": found,
        "form": asked,
        "may_keep": permissions.may_keep_donors(person),
        "waiting": queries.open_corrections()[:PER_PAGE],
        "files": queries.rate_files_latest_first()[:LATEST_FILES],
    }
    return render(request, "donors/rates.html", context)


def _rows() -> Iterator[Row]:
    yield (
        _("Currency"),
        _("In force from"),
        _("Units for one USD"),
        _("Source"),
        _("Counts"),
        _("Recorded by"),
        _("Recorded at"),
        _("Confirmed by"),
        _("File"),
    )
    for rate in queries.rates_by_day().iterator():
        yield (
            rate.currency,
            rate.effective_on,
            rate.units_per_usd.normalize(),
            rate.source,
            _("no, corrected") if rate.is_corrected else _("yes"),
            rate.recorded_by.name,
            rate.recorded_at.isoformat(timespec="seconds"),
            rate.confirmed_by.name if rate.confirmed_by else None,
            rate.file.reference if rate.file else None,
        )


@require_safe
@audience(*READERS)
def rates_csv(request: HttpRequest) -> HttpResponse:
    """Hand out every recorded rate as CSV."""
    del request
    return csv_file(f"rates-{clock.today()}", _rows())


@require_safe
@audience(*READERS)
def rates_xlsx(request: HttpRequest) -> HttpResponse:
    """Hand out every recorded rate as a spreadsheet."""
    del request
    return xlsx_file(f"rates-{clock.today()}", _rows())


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def record(request: HttpRequest) -> HttpResponse:
    """Record a rate."""
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    form = RateForm(request.POST if request.method == "POST" else None)
    rate = form.is_bound and act(
        form, lambda: operations.record_rate(**form.cleaned_data, actor=person, at=clock.now())
    )
    if not rate:
        return answer(form, request, "donors/rate_new.html")
    messages.success(request, _("Recorded: %(rate)s.") % {"rate": rate})
    return onward("rates")


@require_safe
@audience(*READERS)
def rate(request: HttpRequest, rate_id: UUID) -> HttpResponse:
    """Show one rate: what it says, what corrected it or waits to, and its record."""
    found = get_object_or_404(queries.rates_by_day(), pk=rate_id)
    person = person_of(request)
    waiting = queries.open_corrections().filter(rate=found).first()
    context: dict[str, Any] = {
        "rate": found,
        "corrected_by": ExchangeRate.objects.filter(corrects=found).first(),
        "valued": queries.receipts_valued_at(found).count(),
        "waiting": waiting,
        "may_keep": permissions.may_keep_donors(person),
        "may_confirm": waiting and permissions.may_confirm_correction(person, waiting),
        "may_withdraw": waiting and permissions.may_withdraw_correction(person, waiting),
        "events": events.about(found.id)[:PER_PAGE],
    }
    return render(request, "donors/rate.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def correct(request: HttpRequest, rate_id: UUID) -> HttpResponse:
    """Say that a rate was mistyped, and what it should be."""
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    found = get_object_or_404(ExchangeRate, pk=rate_id)
    form = RateCorrectionForm(request.POST if request.method == "POST" else None)
    done = form.is_bound and act(
        form,
        lambda: operations.propose_rate_correction(rate_id=rate_id, **form.cleaned_data, actor=person, at=clock.now()),
    )
    if not done:
        return answer(form, request, "donors/rate_correct.html", rate=found)
    messages.success(request, _("The correction waits for a second person of the secretariat."))
    return onward("rate", found.pk)


@require_POST
@audience(RoleName.SECRETARIAT)
def confirm_correction(request: HttpRequest, correction_id: UUID) -> HttpResponse:
    """Confirm another person's correction."""
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    found = get_object_or_404(RateCorrection, pk=correction_id)
    try:
        corrected = operations.confirm_rate_correction(correction_id=correction_id, actor=person, at=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return onward("rate", found.rate_id)
    messages.success(request, _("%(rate)s counts from now on; the mistyped one stays on record.") % {"rate": corrected})
    return onward("rate", corrected.pk)


@require_POST
@audience(RoleName.SECRETARIAT)
def withdraw_correction(request: HttpRequest, correction_id: UUID) -> HttpResponse:
    """Take a correction back before it is confirmed."""
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    found = get_object_or_404(RateCorrection, pk=correction_id)
    try:
        operations.withdraw_rate_correction(correction_id=correction_id, actor=person, at=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The correction is withdrawn; the rate stays as it is recorded."))
    return onward("rate", found.rate_id)


# --- beside the ECB -------------------------------------------------------------------------------------------------


def _compared(request: HttpRequest) -> tuple[CompareForm, list[queries.Compared]]:
    today = clock.today()
    form = CompareForm(request.GET or None, today=today)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    if currency := asked.get("currency"):
        return form, queries.compared_over_time(currency, MOST_CHANGES)
    return form, queries.compared(asked.get("on") or today)


@require_safe
@audience(*READERS)
def compare(request: HttpRequest) -> HttpResponse:
    """Set the operational rates beside the ECB's: all currencies on a day, or one over time."""
    form, found = _compared(request)
    context: dict[str, Any] = {
        "rows": found,
        "picture": comparison_chart(found, by_day=bool(request.GET.get("currency"))) if found else None,
        "query": request.GET.urlencode(),
    }
    return answer(form, request, "donors/rates_compared.html", **context)


def _compared_rows(request: HttpRequest) -> Iterator[Row]:
    _form, found = _compared(request)
    yield (
        _("Currency"),
        _("In force from"),
        _("UN operational, units for one USD"),
        _("ECB published on"),
        _("ECB, units for one USD"),
        _("Difference in per cent"),
    )
    for one in found:
        rate_ = one.rate
        yield (
            rate_.currency,
            rate_.effective_on,
            rate_.units_per_usd.normalize(),
            one.published_on,
            one.reference_rounded,
            one.percent,
        )


@require_safe
@audience(*READERS)
def compare_csv(request: HttpRequest) -> HttpResponse:
    """Hand out the comparison as CSV."""
    return csv_file(f"rates-compared-{clock.today()}", _compared_rows(request))


@require_safe
@audience(*READERS)
def compare_xlsx(request: HttpRequest) -> HttpResponse:
    """Hand out the comparison as a spreadsheet."""
    return xlsx_file(f"rates-compared-{clock.today()}", _compared_rows(request))
