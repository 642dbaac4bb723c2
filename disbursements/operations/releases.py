"""Releasing a tranche whose condition or reports are not there: asked of the committee, done as it decided."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from committee import operations as committee_operations
from committee import queries as committee_queries
from committee.matters import Kind, Matter
from committee.models import Motion
from committee.rules import Way
from disbursements import locks, states
from disbursements.models import Tranche
from disbursements.permissions import programmes as permissions
from disbursements.states import TrancheStatus
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.refusals import Unacceptable, WrongState

_BEFORE_PAYMENT = frozenset({TrancheStatus.PLANNED, TrancheStatus.CONDITIONS_MET, TrancheStatus.DUE})


@transaction.atomic(durable=True)
def ask_to_release(
    *,
    tranche_id: UUID,
    reason: str,
    closes_at: datetime | None,
    actor: User,
    at: datetime,
    way: Way = Way.CORRESPONDENCE,
    meeting_id: UUID | None = None,
) -> Motion:
    """
    Ask the committee to release a tranche although its condition, or the reports before it, are not there.

    :param way: by no objection, where the rules let releases be decided so; in a meeting, or without one
    :raises Missing: if there is no such tranche
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if it is in payment, paid or suspended
    :raises AlreadyDone: if the committee is asked already, or has answered
    :raises Unacceptable: if no reason is given
    """
    tranche = locks.tranche(tranche_id)
    permissions.may_ask_committee(actor).enforce()
    if TrancheStatus(tranche.status) not in _BEFORE_PAYMENT:
        raise WrongState(_("Only a tranche that waits for its payment is released by decision."))
    if not reason.strip():
        raise Unacceptable(_("Say why it should be released all the same. The reason is published with the decision."))
    programme = tranche.proposal.programme
    version = 1
    while (last := committee_queries.motion_about(tranche.id, version)) is not None and not last.is_open:
        version += 1
    motion = committee_operations.lay_before(
        Matter(
            kind=Kind.RELEASE,
            subject=tranche.id,
            version=version,
            title=_("Release %(tranche)s all the same") % {"tranche": tranche.reference},
            summary=reason.strip(),
            amount=tranche.amount,
            particulars=(
                (_("Tranche"), f"{tranche.reference} {tranche.title}"),
                (_("Condition"), tranche.condition or "–"),
                (_("Programme"), f"{programme.reference} {programme.title}"),
            ),
            interests=(programme.organisation.name,),
        ),
        proposer=actor,
        closes_at=closes_at,
        actor=actor,
        at=at,
        way=way,
        meeting_id=meeting_id,
    )
    events.record(
        "release.asked", about=tranche.id, by=actor, at=at, reference=tranche.reference, motion=motion.reference
    )
    return motion


@transaction.atomic(durable=True)
def carry_out_release(*, tranche_id: UUID, actor: User, at: datetime) -> Tranche:
    """
    Count a tranche's condition as met by the committee's decision. The gates print the decision at every step.

    :raises Missing: if there is no such tranche
    :raises NotPermitted: if the actor is neither of the secretariat nor the chair
    :raises WrongState: if its condition was met before, or it is suspended, or the committee has not released it
    """
    tranche = locks.tranche(tranche_id)
    permissions.may_carry_out(actor).enforce()
    states.require_tranche_move(TrancheStatus(tranche.status), to=TrancheStatus.CONDITIONS_MET)
    decision = committee_queries.decisions_on([tranche.id], Kind.RELEASE).get(tranche.id)
    if decision is None:
        raise WrongState(_("The committee has not released this tranche. Ask it first."))
    tranche.mark_condition_met(
        evidence=_("Released by the committee all the same, %(decision)s.") % {"decision": decision}, by=actor, at=at
    )
    events.record("tranche.released_by_decision", about=tranche.id, by=actor, at=at, reference=tranche.reference)
    return tranche
