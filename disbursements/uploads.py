"""What a file that somebody handed in really is: told from its bytes, never from its name. Pure."""

import io
import re
import warnings
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from trustfund.core.documents import sha256_of
from trustfund.core.refusals import Unacceptable

MOST_BYTES: Final = 5 * 1024 * 1024
_PLACE_TAGS: Final = 0x8825
_LATITUDE, _LONGITUDE = 2, 4
_LONGEST_NAME: Final = 120
# The first bytes of what is taken: papers and pictures. Nothing that runs, unpacks or refers to elsewhere.
_KINDS: Final = ((b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
ENDINGS: Final = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}


@dataclass(frozen=True)
class Upload:
    """A file that is taken: its bytes, what they are, and a name that is safe to print and to save under."""

    name: str
    media_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The SHA-256 of the bytes, 64 hex digits."""
        return sha256_of(self.content)

    @property
    def suffix(self) -> str:
        """The ending under which its bytes are stored."""
        return ENDINGS[self.media_type]

    @property
    def has_place(self) -> bool:
        """Whether it is a photograph that says where it was taken. The place itself is not read out."""
        if not self.media_type.startswith("image/"):
            return False
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                with Image.open(io.BytesIO(self.content)) as picture:
                    tags = picture.getexif().get_ifd(_PLACE_TAGS)
        except (OSError, ValueError, SyntaxError, Warning, UnidentifiedImageError, Image.DecompressionBombError):
            return False
        return _LATITUDE in tags and _LONGITUDE in tags


def upload(name: str, content: bytes) -> Upload:
    """
    Return a file as one that is taken.

    :raises Unacceptable: if it is empty, larger than 5 MB, or neither PDF nor JPEG nor PNG
    """
    if not content:
        raise Unacceptable(_("The file is empty. Choose it again."))
    if len(content) > MOST_BYTES:
        raise Unacceptable(_("The file is larger than 5 MB. Send a smaller copy."))
    media_type = next((kind for start, kind in _KINDS if content.startswith(start)), "")
    if not media_type:
        raise Unacceptable(_("The file is neither PDF nor JPEG nor PNG, whatever its name. Save it as one of these."))
    return Upload(_safe(name, ENDINGS[media_type]), media_type, content)


def _safe(name: str, ending: str) -> str:
    stem = PurePosixPath(name.replace("\\", "/")).stem
    plain = re.sub(r"[^\w .()-]+", "_", stem).strip(" .") or "file"
    return plain[: _LONGEST_NAME - len(ending)] + ending
