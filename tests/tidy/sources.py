"""The project's own files, as git would ship them: tracked, or new and not ignored."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("ledger", "committee", "bank", "screening", "donors", "disbursements", "assurance", "continuity")
ROOMS = (*APPS, "trustfund")


@cache
def files() -> tuple[Path, ...]:
    """Return every file of the project, relative to its root."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        # An unpacked archive has no git; then everything that is not made by tools counts.
        made = {".venv", "var", "node_modules", "__pycache__", ".git", "vendor", "mutants"}
        found = [path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file()]
        return tuple(
            sorted(path for path in found if made.isdisjoint(path.parts) and not path.parts[0].endswith("_cache"))
        )
    names = listed.stdout.decode().split("\0")
    return tuple(sorted({Path(name) for name in names if name and (ROOT / name).is_file()}))


def python_files(*, migrations: bool = False, tests: bool = False) -> Iterator[Path]:
    """Return the Python files of the rooms, without migrations and tests unless asked for."""
    for path in files():
        if path.suffix != ".py" or (path.parts[0] == "tests" and not tests):
            continue
        if path.parts[0] in ROOMS or path.name == "manage.py" or path.parts[0] in {"scripts", "tests"}:
            if "migrations" in path.parts and not migrations:
                continue
            yield path


def templates() -> list[Path]:
    """Return every template."""
    return [path for path in files() if path.parts[0] == "templates"]


def text_of(path: Path) -> str:
    """Return a file's text, empty if it is no text."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def tree_of(path: Path) -> ast.Module:
    """Return a Python file as a tree."""
    return ast.parse(text_of(path), filename=str(path))
