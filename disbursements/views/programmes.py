"""Pages of organisations and programmes: lists, one programme, and registering new ones."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from disbursements import operations, permissions
from disbursements.forms.programmes import OrganisationForm, ProgrammeForm
from disbursements.models import Organisation
from disbursements.permissions import exemptions as exemption_permissions
from disbursements.permissions import programmes as work_permissions
from disbursements.queries import exemptions as exemption_queries
from disbursements.queries.budgets import against_budget
from disbursements.queries.partners import visible_programmes
from disbursements.queries.programmes import approved_for, organisations_list, programmes_list, shares_of, with_approved
from disbursements.queries.reports import spent_by_category
from disbursements.reporting import ReportStanding
from disbursements.states import OrganisationKind, ProgrammeStatus, SuspensionStatus
from trustfund.core import clock, events
from trustfund.core.audience import audience, person_of
from trustfund.core.charts import Share, share_bars
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName
from trustfund.core.verdicts import Verdict

PAGE = 50
UNPROCESSABLE = 422
# Everybody of the house and its partners; donors see programmes through the public pages.
READERS = tuple(role for role in RoleName if role != RoleName.DONOR_REPRESENTATIVE)


def insist(verdict: Verdict) -> None:
    """
    Answer a page's no with the page for it.

    :raises PermissionDenied: on a no, with its reason
    """
    if not verdict:
        raise PermissionDenied(verdict.reason)


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, for a form; None when the page is only opened."""
    return request.POST if request.method == "POST" else None


@audience(*READERS)
@require_safe
def programme_list(request: HttpRequest) -> HttpResponse:
    """Show the programmes that the person sees, narrowed by words and state."""
    person = person_of(request)
    found = programmes_list(person, words=request.GET.get("q", ""), status=request.GET.get("status", ""))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": with_approved(list(page.object_list)),
        "words": request.GET.get("q", ""),
        "status": request.GET.get("status", ""),
        "statuses": ProgrammeStatus.choices,
        "may_open": permissions.may_open_programme(person),
    }
    return render(request, "disbursements/programmes.html", context)


@audience(*READERS)
@require_safe
def programme_detail(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Show one programme: its facts, its split, its proposals and its record."""
    person = person_of(request)
    programme = get_object_or_404(visible_programmes(person), pk=programme_id)
    shares = shares_of(programme)
    approved = approved_for(programme)
    parts = approved.split([int(share.percent * 100) for share in shares])
    blocks = [(share.get_block_display(), share.percent, part) for share, part in zip(shares, parts, strict=True)]
    proposals = list(programme.proposals.order_by("-drafted_at", "-reference")[:PAGE])
    context = {
        "programme": programme,
        "proposals": proposals,
        "blocks": blocks,
        "approved": approved,
        "budget": against_budget(programme, spent_by_category(programme, ReportStanding.ACCEPTED)),
        "chart": share_bars(
            title=_("Approved money by building block"), shares=[Share(label, part) for label, _percent, part in blocks]
        ),
        "exemptions": exemption_queries.entries(programme.exemptions.order_by("-recorded_at")[:PAGE], clock.today()),
        "requests": exemption_queries.open_requests(person).filter(programme=programme)[:PAGE],
        "codes": programme.crs_shares.select_related("code").order_by("-percent", "code"),
        "partners": programme.implementing_partners.filter(ended_at=None)
        .select_related("organisation")
        .order_by("added_at"),
        "suspension": programme.suspensions.filter(
            status__in=[SuspensionStatus.ASKED, SuspensionStatus.IN_FORCE]
        ).first(),
        "may_describe": work_permissions.may_describe(person),
        "may_report": work_permissions.may_report_results(person, programme),
        "may_ask_committee": work_permissions.may_ask_committee(person),
        "may_carry_out": work_permissions.may_carry_out(person),
        "sees_votes": permissions.may_see_votes(person),
        "may_draft": permissions.may_draft(person, programme),
        "may_request_exemption": exemption_permissions.may_request_exemption(person, programme),
        "events": events.about(programme.id, *(proposal.id for proposal in proposals))[:PAGE],
    }
    return render(request, "disbursements/programme.html", context)


@audience(RoleName.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def new_programme(request: HttpRequest) -> HttpResponse:
    """Ask for a programme and its split, and open it on POST."""
    person = person_of(request)
    insist(permissions.may_open_programme(person))
    form = ProgrammeForm(
        posted(request),
        organisations=Organisation.objects.order_by("name"),
        initial={"organisation": request.GET.get("organisation")},
    )
    if form.is_valid():
        said = form.cleaned_data
        try:
            programme = operations.open_programme(
                organisation_id=said["organisation"].pk,
                title=said["title"],
                region=said["region"],
                starts_on=said["starts_on"],
                ends_on=said["ends_on"],
                shares=form.shares,
                actor=person,
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request,
                _("%(reference)s is open. Proposals can be written for it.") % {"reference": programme.reference},
            )
            return redirect("disbursements:programme", programme.pk)
    status = UNPROCESSABLE if form.errors else None
    return render(request, "disbursements/programme_new.html", {"form": form}, status=status)


@audience(*READERS)
@require_safe
def organisation_list(request: HttpRequest) -> HttpResponse:
    """Show the organisations that the person sees."""
    person = person_of(request)
    page = Paginator(organisations_list(person, words=request.GET.get("q", "")), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "words": request.GET.get("q", ""),
        "may_register": permissions.may_register_organisation(person),
    }
    return render(request, "disbursements/programme_organisations.html", context)


@audience(RoleName.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def register_organisation(request: HttpRequest) -> HttpResponse:
    """Ask for an organisation, and register it on POST."""
    person = person_of(request)
    insist(permissions.may_register_organisation(person))
    form = OrganisationForm(posted(request))
    if form.is_valid():
        said = dict(form.cleaned_data)
        kind = OrganisationKind(said.pop("kind"))
        try:
            organisation = operations.register_organisation(kind=kind, actor=person, at=clock.now(), **said)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request,
                _("%(name)s is registered as %(reference)s.")
                % {"name": organisation.name, "reference": organisation.reference},
            )
            return redirect("disbursements:organisations")
    status = UNPROCESSABLE if form.errors else None
    return render(request, "disbursements/programme_organisation_new.html", {"form": form}, status=status)
