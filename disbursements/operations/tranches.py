"""What can happen to a tranche before it is paid: its condition is met, its day comes."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from disbursements import locks, permissions, states
from disbursements.models import Tranche
from disbursements.states import TrancheStatus
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.refusals import Unacceptable


@transaction.atomic(durable=True)
def mark_condition_met(*, tranche_id: UUID, evidence: str, actor: User, at: datetime) -> Tranche:
    """
    Vouch that a tranche's condition is met. It is due at once if its day has come, else on that day.

    :param evidence: what shows it, and where it can be looked at
    :raises Missing: if there is no such tranche
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if the condition was met before, or the tranche is suspended
    :raises Unacceptable: if no evidence is named
    """
    tranche = locks.tranche(tranche_id)
    permissions.may_meet_condition(actor).enforce()
    states.require_tranche_move(TrancheStatus(tranche.status), to=TrancheStatus.CONDITIONS_MET)
    if not evidence.strip():
        raise Unacceptable(_("Name the evidence: which report or letter shows it, and where it is kept."))
    tranche.mark_condition_met(evidence=evidence.strip(), by=actor, at=at)
    events.record("tranche.condition_met", about=tranche.id, by=actor, at=at, evidence=evidence.strip())
    if tranche.expected_on <= at.date():
        _fall_due(tranche, actor=actor, at=at)
    return tranche


@transaction.atomic(durable=True)
def bring_tranches_due(*, at: datetime) -> list[Tranche]:
    """
    Make every tranche due whose condition is met and whose day has come. The timetable does this each day.

    Doing it twice changes nothing more.
    """
    ready = list(
        Tranche.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(status=TrancheStatus.CONDITIONS_MET, expected_on__lte=at.date())
        .order_by("expected_on", "reference")
    )
    for tranche in ready:
        _fall_due(tranche, actor=None, at=at)
    return ready


def _fall_due(tranche: Tranche, *, actor: User | None, at: datetime) -> None:
    states.require_tranche_move(TrancheStatus(tranche.status), to=TrancheStatus.DUE)
    tranche.mark_due()
    events.record("tranche.fallen_due", about=tranche.id, by=actor, at=at, reference=tranche.reference)
