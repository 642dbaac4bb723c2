"""Tables that people take away: CSV for any program, XLSX for a spreadsheet. No cell is ever read as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from trustfund.core.money import Money

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A spreadsheet takes a cell that begins so for a formula, and runs it; the last four are their full-width forms.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_LONGEST_TITLE: Final = 31

Cell = str | int | Decimal | date | Money | None
Row = Sequence[Cell]


def plain(value: Cell) -> str | int | Decimal | date | None:
    """Return a cell that no spreadsheet takes for a formula: words get an apostrophe, figures stay figures."""
    if isinstance(value, Money):
        return value.amount
    if value is None or isinstance(value, int | Decimal | date):
        return value
    # Words that are translated late become words now.
    words = str(value)
    return f"'{words}" if words.lstrip(" ").startswith(_FORMULA) else words


def csv_file(name: str, rows: Iterable[Row]) -> HttpResponse:
    """Return rows, the first of them the headings, as CSV in UTF-8 with the mark that spreadsheets look for."""
    text = io.StringIO()
    writer = csv.writer(text)
    for row in rows:
        writer.writerow(["" if value is None else plain(value) for value in row])
    response = HttpResponse("\N{BYTE ORDER MARK}" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def xlsx_file(name: str, rows: Iterable[Row]) -> HttpResponse:
    """Return rows, the first of them the headings, as a spreadsheet; amounts keep the decimals that they are given."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:_LONGEST_TITLE])
    for number, row in enumerate(rows):
        sheet.append([_cell(sheet, plain(value), is_heading=number == 0) for value in row])
    stream = io.BytesIO()
    book.save(stream)
    response = HttpResponse(stream.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def _cell(sheet: Any, value: str | int | Decimal | date | None, *, is_heading: bool) -> Any:
    content: Any = value
    cell = WriteOnlyCell(sheet, value=content)
    if is_heading:
        cell.font = Font(bold=True)
    elif isinstance(value, Decimal):
        places = max(-int(value.as_tuple().exponent), 0)
        cell.number_format = "#,##0" + ("." + "0" * places if places else "")
    return cell
