"""Pages of the fund's own costs: the list, asking the committee for one, and one with its charge."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from committee import queries as committee_queries
from committee.forms import way_hints
from committee.matters import Kind
from committee.rules import Way
from disbursements.forms.treasury import ChargeForm, DirectCostForm
from disbursements.operations import direct_costs as operations
from disbursements.permissions import treasury as permissions
from disbursements.queries import direct_costs as queries
from disbursements.queries.fund import spendable
from disbursements.views.payments import OFFICERS
from disbursements.views.programmes import PAGE, UNPROCESSABLE, insist, posted
from ledger import queries as ledger_queries
from ledger.permissions import may_read
from trustfund.core import clock, events, step_up
from trustfund.core.audience import audience, person_of
from trustfund.core.refusals import Missing, Refusal
from trustfund.core.roles import RoleName

_DAYS_TO_VOTE = 5
_READERS = (*OFFICERS, RoleName.AUDITOR, RoleName.COMMITTEE_MEMBER, RoleName.ALTERNATE, RoleName.CHAIR)


@audience(*_READERS)
@require_safe
def cost_list(request: HttpRequest) -> HttpResponse:
    """Show what the fund was asked to bear of its own costs, and what of it was charged on which decision."""
    context = {
        "page": Paginator(queries.direct_costs(), PAGE).get_page(request.GET.get("page")),
        "spendable": spendable(),
        "may_ask": permissions.may_ask_committee(person_of(request)),
    }
    return render(request, "disbursements/direct_costs.html", context)


@audience(RoleName.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_cost(request: HttpRequest) -> HttpResponse:
    """Ask what it is, who is paid and how the committee decides, and lay it before the committee on POST."""
    person, at = person_of(request), clock.now()
    insist(permissions.may_ask_committee(person))
    rules = committee_queries.rules_in_force()
    form = DirectCostForm(
        posted(request),
        initial={
            "way": Way.CORRESPONDENCE.value,
            "closes_on": clock.add_working_days(at.date(), _DAYS_TO_VOTE),
            "closes_at": "16:00",
        },
        kind=Kind.DIRECT_COST,
        under=rules.rules if rules else None,
        meetings=committee_queries.meetings_to_come(at),
    )
    if form.is_valid():
        said = form.cleaned_data
        try:
            cost, _motion = operations.ask_for_direct_cost(
                title=said["title"],
                payee=said["payee"],
                amount=said["amount"],
                reason=said["reason"],
                hearing=form.hearing,
                actor=person,
                at=at,
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("%s is before the committee. Nothing is charged before it is carried.") % cost)
            return redirect("disbursements:direct_cost", cost.pk)
    context = {"form": form, "way_hints": way_hints(), "spendable": spendable()}
    status = UNPROCESSABLE if form.errors else None
    return render(request, "disbursements/direct_cost_ask.html", context, status=status)


@audience(*_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def cost_detail(request: HttpRequest, cost_id: UUID) -> HttpResponse:
    """Show a cost and the committee's answer; a treasury officer records on POST that it left the account."""
    person = person_of(request)
    verdict = permissions.may_carry_out(person)
    if request.method == "POST":
        insist(verdict)
    try:
        cost = queries.cost_of(cost_id)
    except Missing as refusal:
        raise Http404(refusal.message) from refusal
    form = ChargeForm(posted(request))
    if form.is_valid():
        try:
            operations.charge_direct_cost(
                cost_id=cost.pk,
                bank_reference=form.cleaned_data["bank_reference"],
                on=form.cleaned_data["on"],
                proof=form.proof,
                nonce=form.cleaned_data["nonce"],
                actor=person,
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Charged, on the committee's decision."))
            return redirect("disbursements:direct_cost", cost.pk)
    print_ = queries.fingerprint_of(cost, form.number)
    context = {
        "cost": cost,
        "motion": committee_queries.motion_about(cost.pk, 1),
        "form": form,
        "print": print_,
        "passkey_options": step_up.passkey_options(person, print_),
        "verdict": verdict,
        "record": events.about(cost.pk),
        "entries": ledger_queries.entries_about(cost.pk)[:PAGE] if may_read(person) else (),
    }
    return render(request, "disbursements/direct_cost.html", context, status=UNPROCESSABLE if form.errors else None)
