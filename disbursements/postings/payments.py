"""How money moves when a payment goes from step to step, and between the fund, its bank and organisations."""

from datetime import date
from uuid import UUID

from disbursements.models import DirectCost, Movement, Payment, RefundOffset
from disbursements.movement_kinds import MovementKind
from disbursements.payment_states import PaymentStatus
from ledger import chart
from ledger.drafts import Draft, Leg, credit, debit, legs
from trustfund.core.money import Money

# On which account of the programme the money of a payment waits while it is in a state.
WAITS_ON = {PaymentStatus.PREPARED: chart.IN_PREPARATION, PaymentStatus.CERTIFIED: chart.CERTIFIED}


def prepare(payment: Payment, *, on: date) -> Draft:
    """Move a tranche's money from what is reserved to what is in preparation."""
    return _draft(
        payment,
        "payment.prepared",
        on,
        debit(_of(payment, chart.IN_PREPARATION), payment.amount),
        credit(_of(payment, chart.RESERVED), payment.amount),
    )


def certify(payment: Payment, *, on: date) -> Draft:
    """Move a payment's money from what is in preparation to what is certified."""
    return _draft(
        payment,
        "payment.certified",
        on,
        debit(_of(payment, chart.CERTIFIED), payment.amount),
        credit(_of(payment, chart.IN_PREPARATION), payment.amount),
    )


def release(payment: Payment, *, on: date) -> Draft:
    """Move cash into transit; what was certified is no longer the fund's to hold back."""
    return _draft(
        payment,
        "payment.released",
        on,
        debit(chart.IN_TRANSIT, payment.amount),
        credit(chart.CASH, payment.amount),
        debit(chart.CASH_CONTRA, payment.amount),
        credit(_of(payment, chart.CERTIFIED), payment.amount),
    )


def confirm(payment: Payment, *, on: date) -> Draft:
    """Turn money in transit into a transfer, which the organisation holds from now on."""
    return _draft(
        payment,
        "payment.confirmed",
        on,
        debit(_of(payment, chart.TRANSFERS), payment.amount),
        credit(chart.IN_TRANSIT, payment.amount),
        debit(_of(payment, chart.HELD_BY_PARTNER), payment.amount),
        credit(chart.PARTNER_CONTRA, payment.amount),
    )


def give_back(payment: Payment, *, on: date) -> Draft:
    """Take money that a bank returned back into cash, and reserve it for its tranche again."""
    return _draft(
        payment,
        "payment.returned",
        on,
        debit(chart.CASH, payment.amount),
        credit(chart.IN_TRANSIT, payment.amount),
        debit(_of(payment, chart.RESERVED), payment.amount),
        credit(chart.CASH_CONTRA, payment.amount),
    )


def give_back_arrived(payment: Payment, *, on: date) -> Draft:
    """Take back into cash what had arrived and was returned afterwards, and reserve it for its tranche again."""
    return _draft(
        payment,
        "payment.returned",
        on,
        debit(chart.CASH, payment.amount),
        credit(_of(payment, chart.TRANSFERS), payment.amount),
        debit(_of(payment, chart.RESERVED), payment.amount),
        credit(chart.CASH_CONTRA, payment.amount),
        debit(chart.PARTNER_CONTRA, payment.amount),
        credit(_of(payment, chart.HELD_BY_PARTNER), payment.amount),
    )


def cancel(payment: Payment, *, on: date) -> Draft:
    """Move a payment's money back to what is reserved, from wherever it waits before release."""
    waits_on = WAITS_ON[PaymentStatus(payment.status)]
    return _draft(
        payment,
        "payment.cancelled",
        on,
        debit(_of(payment, chart.RESERVED), payment.amount),
        credit(_of(payment, waits_on), payment.amount),
    )


