"""Pages of reports: what is owed and how late, handing one in, reading and reviewing one."""

from collections.abc import Iterator
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from disbursements.categories import Category
from disbursements.forms.reports import ReportForm, ReviewForm
from disbursements.models import Report
from disbursements.operations import reports as operations
from disbursements.permissions import reports as permissions
from disbursements.queries import reports as queries
from disbursements.queries.budgets import against_budget
from disbursements.queries.partners import visible_programmes
from disbursements.queries.programmes import approved_for, programmes_list
from disbursements.reporting import ReportKind, ReportStanding
from disbursements.states import ProgrammeStatus
from disbursements.views.programmes import PAGE, READERS, UNPROCESSABLE, insist, posted
from trustfund.core import clock, events
from trustfund.core.audience import audience, person_of
from trustfund.core.charts import Share, share_bars
from trustfund.core.models import User
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName
from trustfund.core.spreadsheets import Row, csv_file, xlsx_file
from trustfund.core.wording import pill_of

_MOST_PROGRAMMES = 200


def _owed(person: User) -> list[queries.Owed]:
    programmes = programmes_list(person).exclude(
        status__in=[ProgrammeStatus.FINANCIALLY_CLOSED, ProgrammeStatus.AUDITED]
    )
    return queries.owed_by(list(programmes[:_MOST_PROGRAMMES]), clock.today())


@audience(*READERS)
@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """Show what is owed by the calendar and what was handed in, latest first."""
    person = person_of(request)
    owed = _owed(person)
    waiting = [row for row in owed if row.state != ReportStanding.ACCEPTED]
    kept, due = queries.in_time(owed)
    page = Paginator(queries.reports(person), PAGE).get_page(request.GET.get("page"))
    context = {
        "owed": waiting[:PAGE],
        "owed_in_all": len(waiting),
        "in_time": kept,
        "due": due,
        "page": page,
        "rows": [(report, queries.standing_of(report)) for report in page.object_list],
        "is_partner": person.holds(RoleName.PROGRAMME_PARTNER),
    }
    return render(request, "disbursements/reports.html", context)


def _table(person: User) -> Iterator[Row]:
    yield [_("Programme"), _("Report"), _("Covers until"), _("Due"), _("State"), _("Days late"), _("Handed in")]
    for row in _owed(person):
        yield [
            row.programme.reference,
            str(row.due.kind.label),
            row.due.through,
            row.due.on,
            str(pill_of(row.state).word),
            row.days_late,
            row.report.submitted_at.date() if row.report else None,
        ]


@audience(*READERS)
@require_safe
def reports_csv(request: HttpRequest) -> HttpResponse:
    """Give what is owed, with its standing, as CSV."""
    return csv_file("reports", _table(person_of(request)))


@audience(*READERS)
@require_safe
def reports_xlsx(request: HttpRequest) -> HttpResponse:
    """Give what is owed, with its standing, as a spreadsheet."""
    return xlsx_file("reports", _table(person_of(request)))


@audience(RoleName.PROGRAMME_PARTNER)
@require_http_methods(["GET", "HEAD", "POST"])
def new_report(request: HttpRequest, programme_id: UUID, kind: str) -> HttpResponse:
    """Hand in a report of a kind for a programme; the day it covers is the calendar's, or typed for an interim one."""
    person = person_of(request)
    programme = get_object_or_404(visible_programmes(person), pk=programme_id)
    insist(permissions.may_submit_report(person, programme))
    if kind not in ReportKind.values:
        raise Http404
    of = ReportKind(kind)
    first = request.GET.get("through") or clock.today().isoformat()
    form = ReportForm(posted(request), kind=of, initial={"through": first})
    if form.is_valid():
        try:
            report = operations.submit_report(
                programme_id=programme.pk,
                kind=of,
                through=form.cleaned_data["through"],
                words=form.cleaned_data["words"],
                spent=form.spent,
                actor=person,
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Handed in. The moment stays in the record; two officers review it."))
            return redirect("disbursements:report", report.pk)
    context = {
        "form": form,
        "programme": programme,
        "kind": of,
        "through": form["through"].value(),
        "delivery": queries.deliveries([programme])[programme.pk],
    }
    return render(request, "disbursements/report_new.html", context, status=UNPROCESSABLE if form.errors else None)


@audience(*READERS)
@require_safe
def report_detail(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Show one report: its words and figures, what it does to delivery, and its reviews."""
    return _report_page(request, get_object_or_404(queries.reports(person_of(request)), pk=report_id), ReviewForm())


def _report_page(request: HttpRequest, report: Report, form: ReviewForm, status: int = 200) -> HttpResponse:
    person = person_of(request)
    standing = queries.standing_of(report)
    lines = list(report.lines.all())
    picture = (
        share_bars(
            title=_("Expenditure by harmonised category"),
            shares=[Share(line.get_category_display(), line.amount) for line in lines],
        )
        if lines
        else None
    )
    may_review = permissions.may_review_report(person, report)
    waits = standing is ReportStanding.SUBMITTED
    context = {
        "report": report,
        "standing": standing,
        "lines": against_budget(report.programme, {Category(line.category): line.amount for line in lines})
        if lines
        else (),
        "picture": picture,
        "budget": approved_for(report.programme) if lines else None,
        "delivery": queries.deliveries([report.programme])[report.programme_id],
        "reviews": list(report.reviews.all()),
        "may_review": may_review if waits and person.holds(*permissions.REVIEWERS) else None,
        "form": form,
        "record": events.about(report.pk)[:PAGE],
    }
    return render(request, "disbursements/report.html", context, status=status)


@audience(*permissions.REVIEWERS)
@require_POST
def review_report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Take what an officer says of a report: accepted, or sent back."""
    person = person_of(request)
    report = get_object_or_404(queries.reports(person), pk=report_id)
    form = ReviewForm(request.POST)
    if form.is_valid():
        try:
            operations.review_report(
                report_id=report_id,
                accepts=request.POST.get("says") == "accept",
                note=form.cleaned_data["note"],
                actor=person,
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Recorded. What you said stands on the report's page."))
            return redirect("disbursements:report", report_id)
    return _report_page(request, report, form, UNPROCESSABLE)
