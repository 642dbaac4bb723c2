"""
Recomputes the books from raw rows and names what differs. It shares no code with the SQL that wrote them.

Texts, hashes, the tree and the chain are made anew in Python. Lines, balances and roll-ups are compared with the
entries by PostgreSQL, whole tables at a time.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from django.db import connection
from django.utils.translation import gettext as _

from ledger.queries.raw_entries import COLUMNS, RawEntries, key_of, name_of
from ledger.queries.rows import copied, rows
from ledger.tree import NO_SEAL, Tree, seal_hash

_CHUNK: Final = 100_000
_ENTRIES: Final = (
    f"SELECT {COLUMNS} FROM ledger_entry WHERE (xid, id) > ('{{}}'::xid8, {{}}) ORDER BY xid, id LIMIT {_CHUNK}"  # noqa: S608
)
_SEALS: Final = """
    SELECT n, xid_from::text::bigint, xid_to::text::bigint, entries, size, root, previous, hash, sealed_at
      FROM ledger_seal ORDER BY n
"""


def differences() -> Iterator[str]:
    """
    Yield a sentence for each thing in the books that is not as it should be; nothing if all is sound.

    Run it inside a transaction at REPEATABLE READ, so that it sees the books at one moment.
    """
    yield from differences_of_entries_and_seals()
    yield from _differences_of_lines()
    yield from _differences_of_balances()
    yield from _differences_of_rollups()


def differences_of_entries_and_seals() -> Iterator[str]:
    """Yield what differs in the entries and their seals alone, every text and hash made anew."""
    accounts = {
        number: (code, currency) for number, code, currency in rows("SELECT id, code, currency FROM ledger_account")
    }
    raw, walk = RawEntries(accounts), _Walk()
    last = b""

    def take(row: bytes) -> None:
        nonlocal last
        last = row
        xid, content, is_sound = raw.read(row)
        if not is_sound:
            walk.found += _faults(raw, row)
        if not walk.begins <= xid < walk.ends:
            walk.go_on_to(xid, row)
        walk.leaves.append(sha256(content).digest())

    after = ("0", "0")
    while True:
        last = b""
        copied(_ENTRIES.format(*after), take)
        yield from walk.told()
        if not last:
            break
        after = key_of(last)
    walk.end()
    yield from walk.told()
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


def _faults(raw: RawEntries, row: bytes) -> Iterator[str]:
    is_uneven, is_foreign = raw.faults_of(row)
    if is_uneven:
        yield _("Entry %(id)s (%(what)s) does not balance.") % name_of(row)
    if is_foreign:
        yield _("Entry %(id)s (%(what)s) has a leg in another currency than its account.") % name_of(row)


class _Walk:
    """Walks the seals beside the entries, growing one tree; `leaves` are of the window from `begins` to `ends`."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.left = rows(_SEALS)
        self.previous = NO_SEAL
        self.sealed_to = 0
        self.leaves: list[bytes] = []
        self.found: list[str] = []
        self.begins, self.ends = self._window()

    def told(self) -> list[str]:
        """Return the differences found since the last time."""
        found, self.found = self.found, []
        return found

    def go_on_to(self, xid: int, row: bytes) -> None:
        """Close the seals that end before an entry; whatever comes after the last of them is not sealed yet."""
        while self.left and xid >= self.ends:
            self._close()
        if self.left and xid < self.begins:
            self.found.append(_("Entry %(id)s lies between two seals.") % name_of(row))
        if not self.left:
            self.leaves.clear()

    def end(self) -> None:
        """Close the seals that are left."""
        while self.left:
            self._close()

    def _window(self) -> tuple[int, int]:
        return self.left[0][1:3] if self.left else (0, 0)

    def _close(self) -> None:
        n, xid_from, xid_to, entries, size, root, previous, stored, sealed_at = self.left.pop(0)
        covered = len(self.leaves)
        self.tree.extend(self.leaves)
        self.leaves.clear()
        made = seal_hash(
            n=n,
            xid_from=xid_from,
            xid_to=xid_to,
            entries=covered,
            size=self.tree.size,
            root=self.tree.root,
            previous=self.previous,
            sealed_at=_utc(sealed_at),
        )
        if (entries, size) != (covered, self.tree.size):
            self.found.append(
                _("Seal %(n)s covers %(sealed)s entries, and %(found)s are there.")
                % {"n": n, "sealed": entries, "found": covered}
            )
        elif bytes(root) != self.tree.root:
            self.found.append(
                _("Seal %(n)s: an entry among the %(size)s up to here is not what was sealed.") % {"n": n, "size": size}
            )
        elif (bytes(previous), bytes(stored), xid_from) != (self.previous, made, self.sealed_to):
            self.found.append(_("Seal %(n)s is not chained to the seal before it.") % {"n": n})
        self.previous = bytes(stored)
        self.sealed_to = xid_to
        self.begins, self.ends = self._window()


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _differences_of_lines() -> Iterator[str]:
    # As many lines as legs, no two of them the same, and each the leg it says it is: then they are the legs.
    ((legs_there, lines_there, different, right),) = rows(
        """
        SELECT (SELECT coalesce(sum(cardinality(accounts)), 0) FROM ledger_entry),
               (SELECT count(*) FROM ledger_line),
               (SELECT count(*) FROM (SELECT DISTINCT account, effective_on, entry, leg FROM ledger_line) AS line),
               (SELECT count(*) FROM ledger_line AS line JOIN ledger_entry AS entry ON entry.id = line.entry
                 WHERE entry.effective_on = line.effective_on AND entry.accounts[line.leg] = line.account
                   AND entry.currencies[line.leg] = line.currency AND entry.amounts[line.leg] = line.amount)
        """
    )
    if legs_there == lines_there == different == right:
        return
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


