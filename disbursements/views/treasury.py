"""Pages of treasury: money that moved beside payments, and the forms that record it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from disbursements.forms.payments import MovementFilter, MovementForm
from disbursements.models import Movement
from disbursements.movement_kinds import MovementKind
from disbursements.operations import treasury as operations
from disbursements.permissions import payments as permissions
from disbursements.queries import movements as queries
from disbursements.queries.partners import visible_programmes
from disbursements.views.payments import OFFICERS, PAGE, csv_of
from trustfund.core import clock
from trustfund.core.audience import audience, person_of
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName

_REFUSED = 422
_CHUNK = 500
_READERS = (*OFFICERS, RoleName.AUDITOR)


@audience(*_READERS)
@require_safe
def movement_list(request: HttpRequest) -> HttpResponse:
    """Show interest, bank charges, refunds and reported expenditure, filtered, latest first."""
    form = MovementFilter(request.GET)
    words = form.cleaned_data if form.is_valid() else {"kind": "", "q": ""}
    page = Paginator(queries.movements(kind=words["kind"], words=words["q"]), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "query": request.GET.urlencode(),
        "records_bank": permissions.may_record_bank_movement(person_of(request)),
        "records_expenditure": person_of(request).holds(RoleName.SECRETARIAT) and not person_of(request).is_seconded,
    }
    return render(request, "disbursements/treasury.html", context)


@audience(*_READERS)
@require_safe
def movements_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Send the same list as CSV."""
    form = MovementFilter(request.GET)
    words = form.cleaned_data if form.is_valid() else {"kind": "", "q": ""}
    found = queries.movements(kind=words["kind"], words=words["q"])
    head = ["kind", "reference", "on", "currency", "amount", "programme", "memo", "recorded_by", "recorded_at"]
    return csv_of("treasury", head, (_row(movement) for movement in found.iterator(chunk_size=_CHUNK)))


@audience(RoleName.TREASURY_OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def interest(request: HttpRequest) -> HttpResponse:
    """Record interest of the fund's account, or what an organisation earned and gave back."""

    def act(said: dict[str, Any]) -> Movement:
        programme = said["programme"]
        return operations.record_interest(
            reference=said["reference"],
            earned=said["amount"],
            on=said["on"],
            memo=said["memo"],
            programme_id=programme.pk if programme else None,
            actor=person_of(request),
            at=clock.now(),
        )

    return _form(request, MovementKind.FUND_INTEREST, _("Record interest"), act)


@audience(RoleName.TREASURY_OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def charge(request: HttpRequest) -> HttpResponse:
    """Record what a bank took."""

    def act(said: dict[str, Any]) -> Movement:
        return operations.record_bank_charge(
            reference=said["reference"],
            charged=said["amount"],
            on=said["on"],
            memo=said["memo"],
            actor=person_of(request),
            at=clock.now(),
        )

    return _form(request, MovementKind.BANK_CHARGE, _("Record a bank charge"), act)


@audience(RoleName.TREASURY_OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def refund(request: HttpRequest) -> HttpResponse:
    """Record money that an organisation gave back."""

    def act(said: dict[str, Any]) -> Movement:
        return operations.record_refund(
            programme_id=said["programme"].pk,
            reference=said["reference"],
            returned=said["amount"],
            on=said["on"],
            memo=said["memo"],
            actor=person_of(request),
            at=clock.now(),
        )

    return _form(request, MovementKind.REFUND, _("Record a refund"), act)


@audience(RoleName.SECRETARIAT, RoleName.PROGRAMME_PARTNER)
@require_http_methods(["GET", "HEAD", "POST"])
def expenditure(request: HttpRequest) -> HttpResponse:
    """Record what an organisation reports to have spent; a partner sees its own programmes only."""

    def act(said: dict[str, Any]) -> Movement:
        return operations.record_expenditure(
            programme_id=said["programme"].pk,
            reference=said["reference"],
            spent=said["amount"],
            on=said["on"],
            memo=said["memo"],
            actor=person_of(request),
            at=clock.now(),
        )

    return _form(request, MovementKind.EXPENDITURE, _("Report expenditure"), act)


def _form(
    request: HttpRequest, kind: MovementKind, title: str, act: Callable[[dict[str, Any]], Movement]
) -> HttpResponse:
    programmes = visible_programmes(person_of(request)).order_by("reference")
    form = MovementForm(
        request.POST or None,
        kind=kind,
        programmes=programmes,
        initial={"programme": request.GET.get("programme"), "on": clock.today()},
    )
    sees_list = person_of(request).holds(*_READERS)
    if form.is_valid():
        try:
            movement = act(form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("%s is in the books.") % movement.reference)
            return redirect("disbursements:treasury" if sees_list else "disbursements:record_expenditure")
    context = {"form": form, "title": title, "kind": kind, "sees_list": sees_list}
    return render(request, "disbursements/treasury_form.html", context, status=_REFUSED if form.errors else None)


def _row(movement: Movement) -> list[str]:
    return [
        movement.kind,
        movement.reference,
        movement.on.isoformat(),
        movement.currency,
        str(movement.amount.amount),
        movement.programme.reference if movement.programme else "",
        movement.memo,
        movement.recorded_by.name,
        movement.recorded_at.isoformat(timespec="seconds"),
    ]
