"""The tree of the seals is that of RFC 6962, and no two entries have the same canonical text."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest

from ledger.tree import NO_SEAL, Record, Tree, leaf_hash, microseconds, node_hash, seal_hash

LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
# The heads that Certificate Transparency's reference implementation gives for the first one, two, … leaves.
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

RECORD = Record(
    id=7,
    xid=900,
    effective_on=date(2026, 7, 17),
    booked_at=datetime(2026, 7, 17, 12, 0, 0, 123456, tzinfo=UTC),
    actor=UUID(int=1),
    subject=None,
    reverses=None,
    legs=[("1100", 840, 5), ("4300", 840, -5)],
    kind="receipt.recorded",
    reference="R-2026-001",
    memo="Zürich | 7",
)


def test_the_heads_are_those_of_the_reference_implementation() -> None:
    tree = Tree()
    assert tree.root == NO_SEAL == sha256(b"").digest()
    heads = []
    for leaf in LEAVES:
        tree.append(leaf_hash(bytes.fromhex(leaf)))
        heads.append(tree.root.hex())
    assert heads == ROOTS
    assert (tree.size, len(tree.peaks)) == (8, 1)


def recursive(leaves: list[bytes]) -> bytes:
    """The definition in section 2.1 of the RFC, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(recursive(leaves[:split]), recursive(leaves[split:]))


@pytest.mark.parametrize("size", [1, 2, 3, 5, 31, 32, 33, 100])
def test_a_tree_grown_leaf_by_leaf_is_the_tree_of_the_definition(size: int) -> None:
    leaves = [leaf_hash(str(number).encode()) for number in range(size)]
    tree = Tree()
    for leaf in leaves:
        tree.append(leaf)
    assert tree.root == recursive(leaves)
    assert len(tree.peaks) == size.bit_count()


@pytest.mark.parametrize("first", range(18))
@pytest.mark.parametrize("more", range(18))
def test_a_tree_grown_by_many_leaves_at_once_is_the_same(first: int, more: int) -> None:
    leaves = [leaf_hash(str(number).encode()) for number in range(first + more)]
    one_by_one, at_once = Tree(), Tree()
    for leaf in leaves:
        one_by_one.append(leaf)
    at_once.extend(leaves[:first])
    at_once.extend(leaves[first:])
    assert (at_once.size, at_once.peaks, at_once.root) == (one_by_one.size, one_by_one.peaks, one_by_one.root)


def test_an_entry_has_one_canonical_text() -> None:
    assert RECORD.canonical.decode() == (
        "1|7|900|2026-07-17|1784289600123456|00000000-0000-0000-0000-000000000001|-|-|1100:840:5,4300:840:-5|"
        "16:receipt.recorded|10:R-2026-001|11:Zürich | 7"
    )
    assert replace(RECORD, subject=UUID(int=2), reverses=3).canonical.decode() == (
        "1|7|900|2026-07-17|1784289600123456|00000000-0000-0000-0000-000000000001|"
        "00000000-0000-0000-0000-000000000002|3|1100:840:5,4300:840:-5|"
        "16:receipt.recorded|10:R-2026-001|11:Zürich | 7"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"id": 8},
        {"xid": 901},
        {"effective_on": date(2026, 7, 18)},
        {"booked_at": RECORD.booked_at + timedelta(microseconds=1)},
        {"actor": UUID(int=2)},
        {"subject": UUID(int=2)},
        {"reverses": 1},
        {"legs": [("1100", 840, 6), ("4300", 840, -6)]},
        {"legs": [("1100", 410, 5), ("4300", 410, -5)]},
        {"legs": [("1200", 840, 5), ("4300", 840, -5)]},
        {"legs": [("4300", 840, -5), ("1100", 840, 5)]},
        {"kind": "receipt.recorde", "reference": "dR-2026-001"},
        {"reference": "R-2026-001|", "memo": "Zürich |7"},
        {"memo": ""},
    ],
)
def test_every_change_shows_in_the_hash(change: dict[str, Any]) -> None:
    assert leaf_hash(replace(RECORD, **change).canonical) != leaf_hash(RECORD.canonical)


def test_a_seal_is_bound_to_all_it_says() -> None:
    values: dict[str, Any] = {
        "n": 2,
        "xid_from": 5,
        "xid_to": 9,
        "entries": 3,
        "size": 10,
        "root": b"\x01" * 32,
        "previous": NO_SEAL,
        "sealed_at": datetime(2026, 7, 17, tzinfo=UTC),
    }
    text = f"1|2|5|9|3|10|{'01' * 32}|{NO_SEAL.hex()}|{microseconds(values['sealed_at'])}"
    made = seal_hash(**values)
    assert made == sha256(text.encode()).digest()
    changes: dict[str, Any] = {
        "n": 3, "xid_from": 6, "xid_to": 8, "entries": 4, "size": 11, "root": b"\x02" * 32, "previous": b"\x00" * 32,
        "sealed_at": datetime(2026, 7, 18, tzinfo=UTC),
    }  # fmt: skip
    assert len({seal_hash(**{**values, name: value}) for name, value in changes.items()} | {made}) == 9
