"""
Measures the ledger beside raw inserts and its peers on one PostgreSQL, and writes docs/benchmarks.md.

Run by `make bench`, or by hand: python -m tests.bench.ledger_bench --lines 100000 --lines 1000000
Rounds alternate between the systems, so that a busy minute of the machine falls on all of them; medians are printed.

pgledger comes as SQL and not as a package: fetch its pgledger.sql and the uuid-to-ulid.sql that it builds on, and name
both, what is needed first: PGLEDGER_SQL=uuid-to-ulid.sql:pgledger.sql make bench
"""

import argparse
import contextlib
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import psycopg2

from tests.bench import ledger_tables as tables
from tests.bench.ledger_client import ACCOUNTS, DAYS, FIRST, code_of
from trustfund.embedded import servers

ROOT = Path(__file__).parents[2]
PGLEDGER_SQL = os.environ.get("PGLEDGER_SQL", "")
BATCH = 1000
RAW_TABLES = """
    CREATE TABLE raw_entry (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text, reference text,
                            effective_on date, booked_at timestamptz DEFAULT clock_timestamp());
    CREATE TABLE raw_line (account integer, effective_on date, entry bigint, amount bigint, leg smallint,
                           PRIMARY KEY (account, effective_on, entry, leg));
"""
# The same shape at every size: told in the order of effect over five years, one entry in twenty up to sixty days late.
FILL = """
    SELECT cardinality(ledger_post_many(
        array_agg('thing.happened'::text), array_agg('B-' || n),
        array_agg(date '2021-01-01' + greatest(0, (n::bigint * 1825 / %(entries)s)::integer
                  - CASE WHEN n %% 20 = 0 THEN n %% 60 ELSE 0 END)),
        %(actor)s::uuid, array_agg(''::text), array_agg(NULL::uuid),
        array_agg(n - %(first)s + 1) || array_agg(n - %(first)s + 1),
        array_agg('1300.A0'::text) || array_agg('1300.A' || (1 + (n::bigint * 7919 %% 999))),
        array_agg(840::smallint) || array_agg(840::smallint),
        array_agg((1 + n %% 100000)::bigint) || array_agg(-(1 + n %% 100000)::bigint)))
      FROM generate_series(%(first)s::integer, %(last)s::integer) AS n
"""
# Beyond this, one of hordak's answers takes a minute and more.
MOST_FOR_HORDAK = 100_000


def say(words: str) -> None:
    """Print progress at once."""
    print(f"{datetime.now(UTC):%H:%M:%S} {words}", file=sys.stderr, flush=True)  # noqa: TID251, T201 - a clock on the wall


class Server:
    """A PostgreSQL of the benchmark's own, with durable commits, and a database for each system and size."""

    def __init__(self, started: servers.Servers) -> None:
        self.started = started
        self.base = started.superuser_url.rsplit("/", 1)[0]

    def url(self, database: str, role: str = "postgres") -> str:
        """Return the address of a database for a role."""
        return f"{self.base}/{database}".replace("postgres://postgres@", f"postgres://{role}@")

    def run(self, database: str, statement: str, values: Any = None) -> list[Any]:
        """Run a statement as the superuser, outside any transaction."""
        with contextlib.closing(psycopg2.connect(self.url(database))) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                return cursor.fetchall() if cursor.description else []

    def make(self, database: str, template: str = "template0") -> None:
        """Make a database anew."""
        self.run("postgres", f"DROP DATABASE IF EXISTS {database}")
        self.run("postgres", f"CREATE DATABASE {database} OWNER trustfund_owner TEMPLATE {template}")


def environment(server: Server, database: str) -> dict[str, str]:
    """Return what a process of ours needs to work on a database."""
    return {
        **os.environ,
        "DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "trustfund.settings",
        "DATABASE_URL": server.url(database, "trustfund_app"),
        "MIGRATION_DATABASE_URL": server.url(database, "trustfund_owner"),
        "REDIS_URL": server.started.redis_url,
        "RAW_URL": server.url("bench_raw"),
        "PGLEDGER_URL": server.url("bench_pgledger"),
        "LOG_LEVEL": "ERROR",
    }


