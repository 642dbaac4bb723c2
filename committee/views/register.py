"""What everybody may read of the committee: its motions and decisions, who sits, and by which rules."""

from collections.abc import Iterator
from dataclasses import asdict
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from committee import operations, permissions, queries
from committee.forms import InterestForm
from committee.matters import Kind
from committee.queries import Asked
from committee.rules import terms_of
from committee.states import Status
from trustfund.core import clock
from trustfund.core.audience import PUBLIC, SIGNED_IN, audience, person_of
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName
from trustfund.core.spreadsheets import Row, csv_file, xlsx_file

PER_PAGE = 50


@require_GET
@audience(PUBLIC)
def motions(request: HttpRequest) -> HttpResponse:
    """List the decisions, narrowed as asked; what is still open only to people of the fund."""
    may_see_open = request.user.is_authenticated and bool(permissions.may_read_open_motions(person_of(request)))
    asked = _asked(request)
    shows_open = may_see_open and not asked and request.GET.get("show", "open") == "open"
    found = queries.open_motions() if shows_open else queries.registered(asked)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    query = urlencode({name: value for name, value in asdict(asked).items() if value})
    return render(
        request,
        "committee/motions.html",
        {
            "page": page,
            "asked": asked,
            "kinds": [(kind.value, kind.label) for kind in Kind],
            "outcomes": [(status.value, status.label) for status in Status if status != Status.OPEN],
            "years": [] if shows_open else queries.years_of_decisions(),
            "shows_open": shows_open,
            "may_see_open": may_see_open,
            "is_committee": request.user.is_authenticated and bool(permissions.may_declare(person_of(request))),
            "now": clock.now(),
            "csv_url": f"{reverse('committee:register')}?{query}",
            "xlsx_url": f"{reverse('committee:register_xlsx')}?{query}",
        },
    )


def _asked(request: HttpRequest) -> Asked:
    said = request.GET
    return Asked(
        kind=said.get("kind", ""), outcome=said.get("outcome", ""), year=said.get("year", ""), words=said.get("q", "")
    )


@require_GET
@audience(PUBLIC)
def register(request: HttpRequest) -> HttpResponse:
    """Give the register of decisions as CSV: who was eligible, recused and present in numbers, never names."""
    return csv_file("decisions", _rows(_asked(request)))


@require_GET
@audience(PUBLIC)
def register_xlsx(request: HttpRequest) -> HttpResponse:
    """Give the register of decisions as a spreadsheet."""
    return xlsx_file("decisions", _rows(_asked(request)))


def _rows(asked: Asked) -> Iterator[Row]:
    yield (
        _("Decision"),
        _("Motion"),
        _("Kind"),
        _("Way"),
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
        _("Takes the place of"),
        _("Replaced by"),
    )
    found = queries.registered(asked).filter(decision__isnull=False).select_related("decision__supersedes")
    for motion in found.iterator(chunk_size=500):
        tally = motion.decision.tally
        later = getattr(motion.decision, "superseded_by", None)
        yield (
            motion.decision.reference,
            motion.reference,
            motion.asks.label,
            motion.decided_by.label,
            f"{motion.decision.decided_at:%Y-%m-%dT%H:%M:%SZ}",
            motion.title,
            motion.currency,
            motion.amount,
            motion.decision.outcome,
            tally.seats,
            tally.eligible,
            tally.recused,
            tally.present,
            tally.approvals,
            tally.rejections,
            tally.abstentions,
            tally.why,
            motion.decision.supersedes.reference if motion.decision.supersedes else "",
            later.reference if later else "",
        )


@require_GET
@audience(SIGNED_IN)
def seats(request: HttpRequest) -> HttpResponse:
    """Show who sits on which bench, until when, and the rules of procedure in force."""
    person = person_of(request)
    history = list(queries.rules_history()[:PER_PAGE])
    return render(
        request,
        "committee/seats.html",
        {
            "sittings": queries.sittings(clock.now()),
            "history": history,
            "terms": terms_of(history[0].rules) if history else (),
            "may_propose": permissions.may_propose(person, Kind.RULES),
            "may_rule": permissions.may_rule(person),
            "is_founding": not queries.has_decided(),
        },
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
