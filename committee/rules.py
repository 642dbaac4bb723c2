"""The rules of procedure and the counting of votes. Pure: the same rules, seats, ballots and recusals, one outcome."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, cast
from uuid import UUID

from django.utils.translation import gettext as _

from trustfund.core.refusals import Unacceptable, WrongState


class Bench(StrEnum):
    """On which side of the table a seat stands."""

    DONOR = "donor"
    TECHNICAL = "technical"
    INDEPENDENT = "independent"

    @property
    def label(self) -> str:
        """The bench's name on the page."""
        return {
            Bench.DONOR: _("donor bench"),
            Bench.TECHNICAL: _("technical bench"),
            Bench.INDEPENDENT: _("independent bench"),
        }[self]


class Choice(StrEnum):
    """What a ballot says."""

    APPROVE = "approve"
    REJECT = "reject"
    ABSTAIN = "abstain"

    @property
    def label(self) -> str:
        """What the member did, as the record says it."""
        return {
            Choice.APPROVE: _("Approved"),
            Choice.REJECT: _("Rejected"),
            Choice.ABSTAIN: _("Abstained"),
        }[self]


class Outcome(StrEnum):
    """How a motion ends when its votes are counted."""

    CARRIED = "carried"
    REJECTED = "rejected"
    LAPSED = "lapsed"


