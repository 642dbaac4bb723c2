"""What remains is given back pro rata, to the cent (R10)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donors.residue import pro_rata
from trustfund.core.money import Money, total


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


def test_the_worked_figures() -> None:
    parts = pro_rata(usd("1000000.00"), {"KOR": usd("10470796.00"), "CHE": usd("8635082.00"), "SWE": usd("5123615.00")})
    assert parts == {"KOR": usd("432150.85"), "CHE": usd("356387.23"), "SWE": usd("211461.92")}


def test_who_gave_nothing_or_had_it_back_gets_nothing() -> None:
    parts = pro_rata(usd("0.10"), {"a": usd("1.00"), "b": usd("0.00"), "c": usd("-1.00"), "d": usd("2.00")})
    assert parts == {"a": usd("0.03"), "d": usd("0.07")}


def test_there_is_nobody_to_give_it_to() -> None:
    with pytest.raises(ValueError, match="at least one is positive"):
        pro_rata(usd("1.00"), {})


@given(st.integers(0, 10**13), st.dictionaries(st.text(min_size=1), st.integers(1, 10**13), min_size=1, max_size=9))
def test_no_cent_is_lost_and_nobody_gets_a_cent_too_many(residue: int, given_: dict[str, int]) -> None:
    parts = pro_rata(Money(residue, "USD"), {name: Money(minor, "USD") for name, minor in given_.items()})
    assert total(parts.values(), "USD") == Money(residue, "USD")
    whole = sum(given_.values())
    for name, part in parts.items():
        assert abs(part.minor * whole - residue * given_[name]) < whole
