"""Pages about statements and lines, and both as tables that people take away."""

from collections.abc import Iterable, Iterator
from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bank import permissions, queries
from bank.forms import LineFilter
from bank.models import BankLine, BankStatement
from bank.views.door import PER_PAGE, reader_of
from trustfund.core import events
from trustfund.core.audience import audience
from trustfund.core.spreadsheets import Row, csv_file, xlsx_file

# So many lines make a table that a spreadsheet opens at once; for more, ask for fewer.
MOST_ROWS: Final = 20_000


@audience(*permissions.READERS)
@require_safe
def statement(request: HttpRequest, bank_statement_id: UUID) -> HttpResponse:
    """Show a statement with its balances and every line it tells of."""
    reader_of(request)
    found = _statement(bank_statement_id)
    page = Paginator(queries.lines_of(found), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "bank/statement.html", {"statement": found, "page": page})


def _statement(bank_statement_id: UUID) -> BankStatement:
    return get_object_or_404(BankStatement.objects.select_related("account", "file"), pk=bank_statement_id)


@audience(*permissions.READERS)
@require_safe
def statement_csv(request: HttpRequest, bank_statement_id: UUID) -> HttpResponse:
    """Send a statement's lines as CSV."""
    reader_of(request)
    found = _statement(bank_statement_id)
    return csv_file(found.reference, _rows(queries.lines_of(found)))


@audience(*permissions.READERS)
@require_safe
def statement_xlsx(request: HttpRequest, bank_statement_id: UUID) -> HttpResponse:
    """Send a statement's lines as a spreadsheet."""
    reader_of(request)
    found = _statement(bank_statement_id)
    return xlsx_file(found.reference, _rows(queries.lines_of(found)))


@audience(*permissions.READERS)
@require_safe
def lines(request: HttpRequest) -> HttpResponse:
    """List the lines, latest booked first, or only those that wait."""
    reader_of(request)
    form = LineFilter(request.GET)
    page = Paginator(_wanted(form), PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "query": request.GET.urlencode()}
    return render(request, "bank/lines.html", context)


def _wanted(form: LineFilter) -> QuerySet[BankLine]:
    words = form.cleaned_data if form.is_valid() else {"state": "", "words": ""}
    asked = {LineFilter.WAITING: queries.unused_lines, LineFilter.NOTICE: queries.unconfirmed_lines}
    return queries.with_words(asked.get(words["state"], queries.lines)(), words["words"].strip())


@audience(*permissions.READERS)
@require_safe
def lines_csv(request: HttpRequest) -> HttpResponse:
    """Send the same lines as CSV."""
    reader_of(request)
    return csv_file("bank-lines", _rows(_wanted(LineFilter(request.GET))[:MOST_ROWS]))


@audience(*permissions.READERS)
@require_safe
def lines_xlsx(request: HttpRequest) -> HttpResponse:
    """Send the same lines as a spreadsheet."""
    reader_of(request)
    return xlsx_file("bank-lines", _rows(_wanted(LineFilter(request.GET))[:MOST_ROWS]))


def _rows(found: Iterable[BankLine]) -> Iterator[Row]:
    yield (
        _("Line"),
        _("Account"),
        _("Booked"),
        _("Value date"),
        _("Currency"),
        _("Amount"),
        _("Waits"),
        _("Bank reference"),
        _("End-to-end id"),
        _("Party"),
        _("Party's account"),
        _("Text"),
    )
    for line in found:
        yield (
            line.reference,
            line.account.name,
            line.booked_on,
            line.value_on,
            line.currency,
            line.amount,
            line.left,
            line.bank_reference,
            line.end_to_end_id,
            line.party,
            line.party_account,
            line.text,
        )


@audience(*permissions.READERS)
@require_safe
def line(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Show a line: all that the bank said of it, and what it is used for."""
    reader_of(request)
    found = queries.line_of(line_id)
    if found is None:
        raise Http404
    context = {
        "line": found,
        "uses": queries.uses_of(found),
        "statements": queries.statements_telling(found),
        "events": events.about(found.pk),
    }
    return render(request, "bank/line.html", context)
