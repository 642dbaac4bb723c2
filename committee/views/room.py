"""The way of a vote: check, confirm, receipt; leaving the table; closing; how the vote stands."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committee import operations, permissions, queries
from committee.forms import DecisionForm, DisclosureForm, ProofForm, RecusalForm
from committee.models import Motion
from committee.queries import Room
from committee.rules import decision_facts
from committee.views.standings import consequence, standing_of
from trustfund.core import clock, step_up
from trustfund.core.audience import SIGNED_IN, audience, person_of
from trustfund.core.refusals import Refusal, SecondFactorFailed
from trustfund.core.roles import RoleName

COMMITTEE = (RoleName.COMMITTEE_MEMBER, RoleName.ALTERNATE, RoleName.CHAIR)


def _room(motion_id: UUID, at: datetime) -> Room:
    motion = queries.motion_of(motion_id)
    if motion is None:
        raise Http404
    return queries.room_of(motion, at)


@require_POST
@audience(*COMMITTEE)
def confirm(request: HttpRequest, motion_id: UUID) -> HttpResponse:
    """Show in words what the member is about to decide, and ask for a second factor. Nothing is stored yet."""
    at, person = clock.now(), person_of(request)
    room = _room(motion_id, at)
    form = DecisionForm(request.POST, is_silent=room.motion.is_silent)
    verdict = permissions.may_vote(person, room, at)
    if not verdict:
        messages.error(request, verdict.reason)
        return redirect("pages:decision", motion_id)
    if not form.is_valid():
        messages.error(request, _("Something is missing in your decision. Fill it in, then review it again."))
        return redirect("pages:decision", motion_id)
    return _confirm_page(request, room, form, at)


def _confirm_page(
    request: HttpRequest, room: Room, form: DecisionForm, at: datetime, *, problem: str = "", status: int = 200
) -> HttpResponse:
    person = person_of(request)
    fingerprint = _fingerprint(room.motion, form)
    return render(
        request,
        "committee/confirm.html",
        {
            "motion": room.motion,
            "room": room,
            "form": form,
            "choice": form.decides,
            "unsatisfied": [row for row in form.principle_rows if form.principles[row["principle"]]],
            "consequence": consequence(room, person, form.decides, at),
            "fingerprint": fingerprint,
            "passkey_options": step_up.passkey_options(person, fingerprint),
            "problem": problem,
            "is_change": room.ballot_of(person) is not None,
        },
        status=status,
    )


def _fingerprint(motion: Motion, form: DecisionForm) -> str:
    return step_up.fingerprint(
        decision_facts(
            reference=motion.reference,
            version=form.cleaned_data["version"],
            motion_fingerprint=motion.fingerprint,
            choice=form.decides,
            reason=form.cleaned_data["reason"],
            principles=form.principles,
            has_no_undisclosed_interest=form.declares,
            nonce=form.cleaned_data["nonce"],
        )
    )


@require_POST
@audience(*COMMITTEE)
def cast(request: HttpRequest, motion_id: UUID) -> HttpResponse:
    """Cast or change the vote that the page before showed, under the second factor given there."""
    at, person = clock.now(), person_of(request)
    room = _room(motion_id, at)
    form = DecisionForm(request.POST, is_silent=room.motion.is_silent)
    if not form.is_valid() or form.is_recusal:
        messages.error(request, _("Something is missing in your decision. Fill it in, then review it again."))
        return redirect("pages:decision", motion_id)
    operation = operations.change_ballot if room.ballot_of(person) else operations.cast_ballot
    try:
        ballot = operation(
            motion_id=motion_id,
            version=form.cleaned_data["version"],
            choice=form.decides,
            reason=form.cleaned_data["reason"],
            principles=form.principles,
            has_no_undisclosed_interest=form.declares,
            proof=ProofForm(request.POST).proof,
            nonce=form.cleaned_data["nonce"],
            actor=person,
            at=at,
        )
    except SecondFactorFailed as refusal:
        return _confirm_page(request, room, form, at, problem=refusal.message, status=422)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("pages:decision", motion_id)
    return redirect("committee:receipt", ballot.id)


@require_GET
@audience(*COMMITTEE)
def receipt(request: HttpRequest, ballot_id: UUID) -> HttpResponse:
    """Show the member that their decision is recorded, and until when they may change it."""
    ballot = queries.ballot_of(ballot_id)
    if ballot is None or not permissions.may_read_ballot(person_of(request), ballot):
        raise Http404
    return render(request, "committee/receipt.html", {"ballot": ballot, "motion": ballot.motion, "now": clock.now()})


@require_http_methods(["GET", "POST"])
@audience(*COMMITTEE)
def recuse(request: HttpRequest, motion_id: UUID) -> HttpResponse:
    """Ask why a member leaves the table, show what that does to the quorum, and let them leave when they are sure."""
    at, person = clock.now(), person_of(request)
    room = _room(motion_id, at)
    verdict = permissions.may_recuse(person, room, at)
    if not verdict:
        messages.error(request, verdict.reason)
        return redirect("pages:decision", motion_id)
    form = RecusalForm(request.POST or None)
    is_valid = form.is_valid()
    if is_valid and "sure" in request.POST:
        return _leave(request, motion_id, form, at)
    return render(
        request,
        "committee/recuse.html",
        {
            "motion": room.motion,
            "form": form,
            "is_checked": is_valid,
            "before": room.tally,
            "after": room.tally_without(person),
            "sitting": room.sitting_of(person),
        },
        status=422 if form.is_bound and not is_valid else 200,
    )


def _leave(request: HttpRequest, motion_id: UUID, form: RecusalForm, at: datetime) -> HttpResponse:
    try:
        operations.recuse(motion_id=motion_id, reason=form.cleaned_data["reason"], actor=person_of(request), at=at)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("You have left the table for this motion. The record says so, with your reason."))
    return redirect("pages:decision", motion_id)


@require_http_methods(["GET", "POST"])
@audience(*COMMITTEE)
def disclose(request: HttpRequest, motion_id: UUID) -> HttpResponse:
    """Ask what others should know of a member's position, and keep it; the member stays at the table."""
    at, person = clock.now(), person_of(request)
    room = _room(motion_id, at)
    verdict = permissions.may_recuse(person, room, at)
    if not verdict:
        messages.error(request, verdict.reason)
        return redirect("pages:decision", motion_id)
    form = DisclosureForm(request.POST or None)
    if form.is_valid():
        try:
            operations.disclose(motion_id=motion_id, words=form.cleaned_data["words"], actor=person, at=at)
        except Refusal as refusal:
            form.add_error("words", refusal.message)
        else:
            messages.success(request, _("Kept in the record. You stay at the table."))
            return redirect("pages:decision", motion_id)
    return render(
        request,
        "committee/disclose.html",
        {"motion": room.motion, "form": form},
        status=422 if form.is_bound else 200,
    )


