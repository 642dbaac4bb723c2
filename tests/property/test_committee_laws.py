"""Laws of counting votes, whatever the committee does."""

from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from committee.rules import PRESETS, Bench, Choice, Outcome, SeatHeld, Tally, Vote, Way, tally

MORNING = datetime(2026, 7, 17, 9, 0, tzinfo=UTC)
presets = st.sampled_from(sorted(PRESETS))
ways = st.sampled_from(Way)
choices = st.sampled_from([*Choice, None])


@st.composite
def committees(draw: st.DrawFn) -> tuple[list[SeatHeld], list[Vote]]:
    """Nine seats, some with alternates, and any of them voting."""
    seats, ballots = [], []
    for number in range(1, 10):
        holder, alternate = UUID(int=number), UUID(int=100 + number) if draw(st.booleans()) else None
        seats.append(SeatHeld(number, list(Bench)[(number - 1) // 3], holder, alternate))
        for person in (holder, alternate):
            choice = draw(choices)
            if person is not None and choice is not None:
                ballots.append(Vote(number, person, choice, MORNING))
    return seats, ballots


@given(presets, ways, committees(), st.randoms(use_true_random=False), st.sets(st.integers(1, 9)))
def test_no_order_of_ballots_changes_the_outcome(preset, way, committee, random, left):
    seats, ballots = committee
    recused = {UUID(int=number) for number in left}
    shuffled = list(ballots)
    random.shuffle(shuffled)
    rules = PRESETS[preset]
    assert tally(rules, seats, shuffled, recused, way=way) == tally(rules, seats, ballots, recused, way=way)


@given(presets, ways, committees(), st.integers(1, 9))
def test_a_recusal_never_helps_the_side_it_leaves(preset, way, committee, number):
    seats, ballots = committee
    leaver = UUID(int=number)
    # Without the alternate, who is another person and may well think otherwise.
    seats = [SeatHeld(seat.number, seat.bench, seat.holder) for seat in seats]
    before = tally(PRESETS[preset], seats, ballots, (), way=way)
    after = tally(PRESETS[preset], seats, ballots, {leaver}, way=way)
    said = {ballot.choice for ballot in ballots if ballot.member == leaver}
    if said == {Choice.APPROVE}:
        assert not (after.outcome == Outcome.CARRIED and before.outcome != Outcome.CARRIED)
    if said == {Choice.REJECT}:
        lost = {Outcome.REJECTED, Outcome.OBJECTED}
        assert not (after.outcome in lost and before.outcome not in lost)


@given(presets, committees(), st.sets(st.integers(1, 9)))
def test_silence_is_broken_by_one_objection_and_by_nothing_else(preset, committee, left):
    seats, ballots = committee
    count = tally(PRESETS[preset], seats, ballots, {UUID(int=number) for number in left}, way=Way.NO_OBJECTION)
    assert (count.outcome == Outcome.OBJECTED) == (count.rejections > 0)
    assert (count.outcome == Outcome.CARRIED) == (count.rejections == 0 and count.has_quorum)


@given(presets, committees())
def test_one_more_approval_never_loses_a_motion_and_one_more_rejection_never_carries_it(preset, committee):
    seats, ballots = committee
    rules = PRESETS[preset]
    before = tally(rules, seats, ballots, ())
    for turned, bad in ((Choice.APPROVE, Outcome.REJECTED), (Choice.REJECT, Outcome.CARRIED)):
        for index, ballot in enumerate(ballots):
            changed = [*ballots]
            changed[index] = Vote(ballot.seat, ballot.member, turned, ballot.cast_at)
            after = tally(rules, seats, changed, ())
            if after.outcome == bad:
                assert before.outcome == bad


@given(presets, committees(), st.sets(st.integers(1, 9)))
def test_the_figures_of_a_count_add_up(preset, committee, left):
    seats, ballots = committee
    count = tally(PRESETS[preset], seats, ballots, {UUID(int=number) for number in left})
    assert count.present == count.approvals + count.rejections + count.abstentions
    assert count.present <= count.eligible
    assert count.eligible + count.recused == count.seats == 9
    assert Tally.of(count.figures()) == count
    assert (count.outcome == Outcome.LAPSED) == (not count.has_quorum)