class Share(StrEnum):
    """How many of a number must approve."""

    NONE = "none"
    MAJORITY = "majority"
    TWO_THIRDS = "two_thirds"
    ALL = "all"

    def needed(self, of: int) -> int:
        """Return how many of `of` this share asks for."""
        return {
            Share.NONE: 0,
            Share.MAJORITY: of // 2 + 1,
            Share.TWO_THIRDS: -(-2 * of // 3),
            Share.ALL: of,
        }[self]

    @property
    def label(self) -> str:
        """The share in words."""
        return {
            Share.NONE: _("none"),
            Share.MAJORITY: _("more than half"),
            Share.TWO_THIRDS: _("two thirds"),
            Share.ALL: _("all"),
        }[self]


class Principle(StrEnum):
    """The four principles that every ballot answers."""

    HUMANITY = "humanity"
    IMPARTIALITY = "impartiality"
    NEUTRALITY = "neutrality"
    INDEPENDENCE = "independence"

    @property
    def label(self) -> str:
        """The principle's name."""
        return {
            Principle.HUMANITY: _("Humanity"),
            Principle.IMPARTIALITY: _("Impartiality"),
            Principle.NEUTRALITY: _("Neutrality"),
            Principle.INDEPENDENCE: _("Independence"),
        }[self]

    @property
    def question(self) -> str:
        """What the member answers."""
        return {
            Principle.HUMANITY: _("Does it address human suffering wherever it is found?"),
            Principle.IMPARTIALITY: _("Is assistance given on need alone?"),
            Principle.NEUTRALITY: _("Does it take no side?"),
            Principle.INDEPENDENCE: _("Is it autonomous from political, economic or military aims?"),
        }[self]


class NoQuorum(WrongState):
    """Too few seats voted, overall or on one bench."""

    code = "no_quorum"


class NotCarried(WrongState):
    """The committee voted and did not carry the motion."""

    code = "not_carried"


class NotDecided(WrongState):
    """Voting is still open, so nothing is carried yet."""

    code = "not_decided"


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
        return cast("dict[str, Any]", asdict(self))

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


@dataclass(frozen=True)
class SeatHeld:
    """A seat and who may vote for it when the votes are counted; nobody, if it is vacant."""

    number: int
    bench: Bench
    holder: UUID | None
    alternate: UUID | None = None


@dataclass(frozen=True)
class Vote:
    """A ballot that no later one supersedes."""

    seat: int
    member: UUID
    choice: Choice
    cast_at: datetime


@dataclass(frozen=True)
class BenchTally:
    """How one bench voted."""

    bench: Bench
    seats: int
    eligible: int
    present: int
    approvals: int
    quorum: int
    needed: int

    @property
    def has_quorum(self) -> bool:
        """Whether enough of the bench voted."""
        return self.present >= self.quorum


@dataclass(frozen=True)
class Tally:
    """The count, and what it means. `is_final` is false while votes can still come."""

    seats: int
    eligible: int
    recused: int
    approvals: int
    rejections: int
    abstentions: int
    quorum: int
    needed: int
    benches: tuple[BenchTally, ...]
    outcome: Outcome
    why: str
    is_final: bool = True

    @property
    def present(self) -> int:
        """How many seats voted, whatever they said."""
        return self.approvals + self.rejections + self.abstentions

    @property
    def has_quorum(self) -> bool:
        """Whether enough seats voted, overall and on every bench."""
        return self.present >= self.quorum and all(bench.has_quorum for bench in self.benches)

    @property
    def has_everybody(self) -> bool:
        """Whether every seat that may vote has voted."""
        return self.eligible > 0 and self.present == self.eligible

    def require_carried(self) -> None:
        """
        Insist that the committee has decided, and decided yes.

        :raises NotDecided: if votes can still come
        :raises NoQuorum: if too few voted
        :raises NotCarried: if the vote was tied or lost
        """
        if not self.is_final:
            raise NotDecided(_("Voting is still open. Wait for the close; it decides what happens next."))
        if self.outcome == Outcome.LAPSED:
            raise NoQuorum(self.why)
        if self.outcome != Outcome.CARRIED:
            raise NotCarried(self.why)

    def figures(self) -> dict[str, Any]:
        """Return the count as plain JSON values, as a decision keeps it."""
        figures = {**asdict(self), "present": self.present}
        del figures["is_final"]
        return figures

    @classmethod
    def of(cls, figures: Mapping[str, Any]) -> "Tally":
        """Return the final tally that a decision kept."""
        numbers = ("seats", "eligible", "recused", "approvals", "rejections", "abstentions", "quorum", "needed")
        return cls(
            **{name: int(figures[name]) for name in numbers},
            benches=tuple(BenchTally(**{**one, "bench": Bench(one["bench"])}) for one in figures["benches"]),
            outcome=Outcome(figures["outcome"]),
            why=str(figures["why"]),
        )


@dataclass(frozen=True)
class _Counted:
    seat: SeatHeld
    choice: Choice | None


def tally(
    rules: Rules,
    seats: Iterable[SeatHeld],
    ballots: Iterable[Vote],
    recusals: Collection[UUID],
    *,
    closes_at: datetime | None = None,
    is_final: bool = True,
) -> Tally:
    """
    Count the votes.

    A seat speaks once: by its holder, or by its alternate when the holder did not vote. A recused person leaves the
    table, so their seat counts neither toward the quorum nor against it unless the alternate takes it. A ballot of
    somebody who no longer holds the seat, or cast at the close or after it, is not counted.

    :param recusals: who has left the table for this motion
    :param closes_at: ballots cast at this moment or later are not counted
    """
    at_the_table = [_without(seat, recusals) for seat in seats]
    votes: dict[tuple[int, UUID], Choice] = {}
    for ballot in sorted(ballots, key=lambda vote: vote.cast_at):
        if closes_at is None or ballot.cast_at < closes_at:
            votes[ballot.seat, ballot.member] = ballot.choice
    counted = [_Counted(seat, _choice_of(seat, votes)) for seat in at_the_table if _may_vote(seat)]
    left = sum(
        1 for seat, before in zip(at_the_table, seats, strict=False) if _may_vote(before) and not _may_vote(seat)
    )

    benches = tuple(_bench_tally(rules, bench, at_the_table, counted) for bench in (one.bench for one in rules.benches))
    approvals = sum(1 for one in counted if one.choice == Choice.APPROVE)
    rejections = sum(1 for one in counted if one.choice == Choice.REJECT)
    quorum = len(counted) if rules.quorum is None else rules.quorum
    result = Tally(
        seats=len(at_the_table),
        eligible=len(counted),
        recused=left,
        approvals=approvals,
        rejections=rejections,
        abstentions=sum(1 for one in counted if one.choice == Choice.ABSTAIN),
        quorum=max(quorum, 1),
        needed=rules.approval.needed(approvals + rejections),
        benches=benches,
        outcome=Outcome.LAPSED,
        why="",
        is_final=is_final,
    )
    outcome, why = _judge(rules, result)
    return Tally(**{**result.__dict__, "outcome": outcome, "why": why})


def _without(seat: SeatHeld, recused: Collection[UUID]) -> SeatHeld:
    return SeatHeld(
        seat.number,
        seat.bench,
        None if seat.holder in recused else seat.holder,
        None if seat.alternate in recused else seat.alternate,
    )


def _may_vote(seat: SeatHeld) -> bool:
    return seat.holder is not None or seat.alternate is not None


def _choice_of(seat: SeatHeld, votes: Mapping[tuple[int, UUID], Choice]) -> Choice | None:
    for person in (seat.holder, seat.alternate):
        if person is not None and (seat.number, person) in votes:
            return votes[seat.number, person]
    return None


def _bench_tally(rules: Rules, bench: Bench, seats: Iterable[SeatHeld], counted: Iterable[_Counted]) -> BenchTally:
    rule = rules.of_bench(bench)
    mine = [one for one in counted if one.seat.bench == bench]
    return BenchTally(
        bench=bench,
        seats=sum(1 for seat in seats if seat.bench == bench),
        eligible=len(mine),
        present=sum(1 for one in mine if one.choice is not None),
        approvals=sum(1 for one in mine if one.choice == Choice.APPROVE),
        quorum=rule.quorum,
        needed=rule.approval.needed(len(mine)),
    )


def _judge(rules: Rules, count: Tally) -> tuple[Outcome, str]:
    missing = _missing_quorum(count)
    if missing:
        return Outcome.LAPSED, missing
    lacking = _lacking(rules, count)
    if lacking:
        return Outcome.REJECTED, lacking
    if count.rejections == 0:
        return Outcome.CARRIED, _("Carried by consensus: %(for)s approve, nobody rejects.") % {"for": count.approvals}
    return Outcome.CARRIED, _("Carried: %(for)s of %(cast)s approve.") % {
        "for": count.approvals,
        "cast": count.approvals + count.rejections,
    }


def _missing_quorum(count: Tally) -> str:
    if count.present < count.quorum:
        return _("%(present)s of the %(quorum)s votes needed for a quorum were cast.") % {
            "present": count.present,
            "quorum": count.quorum,
        }
    for bench in count.benches:
        if not bench.has_quorum:
            return _("The %(bench)s cast %(present)s of the %(quorum)s votes it needs for a quorum.") % {
                "bench": bench.bench.label,
                "present": bench.present,
                "quorum": bench.quorum,
            }
    return ""


def _lacking(rules: Rules, count: Tally) -> str:
    numbers = {"for": count.approvals, "against": count.rejections, "cast": count.approvals + count.rejections}
    if count.approvals <= count.abstentions:
        return _("No more members approve than abstain.")
    if count.rejections == 0:
        return ""
    if rules.consensus_only:
        return _("%(for)s approve and %(against)s reject, and these rules ask for consensus.") % numbers
    if count.approvals < count.needed:
        return _("%(for)s of %(cast)s approve; %(share)s are needed.") % {**numbers, "share": rules.approval.label}
    for bench in count.benches:
        if bench.approvals < bench.needed:
            return _(
                "%(for)s of %(cast)s approve, but only %(some)s of %(of)s on the %(bench)s; %(needed)s are needed."
            ) % {
                **numbers,
                "bench": bench.bench.label,
                "some": bench.approvals,
                "of": bench.eligible,
                "needed": bench.needed,
            }
    return ""


def decision_facts(
    *,
    reference: str,
    version: int,
    motion_fingerprint: str,
    choice: Choice,
    reason: str,
    principles: Mapping[str, str],
    nonce: str,
) -> dict[str, Any]:
    """Return what a ballot's fingerprint is made of: all that the member sees on the page they confirm."""
    return {
        "motion": reference,
        "version": version,
        "motion_fingerprint": motion_fingerprint,
        "choice": str(choice),
        "reason": reason,
        "principles": {str(name): principles[str(name)] for name in Principle},
        "nonce": nonce,
    }


def require_principles(principles: Mapping[str, str]) -> None:
    """
    Insist that a ballot answers each of the four principles: empty is "satisfied", words are why not.

    :raises Unacceptable: if one is left out, or one is named that the fund does not have
    """
    if set(principles) != {str(name) for name in Principle}:
        raise Unacceptable(_("Answer each of the four principles: tick it, or say why you are not satisfied."))
