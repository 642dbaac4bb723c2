"""The rules of procedure as a value, with the presets that a fund may begin with."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from committee.rules.words import Bench, Share
from trustfund.core.refusals import Unacceptable


@dataclass(frozen=True)
class BenchRule:
    """How many seats a bench has, how many must vote for a quorum, and what share of it must approve."""

    bench: Bench
    seats: int
    quorum: int
    approval: Share = Share.NONE


@dataclass(frozen=True)
class Rules:
    """
    The rules of procedure that a motion is decided under.

    :param quorum: how many seats must vote; `None` is every seat that may
    :param consensus_only: one rejection defeats the motion
    :param approval: the share of votes for or against that must approve when there is no consensus
    :param sealed: other members' votes are hidden until one has voted oneself
    """

    benches: tuple[BenchRule, ...]
    quorum: int | None
    consensus_only: bool
    approval: Share
    sealed: bool = True

    @property
    def seats(self) -> int:
        """How many seats the committee has."""
        return sum(rule.seats for rule in self.benches)

    def of_bench(self, bench: Bench) -> BenchRule:
        """Return a bench's rule; a bench that the rules do not name has no seats."""
        return next((rule for rule in self.benches if rule.bench == bench), BenchRule(bench, 0, 0))

    def require_sense(self) -> None:
        """
        Insist that these rules can be met.

        :raises Unacceptable: if a bench is named twice, a quorum exceeds its seats, or donors could outvote the rest
        """
        names = [rule.bench for rule in self.benches]
        if len(set(names)) != len(names):
            raise Unacceptable(_("A bench is named twice in these rules. Name each bench once."))
        for rule in self.benches:
            if not 0 <= rule.quorum <= rule.seats:
                raise Unacceptable(
                    _("The quorum of the %(bench)s is more than its seats. Lower it.") % {"bench": rule.bench.label}
                )
        if self.quorum is not None and not 1 <= self.quorum <= self.seats:
            raise Unacceptable(_("The quorum is at least one and at most the number of seats."))
        if self.of_bench(Bench.DONOR).seats * 2 > self.seats:
            raise Unacceptable(_("Donors never hold more than half of the seats. Give another bench more."))

    def figures(self) -> dict[str, Any]:
        """Return the rules as plain JSON values, as they are stored."""
        return asdict(self)

    @classmethod
    def of(cls, figures: Mapping[str, Any]) -> "Rules":
        """Return the rules that plain JSON values stand for."""
        return cls(
            benches=tuple(
                BenchRule(Bench(one["bench"]), int(one["seats"]), int(one["quorum"]), Share(one["approval"]))
                for one in figures["benches"]
            ),
            quorum=figures["quorum"],
            consensus_only=bool(figures["consensus_only"]),
            approval=Share(figures["approval"]),
            sealed=bool(figures["sealed"]),
        )


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
PRESETS: Final[dict[str, Rules]] = {
    "neutral_committee": NEUTRAL_COMMITTEE,
    "full_consensus": FULL_CONSENSUS,
    "two_groups": TWO_GROUPS,
}
