"""Pages on which people take a step of a payment: look, check, sign. One function a step; each acts once."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bank.models import BankLine
from disbursements.forms.payments import ArrivedForm, CancelForm, PrepareForm, ReleaseForm, ReturnForm, SignForm
from disbursements.models import Payment, Tranche
from disbursements.operations import payment_ends as ends
from disbursements.operations import payments as operations
from disbursements.payment_states import ReturnReason, StepKind
from disbursements.permissions import payments as permissions
from disbursements.permissions.treasury import may_choose_route
from disbursements.queries import bank_lines
from disbursements.queries import offsets as offset_queries
from disbursements.queries import payments as queries
from disbursements.views.payments import OFFICERS, load
from disbursements.views.reads import note_read
from trustfund.core import clock, step_up
from trustfund.core.audience import audience, person_of
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName

_WORKING_DAYS = 3
_REFUSED = 422


@audience(RoleName.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: HttpRequest, tranche_id: UUID) -> HttpResponse:
    """Show what would be paid, to whom and whether every gate is clear; prepare the payment on POST."""
    tranche = (
        Tranche.objects.select_related("proposal__programme__organisation", "version").filter(pk=tranche_id).first()
    )
    if tranche is None:
        raise Http404(_("There is no such tranche."))
    today = clock.today()
    form = PrepareForm(request.POST or None, suggested=clock.add_working_days(today, _WORKING_DAYS))
    if form.is_valid():
        try:
            payment = operations.prepare_payment(
                tranche_id=tranche.pk,
                value_on=form.cleaned_data["value_on"],
                nonce=form.cleaned_data["nonce"],
                actor=person_of(request),
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("%s is prepared. A certifying officer checks it next.") % payment.reference)
            return redirect("disbursements:payment", payment.pk)
    payee = queries.payee_of(tranche)
    account = queries.current_account(payee.pk)
    sees_details = permissions.may_see_bank_details(person_of(request))
    if sees_details and account is not None:
        note_read(request, account, "prepare")
    context = {
        "form": form,
        "tranche": tranche,
        "account": account,
        "amount": queries.amount_to_pay(tranche),
        "payee": payee,
        "route": queries.route_of(tranche),
        "may_choose_route": may_choose_route(person_of(request), tranche),
        "gates": queries.gates_before(tranche, account, clock.now()),
        "returned": queries.last_return_of(tranche),
        "taken_off": offset_queries.taken_off([tranche.pk]).get(tranche.pk, ()),
        "sees_details": sees_details,
        "verdict": permissions.may_prepare(person_of(request), tranche),
    }
    return _page(request, "disbursements/payment_prepare.html", form, context)


@audience(RoleName.CERTIFYING_OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def certify(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Show what is certified, and certify it on POST with a fresh second factor."""
    payment = load(request, payment_id)
    form = SignForm(request.POST or None)
    if form.is_valid():
        try:
            operations.certify_payment(
                payment_id=payment.pk,
                proof=form.proof,
                nonce=form.cleaned_data["nonce"],
                actor=person_of(request),
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Certified. A treasury officer releases it next."))
            return redirect("disbursements:payment", payment.pk)
    return _check(request, "disbursements/payment_certify.html", payment, StepKind.CERTIFY, form)


@audience(RoleName.TREASURY_OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Show what is released, and release it on POST: the amount by hand and a fresh second factor."""
    payment = load(request, payment_id)
    form = ReleaseForm(request.POST or None)
    if form.is_valid():
        try:
            operations.release_payment(
                payment_id=payment.pk,
                typed=form.cleaned_data["typed"],
                proof=form.proof,
                nonce=form.cleaned_data["nonce"],
                actor=person_of(request),
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Released. The money is in transit until the bank's advice is recorded."))
            return redirect("disbursements:payment", payment.pk)
    return _check(request, "disbursements/release.html", payment, StepKind.RELEASE, form)


@audience(RoleName.CERTIFYING_OFFICER, RoleName.TREASURY_OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Ask what the bank's advice says, and confirm on POST that the money arrived."""
    payment = load(request, payment_id)
    seen = bank_lines.seen_of_payment(payment)
    form = ArrivedForm(request.POST or None, initial=_from_line(seen.debit if seen else None, "credited_on"))
    if form.is_valid():
        try:
            ends.confirm_payment(
                payment_id=payment.pk,
                bank_reference=form.cleaned_data["bank_reference"],
                credited_on=form.cleaned_data["credited_on"],
                line_id=form.cleaned_data["line"],
                nonce=form.cleaned_data["nonce"],
                actor=person_of(request),
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Confirmed. The tranche is paid, and the organisation holds the money."))
            return redirect("disbursements:payment", payment.pk)
    return _check(request, "disbursements/payment_confirm.html", payment, StepKind.CONFIRM, form)


@audience(RoleName.CERTIFYING_OFFICER, RoleName.TREASURY_OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Ask why the bank sent the money back, and record it on POST."""
    payment = load(request, payment_id)
    seen = bank_lines.seen_of_payment(payment)
    initial = _from_line(seen.credit if seen else None, "returned_on")
    if seen and seen.credit:
        initial["reason"] = str(seen.reason)
    form = ReturnForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            ends.return_payment(
                payment_id=payment.pk,
                reason=ReturnReason(form.cleaned_data["reason"]),
                returned_on=form.cleaned_data["returned_on"],
                line_id=form.cleaned_data["line"],
                bank_reference=form.cleaned_data["bank_reference"],
                note=form.cleaned_data["note"],
                nonce=form.cleaned_data["nonce"],
                actor=person_of(request),
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The return is recorded. The money is reserved for its tranche again."))
            return redirect("disbursements:payment", payment.pk)
    return _check(request, "disbursements/payment_return.html", payment, StepKind.RETURN, form)


@audience(*OFFICERS)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Ask why, and cancel a payment before release on POST."""
    payment = load(request, payment_id)
    form = CancelForm(request.POST or None)
    if form.is_valid():
        try:
            operations.cancel_payment(
                payment_id=payment.pk,
                note=form.cleaned_data["note"],
                nonce=form.cleaned_data["nonce"],
                actor=person_of(request),
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Cancelled. The money is reserved for its tranche again."))
            return redirect("disbursements:payment", payment.pk)
    return _check(request, "disbursements/payment_cancel.html", payment, StepKind.CANCEL, form)


def _from_line(line: BankLine | None, day: str) -> dict[str, Any]:
    """Return what a form shows at first: what the bank's statement says, else today."""
    if line is None:
        return {day: clock.today()}
    return {"line": line.pk, day: line.value_on, "bank_reference": line.bank_reference or line.reference}


def _check(request: HttpRequest, template: str, payment: Payment, kind: StepKind, form: Any) -> HttpResponse:
    print_ = queries.fingerprint_of(payment, kind, form.number)
    sees_details = permissions.may_see_bank_details(person_of(request))
    if sees_details:
        note_read(request, payment.bank_account, str(kind))
    context = {
        "form": form,
        "payment": payment,
        "standing": queries.standing_of(payment, clock.now()),
        "print": print_,
        "passkey_options": step_up.passkey_options(person_of(request), print_) if isinstance(form, SignForm) else None,
        "sees_details": sees_details,
        "seen": bank_lines.seen_of_payment(payment) if kind in {StepKind.CONFIRM, StepKind.RETURN} else None,
        "verdict": permissions.may_take(kind, person_of(request), payment),
    }
    return _page(request, template, form, context)


def _page(request: HttpRequest, template: str, form: Any, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context, status=_REFUSED if form.errors else None)
