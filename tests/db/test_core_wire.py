"""A transaction travels with its first statement, and is a transaction all the same."""

import contextlib
import io
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from psycopg2.extensions import TRANSACTION_STATUS_IDLE, TRANSACTION_STATUS_INTRANS
from psycopg2.extensions import cursor as plain_cursor

from tests.conftest import superuser_connection

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def notes(transactional_db: None) -> Iterator[None]:
    """A table of this session alone, whose numbers are compared at the commit."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE note (n integer UNIQUE DEFERRABLE INITIALLY DEFERRED)")
    yield
    connection.close()


def numbers() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT n FROM note ORDER BY n")
        return [n for (n,) in cursor.fetchall()]


def status() -> int:
    return int(connection.connection.get_transaction_status())


def add(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO note VALUES (%s)", [number])


def test_begin_is_sent_with_the_first_statement_and_shown_to_nobody(notes: None) -> None:
    with transaction.atomic():
        assert status() == TRANSACTION_STATUS_IDLE
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO note VALUES (%s)", [1])
            assert status() == TRANSACTION_STATUS_INTRANS
            assert plain_cursor.query.__get__(cursor.cursor) == b"BEGIN;INSERT INTO note VALUES (1)"
            assert cursor.cursor.query == b"INSERT INTO note VALUES (1)"
            assert cursor.rowcount == 1
            cursor.execute("INSERT INTO note VALUES (%s)", [2])
            assert plain_cursor.query.__get__(cursor.cursor) == b"INSERT INTO note VALUES (2)"
    assert status() == TRANSACTION_STATUS_IDLE
    assert numbers() == [1, 2]
    assert status() == TRANSACTION_STATUS_IDLE


def test_what_was_begun_is_taken_back_whole(notes: None) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        add(1)
        add(2)
        raise ZeroDivisionError
    with transaction.atomic():
        add(3)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            add(4)
            raise ZeroDivisionError
    assert numbers() == [3]


def heard() -> str:
    """Return what PostgreSQL was last told by this session, as another one sees it."""
    with contextlib.closing(superuser_connection()) as other, other.cursor() as cursor:
        cursor.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [connection.connection.info.backend_pid])
        return str((cursor.fetchone() or ("",))[0])


def test_two_messages_make_a_transaction_and_none_one_of_nothing(notes: None) -> None:
    numbers()
    with transaction.atomic():
        pass
    assert heard() == "SELECT n FROM note ORDER BY n"
    with transaction.atomic():
        add(1)
        assert heard() == "BEGIN;INSERT INTO note VALUES (1)"
    assert heard() == "COMMIT"


@pytest.mark.parametrize("first", ["SELEC 1", "SELECT n FROM no_such_table"])
def test_after_a_first_statement_that_fails_nothing_slips_out_of_the_transaction(notes: None, first: str) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        with pytest.raises(ProgrammingError), transaction.atomic(savepoint=True), connection.cursor() as cursor:
            cursor.execute(first)
        add(1)
        raise ZeroDivisionError
    assert numbers() == []
    raw = connection.connection
    raw.autocommit = False
    with raw.cursor() as cursor:
        with pytest.raises(psycopg2.ProgrammingError):
            cursor.execute(first)
        if status() == TRANSACTION_STATUS_IDLE:
            cursor.execute("INSERT INTO note VALUES (1)")
            assert status() == TRANSACTION_STATUS_INTRANS
    raw.rollback()
    raw.autocommit = True
    assert numbers() == []


def test_a_wrong_number_of_parameters_sends_nothing_and_the_next_statement_begins(notes: None) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        with pytest.raises(IndexError), connection.cursor() as cursor:
            cursor.execute("INSERT INTO note VALUES (%s, %s)", [1])
        assert status() == TRANSACTION_STATUS_IDLE
        add(1)
        raise ZeroDivisionError
    assert numbers() == []


def many(cursor: Any) -> None:
    cursor.executemany("INSERT INTO note VALUES (%s)", [[1], [2]])


def called(cursor: Any) -> None:
    cursor.callproc("pg_current_xact_id")


def copied(cursor: Any) -> None:
    cursor.copy_expert("COPY note FROM STDIN", io.StringIO("1\n2\n"))


def copied_from(cursor: Any) -> None:
    cursor.copy_from(io.StringIO("1\n2\n"), "note")


@pytest.mark.parametrize("work", [many, called, copied, copied_from])
def test_other_ways_of_running_statements_begin_too(notes: None, work: Any) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        with connection.cursor() as cursor:
            work(cursor)
        assert status() == TRANSACTION_STATUS_INTRANS
        raise ZeroDivisionError
    assert numbers() == []
    with connection.cursor() as cursor:
        work(cursor)
    assert status() == TRANSACTION_STATUS_IDLE
    assert numbers() == ([] if work is called else [1, 2])


def test_the_first_statement_may_set_the_transactions_isolation() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')")
        assert cursor.fetchone() == ("repeatable read", "on")


def test_what_the_commit_refuses_is_raised_and_leaves_no_transaction(notes: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        add(1)
        add(1)
    assert status() == TRANSACTION_STATUS_IDLE
    assert numbers() == []


def test_autocommit_is_not_changed_inside_a_transaction_and_a_closed_connection_says_so(notes: None) -> None:
    raw = connection.connection
    raw.autocommit = False
    assert raw.autocommit is False
    raw.commit()
    with raw.cursor() as cursor:
        cursor.execute("INSERT INTO note VALUES (1)")
    with pytest.raises(psycopg2.ProgrammingError):
        raw.autocommit = True
    raw.rollback()
    raw.autocommit = True
    assert numbers() == []
    raw.close()
    for use in (raw.commit, raw.rollback, lambda: setattr(raw, "autocommit", False)):
        with pytest.raises(psycopg2.InterfaceError):
            use()
    connection.close()
