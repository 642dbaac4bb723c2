"""Pages about files of contributions: bringing one, looking at every row's fate, and letting a worker bring it over."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from donors import operations, permissions, queries
from donors.contributions import Fate, rows_of
from donors.forms import ContributionFileForm
from donors.models import ContributionFile
from donors.views.door import PER_PAGE, act, answer, enter, onward, person_of
from trustfund.core import clock, events
from trustfund.core.audience import audience
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def bring(request: HttpRequest) -> HttpResponse:
    """Bring a file of contributions, to look at it; earlier ones are listed beside the form."""
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    form = ContributionFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))

    def brought() -> ContributionFile:
        upload = form.cleaned_data["file"]
        return operations.bring_contribution_file(
            name=upload.name,
            content=upload.read(),
            fee_rate=form.cleaned_data["fee_rate"],
            actor=person,
            at=clock.now(),
        )

    file = form.is_bound and act(form, brought)
    if not file:
        files = queries.contribution_files()[:PER_PAGE]
        return answer(form, request, "donors/contribution_file_new.html", files=files)
    return onward("contribution_file", file.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT, RoleName.AUDITOR)
def contribution_file(request: HttpRequest, contribution_file_id: UUID) -> HttpResponse:
    """Show what becomes of every row of a file, before anything is written; let it be brought over on POST."""
    person = person_of(request)
    enter(permissions.may_see_donors(person))
    found = get_object_or_404(
        ContributionFile.objects.select_related("brought_by", "started_by"), pk=contribution_file_id
    )
    if request.method == "POST":
        enter(permissions.may_keep_donors(person))
        try:
            operations.start_contribution_file(file_id=found.pk, actor=person, at=clock.now())
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("It is being brought over. You can leave; its page says how far it is."))
        return onward("contribution_file", found.pk)
    return render(request, "donors/contribution_file.html", _context(found) | _around(request, found))


@require_safe
@audience(RoleName.SECRETARIAT, RoleName.AUDITOR)
def progress(request: HttpRequest, contribution_file_id: UUID) -> HttpResponse:
    """Return the panel that says how far a file is; it asks again by itself until every row is done."""
    enter(permissions.may_see_donors(person_of(request)))
    found = get_object_or_404(ContributionFile, pk=contribution_file_id)
    if not getattr(request, "htmx", False):
        return onward("contribution_file", found.pk)
    return render(request, "donors/_contribution_rows.html", _context(found))


def _context(file: ContributionFile) -> dict[str, Any]:
    rows = (
        queries.written_fates(file)
        if file.is_started
        else queries.foretold(rows_of(bytes(file.content)), clock.today())
    )
    return {
        "file": file,
        "rows": rows,
        "counts": [(fate, sum(row.fate is fate for row in rows)) for fate in Fate],
        "fresh": any(row.fate is Fate.NEW for row in rows),
    }


def _around(request: HttpRequest, file: ContributionFile) -> dict[str, Any]:
    return {
        "may_keep": permissions.may_keep_donors(person_of(request)),
        "events": events.about(file.pk)[:PER_PAGE],
    }
