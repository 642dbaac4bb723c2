"""The decision page: the motion, what it proposes, what it does to the fund, and who said what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from committee import permissions, queries
from committee.models import Ballot, Disclosure, KeptReason, Motion, Recusal
from committee.queries import Room, Sitting
from committee.rules import Principle
from committee.states import Status
from continuity import queries as continuity_queries
from continuity.queries import Held
from disbursements.queries import proposals as proposal_queries
from disbursements.queries import reviews as review_queries
from disbursements.queries.proposals import ProposalForDecision
from disbursements.score_cards import Card
from trustfund.core import events
from trustfund.core.models import Event, User
from trustfund.core.money import Money
from trustfund.core.refusals import Missing


@dataclass(frozen=True)
class Effect:
    """What carrying the motion would do to the pooled fund."""

    held: Held
    amount: Money

    @property
    def committed(self) -> Money:
        """What is promised already and not yet released, whatever step its payment is at."""
        return self.held.reserved + self.held.in_payment

    @property
    def minus_committed(self) -> Money:
        """What is promised already, as it is taken from the cash."""
        return -self.committed

    @property
    def minus_reserve(self) -> Money:
        """The continuity reserve, as it is taken from the cash."""
        return -self.held.continuity_reserve

    @property
    def minus_amount(self) -> Money:
        """The motion's amount, as it is taken from what is spendable."""
        return -self.amount

    @property
    def after(self) -> Money:
        """What would still be spendable; below zero, it could not be approved."""
        return self.held.spendable - self.amount

    @property
    def fits(self) -> bool:
        """Whether the fund could promise the amount now."""
        return self.after.minor >= 0


@dataclass(frozen=True)
class Check:
    """Something that is checked by itself before anybody decides."""

    name: str
    words: str
    is_passed: bool


@dataclass(frozen=True)
class Finding:
    """What the secretariat found on one principle."""

    principle: Principle
    words: str


@dataclass(frozen=True)
class Voice:
    """A seat and what the reader may know of how it voted."""

    sitting: Sitting
    status: str
    ballot: Ballot | None
    recusals: tuple[Recusal, ...]
    disclosures: tuple[Disclosure, ...]
    shows_reason: bool
    is_me: bool


def proposal_of(motion: Motion) -> ProposalForDecision | None:
    """Return the version that the motion is about; nothing for a motion about something else."""
    try:
        return proposal_queries.proposal_for_decision(motion.subject, motion.version)
    except Missing:
        return None


def card_of(proposal: ProposalForDecision | None) -> Card | None:
    """Return the technical score card of the version that the motion is about; nothing where nobody has scored."""
    if proposal is None:
        return None
    return review_queries.card_of(review_queries.reviews_by(proposal.id, proposal.number))


def effect_of(motion: Motion, on: date) -> Effect:
    """Return what the motion's amount would do to the fund as it stands at the end of a day."""
    return Effect(held=continuity_queries.held(on), amount=motion.amount)


def checks_of(proposal: ProposalForDecision, effect: Effect, room: Room) -> tuple[Check, ...]:
    """Return what the software checked, each with the figures it looked at."""
    planned = [row.part.amount for row in proposal.tranches]
    parts = sum(amount.minor for amount in planned)
    share = sum((row.percent for row in proposal.blocks), Decimal(0))
    return (
        Check(
            _("Spendable"),
            _("%(after)s would remain of %(before)s.") % {"after": effect.after, "before": effect.held.spendable},
            effect.fits,
        ),
        Check(
            _("Continuity reserve"),
            _("%(reserve)s stays set aside and is not touched.") % {"reserve": effect.held.continuity_reserve},
            is_passed=True,
        ),
        Check(
            _("Indirect support"),
            _("%(percent)s %% of direct cost; at most 7 %% is allowed.") % {"percent": proposal.indirect_percent},
            proposal.indirect_percent <= 7,  # noqa: PLR2004 - rule R7
        ),
        Check(
            _("Tranches"),
            _("%(count)s tranches add up to the amount.") % {"count": len(planned)},
            parts == proposal.amount.minor,
        ),
        Check(
            _("Building blocks"),
            _("The programme is split by health-system building block to %(share)s %%.")
            % {"share": f"{share:.2f}".rstrip("0").rstrip(".")},
            share == 100,  # noqa: PLR2004 - per cent
        ),
        Check(
            _("Interests"),
            ngettext(
                "%(count)s person with an interest has left the table.",
                "%(count)s people with an interest have left the table.",
                len(room.recusals),
            )
            % {"count": len(room.recusals)},
            is_passed=True,
        ),
        Check(
            _("Version"),
            _("Version %(number)s is current; votes are bound to it.") % {"number": proposal.number},
            proposal.is_current,
        ),
    )


