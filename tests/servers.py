"""A pytest plugin, loaded before Django reads its settings: starts real PostgreSQL and Redis for each worker."""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import pytest

_servers = contextlib.ExitStack()
# An arbitrary number among PostgreSQL's advisory locks: workers prepare one server after the other.
_PREPARING = 7_340_009


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """
    Start the servers, or use those that DATABASE_URL (a superuser's, on a server for tests) and REDIS_URL name.

    Each of xdist's workers has servers of its own: an open transaction holds back the ledger's seals in every database
    of its PostgreSQL, and emptying a cache empties it for all. So a server of DATABASE_URL is used without `-n`, which
    is how PostgreSQL 15 is tried: `DATABASE_URL=postgres://postgres@127.0.0.1:5432/postgres pytest tests/db`.
    """
    os.environ["DEBUG"] = "1"
    if os.environ.get("TRUSTFUND_WITHOUT_SERVERS"):
        # Mutation testing runs the pure tests some hundred times; they need none.
        return
    hands_out_work = getattr(early_config.known_args_namespace, "numprocesses", None)
    if hands_out_work and "PYTEST_XDIST_WORKER" not in os.environ:
        return
    from trustfund.embedded import servers

    var = Path(tempfile.mkdtemp(prefix="trustfund-test-"))
    var.chmod(0o755)
    (var / "static").mkdir()
    _servers.callback(shutil.rmtree, var, ignore_errors=True)
    os.environ["TRUSTFUND_VAR"] = str(var)
    if os.environ.get("DATABASE_URL"):
        os.environ.update(_roles_on(os.environ.get("TEST_SUPERUSER_URL") or os.environ["DATABASE_URL"]))
        if not os.environ.get("REDIS_URL"):
            os.environ["REDIS_URL"] = _servers.enter_context(servers.redis_server(var / "redis"))
    else:
        started = _servers.enter_context(servers.running(var / "servers", keep=False, durable=False))
        os.environ.update(started.environment())
        os.environ["TEST_SUPERUSER_URL"] = started.superuser_url


def _roles_on(superuser_url: str) -> dict[str, str]:
    """Make the roles and return as whom to connect: the tests run as the application's role on every server."""
    import psycopg2
    from psycopg2 import sql

    from trustfund.embedded import servers

    parts = urlsplit(superuser_url)
    with contextlib.closing(psycopg2.connect(superuser_url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute("SELECT pg_advisory_lock(%s)", [_PREPARING])
        servers.prepare_database(superuser_url)
        if parts.password:
            for role in ("trustfund_owner", "trustfund_app"):
                cursor.execute(
                    sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                        sql.Identifier(role), sql.Literal(unquote(parts.password))
                    )
                )

    def as_role(role: str) -> str:
        place = parts.netloc.rpartition("@")[2]
        secret = f":{parts.password}" if parts.password else ""
        return urlunsplit(parts._replace(netloc=f"{role}{secret}@{place}", path=f"/{servers.DATABASE}"))

    return {
        "TEST_SUPERUSER_URL": superuser_url,
        "MIGRATION_DATABASE_URL": as_role("trustfund_owner"),
        "DATABASE_URL": as_role("trustfund_app"),
    }


def pytest_unconfigure() -> None:
    """Stop what was started here."""
    _servers.close()
