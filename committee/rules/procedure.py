"""The rules of procedure as a value. The presets that a fund may begin with stand in `presets`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from committee.matters import Kind
from committee.rules.words import Bench, Share, Way
from trustfund.core.refusals import Unacceptable

LONGEST_DAYS: Final = 60
# What silence never decides: by which rules, by whom, that a programme stands still, and that a hold is lifted.
NEVER_BY_SILENCE: Final = frozenset({Kind.RULES, Kind.SEATS, Kind.SUSPEND, Kind.LIFT})


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
    :param consensus_days: working days for which a vote without a meeting stays open to find a consensus; nobody is
        outvoted before they are over
    :param no_objection_days: working days within which a member may object; zero is no such procedure
    :param no_objection_kinds: what may be decided so
    :param objections_may_be_lifted: an objection stops the motion only if it still stands at the close
    :param meeting_notice_days: working days between the call of a meeting and its day
    :param emergency_one_in: one seat in so many may call an emergency meeting; zero is nobody
    :param emergency_notice_days: working days of notice for an emergency meeting
    :param dissent_is_public: after the close all may read the reasons of those who voted against, without names
    """

    benches: tuple[BenchRule, ...]
    quorum: int | None
    consensus_only: bool
    approval: Share
    sealed: bool = True
    consensus_days: int = 0
    no_objection_days: int = 0
    no_objection_kinds: tuple[Kind, ...] = ()
    objections_may_be_lifted: bool = False
    meeting_notice_days: int = 10
    emergency_one_in: int = 3
    emergency_notice_days: int = 2
    dissent_is_public: bool = True

    @property
    def seats(self) -> int:
        """How many seats the committee has."""
        return sum(rule.seats for rule in self.benches)

    def of_bench(self, bench: Bench) -> BenchRule:
        """Return a bench's rule; a bench that the rules do not name has no seats."""
        return next((rule for rule in self.benches if rule.bench == bench), BenchRule(bench, 0, 0))

    @property
    def emergency_seats(self) -> int:
        """How many seats together call an emergency meeting; zero where nobody can."""
        return -(-self.seats // self.emergency_one_in) if self.emergency_one_in else 0

    def allows(self, kind: Kind, way: Way) -> bool:
        """Return whether a motion of a kind may be decided in a way."""
        return way != Way.NO_OBJECTION or (self.no_objection_days > 0 and kind in self.no_objection_kinds)

    def require_sense(self) -> None:
        """
        Insist that these rules can be met.

        :raises Unacceptable: if a bench is named twice, a quorum exceeds its seats, donors could outvote the rest, or
            silence would decide what it never may
        """
        self._require_benches()
        self._require_days()

    def _require_benches(self) -> None:
        names = [rule.bench for rule in self.benches]
        if len(set(names)) != len(names):
            raise Unacceptable(_("A bench is named twice in these rules. Name each bench once."))
        if not self.seats:
            raise Unacceptable(_("A committee has at least one seat. Give a bench its seats."))
        for rule in self.benches:
            if not 0 <= rule.quorum <= rule.seats:
                raise Unacceptable(
                    _("The quorum of the %(bench)s is more than its seats. Lower it.") % {"bench": rule.bench.label}
                )
        if self.quorum is not None and not 1 <= self.quorum <= self.seats:
            raise Unacceptable(_("The quorum is at least one and at most the number of seats."))
        if self.of_bench(Bench.DONOR).seats * 2 > self.seats:
            raise Unacceptable(_("Donors never hold more than half of the seats. Give another bench more."))

    def _require_days(self) -> None:
        days = (self.consensus_days, self.no_objection_days, self.meeting_notice_days, self.emergency_notice_days)
        if not all(0 <= one <= LONGEST_DAYS for one in days):
            raise Unacceptable(_("Every time in these rules is between 0 and 60 working days."))
        if bool(self.no_objection_kinds) != bool(self.no_objection_days):
            raise Unacceptable(_("Say both what may be decided by no objection and within how many days, or neither."))
        if NEVER_BY_SILENCE & set(self.no_objection_kinds):
            raise Unacceptable(_("Rules, seats, suspensions and holds are never decided by silence. Leave them out."))
        if not 0 <= self.emergency_one_in <= self.seats:
            raise Unacceptable(
                _("An emergency meeting is asked for by one seat in so many; name no more than there are.")
            )
        if self.emergency_notice_days > self.meeting_notice_days:
            raise Unacceptable(_("An emergency meeting needs no longer notice than another. Shorten it."))

    def figures(self) -> dict[str, Any]:
        """Return the rules as plain JSON values, as they are stored."""
        return {**asdict(self), "no_objection_kinds": [str(kind) for kind in self.no_objection_kinds]}

    @classmethod
    def of(cls, figures: Mapping[str, Any]) -> "Rules":
        """Return the rules that plain JSON values stand for; what older rules did not say is as by default."""
        said = {
            name: figures[name]
            for name in (
                "sealed",
                "consensus_days",
                "no_objection_days",
                "objections_may_be_lifted",
                "meeting_notice_days",
                "emergency_one_in",
                "emergency_notice_days",
                "dissent_is_public",
            )
            if name in figures
        }
        return cls(
            benches=tuple(
                BenchRule(Bench(one["bench"]), int(one["seats"]), int(one["quorum"]), Share(one["approval"]))
                for one in figures["benches"]
            ),
            quorum=figures["quorum"],
            consensus_only=bool(figures["consensus_only"]),
            approval=Share(figures["approval"]),
            no_objection_kinds=tuple(Kind(name) for name in figures.get("no_objection_kinds", ())),
            **said,
        )
