"""Pages that show proposals: the list, one proposal with its versions, and the list as a file."""

import csv
import io
from typing import Any, Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from committee import queries as committee_queries
from committee.matters import Kind
from committee.states import Status as MotionStatus
from disbursements import permissions
from disbursements.models import Proposal
from disbursements.permissions import programmes as work_permissions
from disbursements.permissions.treasury import may_record_delivery
from disbursements.queries import reviews as review_queries
from disbursements.queries import routes as route_queries
from disbursements.queries import suspensions as suspension_queries
from disbursements.queries.budgets import amended_budget
from disbursements.queries.fund import fund_effect
from disbursements.queries.partners import visible_proposals
from disbursements.queries.proposals import ProposalForDecision, parts_of, proposals_list, version_of
from disbursements.states import PROPOSAL_MOVES, ProposalStatus
from disbursements.views.programmes import PAGE, READERS
from ledger import queries as ledger_queries
from ledger.permissions import may_read
from trustfund.core import clock, events
from trustfund.core.audience import audience, person_of
from trustfund.core.charts import Chart, Share, share_bars
from trustfund.core.models import User
from trustfund.core.refusals import Missing
from trustfund.core.roles import RoleName
from trustfund.core.verdicts import YES, Verdict, no

_MOST_ROWS = 10_000
# A spreadsheet runs a cell that begins so as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

ENDED: Final = frozenset({ProposalStatus.WITHDRAWN, ProposalStatus.REJECTED})


@audience(*READERS)
@require_safe
def proposal_list(request: HttpRequest) -> HttpResponse:
    """Show the proposals that the person sees, narrowed by what is typed above the list."""
    person = person_of(request)
    asked = _asked(request)
    page = Paginator(proposals_list(person, **asked), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        **asked,
        "statuses": ProposalStatus.choices,
        "query": request.GET.urlencode(),
        "is_partner": person.holds(RoleName.PROGRAMME_PARTNER),
    }
    return render(request, "disbursements/proposals.html", context)


@audience(*READERS)
@require_safe
def proposals_csv(request: HttpRequest) -> HttpResponse:
    """Give the same list as a file, at most ten thousand rows."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(
        [
            _("Proposal"),
            _("Title"),
            _("Organisation"),
            _("Programme"),
            _("State"),
            _("Version"),
            _("Currency"),
            _("Amount"),
            _("Drafted"),
            _("Approved"),
        ]
    )
    for proposal in proposals_list(person_of(request), **_asked(request))[:_MOST_ROWS]:
        rows.writerow(
            [
                proposal.reference,
                _cell(proposal.title),
                _cell(proposal.programme.organisation.name),
                proposal.programme.reference,
                proposal.get_status_display(),
                proposal.current_number,
                proposal.currency,
                proposal.amount.amount,
                proposal.drafted_at.date().isoformat(),
                proposal.approved_at.date().isoformat() if proposal.approved_at else "",
            ]
        )
    response = HttpResponse("\N{BYTE ORDER MARK}" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="proposals.csv"'
    return response


@audience(*READERS)
@require_safe
def proposal_detail(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Show a proposal's current version, and what the person may do next with it."""
    return _page(request, proposal_id, None)


@audience(*READERS)
@require_safe
def proposal_version(request: HttpRequest, proposal_id: UUID, number: int) -> HttpResponse:
    """Show one version of a proposal as it was, with what it changed."""
    return _page(request, proposal_id, number)


