"""The fund's table of currencies beside three others that nobody here wrote; every difference is listed."""

import iso4217
import moneyed
from babel.numbers import get_currency_precision

from trustfund.core.currencies import ALPHABETIC_CODES, CURRENCIES, MINOR_UNITS, NUMERIC_CODES

# Metals, bonds, testing codes, "no currency": without minor units, so no money of the fund can be in them.
WITHOUT_MINOR_UNITS = {"XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XDR", "XPD", "XPT", "XSU", "XTS", "XUA", "XXX"}
# Listed by ISO with decimals, but not (or no longer) money that a donor could send.
LEFT_OUT: set[str] = set()
# Unicode's tables say how prices are shown in shops, ISO 4217 how amounts are counted in banks.
SHOWN_OTHERWISE_BY_BABEL = {
    *("AFN", "ALL", "IQD", "IRR", "KPW", "LAK", "LBP", "MGA", "MMK", "RSD", "SOS", "SYP", "YER"),
}


def test_the_table_is_iso_4217():
    published = {one.code: (one.number, one.exponent) for one in iso4217.Currency if one.exponent is not None}
    ours = {code: (number, decimals) for code, number, decimals in CURRENCIES}
    assert {code: ours[code] for code in ours if published.get(code) != ours[code]} == {}
    assert set(published) - set(ours) == LEFT_OUT
    assert {one.code for one in iso4217.Currency if one.exponent is None} == WITHOUT_MINOR_UNITS


def test_no_code_and_no_number_stands_twice_and_the_table_is_sorted():
    assert len(MINOR_UNITS) == len(NUMERIC_CODES) == len(ALPHABETIC_CODES) == len(CURRENCIES)
    assert [code for code, _number, _decimals in CURRENCIES] == sorted(MINOR_UNITS)
    assert all(ALPHABETIC_CODES[NUMERIC_CODES[code]] == code for code in MINOR_UNITS)


def test_py_moneyed_counts_the_same_minor_units():
    others = {code: len(str(one.sub_unit)) - 1 for code, one in moneyed.CURRENCIES.items() if code in MINOR_UNITS}
    differ = {code: (MINOR_UNITS[code], theirs) for code, theirs in others.items() if theirs != MINOR_UNITS[code]}
    assert len(others) > 150
    assert differ == {}


def test_babel_differs_only_where_shops_round():
    differ = {code for code, decimals in MINOR_UNITS.items() if get_currency_precision(code) != decimals}
    assert differ == SHOWN_OTHERWISE_BY_BABEL
