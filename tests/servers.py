"""A pytest plugin, loaded before Django reads its settings: starts real PostgreSQL and Redis once for the whole run."""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

import pytest

_servers = contextlib.ExitStack()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Start the servers, or use those that DATABASE_URL (a superuser's) and REDIS_URL name; xdist's workers inherit."""
    os.environ["DEBUG"] = "1"
    if os.environ.get("TRUSTFUND_TEST_SERVERS"):
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
    os.environ["TRUSTFUND_TEST_SERVERS"] = "1"


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started here."""
    if not hasattr(config, "workerinput"):
        _servers.close()
