"""The page of the numbers treasury goes by: in force, proposed, and every version before."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from disbursements.forms.treasury import RulesForm
from disbursements.operations import treasury_rules as operations
from disbursements.permissions import treasury as permissions
from disbursements.queries import rules as queries
from disbursements.views.payments import OFFICERS, PAGE
from disbursements.views.programmes import UNPROCESSABLE, insist, posted
from trustfund.core import clock
from trustfund.core.audience import audience, person_of
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName


@audience(*OFFICERS, RoleName.AUDITOR, RoleName.FUND_ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def treasury_rules(request: HttpRequest) -> HttpResponse:
    """Show the numbers and their history; the fund administrator proposes others on POST."""
    person, now = person_of(request), queries.in_force()
    verdict = permissions.may_propose_rules(person)
    if request.method == "POST":
        insist(verdict)
    form = RulesForm(
        posted(request),
        initial={
            "reserve_months": now.reserve_months,
            "answer_hours": now.answer_hours,
            "payee_limit": str(now.payee_limit.amount) if now.payee_limit is not None else "",
            "payee_days": now.payee_days,
        },
    )
    if form.is_valid():
        try:
            operations.propose_treasury_rules(actor=person, at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Proposed. A certifying or treasury officer puts them in force."))
            return redirect("disbursements:treasury_rules")
    waiting = queries.waiting()
    context = {
        "now": now,
        "waiting": waiting,
        "may_agree": permissions.may_agree_to_rules(person, waiting) if waiting else None,
        "history": queries.history()[:PAGE],
        "form": form,
        "verdict": verdict,
    }
    return render(request, "disbursements/treasury_rules.html", context, status=UNPROCESSABLE if form.errors else None)


@audience(RoleName.CERTIFYING_OFFICER, RoleName.TREASURY_OFFICER)
@require_POST
def agree(request: HttpRequest, number: int) -> HttpResponse:
    """Put proposed numbers in force."""
    try:
        operations.agree_to_treasury_rules(version=number, actor=person_of(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("These numbers are in force."))
    return redirect("disbursements:treasury_rules")
