"""The counting of votes: the same rules, seats, ballots and recusals give one outcome."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from committee.rules.procedure import Rules
from committee.rules.words import Bench, Choice, Outcome, Way
from trustfund.core.refusals import WrongState


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
    way: Way = Way.CORRESPONDENCE

    @property
    def present(self) -> int:
        """How many seats voted, whatever they said."""
        return self.approvals + self.rejections + self.abstentions

    @property
    def has_quorum(self) -> bool:
        """Whether enough seats voted, overall and on every bench; where silence decides, enough that could object."""
        if self.way == Way.NO_OBJECTION:
            return self.eligible >= self.quorum and all(bench.eligible >= bench.quorum for bench in self.benches)
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
        return cls(
            seats=int(figures["seats"]),
            eligible=int(figures["eligible"]),
            recused=int(figures["recused"]),
            approvals=int(figures["approvals"]),
            rejections=int(figures["rejections"]),
            abstentions=int(figures["abstentions"]),
            quorum=int(figures["quorum"]),
            needed=int(figures["needed"]),
            benches=tuple(BenchTally(**{**one, "bench": Bench(one["bench"])}) for one in figures["benches"]),
            outcome=Outcome(figures["outcome"]),
            why=str(figures["why"]),
            way=Way(figures.get("way", Way.CORRESPONDENCE)),
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
    way: Way = Way.CORRESPONDENCE,
) -> Tally:
    """
    Count the votes.

    A seat speaks once: by its holder, or by its alternate when the holder did not vote. A recused person leaves the
    table, so their seat counts neither toward the quorum nor against it unless the alternate takes it. A ballot of
    somebody who no longer holds the seat, or cast at the close or after it, is not counted.

    By no objection silence agrees: nobody need vote, one objection stops the motion, and it lapses where so few seats
    are left at the table that they could not have decided it.

    :param recusals: who has left the table for this motion
    :param closes_at: ballots cast at this moment or later are not counted
    """
    held = tuple(seats)
    at_the_table = [_without(seat, recusals) for seat in held]
    votes: dict[tuple[int, UUID], Choice] = {}
    for ballot in sorted(ballots, key=lambda vote: vote.cast_at):
        if closes_at is None or ballot.cast_at < closes_at:
            votes[ballot.seat, ballot.member] = ballot.choice
    counted = [_Counted(seat, _choice_of(seat, votes)) for seat in at_the_table if _may_vote(seat)]
    left = sum(1 for seat, before in zip(at_the_table, held, strict=True) if _may_vote(before) and not _may_vote(seat))

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
        way=way,
    )
    outcome, why = _judge(rules, result)
    return Tally(**{**result.__dict__, "outcome": outcome, "why": why})


def is_short_of_holders(rules: Rules, seats: Iterable[SeatHeld], recusals: Collection[UUID]) -> bool:
    """Return whether the holders who are left at the table are too few for a quorum, overall or on one bench."""
    left = [seat.bench for seat in seats if seat.holder is not None and seat.holder not in recusals]
    return len(left) < (rules.quorum or 1) or any(left.count(rule.bench) < rule.quorum for rule in rules.benches)


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
    if count.way == Way.NO_OBJECTION:
        return _judge_silence(count)
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


def _judge_silence(count: Tally) -> tuple[Outcome, str]:
    if count.rejections:
        return Outcome.OBJECTED, ngettext(
            "%(seats)s seat objects, so a meeting decides.",
            "%(seats)s seats object, so a meeting decides.",
            count.rejections,
        ) % {"seats": count.rejections}
    if not count.has_quorum:
        return Outcome.LAPSED, _(
            "Only %(eligible)s seats may object, too few for a quorum, so silence decides nothing."
        ) % {"eligible": count.eligible}
    return Outcome.CARRIED, _("Carried by no objection: none of %(eligible)s seats objects.") % {
        "eligible": count.eligible
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
    if count.rejections and rules.consensus_only:
        return _("%(for)s approve and %(against)s reject, and these rules ask for consensus.") % numbers
    if count.rejections and count.approvals < count.needed:
        return _("%(for)s of %(cast)s approve; %(share)s are needed.") % {**numbers, "share": rules.approval.label}
    # More than half of those who voted at all: were abstentions weighed alone, making one a rejection could carry.
    if count.approvals * 2 <= count.present:
        return _("Only %(for)s of the %(present)s who voted approve; more than half are needed.") % {
            **numbers,
            "present": count.present,
        }
    if not count.rejections:
        return ""
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
