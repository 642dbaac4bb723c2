"""What goes over the wire: a transaction begins in the same message as its first statement."""

from typing import Any, Final

from psycopg2 import Error, InterfaceError, ProgrammingError
from psycopg2 import extensions as psycopg2

_BEGIN: Final = b"BEGIN;"


class Cursor(psycopg2.cursor):
    """A cursor that brings along the BEGIN its connection still owes. It has no name: the settings allow no other."""

    connection: "Connection"

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 - psycopg2's own name
        """Run a statement."""
        if not self.connection.owes_begin:
            super().execute(query, vars)
            return
        statement = self.mogrify(query, vars)
        self.connection.owes_begin = False
        try:
            super().execute(_BEGIN + statement)
        except Error:
            # What PostgreSQL cannot even read takes the BEGIN down with it: the next statement brings another one.
            self.connection.owes_begin = self.connection.get_transaction_status() == psycopg2.TRANSACTION_STATUS_IDLE
            raise

    def executemany(self, query: Any, vars_list: Any) -> None:
        """Run a statement many times."""
        self.connection.begin()
        super().executemany(query, vars_list)

    def callproc(self, procname: Any, parameters: Any = None, /) -> Any:
        """Call a function."""
        self.connection.begin()
        return super().callproc(procname, parameters)

    def copy_from(self, *args: Any, **kwargs: Any) -> None:
        """Copy rows in."""
        self.connection.begin()
        super().copy_from(*args, **kwargs)

    def copy_to(self, *args: Any, **kwargs: Any) -> None:
        """Copy rows out."""
        self.connection.begin()
        super().copy_to(*args, **kwargs)

    def copy_expert(self, sql: Any, file: Any, size: int = 8192) -> None:
        """Copy rows in or out, as a statement says."""
        self.connection.begin()
        super().copy_expert(sql, file, size)

    @property
    def query(self) -> bytes | None:
        """The statement last run, as its caller wrote it."""
        sent = super().query
        return sent.removeprefix(_BEGIN) if sent else sent


class Connection(psycopg2.connection):
    """
    A connection that sends BEGIN with the first statement of a transaction, in one message instead of two.

    psycopg2 sends it alone and waits for the answer. Where a transaction is one statement and its commit, as nearly
    every posting is, that was one waiting in three. To psycopg2 this connection is always in autocommit mode.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_session(autocommit=True)
        self.owes_begin = True
        self._autocommit = False

    @property
    def autocommit(self) -> bool:
        """Whether each statement is a transaction of its own."""
        return self._autocommit

    @autocommit.setter
    def autocommit(self, wanted: bool) -> None:
        self._require_open()
        if self._is_begun():
            raise ProgrammingError("autocommit cannot be changed inside a transaction")
        self._autocommit = wanted
        self.owes_begin = not wanted

    def begin(self) -> None:
        """Send the BEGIN that is owed by itself, if one is."""
        if self.owes_begin:
            self.owes_begin = False
            self._send("BEGIN")

    def commit(self) -> None:
        """Commit what was done since the transaction began, if it did."""
        self._end("COMMIT")

    def rollback(self) -> None:
        """Take back what was done since the transaction began, if it did."""
        self._end("ROLLBACK")

    def _end(self, statement: str) -> None:
        self._require_open()
        if self._is_begun():
            self._send(statement)
        self.owes_begin = not self._autocommit

    def _is_begun(self) -> bool:
        return self.get_transaction_status() != psycopg2.TRANSACTION_STATUS_IDLE

    def _require_open(self) -> None:
        if self.closed:
            raise InterfaceError("connection already closed")

    def _send(self, statement: str) -> None:
        with self.cursor() as cursor:
            cursor.execute(statement)
