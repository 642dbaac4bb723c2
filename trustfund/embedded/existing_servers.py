"""The demonstration on a PostgreSQL that somebody else runs: prepare the roles there as far as we are allowed to."""

import contextlib
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

from trustfund.embedded.servers import ROLES_SQL, CannotStart


def database(environment: Mapping[str, str], folder: Path, say: Callable[[str], None]) -> dict[str, str]:
    """
    Return as whom the application and the migrations connect to the database that DATABASE_URL names.

    With MIGRATION_DATABASE_URL both are as given. Else DATABASE_URL is the owner of the tables, and the application
    gets a role of its own if the owner may make one.

    :raises CannotStart: if the server does not answer
    """
    url = environment["DATABASE_URL"]
    if environment.get("MIGRATION_DATABASE_URL"):
        say("Using DATABASE_URL for the application and MIGRATION_DATABASE_URL for the tables.")
        return {"DATABASE_URL": url, "MIGRATION_DATABASE_URL": environment["MIGRATION_DATABASE_URL"]}
    password_file = folder / "application-password"
    try:
        with contextlib.closing(psycopg2.connect(url)) as connection:
            connection.autocommit = True
            application = _application_role(connection, url, password_file)
    except psycopg2.OperationalError as error:
        raise CannotStart(f"The PostgreSQL of DATABASE_URL does not answer: {error}") from error
    if application is None:
        say("DATABASE_URL's role may not make roles, so the application shares it: only triggers guard the books.")
        return {"DATABASE_URL": url, "MIGRATION_DATABASE_URL": url}
    say("DATABASE_URL owns the tables; the application connects as trustfund_app, a role that owns nothing.")
    return {"DATABASE_URL": application, "MIGRATION_DATABASE_URL": url}


def _application_role(connection: "psycopg2.extensions.connection", url: str, password_file: Path) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = 'trustfund_app')")
        stands = bool((cursor.fetchone() or (False,))[0])
        if stands and not password_file.exists():
            # Somebody else made this role and knows its password; it is not ours to change.
            return None
        try:
            cursor.execute(ROLES_SQL.read_text())
            cursor.execute("GRANT trustfund_ledger TO CURRENT_USER")
            if not password_file.exists():
                password = secrets.token_urlsafe(24)
                cursor.execute(
                    sql.SQL("ALTER ROLE trustfund_app PASSWORD {password}").format(password=sql.Literal(password))
                )
                password_file.touch(mode=0o600)
                password_file.write_text(password)
        except psycopg2.errors.InsufficientPrivilege:
            return None
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"trustfund_app:{password_file.read_text()}@{host}"))
