"""One measurement of posting: some clients, some seconds, one ledger. Run by ledger_bench, once for each round."""

import argparse
import json
import multiprocessing
import os
import time
from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any

import psycopg2

ACCOUNTS = 1000
HOT = 0
FIRST = date(2021, 1, 1)
DAYS = 1825
Poster = Callable[[int], None]


class Events:
    """Events of one client: every one debits the hot account and credits another, or both of two contended ones."""

    def __init__(self, client: int, *, both_ways: bool) -> None:
        self.chance = Random(client + time.time_ns())
        self.prefix = f"{client}-{time.time_ns()}"
        self.numbers = count()
        self.both_ways = both_ways

    def next(self) -> tuple[str, int, int, int, date]:
        """Return reference, debited account, credited account, amount and day."""
        reference = f"{self.prefix}-{next(self.numbers)}"
        day = FIRST + timedelta(days=self.chance.randrange(DAYS))
        amount = self.chance.randrange(1, 1_000_00)
        if self.both_ways:
            one, other = self.chance.sample((1, 2), 2)
            return reference, one, other, 1, day
        return reference, HOT, self.chance.randrange(1, ACCOUNTS), amount, day


def code_of(number: int, *, floored: bool = False) -> str:
    """Return the code of an account."""
    return f"1400.F{number}" if floored else f"1300.A{number}"


def ours(events: Events) -> Poster:
    """Post as the application does: Django, its role, an operation inside a transaction."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import transaction

    from ledger import operations
    from ledger.drafts import Draft, credit, debit
    from tests.people import NOON
    from trustfund.core.models import User
    from trustfund.core.money import Money

    # A fund in earnest keeps no log of its queries, and hordak and django-ledger keep none here.
    settings.DEBUG = False
    person = User.objects.get(email="bench@fund.example")

    def draft() -> Draft:
        reference, one, other, amount, day = events.next()
        money = Money(amount, "USD")
        return Draft(
            kind="thing.happened",
            reference=reference,
            effective_on=day,
            legs=(
                debit(code_of(one, floored=events.both_ways), money),
                credit(code_of(other, floored=events.both_ways), money),
            ),
        )

    def post(batch: int) -> None:
        with transaction.atomic():
            if batch == 1:
                operations.post(draft(), by=person, at=NOON)
            else:
                operations.post_many([draft() for _ in range(batch)], by=person, at=NOON)

    return post


def raw(events: Events) -> Poster:
    """Insert an entry and its lines with no check at all, in one statement and one commit: as fast as rows go in."""
    connection = psycopg2.connect(os.environ["RAW_URL"])
    connection.autocommit = True
    cursor = connection.cursor()

    def post(batch: int) -> None:
        drawn = [events.next() for _ in range(batch)]
        cursor.execute(
            "WITH entered AS (INSERT INTO raw_entry (kind, reference, effective_on) "
            "SELECT 'thing.happened', reference, day FROM unnest(%s::text[], %s::date[]) AS event(reference, day) "
            "RETURNING id, reference, effective_on) "
            "INSERT INTO raw_line (account, effective_on, entry, amount, leg) "
            "SELECT leg.account, entered.effective_on, entered.id, leg.amount, leg.leg FROM entered "
            "JOIN unnest(%s::text[], %s::integer[], %s::bigint[], %s::smallint[]) "
            "AS leg(reference, account, amount, leg) USING (reference)",
            [
                [reference for reference, *_ in drawn],
                [day for *_, day in drawn],
                [reference for reference, *_ in drawn] * 2,
                [one for _, one, *_ in drawn] + [other for _, _, other, *_ in drawn],
                [amount for *_, amount, _ in drawn] + [-amount for *_, amount, _ in drawn],
                [1] * batch + [2] * batch,
            ],
        )

    return post


def raw_from_django(events: Events) -> Poster:
    """Insert the same rows through Django's connection, without any check: two statements, one commit."""
    import django

    os.environ["DATABASE_URL"] = os.environ["RAW_URL"]
    os.environ["TRUSTFUND_DEMO"] = "1"
    django.setup()
    from django.conf import settings
    from django.db import connection, transaction

    settings.DEBUG = False

    def post(batch: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for _ in range(batch):
                reference, one, other, amount, day = events.next()
                cursor.execute(
                    "INSERT INTO raw_entry (kind, reference, effective_on) "
                    "VALUES ('thing.happened', %s, %s) RETURNING id",
                    [reference, day],
                )
                (number,) = cursor.fetchone() or (0,)
                cursor.execute(
                    "INSERT INTO raw_line (account, effective_on, entry, amount, leg) "
                    "VALUES (%s, %s, %s, %s, 1), (%s, %s, %s, %s, 2)",
                    [one, day, number, amount, other, day, number, -amount],
                )

    return post


def pgledger(events: Events) -> Poster:
    """Call pgledger's own function, one transfer a commit, or a batch of calls in one."""
    connection = psycopg2.connect(os.environ["PGLEDGER_URL"])
    cursor = connection.cursor()
    cursor.execute("SELECT name, id FROM pgledger_accounts_view")
    ids: dict[str, str] = dict(cursor.fetchall())
    connection.commit()

    def post(batch: int) -> None:
        for _ in range(batch):
            _reference, one, other, amount, _day = events.next()
            cursor.execute(
                "SELECT id FROM pgledger_create_transfer(%s, %s, %s)",
                [ids[code_of(other)], ids[code_of(one)], amount],
            )
        connection.commit()

    return post


def hordak(events: Events) -> Poster:
    """Post as hordak's manual says: a transaction and two legs inside Django's atomic."""
    from tests.bench import ledger_peers

    return ledger_peers.hordak_poster(events)


def django_ledger(events: Events) -> Poster:
    """Post as django-ledger's manual says: commit a journal entry of two transactions."""
    from tests.bench import ledger_peers

    return ledger_peers.django_ledger_poster(events)


SYSTEMS: dict[str, Callable[[Events], Poster]] = {
    "ours": ours,
    "raw": raw,
    "raw-from-django": raw_from_django,
    "pgledger": pgledger,
    "hordak": hordak,
    "django-ledger": django_ledger,
}


def client(system: str, number: int, options: argparse.Namespace, gate: Any, results: Any) -> None:
    """Post until the time is up; the first half second is for warming up."""
    post = SYSTEMS[system](Events(number, both_ways=options.both_ways))
    gate.wait()
    until = time.perf_counter() + 0.5
    while time.perf_counter() < until:
        post(options.batch)
    done = 0
    started = time.perf_counter()
    until = started + options.seconds
    while (now := time.perf_counter()) < until:
        post(options.batch)
        done += options.batch
    results.put(done / (now - started))


def main() -> None:
    """Run the clients and print what they did in a second, together."""
    parser = argparse.ArgumentParser()
    parser.add_argument("system", choices=sorted(SYSTEMS))
    parser.add_argument("--clients", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--both-ways", action="store_true")
    options = parser.parse_args()
    context = multiprocessing.get_context("fork")
    gate, results = context.Barrier(options.clients), context.SimpleQueue()
    processes = [
        context.Process(target=client, args=(options.system, number, options, gate, results))
        for number in range(options.clients)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    if any(process.exitcode for process in processes):
        raise SystemExit(1)
    print(json.dumps({"per_second": sum(results.get() for _ in processes)}))  # noqa: T201 - the caller reads it


if __name__ == "__main__":
    main()
