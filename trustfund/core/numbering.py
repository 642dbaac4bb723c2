"""Short references that people quote: a series, a year, a number without gaps (DP-2026-014, R-2026-0188)."""

from datetime import date

from django.db import connection

from trustfund.core.db import require_transaction


def next_reference(series: str, on: date, *, digits: int = 3) -> str:
    """Return the next reference of a series in the year of a day; the counter's row stays locked until the end."""
    require_transaction()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO core_counter (series, year, last) VALUES (%s, %s, 1)
            ON CONFLICT (series, year) DO UPDATE SET last = core_counter.last + 1
            RETURNING last
            """,
            [series, on.year],
        )
        (number,) = cursor.fetchone() or (0,)
    return f"{series}-{on.year}-{number:0{digits}d}"
