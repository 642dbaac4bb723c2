"""Pages about exchange rates: the list, and recording one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from donors import operations, permissions, queries
from donors.forms import RateForm
from donors.views.door import PER_PAGE, act, answer, enter, onward, person_of
from trustfund.core import clock
from trustfund.core.audience import audience
from trustfund.core.roles import RoleName


@require_safe
@audience(RoleName.SECRETARIAT, RoleName.AUDITOR, RoleName.TREASURY_OFFICER, RoleName.CERTIFYING_OFFICER)
def rates(request: HttpRequest) -> HttpResponse:
    """List the recorded rates, the newest first."""
    found = Paginator(queries.rates_by_day(), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "donors/rates.html", {"page": found, "may_keep": permissions.may_keep_donors(person_of(request))}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def record(request: HttpRequest) -> HttpResponse:
    """Record a rate."""
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    form = RateForm(request.POST if request.method == "POST" else None)
    rate = form.is_bound and act(
        form, lambda: operations.record_rate(**form.cleaned_data, actor=person, at=clock.now())
    )
    if not rate:
        return answer(form, request, "donors/rate_new.html")
    messages.success(request, _("Recorded: %(rate)s.") % {"rate": rate})
    return onward("rates")