def _page(request: HttpRequest, proposal_id: UUID, number: int | None) -> HttpResponse:
    person = person_of(request)
    proposal = get_object_or_404(visible_proposals(person), pk=proposal_id)
    try:
        parts = parts_of(proposal, number)
    except Missing as missing:
        raise Http404(missing.message) from None
    sees_votes = permissions.may_see_votes(person)
    tranches = [row.tranche.pk for row in parts.tranches if row.tranche]
    context = {
        "proposal": proposal,
        "parts": parts,
        "chart": _chart(parts),
        "effect": fund_effect(parts.amount) if _has_effect(person, proposal) else None,
        "motion_id": proposal.motion_id if sees_votes else None,
        "events": events.about(proposal.id, *tranches)[:PAGE],
        "entries": ledger_queries.entries_about(proposal.pk)[:PAGE] if may_read(person) else (),
        "may_meet_condition": permissions.may_meet_condition(person),
        "may_ask_committee": work_permissions.may_ask_committee(person),
        "may_carry_out": work_permissions.may_carry_out(person),
        "sees_votes": sees_votes,
        "amended_budget": amended_budget(proposal, parts.budget)
        if parts.is_current and proposal.status == ProposalStatus.APPROVED
        else None,
        "amendments": suspension_queries.amendments_of(proposal)[:PAGE],
        "released": committee_queries.decisions_on(tranches, Kind.RELEASE) if tranches else {},
        **_files(person, proposal, parts.number),
        "goods_awaited": route_queries.goods_awaited(proposal) if may_record_delivery(person) else (),
        **_next_steps(person, proposal),
    }
    return render(request, "disbursements/proposal.html", context)


def _files(person: User, proposal: Proposal, number: int) -> dict[str, Any]:
    """Return the score card and the compliance file of a version, and whether the person may add to them."""
    version = version_of(proposal, number)
    reviews = review_queries.reviews_of(version)
    scorable = proposal.status in {ProposalStatus.SUBMITTED, ProposalStatus.IN_REVIEW, ProposalStatus.LAPSED}
    is_scored = any(review.reviewer_id == person.pk for review in reviews)
    return {
        "card": review_queries.card_of(reviews),
        "reviews": reviews,
        "compliance": review_queries.compliance_of(proposal),
        "may_score": work_permissions.may_score(person, proposal, version, clock.now())
        if scorable and not is_scored
        else None,
        "may_file": work_permissions.may_file(person, proposal) if proposal.status not in ENDED else None,
    }


def _chart(parts: ProposalForDecision) -> Chart:
    return share_bars(
        title=_("This proposal by building block"), shares=[Share(row.label, row.amount) for row in parts.blocks]
    )


def _has_effect(person: User, proposal: Proposal) -> bool:
    is_waiting = proposal.status not in {ProposalStatus.APPROVED, ProposalStatus.REJECTED, ProposalStatus.WITHDRAWN}
    return is_waiting and not person.holds(RoleName.PROGRAMME_PARTNER)


def _next_steps(person: User, proposal: Proposal) -> dict[str, Verdict | bool | None]:
    """Return, for each step that the state allows, whether the person may take it; None hides the step."""
    now = ProposalStatus(proposal.status)

    def step(to: ProposalStatus, verdict: Verdict) -> Verdict | None:
        return verdict if to in PROPOSAL_MOVES[now] else None

    return {
        "may_amend": step(ProposalStatus.DRAFT, permissions.may_amend(person, proposal)),
        "may_submit": step(ProposalStatus.SUBMITTED, permissions.may_submit(person, proposal)),
        "may_review": permissions.may_review(person) if now == ProposalStatus.SUBMITTED else None,
        "may_table": step(ProposalStatus.TABLED, permissions.may_table(person)),
        "may_withdraw": step(ProposalStatus.WITHDRAWN, permissions.may_withdraw(person, proposal)),
        "may_record": permissions.may_record_outcome(person) if now == ProposalStatus.TABLED else None,
        "may_approve": step(ProposalStatus.APPROVED, approval_of(person, proposal)),
    }


def approval_of(person: User, proposal: Proposal) -> Verdict:
    """Return whether a person may approve a proposal now: theirs to approve, carried, and the fund can promise it."""
    verdict = permissions.may_approve(person, proposal)
    if not verdict:
        return verdict
    if proposal.status == ProposalStatus.APPROVED:
        return no(_("It is approved already. Its money is reserved."))
    motion = committee_queries.motion_about(proposal.id, proposal.current_number)
    if motion is None or motion.state != MotionStatus.CARRIED:
        return no(_("The committee has not carried this. Wait until voting has ended."))
    if not fund_effect(proposal.amount).fits:
        return no(_("Less than this is spendable. Wait for receipts, or table a smaller version."))
    return YES


def _asked(request: HttpRequest) -> dict[str, str]:
    return {
        "words": request.GET.get("q", ""),
        "status": request.GET.get("status", ""),
        "organisation": request.GET.get("organisation", ""),
        "year": request.GET.get("year", ""),
    }


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
