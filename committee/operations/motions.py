"""Bringing a motion, taking it back, and counting its votes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from committee import locks, permissions, queries
from committee.matters import Kind, Matter
from committee.models import Decision, Motion, Recusal
from committee.states import Status, require_move, require_open
from trustfund.core import events
from trustfund.core.db import require_transaction
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, Unacceptable, WrongState


def open_motion(
    *,
    subject: UUID,
    version: int,
    title: str,
    summary: str,
    amount: Money,
    fingerprint: str,
    interests: Sequence[str],
    proposer: User,
    closes_at: datetime,
    actor: User,
    at: datetime,
    kind: Kind = Kind.PROPOSAL,
    particulars: Sequence[tuple[str, str]] = (),
) -> Motion:
    """
    Put one version of something before the committee, in the transaction of whoever tables it.

    Who has declared an interest in one of the named parties leaves the table at once.

    :param fingerprint: SHA-256 of the version, 64 hex digits; every ballot is bound to it
    :param interests: the names of those who would gain
    :param particulars: label and words of what else is decided, as its page prints them
    :raises NotPermitted: if the actor is neither the secretariat nor the chair
    :raises WrongState: if no rules of procedure are in force
    :raises Unacceptable: if it would close before it opens
    :raises AlreadyDone: if this version is before the committee, or was carried or rejected by it
    """
    require_transaction()
    permissions.may_open(actor).enforce()
    rules = queries.rules_in_force()
    if rules is None:
        raise WrongState(_("No rules of procedure are in force. The fund administrator must record them first."))
    if closes_at <= at:
        raise Unacceptable(_("Voting must close later than it opens. Choose a later moment."))
    last = queries.motion_about(subject, version)
    if last is not None and last.state not in {Status.LAPSED, Status.WITHDRAWN}:
        raise AlreadyDone(
            _("Version %(version)s was moved as %(reference)s. Amend the proposal to move it again.")
            % {"version": version, "reference": last.reference}
        )

    motion = Motion.objects.create(
        reference=next_reference("DP", at.date()),
        kind=kind.value,
        particulars=[list(row) for row in particulars],
        subject=subject,
        version=version,
        fingerprint=fingerprint,
        title=title,
        summary=summary,
        amount_minor=amount.minor,
        currency=amount.currency,
        interests=[str(party) for party in interests],
        rules_of_procedure=rules,
        proposer=proposer,
        opened_at=at,
        closes_at=closes_at,
    )
    events.record(
        "motion.opened",
        about=motion.id,
        by=actor,
        at=at,
        reference=motion.reference,
        version=version,
        fingerprint=fingerprint,
        closes_at=closes_at.isoformat(),
    )
    leave_interested(motion, at=at)
    return motion


def lay_before(matter: Matter, *, proposer: User, closes_at: datetime, actor: User, at: datetime) -> Motion:
    """
    Put a matter before the committee, in the transaction of whoever asks for the decision.

    What the decision then allows is done by an operation of the room that asked, which calls
    `queries.decision_on(…)` or `queries.require_decision(…)` under its own lock.

    :raises Refusal: whatever `open_motion` raises
    """
    return open_motion(
        kind=matter.kind,
        subject=matter.subject,
        version=matter.version,
        title=matter.title,
        summary=matter.summary,
        amount=matter.amount,
        particulars=matter.particulars,
        fingerprint=matter.fingerprint,
        interests=matter.interests,
        proposer=proposer,
        closes_at=closes_at,
        actor=actor,
        at=at,
    )


def leave_interested(motion: Motion, *, at: datetime) -> None:
    """Let those who declared an interest in the motion's parties leave the table, if they sit and have not left."""
    require_transaction()
    if at >= motion.closes_at:
        return
    concerned = queries.interested(motion.interests, before=motion.closes_at) - set(
        motion.recusals.values_list("member_id", flat=True)
    )
    for sitting in queries.sittings(at):
        for person in (sitting.term.holder, sitting.term.alternate) if sitting.term else ():
            if person is not None and person.pk in concerned:
                Recusal.objects.create(
                    motion=motion,
                    member=person,
                    reason=_("Declared interest: %(parties)s") % {"parties": ", ".join(motion.interests)},
                    is_automatic=True,
                    recused_at=at,
                )
                events.record(
                    "recusal.declared",
                    about=motion.id,
                    by=person,
                    at=at,
                    reference=motion.reference,
                    seat=sitting.seat.number,
                    is_automatic=True,
                )


def withdraw_motion(*, motion_id: UUID, actor: User, at: datetime) -> Motion:
    """
    Take a motion back before it is decided, in the transaction of whoever withdraws what it is about.

    :raises Missing: if there is no such motion
    :raises NotPermitted: if the actor neither proposed it nor is the secretariat
    :raises WrongState: if it was decided or withdrawn, or its vote has closed and waits to be counted
    """
    require_transaction()
    motion = locks.motion(motion_id)

    permissions.may_withdraw(actor, motion).enforce()
    require_move(motion.state, to=Status.WITHDRAWN)
    if at >= motion.closes_at:
        raise WrongState(_("Voting has closed, so this cannot be taken back. Wait for the count; it comes by itself."))

    motion.mark_ended(status=Status.WITHDRAWN, at=at)
    events.record("motion.withdrawn", about=motion.id, by=actor, at=at, reference=motion.reference)
    return motion


@transaction.atomic(durable=True)
def close_motion(*, motion_id: UUID, actor: User | None, at: datetime) -> Decision:
    """
    Count the votes and keep the decision: at its time by the clock, earlier by the chair when every seat has voted.

    :param actor: the chair, or nobody when the clock closes it
    :raises Missing: if there is no such motion
    :raises NotPermitted: if the actor is not the chair
    :raises WrongState: if it is too early, or the motion was decided or withdrawn
    """
    motion = locks.motion(motion_id)
    room = queries.room_of(motion, at)

    permissions.may_close(actor, room, at).enforce()
    require_open(motion.state)
    count = room.tally
    outcome = Status(count.outcome.value)
    require_move(motion.state, to=outcome)

    motion.mark_ended(status=outcome, at=at)
    decision = Decision.objects.create(
        reference=next_reference("DEC", at.date()),
        motion=motion,
        outcome=count.outcome.value,
        figures=count.figures(),
        decided_at=at,
        closed_by=actor,
    )
    events.record(
        f"motion.{outcome.value}",
        about=motion.id,
        by=actor,
        at=at,
        reference=motion.reference,
        decision=decision.reference,
        why=count.why,
    )
    return decision
