"""The fund's own costs: none is charged before the committee has decided it (R12)."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from committee import queries as committee_queries
from committee.matters import Kind, Matter
from committee.models import Motion
from committee.operations import Hearing, lay_before
from disbursements import locks
from disbursements.models import DirectCost, DirectCostCharged
from disbursements.permissions import treasury as permissions
from disbursements.postings import payments as postings
from disbursements.queries import direct_costs as queries
from disbursements.queries.fund import spendable
from ledger import operations as ledger
from trustfund.core import events, step_up
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, InsufficientFunds, Unacceptable
from trustfund.core.step_up import Proof

_NAME: Final = 140
_WORDS: Final = 1000
_REFERENCE: Final = 64


@transaction.atomic(durable=True)
def ask_for_direct_cost(
    *, title: str, payee: str, amount: Money, reason: str, hearing: Hearing, actor: User, at: datetime
) -> tuple[DirectCost, Motion]:
    """
    Lay a cost of the fund before the committee. Nothing is charged before it is carried.

    :raises NotPermitted: if the actor is not of the secretariat
    :raises Unacceptable: if it is not said what it is, to whom or why, or it is no amount in the fund's currency
    :raises InsufficientFunds: if less is spendable
    :raises Refusal: whatever `committee.operations.lay_before` raises
    """
    locks.fund()
    permissions.may_ask_committee(actor).enforce()
    if amount.minor <= 0 or amount.currency != settings.FUND_CURRENCY:
        raise Unacceptable(_("Write an amount above zero, in %(currency)s.") % {"currency": settings.FUND_CURRENCY})
    said = [" ".join(words.split()) for words in (title, payee)]
    if not all(0 < len(words) <= _NAME for words in said) or not 0 < len(reason.strip()) <= _WORDS:
        raise Unacceptable(_("Say what it is, who is paid and why the fund bears it. The committee reads it."))
    _require_spendable(amount)
    cost = DirectCost.objects.create(
        reference=next_reference("DC", at.date()),
        title=said[0],
        payee=said[1],
        amount_minor=amount.minor,
        currency=amount.currency,
        reason=reason.strip(),
        asked_by=actor,
        asked_at=at,
    )
    motion = lay_before(
        Matter(
            kind=Kind.DIRECT_COST,
            subject=cost.id,
            version=1,
            title=_("Bear %(amount)s for %(title)s") % {"amount": amount, "title": cost.title},
            summary=cost.reason,
            amount=amount,
            particulars=((_("Who is paid"), cost.payee), (_("Spendable now"), str(spendable()))),
            interests=(cost.payee,),
        ),
        proposer=actor,
        closes_at=hearing.closes_at,
        actor=actor,
        at=at,
        way=hearing.way,
        meeting_id=hearing.meeting_id,
    )
    events.record(
        "direct_cost.asked", about=cost.id, by=actor, at=at, reference=cost.reference, motion=motion.reference
    )
    return cost, motion


@transaction.atomic(durable=True)
def charge_direct_cost(
    *, cost_id: UUID, bank_reference: str, on: date, proof: Proof, nonce: UUID, actor: User, at: datetime
) -> DirectCost:
    """
    Record that a cost which the committee carried left the fund's account.

    :param bank_reference: of the bank's line by which it left
    :param on: the day of that line
    :param proof: a fresh second factor, bound to `queries.direct_costs.fingerprint_of(cost, nonce)`
    :raises Missing: if there is no such cost
    :raises NotPermitted: if the actor is no treasury officer
    :raises AlreadyDone: if it was charged
    :raises NotDecided: if the committee was not asked, or voting is still open
    :raises NoQuorum: if too few voted
    :raises NotCarried: if the vote was tied or lost
    :raises Unacceptable: if the bank's line is not named, or its day is before the decision or still to come
    :raises InsufficientFunds: if less is spendable
    :raises SecondFactorFailed: if the second factor is wrong or was used
    """
    locks.fund()
    cost = queries.cost_of(cost_id)
    permissions.may_carry_out(actor).enforce()
    if hasattr(cost, "charged"):
        raise AlreadyDone(_("This was charged on %(decision)s.") % {"decision": cost.charged.decision})
    decision = committee_queries.require_decision(cost.id, 1, Kind.DIRECT_COST)
    if not 0 < len(bank_reference.strip()) <= _REFERENCE:
        raise Unacceptable(_("Name the bank's line by which it left, at most 64 signs."))
    if not decision.decided_at.date() <= on <= at.date():
        raise Unacceptable(_("It left the account on a day between the decision and today. Check the day."))
    _require_spendable(cost.amount)
    confirmation = step_up.confirm(
        proof=proof, person=actor, purpose="direct_cost.charge", fingerprint=queries.fingerprint_of(cost, nonce), at=at
    )
    DirectCostCharged.objects.create(
        cost=cost,
        decision=decision.reference,
        bank_reference=bank_reference.strip(),
        on=on,
        confirmation=confirmation,
        charged_by=actor,
        charged_at=at,
    )
    ledger.post_late(postings.charge(cost, decision=decision.reference, on=on), by=actor, at=at)
    events.record(
        "direct_cost.charged",
        about=cost.id,
        by=actor,
        at=at,
        reference=cost.reference,
        decision=decision.reference,
        amount=str(cost.amount),
    )
    return cost


def _require_spendable(amount: Money) -> None:
    free = spendable()
    if amount > free:
        raise InsufficientFunds(
            _("The fund can spend %(free)s, and this costs %(amount)s. Wait for receipts.")
            % {"free": free, "amount": amount}
        )
