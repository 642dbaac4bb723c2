"""Pages about donors' bank details: the chain of them, registering new ones, and calling the donor back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from donors import operations, permissions, queries
from donors.forms import BankDetailsForm, CallBackForm
from donors.models import Donor, DonorBankAccount
from donors.views.door import act, answer, enter, onward, person_of
from trustfund.core import clock, step_up
from trustfund.core.audience import audience
from trustfund.core.roles import RoleName


@require_safe
@audience(*queries.OFFICERS, RoleName.AUDITOR, RoleName.DONOR_REPRESENTATIVE)
def bank_details(request: HttpRequest, donor_id: UUID) -> HttpResponse:
    """Show a donor's bank details, masked, the latest first: who registered them, who called back, when they rest."""
    person = person_of(request)
    officer = permissions.may_see_bank_details(person)
    donors = Donor.objects.all() if officer else queries.donors_visible_to(person)
    donor = get_object_or_404(donors, pk=donor_id)
    context = {
        "donor": donor,
        "accounts": queries.bank_accounts_of(donor)[:50],
        "now": clock.now(),
        "may_keep": permissions.may_keep_donors(person),
        "may_verify": bool(officer) and person.holds(*queries.OFFICERS),
        "may_open_donor": queries.donors_visible_to(person).filter(pk=donor.pk).exists(),
    }
    return render(request, "donors/bank_details.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def register(request: HttpRequest, donor_id: UUID) -> HttpResponse:
    """Register where a donor's refund would be sent."""
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    donor = get_object_or_404(queries.donors_visible_to(person), pk=donor_id)
    form = BankDetailsForm(request.POST if request.method == "POST" else None)
    done = form.is_bound and act(
        form,
        lambda: operations.register_bank_details(donor_id=donor.pk, **form.cleaned_data, actor=person, at=clock.now()),
    )
    if not done:
        return answer(form, request, "donors/bank_details_new.html", donor=donor)
    messages.success(
        request, _("Registered. They rest for 72 hours, and another officer calls back; the donor is told by mail.")
    )
    return onward("bank_details", donor.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(*queries.OFFICERS)
def verify(request: HttpRequest, details_id: UUID) -> HttpResponse:
    """Show details in full to the officer who calls back, and verify them on POST with a fresh second factor."""
    person = person_of(request)
    enter(permissions.may_see_bank_details(person))
    account = get_object_or_404(
        DonorBankAccount.objects.select_related("donor", "registered_by", "verification", "successor"), pk=details_id
    )
    form = CallBackForm(request.POST if request.method == "POST" else None, initial={"called_on": clock.today()})
    done = form.is_bound and act(
        form,
        lambda: operations.verify_bank_details(
            details_id=account.pk,
            called=form.cleaned_data["called"],
            number=form.cleaned_data["number"],
            known_from=form.cleaned_data["known_from"],
            called_at=form.called_at,
            call_back=form.cleaned_data["call_back"],
            proof=form.proof,
            nonce=form.cleaned_data["nonce"],
            actor=person,
            at=clock.now(),
        ),
    )
    if done:
        messages.success(request, _("Verified. A refund can go to these details once they have rested."))
        return onward("bank_details", account.donor_id)
    print_ = queries.fingerprint_of_details(account, form.own_number)
    verdict = permissions.may_verify_bank_details(person, account)
    return answer(
        form,
        request,
        "donors/bank_details_verify.html",
        account=account,
        verdict=verdict,
        print=print_,
        passkey_options=step_up.passkey_options(person, print_) if verdict else None,
    )
