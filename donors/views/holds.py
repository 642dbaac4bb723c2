"""Pages about texts that are held because of an earmark: the list, one hold, and asking the committee."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from donors import operations, permissions, queries
from donors.forms import AskForm
from donors.views.door import PER_PAGE, act, answer, enter, onward, person_of
from trustfund.core import clock, events
from trustfund.core.audience import audience
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName


@require_safe
@audience(RoleName.SECRETARIAT, RoleName.AUDITOR)
def holds(request: HttpRequest) -> HttpResponse:
    """List the texts that are held, and the preferences that the committee has accepted."""
    person = person_of(request)
    enter(permissions.may_see_donors(person))
    found = Paginator(queries.holds_visible_to(person), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "donors/holds.html", {"page": found})


@require_safe
@audience(RoleName.SECRETARIAT, RoleName.AUDITOR, RoleName.DONOR_REPRESENTATIVE)
def hold(request: HttpRequest, text_id: UUID) -> HttpResponse:
    """Show what a text is held for, and how the committee answered."""
    person = person_of(request)
    found = get_object_or_404(queries.holds_visible_to(person), pk=text_id)
    context = {
        "hold": found,
        "motion": queries.motion_about_hold(found),
        "may_keep": permissions.may_keep_donors(person),
        "events": events.about(found.pk)[:PER_PAGE],
    }
    return render(request, "donors/hold.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def ask(request: HttpRequest, text_id: UUID) -> HttpResponse:
    """Ask the committee to accept a text as a preference that binds nobody."""
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    found = get_object_or_404(queries.holds_visible_to(person), pk=text_id)
    form = AskForm(request.POST if request.method == "POST" else None)
    done = form.is_bound and act(
        form,
        lambda: operations.ask_for_preference(
            hold_id=found.pk, reason=form.cleaned_data["reason"], closes_at=form.moment, actor=person, at=clock.now()
        ),
    )
    if not done:
        return answer(form, request, "donors/hold_ask.html", hold=found)
    messages.success(request, _("%(reference)s is before the committee.") % {"reference": done.reference})
    return onward("hold", found.pk)


@require_POST
@audience(RoleName.SECRETARIAT)
def accept(request: HttpRequest, text_id: UUID) -> HttpResponse:
    """Let go what a text held, as the committee has decided."""
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    found = get_object_or_404(queries.holds_visible_to(person), pk=text_id)
    try:
        operations.accept_preference(hold_id=found.pk, actor=person, at=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Let go. The words stand as a preference that binds nobody."))
    return onward("hold", found.pk)
