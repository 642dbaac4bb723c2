"""What moved in each year, read from the roll-ups: the years add up to what the accounts held."""

from datetime import date

import pytest

from ledger import chart, operations, queries
from tests import statements_world
from tests.statements_world import usd
from trustfund.core.money import Money

HEADS = (chart.CONTRIBUTIONS, chart.TRANSFERS, chart.REFUNDS)


def held(head: str, on: date) -> Money:
    return queries.total_under(head, on=on)


@pytest.mark.parametrize("sealed", [False, True])
def test_the_years_add_up_to_the_balance_on_any_day_sealed_or_not(transactional_db, sealed):
    statements_world.a_fund()
    statements_world.pay("PAY-2025-0001", "1000.00", date(2025, 2, 1))
    statements_world.pay("PAY-2025-0002", "200.00", date(2025, 2, 20))
    if sealed:
        operations.seal_books()
    for on in (date(2023, 12, 31), date(2024, 6, 27), date(2024, 12, 31), date(2025, 2, 10), date(2025, 12, 31)):
        moved = queries.moved_by_year(HEADS, on)
        for head in HEADS:
            assert sum((money.minor for money in moved[head].values()), 0) == held(head, on).minor
    assert queries.moved_by_year((chart.TRANSFERS,), date(2025, 2, 10)) == {
        chart.TRANSFERS: {2024: usd("2500000.00"), 2025: usd("1000.00")}
    }
