"""
Reading published exchange rates: the UN's operational rates (XML) and the ECB's reference rates (CSV or zip). Pure.

A file comes from outside: nothing is fetched, no entity is expanded, nothing larger than a published file is read.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

from django.utils.translation import gettext as _
from lxml import etree

from donors.rates import FUND_CURRENCY
from trustfund.core.currencies import MINOR_UNITS
from trustfund.core.refusals import Unacceptable

# The real files: operational rates 60 kB, the ECB's whole history 0.7 MB zipped and 2.6 MB unpacked.
LARGEST_FILE: Final = 3_000_000
_LARGEST_UNPACKED: Final = 12_000_000
_MOST_ROWS: Final = 2_000
_MOST_DAYS: Final = 20_000
_EUR: Final = "EUR"
RATE_PLACES: Final = 8

_CELLS: Final = ("abbrv_name", "f_curr_code", "eff_date", "rate")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_IN_WORDS: Final = re.compile(r"(\d{1,2}) ([A-Za-z]{3})[a-z]* (\d{4})")
_DAY_IN_DIGITS: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T00:00:00(?:\.0+)?(?:Z|[+-]00:00)?)?")
_CODE: Final = re.compile(r"[A-Z]{3}")
_NUMBER: Final = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,12})?")


class Publisher(StrEnum):
    """Who publishes rates that the fund reads."""

    UN = "un"
    ECB = "ecb"


@dataclass(frozen=True)
class Published:
    """One operational rate of a file: units of a currency for one USD from a day on."""

    line: int
    place: str
    currency: str
    effective_on: date
    units_per_usd: Decimal


@dataclass(frozen=True)
class Unreadable:
    """One row that says no rate, and why."""

    line: int
    place: str
    currency: str
    reason: str


@dataclass(frozen=True)
class ReferenceDay:
    """What the ECB published on a day: units of each currency for one EUR, in its own digits."""

    day: date
    per_eur: Mapping[str, str]


def publisher_of(content: bytes) -> Publisher:
    """
    Return whose file this is, by what it begins with; its name is not asked.

    :raises Unacceptable: if it is neither's, empty, or larger than any published file
    """
    if len(content) > LARGEST_FILE:
        raise Unacceptable(
            _("The file is larger than %(most)s bytes. Published rates are not.") % {"most": LARGEST_FILE}
        )
    start = content[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        return Publisher.UN
    if content.startswith(b"PK\x03\x04") or start.lower().startswith(b"date"):
        return Publisher.ECB
    raise Unacceptable(
        _("This is neither the UN's XML of operational rates nor the ECB's CSV or zip. Take the file as published.")
    )


# --- the UN's operational rates -------------------------------------------------------------------------------------


def operational_rates(content: bytes) -> list[Published | Unreadable]:
    """
    Return the rates of a file of UN operational rates, one for each currency and day, and the rows that say none.

    A file has a row for each country, so a currency stands in it many times; all of them must agree.

    :raises Unacceptable: if it is not such a file, two rows contradict each other, or its rates are not for one USD
    """
    found: dict[tuple[str, date], Published] = {}
    unreadable: list[Unreadable] = []
    for line, row in enumerate(_rows_of(content), start=1):
        try:
            one = _published(line, row)
        except Unacceptable as refusal:
            unreadable.append(Unreadable(line, row["abbrv_name"], row["f_curr_code"], refusal.message))
            continue
        before = found.setdefault((one.currency, one.effective_on), one)
        if before.units_per_usd != one.units_per_usd:
            raise Unacceptable(
                _(
                    "The file contradicts itself: %(currency)s is %(one)s for %(here)s and %(other)s for %(there)s. "
                    "Nothing of it is taken; ask the publisher."
                )
                % {
                    "currency": one.currency,
                    "one": before.units_per_usd,
                    "here": before.place,
                    "other": one.units_per_usd,
                    "there": one.place,
                }
            )
    if not found:
        raise Unacceptable(_("The file holds no rate that can be read. Take the file as it is published."))
    for one in found.values():
        if one.currency == FUND_CURRENCY and one.units_per_usd != 1:
            raise Unacceptable(
                _("The file says that one USD is %(rate)s USD, so its rates are for something else. Nothing is taken.")
                % {"rate": one.units_per_usd}
            )
    return sorted([*found.values(), *unreadable], key=lambda row: (row.currency, row.line))


def _rows_of(content: bytes) -> Iterator[dict[str, str]]:
    """Yield the rows of the XML; its inline schema and the stray text after it are passed over."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unacceptable(
            _("The file is not XML that can be read: %(reason)s. Nothing of it is taken.") % {"reason": error}
        ) from None
    about: Any = root.getroottree().docinfo
    if about.doctype:
        raise Unacceptable(
            _("The file declares a document type, which no published file does. Nothing of it is taken.")
        )
    if root.tag != "UN_OPERATIONAL_RATES_DATASET":
        raise Unacceptable(_("The XML is no file of UN operational rates. Take the file as it is published."))
    rows = root.findall("UN_OPERATIONAL_RATES")
    if len(rows) > _MOST_ROWS:
        raise Unacceptable(_("The file has more than %(most)s rows. Published rates do not.") % {"most": _MOST_ROWS})
    for row in rows:
        yield {name: " ".join((row.findtext(name) or "").split())[:80] for name in _CELLS}


