"""Pages about what donors are asked for: what is due, calls, reminders, and who is left alone."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from donors import operations, permissions, queries
from donors.forms import QuietForm, WithdrawCallForm, WithinForm
from donors.models import Quiet
from donors.views.door import PER_PAGE, act, answer, enter, onward, person_of
from trustfund.core import clock, events
from trustfund.core.audience import audience
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName
from trustfund.core.spreadsheets import Row, csv_file, xlsx_file

USUAL_DAYS: Final = 60
# What is late and what falls due within some days, of all donors: more than any fund has at once.
MOST: Final = 500


def _within(request: HttpRequest) -> tuple[WithinForm, int]:
    form = WithinForm({"within": request.GET.get("within") or USUAL_DAYS})
    return form, form.cleaned_data["within"] if form.is_valid() else USUAL_DAYS


@require_safe
@audience(RoleName.SECRETARIAT, RoleName.AUDITOR)
def calls(request: HttpRequest) -> HttpResponse:
    """List what is late and what falls due soon: called or not, reminded or not."""
    person = person_of(request)
    enter(permissions.may_see_donors(person))
    form, within = _within(request)
    rows = queries.due_rows(clock.today(), within_days=within, most=MOST)
    context: dict[str, Any] = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "within": within,
        "to_call": len(queries.instalments_to_call(rows)),
        "may_keep": permissions.may_keep_donors(person),
        "today": clock.today(),
    }
    return answer(form, request, "donors/calls.html", **context)


def _rows(request: HttpRequest) -> Iterator[Row]:
    enter(permissions.may_see_donors(person_of(request)))
    _form, within = _within(request)
    yield (
        _("Donor"),
        _("Pledge"),
        _("Instalment"),
        _("Due"),
        _("Currency"),
        _("Lacking"),
        _("Called"),
        _("Called at"),
        _("Withdrawn at"),
        _("Last reminder, days from the due day"),
        _("Next reminder"),
    )
    for row in queries.due_rows(clock.today(), within_days=within, most=MOST):
        part = row.instalment
        yield (
            part.pledge.donor.name,
            part.pledge.reference,
            part.number,
            part.due_on,
            part.currency,
            row.lacking,
            row.call.amount if row.call else None,
            row.call.issued_at.isoformat(timespec="seconds") if row.call else None,
            row.call.withdrawal.withdrawn_at.isoformat(timespec="seconds")
            if row.call and row.call.is_withdrawn
            else None,
            row.last_sent.step if row.last_sent else None,
            row.next_on,
        )


@require_safe
@audience(RoleName.SECRETARIAT, RoleName.AUDITOR)
def calls_csv(request: HttpRequest) -> HttpResponse:
    """Hand out what is due as CSV."""
    return csv_file(f"due-{clock.today()}", _rows(request))


@require_safe
@audience(RoleName.SECRETARIAT, RoleName.AUDITOR)
def calls_xlsx(request: HttpRequest) -> HttpResponse:
    """Hand out what is due as a spreadsheet."""
    return xlsx_file(f"due-{clock.today()}", _rows(request))


@require_safe
@audience(RoleName.SECRETARIAT, RoleName.AUDITOR, RoleName.DONOR_REPRESENTATIVE)
def call(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Show a call: what is asked, its notice, and what was asked before and since."""
    person = person_of(request)
    found = get_object_or_404(queries.calls_visible_to(person), pk=call_id)
    versions = queries.calls_visible_to(person).filter(instalment=found.instalment)
    latest = versions[0]
    context: dict[str, Any] = {
        "call": found,
        "versions": versions[:PER_PAGE],
        "latest": latest,
        "may_withdraw": permissions.may_keep_donors(person) and latest == found and not found.is_withdrawn,
        "events": events.about(found.id)[:PER_PAGE],
        "today": clock.today(),
    }
    return render(request, "donors/call.html", context)


@require_POST
@audience(RoleName.SECRETARIAT)
def issue(request: HttpRequest, instalment_id: int) -> HttpResponse:
    """Call one instalment."""
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    try:
        issued = operations.issue_call(instalment_id=instalment_id, actor=person, at=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return onward("calls")
    messages.success(
        request, _("%(amount)s is called. The notice is being set and the donor is told.") % {"amount": issued.amount}
    )
    return onward("call", issued.pk)


@require_POST
@audience(RoleName.SECRETARIAT)
def issue_all(request: HttpRequest) -> HttpResponse:
    """Call everything that the list shows and that is not called as it stands."""
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    form = WithinForm(request.POST)
    issued = act(
        form,
        lambda: operations.issue_calls(within_days=form.cleaned_data["within"], actor=person, at=clock.now()),
    )
    if issued is None:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    else:
        words = ngettext("%(number)s instalment is called.", "%(number)s instalments are called.", len(issued))
        messages.success(request, words % {"number": len(issued)} + " " + _("Each donor is told."))
    return onward("calls")


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def withdraw(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Take a call back, with the reason that the donor reads."""
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    found = get_object_or_404(queries.calls_visible_to(person), pk=call_id)
    form = WithdrawCallForm(request.POST if request.method == "POST" else None)
    done = form.is_bound and act(
        form,
        lambda: operations.withdraw_call(
            call_id=call_id, reason=form.cleaned_data["reason"], actor=person, at=clock.now()
        ),
    )
    if not done:
        return answer(form, request, "donors/call_withdraw.html", call=found)
    messages.success(request, _("Withdrawn. The donor is told, and the instalment can be called anew."))
    return onward("call", found.pk)


# --- reminders and the quiet list -----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT, RoleName.AUDITOR, RoleName.DONOR_REPRESENTATIVE)
def reminders(request: HttpRequest, donor_id: UUID) -> HttpResponse:
    """Show what a donor was reminded of, what comes next and who is left alone; or leave somebody alone."""
    person = person_of(request)
    found = get_object_or_404(queries.donors_visible_to(person), pk=donor_id)
    today = clock.today()
    form = QuietForm(request.POST if request.method == "POST" else None, donor=found, actor=person)
    done = form.is_bound and act(
        form,
        lambda: operations.keep_quiet(
            donor_id=found.pk,
            person_id=form.cleaned_data["person_id"],
            until=form.cleaned_data["until"],
            reason=form.cleaned_data["reason"],
            actor=person,
            at=clock.now(),
        ),
    )
    if done:
        messages.success(request, _("No reminders are sent there from now on. Everything else is written as before."))
        return onward("reminders", found.pk)
    context: dict[str, Any] = {
        "donor": found,
        "rows": queries.due_rows(today, within_days=USUAL_DAYS, most=PER_PAGE, of=found),
        "sent": queries.reminders_of(found)[:PER_PAGE],
        "quiets": [
            (quiet, permissions.may_keep_quiet(person, found, quiet.person))
            for quiet in queries.quiets_of(found, today)
        ],
        "may_ask": bool(form.choices),
        "today": today,
    }
    return answer(form, request, "donors/reminders.html", **context)


@require_POST
@audience(RoleName.SECRETARIAT, RoleName.DONOR_REPRESENTATIVE)
def end_quiet(request: HttpRequest, quiet_id: UUID) -> HttpResponse:
    """Let reminders be sent again."""
    person = person_of(request)
    found = get_object_or_404(Quiet, pk=quiet_id, donor__in=queries.donors_visible_to(person))
    try:
        operations.end_quiet(quiet_id=quiet_id, actor=person, at=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Reminders are sent again from now on."))
    return onward("reminders", found.donor_id)
