"""Pages of routes: the list with its refusal log, one route, and the route of a tranche."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from disbursements.forms.treasury import ChooseRouteForm, DeliveryForm, MarkForm, RefusalForm, RouteForm
from disbursements.models import Route, RouteRefusal, Tranche
from disbursements.operations import routes as operations
from disbursements.permissions import treasury as permissions
from disbursements.queries import payments as payment_queries
from disbursements.queries import routes as queries
from disbursements.route_states import MOVES, RefusalReason, RouteKind, RouteStatus
from disbursements.views.payments import OFFICERS, PAGE
from disbursements.views.programmes import UNPROCESSABLE, insist, posted
from trustfund.core import clock, events
from trustfund.core.audience import audience, person_of
from trustfund.core.charts import Tally, tally_bars
from trustfund.core.refusals import Missing, Refusal
from trustfund.core.roles import RoleName
from trustfund.core.spreadsheets import Row, csv_file, xlsx_file

_READERS = (*OFFICERS, RoleName.AUDITOR)


@audience(*_READERS)
@require_safe
def route_list(request: HttpRequest) -> HttpResponse:
    """Show every route, how often banks refused by year, and the refusal log."""
    page = Paginator(queries.refusals(), PAGE).get_page(request.GET.get("page"))
    years = queries.refusals_by_year()
    context = {
        "routes": queries.routes()[:PAGE],
        "page": page,
        "chart": tally_bars(
            title=_("Refusals by year"), tallies=[Tally(str(year), count) for year, count in years], word=_("Refusals")
        )
        if years
        else None,
        "may_open": permissions.may_open_route(person_of(request)),
    }
    return render(request, "disbursements/routes.html", context)


@audience(*_READERS)
@require_safe
def refusals_csv(request: HttpRequest) -> HttpResponse:
    """Send the refusal log as CSV."""
    del request
    return csv_file("refusals", _rows())


@audience(*_READERS)
@require_safe
def refusals_xlsx(request: HttpRequest) -> HttpResponse:
    """Send the refusal log as a spreadsheet."""
    del request
    return xlsx_file("refusals", _rows())


@audience(RoleName.TREASURY_OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def new_route(request: HttpRequest) -> HttpResponse:
    """Ask what a route is, and open it on POST."""
    insist(permissions.may_open_route(person_of(request)))
    form = RouteForm(posted(request))
    if form.is_valid():
        said = form.cleaned_data
        try:
            route = operations.open_route(
                name=said["name"],
                kind=RouteKind(said["kind"]),
                chain=said["chain"],
                country=said["country"],
                vendor_id=said["vendor"].pk if said["vendor"] else None,
                actor=person_of(request),
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("%s is open. Choose it for the tranches that take it.") % route.reference)
            return redirect("disbursements:route", route.pk)
    context = {
        "form": form,
        "title": _("Open a route"),
        "intro": _("A way by which money or goods reach a country. What it is never changes; whether it is open does."),
        "verb": _("Open the route"),
        "back": "disbursements:routes",
    }
    return render(request, "disbursements/plain_form.html", context, status=UNPROCESSABLE if form.errors else None)


@audience(*_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def route_detail(request: HttpRequest, route_id: UUID) -> HttpResponse:
    """Show one route with its refusals; officers write down another on POST."""
    person, route = person_of(request), _load(route_id)
    may_record = permissions.may_record_refusal(person)
    if request.method == "POST":
        insist(may_record)
    form = RefusalForm(posted(request), initial={"refused_on": clock.today()})
    if form.is_valid():
        said = form.cleaned_data
        try:
            operations.record_refusal(
                route_id=route.pk,
                bank=said["bank"],
                refused_on=said["refused_on"],
                reason=RefusalReason(said["refusal_reason"]),
                evidence=said["evidence"],
                payment_reference=said["payment_reference"],
                actor=person,
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The refusal is in the log, and the route takes no payments now."))
            return redirect("disbursements:route", route.pk)
    page = Paginator(queries.refusals(route), PAGE).get_page(request.GET.get("page"))
    context = {
        "route": route,
        "page": page,
        "form": form,
        "may_record": may_record,
        "may_mark": permissions.may_open_route(person) if MOVES[route.state] else None,
        "mark_form": MarkForm(states=sorted(MOVES[route.state])),
        "events": events.about(route.pk)[:PAGE],
    }
    return render(request, "disbursements/route.html", context, status=UNPROCESSABLE if form.errors else None)


@audience(RoleName.TREASURY_OFFICER)
@require_http_methods(["POST"])
def mark_route(request: HttpRequest, route_id: UUID) -> HttpResponse:
    """Say whether a route takes payments now."""
    route = _load(route_id)
    form = MarkForm(request.POST, states=list(RouteStatus))
    if not form.is_valid():
        messages.error(request, _("Choose what the route is now, and say why."))
        return redirect("disbursements:route", route.pk)
    try:
        operations.mark_route(
            route_id=route.pk,
            to=RouteStatus(form.cleaned_data["to"]),
            reason=form.cleaned_data["reason"],
            actor=person_of(request),
            at=clock.now(),
        )
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("It is written down. Every payment on this route goes by it from now on."))
    return redirect("disbursements:route", route.pk)


@audience(RoleName.SECRETARIAT, RoleName.TREASURY_OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def choose_route(request: HttpRequest, tranche_id: UUID) -> HttpResponse:
    """Show the open routes, and choose one for a tranche on POST."""
    tranche = _tranche(tranche_id)
    form = ChooseRouteForm(posted(request), routes=queries.open_routes())
    if form.is_valid():
        try:
            operations.choose_route(
                tranche_id=tranche.pk,
                route_id=form.cleaned_data["route"].pk,
                reason=form.cleaned_data["reason"],
                actor=person_of(request),
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The tranche takes this route."))
            if person_of(request).holds(RoleName.SECRETARIAT):
                return redirect("disbursements:prepare_payment", tranche.pk)
            return redirect("disbursements:routes")
    context = {
        "form": form,
        "tranche": tranche,
        "now": payment_queries.route_of(tranche),
        "verdict": permissions.may_choose_route(person_of(request), tranche),
    }
    return render(request, "disbursements/route_choose.html", context, status=UNPROCESSABLE if form.errors else None)


@audience(RoleName.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def record_delivery(request: HttpRequest, tranche_id: UUID) -> HttpResponse:
    """Ask what arrived in kind for a tranche, and write it down on POST."""
    tranche = _tranche(tranche_id)
    form = DeliveryForm(posted(request), initial={"delivered_on": clock.today()})
    if form.is_valid():
        try:
            operations.record_delivery(
                tranche_id=tranche.pk, actor=person_of(request), at=clock.now(), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Delivered in kind: what was paid for the goods is spent."))
            return redirect("disbursements:proposal", tranche.proposal_id)
    context = {
        "form": form,
        "title": _("Goods of %(tranche)s arrived") % {"tranche": tranche.reference},
        "intro": _("The vendor was paid offshore, and no cash entered the country."),
        "verb": _("Write it down"),
        "back": "disbursements:release_queue",
    }
    return render(request, "disbursements/plain_form.html", context, status=UNPROCESSABLE if form.errors else None)


def _tranche(tranche_id: UUID) -> Tranche:
    found = Tranche.objects.select_related("proposal__programme__organisation", "version").filter(pk=tranche_id)
    for one in found:
        return one
    raise Http404(_("There is no such tranche."))


def _load(route_id: UUID) -> Route:
    try:
        return queries.route_of(route_id)
    except Missing as refusal:
        raise Http404(refusal.message) from refusal


def _rows() -> list[Row]:
    head = ["refused_on", "route", "country", "bank", "reason", "payment", "evidence", "recorded_by", "recorded_at"]
    return [head, *(_row(refusal) for refusal in queries.refusals())]


def _row(refusal: RouteRefusal) -> list[str]:
    return [
        refusal.refused_on.isoformat(),
        f"{refusal.route.reference} {refusal.route.name}",
        refusal.route.country,
        refusal.bank,
        refusal.get_reason_display(),
        refusal.payment_reference,
        refusal.evidence,
        refusal.recorded_by.name,
        refusal.recorded_at.isoformat(timespec="seconds"),
    ]
