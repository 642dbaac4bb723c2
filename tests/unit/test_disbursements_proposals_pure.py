"""The rules of budgets, building blocks, versions and states that need no database."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disbursements import blocks, budget, redlines, states
from disbursements.blocks import Block
from disbursements.budget import Line, Part
from disbursements.categories import Category
from disbursements.fingerprints import Content, Findings, People, fingerprint_of
from disbursements.states import AmendmentStatus, ProgrammeStatus, ProposalStatus, SuspensionStatus, TrancheStatus
from trustfund.core.money import Money
from trustfund.core.refusals import Unacceptable, WrongState


def usd(amount):
    return Money.of(amount, "USD")


CONTENT = Content(
    title="Cold chain for eight provinces",
    summary="Refrigerators, training, spare parts.",
    lines=(Line(Category.SUPPLIES, usd("100000.00"), "Vaccine carriers"), Line(Category.INDIRECT, usd("7000.00"))),
    parts=(
        Part("Start", date(2026, 9, 1), usd("60000.00")),
        Part("Second half", date(2027, 3, 1), usd("47000.00"), "First report accepted"),
    ),
    findings=Findings("Reaches the most remote.", "No side is favoured.", "By need alone.", "Free of any mandate."),
    people=People(women=10, men=9, girls=8, boys=7),
)


@pytest.mark.parametrize(
    ("direct", "amount"),
    [("600000.00", "642000.00"), ("700000.00", "749000.00"), ("1298817.00", "1389734.19")],
)
def test_direct_cost_with_all_the_indirect_cost_allowed_is_the_published_total(direct, amount):
    assert usd(direct) + budget.ceiling_of(usd(direct)) == usd(amount)


def test_five_percent_is_as_good_as_seven():
    found = budget.require_budget(
        [Line(Category.STAFF, usd("952380.90")), Line(Category.INDIRECT, usd("47619.10"))], "USD"
    )
    assert (found.direct, found.indirect, found.amount) == (usd("952380.90"), usd("47619.10"), usd("1000000.00"))


def test_a_cent_above_seven_percent_is_refused_and_the_ceiling_is_named():
    lines = [Line(Category.STAFF, usd("600000.00")), Line(Category.INDIRECT, usd("42000.01"))]
    with pytest.raises(budget.IndirectTooHigh, match=r"At most USD 42,000\.00 is possible"):
        budget.require_budget(lines, "USD")


def test_a_ceiling_gives_the_direct_cost_that_fits_below_it():
    assert budget.direct_within(usd("642000.00")) == usd("600000.00")
    assert budget.direct_within(usd("1000000.00")) == usd("934579.43")
    assert budget.least_direct(usd("1000000.00")) == usd("934579.44")


@given(st.integers(min_value=2, max_value=10**15))
def test_whatever_the_ceiling_the_direct_cost_and_its_indirect_cost_fit(minor):
    amount = Money(minor, "USD")
    direct = budget.direct_within(amount)
    assert direct + budget.ceiling_of(direct) <= amount
    least = budget.least_direct(amount)
    assert (amount.minor - least.minor) * 100 <= least.minor * 7
    assert direct <= least <= Money(direct.minor + 1, "USD")


@pytest.mark.parametrize(
    ("lines", "refusal"),
    [
        ([], "no direct cost"),
        ([Line(Category.INDIRECT, usd("1.00"))], "no direct cost"),
        ([Line(Category.STAFF, usd("-1.00"))], "zero or more"),
        ([Line(Category.STAFF, usd("1.00")), Line(Category.STAFF, usd("2.00"))], "stands twice"),
    ],
)
def test_a_budget_that_is_none_is_refused(lines, refusal):
    with pytest.raises(Unacceptable, match=refusal):
        budget.require_budget(lines, "USD")


@pytest.mark.parametrize(
    ("parts", "refusal"),
    [
        ([], "one or more tranches"),
        ([Part("All", date(2026, 9, 1), usd("0.00"))], "one or more tranches"),
        ([Part("All", date(2026, 9, 1), usd("99.99"))], r"add up to USD 99\.99 and the budget to USD 100\.00"),
    ],
)
def test_tranches_add_up_to_the_budget_or_are_refused(parts, refusal):
    with pytest.raises(Unacceptable, match=refusal):
        budget.require_parts(parts, usd("100.00"))


def test_building_blocks_of_exactly_100_percent_are_kept_without_the_empty_ones():
    shares = {Block.GOVERNANCE: Decimal("33.34"), Block.WORKFORCE: Decimal("66.66"), Block.MEDICINES: Decimal(0)}
    assert blocks.require_whole(shares) == {Block.WORKFORCE: Decimal("66.66"), Block.GOVERNANCE: Decimal("33.34")}


@pytest.mark.parametrize(
    "shares",
    [
        {},
        {Block.WORKFORCE: Decimal("99.99")},
        {Block.WORKFORCE: Decimal("100.01")},
        {Block.WORKFORCE: Decimal(110), Block.MEDICINES: Decimal(-10)},
        {Block.WORKFORCE: Decimal("33.333"), Block.MEDICINES: Decimal("66.667")},
        {Block.WORKFORCE: Decimal("NaN")},
    ],
)
def test_building_blocks_that_are_not_exactly_100_percent_are_refused(shares):
    with pytest.raises(blocks.NotTheWhole):
        blocks.require_whole(shares)


def test_a_fingerprint_is_the_same_for_the_same_words_and_another_for_any_other():
    first = fingerprint_of("PR-2026-001", 1, CONTENT)
    assert len(first) == 64
    assert first == fingerprint_of("PR-2026-001", 1, replace(CONTENT, lines=tuple(reversed(CONTENT.lines))))
    others = [
        fingerprint_of("PR-2026-002", 1, CONTENT),
        fingerprint_of("PR-2026-001", 2, CONTENT),
        *(
            fingerprint_of("PR-2026-001", 1, replace(CONTENT, **{name: value}))
            for name, value in {
                "title": "Cold chain for nine provinces",
                "summary": "",
                "lines": CONTENT.lines[:1],
                "parts": CONTENT.parts[:1],
                "findings": Findings(),
                "people": People(women=11, men=9, girls=8, boys=7),
            }.items()
        ),
    ]
    assert len({first, *others}) == 9


def test_changes_are_named_field_by_field_and_nothing_else_is():
    after = replace(
        CONTENT,
        title="Cold chain for nine provinces",
        lines=(Line(Category.SUPPLIES, usd("110000.00"), "Vaccine carriers"), Line(Category.INDIRECT, usd("7000.00"))),
        parts=(CONTENT.parts[0], replace(CONTENT.parts[1], amount=usd("57000.00"))),
    )
    assert redlines.changes_between(CONTENT, CONTENT) == ()
    assert [(change.field, change.before, change.after) for change in redlines.changes_between(CONTENT, after)] == [
        ("Title", "Cold chain for eight provinces", "Cold chain for nine provinces"),
        ("Amount", "USD 107,000.00", "USD 117,000.00"),
        ("Supplies, commodities, materials", "USD 100,000.00", "USD 110,000.00"),
        (
            "Tranche 2",
            "Second half · USD 47,000.00 · 1 March 2027 · First report accepted",
            "Second half · USD 57,000.00 · 1 March 2027 · First report accepted",
        ),
    ]


@pytest.mark.parametrize(
    ("status", "moves", "require"),
    [
        (ProgrammeStatus, states.PROGRAMME_MOVES, states.require_programme_move),
        (ProposalStatus, states.PROPOSAL_MOVES, states.require_proposal_move),
        (TrancheStatus, states.TRANCHE_MOVES, states.require_tranche_move),
        (SuspensionStatus, states.SUSPENSION_MOVES, states.require_suspension_move),
        (AmendmentStatus, states.AMENDMENT_MOVES, states.require_amendment_move),
    ],
)
def test_every_state_goes_where_its_table_says_and_nowhere_else(status, moves, require):
    assert set(moves) == set(status)
    walked = 0
    for now in status:
        for to in status:
            if to in moves[now]:
                require(now, to=to)
                walked += 1
            else:
                with pytest.raises(WrongState):
                    require(now, to=to)
    assert walked == sum(len(targets) for targets in moves.values()) > 0


def test_a_committees_answer_is_never_undone_by_a_move():
    assert states.PROPOSAL_MOVES[ProposalStatus.APPROVED] == frozenset()
    assert ProposalStatus.DRAFT not in states.PROPOSAL_MOVES[ProposalStatus.CARRIED]
    assert ProposalStatus.APPROVED not in states.PROPOSAL_MOVES[ProposalStatus.REJECTED]
