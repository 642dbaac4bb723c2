"""Texts held because of an earmark: put before the committee, and let go when it has accepted a preference."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from committee import operations as committee_operations
from committee import queries as committee_queries
from committee.matters import Kind, Matter
from committee.models import Motion
from donors import locks, permissions, rates
from donors.models import Hold
from donors.operations.holding import hold_if_tied
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.refusals import AlreadyDone, Unacceptable


@transaction.atomic(durable=True)
def hold_text(*, agreement_id: UUID, of: str, text: str, actor: User, at: datetime) -> Hold:
    """
    Hold the text of an amendment or of a condition, so that the committee can be asked before it is signed.

    :raises Missing: if there is no such agreement
    :raises NotPermitted: if the actor is not of the secretariat
    :raises Unacceptable: if nothing in the text ties money to anything, or it is another sort of text
    """
    agreement = locks.agreement(agreement_id)
    permissions.may_keep_donors(actor).enforce()
    if of not in {Hold.AMENDMENT, Hold.CONDITION}:
        raise Unacceptable(_("Agreements and pledges are held as they are recorded."))
    hold = hold_if_tied(text, agreement.donor, of=of, agreement=agreement, by=actor, at=at)
    if hold is None:
        raise Unacceptable(_("This text ties money to nothing, so it need not be held."))
    return hold


@transaction.atomic(durable=True)
def ask_for_preference(*, hold_id: UUID, reason: str, closes_at: datetime, actor: User, at: datetime) -> Motion:
    """
    Ask the committee to accept a text that is held as a preference that binds nobody.

    :raises Missing: if there is no such hold
    :raises NotPermitted: if the actor is not of the secretariat
    :raises AlreadyDone: if it was accepted, or is before the committee
    :raises Unacceptable: if no reason is given
    :raises Refusal: whatever laying a matter before the committee raises
    """
    hold = locks.hold(hold_id)
    permissions.may_keep_donors(actor).enforce()
    _require_open(hold)
    matter = Matter(
        kind=Kind.PREFERENCE,
        subject=hold.id,
        version=1,
        title=_("Accept a non-binding preference of %(donor)s") % {"donor": hold.donor.name},
        summary=_reason(reason),
        amount=Money.zero(rates.FUND_CURRENCY),
        particulars=(
            (_("Held"), f"{hold.reference}, {hold.get_of_display()}"),
            *((f"“{one.words}” {one.reason.label}", one.sentence) for one in hold.found),
            (
                _("If it is carried"),
                _("The words stand as a wish. No money is tied, no programme is owed any, and no report follows it."),
            ),
        ),
        interests=(hold.donor.name,),
    )
    motion = committee_operations.lay_before(matter, proposer=actor, closes_at=closes_at, actor=actor, at=at)
    events.record("preference.asked", about=hold.id, by=actor, at=at, reference=hold.reference)
    return motion


@transaction.atomic(durable=True)
def accept_preference(*, hold_id: UUID, actor: User, at: datetime) -> Hold:
    """
    Let go what a text held, as the committee has decided.

    :raises Missing: if there is no such hold
    :raises NotPermitted: if the actor is not of the secretariat
    :raises AlreadyDone: if it was let go before
    :raises NotDecided: if the committee has not been asked, or has not decided
    :raises NotCarried: if it did not accept it
    """
    hold = locks.hold(hold_id)
    permissions.may_keep_donors(actor).enforce()
    _require_open(hold)
    decision = committee_queries.require_decision(hold.id, 1, Kind.PREFERENCE)

    hold.mark_accepted(decision=decision.reference, by=actor, at=at)
    events.record(
        "preference.accepted", about=hold.id, by=actor, at=at, reference=hold.reference, decision=decision.reference
    )
    return hold


def _require_open(hold: Hold) -> None:
    if hold.is_accepted:
        raise AlreadyDone(
            _("%(reference)s was let go by %(decision)s.") % {"reference": hold.reference, "decision": hold.decision}
        )


def _reason(text: str) -> str:
    plain = text.strip()
    if not plain:
        raise Unacceptable(_("The committee is told why it is asked. Write the reason."))
    return plain
