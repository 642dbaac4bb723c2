"""Pages about how much of the pool is one donor's: its share, asking the committee, and the cap."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from donors import operations, permissions, queries
from donors.forms import AskForm, CapForm
from donors.views.door import PER_PAGE, act, answer, enter, onward, person_of
from trustfund.core import clock
from trustfund.core.audience import audience
from trustfund.core.roles import RoleName


@require_safe
@audience(RoleName.SECRETARIAT, RoleName.AUDITOR)
def share(request: HttpRequest, donor_id: UUID) -> HttpResponse:
    """Show a donor's share of the pool, the cap, and what the committee was asked about it."""
    person = person_of(request)
    enter(permissions.may_see_donors(person))
    found = get_object_or_404(queries.donors_visible_to(person), pk=donor_id)
    context = {
        "donor": found,
        "share": queries.concentration_of(found),
        "asked": queries.share_questions_with_answers(found),
        "may_keep": permissions.may_keep_donors(person),
    }
    return render(request, "donors/share.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def ask(request: HttpRequest, donor_id: UUID) -> HttpResponse:
    """Ask the committee to accept a donor above the cap."""
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    found = get_object_or_404(queries.donors_visible_to(person), pk=donor_id)
    form = AskForm(request.POST if request.method == "POST" else None)
    done = form.is_bound and act(
        form,
        lambda: operations.ask_about_share(
            donor_id=found.pk, reason=form.cleaned_data["reason"], closes_at=form.moment, actor=person, at=clock.now()
        ),
    )
    if not done:
        return answer(form, request, "donors/share_ask.html", donor=found, share=queries.concentration_of(found))
    messages.success(request, _("%(reference)s is before the committee.") % {"reference": done.reference})
    return onward("share", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT, RoleName.AUDITOR, RoleName.FUND_ADMINISTRATOR)
def cap(request: HttpRequest) -> HttpResponse:
    """Show the cap of a donor's share in all its versions; the fund administrator sets the next."""
    person = person_of(request)
    enter(permissions.may_see_cap(person))
    may_set = permissions.may_set_cap(person)
    form = CapForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        enter(may_set)
    done = form.is_bound and act(
        form,
        lambda: operations.set_donor_cap(
            share=form.cleaned_data["share"], reason=form.cleaned_data["reason"], actor=person, at=clock.now()
        ),
    )
    if not done:
        return answer(
            form,
            request,
            "donors/cap.html",
            versions=queries.cap_versions()[:PER_PAGE],
            in_force=queries.cap_in_force(),
            may_set=may_set,
        )
    messages.success(request, _("The new cap is in force."))
    return onward("cap")
