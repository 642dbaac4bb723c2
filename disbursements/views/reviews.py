"""Pages on which a proposal is scored, and the papers of its compliance file are filed."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from disbursements import operations
from disbursements.forms.programme_work import ComplianceForm, ScoreForm
from disbursements.models import CompliancePaper, Proposal
from disbursements.permissions import programmes as permissions
from disbursements.queries.partners import visible_proposals
from disbursements.queries.proposals import version_of
from disbursements.views.asking import Ask, answer
from disbursements.views.drafts import WRITERS
from disbursements.views.exemptions import hand_out
from disbursements.views.programmes import READERS, insist, posted
from trustfund.core import clock
from trustfund.core.audience import audience, person_of
from trustfund.core.roles import RoleName


def _proposal(request: HttpRequest, proposal_id: UUID) -> Proposal:
    return get_object_or_404(visible_proposals(person_of(request)), pk=proposal_id)


def _ask_about(proposal: Proposal, title: str, button: str) -> Ask:
    back = reverse("disbursements:proposal", args=[proposal.pk])
    return Ask(title=title, button=button, back=back, crumbs=((back, proposal.reference),), lead=proposal.title)


@audience(RoleName.SECRETARIAT, RoleName.CERTIFYING_OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def score_proposal(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Ask for a reviewer's points, and keep them on POST."""
    person, at = person_of(request), clock.now()
    proposal = _proposal(request, proposal_id)
    insist(permissions.may_score(person, proposal, version_of(proposal), at))
    form = ScoreForm(posted(request), initial={"number": proposal.current_number})
    ask = _ask_about(proposal, _("Score the proposal"), _("Keep the score"))

    def act() -> str:
        operations.score_proposal(
            proposal_id=proposal.pk,
            number=form.cleaned_data["number"],
            points=form.points,
            comment=form.cleaned_data["comment"],
            actor=person,
            at=at,
        )
        return ask.back

    return answer(ask, request, form, act, _("Kept. The card goes with the motion."))


@audience(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def file_compliance(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Ask for a paper of the compliance file, or why there is none, and keep it on POST."""
    person = person_of(request)
    proposal = _proposal(request, proposal_id)
    insist(permissions.may_file(person, proposal))
    form = ComplianceForm(posted(request), request.FILES or None, initial={"kind": request.GET.get("kind", "")})
    ask = _ask_about(proposal, _("File a compliance paper"), _("File it"))

    def act() -> str:
        said = form.cleaned_data
        operations.file_compliance(
            proposal_id=proposal.pk,
            kind=CompliancePaper.Kind(said["kind"]),
            title=said["title"],
            paper=said["paper"],
            reason=said["reason"],
            actor=person,
            at=clock.now(),
        )
        return ask.back

    return answer(ask, request, form, act, _("Filed under its SHA-256."))


@audience(*READERS)
@require_safe
def compliance_paper(request: HttpRequest, paper_id: UUID) -> HttpResponse:
    """Hand out a paper of a compliance file, exactly as it was uploaded."""
    found = get_object_or_404(
        CompliancePaper.objects.select_related("document").exclude(document=None),
        pk=paper_id,
        proposal__in=visible_proposals(person_of(request)),
    )
    return hand_out(found.document)
