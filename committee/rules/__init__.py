"""The rules of procedure and the counting of votes. Pure: no database, no clock, no request."""

from committee.rules.ballots import decision_facts, require_principles
from committee.rules.counting import (
    BenchTally,
    NoQuorum,
    NotCarried,
    NotDecided,
    SeatHeld,
    Tally,
    Vote,
    is_short_of_holders,
    tally,
)
from committee.rules.deadlines import consensus_until, earliest_meeting, end_of_working_day, objections_end
from committee.rules.differences import Difference, differences, terms_of
from committee.rules.parties import names_one_of, party_key
from committee.rules.presets import (
    EQUAL_NUMBERS,
    FULL_CONSENSUS,
    NEUTRAL_COMMITTEE,
    OBJECTIONS_HEARD,
    PRESET_WORDS,
    PRESETS,
    TWO_GROUPS,
)
from committee.rules.procedure import NEVER_BY_SILENCE, BenchRule, Rules
from committee.rules.suspension import Cause, Suspension
from committee.rules.words import Bench, Choice, Outcome, Principle, Share, Way

__all__ = [
    "EQUAL_NUMBERS",
    "FULL_CONSENSUS",
    "NEUTRAL_COMMITTEE",
    "NEVER_BY_SILENCE",
    "OBJECTIONS_HEARD",
    "PRESETS",
    "PRESET_WORDS",
    "TWO_GROUPS",
    "Bench",
    "BenchRule",
    "BenchTally",
    "Cause",
    "Choice",
    "Difference",
    "NoQuorum",
    "NotCarried",
    "NotDecided",
    "Outcome",
    "Principle",
    "Rules",
    "SeatHeld",
    "Share",
    "Suspension",
    "Tally",
    "Vote",
    "Way",
    "consensus_until",
    "decision_facts",
    "differences",
    "earliest_meeting",
    "end_of_working_day",
    "is_short_of_holders",
    "names_one_of",
    "objections_end",
    "party_key",
    "require_principles",
    "tally",
    "terms_of",
]
