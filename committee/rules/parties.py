"""When two names stand for the same party: a member's state or employer, and the donor or payee of a motion."""

import unicodedata
from collections.abc import Iterable


def party_key(name: str) -> str:
    """Return what names of one party have in common, whatever their capitals, spacing and width of letters."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def names_one_of(name: str, parties: Iterable[str]) -> bool:
    """Return whether a name is that of one of some parties; an empty name is nobody's."""
    key = party_key(name)
    return bool(key) and key in {party_key(party) for party in parties}
