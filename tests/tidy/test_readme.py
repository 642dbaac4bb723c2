"""What the README says is so: its length, its commands, the files it names."""

import re
from pathlib import Path

from tests.tidy import sources

README = Path("README.md")


def test_the_readme_is_read_in_one_sitting():
    assert sources.text_of(README).count("\n") <= 150


def test_every_command_of_the_readme_is_a_target_of_the_makefile():
    targets = set(re.findall(r"^([a-z0-9]+):", sources.text_of(Path("Makefile")), re.MULTILINE))
    quoted = " ".join(re.findall(r"`[^`]*`", sources.text_of(README)))
    said = set(re.findall(r"make\s+([a-z]+)\b", quoted))
    assert {"demo", "test", "lint"} <= said
    assert said - targets == set()


def test_every_file_of_the_readme_exists():
    named = re.findall(r"`([\w.*/\-]+/[\w.*\-]*|[\w\-]+\.(?:yml|md|py)|\.[a-z.]+)`", sources.text_of(README))
    assert len(named) > 15
    # `pages`, `notices` and `api` stand beside `trustfund/pages` in one row.
    assert [name for name in named if not list(sources.ROOT.glob(name.rstrip("/")))] == []


def test_every_decision_has_its_number_and_half_a_page():
    records = sorted((sources.ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [record.name[:4] for record in records]
    assert all(number.isdigit() for number in numbers)
    assert len(set(numbers)) == len(numbers) > 4
    assert [record.name for record in records if record.read_text().count("\n") > 60] == []
