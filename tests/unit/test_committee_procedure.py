"""Rules of procedure as data: the presets, what rules may not say, how versions differ, and their deadlines."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from committee.matters import Kind
from committee.rules import (
    EQUAL_NUMBERS,
    NEUTRAL_COMMITTEE,
    OBJECTIONS_HEARD,
    PRESET_WORDS,
    PRESETS,
    Bench,
    BenchRule,
    Choice,
    Outcome,
    Rules,
    SeatHeld,
    Share,
    Vote,
    Way,
    consensus_until,
    differences,
    earliest_meeting,
    is_short_of_holders,
    objections_end,
    tally,
    terms_of,
)
from committee.states import MEETING_MOVES, MeetingStatus, require_meeting_move
from trustfund.core.refusals import Unacceptable, WrongState

MORNING = datetime(2026, 7, 17, 9, 0, tzinfo=UTC)
CLOSE = datetime(2026, 7, 25, 4, 0, tzinfo=UTC)
BENCHES = [Bench.DONOR] * 3 + [Bench.TECHNICAL] * 3 + [Bench.INDEPENDENT] * 3
SEATS = [SeatHeld(number, bench, UUID(int=number)) for number, bench in enumerate(BENCHES, start=1)]
TWO_SIDES = [
    SeatHeld(number, Bench.DONOR if number <= 6 else Bench.RECIPIENT, UUID(int=number)) for number in range(1, 13)
]


def said(line: str, at: datetime = MORNING) -> list[Vote]:
    """Read "a.r": approve, no vote, reject."""
    words = {"a": Choice.APPROVE, "r": Choice.REJECT}
    return [
        Vote(number, UUID(int=number), words[letter], at)
        for number, letter in enumerate(line.replace(" ", ""), start=1)
        if letter in words
    ]


def test_every_preset_can_be_met_is_named_and_survives_storage():
    assert set(PRESETS) == set(PRESET_WORDS)
    for rules in PRESETS.values():
        rules.require_sense()
        assert Rules.of(rules.figures()) == rules


def test_rules_that_were_stored_before_there_was_more_to_say_are_as_by_default():
    old = {name: NEUTRAL_COMMITTEE.figures()[name] for name in ("benches", "quorum", "consensus_only", "approval")}
    found = Rules.of({**old, "sealed": True})
    assert (found.no_objection_days, found.no_objection_kinds, found.dissent_is_public) == (0, (), True)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ({"benches": ()}, "at least one seat"),
        ({"benches": (BenchRule(Bench.DONOR, 2, 3),), "quorum": 1}, "more than its seats"),
        ({"quorum": 10}, "at most the number of seats"),
        ({"consensus_days": 61}, "between 0 and 60"),
        ({"meeting_notice_days": -1}, "between 0 and 60"),
        ({"no_objection_days": 0}, "or neither"),
        ({"no_objection_kinds": ()}, "or neither"),
        ({"no_objection_kinds": (Kind.RELEASE, Kind.RULES)}, "never decided by silence"),
        ({"no_objection_kinds": (Kind.SUSPEND,)}, "never decided by silence"),
        ({"emergency_one_in": 10}, "no more than there are"),
        ({"emergency_notice_days": 11}, "no longer notice"),
    ],
)
def test_rules_without_sense_are_refused(spoil, words):
    with pytest.raises(Unacceptable, match=words):
        replace(NEUTRAL_COMMITTEE, **spoil).require_sense()


def test_versions_differ_in_words():
    other = replace(NEUTRAL_COMMITTEE, approval=Share.MAJORITY, no_objection_days=0, no_objection_kinds=())
    assert [(one.label, one.before, one.after) for one in differences(NEUTRAL_COMMITTEE, other)] == [
        (
            "To carry a motion",
            "consensus, else two thirds of the votes for or against",
            "consensus, else more than half of the votes for or against",
        ),
        (
            "By no objection",
            "5 working days for: release a tranche; one objection sends it to a meeting at once",
            "nothing is decided so",
        ),
    ]
    assert differences(NEUTRAL_COMMITTEE, NEUTRAL_COMMITTEE) == ()


def test_from_no_rules_every_point_is_new_and_a_bench_that_goes_is_named():
    assert len(differences(None, NEUTRAL_COMMITTEE)) == len(terms_of(NEUTRAL_COMMITTEE))
    gone = {one.label: (one.before, one.after) for one in differences(NEUTRAL_COMMITTEE, EQUAL_NUMBERS)}
    assert gone["Technical bench"] == ("3 seats, 2 must vote", "none")
    assert gone["Recipient bench"] == ("none", "6 seats, 4 must vote")


@pytest.mark.parametrize(("one_in", "seats"), [(3, 3), (2, 5), (1, 9), (9, 1), (0, 0)])
def test_one_seat_in_so_many_is_rounded_up(one_in, seats):
    assert replace(NEUTRAL_COMMITTEE, emergency_one_in=one_in).emergency_seats == seats


def test_a_deadline_of_working_days_skips_holidays_of_all_three_seats_and_ends_in_new_york():
    # Friday before the Korean harvest holiday, 24 to 26 September 2026.
    opened = datetime(2026, 9, 22, 18, 0, tzinfo=UTC)
    rules = replace(NEUTRAL_COMMITTEE, no_objection_days=2, consensus_days=3)
    assert objections_end(rules, opened) == datetime(2026, 9, 29, 4, 0, tzinfo=UTC)
    assert consensus_until(rules, opened) == datetime(2026, 9, 30, 4, 0, tzinfo=UTC)
    assert consensus_until(NEUTRAL_COMMITTEE, opened) == opened
    # In winter New York is an hour further from Greenwich.
    assert objections_end(rules, datetime(2026, 12, 2, 9, 0, tzinfo=UTC)) == datetime(2026, 12, 5, 5, 0, tzinfo=UTC)


def test_a_meeting_is_called_ten_working_days_before_and_in_an_emergency_two():
    assert earliest_meeting(NEUTRAL_COMMITTEE, MORNING, is_emergency=False) == datetime(2026, 7, 31, tzinfo=UTC)
    assert earliest_meeting(NEUTRAL_COMMITTEE, MORNING, is_emergency=True) == datetime(2026, 7, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "away", "outcome"),
    [
        ("... ... ...", (), Outcome.CARRIED),  # nobody says a word
        ("aaa aaa aaa", (), Outcome.CARRIED),
        ("... ..r ...", (), Outcome.OBJECTED),  # one is enough, whatever the bench
        ("aaa aar aaa", (), Outcome.OBJECTED),
        ("... ..r ...", (6,), Outcome.CARRIED),  # who left the table does not object
        ("... ... ...", (7, 8), Outcome.LAPSED),  # one independent seat is left, two are the bench's quorum
        ("... ... ...", (1, 4, 7, 2), Outcome.LAPSED),  # five are left, six are the quorum
        ("r.. ... ...", (7, 8), Outcome.OBJECTED),
    ],
)
def test_silence_agrees_unless_one_objects_or_too_few_are_left(line, away, outcome):
    gone = {UUID(int=number) for number in away}
    assert tally(NEUTRAL_COMMITTEE, SEATS, said(line), gone, way=Way.NO_OBJECTION).outcome == outcome


@pytest.mark.parametrize(
    ("at", "outcome"),
    [
        # 12:59:59.999999 on Saturday in Seoul is the last moment of Friday in New York.
        (datetime(2026, 7, 25, 12, 59, 59, 999999, tzinfo=timezone(timedelta(hours=9))), Outcome.OBJECTED),
        (datetime(2026, 7, 25, 13, 0, 0, tzinfo=timezone(timedelta(hours=9))), Outcome.CARRIED),
        (datetime(2026, 7, 24, 23, 59, 59, tzinfo=timezone(timedelta(hours=-4))), Outcome.OBJECTED),
    ],
)
def test_an_objection_in_the_last_second_counts_in_whatever_time_zone_it_was_made(at, outcome):
    closes_at = objections_end(NEUTRAL_COMMITTEE, MORNING)
    assert closes_at == CLOSE
    late = said("... ..r ...", at)
    assert tally(NEUTRAL_COMMITTEE, SEATS, late, (), closes_at=closes_at, way=Way.NO_OBJECTION).outcome == outcome


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ("aaaa.. aaaa..", Outcome.CARRIED),  # consensus of the smallest quorum
        ("aaaaaa aaa...", Outcome.LAPSED),  # one side is short
        ("aaaaar aaaaar", Outcome.CARRIED),  # ten of twelve are four fifths
        ("aaaaar aaaarr", Outcome.REJECTED),  # nine are not
        ("aaaaaa a.rraa", Outcome.REJECTED),
    ],
)
def test_when_consensus_is_exhausted_four_fifths_and_each_side_decide(line, outcome):
    assert tally(OBJECTIONS_HEARD, TWO_SIDES, said(line), ()).outcome == outcome


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ("aaaa.. aaaa..", Outcome.CARRIED),
        ("aaaaaa aaaaar", Outcome.REJECTED),
        ("aaa... aaaaaa", Outcome.LAPSED),
    ],
)
def test_equal_numbers_need_both_sides_there_and_nobody_against(line, outcome):
    assert tally(EQUAL_NUMBERS, TWO_SIDES, said(line), ()).outcome == outcome


def test_holders_fall_short_of_a_quorum_overall_or_on_one_bench():
    def short(*away: int) -> bool:
        return is_short_of_holders(NEUTRAL_COMMITTEE, SEATS, {UUID(int=number) for number in away})

    assert [short(), short(1), short(1, 4, 7), short(1, 2), short(1, 4, 7, 8)] == [False, False, False, True, True]


@pytest.mark.parametrize("status", MeetingStatus)
@pytest.mark.parametrize("to", MeetingStatus)
def test_a_meeting_makes_the_moves_of_its_table_and_no_other(status, to):
    if to in MEETING_MOVES[status]:
        require_meeting_move(status, to=to)
    else:
        with pytest.raises(WrongState):
            require_meeting_move(status, to=to)
