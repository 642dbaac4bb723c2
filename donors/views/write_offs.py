"""Pages about giving up a part of a pledge: asking the committee, and carrying out what it decided."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from donors import operations, permissions, queries
from donors.forms import WriteOffForm
from donors.models import StartsWith
from donors.views.door import PER_PAGE, act, answer, enter, onward, person_of
from ledger import queries as ledger_queries
from ledger.permissions import may_read
from trustfund.core import clock, events
from trustfund.core.audience import audience
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def ask(request: HttpRequest, pledge_id: UUID) -> HttpResponse:
    """Ask the committee to give up a part of a pledge."""
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    pledge = get_object_or_404(queries.pledges_visible_to(person), pk=pledge_id)
    form = WriteOffForm(request.POST if request.method == "POST" else None, currency=pledge.currency)
    done = form.is_bound and act(
        form,
        lambda: operations.ask_for_write_off(
            pledge_id=pledge.pk,
            amount=form.cleaned_data["money"],
            starts_with=StartsWith(form.cleaned_data["starts_with"]),
            reason=form.cleaned_data["reason"],
            evidence=form.cleaned_data["evidence"],
            closes_at=form.moment,
            actor=person,
            at=clock.now(),
        ),
    )
    if not done:
        outstanding = queries.outstanding_of(pledge)
        return answer(form, request, "donors/write_off_new.html", pledge=pledge, outstanding=outstanding)
    messages.success(
        request, _("%(reference)s is before the committee. Nothing has changed yet.") % {"reference": done.reference}
    )
    return onward("write_off", done.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT, RoleName.AUDITOR, RoleName.DONOR_REPRESENTATIVE)
def write_off(request: HttpRequest, write_off_id: UUID) -> HttpResponse:
    """Show a write-off and how the committee answered; carry it out on POST."""
    person = person_of(request)
    found = get_object_or_404(queries.write_offs_visible_to(person), pk=write_off_id)
    if request.method == "POST":
        enter(permissions.may_keep_donors(person))
        try:
            operations.carry_out_write_off(write_off_id=found.pk, actor=person, at=clock.now())
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("Carried out: it no longer counts as outstanding."))
        return onward("write_off", found.pk)
    motion = queries.motion_on(found.pk)
    context = {
        "one": found,
        "motion": motion,
        "parts": found.parts.select_related("instalment").order_by("instalment__due_on"),
        "may_keep": permissions.may_keep_donors(person),
        "may_carry_out": permissions.may_carry_out(person, found),
        "events": events.about(found.pk)[:PER_PAGE],
        "entries": ledger_queries.entries_about(found.pk)[:PER_PAGE] if may_read(person) else (),
    }
    return render(request, "donors/write_off.html", context)
