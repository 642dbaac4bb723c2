"""When cash does not cover what is certified (R8): payments queue, the committee decides, treasury carries it out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from committee import operations as committee_operations
from committee import queries as committee_queries
from committee.matters import Kind, Matter
from committee.models import Motion
from disbursements import locks as fund_locks
from disbursements.locks import payments as locks
from disbursements.models import Payment, Queueing, ShortfallPlan, ShortfallPlanCarriedOut, ShortfallShare
from disbursements.operations.payments import cancel, record
from disbursements.payment_states import PaymentStatus
from disbursements.permissions import treasury as permissions
from disbursements.queries import shortfalls as queries
from disbursements.shortfalls import Share, require_payable
from ledger import chart
from ledger import queries as ledger_queries
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.money import Money, total
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, Conflict, Unacceptable, WrongState

_WORDS: Final = 1000


@transaction.atomic(durable=True)
def queue_payment(*, payment_id: UUID, actor: User, at: datetime) -> Payment:
    """
    Queue a certified payment that finds too little cash, and tell the committee.

    :raises Missing: if there is no such payment
    :raises NotPermitted: if the actor is no treasury officer
    :raises WrongState: if it is not certified, or cash covers it
    :raises AlreadyDone: if it is queued
    """
    payment = locks.payment(payment_id)
    permissions.may_queue(actor).enforce()
    if payment.status != PaymentStatus.CERTIFIED:
        raise WrongState(_("Only a payment that waits for release can be queued."))
    if queries.is_queued(payment):
        raise AlreadyDone(_("The payment is queued already, and the committee was told."))
    cash = ledger_queries.balance_of(chart.CASH)
    if cash >= payment.amount:
        raise WrongState(
            _("The fund holds %(cash)s, which covers this payment. Release it instead.") % {"cash": str(cash)}
        )
    _queue(payment, cash, actor=actor, at=at)
    return payment


@transaction.atomic(durable=True)
def queue_short_payments(*, at: datetime) -> list[Payment]:
    """
    Queue every certified payment that cash does not cover. The timetable does this each hour.

    Doing it twice changes nothing more.
    """
    queued = []
    for payment_id in queries.certified_and_not_queued():
        payment = locks.payment(payment_id)
        cash = ledger_queries.balance_of(chart.CASH)
        if payment.status == PaymentStatus.CERTIFIED and not queries.is_queued(payment) and cash < payment.amount:
            _queue(payment, cash, actor=None, at=at)
            queued.append(payment)
    return queued


def _queue(payment: Payment, cash: Money, *, actor: User | None, at: datetime) -> None:
    Queueing.objects.create(
        payment=payment,
        cash_minor=cash.minor,
        reason=_("%(missing)s is missing") % {"missing": payment.amount - cash},
        queued_by=actor,
        queued_at=at,
    )
    record("payment.queued", payment, actor=actor, at=at, cash=str(cash))


@transaction.atomic(durable=True)
def ask_what_to_pay(
    *, pay: Mapping[UUID, Money], order: Mapping[UUID, int], reason: str, closes_at: datetime, actor: User, at: datetime
) -> tuple[ShortfallPlan, Motion]:
    """
    Lay before the committee which of the queued payments are paid: in full, in part, or not now, by priority.

    :param pay: how much of each queued payment is paid
    :param order: the priority of each, 1 first
    :raises NotPermitted: if the actor is not of the secretariat
    :raises Conflict: if other payments are queued than the plan names
    :raises Unacceptable: if the plan pays more than the cash there is, or more than a payment asks, or says no reason
    :raises Refusal: whatever `committee.operations.lay_before` raises
    """
    fund_locks.fund()
    permissions.may_ask_committee(actor).enforce()
    queued = {one.payment_id: one.payment for one in queries.queue()}
    if set(pay) != set(queued) or set(order) != set(queued):
        raise Conflict(_("Other payments are queued now than this plan names. Reload the page and plan again."))
    cash = ledger_queries.balance_of(chart.CASH)
    ranked = sorted(queued.values(), key=lambda payment: (order[payment.pk], payment.reference))
    shares = [Share(payment.pk, payment.reference, payment.amount, pay[payment.pk]) for payment in ranked]
    require_payable(shares, cash)
    if not reason.strip():
        raise Unacceptable(_("Say why in this order. The committee reads it before it votes."))
    plan = ShortfallPlan.objects.create(
        reference=next_reference("SF", at.date()),
        cash_minor=cash.minor,
        currency=cash.currency,
        reason=reason.strip()[:_WORDS],
        drawn_by=actor,
        drawn_at=at,
    )
    for priority, share in enumerate(shares, start=1):
        ShortfallShare.objects.create(
            plan=plan, payment=queued[share.payment], priority=priority, pay_minor=share.pay.minor
        )
    motion = committee_operations.lay_before(
        Matter(
            kind=Kind.SHORTFALL,
            subject=plan.id,
            version=1,
            title=_("Pay with %(cash)s what asks for %(asked)s")
            % {"cash": cash, "asked": total((share.asked for share in shares), cash.currency)},
            summary=plan.reason,
            amount=total((share.pay for share in shares), cash.currency),
            particulars=tuple(
                (
                    f"{priority}. {share.reference}, {queued[share.payment].bank_account.organisation.name}",
                    _("%(pay)s of %(asked)s") % {"pay": share.pay, "asked": share.asked},
                )
                for priority, share in enumerate(shares, start=1)
            ),
            interests=tuple(sorted({payment.bank_account.organisation.name for payment in ranked})),
        ),
        proposer=actor,
        closes_at=closes_at,
        actor=actor,
        at=at,
    )
    events.record("shortfall.laid", about=plan.id, by=actor, at=at, reference=plan.reference, motion=motion.reference)
    return plan, motion


@transaction.atomic(durable=True)
def carry_out_plan(*, plan_id: UUID, actor: User, at: datetime) -> ShortfallPlan:
    """
    Carry out what the committee decided on a shortfall.

    Payments that it pays in full may be released before the others. One that it pays in part is cancelled, and the
    part is prepared, certified and released anew by people who have not signed it. The rest stays queued.

    :raises Missing: if there is no such plan
    :raises NotPermitted: if the actor is no treasury officer
    :raises AlreadyDone: if it was carried out
    :raises NotDecided: if the committee was not asked, or voting is still open
    :raises NoQuorum: if too few voted
    :raises NotCarried: if the vote was tied or lost
    """
    fund_locks.fund()
    plan = queries.plan_of(plan_id)
    permissions.may_carry_out(actor).enforce()
    if hasattr(plan, "carried_out"):
        raise AlreadyDone(_("This plan was carried out on %(decision)s.") % {"decision": plan.carried_out.decision})
    decision = committee_queries.require_decision(plan.id, 1, Kind.SHORTFALL)
    ShortfallPlanCarriedOut.objects.create(
        plan=plan, decision=decision.reference, carried_out_by=actor, carried_out_at=at
    )
    for share in plan.shares.all():
        if not share.share.is_part:
            continue
        payment = locks.payment(share.payment_id)
        if payment.status == PaymentStatus.CERTIFIED:
            said = {"decision": decision.reference, "pay": share.share.pay}
            cancel(
                payment,
                note=_("%(decision)s pays %(pay)s of it now. Prepare that part.") % said,
                nonce=uuid5(plan.id, payment.reference),
                actor=actor,
                at=at,
            )
    events.record(
        "shortfall.carried_out",
        about=plan.id,
        by=actor,
        at=at,
        reference=plan.reference,
        decision=decision.reference,
    )
    return plan
