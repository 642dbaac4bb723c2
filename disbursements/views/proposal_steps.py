"""Doors for the steps of a proposal after it was handed in, of its tranches, and of the continuity reserve."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from committee import queries as committee_queries
from committee.forms import way_hints
from committee.matters import Kind
from committee.rules import Way
from disbursements import operations, permissions
from disbursements.forms.payments import SignForm
from disbursements.forms.proposals import EvidenceForm, ReasonForm, TableForm
from disbursements.models import Tranche
from disbursements.queries import approvals
from disbursements.queries.fund import fund_effect
from disbursements.queries.partners import visible_proposals
from disbursements.queries.proposals import parts_of
from disbursements.views.drafts import WRITERS
from disbursements.views.programmes import UNPROCESSABLE, insist, posted
from disbursements.views.proposals import approval_of
from trustfund.core import clock, step_up
from trustfund.core.audience import audience, person_of
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName

_DAYS_TO_VOTE = 10


def _act(
    request: HttpRequest, proposal_id: UUID, said: str, operation: Callable[..., Any], **given: Any
) -> HttpResponse:
    get_object_or_404(visible_proposals(person_of(request)), pk=proposal_id)
    try:
        operation(proposal_id=proposal_id, actor=person_of(request), at=clock.now(), **given)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, said)
    return redirect("disbursements:proposal", proposal_id)


@audience(RoleName.SECRETARIAT)
@require_POST
def begin_review(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Take a submitted proposal into review."""
    return _act(request, proposal_id, _("It is in review now."), operations.begin_review)


@audience(RoleName.SECRETARIAT, RoleName.CHAIR)
@require_POST
def record_outcome(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Write down the committee's answer."""
    return _act(request, proposal_id, _("The committee's answer is in the record."), operations.record_outcome)


@audience(RoleName.CHAIR)
@require_http_methods(["GET", "HEAD", "POST"])
def approve_proposal(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Show what is approved, and approve it on POST with a fresh second factor."""
    person = person_of(request)
    proposal = get_object_or_404(visible_proposals(person), pk=proposal_id)
    insist(permissions.may_approve(person, proposal))
    form = SignForm(posted(request))
    if form.is_valid():
        try:
            operations.approve_proposal(
                proposal_id=proposal.pk,
                proof=form.proof,
                nonce=form.cleaned_data["nonce"],
                actor=person,
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Approved. The money is reserved and ready to pay."))
            return redirect("disbursements:proposal", proposal.pk)
    parts, print_ = parts_of(proposal), approvals.fingerprint_of(proposal, form.number)
    context = {
        "proposal": proposal,
        "parts": parts,
        "facts": approvals.signed_facts(proposal, form.number),
        "motion": approvals.motion_on(proposal),
        "effect": fund_effect(parts.amount),
        "form": form,
        "print": print_,
        "passkey_options": step_up.passkey_options(person, print_),
        "verdict": approval_of(person, proposal),
    }
    status = UNPROCESSABLE if form.errors else None
    return render(request, "disbursements/proposal_approve.html", context, status=status)


@audience(RoleName.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def table_proposal(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Ask how and until when the committee decides, and lay the proposal before it on POST."""
    person, at = person_of(request), clock.now()
    proposal = get_object_or_404(visible_proposals(person), pk=proposal_id)
    insist(permissions.may_table(person))
    initial = {
        "way": Way.CORRESPONDENCE.value,
        "closes_on": clock.add_working_days(at.date(), _DAYS_TO_VOTE),
        "closes_at": "16:00",
        "number": proposal.current_number,
    }
    rules = committee_queries.rules_in_force()
    form = TableForm(
        posted(request),
        initial=initial,
        kind=Kind.PROPOSAL,
        under=rules.rules if rules else None,
        meetings=committee_queries.meetings_to_come(at),
    )
    if form.is_valid():
        try:
            motion = operations.table_proposal(
                proposal_id=proposal.pk,
                number=form.cleaned_data["number"],
                closes_at=form.hearing.closes_at,
                way=form.hearing.way,
                meeting_id=form.hearing.meeting_id,
                actor=person,
                at=at,
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request, _("Tabled as %(reference)s. The members are told.") % {"reference": motion.reference}
            )
            return redirect("disbursements:proposal", proposal.pk)
    parts = parts_of(proposal)
    context = {
        "proposal": proposal,
        "parts": parts,
        "form": form,
        "way_hints": way_hints(),
        "effect": fund_effect(parts.amount),
    }
    status = UNPROCESSABLE if form.errors else None
    return render(request, "disbursements/proposal_table.html", context, status=status)


@audience(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_proposal(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Ask why, and withdraw the proposal on POST."""
    person = person_of(request)
    proposal = get_object_or_404(visible_proposals(person), pk=proposal_id)
    insist(permissions.may_withdraw(person, proposal))
    form = ReasonForm(posted(request))
    if form.is_valid():
        try:
            operations.withdraw_proposal(
                proposal_id=proposal.pk, reason=form.cleaned_data["reason"], actor=person, at=clock.now()
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Withdrawn. The reason is in the record."))
            return redirect("disbursements:proposal", proposal.pk)
    status = UNPROCESSABLE if form.errors else None
    return render(request, "disbursements/proposal_withdraw.html", {"proposal": proposal, "form": form}, status=status)


@audience(RoleName.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def mark_condition_met(request: HttpRequest, tranche_id: UUID) -> HttpResponse:
    """Ask for the evidence, and vouch that a tranche's condition is met on POST."""
    person = person_of(request)
    tranche = get_object_or_404(Tranche.objects.select_related("proposal__programme__organisation"), pk=tranche_id)
    insist(permissions.may_meet_condition(person))
    form = EvidenceForm(posted(request))
    if form.is_valid():
        try:
            operations.mark_condition_met(
                tranche_id=tranche.pk, evidence=form.cleaned_data["evidence"], actor=person, at=clock.now()
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request,
                _("The condition of %(reference)s is met. It is paid from %(day)s on.")
                % {"reference": tranche.reference, "day": date_format(tranche.expected_on, "j F Y")},
            )
            return redirect("disbursements:proposal", tranche.proposal_id)
    status = UNPROCESSABLE if form.errors else None
    return render(request, "disbursements/proposal_condition.html", {"tranche": tranche, "form": form}, status=status)