# Every roll-up once more, from one reading of the entries, beside what is kept; only what differs comes back.
_ROLLUPS: Final = """
    WITH leg AS (
        SELECT seal.n AS seal, entry.effective_on AS day,
               unnest(entry.accounts) AS account, unnest(entry.amounts) AS amount
          FROM ledger_seal AS seal
          CROSS JOIN LATERAL (
               SELECT held.effective_on, held.accounts, held.amounts FROM ledger_entry AS held
                WHERE held.xid >= seal.xid_from AND held.xid < seal.xid_to OFFSET 0) AS entry
    ), moved AS MATERIALIZED (
        SELECT account, day, date_trunc('month', day)::date AS month, seal, sum(amount) AS delta, count(*) AS lines,
               coalesce(sum(amount) FILTER (WHERE amount > 0), 0) AS debit
          FROM leg GROUP BY account, day, seal
    ), days AS (
        SELECT account, day, sum(delta) AS delta FROM moved GROUP BY 1, 2
    ), months AS (
        SELECT account, month, sum(debit) AS debit, sum(debit - delta) AS credit, sum(lines) AS lines
          FROM moved GROUP BY 1, 2
    ), known AS (
        SELECT account, month, seal, sum(sum(delta)) OVER (PARTITION BY account, month ORDER BY seal) AS delta
          FROM moved GROUP BY 1, 2, 3
    ), off AS (
        SELECT 'ledger_day' AS name, account, day FROM days FULL JOIN ledger_day AS kept USING (account, day)
         WHERE days.delta IS DISTINCT FROM kept.delta
        UNION
        SELECT 'ledger_month', account, month FROM months FULL JOIN ledger_month AS kept USING (account, month)
         WHERE (months.debit, months.credit, months.lines) IS DISTINCT FROM (kept.debit, kept.credit, kept.lines)
        UNION
        SELECT 'ledger_month_known', account, month
          FROM known FULL JOIN ledger_month_known AS kept USING (account, month, seal)
         WHERE known.delta IS DISTINCT FROM kept.delta
    )
    SELECT off.name, account.code, off.day FROM off JOIN ledger_account AS account ON account.id = off.account
     ORDER BY 1, 2, 3
"""


def _differences_of_rollups() -> Iterator[str]:
    for table, account, day in rows(_ROLLUPS):
        yield _("The roll-up %(table)s of account %(code)s at %(day)s is not the sum of its lines.") % {
            "table": table,
            "code": account,
            "day": day,
        }


def see_one_moment() -> None:
    """Let this transaction see the books at one moment; call it before anything else in it."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        # Whole tables are joined; with PostgreSQL's 4 MB they would be joined piece by piece on the disk.
        cursor.execute("SET LOCAL work_mem = '256MB'")
