"""The application refuses to work as a role that could go around the guards, and says what to do."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from ledger import demonstration_clock
from tests.db.test_ledger_sealing import owner_url

pytestmark = pytest.mark.django_db(transaction=True)

HOW = (
    "who could change the books past every guard. Let DATABASE_URL name trustfund_app, which "
    "trustfund/embedded/roles.sql makes, and MIGRATION_DATABASE_URL name trustfund_owner, which runs the migrations."
)


@pytest.fixture
def role(transactional_db: None) -> Iterator[Any]:
    """Let a test connect as another role, and come back."""
    before = connection.settings_dict["USER"]

    def use(name: str) -> None:
        connection.close()
        connection.settings_dict["USER"] = name

    yield use
    connection.close()
    connection.settings_dict["USER"] = before
    connection.settings_dict["MAY_OWN_THE_BOOKS"] = False


@pytest.mark.parametrize(
    ("name", "what"), [("postgres", "a superuser"), ("trustfund_owner", "the owner of the tables")]
)
def test_a_role_that_could_go_around_the_guards_is_refused(role: Any, name: str, what: str) -> None:
    role(name)
    with pytest.raises(ImproperlyConfigured) as refused:
        connection.ensure_connection()
    assert str(refused.value) == f"The application connects to PostgreSQL as {name}, {what}, {HOW}"
    connection.settings_dict["MAY_OWN_THE_BOOKS"] = True
    role(name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (name,)


def test_the_applications_role_is_let_in() -> None:
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("trustfund_app",)


def test_the_web_server_does_not_start_as_a_superuser() -> None:
    server = urlsplit(os.environ["TEST_SUPERUSER_URL"])
    address = server._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    started = subprocess.run(
        [sys.executable, "-c", "import trustfund.wsgi"],
        env={**os.environ, "DATABASE_URL": address, "DEBUG": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert started.returncode == 1
    assert (
        f"ImproperlyConfigured: The application connects to PostgreSQL as postgres, a superuser, {HOW}"
        in started.stderr
    )


def clock_errors() -> list[str | None]:
    return [message.id for message in run_checks(databases=["default"]) if (message.id or "").startswith("ledger.")]


def test_a_movable_clock_outside_the_demonstration_is_an_error(settings: Any) -> None:
    settings.DEMO = False
    assert clock_errors() == []
    with demonstration_clock.installed(owner_url()):
        assert clock_errors() == ["ledger.E001"]
        settings.DEMO = True
        assert clock_errors() == []
        settings.DEMO = False
    assert clock_errors() == []
