"""
Measures the server time of the fund's pages over a million ledger lines, and writes docs/benchmarks-pages.md.

Run by hand: python -m tests.bench.pages_bench [--lines 1000000]
Times are Django's alone, through its test client: no network, no browser. A trivial page is measured in the same run.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from trustfund.embedded import servers

ROOT = Path(__file__).parents[2]
INSIDE = "import django; django.setup(); from tests.bench import pages_measure; pages_measure.main()"


def main() -> None:
    """Start throw-away servers, make the fund, measure its pages, write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--steps", type=int, default=40, help="how far the fund grows beside its ledger")
    parser.add_argument("--write", default=str(ROOT / "docs" / "benchmarks-pages.md"))
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="trustfund-bench-"))
    folder.chmod(0o755)
    try:
        with servers.running(folder / "servers", keep=False, durable=False) as started:
            environment = {
                **os.environ,
                **started.environment(),
                "DEBUG": "1",
                "DJANGO_SETTINGS_MODULE": "trustfund.settings",
                "LOG_LEVEL": "ERROR",
                "TRUSTFUND_VAR": str(folder),
                "BENCH_LINES": str(options.lines),
                "BENCH_STEPS": str(options.steps),
                "BENCH_WRITE": options.write,
            }
            for words in (["manage.py", "migrate", "--verbosity", "0"], ["-c", INSIDE]):
                subprocess.run([sys.executable, *words], env=environment, cwd=ROOT, check=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
