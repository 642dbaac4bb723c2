"""Pages of the continuity reserve: its floor, what it holds, raising it, and asking the committee to use it."""

from datetime import time
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from committee import queries as committee_queries
from disbursements import operations, permissions
from disbursements.forms.payments import SignForm
from disbursements.forms.proposals import ReserveForm
from disbursements.forms.treasury import AskReserveForm
from disbursements.permissions import treasury as treasury_permissions
from disbursements.postings import CONTINUITY_RESERVE
from disbursements.queries import reserve as queries
from disbursements.queries.fund import fund_effect
from disbursements.views.payments import OFFICERS
from disbursements.views.programmes import PAGE, UNPROCESSABLE, insist, posted
from trustfund.core import clock, events, step_up
from trustfund.core.audience import audience, person_of
from trustfund.core.charts import reserve_bar
from trustfund.core.money import Money
from trustfund.core.refusals import Missing, Refusal
from trustfund.core.roles import RoleName

_USES = 20
_DAYS_TO_VOTE = 5
_NOON = time(12)
_READERS = (*OFFICERS, RoleName.AUDITOR)


@audience(*_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def continuity_reserve(request: HttpRequest) -> HttpResponse:
    """Show the floor and what the pool holds and has set aside, and raise the continuity reserve on POST."""
    person = person_of(request)
    may_set_aside = permissions.may_set_aside(person)
    form = ReserveForm(posted(request))
    if request.method == "POST":
        insist(may_set_aside)
    if form.is_valid():
        try:
            operations.set_aside_continuity_reserve(actor=person, at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The continuity reserve is raised. What it took is no longer spendable."))
            return redirect("disbursements:reserve")
    effect, floor = fund_effect(Money.zero("USD")), queries.floor(clock.today())
    context = {
        "effect": effect,
        "floor": floor,
        "chart": reserve_bar(
            title=_("What the reserve holds, and its floor"),
            available=floor.held,
            floor=floor.floor,
            capacity=max(floor.held, floor.floor),
        )
        if floor.floor or floor.held
        else None,
        "form": form,
        "may_set_aside": may_set_aside,
        "may_ask": treasury_permissions.may_ask_committee(person),
        "uses": queries.uses()[:_USES],
        "events": events.about(CONTINUITY_RESERVE)[:PAGE],
    }
    return render(
        request, "disbursements/programme_reserve.html", context, status=UNPROCESSABLE if form.errors else None
    )


@audience(RoleName.TREASURY_OFFICER)
@require_POST
def raise_to_floor(request: HttpRequest) -> HttpResponse:
    """Raise the reserve to its floor, or as near as spendable allows."""
    insist(permissions.may_set_aside(person_of(request)))
    try:
        operations.raise_reserve_to_floor(actor=person_of(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The continuity reserve is raised. What it took is no longer spendable."))
    return redirect("disbursements:reserve")


@audience(RoleName.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_to_use(request: HttpRequest) -> HttpResponse:
    """Ask how much of the reserve is needed and why, and lay it before the committee on POST."""
    insist(treasury_permissions.may_ask_committee(person_of(request)))
    form = AskReserveForm(
        posted(request),
        initial={"closes_on": clock.add_working_days(clock.today(), _DAYS_TO_VOTE), "closes_time": _NOON},
    )
    if form.is_valid():
        said = form.cleaned_data
        try:
            use, _motion = operations.ask_to_use_reserve(
                amount=said["amount"],
                reason=said["reason"],
                refill=said["refill"],
                closes_at=form.closes_at,
                actor=person_of(request),
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("%s is before the committee. Nothing moves before it is carried.") % use)
            return redirect("disbursements:reserve_use", use.pk)
    context = {
        "form": form,
        "title": _("Ask to use the continuity reserve"),
        "intro": _("The committee decides. What it carries, a treasury officer carries out."),
        "verb": _("Lay it before the committee"),
        "back": "disbursements:reserve",
    }
    return render(request, "disbursements/plain_form.html", context, status=UNPROCESSABLE if form.errors else None)


@audience(*_READERS, RoleName.COMMITTEE_MEMBER, RoleName.ALTERNATE, RoleName.CHAIR)
@require_http_methods(["GET", "HEAD", "POST"])
def reserve_use(request: HttpRequest, use_id: UUID) -> HttpResponse:
    """Show a request and the committee's answer; a treasury officer carries it out on POST with a second factor."""
    person = person_of(request)
    verdict = treasury_permissions.may_carry_out(person)
    if request.method == "POST":
        insist(verdict)
    try:
        use = queries.use_of(use_id)
    except Missing as refusal:
        raise Http404(refusal.message) from refusal
    form = SignForm(posted(request))
    if form.is_valid():
        try:
            operations.use_reserve(
                use_id=use.pk, proof=form.proof, nonce=form.cleaned_data["nonce"], actor=person, at=clock.now()
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The amount has left the reserve and is spendable again."))
            return redirect("disbursements:reserve_use", use.pk)
    print_ = queries.fingerprint_of(use, form.number)
    context = {
        "use": use,
        "motion": committee_queries.motion_about(use.pk, 1),
        "form": form,
        "print": print_,
        "passkey_options": step_up.passkey_options(person, print_),
        "verdict": verdict,
        "events": events.about(use.pk),
    }
    return render(request, "disbursements/reserve_use.html", context, status=UNPROCESSABLE if form.errors else None)
