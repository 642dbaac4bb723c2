#!/usr/bin/env python3
"""`make test`: everything that must hold, part by part, each with its time; ends non-zero if any part failed.

`python scripts/check.py lint types` runs the named parts only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time

import environment

BIN = environment.VENV / "bin"
# Debian's packages for what the tests open and read: a browser, and text out of a printed statement.
PACKAGES = {"chromium": "chromium", "pdftotext": "poppler-utils"}
ROOMS = ["ledger", "committee", "bank", "screening", "donors", "disbursements", "assurance", "continuity"]
CODE = ["trustfund", *ROOMS, "manage.py"]
# A real fund's settings, as far as `check --deploy` asks; the key is made up on the spot and never used.
PRODUCTION = {
    "DEBUG": "0",
    "TRUSTFUND_DEMO": "0",
    "SECRET_KEY": "made-up-for-this-check-" + os.urandom(32).hex(),
    "ALLOWED_HOSTS": "fund.example",
    "CSRF_TRUSTED_ORIGINS": "https://fund.example",
}
PARTS: dict[str, list[list[str]]] = {
    "lint": [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["djlint", "templates", "--lint", "--quiet"],
        ["codespell"],
    ],
    "types": [["mypy", *CODE]],
    "contracts": [["lint-imports", "--no-cache", "--no-logo"]],
    "tests": [["python", "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal", "--durations", "15"]],
    "migrations": [["python", "manage.py", "makemigrations", "--check", "--dry-run"]],
    "settings": [["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"]],
}
ENVIRONMENTS: dict[str, dict[str, str]] = {
    "types": {"DEBUG": "1"},
    "migrations": {"DEBUG": "1"},
    "settings": PRODUCTION,
}


def install_system_packages() -> None:
    """Install, where we are root on Debian, what the tests open and read; elsewhere say what is missing."""
    missing = [package for program, package in PACKAGES.items() if shutil.which(program) is None]
    if not missing:
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        environment.say(f"Installing {' and '.join(missing)} …")
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing], check=False, env=quiet)
    elif "chromium" in missing:
        environment.say("Debian's chromium is not here, so the browser tests use Playwright's own.")
        subprocess.run([str(BIN / "playwright"), "install", "chromium"], check=False)
    if shutil.which("pdftotext") is None:
        environment.say("pdftotext is missing: install poppler-utils (Debian, Fedora) or poppler (macOS).")


def run(part: str) -> bool:
    """Run one part and return whether it held."""
    held = True
    for command in PARTS[part]:
        program = str(BIN / command[0])
        around = {**os.environ, **ENVIRONMENTS.get(part, {})}
        if subprocess.run([program, *command[1:]], cwd=environment.ROOT, env=around, check=False).returncode:
            environment.say(f"✗ {part}: {' '.join(command)}")
            held = False
    return held


def main() -> None:
    """Run the parts named on the command line, or all of them, and print how long each took."""
    wanted = sys.argv[1:] or list(PARTS)
    unknown = [part for part in wanted if part not in PARTS]
    if unknown:
        sys.exit(f"There is no part {', '.join(unknown)}. The parts are: {', '.join(PARTS)}.")
    started = time.monotonic()
    try:
        environment.prepare("dev")
        if "tests" in wanted:
            install_system_packages()
    except environment.CannotPrepare as problem:
        sys.exit(str(problem))
    rows = [("environment", time.monotonic() - started, True)]
    for part in wanted:
        environment.say(f"\n── {part}")
        before = time.monotonic()
        held = run(part)
        rows.append((part, time.monotonic() - before, held))
    environment.say("\n── how long each part took")
    for part, seconds, held in rows:
        environment.say(f"  {part:<12}{seconds:7.1f} s  {'holds' if held else 'FAILED'}")
    failed = [part for part, _seconds, held in rows if not held]
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}.")
    environment.say(f"Everything holds, in {time.monotonic() - started:.0f} seconds.")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Stopped.")
