"""Entries as PostgreSQL copies them out, and the texts that a verifier hashes: a million of them in some seconds."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import zip_longest
from typing import Final

from ledger.tree import LEAF

# In the order in which `RawEntries.read` takes them. What comes after the amounts is hashed as it comes, except for the
# point in the moment, which is told as seconds since 1970 with six decimals.
COLUMNS: Final = (
    "xid, kind, reference, memo, accounts, currencies, amounts, "
    "id, xid, effective_on, extract(epoch FROM booked_at), actor, "
    "coalesce(subject::text, '-'), coalesce(reverses::text, '-')"
)
_BAR: Final = b"|"
_BACKSLASH: Final = ord("\\")
_SPLITS: Final = 7
_COLUMNS: Final = 14
_VALUE: Final = re.compile(rb"((?:[^|\\]|\\.)*)(?:\||\Z)", re.DOTALL)
_ESCAPED: Final = re.compile(rb"\\(.)", re.DOTALL)
_ESCAPES: Final = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
_NUMBERS: Final = re.compile(rb"\{(-?[0-9]+(?:,-?[0-9]+)*)\}")
_PAIR: Final = 2
_MOST_KEPT: Final = 100_000


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the legs of many entries have in common: `starts` is "1100:840:" of each leg."""

    starts: tuple[bytes, ...]
    currencies: tuple[bytes, ...]
    is_in_its_currencies: bool
    is_plain_pair: bool


def _values(row: bytes) -> list[bytes]:
    """Return a row's values as they were before COPY escaped them."""
    values = _VALUE.findall(row.removesuffix(b"\n"))[:_COLUMNS]
    return [_ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[1]), value) for value in values]


def key_of(row: bytes) -> tuple[str, str]:
    """Return the transaction id and the id of a row's entry, in the order of the tree."""
    values = _values(row)
    return values[0].decode(), values[7].decode()


def name_of(row: bytes) -> dict[str, str]:
    """Return the id of a row's entry and what it is called, for a sentence about it."""
    values = [value.decode() for value in _values(row)]
    return {"id": values[7], "what": f"{values[1]} {values[2]}"}


def _numbers(array: bytes) -> list[bytes]:
    """Return the numbers of an array; none if it is not a plain one."""
    found = _NUMBERS.fullmatch(array)
    return found[1].split(b",") if found else []


@cache
def _length(octets: int) -> bytes:
    """Return how a word of so many bytes begins."""
    return b"%d:" % octets


@lru_cache
def _often(word: bytes) -> bytes:
    """Return a word that many entries share, with its length before it."""
    return _length(len(word)) + word


class RawEntries:
    """Reads rows of the columns above. What rows have in common, it works out once."""

    def __init__(self, accounts: Mapping[int, tuple[str, int]]) -> None:
        self._accounts = accounts
        self._shapes: dict[bytes, _Shape] = {}

    def read(self, row: bytes) -> tuple[int, bytes, bool]:
        """
        Return an entry's transaction id, what is hashed for it, and whether its legs balance and fit their accounts.

        What is hashed is what `Record.canonical` says, after the byte that marks a leaf.
        """
        if _BACKSLASH in row:
            values = _values(row)
            xid, kind, reference, memo, accounts, currencies, amounts = values[:_SPLITS]
            rest = _BAR.join(values[_SPLITS:])
        else:
            xid, kind, reference, memo, accounts, currencies, amounts, rest = row[:-1].split(_BAR, _SPLITS)
        shape = self._shapes.get(accounts + currencies) or self._shape(accounts, currencies)
        one, _comma, other = amounts[1:-1].partition(b",")
        if shape.is_plain_pair and (other == b"-" + one or one == b"-" + other):
            legs, is_balanced = shape.starts[0] + one + b"," + shape.starts[1] + other, True
        else:
            legs, is_balanced = _legs(shape, amounts)
        content = _BAR.join(
            (
                LEAF,
                rest.replace(b".", b""),
                legs,
                _often(kind),
                _length(len(reference)) + reference,
                _length(len(memo)) + memo if memo else b"0:",
            )
        )
        return int(xid), content, is_balanced and shape.is_in_its_currencies

    def faults_of(self, row: bytes) -> tuple[bool, bool]:
        """Return whether an entry does not balance, and whether a leg is in another currency than its account."""
        *_words, accounts, currencies, amounts = _values(row)[:_SPLITS]
        shape = self._shape(accounts, currencies)
        return not _legs(shape, amounts)[1], not shape.is_in_its_currencies

    def _shape(self, accounts: bytes, currencies: bytes) -> _Shape:
        numbers, held = [int(number) for number in _numbers(accounts)], tuple(_numbers(currencies))
        known = [self._accounts.get(number, (f"?{number}", 0)) for number in numbers]
        is_whole = len(numbers) == len(held)
        starts = (b"%b:%b:" % (code.encode(), currency) for (code, _own), currency in zip(known, held, strict=False))
        shape = _Shape(
            starts=tuple(starts) if is_whole else (),
            currencies=held if is_whole else (),
            is_in_its_currencies=all(own == int(currency) for (_code, own), currency in zip(known, held, strict=False)),
            is_plain_pair=is_whole and len(held) == _PAIR and len(set(held)) == 1,
        )
        if len(self._shapes) >= _MOST_KEPT:
            self._shapes.clear()
        self._shapes[accounts + currencies] = shape
        return shape


def _legs(shape: _Shape, amounts: bytes) -> tuple[bytes, bool]:
    """Return the legs as they are hashed, and whether they balance in every currency."""
    values = _numbers(amounts)
    sums: Counter[bytes] = Counter()
    for currency, value in zip(shape.currencies, values, strict=False):
        sums[currency] += int(value)
    is_balanced = len(values) == len(shape.currencies) >= _PAIR and not any(sums.values())
    # What lacks its other half is hashed too, so that no leg too many or too few looks like none.
    return b",".join(start + value for start, value in zip_longest(shape.starts, values, fillvalue=b"?")), is_balanced
