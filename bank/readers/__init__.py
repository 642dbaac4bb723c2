"""Reading what banks send: camt.052, .053 and .054, MT940, and our own CSV. Every file is hostile. Pure."""

from collections.abc import Callable

from bank.readers.camt import read_camt
from bank.readers.mt940 import read_mt940
from bank.readers.reading import (
    MOST_BYTES,
    MOST_STATEMENTS,
    Entry,
    Part,
    Reading,
    ReadStatement,
    Said,
    Unreadable,
    plain,
)
from bank.readers.table import read_table

__all__ = ["MOST_BYTES", "Entry", "Part", "ReadStatement", "Reading", "Said", "Unreadable", "plain", "read"]

_BLANK = b" \t\r\n\xef\xbb\xbf"
# UTF-16 and UTF-32 begin with one of these; XML alone may come in them.
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


def read(content: bytes) -> Reading:
    """
    Return what a bank's file says, whichever of the formats it is in; its name is not trusted.

    :raises Unreadable: if it is empty, too large, or in no format that the fund reads
    """
    if len(content) > MOST_BYTES:
        raise Unreadable.too_large(len(content))
    reading = _reader_of(content)(content)
    if len(reading.statements) > MOST_STATEMENTS:
        raise Unreadable.too_many(MOST_STATEMENTS)
    return reading


def _reader_of(content: bytes) -> Callable[[bytes], Reading]:
    start = content[:4096].lstrip(_BLANK)
    if start.startswith(b"<") or content.startswith(_WIDE):
        return read_camt
    if b":20:" in content and b":25:" in content:
        return read_mt940
    return read_table
