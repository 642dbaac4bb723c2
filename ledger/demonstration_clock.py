"""The one way to tell the books another time: the database's owner swaps their clock while a story is loaded."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import psycopg2
from django.db import connection

_SQL: Final = Path(__file__).parent / "sql"
REAL: Final = "SELECT clock_timestamp()"


@contextmanager
def installed(owner_url: str) -> Iterator[None]:
    """
    Let the books take their moment from `at` while the block runs, then put the real clock back.

    Operations pass `at` on only where settings.DEMO is true. The moved clock never runs ahead of the real one, and the
    ledger still refuses a booking before the last one: a story is told in the order of its moments.

    :param owner_url: a connection string of the database's owner; nobody else may replace the clock
    """
    with closing(psycopg2.connect(owner_url)) as owner:
        _install(owner, "moved_clock.sql")
        try:
            yield
        finally:
            _install(owner, "clock.sql")


def _install(owner: "psycopg2.extensions.connection", name: str) -> None:
    with owner, owner.cursor() as cursor:
        cursor.execute("GRANT CREATE ON SCHEMA public TO trustfund_ledger")
        cursor.execute("SET LOCAL ROLE trustfund_ledger")
        cursor.execute((_SQL / name).read_text())
        cursor.execute("RESET ROLE")
        cursor.execute("REVOKE CREATE ON SCHEMA public FROM trustfund_ledger")


def is_installed() -> bool:
    """Return whether the books' clock is anything but the real one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE oid = to_regprocedure('public.ledger_now()')")
        row = cursor.fetchone()
    return row is not None and row[0].strip() != REAL
