"""
Changes the operations of the books, one thing at a time, and asks whether a test notices: `make mutants`, second half.

mutmut leaves functions with decorators alone, and would start a server for every mutant. Here its operators are applied
to every function of ledger/operations.py; each mutant lives in a forked process, and all of them share one PostgreSQL.
"""

from __future__ import annotations

import contextlib
import difflib
import importlib
import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import django
import libcst
import pytest
from libcst.metadata import MetadataWrapper, ParentNodeProvider
from mutmut.mutation.mutators import mutation_operators

from trustfund.embedded import servers

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
NAME = "ledger.operations"
SOURCE = ROOT / "ledger" / "operations.py"
LEAST = 0.95
POSTING = [f"tests/db/test_ledger_{topic}.py" for topic in ("operations", "posting", "refusals")]
SEALING = ["tests/db/test_ledger_sealing.py"]
# Which tests are to notice; all others have posting and its refusals.
TESTS = {
    "seal_next": SEALING,
    "seal_books": SEALING,
    "rebuild_rollups": SEALING,
    "_move_clock": [*POSTING, *SEALING],
}
Mutant = tuple[str, str]


def mutants(source: str) -> Iterator[Mutant]:
    """Yield the name of a function and the whole module with one thing in that function changed."""
    wrapper = MetadataWrapper(libcst.parse_module(source), unsafe_skip_copy=True)
    parents = wrapper.resolve(ParentNodeProvider)
    for function in wrapper.module.body:
        if isinstance(function, libcst.FunctionDef):
            for node in below(function.body):
                if not is_docstring(node, parents):
                    for kind, change in mutation_operators:
                        if isinstance(node, kind):
                            for changed in change(node):
                                code = wrapper.module.deep_replace(node, changed).code
                                if code != source:
                                    yield function.name.value, code


def below(node: libcst.CSTNode) -> Iterator[libcst.CSTNode]:
    """Yield a node and all below it, but no annotations."""
    if not isinstance(node, libcst.Annotation):
        yield node
        for child in node.children:
            yield from below(child)


def is_docstring(node: libcst.CSTNode, parents: dict[libcst.CSTNode, libcst.CSTNode]) -> bool:
    """Return whether a node is a string that stands alone."""
    return isinstance(node, libcst.SimpleString) and isinstance(parents.get(node), libcst.Expr)


def notices(tests: list[str], code: str | None, *, seconds: float) -> bool:
    """Run tests on a mutant in a process of its own, and return whether they fail or never end."""
    child = os.fork()
    if child == 0:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        os._exit(attempt(tests, code))
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status != 0
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def attempt(tests: list[str], code: str | None) -> int:
    """Put the mutant in the place of the module and run the tests; 0 if they hold."""
    try:
        if code is not None:
            exec(compile(code, str(SOURCE), "exec"), importlib.import_module(NAME).__dict__)  # noqa: S102
    except Exception:  # noqa: BLE001 - a module that cannot be loaded is noticed
        return 1
    return int(pytest.main(["-x", "-q", "-p", "no:randomly", *tests]))


def main() -> None:
    """Try every mutant, name those that nobody noticed, and end with 1 if they are too many."""
    os.chdir(ROOT)
    source = SOURCE.read_text()
    wanted = set(sys.argv[1:])
    todo = [(name, code) for name, code in mutants(source) if not wanted or name in wanted]
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="trustfund-mutants-")))
        folder.chmod(0o755)
        started = stack.enter_context(servers.running(folder / "servers", keep=False, durable=False))
        os.environ.update(
            started.environment(),
            DEBUG="1",
            DJANGO_SETTINGS_MODULE="trustfund.settings",
            TEST_SUPERUSER_URL=started.superuser_url,
            TRUSTFUND_KEEP_TEST_DATABASE="1",
        )
        # What every child would import is imported once.
        django.setup()
        importlib.import_module(NAME)
        every = sorted({test for tests in TESTS.values() for test in tests} | set(POSTING))
        begun = time.monotonic()
        if notices(every, None, seconds=600):
            sys.exit(f"The tests do not hold as they are: pytest {' '.join(every)}")
        seconds = 30 + 3 * (time.monotonic() - begun)
        survivors = []
        for number, (name, code) in enumerate(todo, start=1):
            if not notices(TESTS.get(name, POSTING), code, seconds=seconds):
                survivors.append((name, code))
                print(f"survived, {name}:\n{difference(source, code)}", flush=True)
            if number % 25 == 0 or number == len(todo):
                # A mutant that broke the database would make all after it look noticed.
                if notices(POSTING, None, seconds=seconds):
                    sys.exit("The tests no longer hold on the code as it is, so a mutant has spoiled the database.")
                print(f"{number} of {len(todo)} mutants tried, {len(survivors)} survived", flush=True)
    killed = len(todo) - len(survivors)
    print(f"{killed} of {len(todo)} mutants of {NAME} are killed: {killed / max(len(todo), 1):.1%}.")
    if killed < LEAST * len(todo):
        sys.exit(1)


def difference(source: str, code: str) -> str:
    """Return the lines that a mutant changed."""
    lines = difflib.unified_diff(source.splitlines(), code.splitlines(), lineterm="", n=0)
    return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))


if __name__ == "__main__":
    main()
