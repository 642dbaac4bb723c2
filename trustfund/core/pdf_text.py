"""Reading the words of a PDF that somebody hands in: its size and mark here, its inside in a process of its own."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from trustfund.core import documents
from trustfund.core.refusals import Unacceptable

MOST_BYTES: Final = 10 * 1024 * 1024
_MARK: Final = b"%PDF-"
_SECONDS: Final = 20
_CHILD: Final = Path(__file__).with_name("pdf_child.py")


@dataclass(frozen=True)
class Reading:
    """What could be read of a document; a scan has pages and no words."""

    sha256: str
    pages: int
    text: str


def read(content: bytes) -> Reading:
    """
    Return the words of a PDF.

    :raises Unacceptable: if it is too large, no PDF, closed by a password, too long, or cannot be read safely
    """
    if len(content) > MOST_BYTES:
        raise Unacceptable(_("A document has at most 10 MB. Print it to PDF again with smaller pictures."))
    if not content.startswith(_MARK):
        raise Unacceptable(_("This is no PDF. Hand in the signed agreement as a PDF."))
    found = _read_apart(content)
    if "why" in found:
        raise Unacceptable(
            {
                "encrypted": _("This PDF is closed by a password, so it cannot be read. Hand it in without one."),
                "too many pages": _("This PDF has more pages than are read. Hand in the agreement without annexes."),
                "too much text": _("This PDF has more words than are read. Hand in the agreement without annexes."),
            }.get(str(found["why"]), _unreadable())
        )
    return Reading(documents.sha256_of(content), int(str(found["pages"])), _plain(str(found["text"])))


def _read_apart(content: bytes) -> dict[str, object]:
    try:
        done = subprocess.run(  # noqa: S603 - this very Python on a file beside this one
            [sys.executable, "-I", str(_CHILD)], input=content, capture_output=True, timeout=_SECONDS, check=False
        )
        found = json.loads(done.stdout) if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, ValueError):
        found = None
    if not isinstance(found, dict):
        raise Unacceptable(_unreadable())
    return found


def _plain(text: str) -> str:
    """Return words without the control characters that PostgreSQL and pages do not take."""
    return "".join(letter for letter in text if letter in "\n\t" or letter.isprintable()).strip()


def _unreadable() -> str:
    return _("This PDF cannot be read. Print it to PDF again, or give its SHA-256 and write what it says.")
