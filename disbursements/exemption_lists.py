"""Lists of items and parties as lines of text, the way they are pasted from a letter's annex. Pure."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Final

from django.utils.translation import gettext as _

from disbursements.exemptions import Item, Party, PartyRole, number_in_words
from trustfund.core.refusals import Unacceptable

MOST_ITEMS: Final = 600
_LONGEST: Final = {"name": 200, "unit": 24, "specification": 400}
_ITEM_FIELDS, _PARTY_FIELDS = (4, 6), (2, 3)
_HS: Final = re.compile(r"[0-9]{6,10}")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_MOST: Final = Decimal(10) ** 11
_PLACES: Final = -3


def items_of(text: str) -> tuple[Item, ...]:
    """
    Return the items of a list, one a line: number; name; quantity; unit; specification; customs code.

    The fields stand between semicolons, or between tabs as a spreadsheet gives them. The last two may be left out.

    :raises Unacceptable: naming the line that cannot be read, or if a number stands twice, or there is no item
    """
    found = [_item(line, fields) for line, fields in _lines(text, *_ITEM_FIELDS)]
    if not found:
        raise Unacceptable(_("List at least one item: number; name; quantity; unit; specification; customs code."))
    if len(found) > MOST_ITEMS:
        raise Unacceptable(_("The list has more than %(most)s items.") % {"most": MOST_ITEMS})
    _require_once(found)
    return tuple(sorted(found, key=lambda item: item.number))


def parties_of(text: str) -> tuple[Party, ...]:
    """
    Return the parties of a letter, one a line: role; name; country. The country may be left out.

    :raises Unacceptable: naming the line that cannot be read
    """
    return tuple(_party(line, fields) for line, fields in _lines(text, *_PARTY_FIELDS))


def lines_of_items(items: Iterable[Item]) -> str:
    """Return items as `items_of` reads them."""
    return "\n".join(
        "; ".join(
            (str(one.number), one.name, f"{one.quantity.normalize():f}", one.unit, one.specification, one.hs_code)
        )
        for one in items
    )


def lines_of_parties(parties: Iterable[Party]) -> str:
    """Return parties as `parties_of` reads them."""
    return "\n".join("; ".join((str(one.role), one.name, one.country)) for one in parties)


def quantity_of(text: str) -> Decimal:
    """
    Return a quantity above zero with at most three decimals; commas between thousands are allowed.

    :raises Unacceptable: if it is none
    """
    try:
        number = Decimal(text.replace(",", "").strip())
    except InvalidOperation:
        number = Decimal("NaN")
    exponent = number.normalize().as_tuple().exponent if number.is_finite() else None
    if not number.is_finite() or not 0 < number < _MOST or not isinstance(exponent, int) or exponent < _PLACES:
        raise Unacceptable(
            _("“%(text)s” is not a quantity above zero with at most three decimals.") % {"text": text.strip()}
        )
    return number


def in_words(items: Iterable[Item]) -> str:
    """Return items as a sentence lists them: 57 × Lab kit, 5 × Tent."""
    return ", ".join(f"{number_in_words(one.quantity)} × {one.name}" for one in items)


def _lines(text: str, fewest: int, most: int) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        fields = [" ".join(field.split()) for field in line.split("\t" if "\t" in line else ";")]
        while len(fields) > fewest and not fields[-1]:
            fields.pop()
        if not fewest <= len(fields) <= most or not all(fields[:fewest]):
            raise Unacceptable(
                _("Line %(line)s has not the fields that are asked for, with a semicolon between each two.")
                % {"line": number}
            )
        yield number, fields + [""] * (most - len(fields))


def _item(line: int, fields: list[str]) -> Item:
    number, name, quantity, unit, specification, hs_code = fields
    hs_code = hs_code.replace(".", "").replace(" ", "")
    if not (number.isascii() and number.isdigit() and 0 < int(number) <= MOST_ITEMS * 10):
        raise _at(line, _("“%(text)s” is not an item's number.") % {"text": number})
    said = {"name": name, "unit": unit, "specification": specification}
    if any(len(said[key]) > longest for key, longest in _LONGEST.items()):
        raise _at(line, _("A name, unit or specification is too long."))
    if hs_code and not _HS.fullmatch(hs_code):
        raise _at(line, _("A customs code has 6 to 10 digits, such as 842123."))
    try:
        return Item(int(number), name, quantity_of(quantity), unit, specification, hs_code)
    except Unacceptable as refusal:
        raise _at(line, refusal.message) from None


def _at(line: int, why: str) -> Unacceptable:
    return Unacceptable(_("Line %(line)s: %(why)s") % {"line": line, "why": why})


def _party(line: int, fields: list[str]) -> Party:
    role, name, country = fields
    known = {str(one): one for one in PartyRole} | {str(one.label).casefold(): one for one in PartyRole}
    found = known.get(role.casefold())
    if found is None or len(name) > _LONGEST["name"] or not (not country or _COUNTRY.fullmatch(country.upper())):
        raise Unacceptable(
            _("Line %(line)s: write a role (%(roles)s), a name, and the country in two letters.")
            % {"line": line, "roles": ", ".join(str(one) for one in PartyRole)}
        )
    return Party(name, found, country.upper())


def _require_once(items: Iterable[Item]) -> None:
    seen: set[int] = set()
    for item in items:
        if item.number in seen:
            raise Unacceptable(_("Item %(number)s stands twice on the list.") % {"number": item.number})
        seen.add(item.number)
