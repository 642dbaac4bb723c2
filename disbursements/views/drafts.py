"""Pages that write proposals: a new one, an amendment, the figures while typing, the check before handing it in."""

from dataclasses import dataclass, replace
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from disbursements import budget, operations, permissions, tranche_plans
from disbursements.categories import Category
from disbursements.forms.proposals import BasePartFormSet, PartFormSet, ProposalForm, initial_of, initial_part
from disbursements.models import Programme, Proposal
from disbursements.queries.partners import visible_programmes, visible_proposals
from disbursements.queries.proposals import content_of, parts_of, version_of
from disbursements.queries.reviews import tier_on
from disbursements.views.programmes import UNPROCESSABLE, insist, posted
from trustfund.core import clock
from trustfund.core.audience import audience, person_of
from trustfund.core.money import Money, total
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName

WRITERS = (RoleName.SECRETARIAT, RoleName.PROGRAMME_PARTNER)
_TRANCHES = "tranches"
# The button that plans the tranches instead of keeping the proposal.
_PLAN = "plan"


@dataclass(frozen=True)
class Figures:
    """What a budget adds up to while it is typed."""

    direct: Money
    indirect: Money
    ceiling: Money
    planned: Money

    @property
    def amount(self) -> Money:
        """Direct and indirect together."""
        return self.direct + self.indirect

    @property
    def is_too_high(self) -> bool:
        """Whether indirect cost is above its ceiling."""
        return self.indirect > self.ceiling

    @property
    def left(self) -> Money:
        """What no tranche plans to pay yet."""
        return self.amount - self.planned


@audience(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_proposal(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Ask for a proposal, and draft it on POST."""
    person = person_of(request)
    programme = get_object_or_404(visible_programmes(person), pk=programme_id)
    insist(permissions.may_draft(person, programme))
    form, parts = ProposalForm(posted(request)), PartFormSet(posted(request), prefix=_TRANCHES)
    if _PLAN in request.POST:
        return _plan_page(request, form, programme, None)
    if request.method == "POST" and form.is_valid() and parts.is_valid():
        try:
            proposal = operations.draft_proposal(
                programme_id=programme.pk, content=form.content(parts), actor=person, at=clock.now()
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("disbursements:submit_proposal", proposal.pk)
    return _form_page(request, form, parts, programme, None)


@audience(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def amend_proposal(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Show the current version to be changed, and keep the change as a new version on POST."""
    person = person_of(request)
    proposal = get_object_or_404(visible_proposals(person), pk=proposal_id)
    insist(permissions.may_amend(person, proposal))
    words, planned = initial_of(content_of(version_of(proposal)))
    form = ProposalForm(posted(request), initial={**words, "number": proposal.current_number})
    parts = PartFormSet(posted(request), prefix=_TRANCHES, initial=planned)
    if _PLAN in request.POST:
        return _plan_page(request, form, proposal.programme, proposal)
    if request.method == "POST" and form.is_valid() and parts.is_valid():
        try:
            operations.amend_proposal(
                proposal_id=proposal.pk,
                number=form.cleaned_data["number"] or 0,
                content=form.content(parts),
                actor=person,
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("disbursements:submit_proposal", proposal.pk)
    return _form_page(request, form, parts, proposal.programme, proposal)


def _plan_page(
    request: HttpRequest, typed: ProposalForm, programme: Programme, proposal: Proposal | None
) -> HttpResponse:
    """Show what was typed with the tranches that the table plans for its budget, to be changed as the work needs."""
    typed.is_valid()
    amount = total((line.amount for line in typed.lines), settings.FUND_CURRENCY)
    tier = tier_on(programme.organisation_id, clock.today())
    try:
        planned = tranche_plans.plan_of(tier, programme.starts_on, programme.ends_on, amount)
    except Refusal as refusal:
        typed.add_error(None, refusal.message)
        return _form_page(request, typed, PartFormSet(request.POST, prefix=_TRANCHES), programme, proposal)
    # Not bound: what is still empty is no mistake yet.
    form = ProposalForm(initial=request.POST.dict())
    parts = PartFormSet(prefix=_TRANCHES, initial=[initial_part(part) for part in planned])
    figures = replace(_figures(typed, parts), planned=amount)
    return _form_page(request, form, parts, programme, proposal, planned=figures)


def _form_page(
    request: HttpRequest,
    form: ProposalForm,
    parts: BasePartFormSet,
    programme: Programme,
    proposal: Proposal | None,
    *,
    planned: Figures | None = None,
) -> HttpResponse:
    is_wrong = request.method == "POST" and planned is None
    tier = tier_on(programme.organisation_id, clock.today())
    months = tranche_plans.months_of(programme.starts_on, programme.ends_on)
    context = {
        "form": form,
        "parts": parts,
        "programme": programme,
        "proposal": proposal,
        "figures": planned or _figures(form, parts),
        "has_errors": is_wrong,
        "is_planned": planned is not None,
        "tier": tier,
        "checks": tranche_plans.checks_of(tier),
        "months": months,
    }
    return render(request, "disbursements/proposal_form.html", context, status=UNPROCESSABLE if is_wrong else None)


@audience(*WRITERS)
@require_POST
def check_figures(request: HttpRequest) -> HttpResponse:
    """Say what the budget that is being typed adds up to, and how high indirect cost may be. Nothing is kept."""
    form, parts = ProposalForm(request.POST), PartFormSet(request.POST, prefix=_TRANCHES)
    form.is_valid()
    parts.is_valid()
    return render(request, "disbursements/proposal_figures.html", {"figures": _figures(form, parts)})


def _figures(form: ProposalForm, parts: BasePartFormSet) -> Figures:
    currency = settings.FUND_CURRENCY
    lines = form.lines
    direct = total((line.amount for line in lines if line.category != Category.INDIRECT), currency)
    rows = [getattr(part, "cleaned_data", {}) for part in parts.forms] if parts.is_bound else []
    return Figures(
        direct=direct,
        indirect=total((line.amount for line in lines if line.category == Category.INDIRECT), currency),
        ceiling=budget.ceiling_of(direct),
        planned=total((row["amount"] for row in rows if row.get("amount")), currency),
    )


@audience(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def submit_proposal(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Show a draft to be read through once more, and hand it to the secretariat on POST."""
    person = person_of(request)
    proposal = get_object_or_404(visible_proposals(person), pk=proposal_id)
    insist(permissions.may_submit(person, proposal))
    if request.method == "POST":
        number = request.POST.get("number", "")
        try:
            operations.submit_proposal(
                proposal_id=proposal.pk,
                number=int(number) if number.isascii() and number.isdigit() else 0,
                actor=person,
                at=clock.now(),
            )
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("Submitted. The secretariat reviews it next."))
        return redirect("disbursements:proposal", proposal.pk)
    return render(request, "disbursements/proposal_check.html", {"proposal": proposal, "parts": parts_of(proposal)})
