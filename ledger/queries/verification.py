"""Recomputes the books from raw rows and names what differs. It shares no code with the SQL that wrote them."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from ledger.queries.rows import rows
from ledger.tree import NO_SEAL, Record, Tree, leaf_hash, seal_hash

_CHUNK: Final = 5000
_ENTRIES: Final = """
    SELECT id, xid::text::bigint, effective_on, booked_at, actor, subject, reverses, kind, reference, memo,
           accounts, currencies, amounts
      FROM ledger_entry WHERE (xid, id) > (%s::text::xid8, %s) ORDER BY xid, id LIMIT %s
"""
_SEALS: Final = """
    SELECT n, xid_from::text::bigint, xid_to::text::bigint, entries, size, root, previous, hash, sealed_at
      FROM ledger_seal ORDER BY n
"""


def _entries(codes: dict[int, str]) -> Iterator[tuple[Record, list[int], list[int], list[int]]]:
    """Yield every entry in the order of the tree, with its raw arrays."""
    after = (0, 0)
    while found := rows(_ENTRIES, [str(after[0]), after[1], _CHUNK]):
        for (
            number,
            xid,
            day,
            booked_at,
            actor,
            subject,
            reverses,
            kind,
            reference,
            memo,
            accounts,
            currencies,
            amounts,
        ) in found:
            yield (
                Record(
                    id=number,
                    xid=xid,
                    effective_on=day,
                    booked_at=booked_at.astimezone(UTC),
                    actor=UUID(str(actor)),
                    subject=UUID(str(subject)) if subject else None,
                    reverses=reverses,
                    legs=[
                        (codes.get(account, f"?{account}"), currency, amount)
                        for account, currency, amount in zip(accounts, currencies, amounts, strict=False)
                    ],
                    kind=kind,
                    reference=reference,
                    memo=memo,
                ),
                accounts,
                currencies,
                amounts,
            )
            after = (xid, number)


def differences() -> Iterator[str]:
    """
    Yield a sentence for each thing in the books that is not as it should be; nothing if all is sound.

    Run it inside a transaction at REPEATABLE READ, so that it sees the books at one moment.
    """
    yield from _differences_of_entries_and_seals()
    yield from _differences_of_lines()
    yield from _differences_of_balances()
    yield from _differences_of_rollups()


def _differences_of_entries_and_seals() -> Iterator[str]:
    codes = dict(rows("SELECT id, code FROM ledger_account"))
    currencies_of = dict(rows("SELECT id, currency FROM ledger_account"))
    seals = _Seals()
    for record, accounts, currencies, amounts in _entries(codes):
        what = f"{record.kind} {record.reference}"
        sums: Counter[int] = Counter()
        for currency, amount in zip(currencies, amounts, strict=False):
            sums[currency] += amount
        if len(amounts) < 2 or not len(accounts) == len(currencies) == len(amounts) or any(sums.values()):  # noqa: PLR2004
            yield _("Entry %(id)s (%(what)s) does not balance.") % {"id": record.id, "what": what}
        if any(currencies_of.get(account) != currency for account, currency in zip(accounts, currencies, strict=False)):
            yield _("Entry %(id)s (%(what)s) has a leg in another currency than its account.") % {
                "id": record.id,
                "what": what,
            }
        yield from seals.cover(record)
    yield from seals.end()
    for number, original in rows(
        "SELECT back.id, original.id FROM ledger_entry AS back "
        "JOIN ledger_entry AS original ON original.id = back.reverses "
        "WHERE back.accounts <> original.accounts "
        "OR back.amounts <> ARRAY(SELECT -amount FROM unnest(original.amounts) AS amount)"
    ):
        yield _("Entry %(id)s is not the opposite of entry %(original)s, which it reverses.") % {
            "id": number,
            "original": original,
        }


class _Seals:
    """Walks the seals beside the entries, growing one tree."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.left = rows(_SEALS)
        self.previous = NO_SEAL
        self.from_ = 0
        self.entries = 0

    def cover(self, record: Record) -> Iterator[str]:
        while self.left and record.xid >= self.left[0][2]:
            yield from self._close()
        if self.left:
            if record.xid < self.left[0][1]:
                yield _("Entry %(id)s lies between two seals.") % {"id": record.id}
            self.entries += 1
            self.tree.append(leaf_hash(record.canonical))

    def end(self) -> Iterator[str]:
        while self.left:
            yield from self._close()

    def _close(self) -> Iterator[str]:
        n, xid_from, xid_to, entries, size, root, previous, stored, sealed_at = self.left.pop(0)
        made = seal_hash(
            n=n,
            xid_from=xid_from,
            xid_to=xid_to,
            entries=self.entries,
            size=self.tree.size,
            root=self.tree.root,
            previous=self.previous,
            sealed_at=_utc(sealed_at),
        )
        if (entries, size) != (self.entries, self.tree.size):
            yield _("Seal %(n)s covers %(sealed)s entries, and %(found)s are there.") % {
                "n": n,
                "sealed": entries,
                "found": self.entries,
            }
        elif bytes(root) != self.tree.root:
            yield _("Seal %(n)s: an entry among the %(size)s up to here is not what was sealed.") % {
                "n": n,
                "size": size,
            }
        elif (bytes(previous), bytes(stored), xid_from) != (self.previous, made, self.from_):
            yield _("Seal %(n)s is not chained to the seal before it.") % {"n": n}
        self.previous = bytes(stored)
        self.from_ = xid_to
        self.entries = 0


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _differences_of_lines() -> Iterator[str]:
    legs = """
        SELECT leg.account, entry.effective_on, entry.id AS entry, leg.amount, leg.currency, leg.n::smallint AS leg
          FROM ledger_entry AS entry, unnest(entry.accounts, entry.currencies, entry.amounts) WITH ORDINALITY
               AS leg(account, currency, amount, n)
    """
    lines = "SELECT account, effective_on, entry, amount, currency, leg FROM ledger_line"
    for (entry,) in rows(
        f"SELECT entry FROM (({legs}) EXCEPT ALL ({lines})) AS lost UNION "  # noqa: S608 - our own text
        f"SELECT entry FROM (({lines}) EXCEPT ALL ({legs})) AS strange ORDER BY entry"
    ):
        yield _("The lines of entry %(id)s are not its legs.") % {"id": entry}


