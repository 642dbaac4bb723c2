"""Money, currencies and verdicts, by worked figures."""

from decimal import Decimal
from fractions import Fraction

import pytest

from trustfund.core.money import CurrencyMismatch, Money, converted, decimals_of, total
from trustfund.core.refusals import Conflict, Missing, NotPermitted, Refusal, Unacceptable, WrongState
from trustfund.core.verdicts import YES, no


@pytest.mark.parametrize(("code", "decimals"), [("USD", 2), ("KRW", 0), ("BHD", 3), ("CLF", 4), ("JPY", 0), ("IQD", 3)])
def test_each_currency_has_its_own_number_of_decimals(code, decimals):
    assert decimals_of(code) == decimals


@pytest.mark.parametrize(
    ("amount", "code", "minor"),
    [
        ("1250000.00", "USD", 125_000_000),
        ("1250000", "USD", 125_000_000),
        ("0.1", "USD", 10),
        ("-0.01", "USD", -1),
        ("+7", "KRW", 7),
        ("12.345", "BHD", 12_345),
        ("0.0001", "CLF", 1),
        ("12.3000", "USD", 1230),
        (Decimal("12.30"), "USD", 1230),
        (Decimal("1.2E+6"), "KRW", 1_200_000),
        (12, "USD", 1200),
        ("92233720368547758.07", "USD", 2**63 - 1),
    ],
)
def test_an_amount_becomes_whole_minor_units(amount, code, minor):
    assert Money.of(amount, code) == Money(minor, code)


@pytest.mark.parametrize(
    "amount",
    [
        *("", " ", "12 ", " 12", "1 000", "1,000.00", "1_000", "1.000,00", "12.", ".5", "--1", "one", "0x10"),
        *("1e3", "1E3", "1e999", "1e-999999999", "1e999999999", "NaN", "nan", "sNaN", "Infinity", "-inf"),
        *("١٢٣", "१२", "１２", "12٫50", "½", "−5", "5\n", "5\x00", "9" * 31, "92233720368547758.08"),
        *(Decimal("NaN"), Decimal("Infinity"), Decimal("1e999999"), Decimal("1e-999999")),
    ],
)
def test_what_is_no_plain_number_is_refused(amount):
    with pytest.raises(Unacceptable):
        Money.of(amount, "USD")


@pytest.mark.parametrize(("amount", "code"), [("1.234", "USD"), ("0.5", "KRW"), ("1.2345", "BHD"), ("0.00001", "CLF")])
def test_more_decimals_than_the_currency_has_are_refused(amount, code):
    with pytest.raises(Unacceptable) as refused:
        Money.of(amount, code)
    assert refused.value.message == f"{code} has {decimals_of(code)} decimals; {amount} has more."


@pytest.mark.parametrize("code", ["", "usd", "XXX", "XAU", "BTC", "ANG"])
def test_a_currency_outside_the_table_is_refused(code):
    with pytest.raises(Unacceptable):
        Money(1, code)


@pytest.mark.parametrize("minor", [1.0, "1", True, None, Decimal(1)])
def test_minor_units_are_whole_numbers(minor):
    with pytest.raises(TypeError):
        Money(minor, "USD")


def test_largest_remainders_give_the_left_over_units_to_the_earlier_of_equals():
    parts = Money.of("1000000.00", "USD").split([10_470_796, 8_635_082, 5_123_615])
    assert [part.figure for part in parts] == ["432,150.85", "356,387.23", "211,461.92"]
    assert Money(100, "KRW").split([1, 1, 1]) == [Money(34, "KRW"), Money(33, "KRW"), Money(33, "KRW")]
    assert Money(-100, "KRW").split([1, 1, 1]) == [Money(-34, "KRW"), Money(-33, "KRW"), Money(-33, "KRW")]


@pytest.mark.parametrize("weights", [[], [0, 0], [3, -1], [-1]])
def test_a_split_without_a_positive_weight_is_a_fault_of_the_code(weights):
    with pytest.raises(ValueError, match="Weights"):
        Money(100, "USD").split(weights)


def test_a_receipt_is_valued_at_local_units_per_dollar_rounded_half_up():
    assert converted(Money.of("5900000", "EUR"), Decimal("0.921"), "USD") == Money.of("6406080.35", "USD")
    assert Money.of("6406080.35", "USD").times(Fraction(1, 100)) == Money.of("64060.80", "USD")
    assert converted(Money.of("1000000", "KRW"), Decimal("1355.7"), "USD") == Money.of("737.63", "USD")


@pytest.mark.parametrize("rate", [Decimal(0), Decimal(-1)])
def test_a_rate_is_more_than_zero(rate):
    with pytest.raises(Unacceptable):
        converted(Money(100, "EUR"), rate, "USD")


@pytest.mark.parametrize(("half", "rounded"), [("0.005", 1), ("-0.005", -1), ("0.0049", 0), ("2.675", 268)])
def test_halves_go_away_from_zero(half, rounded):
    assert Money.rounded(Decimal(half), "USD") == Money(rounded, "USD")


def test_money_is_written_with_grouped_thousands_and_a_true_minus_sign():
    assert str(Money.of("-1700000", "USD")) == "USD \N{MINUS SIGN}1,700,000.00"
    assert Money(1_700_000, "KRW").figure == "1,700,000"
    assert Money(5, "BHD").figure == "0.005"


def test_money_compares_within_its_currency_and_is_falsy_when_nothing():
    assert Money(1, "USD") < Money(2, "USD") <= Money(2, "USD")
    assert Money(2, "USD") > Money(1, "USD") >= Money(1, "USD")
    assert abs(Money(-3, "USD")) == -Money(-3, "USD") == Money(3, "USD")
    assert not Money.zero("USD")
    with pytest.raises(CurrencyMismatch):
        total([Money(1, "USD"), Money(1, "EUR")], "USD")


def test_a_yes_does_nothing_and_a_no_raises_its_own_kind_with_its_reason():
    YES.enforce()
    assert YES
    refused = no("The vote is closed.", WrongState)
    assert not refused
    with pytest.raises(WrongState) as raised:
        refused.enforce()
    assert raised.value.message == "The vote is closed."
    with pytest.raises(NotPermitted):
        no("Not you.").enforce()


@pytest.mark.parametrize(
    ("kind", "code"),
    [(NotPermitted, "not_permitted"), (WrongState, "wrong_state"), (Missing, "missing"), (Conflict, "conflict")],
)
def test_a_refusal_carries_a_code_for_machines_and_a_sentence_for_people(kind, code):
    refusal = kind("So it is.")
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.message, str(refusal)) == (code, "So it is.", "So it is.")
