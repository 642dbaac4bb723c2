"""Suspending and resuming a programme: asked of the committee with the whole case, carried out as it decided."""

from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from committee import operations as committee_operations
from committee import queries as committee_queries
from committee.matters import Kind, Matter
from committee.rules import Suspension as Case
from disbursements import locks, states
from disbursements.locks import programmes as programme_locks
from disbursements.models import Programme, Suspension, Tranche
from disbursements.permissions import programmes as permissions
from disbursements.states import ProgrammeStatus, SuspensionStatus, TrancheStatus
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, Unacceptable, WrongState

_SUSPEND, _RESUME = 1, 2
_TITLE: Final = 200
# What is on its way to the organisation stays on its way; the gate before each step closes by itself.
_STANDS_STILL: Final = (TrancheStatus.PLANNED, TrancheStatus.CONDITIONS_MET, TrancheStatus.DUE)


@transaction.atomic(durable=True)
def ask_to_suspend(*, programme_id: UUID, case: Case, closes_at: datetime, actor: User, at: datetime) -> Suspension:
    """
    Ask the committee to suspend a programme. Nothing stops without a reason: the whole case is laid before it.

    :param case: cause, evidence, who goes without what, how it is wound down, and when it is looked at again
    :raises Missing: if there is no such programme
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if the programme is not open
    :raises AlreadyDone: if the committee is asked already
    :raises Unacceptable: if a part of the case is missing
    """
    programme = locks.programme(programme_id)
    permissions.may_ask_committee(actor).enforce()
    states.require_programme_move(ProgrammeStatus(programme.status), to=ProgrammeStatus.SUSPENDED)
    if programme.suspensions.filter(status=SuspensionStatus.ASKED).exists():
        raise AlreadyDone(_("The committee is asked already. Wait for its answer."))
    case.require_complete(at.date())
    subject = uuid4()
    motion = committee_operations.lay_before(
        Matter(
            kind=Kind.SUSPEND,
            subject=subject,
            version=_SUSPEND,
            title=_("Suspend %(programme)s") % {"programme": f"{programme.reference} {programme.title}"[:_TITLE]},
            summary=case.evidence.strip(),
            amount=Money.zero(settings.FUND_CURRENCY),
            particulars=(*_about(programme), *case.particulars),
            interests=(programme.organisation.name,),
        ),
        proposer=actor,
        closes_at=closes_at,
        actor=actor,
        at=at,
    )
    suspension = Suspension.objects.create(
        id=subject,
        reference=next_reference("SU", at.date()),
        programme=programme,
        cause=str(case.cause),
        evidence=case.evidence.strip(),
        impact=case.impact.strip(),
        wind_down=case.wind_down.strip(),
        review_on=case.review_on,
        motion_id=motion.id,
        asked_by=actor,
        asked_at=at,
    )
    events.record(
        "suspension.asked",
        about=suspension.id,
        by=actor,
        at=at,
        reference=suspension.reference,
        motion=motion.reference,
    )
    return suspension


@transaction.atomic(durable=True)
def carry_out_suspension(*, suspension_id: UUID, actor: User | None, at: datetime) -> Suspension:
    """
    Write down what the committee answered; if it carried the motion, the programme and its tranches stand still.

    :param actor: nobody when the timetable does it after the motion has ended
    :raises Missing: if there is no such case
    :raises NotPermitted: if the actor is neither of the secretariat nor the chair
    :raises WrongState: if it was answered before, voting is open, or the programme is not open any more
    """
    programme, suspension = programme_locks.suspension(suspension_id)
    permissions.may_carry_out(actor).enforce()
    motion = committee_queries.motion_of(suspension.motion_id)
    if motion is None or motion.is_open:
        raise WrongState(_("The committee has not answered yet. Wait until voting ends."))
    decision = committee_queries.decision_on(suspension.id, _SUSPEND, Kind.SUSPEND)
    outcome = SuspensionStatus.IN_FORCE if decision is not None else SuspensionStatus.DROPPED
    states.require_suspension_move(SuspensionStatus(suspension.status), to=outcome)
    if decision is None:
        suspension.mark_dropped(at=at)
        events.record("suspension.dropped", about=suspension.id, by=actor, at=at, reference=suspension.reference)
        return suspension
    states.require_programme_move(ProgrammeStatus(programme.status), to=ProgrammeStatus.SUSPENDED)
    suspension.mark_in_force(decision=decision.reference, at=at)
    programme.mark(ProgrammeStatus.SUSPENDED)
    for tranche in _tranches(programme, *_STANDS_STILL):
        states.require_tranche_move(TrancheStatus(tranche.status), to=TrancheStatus.SUSPENDED)
        tranche.mark_suspended()
    events.record(
        "programme.suspended",
        about=programme.id,
        by=actor,
        at=at,
        reference=programme.reference,
        decision=decision.reference,
        reason=suspension.evidence,
    )
    return suspension


