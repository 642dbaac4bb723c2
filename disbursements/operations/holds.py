"""The register of incidents: a hold stops payments to an organisation or for a programme until another lifts it."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from committee import queries as committee_queries
from committee.matters import Kind, Matter
from committee.models import Motion
from committee.operations import Hearing, lay_before
from committee.states import Status
from disbursements.holds import HoldReason
from disbursements.locks import payments as locks
from disbursements.models import Hold, HoldLift, Programme
from disbursements.operations.asking import next_version
from disbursements.permissions import treasury as permissions
from disbursements.queries import holds as queries
from trustfund.core import events, step_up
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, Missing, Unacceptable, WrongState
from trustfund.core.step_up import Proof

_WORDS: Final = 1000
_EVIDENCE: Final = 400
_UNANSWERED: Final = frozenset({Status.LAPSED, Status.WITHDRAWN})


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

    Once the committee was asked, it decides: the hold is lifted on its decision, and on nothing else.

    :param reason: what was found out
    :param proof: a fresh second factor, bound to `queries.holds.fingerprint_of(hold, nonce)`
    :raises Missing: if there is no such hold
    :raises NotPermitted: if the actor is no officer of the fund, or placed it
    :raises AlreadyDone: if it is lifted
    :raises WrongState: if the committee was asked and has not answered, or has decided that it stands
    :raises Unacceptable: if no reason is given
    :raises SecondFactorFailed: if the second factor is wrong or was used
    """
    hold = locks.hold(hold_id)
    permissions.may_lift_hold(actor, hold).enforce()
    if hasattr(hold, "lift"):
        raise AlreadyDone(_("This hold is lifted already."))
    decision = _as_decided(hold)
    if not reason.strip():
        raise Unacceptable(_("Say what was found out, so that whoever placed the hold can read it."))
    confirmation = step_up.confirm(
        proof=proof, person=actor, purpose="hold.lift", fingerprint=queries.fingerprint_of(hold, nonce), at=at
    )
    HoldLift.objects.create(
        hold=hold,
        reason=reason.strip()[:_WORDS],
        decision=decision,
        confirmation=confirmation,
        lifted_by=actor,
        lifted_at=at,
    )
    events.record(
        "hold.lifted",
        about=hold.id,
        by=actor,
        at=at,
        reference=hold.reference,
        reason=reason.strip(),
        decision=decision,
    )
    return hold


def _as_decided(hold: Hold) -> str:
    """Return the committee's decision to lift a hold, or nothing if it was never asked; refuse anything else."""
    asked = committee_queries.last_motion_on(hold.id, Kind.LIFT)
    if asked is None or asked.state in _UNANSWERED:
        return ""
    if asked.state == Status.CARRIED:
        return asked.decision.reference
    if asked.state == Status.REJECTED:
        raise WrongState(
            _("The committee decided that this hold stands, %(decision)s. Ask it again when something new was found.")
            % {"decision": asked.decision.reference}
        )
    raise WrongState(_("The committee was asked, %(motion)s. Wait for its answer.") % {"motion": asked.reference})


@transaction.atomic(durable=True)
def ask_to_lift_hold(*, hold_id: UUID, reason: str, hearing: Hearing, actor: User, at: datetime) -> Motion:
    """
    Ask the committee whether a hold is lifted: for what one officer should not decide alone.

    From then on no officer lifts it but on its decision.

    :raises Missing: if there is no such hold
    :raises NotPermitted: if the actor is not of the secretariat
    :raises AlreadyDone: if it is lifted, or the committee is asked already
    :raises Unacceptable: if no reason is given
    :raises Refusal: whatever else `committee.operations.lay_before` raises
    """
    hold = locks.hold(hold_id)
    permissions.may_ask_committee(actor).enforce()
    if hasattr(hold, "lift"):
        raise AlreadyDone(_("This hold is lifted already."))
    version = next_version(hold.id, Kind.LIFT)
    if not reason.strip():
        raise Unacceptable(_("Say what was found out, so that the committee can decide."))
    programme = hold.programme
    motion = lay_before(
        Matter(
            kind=Kind.LIFT,
            subject=hold.id,
            version=version,
            title=_("Lift %(hold)s on %(about)s") % {"hold": hold.reference, "about": hold.about},
            summary=reason.strip(),
            amount=Money.zero(settings.FUND_CURRENCY),
            particulars=(
                (_("Held since"), f"{hold.placed_at:%Y-%m-%d}, {hold.placed_by.name}"),
                (_("Kind of case"), hold.get_reason_display()),
                (_("What happened"), hold.why),
                (_("Evidence"), hold.evidence),
            ),
            interests=(programme.organisation.name if programme else hold.about,),
        ),
        proposer=actor,
        closes_at=hearing.closes_at,
        actor=actor,
        at=at,
        way=hearing.way,
        meeting_id=hearing.meeting_id,
    )
    events.record("hold.asked", about=hold.id, by=actor, at=at, reference=hold.reference, motion=motion.reference)
    return motion


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
