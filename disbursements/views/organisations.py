"""Pages of one organisation: what assessments found of it, its channel, its programmes and those it takes part in."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from disbursements import operations, tranche_plans
from disbursements.forms.programme_work import AssessmentForm
from disbursements.models import CapacityAssessment
from disbursements.permissions import programmes as permissions
from disbursements.queries import reviews as queries
from disbursements.queries.partners import visible_organisations
from disbursements.views.asking import Ask, answer, do
from disbursements.views.exemptions import hand_out
from disbursements.views.programmes import PAGE, READERS, insist, posted
from trustfund.core import clock, events
from trustfund.core.audience import audience, person_of
from trustfund.core.roles import RoleName


@audience(*READERS)
@require_safe
def organisation_detail(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Show one organisation: its risk, its channel, its programmes, those it takes part in, and its record."""
    person, today = person_of(request), clock.today()
    organisation = get_object_or_404(visible_organisations(person), pk=organisation_id)
    tier = queries.tier_on(organisation.pk, today)
    context = {
        "organisation": organisation,
        "assessment": queries.assessment_on(organisation.pk, today),
        "assessments": queries.assessments_of(organisation.pk)[:PAGE],
        "tier": tier,
        "checks": tranche_plans.checks_of(tier),
        "programmes": organisation.programmes.order_by("-opened_at")[:PAGE],
        "takes_part": organisation.implements.filter(ended_at=None).select_related("programme").order_by("-added_at"),
        "may_assess": permissions.may_assess(person),
        "today": today,
        "events": events.about(organisation.pk)[:PAGE],
    }
    return render(request, "disbursements/organisation.html", context)


@audience(RoleName.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def assess_organisation(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Ask what an assessment found, and record it on POST."""
    person = person_of(request)
    organisation = get_object_or_404(visible_organisations(person), pk=organisation_id)
    insist(permissions.may_assess(person))
    form = AssessmentForm(posted(request), request.FILES or None, initial={"assessed_on": clock.today()})
    back = reverse("disbursements:organisation", args=[organisation.pk])
    ask = Ask(
        title=_("Record an assessment"),
        button=_("Record the assessment"),
        back=back,
        crumbs=((reverse("disbursements:organisations"), _("Organisations")), (back, organisation.reference)),
        lead=organisation.name,
    )

    def act() -> str:
        said = form.cleaned_data
        operations.assess_organisation(
            organisation_id=organisation.pk,
            assessor=said["assessor"],
            points=said["points"],
            assessed_on=said["assessed_on"],
            valid_until=said["valid_until"],
            note=said["note"],
            paper=said["paper"],
            actor=person,
            at=clock.now(),
        )
        return back

    return answer(ask, request, form, act, _("Recorded. The tier plans the tranches of new proposals."))


@audience(RoleName.SECRETARIAT)
@require_POST
def record_channel(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Record whether an organisation works through the World Health Organization's channel."""
    works = request.POST.get("works_through_who") == "yes"
    return do(
        lambda: operations.record_channel(
            organisation_id=organisation_id, works_through_who=works, actor=person_of(request), at=clock.now()
        ),
        request,
        _("Recorded."),
        reverse("disbursements:organisation", args=[organisation_id]),
    )


@audience(*READERS)
@require_safe
def assessment_paper(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Hand out the report of an assessment, exactly as it was uploaded."""
    found = get_object_or_404(
        CapacityAssessment.objects.select_related("document").exclude(document=None),
        pk=assessment_id,
        organisation__in=visible_organisations(person_of(request)),
    )
    return hand_out(found.document)
