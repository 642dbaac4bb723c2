"""Pages about giving money back: the list, asking the committee, paying, and the split of what remains at closure."""

from collections.abc import Iterator
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from donors import operations, permissions, queries
from donors.forms import PayRefundForm, RefundForm
from donors.models import Donor
from donors.residue import pro_rata
from donors.views.door import PER_PAGE, act, answer, enter, onward, person_of
from ledger import queries as ledger_queries
from ledger.permissions import may_read
from trustfund.core import clock, events, step_up
from trustfund.core.audience import audience
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName
from trustfund.core.spreadsheets import Row, csv_file, xlsx_file

_READERS = (*queries.OFFICERS, RoleName.AUDITOR, RoleName.DONOR_REPRESENTATIVE)
_FUND_READERS = (*queries.OFFICERS, RoleName.AUDITOR)


@require_safe
@audience(*_READERS)
def refunds(request: HttpRequest) -> HttpResponse:
    """List what was given back or is asked to be, the latest first."""
    person = person_of(request)
    enter(permissions.may_see_refunds(person))
    page = Paginator(queries.refunds_visible_to(person), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "may_keep": permissions.may_keep_donors(person),
        "is_officer": person.holds(*_FUND_READERS),
    }
    return render(request, "donors/refunds.html", context)


@require_safe
@audience(*_READERS)
def refunds_csv(request: HttpRequest) -> HttpResponse:
    """Hand out the list as CSV."""
    return csv_file("refunds", _rows(person_of(request)))


@require_safe
@audience(*_READERS)
def refunds_xlsx(request: HttpRequest) -> HttpResponse:
    """Hand out the list as a spreadsheet."""
    return xlsx_file("refunds", _rows(person_of(request)))


def _rows(person: User) -> Iterator[Row]:
    enter(permissions.may_see_refunds(person))
    return _table(person)


def _table(person: User) -> Iterator[Row]:
    yield (_("Refund"), _("Donor"), _("USD"), _("Requested on"), _("Requested by"), _("Paid on"), _("Authorised by"))
    for refund in queries.refunds_visible_to(person):
        authorised_by = refund.authorised_by.name if refund.authorised_by else None
        yield (
            refund.reference,
            refund.donor.name,
            refund.amount,
            refund.requested_at.date(),
            refund.requested_by.name,
            refund.paid_on,
            authorised_by,
        )


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def request_refund(request: HttpRequest, donor_id: UUID) -> HttpResponse:
    """Ask the committee to give money back to a donor."""
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    donor = get_object_or_404(queries.donors_visible_to(person), pk=donor_id)
    form = RefundForm(request.POST if request.method == "POST" else None)
    done = form.is_bound and act(
        form,
        lambda: operations.request_refund(
            donor_id=donor.pk,
            amount=form.cleaned_data["money"],
            reason=form.cleaned_data["reason"],
            closes_at=form.moment,
            actor=person,
            at=clock.now(),
        ),
    )
    if not done:
        most = queries.given_by(donor) - queries.promised_back(donor)
        return answer(form, request, "donors/refund_new.html", donor=donor, most=most)
    messages.success(
        request, _("%(reference)s is before the committee. Nothing has moved yet.") % {"reference": done.reference}
    )
    return onward("refund", done.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(*_READERS)
def refund(request: HttpRequest, refund_id: UUID) -> HttpResponse:
    """Show a refund, how the committee answered and where it goes; let it leave on POST, with a fresh second factor."""
    person = person_of(request)
    found = get_object_or_404(queries.refunds_visible_to(person), pk=refund_id)
    form = PayRefundForm(request.POST if request.method == "POST" else None, initial={"paid_on": clock.today()})
    if request.method == "POST":
        enter(permissions.may_pay_refund(person, found))
    done = form.is_bound and act(
        form,
        lambda: operations.pay_refund(
            refund_id=found.pk,
            bank_reference=form.cleaned_data["bank_reference"],
            paid_on=form.cleaned_data["paid_on"],
            proof=form.proof,
            nonce=form.cleaned_data["nonce"],
            actor=person,
            at=clock.now(),
        ),
    )
    if done:
        messages.success(request, _("%(amount)s has left the fund.") % {"amount": done.amount})
        return onward("refund", found.pk)
    account = found.bank_account or queries.current_account_of(found.donor)
    may_pay = permissions.may_pay_refund(person, found)
    print_ = queries.fingerprint_of_refund(found, account, form.own_number)
    return answer(
        form,
        request,
        "donors/refund.html",
        refund=found,
        account=account,
        motion=queries.motion_on(found.pk),
        may_pay=may_pay,
        may_be_paid_to=queries.may_be_paid_to(account, clock.now()),
        print=print_,
        passkey_options=step_up.passkey_options(person, print_) if may_pay else None,
        events=events.about(found.pk)[:PER_PAGE],
        entries=ledger_queries.entries_about(found.pk)[:PER_PAGE] if may_read(person) else (),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@audience(*_FUND_READERS)
def residue(request: HttpRequest) -> HttpResponse:
    """Show how what remains would be split pro rata to contributions; ask the committee for the refunds on POST."""
    person = person_of(request)
    enter(permissions.may_see_refunds(person))
    spendable = queries.spendable()
    split = _typed(request, spendable)
    form = RefundForm(request.POST if request.method == "POST" else None, initial={"amount": split.figure})
    if request.method == "POST":
        enter(permissions.may_keep_donors(person))
    done = form.is_bound and act(
        form,
        lambda: operations.request_residue_refunds(
            residue=form.cleaned_data["money"],
            reason=form.cleaned_data["reason"],
            closes_at=form.moment,
            actor=person,
            at=clock.now(),
        ),
    )
    if done:
        messages.success(
            request, _("%(number)s refunds are before the committee. Nothing has moved yet.") % {"number": len(done)}
        )
        return onward("refunds")
    return answer(
        form,
        request,
        "donors/residue.html",
        spendable=spendable,
        split=split,
        parts=_parts(split),
        may_keep=permissions.may_keep_donors(person),
    )


def _typed(request: HttpRequest, spendable: Money) -> Money:
    """Return what is to be split: as typed into the page's address, else all that is spendable."""
    try:
        typed = (
            Money.of(request.GET["amount"].replace(",", ""), spendable.currency) if "amount" in request.GET else None
        )
    except Refusal:
        return spendable
    return typed if typed is not None and 0 < typed.minor <= spendable.minor else spendable


def _parts(split: Money) -> list[tuple[Donor, Money, Money]]:
    """Return each donor with what it gave net of refunds and its part of what remains."""
    given = queries.given_by_all()
    if split.minor <= 0 or all(money.minor <= 0 for money in given.values()):
        return []
    parts = pro_rata(split, given)
    donors = Donor.objects.filter(reference__in=parts).order_by("name")
    return [(donor, given[donor.reference], parts[donor.reference]) for donor in donors]
