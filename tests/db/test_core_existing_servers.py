"""The demonstration on somebody else's PostgreSQL: what it may prepare there, and what it leaves alone."""

import os

import pytest

from trustfund.embedded import existing_servers
from trustfund.embedded.servers import CannotStart


def prepared(tmp_path, **environment):
    """Return what the demonstration would connect as, and what it said."""
    said = []
    return existing_servers.database(environment, tmp_path, said.append), said


def test_two_given_addresses_are_taken_as_they_are(tmp_path):
    found, said = prepared(
        tmp_path, DATABASE_URL="postgres://app@db/fund", MIGRATION_DATABASE_URL="postgres://owner@db/fund"
    )
    assert found == {"DATABASE_URL": "postgres://app@db/fund", "MIGRATION_DATABASE_URL": "postgres://owner@db/fund"}
    assert len(said) == 1


def test_a_role_that_somebody_else_made_keeps_its_password(tmp_path):
    url = os.environ["TEST_SUPERUSER_URL"]
    found, said = prepared(tmp_path, DATABASE_URL=url)
    assert found == {"DATABASE_URL": url, "MIGRATION_DATABASE_URL": url}
    assert said == [
        "DATABASE_URL's role may not make roles, so the application shares it: only triggers guard the books."
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_role_that_the_demonstration_made_is_used_again(tmp_path):
    url = os.environ["TEST_SUPERUSER_URL"]
    (tmp_path / "application-password").write_text("kept")
    found, said = prepared(tmp_path, DATABASE_URL=url)
    place = url.rpartition("@")[2]
    assert found == {"DATABASE_URL": f"postgres://trustfund_app:kept@{place}", "MIGRATION_DATABASE_URL": url}
    assert said == [
        "DATABASE_URL owns the tables; the application connects as trustfund_app, a role that owns nothing."
    ]


def test_a_server_that_does_not_answer_is_named(tmp_path):
    with pytest.raises(CannotStart, match="does not answer"):
        prepared(tmp_path, DATABASE_URL="postgres://fund@127.0.0.1:1/fund?connect_timeout=1")
