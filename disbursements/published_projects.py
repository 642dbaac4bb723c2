"""Rows of a published list of country-based pooled fund projects, read into values or refused with a reason. Pure."""

import csv
import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final, TextIO

from django.utils.translation import gettext as _

from disbursements.budget import CEILING_PERCENT, Line, Part, least_direct
from disbursements.categories import Category
from disbursements.fingerprints import Content, People
from disbursements.states import OrganisationKind
from trustfund.core.money import Money
from trustfund.core.refusals import Unacceptable

CURRENCY: Final = "USD"
# The list prints every figure with at most this many significant digits.
SIGNIFICANT: Final = 7
COLUMNS: Final = frozenset(
    {
        *("PFId", "AllNm", "PrjCode", "AllSrc", "OrgNm", "OrgTypeId", "PrjTitle", "AStrDt", "AEndDt"),
        *("PrgBdg", "BgdDC", "BdgSC", "PrjSubDt", "BenAgg", "PrjGM", "PrjStsCode", "ApprDt"),
    }
)
_KINDS: Final[dict[str, OrganisationKind]] = {
    "1": OrganisationKind.NATIONAL_NGO,
    "2": OrganisationKind.INTERNATIONAL_NGO,
    "3": OrganisationKind.UN_AGENCY,
    "4": OrganisationKind.OTHER,
}
# Channels of delivery that the list's United Nations agencies are known by.
_CHANNELS: Final[dict[str, str]] = {
    "World Health Organization": "41307",
    "United Nations Children's Fund": "41122",
    "United Nations Population Fund": "41119",
    "World Food Programme": "41140",
}
_WHO: Final = "World Health Organization"
_LONGEST_TITLE: Final = 400
_LONGEST_NAME: Final = 200
_GROUPS: Final = 4
_MOMENT: Final = "%m/%d/%Y %I:%M:%S %p"


@dataclass(frozen=True)
class PublishedRow:
    """One project as it can be brought in."""

    code: str
    organisation: str
    kind: OrganisationKind
    channel_code: str
    region: str
    starts_on: date
    ends_on: date
    content: Content
    allocation: str
    status_code: str
    submitted_at: datetime
    approved_at: datetime
    total: str
    direct: str
    support: str
    # What the direct cost was raised by, within its last printed digit, so that indirect cost is at most 7 % of it.
    raised_by: Money
    amount: Money


def numbered_rows(lines: TextIO) -> Iterator[tuple[int, dict[str, str] | None]]:
    """
    Return each row with the number of its first line; None for a row whose fields do not fit the columns.

    :raises Unacceptable: if a column that is needed is missing from the file
    """
    reader = csv.DictReader(lines, restkey="…", restval=None)
    missing = sorted(COLUMNS - set(reader.fieldnames or ()))
    if missing:
        raise Unacceptable(
            _("The file has no column %(names)s. Use the published list as it is.") % {"names": ", ".join(missing)}
        )
    first = reader.line_num + 1
    for row in reader:
        fits = "…" not in row and None not in row.values()
        yield first, ({str(name): str(value) for name, value in row.items()} if fits else None)
        first = reader.line_num + 1


def row_of(fields: Mapping[str, str] | None) -> PublishedRow:
    """
    Return a row as a project that can be brought in.

    :raises Unacceptable: with the reason, if it cannot
    """
    if fields is None:
        raise Unacceptable(_("The row has more or fewer fields than the header. Look for a lost comma or quote."))
    code = fields["PrjCode"].strip()
    if not code:
        raise Unacceptable(_("The row has no project code. Without one it cannot be told from others."))
    title = _one_line(fields["PrjTitle"])
    name = _one_line(fields["OrgNm"])
    if not title or len(title) > _LONGEST_TITLE:
        raise Unacceptable(_("The title is empty or longer than 400 characters. Shorten it."))
    if not name or len(name) > _LONGEST_NAME:
        raise Unacceptable(_("The organisation's name is empty or longer than 200 characters. Shorten it."))
    kind = _KINDS.get(fields["OrgTypeId"].strip())
    if name == _WHO:
        kind = OrganisationKind.WHO
    if kind is None:
        raise Unacceptable(_("The kind of organisation “%(kind)s” is not 1 to 4.") % {"kind": fields["OrgTypeId"]})
    starts_on, ends_on = _moment(fields, "AStrDt").date(), _moment(fields, "AEndDt").date()
    if ends_on < starts_on:
        raise Unacceptable(_("The project ends before it starts. Change one of the two dates."))
    amount, direct, raised_by = _figures(fields)
    indirect = amount - direct
    lines = [Line(Category.OPERATING, direct, _("The published list gives no split of the direct cost by category."))]
    if indirect:
        lines.append(Line(Category.INDIRECT, indirect))
    allocation = _one_line(fields["AllNm"])
    return PublishedRow(
        code=code,
        organisation=name,
        kind=kind,
        channel_code=_CHANNELS.get(name, ""),
        region=_("Area of country-based pooled fund %(code)s") % {"code": _area(code, fields["PFId"])},
        starts_on=starts_on,
        ends_on=ends_on,
        content=Content(
            title=title,
            summary=_summary(allocation, fields),
            lines=tuple(lines),
            parts=(Part(_("The whole amount"), starts_on, amount),),
            people=_people(fields["BenAgg"]),
        ),
        allocation=allocation,
        status_code=fields["PrjStsCode"].strip(),
        submitted_at=_moment(fields, "PrjSubDt"),
        approved_at=_moment(fields, "ApprDt"),
        total=fields["PrgBdg"].strip(),
        direct=fields["BgdDC"].strip(),
        support=fields["BdgSC"].strip(),
        raised_by=raised_by,
        amount=amount,
    )


