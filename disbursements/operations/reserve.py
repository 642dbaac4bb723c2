"""What can happen to the continuity reserve: raised, to its floor or above, and used as the committee decides."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from committee import operations as committee_operations
from committee import queries as committee_queries
from committee.matters import Kind, Matter
from committee.models import Motion
from disbursements import locks, permissions, postings
from disbursements.models import ReserveUse, ReserveUsed
from disbursements.permissions import treasury as treasury_permissions
from disbursements.queries import reserve as queries
from disbursements.queries.fund import continuity_reserve, spendable
from ledger import operations as ledger
from ledger.queries import Entry
from trustfund.core import events, step_up
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, InsufficientFunds, Unacceptable
from trustfund.core.step_up import Proof

_WORDS: Final = 1000
_TOLD_EVERY: Final = timedelta(days=7)


@transaction.atomic(durable=True)
def set_aside_continuity_reserve(*, reserve: Money, reason: str, actor: User, at: datetime) -> Entry:
    """
    Raise the continuity reserve to an amount; what it takes to get there is no longer spendable.

    :param reserve: what the reserve is to be afterwards, in the fund's currency
    :raises NotPermitted: if the actor is not a treasury officer
    :raises Unacceptable: if the reserve is this high already, or no reason is given
    :raises InsufficientFunds: if less than that is spendable
    """
    locks.fund()
    permissions.may_set_aside(actor).enforce()
    held = continuity_reserve()
    if reserve <= held:
        raise Unacceptable(
            _("The continuity reserve holds %(held)s and is only raised here. Name a higher amount.") % {"held": held}
        )
    if not reason.strip():
        raise Unacceptable(_("Say what the reserve is for. The reason stays in the books."))
    amount = reserve - held
    left = spendable()
    if amount > left:
        raise InsufficientFunds(
            _("This would set aside %(amount)s and %(left)s is spendable. Name a smaller amount.")
            % {"amount": amount, "left": left}
        )
    return _raise(amount, reason.strip(), to=reserve, actor=actor, at=at)


@transaction.atomic(durable=True)
def raise_reserve_to_floor(*, actor: User, at: datetime) -> Entry:
    """
    Raise the continuity reserve to its floor, the approved tranches of the next months, or as near as spendable allows.

    :raises NotPermitted: if the actor is not a treasury officer
    :raises AlreadyDone: if it stands at its floor or above
    :raises InsufficientFunds: if nothing is spendable
    """
    locks.fund()
    permissions.may_set_aside(actor).enforce()
    floor = queries.floor(at.date())
    if not floor.shortfall:
        raise AlreadyDone(_("The reserve holds %(held)s, and its floor is %(floor)s. Nothing is missing.") % floor.said)
    amount = min(floor.shortfall, spendable())
    if not amount:
        raise InsufficientFunds(
            _("%(missing)s is missing to the floor and nothing is spendable. Wait for receipts.") % floor.said
        )
    reason = _("Floor of %(months)d months: %(floor)s") % floor.said
    return _raise(amount, reason, to=floor.held + amount, actor=actor, at=at)


def _raise(amount: Money, reason: str, *, to: Money, actor: User, at: datetime) -> Entry:
    draft = postings.set_aside(amount, reference=next_reference("CR", at.date()), reason=reason, on=at.date())
    entry = ledger.post(draft, by=actor, at=at)
    events.record("reserve.raised", about=postings.CONTINUITY_RESERVE, by=actor, at=at, reserve=str(to), reason=reason)
    return entry


@transaction.atomic(durable=True)
def watch_reserve(*, at: datetime) -> bool:
    """
    Tell treasury when the reserve stands below its floor, at most once a week. The timetable does this each day.

    :returns: whether somebody was told
    """
    locks.fund()
    floor = queries.floor(at.date())
    if not floor.shortfall or queries.was_told_since(at - _TOLD_EVERY):
        return False
    events.record("reserve.below_floor", about=postings.CONTINUITY_RESERVE, by=None, at=at, **floor.facts)
    return True


@transaction.atomic(durable=True)
def ask_to_use_reserve(
    *, amount: Money, reason: str, refill: str, closes_at: datetime, actor: User, at: datetime
) -> tuple[ReserveUse, Motion]:
    """
    Lay before the committee that some of the continuity reserve is used. Nothing moves before it is carried.

    :param refill: how the reserve comes back to its floor
    :raises NotPermitted: if the actor is not of the secretariat
    :raises Unacceptable: if it is more than the reserve holds, or why or how it comes back is not said
    :raises Refusal: whatever `committee.operations.lay_before` raises
    """
    locks.fund()
    treasury_permissions.may_ask_committee(actor).enforce()
    held = continuity_reserve()
    if amount.currency != settings.FUND_CURRENCY or not 0 < amount.minor <= held.minor:
        raise Unacceptable(_("The reserve holds %(held)s. Ask for an amount above zero within it.") % {"held": held})
    if not reason.strip() or not refill.strip():
        raise Unacceptable(_("Say what the reserve is needed for, and how it comes back to its floor."))
    use = ReserveUse.objects.create(
        reference=next_reference("RU", at.date()),
        amount_minor=amount.minor,
        currency=amount.currency,
        reason=reason.strip()[:_WORDS],
        refill=refill.strip()[:_WORDS],
        asked_by=actor,
        asked_at=at,
    )
    floor = queries.floor(at.date())
    motion = committee_operations.lay_before(
        Matter(
            kind=Kind.RESERVE,
            subject=use.id,
            version=1,
            title=_("Use %(amount)s of the continuity reserve") % {"amount": amount},
            summary=use.reason,
            amount=amount,
            particulars=(
                (_("Reserve now"), str(held)),
                (_("Floor"), _("%(floor)s, the approved tranches of %(months)d months") % floor.said),
                (_("Reserve afterwards"), str(held - amount)),
                (_("How it comes back"), use.refill),
            ),
        ),
        proposer=actor,
        closes_at=closes_at,
        actor=actor,
        at=at,
    )
    events.record("reserve.use_asked", about=use.id, by=actor, at=at, reference=use.reference, motion=motion.reference)
    return use, motion


@transaction.atomic(durable=True)
def use_reserve(*, use_id: UUID, proof: Proof, nonce: UUID, actor: User, at: datetime) -> ReserveUse:
    """
    Carry out what the committee decided: the amount leaves the continuity reserve and is spendable again.

    :param proof: a fresh second factor, bound to `queries.reserve.fingerprint_of(use, nonce)`
    :raises Missing: if there is no such request
    :raises NotPermitted: if the actor is no treasury officer
    :raises AlreadyDone: if it was carried out
    :raises NotDecided: if the committee was not asked, or voting is still open
    :raises NoQuorum: if too few voted
    :raises NotCarried: if the vote was tied or lost
    :raises InsufficientFunds: if the reserve no longer holds it
    :raises SecondFactorFailed: if the second factor is wrong or was used
    """
    locks.fund()
    use = queries.use_of(use_id)
    treasury_permissions.may_carry_out(actor).enforce()
    if hasattr(use, "used"):
        raise AlreadyDone(_("This was carried out on %(decision)s.") % {"decision": use.used.decision})
    decision = committee_queries.require_decision(use.id, 1, Kind.RESERVE)
    held = continuity_reserve()
    if use.amount > held:
        raise InsufficientFunds(
            _("The reserve holds %(held)s, and the decision is about %(amount)s. Ask the committee anew.")
            % {"held": held, "amount": use.amount}
        )
    confirmation = step_up.confirm(
        proof=proof, person=actor, purpose="reserve.use", fingerprint=queries.fingerprint_of(use, nonce), at=at
    )
    ledger.post(
        postings.use_reserve(
            use.amount,
            reference=use.reference,
            decision=decision.reference,
            reason=use.reason,
            subject=use.id,
            on=at.date(),
        ),
        by=actor,
        at=at,
    )
    ReserveUsed.objects.create(
        use=use, decision=decision.reference, confirmation=confirmation, used_by=actor, used_at=at
    )
    events.record(
        "reserve.used",
        about=postings.CONTINUITY_RESERVE,
        by=actor,
        at=at,
        reference=use.reference,
        decision=decision.reference,
        amount=str(use.amount),
    )
    return use
