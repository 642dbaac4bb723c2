"""The laws of money: exact, one currency, its own number of decimals, nothing lost when it is split or rounded."""

import contextlib
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trustfund.core.currencies import MINOR_UNITS
from trustfund.core.money import MOST_MINOR_UNITS, CurrencyMismatch, Money, converted, decimals_of, total
from trustfund.core.refusals import Unacceptable

codes = st.sampled_from(sorted(MINOR_UNITS))
minors = st.integers(-MOST_MINOR_UNITS, MOST_MINOR_UNITS)
moneys = st.builds(Money, minors, codes)
weights = st.lists(st.integers(0, 10**12), min_size=1, max_size=40).filter(any)
# Up to 20 places: far more than any published rate has.
factors = st.fractions(min_value=-1000, max_value=1000, max_denominator=10**6)
rates = st.decimals(min_value="0.000001", max_value="100000", places=6)


@given(moneys, weights)
def test_the_parts_of_a_split_add_up_to_the_whole(money, parts):
    assert total(money.split(parts), money.currency) == money


@given(moneys, weights)
def test_no_part_of_a_split_is_a_whole_unit_off_its_share(money, parts):
    shares = [Fraction(money.minor * weight, sum(parts)) for weight in parts]
    assert all(abs(part.minor - share) < 1 for part, share in zip(money.split(parts), shares, strict=True))


@given(moneys, st.integers(1, 60))
def test_equal_weights_split_into_parts_that_differ_by_one_unit_at_most(money, count):
    minor = [part.minor for part in money.split([1] * count)]
    assert max(minor) - min(minor) <= 1
    assert sorted(minor, key=abs, reverse=True) == minor


@given(moneys, weights)
def test_a_weight_of_zero_gets_nothing(money, parts):
    assert all(part.minor == 0 for part, weight in zip(money.split(parts), parts, strict=True) if weight == 0)


@given(moneys)
def test_an_amount_written_out_reads_back_as_the_same_money(money):
    assert Money.of(money.amount, money.currency) == money
    assert Money.of(format(money.amount, "f"), money.currency) == money
    assert Money.of(money.figure.replace(",", "").replace("\N{MINUS SIGN}", "-"), money.currency) == money


@given(moneys)
def test_an_amount_has_exactly_the_decimals_of_its_currency(money):
    assert -int(money.amount.as_tuple().exponent) == decimals_of(money.currency)


@given(minors, minors, codes)
def test_adding_and_taking_away_undo_each_other(one, other, code):
    assert Money(one, code) + Money(other, code) - Money(other, code) == Money(one, code)
    assert Money(one, code) - Money(other, code) == -(Money(other, code) - Money(one, code))


@given(st.tuples(codes, codes).filter(lambda pair: pair[0] != pair[1]), minors, minors)
def test_two_currencies_never_meet(pair, one, other):
    left, right = Money(one, pair[0]), Money(other, pair[1])
    for attempt in (lambda: left + right, lambda: left - right, lambda: left < right, lambda: left >= right):
        with pytest.raises(CurrencyMismatch):
            attempt()


@given(st.integers(-(10**15), 10**15), codes, factors)
def test_multiplying_is_off_by_half_a_unit_at_most(minor, code, factor):
    assert abs(Money(minor, code).times(factor).minor - minor * factor) <= Fraction(1, 2)


@given(st.integers(-(10**15), 10**15), codes, factors)
@example(5, "USD", Fraction(1, 2))
def test_rounding_is_the_same_on_both_sides_of_zero(minor, code, factor):
    assert Money(-minor, code).times(factor) == -Money(minor, code).times(factor)


@given(st.integers(0, 10**15), codes, codes, rates)
def test_converting_is_off_by_half_a_unit_at_most(minor, code, other, rate):
    exact = Fraction(minor, 10 ** decimals_of(code)) / Fraction(rate) * 10 ** decimals_of(other)
    assert abs(converted(Money(minor, code), rate, other).minor - exact) <= Fraction(1, 2)


@given(st.floats(), codes)
def test_a_float_never_becomes_money(number, code):
    for attempt in (
        lambda: Money.of(number, code),
        lambda: Money(number, code),
        lambda: Money.rounded(number, code),
        lambda: Money(100, code).times(number),
    ):
        with pytest.raises(TypeError):
            attempt()


@given(st.text(), codes)
def test_any_text_is_money_or_refused_with_a_reason(text, code):
    with contextlib.suppress(Unacceptable):
        assert Money.of(text, code).minor == Fraction(text) * 10 ** decimals_of(code)


@given(st.decimals(allow_nan=True, allow_infinity=True), codes)
def test_any_decimal_is_money_or_refused_with_a_reason(number, code):
    with contextlib.suppress(Unacceptable):
        assert Money.of(number, code).minor == Fraction(number) * 10 ** decimals_of(code)


@given(moneys)
def test_money_of_a_decimal_keeps_trailing_zeros_out_of_its_meaning(money):
    padded = Decimal(f"{money.amount:f}{'0' * 5 if decimals_of(money.currency) else ''}")
    assert Money.of(padded, money.currency) == money
