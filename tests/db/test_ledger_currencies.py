"""PostgreSQL has the same currencies as the code, and both agree with ISO 4217 on their numbers and decimals."""

import iso4217
import pytest

from ledger.models import Currency
from trustfund.core.currencies import CURRENCIES

pytestmark = pytest.mark.django_db


def test_the_table_in_the_database_is_the_table_of_the_code() -> None:
    assert set(Currency.objects.values_list("code", "number", "decimals")) == set(CURRENCIES)
    assert dict(Currency.objects.filter(code__in=["USD", "KRW", "BHD", "CLF"]).values_list("code", "decimals")) == {
        "USD": 2,
        "KRW": 0,
        "BHD": 3,
        "CLF": 4,
    }


def test_what_iso_4217_has_beyond_it_has_no_minor_unit() -> None:
    listed = {currency.code: currency for currency in iso4217.Currency}
    ours = set(Currency.objects.values_list("code", flat=True))
    assert ours < set(listed)
    assert {code for code in set(listed) - ours if listed[code].exponent is not None} == set()
    for currency in Currency.objects.all():
        assert (listed[currency.code].number, listed[currency.code].exponent) == (currency.number, currency.decimals)
