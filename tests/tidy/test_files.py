"""Rules for every file: names, length, opening words, nothing left over, nothing fetched from a hard-wired host."""

import ast
import re
from pathlib import Path

import pytest

from tests.tidy import sources

FORBIDDEN_NAMES = {"utils", "helpers", "common", "services", "managers", "signals", "mixins", "misc", "base_models"}
LONGEST = 440
# A story is told in one piece, and a refusal table grows with the rules.
LONGEST_TEST = 650
# Longer than a screenful of topics, and why.
LONG_WITH_REASON = {
    "trustfund/static/css/concord.css": "one design system",
    "trustfund/notices/table.py": "one row an event",
}
# Split, so that this file does not find itself.
LEFT_OVER = re.compile(
    "|".join(("TO" + "DO", "FIX" + "ME", r"#.*\bX" + r"XX\b", "HA" + "CK:", "NotImplemented" + "Error"))
)
SWITCHED_OFF = re.compile(r"pytest\.mark\.(?:skip|skipif|x" + r"fail)|pytest\.skip\(|importor" + "skip")
HOSTS = [
    "".join(parts)
    for parts in (
        ("pypi.", "org"),
        ("python", "hosted.org"),
        ("npm", "js.org"),
        ("npm", "js.com"),
        ("deb.", "debian.org"),
        ("unp", "kg.com"),
        ("js", "delivr.net"),
        ("cdn", "js.cloudflare"),
        ("fonts.goog", "leapis"),
        ("raw.github", "usercontent"),
        ("/releases/", "download/"),
        ("index", "-url"),
    )
]


def wrong_name(path: Path) -> bool:
    return path.stem in FORBIDDEN_NAMES and path.suffix == ".py"


def too_long(path: Path, text: str) -> bool:
    return text.count("\n") > (LONGEST_TEST if path.parts[0] == "tests" else LONGEST)


def without_opening_words(text: str) -> bool:
    tree = ast.parse(text)
    return bool(tree.body) and not ast.get_docstring(tree)


def hosts_in(text: str) -> list[str]:
    return [host for host in HOSTS if host in text]


def test_no_file_bears_a_name_that_says_nothing():
    assert [str(path) for path in sources.python_files() if wrong_name(path)] == []


def test_no_file_is_longer_than_its_topics():
    code = [path for path in sources.files() if path.suffix in {".py", ".html", ".css", ".js", ".mjs", ".sql"}]
    long = [
        str(path)
        for path in code
        if too_long(path, sources.text_of(path))
        and "migrations" not in path.parts
        and str(path) not in LONG_WITH_REASON
    ]
    assert long == []


def test_every_module_opens_with_what_belongs_there():
    paths = sources.python_files(tests=True)
    assert [str(path) for path in paths if without_opening_words(sources.text_of(path))] == []


def test_nothing_is_left_over():
    paths = [*sources.python_files(tests=True, migrations=True), *sources.templates()]
    assert [str(path) for path in paths if LEFT_OVER.search(sources.text_of(path))] == []


def test_no_test_is_switched_off():
    paths = [path for path in sources.python_files(tests=True) if path.parts[0] == "tests"]
    assert [str(path) for path in paths if SWITCHED_OFF.search(sources.text_of(path))] == []


def test_no_file_names_a_host_to_fetch_from():
    found = {str(path): hosts_in(sources.text_of(path)) for path in sources.files()}
    # `make lock` says how the locked files are written: without naming where from.
    found.pop("Makefile")
    assert {path: hosts for path, hosts in found.items() if hosts} == {}


def test_fonts_and_icons_are_fetched_and_never_committed():
    assert [str(path) for path in sources.files() if path.parts[:3] == ("trustfund", "static", "vendor")] == []


def test_what_the_checks_need_holds_what_the_fund_needs_in_the_same_versions():
    def locked(name: str) -> dict[str, str]:
        return dict(re.findall(r"^([\w.\-]+)==(\S+)", sources.text_of(Path("requirements") / name), re.MULTILINE))

    runtime, dev = locked("runtime.txt"), locked("dev.txt")
    assert len(runtime) > 40
    assert {name: version for name, version in runtime.items() if dev.get(name) != version} == {}


def test_every_locked_package_is_checked_by_hash():
    for name in ("runtime.txt", "dev.txt"):
        text = sources.text_of(Path("requirements") / name)
        packages = re.split(r"^(?=[\w.\-]+==)", text, flags=re.MULTILINE)[1:]
        assert [package.split()[0] for package in packages if "--hash=sha256:" not in package] == []


def test_the_wrong_name_is_seen():
    assert wrong_name(Path("donors/helpers.py"))
    assert not wrong_name(Path("donors/queries.py"))


def test_the_long_file_is_seen():
    assert too_long(Path("donors/queries.py"), "\n" * 500)
    assert not too_long(Path("donors/queries.py"), "\n" * 400)


def test_the_module_without_a_word_is_seen():
    assert without_opening_words("import os\n")
    assert not without_opening_words('"""Words."""\nimport os\n')


@pytest.mark.parametrize("line", ["# TO" + "DO: later", "raise NotImplemented" + "Error"])
def test_the_leftover_is_seen(line):
    assert LEFT_OVER.search(line)


@pytest.mark.parametrize(
    "line", ["@pytest.mark.sk" + "ip", "@pytest.mark.x" + "fail(strict=True)", "pytest.sk" + "ip('no')"]
)
def test_the_test_that_is_switched_off_is_seen(line):
    assert SWITCHED_OFF.search(line)


def test_the_host_is_seen():
    assert hosts_in("https://files." + "python" + "hosted.org/x.whl") == ["python" + "hosted.org"]