def _one_line(text: str) -> str:
    return " ".join(html.unescape(text).split())


def _area(code: str, fund: str) -> str:
    parts = code.split("-")
    return parts[1] if len(parts) > 1 else fund.strip()


def _summary(allocation: str, fields: Mapping[str, str]) -> str:
    window = {"1": _("Reserve"), "2": _("Standard")}.get(fields["AllSrc"].strip(), fields["AllSrc"].strip())
    marker = _one_line(fields["PrjGM"])
    said = [
        _("Allocation: %(name)s (%(window)s).") % {"name": allocation, "window": window},
        _("Gender and age marker: %(marker)s.") % {"marker": marker} if marker else "",
    ]
    return "\n".join(filter(None, said))


def _moment(fields: Mapping[str, str], name: str) -> datetime:
    text = fields[name].strip()
    try:
        return datetime.strptime(text, _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        raise Unacceptable(
            _("%(name)s is “%(text)s” and not a date like 6/27/2023 11:10:15 AM.") % {"name": name, "text": text}
        ) from None


def _people(text: str) -> People:
    groups = text.strip().split("##")
    if len(groups) != _GROUPS or not all(group.isascii() and group.isdigit() for group in groups):
        raise Unacceptable(
            _("BenAgg is “%(text)s” and not men##women##boys##girls in whole numbers.") % {"text": text.strip()}
        )
    men, women, boys, girls = (int(group) for group in groups)
    return People(women=women, men=men, girls=girls, boys=boys)


def _number(fields: Mapping[str, str], name: str) -> Decimal:
    text = fields[name].strip()
    try:
        number = Decimal(text) if text.isascii() else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0:
        raise Unacceptable(_("%(name)s is “%(text)s” and not an amount.") % {"name": name, "text": text})
    return number


def _last_digit(number: Decimal) -> Decimal:
    return Decimal(1).scaleb(number.adjusted() - SIGNIFICANT + 1) if number else Decimal(0)


def _figures(fields: Mapping[str, str]) -> tuple[Money, Money, Money]:
    """
    Return the amount, the direct cost, and what the direct cost was raised by.

    Indirect cost is the total less both costs (rule R7). Printed figures are rounded to seven digits, so that at
    exactly 7 % the rounding alone may put it a few cents above; then the least direct cost that obeys the rule is
    taken, provided that it differs from the printed one by no more than one unit of the last printed digits. The
    total stays as printed.
    """
    whole, cost = _number(fields, "PrgBdg"), _number(fields, "BgdDC") + _number(fields, "BdgSC")
    amount, printed = Money.of(whole, CURRENCY), Money.of(cost, CURRENCY)
    if not printed:
        raise Unacceptable(_("The row has no direct cost."))
    if printed > amount:
        raise Unacceptable(
            _("Direct cost of %(direct)s is above the total of %(total)s, so indirect cost would be negative.")
            % {"direct": printed, "total": amount}
        )
    least = least_direct(amount)
    if printed >= least:
        return amount, printed, Money.zero(CURRENCY)
    if (least - printed).amount > _last_digit(whole) + _last_digit(cost):
        raise Unacceptable(
            _("Indirect cost of %(indirect)s is above %(ceiling)s %% of the direct cost of %(direct)s.")
            % {"indirect": amount - printed, "ceiling": CEILING_PERCENT, "direct": printed}
        )
    return amount, least, least - printed
