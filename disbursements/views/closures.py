"""Pages of closure: which programmes are on their way to an end and for how long, and the steps of one."""

from collections.abc import Callable, Iterator
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from disbursements.forms.reports import ClosureForm
from disbursements.models import Programme
from disbursements.operations import closures as operations
from disbursements.permissions import reports as permissions
from disbursements.queries import closures as queries
from disbursements.queries import offsets as offset_queries
from disbursements.queries.partners import visible_programmes
from disbursements.states import ProgrammeStatus
from disbursements.views.programmes import PAGE, READERS, UNPROCESSABLE, posted
from trustfund.core import clock, events
from trustfund.core.audience import audience, person_of
from trustfund.core.models import User
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName
from trustfund.core.spreadsheets import Row, csv_file, xlsx_file
from trustfund.core.verdicts import Verdict
from trustfund.core.wording import pill_of

# What the next step is called, by where the programme stands; two ways lead on from closed work.
STEPS: Final = {
    "operations": gettext_lazy("Close the work"),
    "refund": gettext_lazy("Claim unspent money back"),
    "accounts": gettext_lazy("Close the accounts"),
    "audit": gettext_lazy("Note the audit"),
}
# Published by a pooled fund on 19 May 2026: projects that owed money back, and how many for more than three years.
PUBLISHED: Final = {"under_refund": 647, "over_36_months": 461}


def _owners() -> Any:
    return (
        User.objects.filter(
            is_active=True, is_seconded=False, roles__ended_at=None, roles__name__in=permissions.REVIEWERS
        )
        .order_by("name")
        .distinct()
    )


@audience(*READERS)
@require_safe
def closure_list(request: HttpRequest) -> HttpResponse:
    """Show every programme on its way to an end: where it stands, since when, who owns the step, what is owed."""
    rows = queries.closings(person_of(request), clock.today())
    context = {"rows": rows[:PAGE], "in_all": len(rows), "ages": queries.by_age(rows), "published": PUBLISHED}
    return render(request, "disbursements/closures.html", context)


def _table(person: User) -> Iterator[Row]:
    yield [
        _("Programme"),
        _("Organisation"),
        _("Ended"),
        _("State"),
        _("Days since end"),
        _("Owner"),
        _("Held"),
        _("Refund due"),
        _("Days late"),
    ]
    for row in queries.closings(person, clock.today()):
        yield [
            row.programme.reference,
            row.programme.organisation.name,
            row.programme.ends_on,
            str(pill_of(row.programme.status).word),
            row.days_since_end,
            row.last.owner.name if row.last else None,
            row.left.held,
            row.claim.due_on if row.claim else None,
            row.refund_days_late,
        ]


@audience(*READERS)
@require_safe
def closures_csv(request: HttpRequest) -> HttpResponse:
    """Give the programmes on their way to an end as CSV."""
    return csv_file("closures", _table(person_of(request)))


@audience(*READERS)
@require_safe
def closures_xlsx(request: HttpRequest) -> HttpResponse:
    """Give the programmes on their way to an end as a spreadsheet."""
    return xlsx_file("closures", _table(person_of(request)))


@audience(*READERS)
@require_safe
def closure_detail(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Show how near to its end a programme is: what the books still hold, what was delivered, every step taken."""
    person = person_of(request)
    programme = get_object_or_404(visible_programmes(person), pk=programme_id)
    closing = queries.closing_of(programme, clock.today())
    steps = programme.closure_steps.select_related("by", "owner").order_by("at", "id")
    offsets = offset_queries.offsets_against(programme)
    context = {
        "programme": programme,
        "closing": closing,
        "steps": steps,
        "ways": [(name, STEPS[name], verdict) for name, verdict in _ways(person, programme)],
        "offsets": offsets,
        "may_offset": permissions.may_offset(person) if programme.status == ProgrammeStatus.REFUND_DUE else None,
        "record": events.about(programme.pk, *(offset.pk for offset in offsets))[:PAGE],
    }
    return render(request, "disbursements/closure.html", context)


def _ways(person: User, programme: Programme) -> Iterator[tuple[str, Verdict]]:
    """Give the steps that lead on from where a programme stands, each with whether this person may take it."""
    if not person.holds(*permissions.REVIEWERS):
        return
    status = ProgrammeStatus(programme.status)
    if status == ProgrammeStatus.OPERATIONALLY_CLOSED:
        yield "refund", permissions.may_claim_refund(person)
    if status in {ProgrammeStatus.OPERATIONALLY_CLOSED, ProgrammeStatus.REFUND_DUE}:
        yield "accounts", permissions.may_close_accounts(person, programme)
    elif status == ProgrammeStatus.FINANCIALLY_CLOSED:
        yield "audit", permissions.may_note_audit(person)
    elif status != ProgrammeStatus.AUDITED:
        yield "operations", permissions.may_close_operations(person)


@audience(RoleName.SECRETARIAT, RoleName.CERTIFYING_OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def closure_step(request: HttpRequest, programme_id: UUID, step: str) -> HttpResponse:
    """Ask on what grounds a programme takes a step to its end, and take it on POST."""
    person = person_of(request)
    programme = get_object_or_404(visible_programmes(person), pk=programme_id)
    if step not in STEPS:
        raise Http404
    form = ClosureForm(posted(request), owners=_owners(), initial={"owner": person.pk})
    if step == "audit":
        del form.fields["owner"]
    if form.is_valid():
        said = {"programme_id": programme.pk, "note": form.cleaned_data["note"], "actor": person, "at": clock.now()}
        if "owner" in form.cleaned_data:
            said["owner_id"] = form.cleaned_data["owner"].pk
        try:
            _OPERATIONS[step](**said)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Recorded. The programme is one step nearer to its end."))
            return redirect("disbursements:closure", programme_id)
    context = {
        "form": form,
        "programme": programme,
        "step": step,
        "title": STEPS[step],
        "closing": queries.closing_of(programme, clock.today()),
    }
    return render(request, "disbursements/closure_step.html", context, status=UNPROCESSABLE if form.errors else None)


_OPERATIONS: Final[dict[str, Callable[..., object]]] = {
    "operations": operations.close_operations,
    "refund": operations.claim_refund,
    "accounts": operations.close_accounts,
    "audit": operations.note_audit,
}
