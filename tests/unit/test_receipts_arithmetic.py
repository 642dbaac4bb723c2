"""The arithmetic of money in, with the worked figures of the fund's rules R1 to R3, to the cent."""

from datetime import date
from decimal import Decimal

import pytest

from donors import rates
from trustfund.core.money import Money
from trustfund.core.refusals import Unacceptable


def usd(amount):
    return Money.of(amount, "USD")


def test_a_receipt_is_valued_at_the_operational_rate_rounded_half_up():
    received = Money.of("5900000.00", "EUR")
    gross = rates.gross_usd(received, Decimal("0.921"))
    assert gross == usd("6406080.35")
    fee = rates.fee_of(gross, Decimal("0.01"))
    assert fee == usd("64060.80")
    assert gross - fee == usd("6342019.55")


@pytest.mark.parametrize(
    ("received", "rate", "gross"),
    [
        (Money.of("0.01", "EUR"), "2", "0.01"),  # half a cent goes up
        (Money.of("0.01", "EUR"), "2.01", "0.00"),
        (Money.of("1355700000", "KRW"), "1355.7", "1000000.00"),
        (Money.of("376.000", "BHD"), "0.376", "1000.00"),
        (Money.of("12.34", "USD"), "7", "12.34"),
    ],
)
def test_every_currency_is_valued_by_its_own_decimals(received, rate, gross):
    assert rates.gross_usd(received, Decimal(rate)) == usd(gross)


def whole(pledged, worth):
    return rates.Worth(Money.zero(pledged.currency), pledged, worth)


@pytest.mark.parametrize(
    ("donor", "pledged", "received", "difference"),
    [
        ("Denmark", "27608253.41", "30179808.12", "2571554.71"),
        ("Ireland", "15511892.45", "17551481.25", "2039588.80"),
        ("Netherlands", "56670602.13", "55200000.00", "-1470602.13"),
        ("Switzerland", "6385696.04", "6278252.13", "-107443.91"),
    ],
)
def test_the_realised_difference_is_that_of_published_contributions(donor, pledged, received, difference):
    worth = rates.valued(
        gross=usd(received),
        worth_after=rates.at_pledge_rate([whole(usd(pledged), usd(pledged))], usd(pledged)),
        booked_before=usd("0.00"),
        fee_rate=Decimal(0),
    )
    assert worth.difference == usd(difference)
    assert worth.pledge_rate == usd(pledged)
    assert worth.net == usd(received)


def test_a_pledge_settled_in_three_parts_is_booked_at_exactly_its_value():
    pledged, worth_of_it = Money.of("100.00", "EUR"), usd("110.01")
    booked, settled = usd("0.00"), Money.zero("EUR")
    parts = []
    for part in ("33.33", "33.33", "33.34"):
        settled += Money.of(part, "EUR")
        worth = rates.valued(
            gross=usd("40.00"),
            worth_after=rates.at_pledge_rate([whole(pledged, worth_of_it)], settled),
            booked_before=booked,
            fee_rate=Decimal("0.01"),
        )
        booked += worth.pledge_rate
        parts.append(worth.pledge_rate)
        assert worth.fee == usd("0.40")
    assert parts == [usd("36.67"), usd("36.66"), usd("36.68")]
    assert booked == worth_of_it


def eur(amount):
    return Money.of(amount, "EUR")


def test_an_amended_pledge_keeps_the_value_of_what_was_paid_and_spreads_the_rest():
    versions = [whole(eur("100.00"), usd("110.00"))]
    raised = rates.amended(versions, eur("200.00"), usd("125.00"))
    assert raised == usd("235.00")
    versions.append(rates.Worth(eur("80.00"), eur("200.00"), raised))
    # 80 EUR at 1.10 as they were booked, then 120 EUR for the 147 USD that are left.
    worth = [rates.at_pledge_rate(versions, eur(settled)) for settled in ("0.00", "80.00", "90.00", "200.00")]
    assert worth == [usd("0.00"), usd("88.00"), usd("100.25"), usd("235.00")]


def test_what_is_taken_off_a_pledge_takes_its_own_value_with_it():
    versions = [whole(eur("100.00"), usd("110.00"))]
    assert rates.amended(versions, eur("60.00"), None) == usd("66.00")
    versions.append(rates.Worth(eur("60.00"), eur("60.00"), usd("66.00")))
    assert rates.at_pledge_rate(versions, eur("60.00")) == usd("66.00")


@pytest.mark.parametrize(
    ("currency", "rate", "words"),
    [
        ("USD", "1", "own currency is USD"),
        ("EUR", "0", "more than zero"),
        ("EUR", "-1", "more than zero"),
        ("EUR", "NaN", "more than zero"),
        ("XYZ", "1", "XYZ is not a currency"),
    ],
)
def test_what_is_no_rate_is_refused(currency, rate, words):
    with pytest.raises(Unacceptable, match=words):
        rates.require_rate(currency, Decimal(rate))


def test_a_missing_rate_says_which_day_it_is_missing_for():
    assert rates.missing("EUR", date(2024, 6, 24)).message == (
        "There is no exchange rate for EUR on or before 2024-06-24. Record the rate first."
    )
