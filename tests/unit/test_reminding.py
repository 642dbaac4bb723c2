"""When a donor is reminded: every step on its own day, the latest if days were missed, none twice."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from continuity.ageing import Age, age_of
from donors import reminding

DUE = date(2026, 6, 30)


def day(offset: int) -> date:
    return DUE + timedelta(days=offset)


def walked(days: list[int]) -> list[tuple[int, int, list[int]]]:
    """Look in on some days, and return on which a step was taken, which, and which were passed over."""
    taken: set[int] = set()
    told = []
    for offset in days:
        step = reminding.step_on(DUE, day(offset))
        if step is not None and step not in taken:
            missed = reminding.passed_over(DUE, day(offset), taken)
            taken |= {step, *missed}
            told.append((offset, step, missed))
    return told


def test_a_clock_that_never_stops_takes_every_step_on_its_own_day():
    assert walked(list(range(-100, 200))) == [(step, step, []) for step in (-60, -30, -7, 0, 7, 30, 90)]


def test_days_that_were_missed_are_made_up_for_by_the_latest_step_alone():
    assert walked([-61, -29, 3, 400]) == [(-29, -30, [-60]), (3, 0, [-7]), (400, 90, [7, 30])]
    assert walked([-61]) == []


@given(st.lists(st.integers(-120, 150), max_size=40))
@settings(max_examples=60)
def test_whatever_days_somebody_looks_in_no_step_is_taken_twice_and_all_that_came_are_accounted_for(offsets):
    days = sorted(offsets)
    told = walked(days)
    steps = [step for _on, step, missed in told for step in (*missed, step)]
    assert sorted(steps) == sorted(set(steps))
    come = [step for step in reminding.STEPS if days and step <= days[-1]]
    assert sorted(steps) == sorted(come)
    assert all(on >= step for on, step, _missed in told)


@pytest.mark.parametrize(
    ("offset", "taken", "ahead"),
    [
        (-61, set(), -60),
        (-60, set(), -60),
        (-60, {-60}, -30),
        (5, {-60, -30, -7, 0}, 7),
        (31, {30}, 90),
        (91, {90}, None),
    ],
)
def test_what_comes_next_is_said(offset, taken, ahead):
    found = reminding.next_step_on(DUE, day(offset), taken)
    assert found == (None if ahead is None else day(ahead))


def test_the_windows_of_the_steps_follow_one_another_without_a_gap():
    today = date(2026, 1, 15)
    for offset in range(-400, 61):
        due_on = today + timedelta(days=offset)
        within = [
            step
            for step in reminding.STEPS
            for first, last in [reminding.due_days_of(step, today)]
            if (first is None or first <= due_on) and due_on <= last
        ]
        assert within == [reminding.step_on(due_on, today)]


def test_an_age_ends_with_its_last_day():
    assert [age_of(days) for days in (1, 30, 31, 60, 61, 90, 91, 4000)] == [
        *(Age.TO_30, Age.TO_30, Age.TO_60, Age.TO_60, Age.TO_90, Age.TO_90, Age.OLDER, Age.OLDER)
    ]
    with pytest.raises(ValueError, match="not late"):
        age_of(0)
