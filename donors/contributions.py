"""Reading a file of contributions as CERF publishes them: one row a pledge, its signature and its receipt. Pure."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final, TypeVar

from django.utils.translation import gettext as _

from donors.rates import FUND_CURRENCY
from donors.schedule import LONGEST_YEARS
from trustfund.core.money import Money, decimals_of
from trustfund.core.refusals import Unacceptable

COLUMNS: Final = (
    "ContributionCode",
    "Donor",
    "CountryCode",
    "Year",
    "DonorType",
    "ContributionStatus",
    "AgreementFromYear",
    "AgreementToYear",
    "PledgeDate",
    "PledgeCurrency",
    "PledgeAmountUSD",
    "CommitmentDate",
    "ReceivedDate",
    "ReceivedAmountUSD",
    "WriteoffAmountUSD",
    "OutstandingAmountUSD",
)
# The file writes derived amounts as binary floats (-464385.4700000007); they are compared to the cent.
_CENT: Final = Decimal("0.01")
_HALF_A_CENT: Final = Decimal("0.005")
_COUNTRY: Final = re.compile("[A-Z]{3}")
Word = TypeVar("Word", bound=StrEnum)


# A year of CERF has some seventy rows in fifteen thousand bytes.
LARGEST_FILE: Final = 2_000_000
MOST_ROWS: Final = 5_000


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    THERE = "there"
    REFUSED = "refused"


class Stage(StrEnum):
    """How far a contribution has come, in the file's own words."""

    PIPELINE = "Pipeline"
    PLEDGE = "Pledge"
    FULLY_PAID = "Fully Paid"


class Giver(StrEnum):
    """What sort of donor it is, in the file's own words."""

    MEMBER_STATE = "Member State"
    AUTHORITY = "Regional Local Authority"
    PRIVATE = "Private"


@dataclass(frozen=True)
class Contribution:
    """One row that can be read. All amounts are in USD; the currency is the one that was pledged and paid."""

    line: int
    code: str
    donor: str
    country_code: str
    giver: Giver
    stage: Stage
    year: int
    from_year: int
    to_year: int
    currency: str
    announced_on: date
    pledged: Money
    signed_on: date | None
    received_on: date | None
    received: Money

    @property
    def due_on(self) -> date:
        """The last day on which it can be paid in time: the file names a year, and no day."""
        return date(self.year, 12, 31)

    def require_past(self, today: date) -> None:
        """
        Do nothing if all of it has happened by a day.

        :raises Unacceptable: if one of its dates lies after it
        """
        days = [day for day in (self.announced_on, self.signed_on, self.received_on) if day is not None]
        if max(days) > today:
            raise Unacceptable(_("%(day)s lies in the future.") % {"day": max(days).isoformat()})


@dataclass(frozen=True)
class BadRow:
    """One row that cannot be read, and why."""

    line: int
    code: str
    reason: str