@transaction.atomic(durable=True)
def ask_to_resume(*, suspension_id: UUID, because: str, closes_at: datetime, actor: User, at: datetime) -> Suspension:
    """
    Ask the committee to let a suspended programme go on.

    :param because: what has changed
    :raises Missing: if there is no such suspension
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if it is not in force
    :raises AlreadyDone: if the committee is asked already, or has refused this very version
    :raises Unacceptable: if it is not said what has changed
    """
    programme, suspension = programme_locks.suspension(suspension_id)
    permissions.may_ask_committee(actor).enforce()
    states.require_suspension_move(SuspensionStatus(suspension.status), to=SuspensionStatus.ENDED)
    if suspension.resume_motion_id is not None:
        raise AlreadyDone(_("The committee is asked already. Wait for its answer."))
    if not because.strip():
        raise Unacceptable(_("Say what has changed since the programme was suspended."))
    motion = committee_operations.lay_before(
        Matter(
            kind=Kind.RESUME,
            subject=suspension.id,
            version=_next_version(suspension),
            title=_("Resume %(programme)s") % {"programme": f"{programme.reference} {programme.title}"[:_TITLE]},
            summary=because.strip(),
            amount=Money.zero(settings.FUND_CURRENCY),
            particulars=(
                *_about(programme),
                (_("Suspended by"), suspension.decision),
                (_("Cause"), suspension.cause_label),
                (_("What has changed"), because.strip()),
            ),
            interests=(programme.organisation.name,),
        ),
        proposer=actor,
        closes_at=closes_at,
        actor=actor,
        at=at,
    )
    suspension.mark_resumption_asked(because=because.strip(), motion_id=motion.id)
    events.record(
        "resumption.asked",
        about=suspension.id,
        by=actor,
        at=at,
        reference=suspension.reference,
        motion=motion.reference,
    )
    return suspension


@transaction.atomic(durable=True)
def carry_out_resumption(*, suspension_id: UUID, actor: User | None, at: datetime) -> Suspension:
    """
    Write down what the committee answered; if it carried the motion, the programme and its tranches go on.

    A tranche whose condition was met before is as far as it was; it falls due on its day.

    :param actor: nobody when the timetable does it after the motion has ended
    :raises Missing: if there is no such suspension
    :raises NotPermitted: if the actor is neither of the secretariat nor the chair
    :raises WrongState: if it is not in force, or the committee is not asked or has not answered
    """
    programme, suspension = programme_locks.suspension(suspension_id)
    permissions.may_carry_out(actor).enforce()
    states.require_suspension_move(SuspensionStatus(suspension.status), to=SuspensionStatus.ENDED)
    motion = committee_queries.motion_of(suspension.resume_motion_id) if suspension.resume_motion_id else None
    if motion is None or motion.is_open:
        raise WrongState(_("The committee has not answered yet. Wait until voting ends."))
    decision = committee_queries.decision_on(suspension.id, motion.version, Kind.RESUME)
    if decision is None:
        suspension.mark_resumption_dropped()
        events.record("resumption.dropped", about=suspension.id, by=actor, at=at, reference=suspension.reference)
        return suspension
    states.require_programme_move(ProgrammeStatus(programme.status), to=ProgrammeStatus.OPEN)
    suspension.mark_ended(decision=decision.reference, at=at)
    programme.mark(ProgrammeStatus.OPEN)
    for tranche in _tranches(programme, TrancheStatus.SUSPENDED):
        states.require_tranche_move(TrancheStatus.SUSPENDED, to=TrancheStatus.PLANNED)
        was_met = not tranche.condition or tranche.condition_met_at is not None
        tranche.mark_resumed(TrancheStatus.CONDITIONS_MET if was_met else TrancheStatus.PLANNED)
    events.record(
        "programme.resumed",
        about=programme.id,
        by=actor,
        at=at,
        reference=programme.reference,
        decision=decision.reference,
        reason=suspension.resume_because,
    )
    return suspension


def _next_version(suspension: Suspension) -> int:
    """Return the version under which resuming is moved: one more than the last that the committee answered."""
    version = _RESUME
    while committee_queries.motion_about(suspension.id, version) is not None:
        version += 1
    return version


def _about(programme: Programme) -> tuple[tuple[str, str], ...]:
    return (
        (_("Programme"), f"{programme.reference} {programme.title}"),
        (_("Organisation"), programme.organisation.name),
    )


def _tranches(programme: Programme, *standing: TrancheStatus) -> list[Tranche]:
    """Hold the programme's tranches that stand so."""
    found = Tranche.objects.select_for_update(of=("self",)).filter(
        proposal__programme=programme, status__in=[str(status) for status in standing]
    )
    return list(found.order_by("reference"))
