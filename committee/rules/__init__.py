"""The rules of procedure and the counting of votes. Pure: no database, no clock, no request."""

from committee.rules.ballots import decision_facts, require_principles
from committee.rules.counting import BenchTally, NoQuorum, NotCarried, NotDecided, SeatHeld, Tally, Vote, tally
from committee.rules.parties import names_one_of, party_key
from committee.rules.procedure import FULL_CONSENSUS, NEUTRAL_COMMITTEE, PRESETS, TWO_GROUPS, BenchRule, Rules
from committee.rules.suspension import Cause, Suspension
from committee.rules.words import Bench, Choice, Outcome, Principle, Share

__all__ = [
    "FULL_CONSENSUS",
    "NEUTRAL_COMMITTEE",
    "PRESETS",
    "TWO_GROUPS",
    "Bench",
    "BenchRule",
    "BenchTally",
    "Cause",
    "Choice",
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
    "decision_facts",
    "names_one_of",
    "party_key",
    "require_principles",
    "tally",
]
