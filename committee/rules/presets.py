"""The rules that a fund may begin with: the recommended default, and what four kinds of existing funds do."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from committee.matters import Kind
from committee.rules.procedure import BenchRule, Rules
from committee.rules.words import Bench, Share

# What a published procedure decides by mail: money within what was approved, and conditions of single donors.
_BY_MAIL: Final = (Kind.RELEASE, Kind.DIRECT_COST, Kind.CONDITION, Kind.PREFERENCE, Kind.AUDITOR)

# The fund's own default: no bench decides alone, and nobody has a veto.
NEUTRAL_COMMITTEE: Final = Rules(
    benches=(
        BenchRule(Bench.DONOR, seats=3, quorum=2),
        BenchRule(Bench.TECHNICAL, seats=3, quorum=2),
        BenchRule(Bench.INDEPENDENT, seats=3, quorum=2, approval=Share.MAJORITY),
    ),
    quorum=6,
    consensus_only=False,
    approval=Share.TWO_THIRDS,
    no_objection_days=5,
    # Tranches inside an approved plan.
    no_objection_kinds=(Kind.RELEASE,),
)
# As in United Nations funds: everyone is there, and everyone agrees.
FULL_CONSENSUS: Final = Rules(
    benches=(
        BenchRule(Bench.DONOR, seats=3, quorum=0),
        BenchRule(Bench.TECHNICAL, seats=3, quorum=0),
        BenchRule(Bench.INDEPENDENT, seats=3, quorum=0),
    ),
    quorum=None,
    consensus_only=True,
    approval=Share.ALL,
)
# As in climate investment funds: as many contributors as recipients, consensus, and by mail when nobody objects.
EQUAL_NUMBERS: Final = Rules(
    benches=(
        BenchRule(Bench.DONOR, seats=6, quorum=4),
        BenchRule(Bench.RECIPIENT, seats=6, quorum=4),
    ),
    quorum=8,
    consensus_only=True,
    approval=Share.ALL,
    no_objection_days=10,
    no_objection_kinds=_BY_MAIL,
)
# As in large global funds: two groups, a majority of each present, two thirds of each in favour.
TWO_GROUPS: Final = Rules(
    benches=(
        BenchRule(Bench.DONOR, seats=5, quorum=3, approval=Share.TWO_THIRDS),
        BenchRule(Bench.TECHNICAL, seats=5, quorum=3, approval=Share.TWO_THIRDS),
    ),
    quorum=6,
    consensus_only=False,
    approval=Share.TWO_THIRDS,
)
# As in the largest climate fund: decisions without a meeting and objections have a procedure of their own, and when
# consensus is exhausted a large majority overall and a majority of each side decide.
OBJECTIONS_HEARD: Final = Rules(
    benches=(
        BenchRule(Bench.DONOR, seats=6, quorum=4, approval=Share.MAJORITY),
        BenchRule(Bench.RECIPIENT, seats=6, quorum=4, approval=Share.MAJORITY),
    ),
    quorum=8,
    consensus_only=False,
    approval=Share.FOUR_FIFTHS,
    consensus_days=10,
    no_objection_days=15,
    no_objection_kinds=_BY_MAIL,
    objections_may_be_lifted=True,
)
PRESETS: Final[dict[str, Rules]] = {
    "neutral_committee": NEUTRAL_COMMITTEE,
    "full_consensus": FULL_CONSENSUS,
    "equal_numbers": EQUAL_NUMBERS,
    "two_groups": TWO_GROUPS,
    "objections_heard": OBJECTIONS_HEARD,
}


@dataclass(frozen=True)
class PresetWords:
    """What a preset is called, and for whom it fits."""

    title: str | Promise
    words: str | Promise


PRESET_WORDS: Final[dict[str, PresetWords]] = {
    "neutral_committee": PresetWords(
        _("Neutral committee (recommended)"),
        _("Nine seats on three benches. Consensus, else two thirds and a majority of the independent bench."),
    ),
    "full_consensus": PresetWords(
        _("A. Full consensus"), _("As in United Nations funds: every seat is there, and nobody is against.")
    ),
    "equal_numbers": PresetWords(
        _("B. Equal numbers"),
        _("As many contributors as recipients, consensus, and by mail when nobody objects within ten working days."),
    ),
    "two_groups": PresetWords(
        _("C. Two voting groups"), _("A majority of each group present, two thirds of each in favour.")
    ),
    "objections_heard": PresetWords(
        _("D. Objections heard"),
        _(
            "Consensus is sought for ten working days, then four fifths and a majority of each side decide. Objections "
            "are talked over and may be lifted."
        ),
    ),
}
