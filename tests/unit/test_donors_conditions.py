"""Conditions as rules: what matching unlocks, what others must give for it, and how an approval stands on a day."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donors.conditions import Approval, Counts, Matching, Stand
from donors.shares import Concentration, as_stored, share_of
from trustfund.core.money import Money
from trustfund.core.refusals import Unacceptable

SINCE = date(2026, 1, 1)
DUE = date(2026, 6, 30)


def usd(amount):
    return Money.of(amount, "USD")


def matching(matches=6, for_every=12, cap="6000000000.00", counts=Counts.RECEIPTS):
    return Matching(matches=matches, for_every=for_every, cap=usd(cap), counts=counts, since=SINCE)


@pytest.mark.parametrize(
    ("counted", "unlocked", "is_met"),
    [
        ("0.00", "0.00", False),
        ("-5.00", "0.00", False),
        ("0.01", "0.00", False),
        ("4000000000.00", "2000000000.00", False),
        ("11999999999.99", "5999999999.99", False),
        ("12000000000.00", "6000000000.00", True),
        ("20000000000.00", "6000000000.00", True),
    ],
)
def test_six_for_every_twelve_of_others_up_to_six_billion(counted, unlocked, is_met):
    rule = matching()
    assert (rule.unlocked(usd(counted)), rule.is_met_by(usd(counted))) == (usd(unlocked), is_met)
    assert rule.needed == usd("12000000000.00")


@given(st.integers(1, 1000), st.integers(1, 1000), st.integers(1, 10**15))
def test_what_is_needed_is_the_least_that_unlocks_the_whole(matches, for_every, cap):
    rule = Matching(matches, for_every, Money(cap, "USD"), Counts.SIGNED, SINCE)
    assert rule.is_met_by(rule.needed)
    assert not rule.is_met_by(rule.needed - Money(1, "USD"))


@pytest.mark.parametrize(
    ("happened_on", "is_confirmed", "today", "stand"),
    [
        (None, False, DUE, Stand.WAITING),
        (None, False, date(2026, 7, 1), Stand.LAPSED),
        (DUE, False, DUE, Stand.SHOWN),
        # Shown late and confirmed later still: what counts is the day on which it happened.
        (DUE, False, date(2027, 1, 1), Stand.SHOWN),
        (DUE, True, date(2027, 1, 1), Stand.MET),
        (date(2026, 7, 1), True, date(2026, 7, 2), Stand.LAPSED),
    ],
)
def test_an_approval_in_time_that_two_people_stand_for_meets_its_condition(happened_on, is_confirmed, today, stand):
    rule = Approval(approver="The parliament", by_when=DUE)
    assert rule.stand(happened_on=happened_on, is_confirmed=is_confirmed, today=today) is stand


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (matching(matches=0), "whole numbers above zero"),
        (matching(for_every=-1), "whole numbers above zero"),
        (matching(cap="0.00"), "more than zero, in USD"),
        (Matching(1, 1, Money.of("5.00", "EUR"), Counts.SIGNED, SINCE), "more than zero, in USD"),
        (Approval(approver=" ", by_when=DUE), "Name who approves"),
        (Approval(approver="x" * 161, by_when=DUE), "Name who approves"),
    ],
)
def test_what_cannot_be_evaluated_is_no_rule(rule, words):
    with pytest.raises(Unacceptable, match=words):
        rule.require_sound()


def test_a_rule_reads_as_a_sentence():
    assert matching().words == ("Up to USD 6,000,000,000.00: 6 for every 12 of others, money received since 2026-01-01")
    assert Approval("The parliament", DUE).words == "Approval by The parliament, by 2026-06-30"


def concentration(promised, received, accepted=None):
    share = Fraction(promised, 100), Fraction(received, 100)
    return Concentration(
        cap=as_stored(Fraction(30, 100)),
        accepted=None if accepted is None else as_stored(Fraction(accepted, 100)),
        promised=share[0],
        promised_after=share[0],
        received=share[1],
        received_after=share[1],
    )


@pytest.mark.parametrize(
    ("promised", "received", "accepted", "is_above", "is_asked"),
    [
        (30, 30, None, False, False),
        (31, 0, None, True, True),
        (0, 31, None, True, True),
        (35, 10, 35, True, False),
        (36, 10, 35, True, True),
        (20, 10, 35, False, False),
    ],
)
def test_a_share_above_the_cap_is_asked_about_unless_it_is_accepted(promised, received, accepted, is_above, is_asked):
    found = concentration(promised, received, accepted)
    assert (found.is_above_cap, found.is_to_be_asked) == (is_above, is_asked)


def test_a_share_of_nothing_is_nothing_and_what_is_put_to_the_committee_is_rounded_up():
    assert share_of(usd("5.00"), usd("0.00")) == 0
    assert share_of(usd("1.00"), usd("3.00")) == Fraction(1, 3)
    assert str(as_stored(Fraction(1, 3))) == "0.3334"
