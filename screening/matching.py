"""
Whether two names may be the same person or organisation, by two methods that err in different ways. Pure.

Spelling is measured in hundredths by the edit distance of the words in any order and of the letters without spaces.
Sound compares Metaphone codes. A third look finds a listed name inside a longer one, and a name that leaves words out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from screening.names import in_any_order, joined, sounds_of, telling, turns_of, words_of

# Found on the golden set (`tests/golden/names.csv`): see docs/decisions/0013.
SPELT_ALIKE: Final = 85
SPELT_THE_SAME: Final = 95
TELLING_WORDS_ALIKE: Final = 80
SOUNDS_AND_SPELT_NEARLY: Final = 72
_SHORTEST_SINGLE_WORD: Final = 5
_FEWEST_WORDS_LEFT: Final = 2


class Method(StrEnum):
    """Which look found a likeness."""

    SPELLING = "spelling"
    SOUND = "sound"
    CONTAINED = "contained"
    SHORTENED = "shortened"

    @property
    def label(self) -> str:
        """The method in words."""
        return {
            Method.SPELLING: _("Spelt alike"),
            Method.SOUND: _("Sounds alike"),
            Method.CONTAINED: _("Contains the listed name"),
            Method.SHORTENED: _("Is the listed name with words left out"),
        }[self]


@dataclass(frozen=True, slots=True)
class Listed:
    """One name of one entry of a list; `is_weak` is the list's own word for a name that many people bear."""

    reference: str
    name: str
    is_person: bool
    is_weak: bool = False
    source: str = ""
    entry_print: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """A listed name that a name may be, how it was found, and how alike the two are spelt, in hundredths."""

    listed: Listed
    method: Method
    spelling: int


def spelling(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how alike two names are spelt, 0 to 100, rounded to the nearest hundredth."""
    closed = joined(one)
    return max(
        round(fuzz.ratio(in_any_order(one), in_any_order(other))),
        *(round(fuzz.ratio(closed, turned)) for turned in turns_of(other)),
    )


class Index:
    """The names of the lists in force, made ready to be searched."""

    def __init__(self, listed: Iterable[Listed]) -> None:
        self.listed = [one for one in listed if words_of(one.name)]
        self._words = [words_of(one.name) for one in self.listed]
        self._sorted = [in_any_order(words) for words in self._words]
        self._turned: list[str] = []
        self._turned_of: list[int] = []
        for number, words in enumerate(self._words):
            turns = turns_of(words)
            self._turned += turns
            self._turned_of += [number] * len(turns)
        self._by_sound: dict[str, list[int]] = defaultdict(list)
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for number, words in enumerate(self._words):
            for turned in turns_of(sounds_of(words)):
                self._by_sound[turned].append(number)
            for word in set(words):
                self._by_word[word].append(number)

    def __len__(self) -> int:
        return len(self.listed)

    def like(self, name: str) -> list[Likeness]:
        """Return the entries that a name may be, each once by its best name, the likeliest first."""
        words = words_of(name)
        if not words:
            return []
        best: dict[tuple[str, str], Likeness] = {}
        for number in sorted(self._candidates(words)):
            found = self._compare(words, number)
            entry = (self.listed[number].source, self.listed[number].reference)
            known = best.get(entry)
            if found is not None and (known is None or found.spelling > known.spelling):
                best[entry] = found
        return sorted(best.values(), key=lambda one: (-one.spelling, one.listed.source, one.listed.reference))

    def _candidates(self, words: tuple[str, ...]) -> set[int]:
        near = set(self._by_sound.get(joined(sounds_of(words)), ()))
        near.update(_nearly(in_any_order(words), self._sorted))
        near.update(self._turned_of[place] for place in _nearly(joined(words), self._turned))
        for word in set(words):
            near.update(self._by_word.get(word, ()))
        return near

    def _compare(self, words: tuple[str, ...], number: int) -> Likeness | None:
        listed, theirs = self.listed[number], self._words[number]
        score = spelling(words, theirs)
        tells = listed.is_person or score >= SPELT_THE_SAME or _share_what_tells(words, theirs)
        if score >= SPELT_ALIKE and tells:
            return Likeness(listed, Method.SPELLING, score)
        if score >= SOUNDS_AND_SPELT_NEARLY and tells and joined(sounds_of(words)) in turns_of(sounds_of(theirs)):
            return Likeness(listed, Method.SOUND, score)
        if _contains(words, theirs, listed):
            return Likeness(listed, Method.CONTAINED, score)
        if _is_shortened(words, theirs, listed):
            return Likeness(listed, Method.SHORTENED, score)
        return None


def _share_what_tells(words: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Return whether two names of organisations are alike in the words that others do not bear too."""
    one, other = telling(words), telling(theirs)
    if not one or not other:
        return one == other and set(words) == set(theirs)
    return round(fuzz.ratio(joined(one), joined(other))) >= TELLING_WORDS_ALIKE


def _nearly(query: str, choices: list[str]) -> Iterator[int]:
    found = process.extract(query, choices, scorer=fuzz.ratio, score_cutoff=SPELT_ALIKE - 1, limit=None)
    return (place for _choice, _score, place in found)


def _contains(words: tuple[str, ...], theirs: tuple[str, ...], listed: Listed) -> bool:
    """Return whether a listed name stands inside a longer one, word for word; single words only of organisations."""
    if listed.is_weak or len(theirs) >= len(words):
        return False
    if len(theirs) == 1 and (listed.is_person or len(theirs[0]) < _SHORTEST_SINGLE_WORD):
        return False
    return any(words[start : start + len(theirs)] == theirs for start in range(len(words) - len(theirs) + 1))


def _is_shortened(words: tuple[str, ...], theirs: tuple[str, ...], listed: Listed) -> bool:
    """Return whether a person's name leaves words of the listed one out and keeps at least two, and over half."""
    kept = set(words)
    return (
        listed.is_person
        and not listed.is_weak
        and len(kept) >= _FEWEST_WORDS_LEFT
        and kept < set(theirs)
        and len(kept) * 2 > len(set(theirs))
    )