def rows_of(content: bytes) -> list[Contribution | BadRow]:
    """
    Return every row of a file's bytes, readable or not, in its order.

    :raises Unacceptable: if it is too large or has too many rows, is no UTF-8 text, or lacks a column
    """
    if len(content) > LARGEST_FILE:
        raise Unacceptable(
            _("The file is larger than %(most)s bytes. Export one year at a time.") % {"most": LARGEST_FILE}
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unacceptable(_("The file is not UTF-8 text. Save it so and try again.")) from None
    if "\0" in text:
        raise Unacceptable(_("The file is not text: it holds zero bytes. Export it as CSV."))
    found: list[Contribution | BadRow] = []
    for row in read(io.StringIO(text, newline="")):
        if len(found) == MOST_ROWS:
            raise Unacceptable(_("The file has more than %(most)s rows. Split it.") % {"most": MOST_ROWS})
        found.append(row)
    return found


def read(lines: Iterable[str]) -> Iterator[Contribution | BadRow]:
    """
    Return every row of a file, readable or not, in its order.

    :raises Unacceptable: if the file lacks a column, so that no row can be read
    """
    rows = csv.DictReader(lines, strict=True)
    lacking = [name for name in COLUMNS if name not in (rows.fieldnames or [])]
    if lacking:
        raise Unacceptable(
            _("The file lacks the columns %(names)s. Export it again with all of them.") % {"names": ", ".join(lacking)}
        )
    seen: dict[str, int] = {}
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield BadRow(rows.line_num, "", _("The row is not CSV: %(reason)s.") % {"reason": error})
            continue
        code = (row["ContributionCode"] or "").strip()
        try:
            _require_new(code, seen)
            contribution = _contribution(rows.line_num, code, row)
        except Unacceptable as refusal:
            yield BadRow(rows.line_num, code, refusal.message)
        else:
            seen[code] = rows.line_num
            yield contribution


def _require_new(code: str, seen: dict[str, int]) -> None:
    if code in seen:
        raise Unacceptable(_("%(code)s stands in line %(line)s too.") % {"code": code, "line": seen[code]})


def _contribution(line: int, code: str, row: "dict[str, str]") -> Contribution:
    if None in row or None in row.values():
        raise Unacceptable(_("The row has more or fewer cells than the heading."))
    cells = {name: cell.strip() for name, cell in row.items()}
    if not code or not cells["Donor"]:
        raise Unacceptable(_("The row names no contribution or no donor."))
    year = _year(cells, "Year")
    contribution = Contribution(
        line=line,
        code=code,
        donor=cells["Donor"],
        country_code=cells["CountryCode"],
        giver=_one_of(Giver, cells, "DonorType"),
        stage=_one_of(Stage, cells, "ContributionStatus"),
        year=year,
        from_year=_year(cells, "AgreementFromYear") if cells["AgreementFromYear"] else year,
        to_year=_year(cells, "AgreementToYear") if cells["AgreementToYear"] else year,
        currency=cells["PledgeCurrency"],
        announced_on=_day(cells, "PledgeDate"),
        pledged=_money(cells, "PledgeAmountUSD"),
        signed_on=_day(cells, "CommitmentDate") if cells["CommitmentDate"] else None,
        received_on=_day(cells, "ReceivedDate") if cells["ReceivedDate"] else None,
        received=_money(cells, "ReceivedAmountUSD"),
    )
    decimals_of(contribution.currency)
    _require_whole(contribution, written_off=_money(cells, "WriteoffAmountUSD"))
    _require_adds_up(contribution, _decimal(cells, "OutstandingAmountUSD"))
    return contribution


def _require_whole(row: Contribution, *, written_off: Money) -> None:
    """Refuse a row whose parts cannot all be true, or that says what only the committee can decide."""
    if written_off:
        raise Unacceptable(_("A write-off is decided by the committee; it cannot be brought over."))
    if row.pledged.minor <= 0 or row.received.minor < 0:
        raise Unacceptable(_("The pledge is more than zero, and what was received is not less than zero."))
    if row.stage is Stage.PIPELINE and (row.signed_on or row.received_on):
        raise Unacceptable(_("The row is in the pipeline, and yet it has a date of commitment or receipt."))
    if row.stage is not Stage.PIPELINE and row.signed_on is None:
        raise Unacceptable(_("The row is past the pipeline, and has no date of commitment."))
    if not 0 <= row.to_year - row.from_year < LONGEST_YEARS:
        raise Unacceptable(_("An agreement runs over 1 to %(longest)s years.") % {"longest": LONGEST_YEARS})
    if row.country_code and not _COUNTRY.fullmatch(row.country_code):
        raise Unacceptable(_("%(code)s is no country code of three capital letters.") % {"code": row.country_code})
    if bool(row.received) != (row.received_on is not None):
        raise Unacceptable(_("Something was received without a date, or a date stands without an amount."))
    if (row.stage is Stage.FULLY_PAID) != bool(row.received):
        raise Unacceptable(_("A row is fully paid when it has a receipt, and only then."))
    if row.received and row.currency == FUND_CURRENCY and row.received < row.pledged:
        raise Unacceptable(_("Less was received than pledged in the same currency, so it is not fully paid."))


def _require_adds_up(row: Contribution, outstanding: Decimal) -> None:
    expected = (row.pledged - row.received).amount
    if abs(expected - outstanding) >= _HALF_A_CENT:
        raise Unacceptable(
            _("The row does not add up: pledged less received is %(expected)s, and it says %(outstanding)s.")
            % {"expected": expected, "outstanding": outstanding.quantize(_CENT)}
        )


def _decimal(cells: "dict[str, str]", name: str) -> Decimal:
    try:
        value = Decimal(cells[name])
    except InvalidOperation:
        value = Decimal("NaN")
    if not cells[name].isascii() or not value.is_finite():
        raise Unacceptable(_("%(name)s is no number: %(cell)s.") % {"name": name, "cell": cells[name] or _("empty")})
    return value


def _money(cells: "dict[str, str]", name: str) -> Money:
    return Money.of(_decimal(cells, name), FUND_CURRENCY)


def _day(cells: "dict[str, str]", name: str) -> date:
    try:
        return date.fromisoformat(cells[name])
    except ValueError:
        raise Unacceptable(
            _("%(name)s is no day such as 2026-01-31: %(cell)s.") % {"name": name, "cell": cells[name] or _("empty")}
        ) from None


def _year(cells: "dict[str, str]", name: str) -> int:
    cell = cells[name]
    if not (cell.isascii() and cell.isdigit() and date.min.year <= int(cell) <= date.max.year):
        raise Unacceptable(_("%(name)s is no year: %(cell)s.") % {"name": name, "cell": cell or _("empty")})
    return int(cell)


def _one_of(kinds: type[Word], cells: "dict[str, str]", name: str) -> Word:
    try:
        return kinds(cells[name])
    except ValueError:
        raise Unacceptable(
            _("%(name)s is none of %(known)s: %(cell)s.")
            % {"name": name, "known": ", ".join(str(kind) for kind in kinds), "cell": cells[name] or _("empty")}
        ) from None
