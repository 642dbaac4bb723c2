"""What a verifier hashes of a copied row is the canonical text of its entry, whatever words and legs it has."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from ledger.queries import raw_entries
from ledger.queries.raw_entries import RawEntries, key_of, name_of
from ledger.tree import Record

ACCOUNTS = {1: ("1100", 840), 2: ("4300", 840), 3: ("9100.PL-1", 410), 4: ("9110.PL-1", 410)}
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
    memo="",
)
ROW = (
    "900|receipt.recorded|R-2026-001||{1,2}|{840,840}|{5,-5}|7|900|2026-07-17|1784289600.123456|"
    "00000000-0000-0000-0000-000000000001|-|-\n"
)

NAMES = (
    "xid", "kind", "reference", "memo", "accounts", "currencies", "amounts",
    "id", "again", "day", "moment", "actor", "subject", "reverses",
)  # fmt: skip


def copied(**changes: str) -> bytes:
    """Return the row with other values, as COPY would write them."""
    values = {**dict(zip(NAMES, ROW[:-1].split("|"), strict=True)), **changes}
    return ("|".join(values.values()) + "\n").encode()


SOUND: list[tuple[str, dict[str, str], dict[str, Any]]] = [
    ("as it is", {}, {}),
    ("a pair the other way round", {"amounts": "{-5,5}"}, {"legs": [("1100", 840, -5), ("4300", 840, 5)]}),
    ("a memo", {"memo": "Für Zürich"}, {"memo": "Für Zürich"}),
    ("a bar", {"memo": r"a\|b"}, {"memo": "a|b"}),
    ("a backslash", {"memo": r"a\\b", "reference": r"R\\\|1"}, {"memo": r"a\b", "reference": r"R\|1"}),
    ("white space", {"memo": r"\t\n\r\b\f\v."}, {"memo": "\t\n\r\b\f\v."}),
    ("a point in a word", {"memo": "1.5", "kind": "a.b"}, {"memo": "1.5", "kind": "a.b"}),
    ("a subject", {"subject": str(UUID(int=2))}, {"subject": UUID(int=2)}),
    ("an entry that reverses", {"reverses": "3"}, {"reverses": 3}),
    (
        "a moment on the second",
        {"moment": "1784289600.000000"},
        {"booked_at": datetime(2026, 7, 17, 12, tzinfo=UTC)},
    ),
    (
        "a moment before 1970",
        {"moment": "-1.500000"},
        {"booked_at": datetime(1969, 12, 31, 23, 59, 58, 500000, tzinfo=UTC)},
    ),
    (
        "three legs",
        {"accounts": "{1,2,1}", "currencies": "{840,840,840}", "amounts": "{5,-7,2}"},
        {"legs": [("1100", 840, 5), ("4300", 840, -7), ("1100", 840, 2)]},
    ),
    (
        "two currencies",
        {"accounts": "{1,3,2,4}", "currencies": "{840,410,840,410}", "amounts": "{5,700,-5,-700}"},
        {"legs": [("1100", 840, 5), ("9100.PL-1", 410, 700), ("4300", 840, -5), ("9110.PL-1", 410, -700)]},
    ),
]


@pytest.mark.parametrize(("row", "record"), [case[1:] for case in SOUND], ids=[case[0] for case in SOUND])
def test_a_sound_row_becomes_the_canonical_text(row: dict[str, str], record: dict[str, Any]) -> None:
    raw = RawEntries(ACCOUNTS)
    wanted = b"\x00" + replace(RECORD, **record).canonical
    for _again in range(2):
        assert raw.read(copied(**row)) == (900, wanted, True)
    assert raw.faults_of(copied(**row)) == (False, False)


FAULTY: list[tuple[str, dict[str, str], tuple[bool, bool]]] = [
    ("uneven", {"amounts": "{5,-4}"}, (True, False)),
    ("two debits", {"amounts": "{5,5}"}, (True, False)),
    ("one leg", {"accounts": "{1}", "currencies": "{840}", "amounts": "{5}"}, (True, False)),
    ("one leg of nothing", {"accounts": "{1}", "currencies": "{840}", "amounts": "{0}"}, (True, False)),
    ("an amount too many", {"amounts": "{5,-5,0}"}, (True, False)),
    ("an amount too few", {"amounts": "{0}"}, (True, False)),
    ("an account too many", {"accounts": "{1,2,2}"}, (True, False)),
    ("no amount", {"amounts": "{5,NULL}"}, (True, False)),
    ("no account", {"accounts": "{1,NULL}"}, (True, False)),
    ("no legs", {"accounts": "{}", "currencies": "{}", "amounts": "{}"}, (True, False)),
    ("an array of arrays", {"amounts": "{{5,-5}}"}, (True, False)),
    ("an array from two", {"amounts": "[2:3]={5,-5}"}, (True, False)),
    ("another currency than the account's", {"accounts": "{1,3}"}, (False, True)),
    ("an account that is not there", {"accounts": "{1,9}"}, (False, True)),
    (
        "two currencies that cancel each other",
        {"accounts": "{1,3}", "currencies": "{840,410}", "amounts": "{5,-5}"},
        (True, False),
    ),
    ("both faults", {"accounts": "{1,3}", "amounts": "{5,-4}"}, (True, True)),
]


@pytest.mark.parametrize(("row", "faults"), [case[1:] for case in FAULTY], ids=[case[0] for case in FAULTY])
def test_a_faulty_row_is_told_from_a_sound_one_and_its_fault_is_named(
    row: dict[str, str], faults: tuple[bool, bool]
) -> None:
    raw = RawEntries(ACCOUNTS)
    _xid, content, is_sound = raw.read(copied(**row))
    assert not is_sound
    assert raw.faults_of(copied(**row)) == faults
    assert content != b"\x00" + RECORD.canonical


def test_an_account_that_is_not_there_is_hashed_by_its_number() -> None:
    _xid, content, _is_sound = RawEntries(ACCOUNTS).read(copied(accounts="{1,9}"))
    assert b"|1100:840:5,?9:840:-5|" in content


def test_a_row_has_a_key_and_a_name() -> None:
    assert key_of(copied()) == ("900", "7")
    assert key_of(copied(kind=r"a\|b")) == ("900", "7")
    assert name_of(copied(kind=r"a\|b", reference=r"Z\\ürich")) == {"id": "7", "what": "a|b Z\\ürich"}


def test_what_is_kept_of_accounts_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_entries, "_MOST_KEPT", 2)
    raw = RawEntries({number: (f"13{number}", 840) for number in range(1, 50)})
    for number in range(1, 50):
        assert f"|13{number}:840:5,".encode() in raw.read(copied(accounts=f"{{{number},1}}"))[1]
        assert len(raw._shapes) <= 2


def test_what_entries_have_in_common_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = RawEntries(ACCOUNTS)
    raw.read(copied())

    def again(*_args: Any) -> None:
        raise AssertionError("worked out again")

    monkeypatch.setattr(raw_entries, "_legs", again)
    monkeypatch.setattr(raw, "_shape", again)
    for amounts in ("{5,-5}", "{-5,5}", "{12345,-12345}"):
        assert raw.read(copied(amounts=amounts))[2]
