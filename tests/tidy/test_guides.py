"""The guides name pages, buttons and fields as they stand in the software."""

import re

import pytest

from tests.tidy import sources

GUIDES = sorted((sources.ROOT / "docs" / "guides").glob("*.md"))
# Buttons that `confirm_fields` makes from a verb: "Release with passkey".
MADE = re.compile(r"(.+) with (?:passkey|code)")


def words_of(guide: str) -> list[str]:
    """Return what a guide sets in bold: the words that its reader looks for on a page."""
    return [" ".join(words.split()) for words in re.findall(r"\*\*(.+?)\*\*", guide, re.DOTALL)]


def said_by_the_software() -> str:
    paths = [*sources.python_files(), *sources.templates()]
    return "\n".join(sources.text_of(path) for path in paths if path.parts[0] != "tests").replace("’", "'")


def test_there_is_a_guide_for_each_role():
    names = {guide.stem for guide in GUIDES}
    assert names == {"administrator", "auditor", "committee-member", "donor", "partner", "secretariat", "treasury"}


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_every_page_and_button_of_a_guide_exists(guide):
    said = said_by_the_software()
    found = words_of(guide.read_text())
    assert len(found) > 5
    made = [MADE.fullmatch(words) for words in found]
    asked = [verb[1] if verb and verb[1] != "Confirm" else words for words, verb in zip(found, made, strict=True)]
    assert [words for words in asked if f'"{words}"' not in said] == []
