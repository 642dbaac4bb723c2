"""Where documents and bank files lie: under their own SHA-256, written once by an atomic rename, checked at reading."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from trustfund.core.refusals import Conflict

PDF: Final = ".pdf"
XML: Final = ".xml"


class DocumentAltered(Conflict):
    """The stored bytes are not those that were issued, or are gone."""

    code = "document_altered"


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 of a document as 64 hex digits."""
    return hashlib.sha256(content).hexdigest()


def path_of(sha256: str, suffix: str = PDF) -> Path:
    """Return where a document with this hash lies; two levels of folders keep each of them small."""
    return Path(settings.MEDIA_ROOT) / "documents" / sha256[:2] / sha256[2:4] / f"{sha256}{suffix}"


def store(content: bytes, suffix: str = PDF) -> str:
    """
    Keep a document and return its SHA-256.

    The bytes are on the disk before the name is there, so a name never stands for half a document. What is
    there already with the right bytes is left alone.
    """
    sha256 = sha256_of(content)
    path = path_of(sha256, suffix)
    if path.exists() and sha256_of(path.read_bytes()) == sha256:
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o440)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return sha256


def read(sha256: str, suffix: str = PDF) -> bytes:
    """
    Return a document exactly as it was issued.

    :raises DocumentAltered: if it is not there, or its hash is not the one it was issued with
    """
    path = path_of(sha256, suffix)
    try:
        content = path.read_bytes()
    except OSError:
        raise DocumentAltered(
            _("The stored document cannot be read, so it is not handed out. Tell the fund administrator at once.")
        ) from None
    if sha256_of(content) != sha256:
        raise DocumentAltered(
            _(
                "The stored document is not the one that was issued: its SHA-256 differs. It is not handed out. "
                "Tell the fund administrator at once."
            )
        )
    return content
