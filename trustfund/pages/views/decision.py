"""The decision page: everything a member needs to decide, and the form to decide with."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from committee import permissions as committee_permissions
from committee import queries as committee_queries
from committee.forms import DecisionForm
from committee.models import Motion
from committee.queries import Room
from committee.rules import Outcome, Principle
from committee.states import MeetingStatus
from committee.views import standing_of
from disbursements import permissions as disbursement_permissions
from disbursements.models import Proposal
from trustfund.core import clock
from trustfund.core.audience import PUBLIC, audience, person_of
from trustfund.core.models import User
from trustfund.core.roles import RoleName
from trustfund.pages.queries import decision as parts
from trustfund.pages.queries.subjects import address_of


@require_http_methods(["GET", "POST"])
@audience(PUBLIC)
def decision(request: HttpRequest, motion_id: UUID) -> HttpResponseBase:
    """
    Show a decision; a posted one is checked and handed on, unchanged, to the page that confirms it.

    What is still being voted on is shown to people of the fund; what is decided, to everybody, without reasons.
    """
    at = clock.now()
    reader = person_of(request) if request.user.is_authenticated else None
    motion = committee_queries.motion_of(motion_id)
    if motion is None:
        raise Http404
    if motion.is_open and (reader is None or not committee_permissions.may_read_open_motions(reader)):
        if reader is None:
            return redirect_to_login(request.get_full_path())
        raise Http404
    room = parts.room_of(motion, at)
    form = None
    if request.method == "POST":
        form = DecisionForm(request.POST, is_silent=motion.is_silent)
        if form.is_valid():
            return _hand_on(motion, form)
    return render(request, "pages/decision.html", _context(room, reader, form, at), status=422 if form else 200)


def _hand_on(motion: Motion, form: DecisionForm) -> HttpResponse:
    """Send the browser on with the same form: 307 keeps the method and what was typed."""
    name = "committee:recuse" if form.is_recusal else "committee:confirm"
    return redirect(name, motion.id, preserve_request=True)


def _context(room: Room, reader: User | None, form: DecisionForm | None, at: datetime) -> dict[str, Any]:
    motion = room.motion
    proposal = parts.proposal_of(motion)
    effect = parts.effect_of(motion, at.date())
    may_vote = committee_permissions.may_vote(reader, room, at) if reader else None
    mine = room.ballot_of(reader) if reader else None
    kept = parts.kept_reason_of(motion, reader)
    if form is None and may_vote:
        form = _fresh_form(room, reader, kept.words if kept else "")
    return {
        "motion": motion,
        "proposal": proposal,
        "card": parts.card_of(proposal),
        "effect": effect,
        "checks": parts.checks_of(proposal, effect, room) if proposal else (),
        "findings": _findings(parts.findings_of(proposal), form),
        "voices": parts.voices_of(room, reader),
        "may_read_ballots": committee_permissions.may_read_ballots(reader, room) if reader else None,
        "record": parts.record_of(motion, proposal, reader),
        "standing": standing_of(room, reader, at),
        "sits": bool(reader and committee_permissions.may_sit(reader, room)),
        "is_committee": bool(reader and reader.holds(*_COMMITTEE)),
        "may_vote": may_vote,
        "form": form if may_vote else None,
        "mine": mine,
        "choice_hints": _choice_hints(motion),
        "kept": kept,
        "void": parts.void_ballot_of(motion, reader),
        "dissent": parts.dissent_of(room),
        "close": committee_permissions.may_close(reader, room, at) if _may_close_here(reader, motion) else None,
        "open_vote": _is_chair(reader) and motion.is_open and not motion.takes_votes and _is_held(motion),
        "reader_sees_meetings": bool(reader and committee_permissions.may_read_open_motions(reader)),
        **_in_force(room, reader),
        "approve": _may_approve(reader, motion),
        "decision": room.decision,
        "subject_url": address_of(motion.subject, reader) if reader and proposal is None else None,
        "now": at,
        "has_errors": bool(form and form.errors),
    }


_COMMITTEE = (RoleName.COMMITTEE_MEMBER, RoleName.ALTERNATE, RoleName.CHAIR)


def _is_chair(reader: User | None) -> bool:
    return reader is not None and reader.holds(RoleName.CHAIR)


def _may_close_here(reader: User | None, motion: Motion) -> bool:
    return _is_chair(reader) and motion.is_open and motion.takes_votes and not motion.is_silent


def _is_held(motion: Motion) -> bool:
    return motion.meeting is not None and motion.meeting.state == MeetingStatus.OPEN


def _in_force(room: Room, reader: User | None) -> dict[str, Any]:
    """Return whether a decision of the committee about itself is in force, and whether the reader may see to it."""
    decision = room.decision
    if decision is None or decision.outcome != Outcome.CARRIED or room.motion.asks not in committee_queries.OWN_KINDS:
        return {"enactment": None, "to_enact": False, "may_enact": False}
    enactment = committee_queries.enactment_of(decision)
    may_enact = reader is not None and bool(committee_permissions.may_enact(reader))
    return {"enactment": enactment, "to_enact": enactment is None, "may_enact": may_enact}


def _fresh_form(room: Room, reader: User | None, kept: str) -> DecisionForm:
    """Return the form with nothing chosen; who changes a vote finds their ticks on the principles, not their choice."""
    mine = room.ballot_of(reader) if reader else None
    initial: dict[str, Any] = {"version": room.motion.version, "nonce": uuid4().hex}
    if mine is not None:
        initial["reason"] = mine.reason
        for principle in Principle:
            why = mine.principles.get(str(principle), "")
            initial[f"satisfied_{principle}"] = not why
            initial[f"why_{principle}"] = why
    if kept:
        initial["reason"] = kept
    return DecisionForm(initial=initial, is_silent=room.motion.is_silent)


def _choice_hints(motion: Motion) -> dict[str, str]:
    """Return what each choice means. All weigh the same, and none is chosen beforehand."""
    if motion.is_silent:
        return {
            "reject": _("A meeting decides, with your reason before it"),
            "approve": _("As if you had said nothing, but on the record"),
            "recuse": _("You leave the table, and who may object is recounted"),
        }
    return {
        "approve": _("All tranches as conditioned"),
        "reject": _("Back to the secretariat with your reason"),
        "abstain": _("You count toward the quorum, on neither side"),
        "recuse": _("You leave the table, and the quorum is recounted"),
    }


def _findings(findings: tuple[parts.Finding, ...], form: DecisionForm | None) -> list[dict[str, Any]]:
    rows = {row["principle"]: row for row in form.principle_rows} if form else {}
    return [{"finding": finding, "row": rows.get(finding.principle)} for finding in findings]


def _may_approve(reader: User | None, motion: Motion) -> Any:
    """Return whether the chair may approve now; nothing when there is nothing to approve, or it is not the chair's."""
    if reader is None or motion.status != "carried" or not reader.holds(RoleName.CHAIR):
        return None
    proposal = Proposal.objects.filter(pk=motion.subject, motion_id=motion.id, status__in=["tabled", "carried"]).first()
    return disbursement_permissions.may_approve(reader, proposal) if proposal else None
