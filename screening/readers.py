"""Reading the published lists: United Nations, OFAC, European Union. What does not fit is refused whole. Pure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _
from lxml import etree

from screening.matching import Listed
from trustfund.core.refusals import Unacceptable

LARGEST_BYTES: Final = 64 * 1024 * 1024
_SHORT_FORM: Final = re.compile(r"\s*\([^()]{1,12}\)$")
_OFAC: Final = "{http://tempuri.org/sdnList.xsd}"
_EU: Final = "{http://eu.europa.ec/fpi/fsd/export}"


class Source(StrEnum):
    """Who publishes a list."""

    UN = "un"
    OFAC = "ofac"
    EU = "eu"

    @property
    def label(self) -> str:
        """The list's name."""
        return {
            Source.UN: _("United Nations Security Council, consolidated list"),
            Source.OFAC: _("United States, specially designated nationals"),
            Source.EU: _("European Union, consolidated financial sanctions"),
        }[self]


class Unreadable(Unacceptable):
    """A file is not a list that the fund can read, so screening stays closed until a good one is loaded."""

    code = "list_unreadable"


@dataclass(frozen=True)
class Published:
    """A list as published: by whom, when, and every name on it."""

    source: Source
    published_on: date
    entries: int
    names: tuple[Listed, ...]


def read(content: bytes) -> Published:
    """
    Return the list that a file holds, whichever of the three it is.

    No entity is resolved, nothing is fetched, and a document type is refused: a list needs none.

    :raises Unreadable: if it is too large, no XML, of no known kind, empty, cut off, or an entry has no name
    """
    if len(content) > LARGEST_BYTES:
        raise Unreadable(_("The file is larger than 64 MB. Load the list as its publisher gives it."))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(
            _("The file is not whole XML (%(why)s). Load it again from its publisher.") % {"why": str(error)[:200]}
        ) from error
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise Unreadable(_("The file declares a document type, which no list does. Load it from its publisher."))
    reader = _READERS.get(root.tag)
    if reader is None:
        raise Unreadable(
            _("“%(tag)s” is none of the three lists the fund reads: United Nations, OFAC, European Union.")
            % {"tag": etree.QName(root).localname[:80]}
        )
    found = reader(root)
    if not found.names or not found.entries:
        raise Unreadable(_("The list is empty. Load it again from its publisher."))
    return found


def _text(element: etree._Element, path: str) -> str:
    return " ".join((element.findtext(path) or "").split())


def _day(text: str, *forms: str) -> date:
    for form in forms:
        try:
            return datetime.strptime(text[:10], form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise Unreadable(_("The list does not say when it was published (“%(text)s”).") % {"text": text[:40]})


def _named(names: list[Listed], reference: str) -> list[Listed]:
    kept = [part for one in names if one.name for part in _parts(one)]
    if not reference or not kept:
        raise Unreadable(
            _("Entry “%(reference)s” has no name or no reference. The list is damaged, or its form has changed.")
            % {"reference": reference or "–"}
        )
    return kept


def _parts(one: Listed) -> Iterator[Listed]:
    """Give a name that carries its short form in brackets, "Foreign Trade Bank (FTB)", whole and without it."""
    yield one
    shortened = _SHORT_FORM.sub("", one.name).strip()
    if shortened and shortened != one.name:
        yield replace(one, name=shortened)


def _un(root: etree._Element) -> Published:
    names: list[Listed] = []
    entries = [(True, one) for one in root.iterfind("INDIVIDUALS/INDIVIDUAL")]
    entries += [(False, one) for one in root.iterfind("ENTITIES/ENTITY")]
    for is_person, entry in entries:
        reference = _text(entry, "REFERENCE_NUMBER")
        alias_path = "INDIVIDUAL_ALIAS" if is_person else "ENTITY_ALIAS"
        whole = " ".join(
            filter(None, (_text(entry, f"{which}_NAME") for which in ("FIRST", "SECOND", "THIRD", "FOURTH")))
        )
        found = [
            Listed(reference, whole, is_person),
            Listed(reference, _text(entry, "NAME_ORIGINAL_SCRIPT"), is_person),
        ]
        for alias in entry.iterfind(alias_path):
            is_weak = _text(alias, "QUALITY").casefold() == "low"
            # Several aliases may stand in one field, apart by semicolons.
            found += [
                Listed(reference, part.strip(), is_person, is_weak) for part in _text(alias, "ALIAS_NAME").split(";")
            ]
        names += _named(found, reference)
    published = _day(root.get("dateGenerated") or "", "%Y-%m-%d")
    return Published(Source.UN, published, len(entries), tuple(names))


def _ofac(root: etree._Element) -> Published:
    names: list[Listed] = []
    entries = root.findall(f"{_OFAC}sdnEntry")
    said = _text(root, f"{_OFAC}publshInformation/{_OFAC}Record_Count")
    if said != str(len(entries)):
        raise Unreadable(
            _("The list says it has %(said)s entries and has %(found)s. It is cut off; load it again.")
            % {"said": said or "–", "found": len(entries)}
        )
    for entry in entries:
        reference = _text(entry, f"{_OFAC}uid")
        kind = _text(entry, f"{_OFAC}sdnType")
        is_person = kind == "Individual"
        # A ship may bear any word as its name; inside a longer name it says nothing.
        is_craft = kind in {"Vessel", "Aircraft"}
        found = [Listed(reference, _first_last(entry), is_person, is_craft)]
        found += [
            Listed(reference, _first_last(alias), is_person, is_craft or _text(alias, f"{_OFAC}category") == "weak")
            for alias in entry.iterfind(f"{_OFAC}akaList/{_OFAC}aka")
        ]
        names += _named(found, reference)
    published = _day(_text(root, f"{_OFAC}publshInformation/{_OFAC}Publish_Date"), "%m/%d/%Y")
    return Published(Source.OFAC, published, len(entries), tuple(names))


def _first_last(element: etree._Element) -> str:
    return " ".join(filter(None, (_text(element, f"{_OFAC}firstName"), _text(element, f"{_OFAC}lastName"))))


def _eu(root: etree._Element) -> Published:
    names: list[Listed] = []
    entries = root.findall(f"{_EU}sanctionEntity")
    for entry in entries:
        reference = entry.get("euReferenceNumber") or entry.get("logicalId") or ""
        kind = entry.find(f"{_EU}subjectType")
        is_person = kind is not None and kind.get("code") == "person"
        names += _named(list(_eu_names(entry, reference, is_person=is_person)), reference)
    return Published(Source.EU, _day(root.get("generationDate") or "", "%Y-%m-%d"), len(entries), tuple(names))


def _eu_names(entry: etree._Element, reference: str, *, is_person: bool) -> Iterator[Listed]:
    for alias in entry.iterfind(f"{_EU}nameAlias"):
        parts = (alias.get(part) or "" for part in ("firstName", "middleName", "lastName"))
        whole = " ".join((alias.get("wholeName") or " ".join(parts)).split())
        yield Listed(reference, whole, is_person, alias.get("strong") == "false")


_READERS: Final[dict[str, Callable[[etree._Element], Published]]] = {
    "CONSOLIDATED_LIST": _un,
    f"{_OFAC}sdnList": _ofac,
    f"{_EU}export": _eu,
}
