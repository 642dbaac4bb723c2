"""A draft that breaks a rule of double entry cannot be built."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger import chart
from ledger.drafts import Draft, Leg, credit, debit, exchange, late, legs
from ledger.refusals import NoAmount, TooFewLegs, Unbalanced
from trustfund.core.money import Money
from trustfund.core.refusals import Refusal, Unacceptable

DAY = date(2026, 7, 17)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def draft(**changes: Any) -> Draft:
    values: dict[str, Any] = {
        "kind": "receipt.recorded",
        "reference": "R-2026-001",
        "effective_on": DAY,
        "legs": (debit(chart.CASH, usd(5)), credit(chart.OTHER_INCOME, usd(5))),
    }
    return Draft(**{**values, **changes})


@pytest.mark.parametrize(
    ("changes", "refusal", "sentence"),
    [
        (
            {"legs": (debit("1100", usd(5)), credit("4300", usd(4)))},
            Unbalanced,
            "The entry does not balance in USD. Debits and credits must be equal in every currency.",
        ),
        (
            {"legs": (debit("1100", usd(5)), credit("4300", Money(5, "KRW")))},
            Unbalanced,
            "The entry does not balance in KRW, USD. Debits and credits must be equal in every currency.",
        ),
        ({"legs": ()}, TooFewLegs, "An entry has at least two legs. Say where the money comes from and where it goes."),
        (
            {"legs": (debit("1100", usd(5)),)},
            TooFewLegs,
            "An entry has at least two legs. Say where the money comes from and where it goes.",
        ),
        (
            {"legs": (debit("1100", usd(0)), credit("4300", usd(0)))},
            NoAmount,
            "A leg moves nothing. Leave out legs of zero.",
        ),
        (
            {"kind": "Receipt"},
            Unacceptable,
            "Receipt does not name an event. Use a noun and what was done, such as receipt.recorded.",
        ),
        (
            {"reference": " "},
            Unacceptable,
            "The event has no reference. Give it the reference of what it is about.",
        ),
    ],
)
def test_what_is_no_entry_is_refused(changes: dict[str, Any], refusal: type[Refusal], sentence: str) -> None:
    with pytest.raises(refusal) as refused:
        draft(**changes)
    assert type(refused.value) is refusal
    assert refused.value.message == sentence


def test_a_draft_of_two_legs_stands() -> None:
    built = draft()
    assert built.legs == (Leg("1100", usd(5)), Leg("4300", usd(-5)))
    assert (built.memo, built.subject) == ("", None)


def test_legs_leave_out_what_moves_nothing() -> None:
    assert legs(debit("1100", usd(5)), credit("5300", usd(0)), credit("4300", usd(5))) == (
        Leg("1100", usd(5)),
        Leg("4300", usd(-5)),
    )


def test_an_exchange_balances_in_each_currency() -> None:
    built = exchange(credit("1150", Money(137_512, "KRW")), debit("1100", usd(10_000)))
    assert built == (
        Leg("1150", Money(-137_512, "KRW")),
        Leg("9800.KRW", Money(137_512, "KRW")),
        Leg("1100", usd(10_000)),
        Leg("9800.USD", usd(-10_000)),
    )
    sums: Counter[str] = Counter()
    for leg in draft(legs=built).legs:
        sums[leg.money.currency] += leg.money.minor
    assert sums == {"KRW": 0, "USD": 0}


def test_a_late_fact_goes_to_the_open_period_and_keeps_its_day_in_the_memo() -> None:
    moved = late(draft(memo="Bank letter."), date(2026, 8, 1))
    assert (moved.effective_on, moved.memo) == (date(2026, 8, 1), "Bank letter. Late: of 2026-07-17.")
    assert late(draft(), date(2026, 8, 1)).memo == "Late: of 2026-07-17."


@pytest.mark.parametrize("open_from", [DAY, date(2026, 7, 1)])
def test_a_fact_of_the_open_period_stays_as_it_is(open_from: date) -> None:
    assert late(draft(), open_from) == draft()


def test_the_chart_is_in_order_and_every_code_has_a_class() -> None:
    codes = [post.code for post in chart.CHART]
    assert len(set(codes)) == len(codes) == 28
    assert {code[0] for code in codes} == set(chart.CLASSES)
    assert {post.code for post in chart.CHART if not post.may_be_overdrawn} == {
        "1100", "1200", "9100", "9400", "9410", "9420", "9430", "9440", "9700",
    }  # fmt: skip
    assert [post.code for post in chart.FIXED] == [
        "1100", "1200", "2100", "4100", "4200", "4300", "5300", "5400", "5500", "9400", "9420", "9490", "9790",
    ]  # fmt: skip


def test_codes_are_put_together_and_taken_apart() -> None:
    assert chart.under(chart.RESERVED, "PRG-2026-001") == "9410.PRG-2026-001"
    assert chart.head_of("9410.PRG-2026-001") == "9410"
    assert chart.head_of("1100") == "1100"
    assert chart.reference_of("9410.PRG-2026-001") == "PRG-2026-001"
    assert chart.reference_of("1100") == ""


def test_the_readme_prints_the_chart_as_it_is() -> None:
    text = (Path(__file__).parents[2] / "ledger" / "README.md").read_text()
    for post in chart.CHART:
        floor = "yes" if post.may_be_overdrawn else "no"
        row = f"| {post.code} | {post.name} | {post.kind} | {post.one_for_each} | {floor} | {post.meaning} |"
        assert row in text
    assert text.count("\n| ") == len(chart.CHART) + 5
