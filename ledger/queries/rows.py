"""Two ways to ask PostgreSQL for rows: a few of them, and as many as there are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection


def rows(statement: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """Return what a statement answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Taker:
    """What psycopg2 writes copied rows to: one call a row."""

    write: Callable[[bytes], None]


def copied(statement: str, take: Callable[[bytes], None]) -> None:
    """Give each row that a statement answers to `take`, as COPY writes it, values between bars: cheaper than `rows`."""
    with connection.cursor() as cursor:
        cursor.copy_expert(as_copy(statement), Taker(take))


def as_copy(statement: str) -> str:
    """Return the statement that copies what another one answers."""
    return f"COPY ({statement}) TO STDOUT (DELIMITER '|')"
