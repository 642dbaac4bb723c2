"""Pages about stop requests, which change nothing, and about the notice by which a donor ends its agreement."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from donors import operations, permissions, queries
from donors.forms import StopRequestForm, TerminationForm
from donors.models import Agreement
from donors.views.door import PER_PAGE, act, answer, enter, onward, person_of
from trustfund.core import clock
from trustfund.core.audience import audience
from trustfund.core.roles import RoleName


@require_safe
@audience(*permissions.STOP_REQUEST_READERS)
def stop_requests(request: HttpRequest) -> HttpResponse:
    """List what donors asked, the latest first."""
    person = person_of(request)
    enter(permissions.may_see_stop_requests(person))
    found = Paginator(queries.stop_requests_visible_to(person), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "donors/stop_requests.html",
        {
            "page": found,
            "requests": queries.with_answers(found),
            "may_file": queries.donors_visible_to(person).exists() and not person.holds(RoleName.AUDITOR),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT, RoleName.DONOR_REPRESENTATIVE)
def file(request: HttpRequest) -> HttpResponse:
    """File a stop request."""
    person = person_of(request)
    enter(permissions.may_see_stop_requests(person))
    form = StopRequestForm(
        request.POST if request.method == "POST" else None,
        actor=person,
        initial={"donor": queries.donor_of(person), "received_on": clock.today()},
    )
    done = form.is_bound and act(
        form,
        lambda: operations.file_stop_request(
            donor_id=form.cleaned_data["donor"].pk,
            text=form.cleaned_data["text"],
            received_on=form.cleaned_data["received_on"],
            actor=person,
            at=clock.now(),
        ),
    )
    if not done:
        return answer(form, request, "donors/stop_request_new.html")
    messages.success(
        request, _("%(reference)s is registered and shown to all. It changes nothing.") % {"reference": done.reference}
    )
    return onward("stop_requests")


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT, RoleName.DONOR_REPRESENTATIVE)
def terminate(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Record a donor's notice that ends an agreement."""
    person = person_of(request)
    enter(permissions.may_see_stop_requests(person))
    agreement = get_object_or_404(
        Agreement.objects.filter(donor__in=queries.donors_visible_to(person)).select_related("donor"), pk=agreement_id
    )
    agreement = queries.latest_version_of(agreement)
    form = TerminationForm(request.POST if request.method == "POST" else None, initial={"received_on": clock.today()})
    done = form.is_bound and act(
        form,
        lambda: operations.record_termination(
            agreement_id=agreement.pk, **form.cleaned_data, actor=person, at=clock.now()
        ),
    )
    if not done:
        return answer(form, request, "donors/terminate.html", agreement=agreement)
    messages.success(
        request,
        _("%(reference)s is recorded. %(agreement)s ends on %(day)s; what was deposited stays.")
        % {
            "reference": done.reference,
            "agreement": agreement.reference,
            "day": date_format(done.ends_on, "j F Y"),
        },
    )
    return onward("donor", agreement.donor_id)
