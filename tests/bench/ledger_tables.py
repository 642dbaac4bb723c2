"""The words and tables of docs/benchmarks.md, made from what the benchmark of the ledger measured."""

from collections.abc import Callable
from typing import Any

Row = tuple[str, ...]
HEAD = """# Benchmarks of the ledger

Made by this command, and overwritten whole each time:

```
{command}
```

{today}, {machine}. PostgreSQL {version} out of the wheel with its default settings and durable commits;
{rounds} rounds of {seconds:g} s, systems alternating, medians.

hordak and django-ledger come from `requirements/bench.txt`. pgledger is SQL fetched by hand, and measured if it is
named: `PGLEDGER_SQL=uuid-to-ulid.sql:pgledger.sql make bench`."""
TARGETS = """Set before the first line was written, from a prototype on another machine. What is not met is explained in
decision 0015. No ledger can be more times a peer than raw is, which stands in the next table."""
POSTING = """Every entry has two legs, one on the same hot account. *raw* inserts the same rows with no check in one
statement, *raw-from-django* through Django's connection, as an application without a ledger would. *hot both ways*
moves money to and fro between two accounts that may not be overdrawn."""
READING = """Of the hot account, which every entry touches, out of 1,000 accounts. A page is the whole answer of the web
application, templates included."""
CLIENTS = ("one a commit, 1 client", "one a commit, 4 clients", "one a commit, 8 clients")
BATCHES = "batches of 100, 4 clients"
# From here on the machine's start and the planner's habits no longer drown what is measured.
MANY = 1_000_000


def posting_rows(medians: dict[str, dict[str, float]]) -> list[Row]:
    """Return each system's posts per second, its ratio to raw, and ours to it."""
    return [
        (
            name,
            system,
            f"{found[system]:,.0f}",
            f"{found[system] / found['raw']:.2f}",
            f"{found['ours'] / found[system]:.1f}",
        )
        for name, found in medians.items()
        for system in found
    ]


def percentile(values: list[float], share: float) -> float:
    """Return a percentile."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def table(head: Row, rows: list[Row]) -> str:
    """Return a Markdown table, figures to the right."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def reading_rows(read_at: dict[int, dict[str, Any]]) -> list[Row]:
    """Return p50 / p95 of each reading at each size."""
    names = [name for name in next(iter(read_at.values())) if name not in {"bytes", "verify", "fill"}]
    return [
        (
            name,
            *(
                f"{percentile(found[name], 0.5):.2f} / {percentile(found[name], 0.95):.2f}"
                for found in read_at.values()
            ),
        )
        for name in names
    ]


def keeping_rows(read_at: dict[int, dict[str, Any]]) -> list[Row]:
    """Return what keeping costs at each size: bytes, filling, sealing, verifying."""
    rows: list[tuple[str, Callable[[dict[str, Any]], str]]] = [
        ("bytes an entry, books and their indexes", lambda found: f"{found['bytes'][0]:.0f}"),
        ("bytes an entry, seals and roll-ups", lambda found: f"{found['bytes'][1]:.0f}"),
        ("posted in batches of 1,000, one client, µs an entry", lambda found: f"{found['fill']['post'] * 1e6:.1f}"),
        ("sealed and folded, µs an entry", lambda found: f"{found['fill']['seal'] * 1e6:.1f}"),
        ("hashing the bytes of the entries alone, µs an entry", lambda found: f"{found['verify'][2] * 1e6:.2f}"),
        ("entries and seals verified from raw rows, µs an entry", lambda found: f"{found['verify'][0] * 1e6:.2f}"),
        ("so many times the hashing", lambda found: f"{found['verify'][0] / found['verify'][2]:.1f}"),
        ("lines, balances and roll-ups compared too, µs an entry", lambda found: f"{found['verify'][1] * 1e6:.2f}"),
    ]
    return [(name, *(cell(found) for found in read_at.values())) for name, cell in rows]


def target_rows(
    medians: dict[str, dict[str, float]], sealing: tuple[float, float], read_at: dict[int, dict[str, Any]]
) -> list[Row]:
    """Return the targets of the design, what was measured, and whether it is enough; only of what was measured."""
    return [
        *(_posting_targets(medians, sealing) if medians else []),
        *_reading_targets(read_at),
        *_kept_targets(read_at),
    ]


def _least(what: str, targets: list[float], found: list[float], unit: str) -> Row:
    met = all(ratio >= target for target, ratio in zip(targets, found, strict=True))
    return what, f"≥ {_figures(targets)} {unit}", _figures(found), "yes" if met else "no"


def _most(what: str, target: float, found: float, unit: str) -> Row:
    return what, f"≤ {target:g} {unit}", f"{found:.2f}", "yes" if found <= target else "no"


def _posting_targets(medians: dict[str, dict[str, float]], sealing: tuple[float, float]) -> list[Row]:
    rows = []
    for system, targets in (
        ("raw", [0.5, 0.5, 0.4]),
        ("hordak", [3.0] * 3),
        ("django-ledger", [30.0] * 3),
        ("pgledger", [1.5] * 3),
    ):
        if system in medians[CLIENTS[0]]:
            found = [medians[name]["ours"] / medians[name][system] for name in CLIENTS]
            rows.append(_least("single posts from Django, 1 / 4 / 8 clients", targets, found, f"× {system}"))
    for system, target in (("raw", 0.25), ("pgledger", 7.0)):
        if system in medians[BATCHES]:
            ratio = medians[BATCHES]["ours"] / medians[BATCHES][system]
            rows.append(_least(BATCHES, [target], [ratio], f"× {system}"))
    return [*rows, _least("posting while it seals", [0.9], [sealing[1] / sealing[0]], "× posting without")]


def _reading_targets(read_at: dict[int, dict[str, Any]]) -> list[Row]:
    return [
        _most(
            f"{name}, p95 at {large:,} lines",
            target,
            percentile(read_at[large][name], 0.95) / percentile(read_at[small][name], 0.95),
            f"× at {small:,}",
        )
        for name, small, large, target in (
            ("balance now", 10**5, 10**7, 1.5),
            ("balance as of a date", 10**5, 10**7, 1.5),
            ("trial balance as of a date", 10**5, 10**7, 2.0),
            ("as known at a booking time", 10**4, 10**6, 3.0),
        )
        if {small, large} <= set(read_at)
    ]


def _kept_targets(read_at: dict[int, dict[str, Any]]) -> list[Row]:
    rows = []
    for lines, found in read_at.items():
        if lines >= MANY:
            ratio = found["verify"][0] / found["verify"][2]
            rows += [
                _most(f"verifying the seals of {lines // 2:,} entries", 3.0, ratio, "× hashing alone"),
                _most(f"bytes an entry and its lines at {lines:,} lines", 700, found["bytes"][0], "with indexes"),
                _most(f"bytes an entry at {lines:,} lines", 700, sum(found["bytes"]), "with roll-ups and seals too"),
            ]
    return rows


def _figures(ratios: list[float]) -> str:
    return " / ".join(f"{ratio:.2f}".removesuffix("0").removesuffix(".0") for ratio in ratios)
