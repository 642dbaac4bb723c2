"""The cap of a donor's share of the pool: set in versions, and asked about when a donor is above it."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from committee import operations as committee_operations
from committee.matters import Kind, Matter
from committee.models import Motion
from donors import locks, permissions, queries, rates, shares
from donors.models import DonorCap, ShareQuestion
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.refusals import AlreadyDone, Unacceptable

_PLACES = 4


@transaction.atomic(durable=True)
def set_donor_cap(*, share: Decimal, reason: str, actor: User, at: datetime) -> DonorCap:
    """
    Set the share of the pool above which a donor is a matter for the committee, as the next version.

    :param share: a fraction of the pool, 0.30 for thirty per cent
    :raises NotPermitted: if the actor is not the fund administrator
    :raises Unacceptable: if it is no share, has too many decimals, or no reason is given
    :raises AlreadyDone: if this share is in force
    """
    latest = locks.latest_cap()
    permissions.may_set_cap(actor).enforce()
    if not share.is_finite() or not 0 < share <= 1 or share != round(share, _PLACES):
        raise Unacceptable(_("A cap is more than nothing and at most the whole pool, in steps of 0.01 per cent."))
    if not reason.strip():
        raise Unacceptable(_("A cap has a reason. Name the decision or the rule it follows."))
    if share == queries.cap_in_force():
        raise AlreadyDone(_("This cap is in force already."))

    cap = DonorCap.objects.create(
        version=(latest.version if latest else 0) + 1, share=share, reason=reason.strip(), set_by=actor, set_at=at
    )
    events.record("donor_cap.set", about=actor.pk, by=actor, at=at, version=cap.version, share=str(share))
    return cap


@transaction.atomic(durable=True)
def ask_about_share(*, donor_id: UUID, reason: str, closes_at: datetime, actor: User, at: datetime) -> Motion:
    """
    Ask the committee to accept that a donor's share of the pool is above the cap, up to what it is now.

    :raises Missing: if there is no such donor
    :raises NotPermitted: if the actor is not of the secretariat
    :raises Unacceptable: if the donor is not above the cap, or no reason is given
    :raises AlreadyDone: if the committee has accepted as much, or is being asked
    :raises Refusal: whatever laying a matter before the committee raises
    """
    donor = locks.donor(donor_id)
    permissions.may_keep_donors(actor).enforce()
    found = queries.concentration_of(donor)
    if not reason.strip():
        raise Unacceptable(_("The committee is told why it is asked. Write the reason."))
    if not found.is_above_cap:
        raise Unacceptable(_("%(donor)s is not above the cap, so nothing is asked.") % {"donor": donor.name})
    if not found.is_to_be_asked:
        raise AlreadyDone(_("The committee has accepted this share of %(donor)s.") % {"donor": donor.name})
    if queries.open_share_question(donor) is not None:
        raise AlreadyDone(_("The committee is being asked about %(donor)s. Wait for its vote.") % {"donor": donor.name})

    up_to = shares.as_stored(found.largest)
    question = ShareQuestion.objects.create(
        donor=donor,
        promised=shares.as_stored(found.promised),
        received=shares.as_stored(found.received),
        cap=found.cap,
        up_to=up_to,
        reason=reason.strip(),
        asked_by=actor,
        asked_at=at,
    )
    matter = Matter(
        kind=Kind.CONCENTRATION,
        subject=question.id,
        version=1,
        title=_("Accept %(donor)s above the cap") % {"donor": donor.name},
        summary=question.reason,
        amount=Money.zero(rates.FUND_CURRENCY),
        particulars=(
            (_("Share of all signed pledges"), _percent(question.promised)),
            (_("Share of all money received"), _percent(question.received)),
            (_("Cap"), _percent(question.cap)),
            (_("Asked for: no more than"), _percent(question.up_to)),
        ),
        interests=(donor.name,),
    )
    motion = committee_operations.lay_before(matter, proposer=actor, closes_at=closes_at, actor=actor, at=at)
    events.record("share.asked", about=donor.id, by=actor, at=at, name=donor.name, up_to=str(up_to))
    return motion


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}%"
