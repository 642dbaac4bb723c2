"""The donors' builders fill the pool to the cent, so that other tests may lean on them."""

import pytest

from ledger import chart
from ledger import queries as ledger_queries
from tests import donor_worlds
from trustfund.core.money import Money

pytestmark = pytest.mark.django_db(transaction=True)


def test_money_in_is_spendable_to_the_cent():
    donor_worlds.money_in("1234567.89")
    assert ledger_queries.balance_of(chart.SPENDABLE) == Money.of("1234567.89", "USD")
    assert ledger_queries.balance_of(chart.CASH) == Money.of("1234567.89", "USD")
