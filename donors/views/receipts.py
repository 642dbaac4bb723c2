"""Pages about money in: the list, one receipt, recording one from the bank's line, and undoing one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from donors import operations, permissions, queries
from donors.forms import ReceiptForm, ReversalForm
from donors.models import Match, Pledge, Receipt
from donors.views.door import PER_PAGE, act, answer, enter, onward, person_of
from ledger import queries as ledger_queries
from ledger.permissions import may_read
from trustfund.core import clock, events
from trustfund.core.audience import audience
from trustfund.core.models import User
from trustfund.core.roles import RoleName


@require_safe
@audience(RoleName.SECRETARIAT, RoleName.AUDITOR)
def receipts(request: HttpRequest) -> HttpResponse:
    """List what arrived, latest recorded first."""
    person = person_of(request)
    enter(permissions.may_see_donors(person))
    found = Paginator(queries.receipts_visible_to(person), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "donors/receipts.html", {"page": found, "may_keep": permissions.may_keep_donors(person)})


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def record(request: HttpRequest) -> HttpResponse:
    """Record a receipt from the bank's line."""
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    chosen = _chosen(request.GET.get("pledge", ""))
    form = ReceiptForm(
        request.POST if request.method == "POST" else None,
        initial={"pledge": chosen, "currency": chosen.payment_currency, "payer": chosen.donor.name} if chosen else None,
    )
    receipt = form.is_bound and act(form, lambda: _recorded(form.cleaned_data, person))
    if not receipt:
        return answer(form, request, "donors/receipt_new.html")
    if isinstance(receipt, Match):
        messages.success(
            request, _("%(reference)s waits for a second person. Nothing has moved.") % {"reference": receipt.reference}
        )
        return onward("match", receipt.pk)
    messages.success(
        request,
        _("%(reference)s: %(net)s reached the pool and is spendable.")
        % {"reference": receipt.reference, "net": receipt.net_usd},
    )
    if receipt.came_before:
        messages.warning(request, receipt.get_came_before_display())
    share = queries.concentration_of(receipt.pledge.donor)
    if share.is_to_be_asked:
        messages.warning(
            request,
            _("%(donor)s is above the cap of %(cap)s%% of the pool. Ask the committee.")
            % {"donor": receipt.pledge.donor.name, "cap": share.cap_percent},
        )
    return onward("receipt", receipt.pk)


def _recorded(said: dict[str, Any], person: User) -> Receipt | Match:
    """Record what was typed, or propose it where it says how it is known: then another person confirms it."""
    line = {
        "pledge_id": said["pledge"].pk,
        "received": said["received"],
        "value_on": said["value_on"],
        "bank_reference": said["bank_reference"],
        "payer": said["payer"],
        "settles": said["settled"],
        "usd_value": said["usd_money"],
        "actor": person,
        "at": clock.now(),
    }
    if said["grounds"]:
        return operations.propose_match(**line, grounds=said["grounds"])
    return operations.record_receipt(**line)


@require_safe
@audience(RoleName.SECRETARIAT, RoleName.AUDITOR, RoleName.DONOR_REPRESENTATIVE)
def receipt(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    """Show a receipt: what came, what it was worth, and what it pays."""
    person = person_of(request)
    found = get_object_or_404(queries.receipts_visible_to(person), pk=receipt_id)
    return render(
        request,
        "donors/receipt.html",
        {
            "receipt": found,
            "allocations": found.allocations.select_related("instalment").order_by("instalment__number"),
            "events": events.about(found.id),
            "entries": ledger_queries.entries_about(found.id)[:PER_PAGE] if may_read(person) else (),
            "may_read_bank": permissions.may_see_desk(person),
            "may_keep": permissions.may_keep_donors(person),
            "may_reverse": permissions.may_reverse(person, found),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def reverse(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    """Undo a receipt, with its fee and exchange difference."""
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    found = get_object_or_404(queries.receipts_visible_to(person), pk=receipt_id)
    form = ReversalForm(
        request.POST if request.method == "POST" else None,
        initial={"reversed_on": clock.today(), "line": request.GET.get("line", "")},
        received=found.received,
    )

    def undo() -> Receipt:
        said = form.cleaned_data
        return operations.reverse_receipt(
            receipt_id=receipt_id,
            reason=said["reason"],
            reversed_on=said["reversed_on"],
            line_id=said["line"].pk if said["line"] else None,
            actor=person,
            at=clock.now(),
        )

    done = form.is_bound and act(form, undo)
    if not done:
        return answer(form, request, "donors/receipt_reverse.html", receipt=found)
    messages.success(
        request, _("%(reference)s is reversed; its instalments are open again.") % {"reference": done.reference}
    )
    return onward("receipt", found.pk)


def _chosen(pledge_id: str) -> Pledge | None:
    try:
        return queries.open_pledges().filter(pk=pledge_id).first() if pledge_id else None
    except ValidationError:
        return None
