"""Every tool of the house is seen to fail: a violation is planted in a copy, or a bad sample is fed to it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tidy import sources

BIN = Path(sys.executable).parent
# One violation for each import contract, and the arrow that the contract must name.
PLANTED = {
    "The house": ("donors/rates.py", "import disbursements.states", "donors.rates -> disbursements.states"),
    "Storeys of a room": ("committee/queries.py", "import committee.urls", "committee.queries -> committee.urls"),
    "Only the ledger touches its tables": ("donors/locks.py", "import ledger.models", "donors.locks -> ledger.models"),
    "The domain does not ask the time": (
        "donors/models.py",
        "import trustfund.core.clock",
        "donors.models -> trustfund.core.clock",
    ),
    "Pure modules know no database": (
        "committee/rules.py",
        "import trustfund.core.models",
        "committee.rules -> trustfund.core.models",
    ),
}


@pytest.fixture(scope="module")
def broken_house(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the import linter says of a copy of the house in which every contract is broken once."""
    copy = tmp_path_factory.mktemp("house")
    for path in sources.python_files(migrations=True):
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(sources.ROOT / path, copy / path)
    shutil.copy(sources.ROOT / ".importlinter", copy / ".importlinter")
    for file, line, _arrow in PLANTED.values():
        with (copy / file).open("a") as module:
            module.write(f"\n{line}\n")
    (copy / "donors" / "helpers.py").write_text('"""A file that no storey knows."""\n')
    linted = subprocess.run(
        [BIN / "lint-imports", "--no-cache", "--no-logo"], cwd=copy, capture_output=True, text=True, check=False
    )
    assert linted.returncode == 1
    return linted.stdout


@pytest.mark.parametrize("contract", PLANTED)
def test_the_arrow_against_a_contract_is_seen(broken_house, contract):
    _file, _line, arrow = PLANTED[contract]
    (verdict,) = [
        line for line in broken_house.splitlines() if line.startswith(contract) and line.endswith(("BROKEN", "KEPT"))
    ]
    assert verdict.endswith("BROKEN")
    assert arrow in broken_house


def test_the_file_that_no_storey_knows_is_seen(broken_house):
    assert "- donors.helpers" in broken_house


BANNED = {
    "from django.utils import timezone\n\nat = timezone.now()\n": "take `at`",
    "from datetime import date\n\nday = date.today()\n": "take a day",
    "from django.db import models\n\nfield = models.FloatField()\n": "money and rates are exact",
    "from celery import shared_task\n\n\n@shared_task\ndef work() -> None: ...\n": "trustfund.core.tasks.task",
    "from django.dispatch import receiver\n\nreceiver(None)\n": "no signals",
}


@pytest.mark.parametrize(("code", "advice"), BANNED.items())
def test_ruff_sees_what_is_banned_and_advises(code, advice):
    checked = subprocess.run(
        [
            BIN / "ruff",
            "check",
            "--select",
            "TID251",
            "--output-format",
            "json",
            "--stdin-filename",
            "donors/queries.py",
            "-",
        ],
        input=code,
        cwd=sources.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    messages = " ".join(one["message"] for one in json.loads(checked.stdout)).lower()
    assert checked.returncode == 1
    assert advice in messages


def test_mypy_sees_what_has_no_type(tmp_path):
    sample = tmp_path / "sample.py"
    sample.write_text('"""A sample."""\n\n\ndef double(amount):\n    return amount * 2\n')
    checked = subprocess.run(
        [BIN / "mypy", "--strict", "--config-file=", "--cache-dir", tmp_path / "cache", sample],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Function is missing a type annotation" in checked.stdout
    assert "strict = true" in sources.text_of(Path("pyproject.toml"))


def test_djlint_sees_a_picture_without_words(tmp_path):
    (tmp_path / "bad.html").write_text('<img src="/a.png">\n')
    checked = subprocess.run(
        [BIN / "djlint", tmp_path, "--lint", "--quiet", "--configuration", sources.ROOT / "pyproject.toml"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 1
    assert "H013" in checked.stdout


def test_codespell_sees_a_slip(tmp_path):
    (tmp_path / "words.md").write_text("They recie" + "ved it.\n")
    checked = subprocess.run(
        [BIN / "codespell", tmp_path], cwd=sources.ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 65
    assert "received" in checked.stdout
