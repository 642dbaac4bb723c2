"""What heads of the chart gained in each year, all their accounts together, from the roll-ups."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.conf import settings

from ledger import chart
from ledger.queries.rows import rows
from trustfund.core.currencies import NUMERIC_CODES
from trustfund.core.money import Money


def moved_by_year(
    heads: Sequence[str], on: date, currency: str = settings.FUND_CURRENCY
) -> dict[str, dict[int, Money]]:
    """
    Return by how much the accounts under some heads rose in each year up to the end of a day, debits positive.

    It is one query, as long for a long history as for a short one; a year in which nothing moved is left out.
    """
    found = rows(
        """
        WITH wanted AS MATERIALIZED (
            SELECT id, code FROM ledger_account
             WHERE currency = %(currency)s AND split_part(code, '.', 1) = ANY (%(heads)s)
        )
        SELECT wanted.code, part.year, sum(part.amount)
          FROM (SELECT held.account, extract(year FROM held.month)::integer AS year,
                       sum(held.debit - held.credit) AS amount
                  FROM ledger_month AS held
                 WHERE held.account IN (SELECT id FROM wanted) AND held.month < date_trunc('month', %(on)s::date)::date
                 GROUP BY 1, 2
                UNION ALL
                SELECT held.account, extract(year FROM held.day)::integer, held.delta FROM ledger_day AS held
                 WHERE held.account IN (SELECT id FROM wanted)
                   AND held.day BETWEEN date_trunc('month', %(on)s::date)::date AND %(on)s
                UNION ALL
                SELECT unsealed.account, extract(year FROM unsealed.effective_on)::integer, unsealed.amount
                  FROM ledger_unsealed() AS unsealed WHERE unsealed.effective_on <= %(on)s) AS part
          JOIN wanted ON wanted.id = part.account
         GROUP BY wanted.code, part.year
        """,
        {"currency": NUMERIC_CODES[currency], "heads": list(heads), "on": on},
    )
    sums: Counter[tuple[str, int]] = Counter()
    for code, year, minor in found:
        sums[chart.head_of(code), year] += int(minor)
    moved: dict[str, dict[int, Money]] = {head: {} for head in heads}
    for (head, year), minor in sorted(sums.items()):
        moved[head][year] = Money(minor, currency)
    return moved
