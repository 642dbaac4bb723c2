"""Pages on which the committee is asked to amend what it approved, and its answer is carried out."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from disbursements import operations
from disbursements.forms.programme_work import AmendmentForm
from disbursements.models import Amendment
from disbursements.permissions import programmes as permissions
from disbursements.queries.budgets import budget_of
from disbursements.queries.partners import visible_proposals
from disbursements.queries.suspensions import tranches_to_amend
from disbursements.views.asking import Ask, answer, do
from disbursements.views.programmes import insist, posted
from disbursements.views.shipments import DAYS_TO_VOTE
from trustfund.core import clock
from trustfund.core.audience import audience, person_of
from trustfund.core.roles import RoleName


@audience(RoleName.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_to_amend(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Ask what shall change of an approved proposal, and lay it before the committee on POST."""
    person = person_of(request)
    proposal = get_object_or_404(visible_proposals(person), pk=proposal_id)
    insist(permissions.may_ask_committee(person))
    tranches = tranches_to_amend(proposal)
    closes_on = clock.add_working_days(clock.today(), DAYS_TO_VOTE)
    initial = {**AmendmentForm.initial_of(proposal.programme, tranches, budget_of(proposal)), "closes_on": closes_on}
    form = AmendmentForm(posted(request), tranches=tranches, initial=initial)
    back = reverse("disbursements:proposal", args=[proposal.pk])
    ask = Ask(
        title=_("Ask the committee to amend it"),
        button=_("Lay it before the committee"),
        back=back,
        crumbs=((back, proposal.reference),),
        lead=_("The amount never changes: more money is asked for in a proposal of its own."),
        facts=((_("Approved"), str(proposal.amount)),),
    )

    def act() -> str:
        operations.ask_to_amend(
            proposal_id=proposal.pk,
            ends_on=form.cleaned_data["ends_on"],
            terms=form.terms,
            budget=form.budget,
            reason=form.cleaned_data["reason"],
            closes_at=form.closes_at,
            actor=person,
            at=clock.now(),
        )
        return back

    return answer(ask, request, form, act, _("It lies before the committee. Nothing changes before it decides."))


@audience(RoleName.SECRETARIAT, RoleName.CHAIR)
@require_POST
def carry_out_amendment(request: HttpRequest, amendment_id: UUID) -> HttpResponse:
    """Write down what the committee answered, and amend what it named."""
    amendment = get_object_or_404(Amendment, pk=amendment_id)
    return do(
        lambda: operations.carry_out_amendment(amendment_id=amendment.pk, actor=person_of(request), at=clock.now()),
        request,
        _("Done as the committee decided."),
        reverse("disbursements:proposal", args=[amendment.proposal_id]),
    )