def _published(line: int, row: dict[str, str]) -> Published:
    currency = row["f_curr_code"]
    if not _CODE.fullmatch(currency) or currency not in MINOR_UNITS:
        raise Unacceptable(_("The fund knows no currency %(code)s.") % {"code": currency or _("without a code")})
    return Published(
        line=line,
        place=row["abbrv_name"],
        currency=currency,
        effective_on=_day(row["eff_date"]),
        units_per_usd=_rate(row["rate"]),
    )


def _day(text: str) -> date:
    """Return the day that a file names: "01 Oct 2026" in spite of its schema, or as the schema says."""
    try:
        if in_words := _DAY_IN_WORDS.fullmatch(text):
            day, month, year = in_words.groups()
            return date(int(year), _MONTHS.index(month.lower()) + 1, int(day))
        if in_digits := _DAY_IN_DIGITS.fullmatch(text):
            return date.fromisoformat(in_digits[1])
    except ValueError:
        pass
    raise Unacceptable(_("“%(text)s” is no day such as 01 Oct 2026.") % {"text": text})


def _rate(text: str) -> Decimal:
    if not text.isascii() or not _NUMBER.fullmatch(text):
        raise Unacceptable(_("“%(text)s” is no rate such as 0.882.") % {"text": text})
    rate = Decimal(text)
    if rate <= 0:
        raise Unacceptable(_("A rate is more than zero: units of the currency for one USD."))
    if rate != round(rate, RATE_PLACES):
        raise Unacceptable(_("A rate has at most %(places)s decimals.") % {"places": RATE_PLACES})
    return rate


# --- the ECB's reference rates --------------------------------------------------------------------------------------


def reference_days(content: bytes) -> list[ReferenceDay]:
    """
    Return the days of a file of ECB reference rates, newest first, each with what was published on it.

    :raises Unacceptable: if it is not such a file, a number cannot be read, or a day stands in it twice
    """
    rows = csv.reader(io.StringIO(_text_of(content)), strict=True)
    try:
        found = list(_days_of(rows))
    except csv.Error as error:
        raise Unacceptable(_("The file is not CSV: %(reason)s.") % {"reason": error}) from None
    days = {one.day for one in found}
    if not found or len(days) != len(found):
        raise Unacceptable(_("The file names no day, or one day twice. Nothing of it is taken."))
    return sorted(found, key=lambda one: one.day, reverse=True)


def _text_of(content: bytes) -> str:
    """Return the CSV, out of its zip if it came in one: a zip of exactly one file that does not swell."""
    if content.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                (member,) = archive.infolist()
                with archive.open(member) as packed:
                    content = packed.read(_LARGEST_UNPACKED + 1)
        except (zipfile.BadZipFile, ValueError, RuntimeError, EOFError, zlib.error):
            raise Unacceptable(
                _("The zip cannot be read, or holds other than one file. Take it as published.")
            ) from None
        if len(content) > _LARGEST_UNPACKED:
            raise Unacceptable(_("The zip holds far more than the ECB publishes. Nothing of it is taken."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unacceptable(_("The file is no text. Take it as it is published.")) from None


def _days_of(rows: Iterator[list[str]]) -> Iterator[ReferenceDay]:
    head = [cell.strip() for cell in next(rows, [])]
    codes = head[1:]
    if not head or head[0].lower() != "date" or FUND_CURRENCY not in codes:
        raise Unacceptable(_("The file has no column for USD, so it is none of the ECB's reference rates."))
    for number, row in enumerate(rows, start=1):
        if number > _MOST_DAYS:
            raise Unacceptable(_("The file has more than %(most)s days.") % {"most": _MOST_DAYS})
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if len(cells) != len(head):
            raise Unacceptable(_("Row %(number)s has other cells than the heading.") % {"number": number})
        said = {code: cell for code, cell in zip(codes, cells[1:], strict=True) if code and cell not in {"", "N/A"}}
        if not all(_CODE.fullmatch(code) and _is_number(cell) for code, cell in said.items()):
            raise Unacceptable(_("Row %(number)s holds a rate that is no number.") % {"number": number})
        yield ReferenceDay(_day(cells[0]), said)


def _is_number(cell: str) -> bool:
    return cell.isascii() and bool(_NUMBER.fullmatch(cell)) and Decimal(cell) > 0


def units_per_usd(per_eur: Mapping[str, str], currency: str) -> Fraction | None:
    """
    Return how many units of a currency the ECB's rates of a day make one USD, exactly; nothing if it published none.

    The ECB quotes units for one EUR, so units for one USD are the one divided by the other.
    """
    if FUND_CURRENCY not in per_eur:
        return None
    usd = Fraction(per_eur[FUND_CURRENCY])
    if currency == _EUR:
        return 1 / usd
    return Fraction(per_eur[currency]) / usd if currency in per_eur else None


def difference_in_percent(rate: Decimal, reference: Fraction) -> Decimal:
    """Return by how much a rate lies above a reference, in per cent to two decimals; below it is negative."""
    exact = (Fraction(rate) / reference - 1) * 100
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.01"))
