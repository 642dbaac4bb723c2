"""
Measures how screening finds listed names on the golden set, and how often it stops at a harmless one.

Run: python -m tests.bench.screening_bench LIST.xml [LIST.xml.xz …]; the golden references are those of the first list.
"""

import csv
import lzma
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from screening.matching import Index, Likeness, Method
from screening.readers import read

GOLDEN = Path(__file__).parents[1] / "golden" / "names.csv"


@dataclass(frozen=True)
class Measured:
    """What the golden set came to."""

    found: int
    listed: int
    stopped: int
    harmless: int
    missed: tuple[str, ...]
    stopped_names: tuple[str, ...]
    by_method: dict[Method, int]
    milliseconds: tuple[float, ...]

    @property
    def recall(self) -> str:
        """The share of listed people and organisations that were found, in per cent with one decimal."""
        return f"{100 * self.found / self.listed:.1f}"

    @property
    def false_hits(self) -> str:
        """The share of harmless names that were stopped, in per cent with one decimal."""
        return f"{100 * self.stopped / self.harmless:.1f}"


def golden() -> list[tuple[str, str]]:
    """Return the golden set: a name, and the reference it must be found under, or nothing."""
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return [(row["name"], row["reference"]) for row in csv.DictReader(file)]


def measured(index: Index, names: list[tuple[str, str]]) -> Measured:
    """Return what the index makes of the names."""
    found, stopped, by_method, spent = 0, [], dict.fromkeys(Method, 0), []
    missed: list[str] = []
    for name, reference in names:
        started = time.perf_counter()
        alike = index.like(name)
        spent.append((time.perf_counter() - started) * 1000)
        hit = _under(alike, reference)
        if not reference and alike:
            stopped.append(f"{name} ~ {alike[0].listed.name} ({alike[0].method})")
        elif reference and hit is not None:
            found += 1
            by_method[hit.method] += 1
        elif reference:
            missed.append(name)
    listed = sum(1 for _name, reference in names if reference)
    return Measured(
        found, listed, len(stopped), len(names) - listed, tuple(missed), tuple(stopped), by_method, tuple(spent)
    )


def _under(alike: list[Likeness], reference: str) -> Likeness | None:
    return next((one for one in alike if one.listed.reference == reference), None)


def load(path: Path) -> bytes:
    """Return a list's bytes, unpacked if it is packed."""
    return lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()


def main() -> None:
    """Measure and print."""
    lists = [read(load(Path(name))) for name in sys.argv[1:]]
    started = time.perf_counter()
    index = Index([one for published in lists for one in published.names])
    ready = time.perf_counter() - started
    result = measured(index, golden())
    lines = [
        f"{sum(published.entries for published in lists):,} entries, {len(index):,} names, ready in {ready:.1f} s",
        f"found {result.found} of {result.listed} listed names: recall {result.recall} %",
        *(f"  by {method}: {count}" for method, count in result.by_method.items()),
        *(f"  missed: {name}" for name in result.missed),
        f"stopped at {result.stopped} of {result.harmless} harmless names: {result.false_hits} %",
        *(f"  stopped: {name}" for name in result.stopped_names),
        f"a name takes {statistics.median(result.milliseconds):.1f} ms, at most {max(result.milliseconds):.1f} ms",
    ]
    print("\n".join(lines))  # noqa: T201 - printing is what it does


if __name__ == "__main__":
    main()
