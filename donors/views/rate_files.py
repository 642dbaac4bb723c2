"""Pages about published files of rates: bringing one, looking at every row's fate, and taking it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from donors import operations, permissions, queries, rate_files
from donors.forms import RateFileForm
from donors.models import RateFile
from donors.queries import Fate
from donors.views.door import PER_PAGE, act, answer, enter, onward, person_of
from donors.views.exchange import READERS
from trustfund.core import clock, events
from trustfund.core.audience import audience
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName

# Of the ECB's file only so many days are shown; a history has thousands, and none of them values anything.
_MOST_DAYS = 30


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def bring(request: HttpRequest) -> HttpResponse:
    """Bring a published file of rates, to look at it."""
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    form = RateFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))

    def brought() -> RateFile:
        upload = form.cleaned_data["file"]
        return operations.bring_rate_file(name=upload.name, content=upload.read(), actor=person, at=clock.now())

    file = form.is_bound and act(form, brought)
    if not file:
        return answer(form, request, "donors/rate_file_new.html")
    return onward("rate_file", file.pk)


@require_safe
@audience(*READERS)
def rate_file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Show a file: what becomes of every row of it, before anything is written."""
    found = get_object_or_404(RateFile.objects.select_related("brought_by", "taken_by"), pk=file_id)
    person = person_of(request)
    content = bytes(found.content)
    context: dict[str, Any] = {
        "file": found,
        "may_keep": permissions.may_keep_donors(person),
        "events": events.about(found.id)[:PER_PAGE],
    }
    if found.is_taken:
        context["page"] = Paginator(queries.rates_by_day().filter(file=found), PER_PAGE).get_page(
            request.GET.get("page")
        )
    elif found.values_money:
        rows = queries.fates_of_rates(rate_files.operational_rates(content), clock.today())
        context |= {"rows": rows, "counts": _counts([row.fate for row in rows]), "fresh": _fresh(rows)}
    else:
        days = queries.fates_of_days(rate_files.reference_days(content))
        refused = [day for day in days if day.fate is Fate.REFUSED]
        context |= {
            "days": [*refused[:_MOST_DAYS], *(day for day in days if day.fate is not Fate.REFUSED)][:_MOST_DAYS],
            "days_in_all": len(days),
            "counts": _counts([day.fate for day in days]),
            "fresh": sum(day.fate is Fate.NEW for day in days),
        }
    return render(request, "donors/rate_file.html", context)


def _fresh(rows: list[queries.RateRow]) -> int:
    return sum(row.is_taken for row in rows)


def _counts(fates: list[Fate]) -> list[tuple[Fate, int]]:
    return [(fate, fates.count(fate)) for fate in Fate if fate in fates]


@require_POST
@audience(RoleName.SECRETARIAT)
def take(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Record what is new in a file."""
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    found = get_object_or_404(RateFile.objects.defer("content"), pk=file_id)
    try:
        taken = operations.take_rate_file(file_id=file_id, actor=person, at=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return onward("rate_file", found.pk)
    number = taken.taken or 0
    words = (
        ngettext("%(number)s rate is recorded.", "%(number)s rates are recorded.", number)
        if taken.values_money
        else ngettext("%(number)s day is kept for comparison.", "%(number)s days are kept for comparison.", number)
    )
    messages.success(request, words % {"number": number} + " " + _("The file stays on record."))
    return onward("rate_file", found.pk)
