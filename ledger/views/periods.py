"""The open period: where its fence stands, and how it moves."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ledger import operations, permissions, queries
from ledger.forms import ClosePeriodForm, ReopenPeriodForm
from ledger.models import BOOKS, PeriodChange
from ledger.permissions import READERS
from ledger.views.reading import require_reader
from trustfund.core import clock, events
from trustfund.core.audience import audience
from trustfund.core.models import User
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName

PAGE = 50


def _page(
    request: HttpRequest, reader: User, close: ClosePeriodForm, reopen: ReopenPeriodForm, status: int = 200
) -> HttpResponse:
    changes = PeriodChange.objects.select_related("actor").order_by("-id")
    last = changes.first()
    return render(
        request,
        "ledger/periods.html",
        {
            "open_from": last.open_from if last else None,
            "closed_to": last.closed_to if last else None,
            "changes": changes[:PAGE],
            "months": queries.month_activity(),
            "close_form": close,
            "reopen_form": reopen,
            "may_close": permissions.may_close_period(reader),
            "may_reopen": permissions.may_reopen_period(reader),
            "record": events.about(BOOKS)[:PAGE],
        },
        status=status,
    )


@audience(*READERS)
def periods(request: HttpRequest) -> HttpResponse:
    """Show which days are closed, who moved the fence and why, and how much was booked in each month."""
    return _page(request, require_reader(request), ClosePeriodForm(), ReopenPeriodForm())


@audience(RoleName.TREASURY_OFFICER)
@require_POST
def close_period(request: HttpRequest) -> HttpResponse:
    """Close the books up to a day."""
    reader = require_reader(request)
    form = ClosePeriodForm(request.POST)
    if not form.is_valid():
        return _page(request, reader, form, ReopenPeriodForm(), 422)
    try:
        change = operations.close_period(through=form.cleaned_data["through"], actor=reader, at=clock.now())
    except Refusal as refusal:
        form.add_error("through", refusal.message)
        return _page(request, reader, form, ReopenPeriodForm(), 422)
    messages.success(
        request, _("The books are closed up to %(day)s. Late facts go to the open period.") % {"day": change.closed_to}
    )
    return redirect("ledger:periods")


@audience(RoleName.TREASURY_OFFICER)
@require_POST
def reopen_period(request: HttpRequest) -> HttpResponse:
    """Reopen the books from a day on, as a decision says."""
    reader = require_reader(request)
    form = ReopenPeriodForm(request.POST)
    if not form.is_valid():
        return _page(request, reader, ClosePeriodForm(), form, 422)
    try:
        change = operations.reopen_period(**form.cleaned_data, actor=reader, at=clock.now())
    except Refusal as refusal:
        form.add_error("open_from", refusal.message)
        return _page(request, reader, ClosePeriodForm(), form, 422)
    messages.success(request, _("The books are open from %(day)s on.") % {"day": change.open_from})
    return redirect("ledger:periods")
