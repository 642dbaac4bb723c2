"""What PostgreSQL keeps for us: transactions insisted on, tables that only grow, refusals read back."""

import re

from django.db import connection
from django.db.migrations import RunSQL
from django.utils.translation import gettext as _

from trustfund.core.refusals import Refusal

APPLICATION_ROLE = "trustfund_app"
_NAME = re.compile(r"[a-z_][a-z0-9_]*")


def require_transaction() -> None:
    """
    Insist that the caller has opened a transaction; used by functions that operations share.

    :raises RuntimeError: if no transaction is open, which is a fault of the code and not of a person
    """
    if not connection.in_atomic_block:
        raise RuntimeError("This must run inside an operation's transaction.")


def append_only(table: str) -> RunSQL:
    """
    Return the migration step after which PostgreSQL refuses to update, delete or truncate rows of a table.

    The grant is taken from the application's role, and a trigger that also fires for owners, superusers and
    replication refuses with SQLSTATE TF001.
    """
    if not _NAME.fullmatch(table):
        raise ValueError(f"{table!r} is not a plain table name.")
    return RunSQL(
        f"""
        CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER {table}_is_not_emptied BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_only_grows;
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_is_not_emptied;
        DO $$ BEGIN
            IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{APPLICATION_ROLE}') THEN
                EXECUTE 'REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APPLICATION_ROLE}';
            END IF;
        END $$;
        """,
        f"""
        DROP TRIGGER {table}_only_grows ON {table};
        DROP TRIGGER {table}_is_not_emptied ON {table};
        """,
    )


def never_removed(table: str) -> RunSQL:
    """
    Return the migration step after which PostgreSQL refuses to delete or empty a table whose state may change.

    The grant is taken from the application's role, and a trigger that also fires for owners, superusers and
    replication refuses with SQLSTATE TF001.
    """
    if not _NAME.fullmatch(table):
        raise ValueError(f"{table!r} is not a plain table name.")
    return RunSQL(
        f"""
        CREATE TRIGGER {table}_is_kept_always BEFORE DELETE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER {table}_is_not_emptied BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_is_kept_always;
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_is_not_emptied;
        DO $$ BEGIN
            IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{APPLICATION_ROLE}') THEN
                EXECUTE 'REVOKE DELETE, TRUNCATE ON {table} FROM {APPLICATION_ROLE}';
            END IF;
        END $$;
        """,
        f"""
        DROP TRIGGER {table}_is_kept_always ON {table};
        DROP TRIGGER {table}_is_not_emptied ON {table};
        """,
    )


class RefusedByDatabase(Refusal):
    """PostgreSQL refused what the code had let through: the second guard held."""

    code = "refused_by_database"


def constraint_of(error: Exception) -> str:
    """Return the name of the constraint that a database error broke, or an empty string."""
    cause = error.__cause__
    diagnosis = getattr(cause, "diag", None)
    return str(getattr(diagnosis, "constraint_name", "") or "")


def sqlstate_of(error: Exception) -> str:
    """Return the five-letter SQLSTATE of a database error, or an empty string."""
    return str(getattr(error.__cause__, "pgcode", "") or "")


def refused(error: Exception) -> RefusedByDatabase:
    """Return the refusal that stands for a database error which no operation expected."""
    name = constraint_of(error) or sqlstate_of(error)
    return RefusedByDatabase(
        _("The database refused this (%(rule)s). Nothing was changed; reload the page and look again.") % {"rule": name}
    )
