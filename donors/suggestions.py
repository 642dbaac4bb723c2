"""Which pledge a line of the bank may pay, and why one would think so. It suggests; a person decides. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Final
from uuid import UUID

from anyascii import anyascii
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from trustfund.core.money import Money

_WORD: Final = re.compile(r"[a-z]+|[0-9]+")
# Two names of which one holds nearly all words of the other are taken for the same.
_ALIKE: Final = 92
_SHORTEST_NAME: Final = 5
# What half the donors of the world have in their names says nothing of who one is.
_COMMON: Final = frozenset(
    {"the", "of", "and", "for", "ministry", "treasury", "republic", "kingdom", "government", "finance", "state", "bank"}
)


class Confidence(IntEnum):
    """How sure a suggestion is; never so sure that nobody need look."""

    POSSIBLE = 1
    LIKELY = 2
    NEARLY_CERTAIN = 3

    @property
    def words(self) -> str:
        """The confidence in words."""
        return {
            Confidence.POSSIBLE: _("possible"),
            Confidence.LIKELY: _("likely"),
            Confidence.NEARLY_CERTAIN: _("nearly certain"),
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a line says that can lead to a pledge."""

    left: Money
    words: Sequence[str]
    party: str
    party_account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A pledge that money can come for, and what is known of its donor."""

    pledge_id: UUID
    pledge: str
    donor: str
    names: frozenset[str]
    next_number: int
    next_due: Money
    outstanding: Money
    payers: frozenset[str]
    payer_accounts: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A pledge that a line may pay: how sure, why, and how much of the line it would take."""

    candidate: Candidate
    confidence: Confidence
    reasons: tuple[str, ...]
    amount: Money

    @property
    def needs_two(self) -> bool:
        """Whether the money is in another currency, so that two people say what it settles."""
        return self.amount.currency != self.candidate.outstanding.currency


def suggestions(line: Line, candidates: Iterable[Candidate], most: int = 5) -> list[Suggestion]:
    """Return the pledges that a line may pay, the surest first."""
    found = [one for candidate in candidates if (one := _suggestion(line, candidate)) is not None]
    found.sort(key=lambda one: (-one.confidence, -len(one.reasons), one.candidate.donor, one.candidate.pledge))
    return found[:most]


def _suggestion(line: Line, candidate: Candidate) -> Suggestion | None:
    reference, amount, payer = _by_reference(line, candidate), _by_amount(line, candidate), _by_payer(line, candidate)
    reasons = tuple(reason for reason in (reference, amount, payer) if reason)
    if not reasons:
        return None
    if reference and (amount or payer):
        confidence = Confidence.NEARLY_CERTAIN
    elif reference or (amount and payer):
        confidence = Confidence.LIKELY
    else:
        confidence = Confidence.POSSIBLE
    part = line.left
    if part.currency == candidate.outstanding.currency:
        part = min(part, candidate.outstanding)
    return Suggestion(candidate=candidate, confidence=confidence, reasons=reasons, amount=part)


def _by_reference(line: Line, candidate: Candidate) -> str:
    for name in sorted(candidate.names):
        if any(names(words, name) for words in line.words):
            return _("the bank's line names %(name)s") % {"name": name}
    return ""


def _by_amount(line: Line, candidate: Candidate) -> str:
    if line.left.currency != candidate.outstanding.currency:
        return ""
    if line.left == candidate.next_due:
        return _("the amount is instalment %(number)s, the next that is due") % {"number": candidate.next_number}
    if line.left == candidate.outstanding:
        return _("the amount is all that the pledge still lacks")
    return ""


def _by_payer(line: Line, candidate: Candidate) -> str:
    if line.party_account and line.party_account in candidate.payer_accounts:
        return _("%(donor)s paid from this account before") % {"donor": candidate.donor}
    if line.party and any(are_alike(line.party, payer) for payer in candidate.payers):
        return _("%(donor)s paid under this name before") % {"donor": candidate.donor}
    if line.party and are_alike(line.party, candidate.donor):
        return _("the payer's name is the donor's")
    return ""


@lru_cache(maxsize=4096)
def _pattern(name: str) -> re.Pattern[str]:
    """Return what finds a reference however its parts are joined: PL-2026-001, PL2026001, "pl 2026/001"."""
    parts = _WORD.findall(name.lower())
    return re.compile(r"(?<![a-z0-9])" + r"[^a-z0-9]{0,2}".join(map(re.escape, parts)) + r"(?![0-9])")


def names(words: str, reference: str) -> bool:
    """Return whether some words name a reference, in any way of writing it."""
    if len(reference) < _SHORTEST_NAME:
        return False
    return _pattern(reference).search(words.lower()) is not None


@lru_cache(maxsize=4096)
def _telling(name: str) -> str:
    """Return the words of a name that tell it from others, in Latin letters and in order."""
    found = set(_WORD.findall(anyascii(name).lower()))
    return " ".join(sorted(found - _COMMON))


def are_alike(one: str, other: str) -> bool:
    """Return whether two names are the same but for spelling, order, and words that every donor has."""
    first, second = _telling(one), _telling(other)
    if not first or not second:
        return False
    return fuzz.token_set_ratio(first, second) >= _ALIKE
