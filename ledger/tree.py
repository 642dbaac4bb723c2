"""The Merkle tree of RFC 6962 over the canonical texts of entries, as a verifier needs it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

VERSION: Final = "1"
# How the text of a leaf begins: the byte that tells it from a node, then the version.
LEAF: Final = b"\x00" + VERSION.encode()
NO_SEAL: Final = sha256(b"").digest()
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(moment: datetime) -> int:
    """Return a moment as whole microseconds since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _word(text: str) -> str:
    return f"{len(text.encode())}:{text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An entry as its raw row says, its accounts by code."""

    id: int
    xid: int
    effective_on: date
    booked_at: datetime
    actor: UUID
    subject: UUID | None
    reverses: int | None
    legs: Sequence[tuple[str, int, int]]
    kind: str
    reference: str
    memo: str

    @property
    def canonical(self) -> bytes:
        """The text that is hashed: fields in a fixed order, words with their length in bytes before them."""
        return "|".join(
            (
                VERSION,
                str(self.id),
                str(self.xid),
                self.effective_on.isoformat(),
                str(microseconds(self.booked_at)),
                str(self.actor),
                str(self.subject or "-"),
                str(self.reverses or "-"),
                ",".join(f"{code}:{currency}:{amount}" for code, currency, amount in self.legs),
                _word(self.kind),
                _word(self.reference),
                _word(self.memo),
            )
        ).encode()


def leaf_hash(content: bytes) -> bytes:
    """Return the hash of a leaf."""
    return sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(slots=True)
class Tree:
    """A tree that grows by leaves. It keeps only the heads of its full subtrees, the highest first."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> None:
        """Add the hash of a leaf: subtrees of the same height join, as a carry ripples through a binary counter."""
        node = leaf
        self.size += 1
        rest = self.size
        while rest % 2 == 0:
            node = node_hash(self.peaks.pop(), node)
            rest //= 2
        self.peaks.append(node)

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Add the hashes of many leaves: level by level, which is less work than one by one."""
        nodes, left_over, left_of_them = list(leaves), [], self.size
        self.size += len(nodes)
        while nodes:
            if left_of_them % 2:
                nodes.insert(0, self.peaks.pop())
            if len(nodes) % 2:
                left_over.append(nodes.pop())
            pairs = iter(nodes)
            nodes = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]
            left_of_them //= 2
        self.peaks += reversed(left_over)

    @property
    def root(self) -> bytes:
        """The head of the tree; of an empty tree, the hash of nothing."""
        if not self.peaks:
            return NO_SEAL
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def seal_hash(
    *, n: int, xid_from: int, xid_to: int, entries: int, size: int, root: bytes, previous: bytes, sealed_at: datetime
) -> bytes:
    """Return the hash that chains a seal to the one before."""
    parts = (VERSION, n, xid_from, xid_to, entries, size, root.hex(), previous.hex(), microseconds(sealed_at))
    return sha256("|".join(map(str, parts)).encode()).digest()
