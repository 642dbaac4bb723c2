"""The counting of votes: the table of cases that a committee trips over."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import permutations
from uuid import UUID, uuid4

import pytest

from committee.rules import (
    FULL_CONSENSUS,
    NEUTRAL_COMMITTEE,
    PRESETS,
    TWO_GROUPS,
    Bench,
    BenchRule,
    Choice,
    NoQuorum,
    NotCarried,
    NotDecided,
    Outcome,
    Rules,
    SeatHeld,
    Share,
    Tally,
    Vote,
    decision_facts,
    require_principles,
    tally,
)
from committee.states import MOVES, Status, require_move, require_open
from trustfund.core.refusals import Unacceptable, WrongState

MORNING = datetime(2026, 7, 17, 9, 0, tzinfo=UTC)
CLOSE = datetime(2026, 7, 21, 16, 0, tzinfo=UTC)
BENCHES = [Bench.DONOR] * 3 + [Bench.TECHNICAL] * 3 + [Bench.INDEPENDENT] * 3
HOLDERS = [uuid4() for _ in BENCHES]
ALTERNATES = [uuid4() for _ in BENCHES]
SEATS = [SeatHeld(index + 1, bench, HOLDERS[index]) for index, bench in enumerate(BENCHES)]
WITH_ALTERNATES = [SeatHeld(index + 1, bench, HOLDERS[index], ALTERNATES[index]) for index, bench in enumerate(BENCHES)]
WORDS = {"a": Choice.APPROVE, "r": Choice.REJECT, "o": Choice.ABSTAIN}


def votes(line: str) -> list[Vote]:
    """Read "aar a.. aaa": one letter a seat, a dot for no vote."""
    letters = line.replace(" ", "")
    assert len(letters) == 9
    return [
        Vote(index + 1, HOLDERS[index], WORDS[letter], MORNING) for index, letter in enumerate(letters) if letter != "."
    ]


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ("aaa aaa aaa", Outcome.CARRIED),  # everybody
        ("aa. aa. aa.", Outcome.CARRIED),  # consensus of the smallest quorum
        ("aa. aa. a..", Outcome.LAPSED),  # five votes
        ("aaa aa. a..", Outcome.LAPSED),  # six votes, one bench short
        ("rrr aaa aaa", Outcome.CARRIED),  # exactly two thirds: no bench has a veto
        ("rrr raa aaa", Outcome.REJECTED),  # one less than two thirds
        ("aaa aaa arr", Outcome.REJECTED),  # seven of nine, but not the independent bench
        ("aaa aaa aar", Outcome.CARRIED),
        ("ar. ar. ar.", Outcome.REJECTED),  # a tie is no yes
        ("aaa rrr ar.", Outcome.REJECTED),
        ("ooo ooo aaa", Outcome.REJECTED),  # more abstain than approve
        ("ooo oaa aaa", Outcome.CARRIED),
        ("aaa aao oor", Outcome.REJECTED),  # the independent bench did not approve
        ("rrr rrr rrr", Outcome.REJECTED),
        ("... ... ...", Outcome.LAPSED),
    ],
)
def test_the_neutral_committee_decides(line, outcome):
    assert tally(NEUTRAL_COMMITTEE, SEATS, votes(line), ()).outcome == outcome


def test_the_count_says_who_was_eligible_present_and_how_they_voted():
    count = tally(NEUTRAL_COMMITTEE, SEATS, votes("aar ao. aa."), {HOLDERS[8]})
    assert (count.seats, count.eligible, count.recused, count.present) == (9, 8, 1, 7)
    assert (count.approvals, count.rejections, count.abstentions) == (5, 1, 1)
    assert (count.quorum, count.needed) == (6, 4)
    assert [(bench.present, bench.quorum) for bench in count.benches] == [(3, 2), (2, 2), (2, 2)]
    assert count.why == "Carried: 5 of 6 approve."


def test_the_reason_of_each_outcome_is_a_sentence():
    def why(line: str) -> str:
        return tally(NEUTRAL_COMMITTEE, SEATS, votes(line), ()).why

    assert why("aa. aa. a..") == "5 of the 6 votes needed for a quorum were cast."
    assert why("aaa aa. a..") == "The independent bench cast 1 of the 2 votes it needs for a quorum."
    assert why("ar. ar. ar.") == "3 of 6 approve; two thirds are needed."
    assert why("aaa aaa arr") == ("7 of 9 approve, but only 1 of 3 on the independent bench; 2 are needed.")
    assert why("ooo ooo aaa") == "Only 3 of the 9 who voted approve; more than half are needed."
    assert why("aaa aaa aaa") == "Carried by consensus: 9 approve, nobody rejects."


def test_a_tie_is_refused_as_not_carried():
    with pytest.raises(NotCarried):
        tally(NEUTRAL_COMMITTEE, SEATS, votes("ar. ar. ar."), ()).require_carried()


def test_a_recusal_at_the_last_vote_breaks_the_quorum_and_is_not_waived():
    six = votes("aa. aa. aa.")
    assert tally(NEUTRAL_COMMITTEE, SEATS, six, ()).outcome == Outcome.CARRIED
    count = tally(NEUTRAL_COMMITTEE, SEATS, six, {HOLDERS[7]})
    assert (count.outcome, count.present, count.recused) == (Outcome.LAPSED, 5, 1)
    with pytest.raises(NoQuorum):
        count.require_carried()


def test_the_alternate_of_a_recused_holder_is_called():
    six = [*votes("aa. aa. aa."), Vote(8, ALTERNATES[7], Choice.APPROVE, MORNING)]
    count = tally(NEUTRAL_COMMITTEE, WITH_ALTERNATES, six, {HOLDERS[7]})
    assert (count.outcome, count.eligible, count.recused, count.present) == (Outcome.CARRIED, 9, 0, 6)


@pytest.mark.parametrize("later", [-1, 1])
def test_of_holder_and_alternate_only_the_holder_is_counted(later):
    both = [
        *votes("aa. aa. ar."),
        Vote(8, ALTERNATES[7], Choice.APPROVE, MORNING + timedelta(hours=later)),
    ]
    count = tally(NEUTRAL_COMMITTEE, WITH_ALTERNATES, both, ())
    assert (count.present, count.approvals, count.rejections) == (6, 5, 1)


def test_the_alternate_counts_when_the_holder_did_not_vote():
    alternate = [*votes("aa. aa. a.."), Vote(8, ALTERNATES[7], Choice.APPROVE, MORNING)]
    assert tally(NEUTRAL_COMMITTEE, WITH_ALTERNATES, alternate, ()).present == 6


@pytest.mark.parametrize(
    ("cast_at", "present"),
    [
        (CLOSE - timedelta(microseconds=1), 6),
        (CLOSE, 5),
        (CLOSE + timedelta(seconds=1), 5),
        # 00:59:59 on the 22nd in Seoul is the last second of the vote in Geneva and New York too.
        (datetime(2026, 7, 22, 0, 59, 59, tzinfo=timezone(timedelta(hours=9))), 6),
        (datetime(2026, 7, 22, 1, 0, 0, tzinfo=timezone(timedelta(hours=9))), 5),
        (datetime(2026, 7, 21, 11, 59, 59, tzinfo=timezone(timedelta(hours=-4))), 6),
        (datetime(2026, 7, 21, 12, 0, 0, tzinfo=timezone(timedelta(hours=-4))), 5),
    ],
)
def test_a_vote_at_the_close_or_after_it_is_not_counted(cast_at, present):
    late = [*votes("aa. aa. a.."), Vote(8, HOLDERS[7], Choice.APPROVE, cast_at)]
    assert tally(NEUTRAL_COMMITTEE, SEATS, late, (), closes_at=CLOSE).present == present


def test_a_seat_lost_between_vote_and_count_takes_its_vote_with_it():
    gone = [SeatHeld(seat.number, seat.bench, None if seat.number == 8 else seat.holder) for seat in SEATS]
    count = tally(NEUTRAL_COMMITTEE, gone, votes("aa. aa. aa."), ())
    assert (count.eligible, count.present, count.outcome) == (8, 5, Outcome.LAPSED)


def test_a_successor_does_not_inherit_the_vote():
    successor = [SeatHeld(seat.number, seat.bench, uuid4() if seat.number == 8 else seat.holder) for seat in SEATS]
    count = tally(NEUTRAL_COMMITTEE, successor, votes("aa. aa. aa."), ())
    assert (count.eligible, count.present) == (9, 5)


def test_a_ballot_for_a_seat_that_is_not_ones_own_is_not_counted():
    stray = [*votes("aa. aa. a.."), Vote(8, HOLDERS[0], Choice.APPROVE, MORNING)]
    assert tally(NEUTRAL_COMMITTEE, SEATS, stray, ()).present == 5


def test_the_order_of_holder_and_alternate_ballots_changes_nothing():
    some = [*votes("r.. .a. ..a"), Vote(1, ALTERNATES[0], Choice.APPROVE, MORNING)]
    counts = {tally(NEUTRAL_COMMITTEE, WITH_ALTERNATES, order, ()) for order in permutations(some)}
    assert len(counts) == 1


def test_an_open_tally_never_carries():
    with pytest.raises(NotDecided):
        tally(NEUTRAL_COMMITTEE, SEATS, votes("aaa aaa aaa"), (), is_final=False).require_carried()


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ("aaa aaa aaa", Outcome.CARRIED),
        ("aaa aaa aao", Outcome.CARRIED),
        ("aaa aaa aar", Outcome.REJECTED),
        ("aaa aaa aa.", Outcome.LAPSED),
    ],
)
def test_full_consensus_needs_everybody_there_and_nobody_against(line, outcome):
    assert tally(FULL_CONSENSUS, SEATS, votes(line), ()).outcome == outcome


def test_under_full_consensus_a_recused_member_is_not_waited_for():
    assert tally(FULL_CONSENSUS, SEATS, votes("aaa aaa aa."), {HOLDERS[8]}).outcome == Outcome.CARRIED


@pytest.mark.parametrize(
    ("one", "other", "outcome"),
    [("aaaar", "aaaar", Outcome.CARRIED), ("aaarr", "aaaaa", Outcome.REJECTED), ("aa...", "aaaaa", Outcome.LAPSED)],
)
def test_two_groups_need_two_thirds_of_each(one, other, outcome):
    benches = [Bench.DONOR] * 5 + [Bench.TECHNICAL] * 5
    seats = [SeatHeld(index + 1, bench, UUID(int=index + 1)) for index, bench in enumerate(benches)]
    ballots = [
        Vote(index + 1, UUID(int=index + 1), WORDS[letter], MORNING)
        for index, letter in enumerate(one + other)
        if letter != "."
    ]
    assert tally(TWO_GROUPS, seats, ballots, ()).outcome == outcome


@pytest.mark.parametrize(
    ("share", "of", "needed"),
    [
        (Share.MAJORITY, 3, 2),
        (Share.MAJORITY, 4, 3),
        (Share.TWO_THIRDS, 9, 6),
        (Share.TWO_THIRDS, 8, 6),
        (Share.TWO_THIRDS, 7, 5),
        (Share.ALL, 5, 5),
        (Share.NONE, 5, 0),
    ],
)
def test_a_share_is_counted_in_whole_votes(share, of, needed):
    assert share.needed(of) == needed


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_every_preset_makes_sense_and_survives_storage(name):
    rules = PRESETS[name]
    rules.require_sense()
    assert Rules.of(rules.figures()) == rules


def test_a_kept_tally_reads_back_as_it_was():
    count = tally(NEUTRAL_COMMITTEE, SEATS, votes("aar aa. aa."), {HOLDERS[8]})
    assert Tally.of(count.figures()) == count


@pytest.mark.parametrize(
    "rules",
    [
        Rules((BenchRule(Bench.DONOR, 5, 2), BenchRule(Bench.TECHNICAL, 4, 2)), 6, False, Share.TWO_THIRDS),
        Rules((BenchRule(Bench.TECHNICAL, 3, 4),), 2, False, Share.MAJORITY),
        Rules((BenchRule(Bench.TECHNICAL, 3, 1),), 4, False, Share.MAJORITY),
        Rules((BenchRule(Bench.TECHNICAL, 3, 1), BenchRule(Bench.TECHNICAL, 3, 1)), 2, False, Share.MAJORITY),
    ],
)
def test_rules_that_cannot_be_met_or_give_donors_the_majority_are_refused(rules):
    with pytest.raises(Unacceptable):
        rules.require_sense()


def test_the_fingerprinted_facts_hold_all_that_is_confirmed():
    facts = decision_facts(
        reference="DP-2026-014",
        version=3,
        motion_fingerprint="ab" * 32,
        choice=Choice.APPROVE,
        reason="Enough.",
        principles={"humanity": "", "impartiality": "", "neutrality": "Branding.", "independence": ""},
        has_no_undisclosed_interest=True,
        nonce="n1",
    )
    assert facts == {
        "motion": "DP-2026-014",
        "version": 3,
        "motion_fingerprint": "ab" * 32,
        "choice": "approve",
        "reason": "Enough.",
        "principles": {"humanity": "", "impartiality": "", "neutrality": "Branding.", "independence": ""},
        "has_no_undisclosed_interest": True,
        "nonce": "n1",
    }


@pytest.mark.parametrize(
    "answered", [{}, {"humanity": ""}, {"humanity": "", "impartiality": "", "neutrality": "", "peace": ""}]
)
def test_every_principle_is_answered(answered):
    with pytest.raises(Unacceptable):
        require_principles(answered)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("to", Status)
def test_a_motion_moves_only_as_the_table_says(status, to):
    if to in MOVES[status]:
        assert require_move(status, to=to) is None
        assert status == Status.OPEN
    else:
        with pytest.raises(WrongState):
            require_move(status, to=to)


@pytest.mark.parametrize("status", [status for status in Status if status != Status.OPEN])
def test_only_an_open_motion_takes_votes(status):
    with pytest.raises(WrongState):
        require_open(status)


def test_seats_may_come_from_a_generator_and_the_recused_are_still_counted():
    seats = [SeatHeld(number, Bench.DONOR, uuid4()) for number in range(1, 4)]
    recused = {seats[0].holder}
    assert tally(NEUTRAL_COMMITTEE, iter(seats), [], recused).recused == 1


def test_an_abstention_that_becomes_a_rejection_never_carries():
    assert tally(NEUTRAL_COMMITTEE, SEATS, votes("aoo aro aao"), ()).outcome == Outcome.REJECTED
    assert tally(NEUTRAL_COMMITTEE, SEATS, votes("aro aro aao"), ()).outcome == Outcome.REJECTED
