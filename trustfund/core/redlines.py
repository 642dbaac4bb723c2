"""What changed between two versions of something: field by field, and word by word in a longer text. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

# Where a text stays as it was, this many words on either side of a change say where one is.
_AROUND: Final = 12
# Comparing word by word is quadratic at worst; a longer text is compared paragraph by paragraph.
_MOST_WORDS: Final = 6_000
_TOKENS: Final = re.compile(r"\s*\S+")


@dataclass(frozen=True)
class Change:
    """One field that is not what it was. Empty before: added; empty after: removed."""

    field: str
    before: str
    after: str


def changed(pairs: Iterable[tuple[str, str, str]]) -> tuple[Change, ...]:
    """Return the fields that differ, of field, before and after, in their order."""
    return tuple(Change(*pair) for pair in pairs if pair[1] != pair[2])


class Mark(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"
    LEFT_OUT = "left_out"


@dataclass(frozen=True)
class Piece:
    """Some words of a text that was changed; what stayed the same for long is left out."""

    mark: Mark
    words: str


def text_redline(before: str, after: str) -> tuple[Piece, ...]:
    """Return a text as it was changed, with the words around each change; nothing if it says the same."""
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    if max(len(old), len(new)) > _MOST_WORDS:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if _plain(old) == _plain(new):
        return ()
    matcher = SequenceMatcher(None, _plain(old), _plain(new), autojunk=False)
    return tuple(_pieces(matcher.get_opcodes(), old, new))


def _plain(tokens: list[str]) -> list[str]:
    return [" ".join(token.split()) for token in tokens]


def _pieces(steps: Sequence[tuple[str, int, int, int, int]], old: list[str], new: list[str]) -> Iterator[Piece]:
    last = len(steps) - 1
    for number, (step, old_from, old_to, new_from, new_to) in enumerate(steps):
        if step == "equal":
            yield from _same(new[new_from:new_to], is_first=number == 0, is_last=number == last)
            continue
        if old_to > old_from:
            yield Piece(Mark.REMOVED, "".join(old[old_from:old_to]).strip())
        if new_to > new_from:
            yield Piece(Mark.ADDED, "".join(new[new_from:new_to]).strip())


def _same(tokens: list[str], *, is_first: bool, is_last: bool) -> Iterator[Piece]:
    head = [] if is_first else tokens[:_AROUND]
    tail = [] if is_last else tokens[len(head) :][-_AROUND:]
    gap = len(tokens) - len(head) - len(tail)
    if head:
        yield Piece(Mark.SAME, "".join(head).strip())
    if gap > 0:
        yield Piece(Mark.LEFT_OUT, "")
    if tail:
        yield Piece(Mark.SAME, "".join(tail).strip())