def _differences_of_balances() -> Iterator[str]:
    for code, posted, summed in rows(
        "SELECT account.code, held.posted, line.amount FROM ledger_account AS account "
        "LEFT JOIN ledger_balance AS held ON held.account = account.id "
        "LEFT JOIN (SELECT account, sum(amount) AS amount FROM ledger_line GROUP BY account) AS line "
        "ON line.account = account.id WHERE (NOT account.may_be_overdrawn OR held.account IS NOT NULL) "
        "AND (held.posted IS DISTINCT FROM coalesce(line.amount, 0) OR coalesce(line.amount, 0) < held.floor) "
        "ORDER BY account.code"
    ):
        yield _("Account %(code)s is kept at %(posted)s, and its lines come to %(summed)s.") % {
            "code": code,
            "posted": posted,
            "summed": summed or 0,
        }


def _differences_of_rollups() -> Iterator[str]:
    sealed = """
        SELECT leg.account, entry.effective_on, leg.amount, entry.xid
          FROM ledger_entry AS entry, unnest(entry.accounts, entry.amounts) AS leg(account, amount)
         WHERE entry.xid < ledger_tail()
    """
    days = f"SELECT account, effective_on, sum(amount), count(*)::integer FROM ({sealed}) AS leg GROUP BY 1, 2"  # noqa: S608
    months = (
        "SELECT account, date_trunc('month', effective_on)::date, coalesce(sum(amount) FILTER (WHERE amount > 0), 0), "  # noqa: S608
        f"coalesce(-sum(amount) FILTER (WHERE amount < 0), 0), count(*)::integer FROM ({sealed}) AS leg GROUP BY 1, 2"
    )
    known = (
        "SELECT account, month, n, sum(delta) OVER (PARTITION BY account, month ORDER BY n) FROM ("  # noqa: S608
        "SELECT leg.account, date_trunc('month', leg.effective_on)::date AS month, seal.n, sum(leg.amount) AS delta "
        f"FROM ({sealed}) AS leg JOIN ledger_seal AS seal ON leg.xid >= seal.xid_from AND leg.xid < seal.xid_to "
        "GROUP BY 1, 2, 3) AS step"
    )
    for table, columns, plain in (
        ("ledger_day", "account, day, delta, lines", days),
        ("ledger_month", "account, month, debit, credit, lines", months),
        ("ledger_month_known", "account, month, seal, delta", known),
    ):
        kept = f"SELECT {columns} FROM {table}"  # noqa: S608 - names from the line above
        for account, day in rows(
            f"SELECT DISTINCT code, day FROM (SELECT * FROM (({kept}) EXCEPT ({plain})) AS one UNION "  # noqa: S608
            f"SELECT * FROM (({plain}) EXCEPT ({kept})) AS other) AS off(account, day) "
            "JOIN ledger_account ON ledger_account.id = off.account ORDER BY code, day"
        ):
            yield _("The roll-up %(table)s of account %(code)s at %(day)s is not the sum of its lines.") % {
                "table": table,
                "code": account,
                "day": day,
            }


def see_one_moment() -> None:
    """Let this transaction see the books at one moment; call it before anything else in it."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
