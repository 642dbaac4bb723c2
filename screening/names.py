"""What a name comes down to: its words in Latin letters, without marks, and how they sound. Pure."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

import jellyfish
from anyascii import anyascii

LONGEST: Final = 400
# Marks inside a word: "Ch'o'l" and "Ch’ŏl" are one word, not three.
_INSIDE: Final = re.compile(r"['’‘ʼʻ`´ʹ]")
_BETWEEN: Final = re.compile(r"[^0-9a-z]+")
# What says of which legal form or rank somebody is, and nothing of who.
_SAYS_NOTHING: Final = frozenset(
    word
    for line in (
        "the of and for co company corp corporation ltd limited inc incorporated llc plc gmbh sa sarl",
        "srl bv ag jsc ojsc pte pty jv mr mrs ms dr prof sir colonel general mullah maulavi haji",
        "hajji sheikh qari jr sr",
    )
    for word in line.split()
)
# What many organisations are called; two names that share nothing else are not alike.
_COMMON: Final = frozenset(
    word
    for line in (
        "international trading trade general national bank banking development group shipping",
        "foundation medical supplies services industries industrial industry technology commercial",
        "central state enterprise establishment organization organisation committee ministry",
        "department institute agency import export korea korean iraq iraqi",
    )
    for word in line.split()
)
# Romanisations of one sound, longest first: Ri and Li, Pak and Bak, Choe and Ch'oe, Mohammed and Muhammad.
_ONE_SOUND: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^(rhee|rhie|yi|lee|li|rie|ree)$", "ri"),
        (r"^(park|pak|bak|pahk)$", "pak"),
        (r"^(choe|choi|chwe|choy)$", "choe"),
        (r"^(jong|jung|chong|chung|cheong|jeong)$", "chong"),
        (r"^(m[ou]h+am+[aei]d|mohd|mahomed|mehm[ae]t)$", "muhammad"),
        (r"^(u|oo|woo|wu)$", "u"),
        (r"^(yo|yeo|yu|yoo|you)$", "yo"),
        (r"^(abdel|abdal|abd|abdul|abdoul)$", "abd"),
        (r"^(el|al|ul|ol)$", "al"),
        (r"^(hussein|husain|hosein|hossein|hussain|hosain|husayn)$", "husain"),
    )
)
_FIRST: Final = str.maketrans({"g": "k", "d": "t", "b": "p", "j": "c", "l": "r"})


@lru_cache(maxsize=100_000)
def words_of(name: str) -> tuple[str, ...]:
    """
    Return the words of a name in small Latin letters, in their order.

    Other scripts are brought into Latin letters; legal forms and ranks are left out, unless nothing else is left.
    """
    plain = _INSIDE.sub("", anyascii(_INSIDE.sub("", name[:LONGEST]))).casefold()
    words = tuple(word for word in _BETWEEN.split(plain) if word)
    telling = tuple(word for word in words if word not in _SAYS_NOTHING)
    return telling or words


def telling(words: Iterable[str]) -> list[str]:
    """Return the words of an organisation's name that others do not bear too, sorted."""
    return sorted(set(words) - _COMMON)


def joined(words: Iterable[str]) -> str:
    """Return the words without any space: "Won-ho", "Wonho" and "Won Ho" are written alike."""
    return "".join(words)


def turns_of(words: Sequence[str]) -> list[str]:
    """Return words, or their sounds, without spaces: as they stand, and with the last or first at the other end."""
    return list(dict.fromkeys((joined(words), joined([*words[-1:], *words[:-1]]), joined([*words[1:], *words[:1]]))))


def in_any_order(words: Iterable[str]) -> str:
    """Return the words sorted, so that given and family name may stand in either order."""
    return " ".join(sorted(words))


@lru_cache(maxsize=100_000)
def sounds_of(words: tuple[str, ...]) -> tuple[str, ...]:
    """
    Return how each word sounds: its Metaphone code, after the usual romanisations of a sound are made one.

    Consonants that Korean and Arabic romanisations take for each other (g and k, l and r …) count as one.
    """
    return tuple(filter(None, (_sound(word) for word in words)))


def _sound(word: str) -> str:
    for pattern, sound in _ONE_SOUND:
        word = pattern.sub(sound, word)
    return jellyfish.metaphone(word.replace("ch", "c").replace("ph", "f").translate(_FIRST))