def child(server: Server, database: str, *words: str, **more: str) -> str:
    """Run a Python of the same environment and return what it prints."""
    done = subprocess.run(
        [sys.executable, *words],
        env={**environment(server, database), **more},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} failed:\n{done.stderr[-2000:]}")
    return done.stdout


def prepare(server: Server, peers: list[str]) -> None:
    """Make every system's database, its tables and its accounts."""
    server.make("bench_ours")
    child(server, "bench_ours", "manage.py", "migrate", "--verbosity", "0")
    child(server, "bench_ours", "-m", "tests.bench.ledger_bench", "--accounts")
    server.make("bench_raw")
    server.run("bench_raw", RAW_TABLES)
    for peer in peers:
        database = f"bench_{peer.replace('-', '_')}"
        server.make(database)
        if peer == "pgledger":
            for path in PGLEDGER_SQL.split(os.pathsep):
                server.run(database, Path(path).read_text())
            for number in range(ACCOUNTS):
                server.run(database, "SELECT pgledger_create_account(%s, 'USD')", [code_of(number)])
        else:
            child(server, database, "-m", "tests.bench.ledger_peers", "prepare", peer, PEER_URL=server.url(database))


def open_accounts() -> None:
    """Open the accounts of the benchmark, as the application."""
    import django

    django.setup()
    from django.db import transaction

    from ledger import operations
    from ledger.chart import Kind
    from ledger.drafts import Draft, credit, debit
    from tests.people import NOON
    from trustfund.core.models import User
    from trustfund.core.money import Money

    person = User.objects.create(email="bench@fund.example", name="Bench", joined_at=NOON, password="!")
    with transaction.atomic():
        for number in range(ACCOUNTS):
            operations.open_account(
                code=code_of(number), name=f"Account {number}", kind=Kind.ASSET, currency="USD", by=person, at=NOON
            )
        for number in (1, 2):
            code = code_of(number, floored=True)
            operations.open_account(
                code=code,
                name=code,
                kind=Kind.ASSET,
                currency="USD",
                may_be_overdrawn=False,
                by=person,
                at=NOON,
            )
            money = Money(10**12, "USD")
            operations.post(
                Draft(
                    kind="floor.filled",
                    reference=code,
                    effective_on=FIRST,
                    legs=(debit(code, money), credit(code_of(0), money)),
                ),
                by=person,
                at=NOON,
            )


def posting(server: Server, peers: list[str], *, rounds: int, seconds: float) -> dict[str, dict[str, float]]:
    """Measure posts per second of each system, alternating, and return the medians of each case by system."""
    cases: list[tuple[str, list[str]]] = [
        *(
            (f"one a commit, {clients} client{'s' * (clients > 1)}", ["--clients", str(clients)])
            for clients in (1, 4, 8)
        ),
        ("hot both ways, 4 clients", ["--clients", "4", "--both-ways"]),
        ("batches of 100, 4 clients", ["--clients", "4", "--batch", "100"]),
    ]
    medians: dict[str, dict[str, float]] = {}
    for name, words in cases:
        systems = ["raw", "raw-from-django", "ours", *peers]
        if "--both-ways" in words:
            systems = ["raw", "raw-from-django", "ours"]
        if "--batch" in words:
            systems = [system for system in systems if system != "django-ledger"]
        found: dict[str, list[float]] = {system: [] for system in systems}
        for number in range(rounds):
            for system in systems:
                database = f"bench_{system.replace('-', '_')}"
                printed = child(
                    server,
                    "bench_ours",
                    *("-m", "tests.bench.ledger_client", system, "--seconds", str(seconds)),
                    *words,
                    PEER_URL=server.url(database),
                )
                found[system].append(json.loads(printed)["per_second"])
            say(f"posting, {name}, round {number + 1}: " + ", ".join(f"{s} {found[s][-1]:,.0f}" for s in systems))
        medians[name] = {system: statistics.median(found[system]) for system in systems}
    return medians


