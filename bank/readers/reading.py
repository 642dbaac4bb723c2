"""What a file says, as plain values: statements, entries and their parts, every amount exact. Pure."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Final, Self

from django.utils.translation import gettext as _

from trustfund.core.refusals import Unacceptable

MOST_BYTES: Final = 8 * 1024 * 1024
MOST_STATEMENTS: Final = 1000
MOST_ENTRIES: Final = 20_000
MOST_PARTS: Final = 20_000
# The longest name that ISO 20022 gives to anything a line is known by.
LONGEST_REFERENCE: Final = 140
LONGEST_TEXT: Final = 2000
_AMOUNT: Final = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,5})?")
_DAY: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T[0-9:.]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_SPACES: Final = re.compile(r"\s+")
# What banks write where a reference is missing.
_NO_REFERENCES: Final = frozenset({"", "NONREF", "NOTPROVIDED", "NOT PROVIDED", "NONE"})


class Unreadable(Unacceptable):
    """The file is not what the fund reads, or not safe to read."""

    code = "unreadable"

    @classmethod
    def too_large(cls, size: int) -> Self:
        """Return the refusal of a file of more bytes than a statement has."""
        return cls(
            _("The file has %(size)s bytes, and at most %(most)s are read. Ask the bank for shorter periods.")
            % {"size": size, "most": MOST_BYTES}
        )

    @classmethod
    def too_many(cls, most: int) -> Self:
        """Return the refusal of a file of more statements or entries than are read at once."""
        return cls(
            _("The file has more than %(most)s statements or entries. Ask the bank for shorter periods.")
            % {"most": most}
        )


class Said(StrEnum):
    """What sort of message it is: only a statement has balances that must close."""

    STATEMENT = "statement"
    REPORT = "report"
    NOTIFICATION = "notification"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One payment inside an entry: an entry has one, or the several of a batch."""

    amount: Decimal
    end_to_end_id: str = ""
    party: str = ""
    party_account: str = ""
    creditor_reference: str = ""
    text: str = ""
    code: str = ""
    is_return: bool = False
    return_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One movement of the account: what came in is positive, what went out negative."""

    amount: Decimal
    currency: str
    booked_on: date
    value_on: date
    bank_reference: str = ""
    is_reversal: bool = False
    parts: tuple[Part, ...]

    @property
    def fingerprint(self) -> str:
        """
        What the entry is known by, whichever message brings it.

        A statement and the notice before it tell the same entry with more or fewer details, so where the bank gave a
        reference only that, the amount and the value date count.
        """
        words = [self.bank_reference, format(self.amount.normalize(), "f"), self.currency, self.value_on.isoformat()]
        if not self.bank_reference:
            words.append(self.booked_on.isoformat())
            for part in self.parts:
                words += [part.end_to_end_id, part.party_account, part.creditor_reference, part.text]
        return sha256("\x1f".join(words).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadStatement:
    """One statement, report or notification about one account."""

    said: Said
    account: str
    currency: str
    reference: str
    sequence: str = ""
    opening: Decimal | None = None
    closing: Decimal | None = None
    opens_on: date | None = None
    closes_on: date | None = None
    entries: tuple[Entry, ...] = ()
    # What the bank has seen and not booked; told to nobody, counted so that nobody looks for it.
    not_booked: int = 0

    @property
    def moved(self) -> Decimal:
        """The sum of all entries."""
        return sum((entry.amount for entry in self.entries), Decimal(0))

    @property
    def off_by(self) -> Decimal | None:
        """By how much the closing balance differs from opening and entries; None if a balance is not given."""
        if self.opening is None or self.closing is None:
            return None
        return self.closing - self.opening - self.moved

    def told(self) -> Iterator[tuple[str, Entry]]:
        """
        Yield every entry with the hash it is known by.

        Two entries that say exactly the same in one statement are two: the second counts as the second of its kind.
        """
        seen: Counter[str] = Counter()
        for entry in self.entries:
            fingerprint = entry.fingerprint
            seen[fingerprint] += 1
            yield sha256(f"{fingerprint}/{seen[fingerprint]}".encode()).hexdigest(), entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a file says: the form it is in, the message's own name, and the statements in it."""

    form: str
    message: str = ""
    statements: tuple[ReadStatement, ...] = field(default_factory=tuple)


def plain(words: str) -> str:
    """
    Return an account's number as letters and digits alone, so that spaces and dots make no second account.

    :raises Unreadable: if it is longer than a number can be
    """
    return reference("".join(letter for letter in words.upper() if letter.isascii() and letter.isalnum()))


def one_line(words: str | None) -> str:
    """Return words with single spaces, no longer than the fund keeps; the file itself is kept whole."""
    return _SPACES.sub(" ", words or "").strip()[:LONGEST_TEXT]


def reference(words: str | None) -> str:
    """
    Return a reference, or nothing where the bank says that there is none.

    :raises Unreadable: if it is longer than a reference can be
    """
    found = _SPACES.sub(" ", words or "").strip()
    if len(found) > LONGEST_REFERENCE:
        raise Unreadable(
            _("A reference has %(length)s characters, and at most %(most)s make one.")
            % {"length": len(found), "most": LONGEST_REFERENCE}
        )
    return "" if found.upper() in _NO_REFERENCES else found


def amount(words: str | None) -> Decimal:
    """
    Return an amount exactly: digits 0 to 9, at most five decimals, no sign and no exponent.

    :raises Unreadable: if it is written otherwise
    """
    found = (words or "").strip()
    if not _AMOUNT.fullmatch(found):
        raise Unreadable(
            _("“%(words)s” is no amount. Amounts are digits 0 to 9 with at most five decimals.") % {"words": found[:40]}
        )
    return Decimal(found)


def day(words: str | None) -> date:
    """
    Return a day, taken as the bank writes it, in the bank's own time.

    :raises Unreadable: if it is none
    """
    found = _DAY.fullmatch((words or "").strip())
    try:
        if found is not None:
            return date.fromisoformat(found[1])
    except ValueError:
        pass
    raise Unreadable(_("“%(words)s” is no day such as 2026-06-30.") % {"words": (words or "").strip()[:40]})


def currency(words: str | None) -> str:
    """
    Return a currency's three capital letters.

    :raises Unreadable: if they are not
    """
    found = (words or "").strip()
    if not _CURRENCY.fullmatch(found):
        raise Unreadable(_("“%(words)s” is no currency such as USD.") % {"words": found[:40]})
    return found