def findings_of(proposal: ProposalForDecision | None) -> tuple[Finding, ...]:
    """Return the four principles in their order, each with the secretariat's finding."""
    written = dict(proposal.findings) if proposal else {}
    return tuple(Finding(principle, written.get(principle.label, "")) for principle in Principle)


def voices_of(room: Room, reader: User | None) -> tuple[Voice, ...]:
    """Return every seat with what the reader may know of its vote: everything, no reason, or whether it voted."""
    if reader is None:
        return ()
    may_read_reasons = bool(permissions.may_read_ballots(reader, room))
    may_read_votes = bool(permissions.may_read_votes(reader, room))
    if not may_read_votes and not permissions.may_read_open_motions(reader):
        return ()
    said = list(Disclosure.objects.filter(motion=room.motion).select_related("member").order_by("disclosed_at"))
    return tuple(
        _voice(room, sitting, reader, said, shows_vote=may_read_votes, shows_reason=may_read_reasons)
        for sitting in room.sittings
    )


def _voice(
    room: Room, sitting: Sitting, reader: User, said: Sequence[Disclosure], *, shows_vote: bool, shows_reason: bool
) -> Voice:
    ballot = room.ballot_on(sitting.seat)
    people = {sitting.term.holder_id, sitting.term.alternate_id} if sitting.term else set()
    gone = tuple(one for one in room.recusals if one.member_id in people)
    if ballot is not None and ballot.member_id not in room.away:
        status = ballot.choice if shows_vote else "voted"
    elif gone:
        status = "recused"
    else:
        status = "not_voted"
    return Voice(
        sitting=sitting,
        status=status,
        ballot=ballot if shows_vote else None,
        recusals=gone,
        disclosures=tuple(one for one in said if one.member_id in people),
        shows_reason=shows_reason,
        is_me=reader.pk in people,
    )


def dissent_of(room: Room) -> tuple[str, ...]:
    """Return the reasons of those who voted against, without names, where the rules let everybody read them."""
    return queries.reasons_of_dissent(room) if permissions.may_read_reasons_of_dissent(room) else ()


def void_ballot_of(motion: Motion, reader: User | None) -> Ballot | None:
    """Return the reader's vote that was voided when what it was about changed: on this motion, or on one before it."""
    if reader is None or not reader.holds(*queries.SITS, *queries.STANDS_IN):
        return None
    found = Ballot.objects.filter(
        member=reader,
        superseded_by=None,
        motion__subject=motion.subject,
        motion__kind=motion.kind,
        motion__status=Status.WITHDRAWN,
        motion__opened_at__lte=motion.opened_at,
    ).select_related("motion")
    latest = found.order_by("-cast_at").first()
    if latest is not None and motion.ballots.exclude(motion=latest.motion_id).filter(member=reader).exists():
        return None
    return latest


def kept_reason_of(motion: Motion, reader: User | None) -> KeptReason | None:
    """Return what the reader has typed as their reason and not sent."""
    if reader is None or not motion.is_open or not reader.holds(*queries.SITS, *queries.STANDS_IN):
        return None
    return KeptReason.objects.filter(motion=motion, member=reader).first()


def record_of(motion: Motion, proposal: ProposalForDecision | None, reader: User | None) -> Sequence[Event]:
    """Return what happened to the motion and its proposal, latest first, for people of the fund who may follow it."""
    if reader is None or not permissions.may_read_open_motions(reader):
        return ()
    ids = [motion.id, *([proposal.id] if proposal else [])]
    return list(events.about(*ids)[:100])


def room_of(motion: Motion, at: datetime) -> Room:
    """Return the motion with everybody at its table, as it is counted now or was counted at its end."""
    return queries.room_of(motion, at if motion.is_open else None)
