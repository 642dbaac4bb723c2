"""The same figures as files: CSV for any program, XLSX for a spreadsheet."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from ledger import queries
from ledger.forms import DayForm, RangeForm
from ledger.models import Account
from ledger.permissions import READERS
from ledger.views.reading import require_reader
from trustfund.core.audience import audience
from trustfund.core.spreadsheets import Row, csv_file, xlsx_file

MOST_LINES: Final = 100_000


def _statement_head() -> Row:
    line = (_("Date"), _("Booked"), _("Entry"), _("Reference"), _("Kind"), _("Memo"))
    return (*line, _("Debit"), _("Credit"), _("Balance"), _("Currency"))


def _general_ledger_head() -> Row:
    line = (_("Account"), _("Name"), _("Date"), _("Entry"), _("Reference"), _("Kind"), _("Memo"))
    return (*line, _("Amount"), _("Balance"), _("Currency"))


def _statement(request: HttpRequest, code: str) -> tuple[Account, list[Row]]:
    require_reader(request)
    account = Account.objects.filter(code=code).first()
    if account is None:
        raise Http404(_("There is no account %(code)s.") % {"code": code})
    form = RangeForm(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    statement = queries.statement_of(
        account, first=asked.get("first"), last=asked.get("last"), size=MOST_LINES, latest_first=False
    )
    rows: list[Row] = [
        (
            _("Date"),
            _("Booked"),
            _("Entry"),
            _("Reference"),
            _("Kind"),
            _("Memo"),
            _("Debit"),
            _("Credit"),
            _("Balance"),
            _("Currency"),
        )
    ]
    rows += [
        (
            line.key.day,
            line.entry.booked_at.isoformat(timespec="seconds"),
            line.key.entry,
            line.entry.reference,
            line.entry.kind,
            line.entry.memo,
            line.debit.amount if line.debit else None,
            line.credit.amount if line.credit else None,
            line.balance.amount,
            line.balance.currency,
        )
        for line in statement.lines
    ]
    if statement.beyond:
        rows.append((_("More lines follow. Ask for a shorter range."),))
    return account, rows


@audience(*READERS)
def statement_csv(request: HttpRequest, code: str) -> HttpResponse:
    """Download an account's statement, earliest first, as CSV."""
    account, rows = _statement(request, code)
    return csv_file(f"account-{account.code}", rows)


@audience(*READERS)
def statement_xlsx(request: HttpRequest, code: str) -> HttpResponse:
    """Download an account's statement, earliest first, as a spreadsheet."""
    account, rows = _statement(request, code)
    return xlsx_file(f"account-{account.code}", rows)


def _trial_balance(request: HttpRequest) -> list[Row]:
    require_reader(request)
    form = DayForm(request.GET or None)
    on = form.cleaned_data["on"] if form.is_bound and form.is_valid() else None
    rows: list[Row] = [(_("Account"), _("Name"), _("Currency"), _("Debit"), _("Credit"))]
    rows += [
        (line.code, line.name, line.currency, line.debit.amount, line.credit.amount)
        for line in queries.trial_balance(on)
    ]
    return rows


@audience(*READERS)
def trial_balance_csv(request: HttpRequest) -> HttpResponse:
    """Download the trial balance as CSV."""
    return csv_file("trial-balance", _trial_balance(request))


@audience(*READERS)
def trial_balance_xlsx(request: HttpRequest) -> HttpResponse:
    """Download the trial balance as a spreadsheet."""
    return xlsx_file("trial-balance", _trial_balance(request))


@audience(*READERS)
def general_ledger_csv(request: HttpRequest) -> HttpResponse:
    """Download every account's lines between two days, account by account, as CSV."""
    require_reader(request)
    form = RangeForm(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    lines = queries.general_ledger(first=asked.get("first"), last=asked.get("last"), size=MOST_LINES + 1)
    rows: list[Row] = [
        (
            _("Account"),
            _("Name"),
            _("Date"),
            _("Entry"),
            _("Reference"),
            _("Kind"),
            _("Memo"),
            _("Amount"),
            _("Balance"),
            _("Currency"),
        )
    ]
    rows += [
        (
            line.account_code,
            line.account_name,
            line.key.day,
            line.key.entry,
            line.reference,
            line.kind,
            line.memo,
            line.money.amount,
            line.balance.amount,
            line.money.currency,
        )
        for line in lines[:MOST_LINES]
    ]
    if len(lines) > MOST_LINES:
        rows.append((_("More lines follow. Ask for a shorter range."),))
    return csv_file("general-ledger", rows)
