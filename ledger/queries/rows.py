"""One way to ask PostgreSQL for rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection


def rows(statement: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """Return what a statement answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
