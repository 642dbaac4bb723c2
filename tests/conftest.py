"""Real PostgreSQL and Redis for every test, the schema made by its owner, the tests run as the application's role."""

import contextlib
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings as laws

# The same examples in every run, so that red means a change; `make nightly` looks for new ones.
laws.register_profile("everyday", derandomize=True, deadline=None)
laws.register_profile("nightly", max_examples=10_000, deadline=None, print_blob=True)
laws.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "everyday"))

# Tables that migrations fill; emptying them between tests would change the rules of the fund.
REFERENCE_TABLES = frozenset(
    {"django_migrations", "django_content_type", "core_forbiddenpair", "disbursements_crscode", "ledger_currency"}
)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, request: pytest.FixtureRequest
) -> Iterator[None]:
    """Make the test database as the owner of the tables, then hand the connection to the application's role."""
    import dj_database_url
    from django.conf import settings
    from django.db import connection

    application = {key: settings.DATABASES["default"][key] for key in ("USER", "PASSWORD", "MAY_OWN_THE_BOOKS")}
    owner = dj_database_url.parse(os.environ.get("MIGRATION_DATABASE_URL", os.environ["DATABASE_URL"]))
    worker = getattr(request.config, "workerinput", {}).get("workerid", "")
    name = "test_trustfund" + (f"_{worker}" if worker else "")
    with django_db_blocker.unblock():
        connection.settings_dict.update(
            {"USER": owner["USER"], "PASSWORD": owner["PASSWORD"], "MAY_OWN_THE_BOOKS": True}
        )
        connection.settings_dict["TEST"]["NAME"] = name
        # Mutation testing keeps one database for hundreds of runs.
        keep = bool(os.environ.get("TRUSTFUND_KEEP_TEST_DATABASE"))
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=keep)
        connection.close()
        connection.settings_dict.update(application)
    yield
    with django_db_blocker.unblock():
        connection.close()


def superuser_connection() -> Any:
    """Return a raw psycopg2 connection to the test database as a superuser: the way around Django."""
    import psycopg2
    from django.db import connection

    return psycopg2.connect(os.environ["TEST_SUPERUSER_URL"], dbname=connection.settings_dict["NAME"])


@pytest.fixture
def superuser(transactional_db: None) -> Iterator[Any]:
    """A raw psycopg2 superuser session that goes around Django."""
    with contextlib.closing(superuser_connection()) as raw:
        yield raw


class Emptier:
    """
    Empties what a committing test wrote. Only a superuser can, and only by switching the guards off first.

    Only tables that hold rows are touched, and by DELETE: for a handful of rows it is many times faster than TRUNCATE.
    One session does it for all tests of a worker: a new one would read the catalogue of every table anew each time.
    """

    def __init__(self) -> None:
        self.raw = superuser_connection()
        self.raw.autocommit = True
        with self.raw.cursor() as cursor:
            cursor.execute(
                "SELECT format('%%I.%%I', schemaname, tablename) FROM pg_tables "
                "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND schemaname !~ '^pg_temp_' "
                "AND tablename <> ALL (%s)",
                [list(REFERENCE_TABLES)],
            )
            tables = [table for (table,) in cursor.fetchall()]
            asked = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in tables)
            cursor.execute(f"PREPARE holding_rows AS {asked}")
            cursor.execute(
                "SELECT format('%%I.%%I', nspname, relname), quote_ident(tgname) FROM pg_trigger "
                "JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace "
                "WHERE tgenabled = 'A' AND NOT tgisinternal AND tgrelid = ANY (%s::regclass[])",
                [tables],
            )
            self.guards: dict[str, list[str]] = {}
            for table, guard in cursor.fetchall():
                self.guards.setdefault(table, []).append(guard)
            cursor.execute(
                "SELECT format('SELECT setval(%%L, %%s, false) WHERE pg_sequence_last_value(%%L) IS NOT NULL', "
                "seqrelid::regclass, seqstart, seqrelid::regclass) FROM pg_sequence "
                "JOIN pg_depend ON objid = seqrelid AND deptype IN ('a', 'i') "
                "JOIN pg_class AS owner ON owner.oid = refobjid AND owner.relname <> ALL (%s)",
                [list(REFERENCE_TABLES)],
            )
            restart = " UNION ALL ".join(statement for (statement,) in cursor.fetchall())
            cursor.execute(f"PREPARE restart_numbers AS {restart}")

    def empty(self) -> None:
        """Delete every row and let every number start again, in one transaction."""
        with self.raw.cursor() as cursor:
            cursor.execute("EXECUTE holding_rows")
            tables = [table for (table,) in cursor.fetchall()]
            off = [f"ALTER TABLE {table} DISABLE TRIGGER {g}" for table in tables for g in self.guards.get(table, ())]
            on = [
                f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {g}" for table in tables for g in self.guards.get(table, ())
            ]
            # Foreign keys and ordinary triggers rest; the guards that are set to ALWAYS are disabled by name.
            steps = ["BEGIN", "SET LOCAL session_replication_role = replica", *off]
            steps += [*(f"DELETE FROM {table}" for table in tables), *on, "EXECUTE restart_numbers", "COMMIT"]
            cursor.execute(";".join(steps))


_emptiers: list[Emptier] = []


def _empty_every_table() -> None:
    import psycopg2

    if not _emptiers:
        _emptiers.append(Emptier())
    try:
        _emptiers[0].empty()
    except (psycopg2.OperationalError, psycopg2.InterfaceError):
        # A test may have ended every session of the server, and this one with them.
        _emptiers[:] = [Emptier()]
        _emptiers[0].empty()


@pytest.fixture(autouse=True, scope="session")
def _committing_tests_leave_nothing() -> Iterator[None]:
    """Replace Django's flush, which the application's role may not do, by one made as the superuser."""
    from django.test import TransactionTestCase

    before = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
    TransactionTestCase._fixture_teardown = lambda self: _empty_every_table()  # type: ignore[attr-defined]
    yield
    TransactionTestCase._fixture_teardown = before  # type: ignore[attr-defined]