def sealing_beside_posting(server: Server, *, rounds: int, seconds: float) -> tuple[float, float]:
    """Return posts per second without and with a sealer at work twice a second."""
    without, beside = [], []
    for _ in range(rounds):
        words = ("-m", "tests.bench.ledger_client", "ours", "--clients", "4", "--seconds", str(seconds))
        without.append(json.loads(child(server, "bench_ours", *words))["per_second"])
        with _sealer(server):
            beside.append(json.loads(child(server, "bench_ours", *words))["per_second"])
        say(f"sealing: without {without[-1]:,.0f}, beside {beside[-1]:,.0f}")
    return statistics.median(without), statistics.median(beside)


@contextlib.contextmanager
def _sealer(server: Server) -> Iterator[None]:
    code = (
        "import django, time; django.setup(); from ledger import operations\n"
        "operations.seal_books(); print(flush=True)\n"
        "while True: operations.seal_books(); time.sleep(0.5)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], env=environment(server, "bench_ours"), cwd=ROOT, stdout=subprocess.PIPE
    )
    try:
        # It has begun when it says so: starting a Python is no part of sealing.
        assert process.stdout is not None
        process.stdout.readline()
        yield
    finally:
        process.kill()
        process.wait()


def fill(server: Server, database: str, lines: int) -> dict[str, float]:
    """Fill a database with lines, half of them on the hot account, and seal it; return seconds an entry."""
    entries = lines // 2
    ((actor,),) = server.run(database, "SELECT id FROM core_user")
    started = time.perf_counter()
    with contextlib.closing(psycopg2.connect(server.url(database))) as connection, connection.cursor() as cursor:
        for first in range(1, entries + 1, BATCH):
            last = min(entries, first + BATCH - 1)
            cursor.execute(FILL, {"entries": entries, "first": first, "last": last, "actor": actor})
            connection.commit()
            if first // BATCH % 500 == 499:
                say(f"{database}: {last:,} of {entries:,} entries")
    posted = time.perf_counter() - started
    started = time.perf_counter()
    with contextlib.closing(psycopg2.connect(server.url(database))) as connection, connection.cursor() as cursor:
        sealed = 1
        while sealed:
            # As many as `seal_books` takes at once.
            cursor.execute("SELECT count(*) FROM ledger_seal_next(2000)")
            ((sealed,),) = cursor.fetchall()
            connection.commit()
    seconds = time.perf_counter() - started
    server.run(database, "VACUUM ANALYZE")
    return {"post": posted / entries, "seal": seconds / entries}


def timed(work: Callable[[], Any], times: int) -> list[float]:
    """Return milliseconds of each of some runs, two runs for warming up aside."""
    found = []
    for number in range(times + 2):
        started = time.perf_counter()
        work()
        if number > 1:
            found.append((time.perf_counter() - started) * 1000)
    return found


