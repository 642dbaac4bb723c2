"""Pages about stop requests: shown to every donor and the committee, filed by a donor or for it, changing nothing."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from donors import operations, permissions, queries
from donors.forms import StopRequestForm
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
        {"page": found, "may_file": queries.donors_visible_to(person).exists() and not person.holds(RoleName.AUDITOR)},
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
