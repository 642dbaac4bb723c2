"""Tables that people take away: figures stay figures, and no words become a formula."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook

from trustfund.core import spreadsheets
from trustfund.core.money import Money

ROWS: list[spreadsheets.Row] = [
    ("Donor", "Due", "Amount", "Parts"),
    ("=HYPERLINK(1)", date(2026, 6, 30), Money.of("-1700000.00", "USD"), 3),
    ("Valdria", None, Money.of("9200000000", "KRW"), Decimal("0.0921")),
]


def test_csv_keeps_figures_and_tames_words():
    response = spreadsheets.csv_file("arrears", ROWS)
    assert response["Content-Disposition"] == 'attachment; filename="arrears.csv"'
    text = response.content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [
        ["Donor", "Due", "Amount", "Parts"],
        ["'=HYPERLINK(1)", "2026-06-30", "-1700000.00", "3"],
        ["Valdria", "", "9200000000", "0.0921"],
    ]


def test_a_spreadsheet_holds_the_same_with_each_amounts_own_decimals():
    response = spreadsheets.xlsx_file("arrears", ROWS)
    sheet = load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows())
    assert rows[1][0].value == "'=HYPERLINK(1)"
    assert Decimal(str(rows[1][2].value)) == Decimal(-1700000)
    assert [rows[1][2].number_format, rows[2][2].number_format, rows[2][3].number_format] == [
        "#,##0.00",
        "#,##0",
        "#,##0.0000",
    ]
    assert rows[0][0].font.b


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "  =1", "|cmd", "\uff1d1"])
def test_words_that_a_spreadsheet_would_run_are_words(words):
    assert spreadsheets.plain(words) == f"'{words}"


def test_a_late_translation_is_words_too():
    late: Any = gettext_lazy("-total")
    assert spreadsheets.plain(late) == "'-total"