@require_POST
@audience(*COMMITTEE)
def keep_reason(request: HttpRequest, motion_id: UUID) -> HttpResponse:
    """Keep what the member has typed as their reason: a fragment says when, without a script the page comes again."""
    at = clock.now()
    try:
        kept = operations.keep_reason(
            motion_id=motion_id, words=request.POST.get("reason", ""), actor=person_of(request), at=at
        )
        said = _("Draft kept %(time)s UTC") % {"time": f"{at:%H:%M}"} if kept else ""
    except Refusal as refusal:
        said = refusal.message
    if getattr(request, "htmx", False):
        return render(request, "committee/_kept.html", {"said": said})
    if said:
        messages.info(request, said)
    return redirect("pages:decision", motion_id)


@require_POST
@audience(RoleName.CHAIR)
def close(request: HttpRequest, motion_id: UUID) -> HttpResponse:
    """Close the vote and count it."""
    try:
        decision = operations.close_motion(motion_id=motion_id, actor=person_of(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Closed. %(why)s") % {"why": decision.tally.why})
    return redirect("pages:decision", motion_id)


@require_GET
@audience(SIGNED_IN)
def standing(request: HttpRequest, motion_id: UUID) -> HttpResponse:
    """Show how the vote stands: a fragment that the decision page renews, or a page of its own."""
    at, person = clock.now(), person_of(request)
    if not permissions.may_read_open_motions(person):
        raise Http404
    room = _room(motion_id, at)
    # A fragment for htmx, which asks for it by itself; a whole page for a person who follows the address.
    is_fragment = bool(getattr(request, "htmx", False))
    return render(
        request,
        "committee/_standing.html" if is_fragment else "committee/standing.html",
        {"motion": room.motion, "standing": standing_of(room, person, at)},
    )