def read(times: int) -> dict[str, Any]:
    """Measure reading and verifying on the database of this process, as the application; milliseconds."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from ledger import queries
    from ledger.models import Entry
    from ledger.queries import Search, StatementKey
    from tests import people
    from trustfund.core.money import Money
    from trustfund.core.roles import RoleName

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.DEBUG = False
    chance = Random(7)
    hot = code_of(0)
    earliest, latest = Entry.objects.earliest("id"), Entry.objects.latest("id")
    span = latest.booked_at - earliest.booked_at

    def day() -> date:
        return FIRST + timedelta(days=chance.randrange(DAYS))

    def moment() -> datetime:
        return earliest.booked_at + span * chance.random()

    def plain() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sum(amount) FROM ledger_line WHERE account = (SELECT id FROM ledger_account WHERE code = %s) "
                "AND effective_on <= %s",
                [hot, day()],
            )
            cursor.fetchall()

    def page() -> None:
        queries.statement_of(queries.account_of(hot), beyond=StatementKey(day(), 2**40, 0))

    auditor = people.someone(RoleName.AUDITOR)
    client = Client()
    client.force_login(auditor)

    def get(address: str) -> Callable[[], None]:
        def work() -> None:
            answer = client.get(address)
            assert answer.status_code == 200, answer.status_code

        return work

    few = max(5, times // 10)
    found: dict[str, Any] = {
        "balance now": timed(lambda: queries.balance_of(hot), times),
        "balance as of a date": timed(lambda: queries.balance_of(hot, day()), times),
        "plain sum over lines": timed(plain, few),
        "as known at a booking time": timed(lambda: queries.balance_of(hot, day(), known_at=moment()), times),
        "trial balance as of a date": timed(lambda: queries.trial_balance(day()), times),
        "statement page, anywhere": timed(page, times),
        "search by amount": timed(
            lambda: queries.find_entries(Search(money=Money(chance.randrange(10**5), "USD"))), few
        ),
        "page: search": timed(get("/ledger/"), few),
        "page: search by amount and account": timed(get(f"/ledger/?amount=123.45&currency=USD&account={hot}"), few),
        "page: entry": timed(get(f"/ledger/entries/{latest.pk}/"), few),
        "page: account": timed(get(f"/ledger/accounts/{hot}/"), few),
        "page: trial balance": timed(get("/ledger/trial-balance/"), few),
        "page: chart of accounts": timed(get("/ledger/accounts/"), few),
        "page: periods": timed(get("/ledger/periods/"), few),
    }
    found.update(_kept())
    return found


def _kept() -> dict[str, list[float]]:
    """Return bytes an entry, and seconds an entry of verifying and of hashing alone."""
    from django.db import connection, transaction

    from ledger.queries import verification
    from ledger.tree import Tree

    found: dict[str, list[float]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_entry")
        ((entries,),) = cursor.fetchall()
        cursor.execute(
            "SELECT sum(pg_total_relation_size(name::regclass)) "
            "FROM unnest(ARRAY['ledger_entry', 'ledger_line']) AS name"
        )
        ((books,),) = cursor.fetchall()
        cursor.execute(
            "SELECT sum(pg_total_relation_size(name::regclass)) FROM "
            "unnest(ARRAY['ledger_day', 'ledger_month', 'ledger_month_known', 'ledger_seal']) AS name"
        )
        ((rollups,),) = cursor.fetchall()
    found["bytes"] = [float(books) / entries, float(rollups) / entries]
    with transaction.atomic():
        verification.see_one_moment()
        started = time.perf_counter()
        differences = list(verification.differences_of_entries_and_seals())
        seals = time.perf_counter() - started
        assert differences == [], differences
        started = time.perf_counter()
        differences = list(verification.differences())
        whole = time.perf_counter() - started
        assert differences == [], differences
        texts = _texts(sample=200_000)
    tree = Tree()
    started = time.perf_counter()
    for first in range(0, len(texts), 2000):
        tree.extend([sha256(text).digest() for text in texts[first : first + 2000]])
    found["verify"] = [seals / entries, whole / entries, (time.perf_counter() - started) / len(texts)]
    return found


def _texts(*, sample: int) -> list[bytes]:
    """Return what is hashed for the first so many entries."""
    from ledger.queries.raw_entries import COLUMNS, RawEntries
    from ledger.queries.rows import copied, rows

    raw = RawEntries(
        {number: (code, currency) for number, code, currency in rows("SELECT id, code, currency FROM ledger_account")}
    )
    texts: list[bytes] = []
    copied(
        f"SELECT {COLUMNS} FROM ledger_entry ORDER BY xid, id LIMIT {sample}",
        lambda row: texts.append(raw.read(row)[1]),
    )
    return texts


def hordak_rows(server: Server, sizes: list[int], times: int) -> list[tables.Row]:
    """Return hordak's readings at the sizes that it answers in a bearable time."""
    found: dict[int, Any] = {}
    for lines in sizes:
        server.make("bench_hordak_read")
        printed = child(
            server,
            "bench_ours",
            *("-m", "tests.bench.ledger_peers", "hordak-reads", str(lines), str(max(5, times // 10))),
            PEER_URL=server.url("bench_hordak_read"),
        )
        found[lines] = json.loads(printed)
        say(f"hordak read at {lines:,} lines")
    return [
        (
            f"hordak: {name}",
            *(
                " / ".join(f"{tables.percentile(found[n][name], share) * 1000:.1f}" for share in (0.5, 0.95))
                for n in sizes
            ),
        )
        for name in found[sizes[0]]
    ]


def machine() -> str:
    """Return what it ran on."""
    model = platform.processor() or platform.machine()
    with contextlib.suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} × {model}, {platform.system()} {platform.release()}, load {load:.1f} at the end"


def main() -> None:
    """Measure what the options name and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, action="append", help="a size to read at; may be given again")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--peers", default="hordak,django-ledger" + (",pgledger" if PGLEDGER_SQL else ""))
    parser.add_argument("--write", default=str(ROOT / "docs" / "benchmarks.md"))
    parser.add_argument("--accounts", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--read", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.accounts:
        open_accounts()
        return
    if options.read:
        print(json.dumps(read(options.times)))  # noqa: T201 - the parent reads it
        return
    os.environ.setdefault("DEBUG", "1")
    folder = Path(tempfile.mkdtemp(prefix="trustfund-bench-"))
    folder.chmod(0o755)
    try:
        with servers.running(folder / "servers", keep=False, durable=True) as started:
            text = measure(Server(started), options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    Path(options.write).write_text(text)
    say(f"written to {options.write}")


def measure(server: Server, options: argparse.Namespace) -> str:
    """Measure everything and return the document."""
    sizes = sorted(options.lines or [100_000])
    peers = [peer for peer in options.peers.split(",") if peer]
    ((version,),) = server.run("postgres", "SHOW server_version")
    prepare(server, peers)
    server.make("bench_empty", "bench_ours")
    say("prepared")
    posts = posting(server, peers, rounds=options.rounds, seconds=options.seconds) if options.rounds else {}
    beside = (
        sealing_beside_posting(server, rounds=options.rounds, seconds=options.seconds) if options.rounds else (1, 1)
    )
    small = [lines for lines in sizes if lines <= MOST_FOR_HORDAK] if "hordak" in peers else []
    beside_hordak = hordak_rows(server, small, options.times) if small else []
    read_at: dict[int, dict[str, Any]] = {}
    for lines in sizes:
        database = f"bench_{lines}"
        server.make(database, "bench_empty")
        filled = fill(server, database, lines)
        say(f"{lines:,} lines are in")
        read_at[lines] = json.loads(
            child(server, database, "-m", "tests.bench.ledger_bench", "--read", "--times", str(options.times))
        )
        read_at[lines]["fill"] = filled
        server.run("postgres", f"DROP DATABASE {database}")
        say(f"{lines:,} lines are read")
    today = f"{datetime.now(UTC):%d %B %Y}"  # noqa: TID251 - a clock on the wall
    sizes_head = ("", *(f"{lines:,} lines" for lines in sizes))
    parts = [
        tables.HEAD.format(
            command=" ".join(["python -m tests.bench.ledger_bench", *sys.argv[1:]]),
            today=today,
            machine=machine(),
            version=version,
            rounds=options.rounds,
            seconds=options.seconds,
        ),
        "## Targets",
        tables.TARGETS,
        tables.table(("", "target", "measured", "met"), tables.target_rows(posts, beside, read_at)),
        "## Posting",
        tables.POSTING,
        tables.table(("", "system", "posts/s", "ratio to raw", "ours is so many times it"), tables.posting_rows(posts)),
        "## Sealing beside posting, 4 clients",
        tables.table(
            ("", "posts/s", "ratio"),
            [
                ("without a sealer", f"{beside[0]:,.0f}", ""),
                ("while it seals twice a second", f"{beside[1]:,.0f}", f"{beside[1] / beside[0]:.2f}"),
            ],
        ),
        "## Reading, p50 / p95 in ms",
        tables.READING,
        tables.table(sizes_head, tables.reading_rows(read_at)),
    ]
    if small:
        parts.append(tables.table(("", *(f"{lines:,} lines" for lines in small)), beside_hordak))
    parts += ["## Keeping", tables.table(sizes_head, tables.keeping_rows(read_at))]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    main()
