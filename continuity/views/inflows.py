"""What is expected of pledges, by quarter and less the haircut: the planning view, which nothing can be spent from."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from continuity import operations, permissions, pictures, queries
from continuity.forms import HaircutForm
from continuity.views.arrears import enter
from trustfund.core import clock
from trustfund.core.audience import audience, person_of
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName
from trustfund.core.spreadsheets import Row, csv_file, xlsx_file


def _page(request: HttpRequest, form: HaircutForm, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    today = clock.today()
    found = queries.forecast(today)
    context: dict[str, Any] = {
        "forecast": found,
        "picture": pictures.inflows(found),
        "held": queries.held(today),
        "haircuts": queries.haircuts()[:20],
        "form": form,
        "may_set": permissions.may_set_haircut(person_of(request)),
        "today": today,
    }
    return render(request, "continuity/inflows.html", context, status=status)


@require_safe
@audience(*permissions.READERS)
def inflows(request: HttpRequest) -> HttpResponse:
    """Show what is expected, by quarter."""
    enter(request)
    return _page(request, HaircutForm())


@require_http_methods(["POST"])
@audience(RoleName.SECRETARIAT)
def set_haircut(request: HttpRequest) -> HttpResponse:
    """Set the haircut of the planning view."""
    person = person_of(request)
    allowed = permissions.may_set_haircut(person)
    if not allowed:
        raise PermissionDenied(allowed.reason)
    form = HaircutForm(request.POST)
    if form.is_valid():
        try:
            haircut = operations.set_haircut(**form.cleaned_data, actor=person, at=clock.now())
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request, _("The haircut is %(percent)s%% from now on. No money moves.") % {"percent": haircut.plain}
            )
            return redirect("continuity:inflows")
    return _page(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _rows(request: HttpRequest) -> Iterator[Row]:
    enter(request)
    found = queries.forecast(clock.today())
    yield (
        _("Quarter"),
        _("Instalments"),
        _("Expected, USD"),
        _("Haircut of %(percent)s%%, USD") % {"percent": found.percent_words},
        _("For planning, USD"),
    )
    named = [(_("Late"), found.late), *((one.label, one) for one in found.quarters), (_("Later"), found.later)]
    for label, quarter in named:
        yield label, quarter.instalments, quarter.expected, quarter.haircut, quarter.after_haircut


@require_safe
@audience(*permissions.READERS)
def inflows_csv(request: HttpRequest) -> HttpResponse:
    """Hand out what is expected as CSV."""
    return csv_file(f"planning-inflows-{clock.today()}", _rows(request))


@require_safe
@audience(*permissions.READERS)
def inflows_xlsx(request: HttpRequest) -> HttpResponse:
    """Hand out what is expected as a spreadsheet."""
    return xlsx_file(f"planning-inflows-{clock.today()}", _rows(request))
