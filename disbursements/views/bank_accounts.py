"""Pages of bank details: the list, masked; registering; and verifying after a call back."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from disbursements.forms.payments import BankAccountForm, VerifyForm
from disbursements.models import BankAccount, Organisation
from disbursements.operations import bank_accounts as operations
from disbursements.permissions import payments as permissions
from disbursements.permissions.treasury import may_see_reads
from disbursements.queries import bank_accounts as queries
from disbursements.views.payments import OFFICERS, PAGE
from disbursements.views.reads import note_read
from trustfund.core import clock, events, step_up
from trustfund.core.audience import audience, person_of
from trustfund.core.refusals import Missing, Refusal
from trustfund.core.roles import RoleName
from trustfund.core.verdicts import Verdict

_REFUSED = 422
_CALL_BACK = ("called", "known_from", "called_at", "call_back", "nonce")


@audience(*OFFICERS, RoleName.AUDITOR)
@require_safe
def account_list(request: HttpRequest) -> HttpResponse:
    """Show all bank details, masked, with who registered and who verified them."""
    _insist(permissions.may_see_bank_details(person_of(request)))
    page = Paginator(queries.bank_accounts(), PAGE).get_page(request.GET.get("page"))
    note_read(request, None, "list")
    context = {
        "page": page,
        "may_see_reads": may_see_reads(person_of(request)),
        "rows": [
            (account, permissions.may_verify_bank_account(person_of(request), account), clock.now() < account.rested_at)
            for account in page.object_list
        ],
        "may_register": permissions.may_register_bank_account(person_of(request)),
    }
    return render(request, "disbursements/bank_accounts.html", context)


@audience(RoleName.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Ask for bank details as they stand on the letter, and register them on POST."""
    _insist(permissions.may_register_bank_account(person_of(request)))
    form = BankAccountForm(
        request.POST or None,
        organisations=Organisation.objects.order_by("name"),
        initial={"organisation": request.GET.get("organisation")},
    )
    if form.is_valid():
        said = dict(form.cleaned_data)
        try:
            operations.register_bank_account(
                organisation_id=said.pop("organisation").pk, actor=person_of(request), at=clock.now(), **said
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Registered. Another officer now calls back and verifies the details."))
            return redirect("disbursements:bank_accounts")
    status = _REFUSED if form.errors else None
    return render(request, "disbursements/bank_account_new.html", {"form": form}, status=status)


@audience(*OFFICERS)
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Show details in full to the officer who calls back, and verify them on POST with a fresh second factor."""
    _insist(permissions.may_see_bank_details(person_of(request)))
    account = _load(account_id)
    form = VerifyForm(request.POST or None)
    if form.is_valid():
        try:
            operations.verify_bank_account(
                account_id=account.pk,
                proof=form.proof,
                actor=person_of(request),
                at=clock.now(),
                number=form.cleaned_data["telephone"],
                **{name: form.cleaned_data[name] for name in _CALL_BACK},
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Verified. Payments go to these details once they have rested for 72 hours."))
            return redirect("disbursements:bank_accounts")
    print_ = queries.fingerprint_of(account, form.number)
    verdict = permissions.may_verify_bank_account(person_of(request), account)
    note_read(request, account, "verify", in_full=bool(verdict))
    context = {
        "form": form,
        "account": account,
        "print": print_,
        "passkey_options": step_up.passkey_options(person_of(request), print_),
        "verdict": verdict,
        "events": events.about(account.pk),
    }
    return render(request, "disbursements/bank_account_verify.html", context, status=_REFUSED if form.errors else None)


@audience(RoleName.AUDITOR, RoleName.FUND_ADMINISTRATOR)
@require_safe
def read_list(request: HttpRequest) -> HttpResponse:
    """Show who was shown bank details, of whom, where, and whether in full."""
    _insist(may_see_reads(person_of(request)))
    page = Paginator(queries.reads(), PAGE).get_page(request.GET.get("page"))
    return render(request, "disbursements/bank_reads.html", {"page": page})


def _load(account_id: UUID) -> BankAccount:
    try:
        return queries.bank_account_of(account_id)
    except Missing as refusal:
        raise Http404(refusal.message) from refusal


def _insist(verdict: Verdict) -> None:
    if not verdict:
        raise PermissionDenied(verdict.reason)
