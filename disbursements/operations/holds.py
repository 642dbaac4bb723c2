"""The register of incidents: a hold stops payments to an organisation or for a programme until another lifts it."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from disbursements.holds import HoldReason
from disbursements.locks import payments as locks
from disbursements.models import Hold, HoldLift, Programme
from disbursements.permissions import treasury as permissions
from disbursements.queries import holds as queries
from trustfund.core import events, step_up
from trustfund.core.models import User
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, Missing, Unacceptable
from trustfund.core.step_up import Proof

_WORDS: Final = 1000
_EVIDENCE: Final = 400


@transaction.atomic(durable=True)
def place_hold(
    *,
    reason: HoldReason,
    why: str,
    evidence: str,
    actor: User,
    at: datetime,
    organisation_id: UUID | None = None,
    programme_id: UUID | None = None,
) -> Hold:
    """
    Stop every payment to an organisation, or for one programme: nothing is prepared, certified or released any more.

    It takes one person and no second factor, because what stops money may be done at once and undone by another.

    :param evidence: what shows it, and where it can be looked at
    :raises Missing: if there is no such organisation or programme
    :raises NotPermitted: if the actor is neither officer of the fund nor auditor
    :raises Unacceptable: if it is on both or neither, or it is not said why, or no evidence is named
    """
    if (organisation_id is None) == (programme_id is None):
        raise Unacceptable(_("A hold is on one organisation, or on one programme. Choose one."))
    programme = _programme(programme_id)
    organisation = locks.organisation(organisation_id or _owner(programme))
    permissions.may_place_hold(actor).enforce()
    if not why.strip() or not evidence.strip():
        raise Unacceptable(_("Say what happened, and name what shows it: a letter, a report, a record of a call."))
    hold = Hold.objects.create(
        reference=next_reference("HLD", at.date()),
        organisation=None if programme else organisation,
        programme=programme,
        reason=HoldReason(reason),
        why=why.strip()[:_WORDS],
        evidence=evidence.strip()[:_EVIDENCE],
        placed_by=actor,
        placed_at=at,
    )
    events.record("hold.placed", about=hold.id, by=actor, at=at, reference=hold.reference, reason=hold.reason)
    return hold


@transaction.atomic(durable=True)
def lift_hold(*, hold_id: UUID, reason: str, proof: Proof, nonce: UUID, actor: User, at: datetime) -> Hold:
    """
    Lift a hold: payments go on if every other gate is clear.

    :param reason: what was found out
    :param proof: a fresh second factor, bound to `queries.holds.fingerprint_of(hold, nonce)`
    :raises Missing: if there is no such hold
    :raises NotPermitted: if the actor is no officer of the fund, or placed it
    :raises AlreadyDone: if it is lifted
    :raises Unacceptable: if no reason is given
    :raises SecondFactorFailed: if the second factor is wrong or was used
    """
    hold = locks.hold(hold_id)
    permissions.may_lift_hold(actor, hold).enforce()
    if hasattr(hold, "lift"):
        raise AlreadyDone(_("This hold is lifted already."))
    if not reason.strip():
        raise Unacceptable(_("Say what was found out, so that whoever placed the hold can read it."))
    confirmation = step_up.confirm(
        proof=proof, person=actor, purpose="hold.lift", fingerprint=queries.fingerprint_of(hold, nonce), at=at
    )
    HoldLift.objects.create(
        hold=hold, reason=reason.strip()[:_WORDS], confirmation=confirmation, lifted_by=actor, lifted_at=at
    )
    events.record("hold.lifted", about=hold.id, by=actor, at=at, reference=hold.reference, reason=reason.strip())
    return hold


def _programme(programme_id: UUID | None) -> Programme | None:
    if programme_id is None:
        return None
    for one in Programme.objects.filter(pk=programme_id):
        return one
    raise Missing(_("There is no such programme. Look it up in the list of programmes."))


def _owner(programme: Programme | None) -> UUID:
    if programme is None:
        raise Missing(_("There is no such programme. Look it up in the list of programmes."))
    return programme.organisation_id
