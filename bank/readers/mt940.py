"""SWIFT MT940, as banks write it and not only as SWIFT does; the package mt-940 reads each statement. Pure."""

import re
from datetime import date
from decimal import Decimal
from typing import Any, Final

import mt940
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
    one_line,
    plain,
    reference,
)

FORM: Final = "MT940"
_STATEMENT: Final = re.compile(r"^(?=:20:)", re.MULTILINE)
_CLOSING: Final = re.compile(r"^:62[FM]:.*$", re.MULTILINE)
_FIGURES: Final = re.compile(r"^:6.*$", re.MULTILINE)
_ACCOUNT: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}")
_NAME: Final = re.compile(r"/?NAME[/:]\s*([^/\n]+)")
_END_TO_END: Final = re.compile(r"/EREF/([^/]+)")
_REMITTANCE: Final = re.compile(r"/REMI/([^/]+)")
# A reversal of a credit takes money away, and a lower-case mark is the same mark.
_OPTIONS: Final = mt940.Options(reversal_sign=True, case_insensitive_marks=True)


def read_mt940(content: bytes) -> Reading:
    """
    Return what an MT940 file says: one or many statements.

    :raises Unreadable: if it cannot be read, or figures are written in other digits than 0 to 9
    """
    text = _text(content)
    blocks = [block for block in _STATEMENT.split(text) if block.startswith(":20:")]
    statements = tuple(_statement(block) for block in blocks)
    if not statements:
        raise Unreadable(_("The file holds no statement. Ask the bank for the whole file."))
    if sum(len(statement.entries) for statement in statements) > MOST_ENTRIES:
        raise Unreadable.too_many(MOST_ENTRIES)
    return Reading(form=FORM, message=statements[0].reference, statements=statements)


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text:
        raise Unreadable(_("The file holds bytes that are no text. Fetch it from the bank again."))
    figures = "".join(_FIGURES.findall(text))
    if any(letter.isdecimal() and not letter.isascii() for letter in figures):
        raise Unreadable(_("Figures are written in digits 0 to 9. This file has others, so it is not read."))
    return text


def _statement(block: str) -> ReadStatement:
    closing = _CLOSING.search(block)
    # What follows the closing balance belongs to no entry: available balances and the bank's own sums.
    kept = block[: closing.end()] if closing else block
    try:
        read = mt940.parse(kept, options=_OPTIONS)
    except (ValueError, RuntimeError, ArithmeticError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(
            _("The statement that begins with “%(line)s” cannot be read. Fetch the file from the bank again.")
            % {"line": block.partition("\n")[0][:40]}
        ) from error
    opening = _balance(read.data, "opening")
    end = _balance(read.data, "closing")
    account = plain(str(read.data.get("account_identification") or ""))
    if opening is None or end is None or not account:
        raise Unreadable(_("A statement lacks its account or a balance. Ask the bank for the whole file."))
    number = [str(read.data.get(name) or "") for name in ("statement_number", "sequence_number")]
    return ReadStatement(
        said=Said.STATEMENT,
        account=account,
        currency=currency(opening[1]),
        reference=reference(str(read.data.get("transaction_reference") or "")),
        sequence="/".join(word for word in number if word),
        opening=opening[0],
        closing=end[0],
        opens_on=opening[2],
        closes_on=end[2],
        entries=tuple(entry for one in read if (entry := _entry(one.data)) is not None),
    )


def _balance(said: dict[str, Any], which: str) -> tuple[Decimal, str, date] | None:
    balance = said.get(f"final_{which}_balance") or said.get(f"intermediate_{which}_balance")
    if balance is None:
        return None
    return _signed(balance.amount.amount), str(balance.amount.currency), _day(balance.date)


def _signed(found: Decimal) -> Decimal:
    exact = amount(format(abs(found), "f"))
    return -exact if found < 0 else exact


def _day(found: date) -> date:
    return date(found.year, found.month, found.day)


def _entry(said: dict[str, Any]) -> Entry | None:
    """Return an entry; a line of zero is the bank's remark and moves nothing."""
    moved = _signed(said["amount"].amount)
    if not moved:
        return None
    booked_on = _day(said.get("entry_date") or said["date"])
    details = str(said.get("transaction_details") or "")
    joined = details.replace("\n", "")
    account = _ACCOUNT.search(str(said.get("extra_details") or "")) or _ACCOUNT.search(details)
    name, end_to_end, remittance = _NAME.search(joined), _END_TO_END.search(joined), _REMITTANCE.search(joined)
    code = str(said.get("id") or "")
    return Entry(
        amount=moved,
        currency=currency(str(said["amount"].currency)),
        booked_on=booked_on,
        value_on=_day(said["date"]),
        bank_reference=reference(said.get("bank_reference")),
        is_reversal=str(said["status"]).upper().startswith("R"),
        parts=(
            Part(
                amount=moved,
                end_to_end_id=reference(end_to_end[1] if end_to_end else said.get("customer_reference")),
                party=one_line(name[1] if name else ""),
                party_account=account[0] if account else "",
                text=one_line(f"{remittance[1] if remittance else details} {said.get('extra_details') or ''}"),
                code=code,
                is_return=str(said["status"]).upper().startswith("R") or code in {"NRTI", "NRET"},
            ),
        ),
    )
