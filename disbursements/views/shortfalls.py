"""Pages for when cash does not cover what is certified: the queue, a plan for the committee, and carrying it out."""

from datetime import time
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from committee import queries as committee_queries
from disbursements.forms.treasury import PlanForm
from disbursements.operations import shortfalls as operations
from disbursements.permissions import treasury as permissions
from disbursements.queries import shortfalls as queries
from disbursements.shortfalls import by_priority
from disbursements.views.payments import OFFICERS, load
from disbursements.views.programmes import UNPROCESSABLE, insist, posted
from ledger import chart
from ledger import queries as ledger_queries
from trustfund.core import clock, events
from trustfund.core.audience import audience, person_of
from trustfund.core.money import total
from trustfund.core.refusals import Missing, Refusal
from trustfund.core.roles import RoleName

_READERS = (*OFFICERS, RoleName.AUDITOR, RoleName.COMMITTEE_MEMBER, RoleName.ALTERNATE, RoleName.CHAIR)
_PLANS = 20
_DAYS_TO_VOTE = 3
_NOON = time(12)


@audience(*_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def shortfall(request: HttpRequest) -> HttpResponse:
    """Show the queue and the plans; the secretariat lays a plan before the committee on POST."""
    person = person_of(request)
    verdict = permissions.may_ask_committee(person)
    if request.method == "POST":
        insist(verdict)
    queue, cash = queries.queue(), ledger_queries.balance_of(chart.CASH)
    shares = by_priority([(one.payment_id, one.payment.reference, one.payment.amount) for one in queue], cash)
    form = PlanForm(
        posted(request),
        queue=queue,
        initial={
            "closes_on": clock.add_working_days(clock.today(), _DAYS_TO_VOTE),
            "closes_time": _NOON,
            **{f"pay_{place}": str(share.pay.amount) for place, share in enumerate(shares, start=1)},
        },
    )
    if form.is_valid():
        try:
            plan, _motion = operations.ask_what_to_pay(
                **form.plan,
                reason=form.cleaned_data["reason"],
                closes_at=form.closes_at,
                actor=person,
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("%s is before the committee.") % plan.reference)
            return redirect("disbursements:shortfall_plan", plan.pk)
    context = {
        "form": form,
        "cash": cash,
        "asked": total((one.payment.amount for one in queue), cash.currency),
        "verdict": verdict,
        "plans": queries.plans()[:_PLANS],
    }
    return render(request, "disbursements/shortfall.html", context, status=UNPROCESSABLE if form.errors else None)


@audience(*_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_detail(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Show one plan and the committee's answer; a treasury officer carries it out on POST."""
    person = person_of(request)
    verdict = permissions.may_carry_out(person)
    if request.method == "POST":
        insist(verdict)
        return _carry_out(request, plan_id)
    try:
        plan = queries.plan_of(plan_id)
    except Missing as refusal:
        raise Http404(refusal.message) from refusal
    context = {
        "plan": plan,
        "motion": committee_queries.motion_about(plan.pk, 1),
        "verdict": verdict,
        "events": events.about(plan.pk),
    }
    return render(request, "disbursements/shortfall_plan.html", context)


def _carry_out(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    try:
        operations.carry_out_plan(plan_id=plan_id, actor=person_of(request), at=clock.now())
    except Missing as refusal:
        raise Http404(refusal.message) from refusal
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Carried out. What is paid in full may be released now."))
    return redirect("disbursements:shortfall_plan", plan_id)


@audience(RoleName.TREASURY_OFFICER)
@require_POST
def queue_payment(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Queue a payment that finds too little cash, and tell the committee."""
    insist(permissions.may_queue(person_of(request)))
    payment = load(request, payment_id)
    try:
        operations.queue_payment(payment_id=payment.pk, actor=person_of(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Queued, and the committee is told. The secretariat plans what is paid first."))
    return redirect("disbursements:payment", payment.pk)
