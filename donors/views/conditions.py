"""Pages about what a conditional pledge waits for: evidence, its confirmation, the committee, and into the books."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from donors import operations, permissions, queries
from donors.forms import AskForm, BringInForm, EvidenceForm, SendBackForm
from donors.models import Condition, Pledge
from donors.views.door import act, answer, enter, onward, person_of
from trustfund.core import clock
from trustfund.core.audience import audience
from trustfund.core.models import User
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName
from trustfund.core.verdicts import Verdict


@dataclass(frozen=True)
class Shown(queries.ConditionRow):
    """A condition with whether this person may confirm what shows it."""

    may_confirm: Verdict


def conditions_for(pledge: Pledge, person: User, today: date) -> list[Shown]:
    """Return the conditions of a pledge as a person sees them."""
    return [
        Shown(row.condition, row.stand, row.matched, permissions.may_confirm_approval(person, row.condition))
        for row in queries.condition_rows(pledge, today)
    ]


def _condition(request: HttpRequest, condition_id: UUID) -> Condition:
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    known = Condition.objects.filter(pledge__in=queries.pledges_visible_to(person))
    return get_object_or_404(known.select_related("pledge__donor", "shown_by"), pk=condition_id)


def _pledge(request: HttpRequest, pledge_id: UUID) -> Pledge:
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    return get_object_or_404(queries.pledges_visible_to(person), pk=pledge_id)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def show(request: HttpRequest, condition_id: UUID) -> HttpResponse:
    """Write down what shows an approval."""
    found = _condition(request, condition_id)
    form = EvidenceForm(request.POST if request.method == "POST" else None)
    done = form.is_bound and act(
        form,
        lambda: operations.show_approval(
            condition_id=found.pk, **form.cleaned_data, actor=person_of(request), at=clock.now()
        ),
    )
    if not done:
        return answer(form, request, "donors/condition_show.html", condition=found, pledge=found.pledge)
    messages.success(request, _("Written down. It counts when another person has confirmed it."))
    return onward("pledge", found.pledge_id)


@require_POST
@audience(RoleName.SECRETARIAT)
def confirm(request: HttpRequest, condition_id: UUID) -> HttpResponse:
    """Confirm, as a second person, what shows an approval."""
    found = _condition(request, condition_id)
    try:
        operations.confirm_approval(condition_id=found.pk, actor=person_of(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The condition is met. Bring the pledge into the books when all are."))
    return onward("pledge", found.pledge_id)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def send_back(request: HttpRequest, condition_id: UUID) -> HttpResponse:
    """Send back what does not show the approval."""
    found = _condition(request, condition_id)
    form = SendBackForm(request.POST if request.method == "POST" else None)
    done = form.is_bound and act(
        form,
        lambda: operations.send_back_approval(
            condition_id=found.pk, reason=form.cleaned_data["reason"], actor=person_of(request), at=clock.now()
        ),
    )
    if not done:
        return answer(form, request, "donors/condition_send_back.html", condition=found, pledge=found.pledge)
    messages.success(request, _("Sent back. The record keeps what was shown, and why it was not enough."))
    return onward("pledge", found.pledge_id)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def ask(request: HttpRequest, pledge_id: UUID) -> HttpResponse:
    """Ask the committee to accept a pledge whose conditions are not met."""
    found = _pledge(request, pledge_id)
    form = AskForm(request.POST if request.method == "POST" else None)
    done = form.is_bound and act(
        form,
        lambda: operations.ask_to_accept_conditional(
            pledge_id=found.pk,
            reason=form.cleaned_data["reason"],
            closes_at=form.moment,
            actor=person_of(request),
            at=clock.now(),
        ),
    )
    if not done:
        rows = queries.condition_rows(found, clock.today())
        return answer(form, request, "donors/condition_ask.html", pledge=found, rows=rows)
    messages.success(request, _("%(reference)s is before the committee.") % {"reference": done.reference})
    return onward("pledge", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def bring_in(request: HttpRequest, pledge_id: UUID) -> HttpResponse:
    """Take a last look at a conditional pledge, then bring it into the books."""
    found = _pledge(request, pledge_id)
    form = BringInForm(request.POST if request.method == "POST" else None)
    done = form.is_bound and act(
        form,
        lambda: operations.bring_into_books(pledge_id=found.pk, actor=person_of(request), at=clock.now()),
    )
    if not done:
        return answer(
            form,
            request,
            "donors/pledge_bring_in.html",
            pledge=found,
            rows=queries.condition_rows(found, clock.today()),
            parts=queries.standing_instalments(found),
            motion=queries.motion_about_condition(found),
        )
    messages.success(request, _("Pledge %(reference)s is in the books.") % {"reference": done.reference})
    return onward("pledge", found.pk)
