"""Whatever a donor is written is there in every language that donors are written in, with the same facts in it."""

import ast
import io
import re
from collections.abc import Iterator

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation
from django.utils.translation.template import templatize

from assurance.contents.papers import PAPERS
from assurance.kinds import READ_BY, Kind, Readers
from tests.tidy import sources
from trustfund.core.roles import RoleName
from trustfund.notices import letters, people
from trustfund.notices.table import TABLE

OTHERS = [code for code, _name in settings.LETTER_LANGUAGES if code != settings.LANGUAGE_CODE]
TO_DONORS = {
    people.the_donors_representatives,
    people.the_donor_to_remind,
    people.the_refunded_donors_representatives,
}
LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
IN_TEMPLATE = re.compile(rf"(?:_|n?gettext)\(({LITERAL})")
FACT = re.compile(r"%\((\w+)\)s")
# A language may use the same word, and some lines are facts alone.
ALIKE = {"Page", "Total", "%(number)s · %(day)s", "%(reference)s, version %(version)s"}


def for_donors(name: str) -> bool:
    notice = TABLE[name]
    return not TO_DONORS.isdisjoint(notice.also) or RoleName.DONOR_REPRESENTATIVE in notice.roles


def templates() -> Iterator[str]:
    yield from ("emails/notice.txt", "emails/notice.html", "reports/paper.html", "reports/_receipt.html")
    yield from (paper.template for kind, paper in PAPERS.items() if READ_BY[kind] is Readers.DONOR)


def words() -> set[str]:
    said = {str(letters.SECRETARIAT), "Page", "of"}
    said |= {str(kind.label) for kind in Kind if kind in PAPERS and READ_BY[kind] is Readers.DONOR}
    for name in filter(for_donors, TABLE):
        said |= {str(TABLE[name].subject), str(TABLE[name].text)}
    for template in templates():
        text = templatize((sources.ROOT / "templates" / template).read_text(encoding="utf-8"))
        said |= {ast.literal_eval(found) for found in IN_TEMPLATE.findall(text)}
    return said


@pytest.mark.parametrize("language", OTHERS)
def test_every_word_to_a_donor_is_translated_with_its_facts(language):
    said = words()
    assert len(said) > 90

    missing, changed = set(), set()
    with translation.override(language):
        for one in said:
            other = translation.gettext(one)
            if other == one and one not in ALIKE:
                missing.add(one)
            if set(FACT.findall(other)) != set(FACT.findall(one)):
                changed.add(one)
    assert (missing, changed) == (set(), set())


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_read_by_the_machine_is_what_people_translated(language):
    folder = sources.ROOT / "trustfund" / "locale" / language / "LC_MESSAGES"
    with (folder / "django.po").open("rb") as file:
        catalog = read_po(file, locale=language)
    assert not [one for one in catalog if one.fuzzy and one.id]
    made = io.BytesIO()
    write_mo(made, catalog)
    assert (folder / "django.mo").read_bytes() == made.getvalue()
