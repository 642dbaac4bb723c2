"""The bank and the books side by side, as a page and as tables that people take away."""

from collections.abc import Iterator
from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bank import permissions
from trustfund.core import clock
from trustfund.core.audience import audience, person_of
from trustfund.core.spreadsheets import Row, csv_file, xlsx_file
from trustfund.pages.forms import DayForm
from trustfund.pages.queries.reconciliation import Reconciliation
from trustfund.pages.queries.reconciliation import reconciliation as reconciliation_on


def _day(request: HttpRequest) -> tuple[DayForm, date]:
    verdict = permissions.may_see_bank(person_of(request))
    if not verdict:
        raise PermissionDenied(verdict.reason)
    today = clock.today()
    form = DayForm(request.GET if request.GET.get("on") else None, initial={"on": today})
    chosen = form.cleaned_data["on"] if form.is_bound and form.is_valid() else today
    return form, min(chosen, today)


@audience(*permissions.READERS)
@require_safe
def reconciliation(request: HttpRequest) -> HttpResponse:
    """Show the bank's balances and the books' cash at the end of a day, and why they differ."""
    form, on = _day(request)
    context = {"form": form, "said": reconciliation_on(on), "query": f"on={on.isoformat()}"}
    return render(request, "pages/reconciliation.html", context)


@audience(*permissions.READERS)
@require_safe
def reconciliation_csv(request: HttpRequest) -> HttpResponse:
    """Send the same figures as CSV."""
    return csv_file("bank-and-books", _rows(reconciliation_on(_day(request)[1])))


@audience(*permissions.READERS)
@require_safe
def reconciliation_xlsx(request: HttpRequest) -> HttpResponse:
    """Send the same figures as a spreadsheet."""
    return xlsx_file("bank-and-books", _rows(reconciliation_on(_day(request)[1])))


def _rows(said: Reconciliation) -> Iterator[Row]:
    yield (_("On"), _("What"), _("Currency"), _("Amount"))
    for held in said.accounts:
        yield (said.on, _("Bank: %(account)s") % {"account": held.account.name}, held.account.currency, held.closing)
    yield (said.on, _("Bank, in the fund's currency"), said.bank.currency, said.bank)
    yield (said.on, _("Cash in the books"), said.books.currency, said.books)
    for reason in said.reasons:
        yield (said.on, reason.words, reason.amount.currency, reason.amount)
    yield (said.on, _("Unexplained"), said.unexplained.currency, said.unexplained)
