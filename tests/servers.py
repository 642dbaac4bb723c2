"""A pytest plugin, loaded before Django reads its settings: starts real PostgreSQL and Redis for each worker."""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

import pytest

_servers = contextlib.ExitStack()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """
    Start the servers, or use those that DATABASE_URL (a superuser's) and REDIS_URL name.

    Each of xdist's workers has servers of its own: an open transaction holds back the ledger's seals in every database
    of its PostgreSQL, and emptying a cache empties it for all.
    """
    os.environ["DEBUG"] = "1"
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
        superuser = os.environ.setdefault("TEST_SUPERUSER_URL", os.environ["DATABASE_URL"])
        servers.prepare_database(superuser)
        os.environ.setdefault("MIGRATION_DATABASE_URL", superuser)
    else:
        started = _servers.enter_context(servers.running(var / "servers", keep=False, durable=False))
        os.environ.update(started.environment())
        os.environ["TEST_SUPERUSER_URL"] = started.superuser_url


def pytest_unconfigure() -> None:
    """Stop what was started here."""
    _servers.close()
