"""What everybody may read of the committee: its motions and decisions, who sits, and by which rules."""

import csv

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from committee import operations, permissions, queries
from committee.forms import InterestForm
from trustfund.core import clock
from trustfund.core.audience import PUBLIC, SIGNED_IN, audience, person_of
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName

PER_PAGE = 50
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@require_GET
@audience(PUBLIC)
def motions(request: HttpRequest) -> HttpResponse:
    """List the decisions; what is still open only to people of the fund."""
    may_see_open = request.user.is_authenticated and bool(permissions.may_read_open_motions(person_of(request)))
    shows_open = may_see_open and request.GET.get("show", "open") == "open"
    found = queries.open_motions() if shows_open else queries.ended_motions()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "committee/motions.html",
        {
            "page": page,
            "shows_open": shows_open,
            "may_see_open": may_see_open,
            "is_committee": request.user.is_authenticated and bool(permissions.may_declare(person_of(request))),
            "now": clock.now(),
            "register_url": reverse("committee:register"),
        },
    )


@require_GET
@audience(PUBLIC)
def register(request: HttpRequest) -> HttpResponse:
    """Give the register of decisions as CSV: who was eligible, recused and present in numbers, never names."""
    del request
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="decisions.csv"'
    writer = csv.writer(response)
    writer.writerow(
        [
            _("Decision"),
            _("Motion"),
            _("Decided at (UTC)"),
            _("Title"),
            _("Currency"),
            _("Amount"),
            _("Outcome"),
            _("Seats"),
            _("Eligible"),
            _("Recused"),
            _("Present"),
            _("For"),
            _("Against"),
            _("Abstained"),
            _("Why"),
        ]
    )
    for motion in queries.decided_motions().iterator(chunk_size=500):
        tally = motion.decision.tally
        writer.writerow(
            _plain(cell)
            for cell in (
                motion.decision.reference,
                motion.reference,
                f"{motion.decision.decided_at:%Y-%m-%dT%H:%M:%SZ}",
                motion.title,
                motion.currency,
                motion.amount.amount,
                motion.decision.outcome,
                tally.seats,
                tally.eligible,
                tally.recused,
                tally.present,
                tally.approvals,
                tally.rejections,
                tally.abstentions,
                tally.why,
            )
        )
    return response


def _plain(cell: object) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    text = str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


@require_GET
@audience(SIGNED_IN)
def seats(request: HttpRequest) -> HttpResponse:
    """Show who sits on which bench, until when, and the rules of procedure in force."""
    return render(
        request,
        "committee/seats.html",
        {"sittings": queries.sittings(clock.now()), "history": list(queries.rules_history()[:PER_PAGE])},
    )


@require_http_methods(["GET", "POST"])
@audience(RoleName.COMMITTEE_MEMBER, RoleName.ALTERNATE, RoleName.CHAIR)
def interests(request: HttpRequest) -> HttpResponse:
    """Show what the member has declared, and let them declare another interest."""
    person = person_of(request)
    form = InterestForm(request.POST or None)
    if form.is_valid():
        try:
            operations.declare_interest(party=form.cleaned_data["party"], actor=person, at=clock.now())
        except Refusal as refusal:
            form.add_error("party", refusal.message)
        else:
            messages.success(request, _("Declared. You leave the table whenever this party would gain."))
            return redirect("committee:interests")
    return render(
        request,
        "committee/interests.html",
        {"form": form, "declared": queries.interests_of(person)},
        status=422 if form.is_bound else 200,
    )
