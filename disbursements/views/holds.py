"""Pages of the register of holds: the list, placing one, and one with its lift."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from committee import queries as committee_queries
from committee.matters import Kind
from disbursements.forms.treasury import HoldForm, LiftForm
from disbursements.holds import HoldReason
from disbursements.models import Hold
from disbursements.operations import holds as operations
from disbursements.permissions import treasury as permissions
from disbursements.queries import holds as queries
from disbursements.views.payments import OFFICERS, PAGE
from disbursements.views.programmes import UNPROCESSABLE, insist, posted
from trustfund.core import clock, events, step_up
from trustfund.core.audience import audience, person_of
from trustfund.core.refusals import Missing, Refusal
from trustfund.core.roles import RoleName
from trustfund.core.spreadsheets import csv_file

_READERS = (*OFFICERS, RoleName.AUDITOR)


@audience(*_READERS)
@require_safe
def hold_list(request: HttpRequest) -> HttpResponse:
    """Show the register, those that stand first on demand."""
    standing = request.GET.get("show") == "standing"
    page = Paginator(queries.holds(standing=standing), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "standing": standing,
        "may_place": permissions.may_place_hold(person_of(request)),
    }
    return render(request, "disbursements/holds.html", context)


@audience(*_READERS)
@require_safe
def holds_csv(request: HttpRequest) -> HttpResponse:
    """Send the register as CSV."""
    del request
    head = ["reference", "on", "reason", "why", "evidence", "placed_by", "placed_at", "lifted_by", "lifted_at", "found"]
    return csv_file("holds", [head, *(_row(hold) for hold in queries.holds())])


@audience(*_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_hold(request: HttpRequest) -> HttpResponse:
    """Ask what is put on hold and why, and place the hold on POST."""
    insist(permissions.may_place_hold(person_of(request)))
    form = HoldForm(
        posted(request),
        initial={"organisation": request.GET.get("organisation"), "programme": request.GET.get("programme")},
    )
    if form.is_valid():
        said = form.cleaned_data
        try:
            hold = operations.place_hold(
                organisation_id=said["organisation"].pk if said["organisation"] else None,
                programme_id=said["programme"].pk if said["programme"] else None,
                reason=HoldReason(said["reason"]),
                why=said["why"],
                evidence=said["evidence"],
                actor=person_of(request),
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("%s stands. Nothing is paid until another officer lifts it.") % hold.reference)
            return redirect("disbursements:hold", hold.pk)
    context = {
        "form": form,
        "title": _("Place a hold"),
        "intro": _("A hold stops payments at once. It takes one person to place it, and another to lift it."),
        "verb": _("Place the hold"),
        "back": "disbursements:holds",
    }
    return render(request, "disbursements/plain_form.html", context, status=UNPROCESSABLE if form.errors else None)


@audience(*_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def hold_detail(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    """Show one hold; an officer who did not place it lifts it on POST with a fresh second factor."""
    person, hold = person_of(request), _load(hold_id)
    verdict = permissions.may_lift_hold(person, hold)
    if request.method == "POST":
        insist(verdict)
    form = LiftForm(posted(request))
    if form.is_valid():
        try:
            operations.lift_hold(
                hold_id=hold.pk,
                reason=form.cleaned_data["reason"],
                proof=form.proof,
                nonce=form.cleaned_data["nonce"],
                actor=person,
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Lifted. Payments go on where every other gate is clear."))
            return redirect("disbursements:hold", hold.pk)
    print_ = queries.fingerprint_of(hold, form.number)
    context = {
        "hold": hold,
        "form": form,
        "print": print_,
        "passkey_options": step_up.passkey_options(person, print_),
        "verdict": verdict,
        "asked": committee_queries.last_motion_on(hold.pk, Kind.LIFT),
        "may_ask": permissions.may_ask_committee(person),
        "events": events.about(hold.pk),
    }
    return render(request, "disbursements/hold.html", context, status=UNPROCESSABLE if form.errors else None)


def _load(hold_id: UUID) -> Hold:
    try:
        return queries.hold_of(hold_id)
    except Missing as refusal:
        raise Http404(refusal.message) from refusal


def _row(hold: Hold) -> list[str]:
    lift = getattr(hold, "lift", None)
    return [
        hold.reference,
        hold.about,
        hold.get_reason_display(),
        hold.why,
        hold.evidence,
        hold.placed_by.name,
        hold.placed_at.isoformat(timespec="seconds"),
        lift.lifted_by.name if lift else "",
        lift.lifted_at.isoformat(timespec="seconds") if lift else "",
        lift.reason if lift else "",
    ]