def take_off(offset: RefundOffset, *, on: date) -> Draft:
    """
    Turn what an organisation holds unspent of one programme into a transfer for another, without moving cash.

    What was reserved for that part of the tranche is spendable, as if the refund had come and the tranche had gone.
    """
    owing = offset.claim.programme.reference
    paid_for = offset.tranche.proposal.programme.reference
    amount = offset.amount
    return Draft(
        kind="refund.taken_off",
        reference=offset.reference,
        effective_on=on,
        legs=legs(
            debit(chart.under(chart.TRANSFERS, paid_for), amount),
            credit(chart.under(chart.REFUNDS, owing), amount),
            debit(chart.under(chart.HELD_BY_PARTNER, paid_for), amount),
            credit(chart.under(chart.HELD_BY_PARTNER, owing), amount),
            debit(chart.SPENDABLE, amount),
            credit(chart.under(chart.RESERVED, paid_for), amount),
        ),
        memo=f"{offset.tranche.reference} {offset.tranche.title}"[:200],
        subject=offset.id,
    )


def charge(cost: DirectCost, *, decision: str, on: date) -> Draft:
    """Take a cost of the fund out of its cash, and out of what is spendable."""
    return Draft(
        kind="direct_cost.charged",
        reference=cost.reference,
        effective_on=on,
        legs=legs(
            debit(chart.DIRECT_COST, cost.amount),
            credit(chart.CASH, cost.amount),
            debit(chart.CASH_CONTRA, cost.amount),
            credit(chart.SPENDABLE, cost.amount),
        ),
        memo=f"{decision}: {cost.title}"[:200],
        subject=cost.id,
    )


def free(amount: Money, *, programme: str, reference: str, on: date, why: str, subject: UUID) -> Draft:
    """Make what is reserved for a programme that has ended spendable again."""
    return Draft(
        kind="reservation.freed",
        reference=reference,
        effective_on=on,
        legs=legs(debit(chart.SPENDABLE, amount), credit(chart.under(chart.RESERVED, programme), amount)),
        memo=why,
        subject=subject,
    )


def move(movement: Movement, *, programme: str = "") -> Draft:
    """
    Move the money of interest, a bank charge, a refund, or expenditure that an organisation reports.

    :param programme: the reference of the programme, for what belongs to one
    """
    kind = MovementKind(movement.kind)
    amount = movement.amount
    into_the_pool = (debit(chart.SPENDABLE, amount), credit(chart.CASH_CONTRA, amount))
    parts: dict[MovementKind, tuple[Leg, ...]] = {
        MovementKind.FUND_INTEREST: (
            debit(chart.CASH, amount),
            credit(chart.FUND_INTEREST, amount),
            *into_the_pool,
        ),
        MovementKind.PARTNER_INTEREST: (
            debit(chart.CASH, amount),
            credit(chart.PARTNER_INTEREST, amount),
            *into_the_pool,
        ),
        MovementKind.BANK_CHARGE: (
            debit(chart.BANK_CHARGES, amount),
            credit(chart.CASH, amount),
            debit(chart.CASH_CONTRA, amount),
            credit(chart.SPENDABLE, amount),
        ),
        MovementKind.REFUND: (
            debit(chart.CASH, amount),
            credit(chart.under(chart.REFUNDS, programme), amount),
            *into_the_pool,
            debit(chart.PARTNER_CONTRA, amount),
            credit(chart.under(chart.HELD_BY_PARTNER, programme), amount),
        ),
        MovementKind.EXPENDITURE: (
            debit(chart.under(chart.EXPENDITURE, programme), amount),
            credit(chart.under(chart.HELD_BY_PARTNER, programme), amount),
        ),
    }
    return Draft(
        kind=POSTED_AS[kind],
        reference=movement.reference,
        effective_on=movement.on,
        legs=legs(*parts[kind]),
        memo=movement.memo,
        subject=movement.id,
    )


POSTED_AS = {
    MovementKind.FUND_INTEREST: "interest.earned",
    MovementKind.PARTNER_INTEREST: "interest.given_back",
    MovementKind.BANK_CHARGE: "charge.taken",
    MovementKind.REFUND: "refund.received",
    MovementKind.EXPENDITURE: "expenditure.reported",
}


def _draft(payment: Payment, kind: str, on: date, *parts: Leg) -> Draft:
    return Draft(
        kind=kind,
        reference=payment.reference,
        effective_on=on,
        legs=legs(*parts),
        memo=f"{payment.tranche.reference} {payment.tranche.title}"[:200],
        subject=payment.id,
    )


def _of(payment: Payment, head: str) -> str:
    return chart.under(head, payment.tranche.proposal.programme.reference)
