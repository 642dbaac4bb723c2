"""The connection: refused to superusers and to whoever owns the books, except to run migrations."""

from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql import base

from trustfund.core.postgres.wire import Connection, Cursor

# Whether the role could do what the guards of the books forbid. Before the first migration there are no books to guard.
_ASK: Final = """
    SELECT current_user, rolsuper, EXISTS (
        SELECT FROM pg_catalog.pg_class
         WHERE relname IN ('ledger_entry', 'core_event') AND relkind = 'r'
           AND pg_catalog.pg_has_role(current_user, relowner, 'MEMBER'))
      FROM pg_catalog.pg_roles WHERE rolname = current_user
"""


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection of the application. `MAY_OWN_THE_BOOKS` in its settings lets migrations through."""

    def get_connection_params(self) -> dict[str, Any]:
        """Return what psycopg2 connects with: a connection that sends each BEGIN along with a statement."""
        return {**super().get_connection_params(), "connection_factory": Connection, "cursor_factory": Cursor}

    def init_connection_state(self) -> None:
        """
        Make the connection ready.

        :raises ImproperlyConfigured: if its role is a superuser or owns the books, and says how to put that right
        """
        super().init_connection_state()
        if self.settings_dict.get("MAY_OWN_THE_BOOKS"):
            return
        with self.connection.cursor() as cursor:
            cursor.execute(_ASK)
            role, is_superuser, is_owner = cursor.fetchone()
        if not self.get_autocommit():
            self.connection.rollback()
        if is_superuser or is_owner:
            what = "a superuser" if is_superuser else "the owner of the tables"
            raise ImproperlyConfigured(
                f"The application connects to PostgreSQL as {role}, {what}, who could change the books past every "
                "guard. Let DATABASE_URL name trustfund_app, which trustfund/embedded/roles.sql makes, and "
                "MIGRATION_DATABASE_URL name trustfund_owner, which runs the migrations."
            )
