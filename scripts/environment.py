#!/usr/bin/env python3
"""Makes the environment from the hash-locked requirements; a second run finds everything in place and takes no time.

Runs before anything is installed, so it uses the standard library only, and reads on old Pythons too.
"""

from __future__ import annotations

import contextlib
import ctypes
import ctypes.util
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Callable

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
# What WeasyPrint loads when it prints a statement, by the names each system gives the same library.
LIBRARIES = {
    "Pango": ("pango-1.0", "libpango-1.0.so.0", "libpango-1.0.dylib"),
    "PangoFT2": ("pangoft2-1.0", "libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
    "GObject": ("gobject-2.0", "libgobject-2.0.so.0", "libgobject-2.0.0.dylib"),
    "HarfBuzz": ("harfbuzz", "libharfbuzz.so.0", "libharfbuzz.0.dylib"),
    "HarfBuzz subset": ("harfbuzz-subset", "libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib"),
    "Fontconfig": ("fontconfig", "libfontconfig.so.1", "libfontconfig.1.dylib"),
}
HOW_TO_INSTALL = """\
  Debian, Ubuntu:  apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core
  Fedora:          dnf install pango google-noto-sans-fonts
  macOS:           brew install pango"""


class CannotPrepare(Exception):
    """The environment cannot be made; the message says what to install."""


def say(line: str) -> None:
    """Print one line of progress at once."""
    print(line, flush=True)


def a_python_that_fits() -> str:
    """
    Return the path of a Python that is new enough: this one, or a newer one on the PATH.

    :raises CannotPrepare: if there is none
    """
    if sys.version_info >= OLDEST:
        return sys.executable
    for name in ("python3.12", "python3.11", "python3.13", "python3.14"):
        found = shutil.which(name)
        if found:
            return found
    raise CannotPrepare(
        f"This is Python {platform.python_version()}, and the fund needs 3.11 or newer. "
        "Install it, or name it: make demo PYTHON=python3.12"
    )


def missing_libraries(can_load: Callable[[str], bool]) -> list[str]:
    """Return the system libraries that WeasyPrint needs and `can_load` does not find, by their plain names."""
    return [name for name, files in LIBRARIES.items() if not any(can_load(file) for file in files)]


def can_load(name: str) -> bool:
    """Return whether the system finds a shared library."""
    folders = ["", "/opt/homebrew/lib/", "/usr/local/lib/"] if sys.platform == "darwin" else [""]
    for folder in folders:
        with contextlib.suppress(OSError):
            ctypes.CDLL(folder + name)
            return True
    return ctypes.util.find_library(name) is not None


def check_libraries() -> None:
    """
    Do nothing if a statement can be printed here.

    :raises CannotPrepare: with what to install
    """
    missing = missing_libraries(can_load)
    if missing:
        raise CannotPrepare(
            f"Statements are printed with Pango, and this machine lacks: {', '.join(missing)}.\n{HOW_TO_INSTALL}"
        )


def digest(*paths: Path) -> str:
    """Return one SHA-256 of some files, absent ones counting as empty."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.read_bytes() if path.exists() else b"")
        total.update(b"\0")
    return total.hexdigest()


def make_environment(name: str) -> None:
    """
    Make `.venv` from `requirements/<name>.txt`, each file checked against its hash, unless it stands.

    :raises CannotPrepare: if it cannot be made or filled
    """
    locked = ROOT / "requirements" / (name + ".txt")
    stamp = VENV / ("installed-" + name)
    # What the checks need includes all that the fund needs, in the same versions; a tidy test compares the two.
    stamps = {
        "dev": digest(ROOT / "requirements" / "dev.txt"),
        "runtime": digest(ROOT / "requirements" / "runtime.txt"),
    }
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == stamps[name]:
        return
    if not PYTHON.exists():
        say(f"Making .venv with {a_python_that_fits()} …")
        made = subprocess.run([a_python_that_fits(), "-m", "venv", str(VENV)], check=False)
        if made.returncode:
            shutil.rmtree(str(VENV), ignore_errors=True)
            raise CannotPrepare("Python could not make .venv. On Debian and Ubuntu: apt install python3-venv")
    wanted = sum(1 for line in locked.read_text().splitlines() if line[:1].isalnum())
    say(f"Installing {wanted} packages from requirements/{name}.txt, each checked against its hash …")
    install(locked, wanted)
    stamp.write_text(stamps[name])
    if name == "dev":
        (VENV / "installed-runtime").write_text(stamps["runtime"])


def install(locked: Path, wanted: int) -> None:
    """
    Let pip install a locked file, counting as it goes.

    :raises CannotPrepare: if pip fails, with the end of what it said
    """
    command = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--no-input", "--progress-bar", "off"]
    said = []
    seen = 0
    environment = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_ROOT_USER_ACTION="ignore")
    with subprocess.Popen(
        [*command, "-r", str(locked)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as pip:
        for line in pip.stdout:
            said.append(line)
            if line.startswith(("Collecting ", "Processing ", "Requirement already satisfied: ")):
                seen += 1
                if seen % 20 == 0:
                    say(f"  {min(seen, wanted)} of {wanted}")
            if line.startswith("Installing collected packages"):
                say("  unpacking …")
    if pip.returncode:
        raise CannotPrepare("".join(said[-15:]) + "pip could not install requirements; the lines above say why.")


def fetch_fonts() -> None:
    """Fetch fonts and icons by npm where npm is; without it pages use the system's fonts and still work."""
    lock = ROOT / "package-lock.json"
    script = ROOT / "scripts" / "vendor.mjs"
    vendor = ROOT / "trustfund" / "static" / "vendor"
    stamp = vendor / ".installed"
    now = digest(lock, script)
    if not lock.exists() or (stamp.exists() and stamp.read_text() == now):
        return
    if shutil.which("npm") is None:
        say("npm is not on the PATH, so pages use the system's own fonts.")
        return
    say("Fetching fonts and icons by npm …")
    for command in (["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], ["node", str(script)]):
        if subprocess.run(command, cwd=str(ROOT), check=False).returncode:
            say("npm could not fetch them, so pages use the system's own fonts.")
            return
    vendor.mkdir(parents=True, exist_ok=True)
    stamp.write_text(now)


def prepare(name: str) -> None:
    """
    Check what the system must bring, then make the environment and fetch the fonts.

    :raises CannotPrepare: with a sentence that says what to install
    """
    a_python_that_fits()
    check_libraries()
    make_environment(name)
    fetch_fonts()


def main() -> None:
    """Prepare the environment named on the command line: runtime or dev."""
    try:
        prepare(sys.argv[1] if len(sys.argv) > 1 else "runtime")
    except CannotPrepare as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit("Stopped. Run it again to go on.")


if __name__ == "__main__":
    main()
