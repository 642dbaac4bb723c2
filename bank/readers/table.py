"""The fund's own CSV for banks that send nothing better; the secretariat's guide describes it. Pure."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Final

from django.utils.translation import gettext as _

from bank.readers.reading import (
    MOST_ENTRIES,
    Entry,
    Part,
    Reading,
    ReadStatement,
    Said,
    Unreadable,
    amount,
    currency,
    day,
    one_line,
    plain,
    reference,
)

FORM: Final = "CSV"
COLUMNS: Final = (
    "row",
    "account",
    "currency",
    "booked_on",
    "value_on",
    "amount",
    "bank_reference",
    "end_to_end_id",
    "party",
    "party_account",
    "text",
)
_OPENING, _LINE, _CLOSING = "opening", "line", "closing"


def read_table(content: bytes) -> Reading:
    """
    Return what a CSV says: an opening balance, lines and a closing balance, for one account after the other.

    Amounts of what went out carry a minus sign.

    :raises Unreadable: if it is no such table
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _no_table() from None
    if "\x00" in text:
        raise _no_table()
    try:
        rows = list(csv.reader(StringIO(text, newline=""), strict=True))
    except csv.Error:
        raise _no_table() from None
    if not rows or tuple(word.strip() for word in rows[0]) != COLUMNS:
        raise _no_table()
    if len(rows) > MOST_ENTRIES:
        raise Unreadable.too_many(MOST_ENTRIES)
    return Reading(form=FORM, statements=tuple(_statements(rows[1:])))


def _no_table() -> Unreadable:
    return Unreadable(
        _("This is no camt message, no MT940, and no CSV with the columns %(columns)s. Choose the bank's own file.")
        % {"columns": ", ".join(COLUMNS)}
    )


def _statements(rows: list[list[str]]) -> list[ReadStatement]:
    found: list[ReadStatement] = []
    opening: dict[str, str] | None = None
    entries: list[Entry] = []
    for number, cells in enumerate(rows, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(COLUMNS):
            raise _out_of_place(number)
        row = dict(zip(COLUMNS, (cell.strip() for cell in cells), strict=True))
        if row["row"] == _OPENING and opening is None:
            opening, entries = row, []
        elif opening is None or (row["account"], row["currency"]) != (opening["account"], opening["currency"]):
            raise _out_of_place(number)
        elif row["row"] == _LINE:
            entries += [entry for entry in [_entry(row)] if entry.amount]
        elif row["row"] == _CLOSING:
            found.append(_statement(opening, entries, row))
            opening = None
        else:
            raise _out_of_place(number)
    if opening is not None or not found:
        raise Unreadable(_("The table does not end with a closing balance. Add the row “closing”."))
    return found


def _out_of_place(number: int) -> Unreadable:
    return Unreadable(
        _("Row %(number)s is out of place: one account has an opening row, its lines, and a closing row.")
        % {"number": number}
    )


def _signed(words: str) -> Decimal:
    return -amount(words[1:]) if words.startswith("-") else amount(words)


def _entry(row: dict[str, str]) -> Entry:
    moved = _signed(row["amount"])
    booked_on: date = day(row["booked_on"])
    return Entry(
        amount=moved,
        currency=currency(row["currency"]),
        booked_on=booked_on,
        value_on=day(row["value_on"]) if row["value_on"] else booked_on,
        bank_reference=reference(row["bank_reference"]),
        parts=(
            Part(
                amount=moved,
                end_to_end_id=reference(row["end_to_end_id"]),
                party=one_line(row["party"]),
                party_account=plain(row["party_account"]),
                text=one_line(row["text"]),
            ),
        ),
    )


def _statement(opening: dict[str, str], entries: list[Entry], closing: dict[str, str]) -> ReadStatement:
    account = plain(opening["account"])
    if not account:
        raise Unreadable(_("A statement does not name its account. Ask the bank for the whole file."))
    return ReadStatement(
        said=Said.STATEMENT,
        account=account,
        currency=currency(opening["currency"]),
        reference=reference(opening["text"]),
        opening=_signed(opening["amount"]),
        closing=_signed(closing["amount"]),
        opens_on=day(opening["booked_on"]),
        closes_on=day(closing["booked_on"]),
        entries=tuple(entries),
    )
