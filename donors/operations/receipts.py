"""Money in: recorded as the bank says, valued, allocated to the oldest unpaid instalment, and undone if need be."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from donors import locks, permissions, postings, queries, rates, states
from donors.models import Allocation, Early, ExchangeRate, Instalment, Pledge, Receipt
from donors.schedule import allocate
from donors.states import Status
from ledger import operations as ledger_operations
from ledger import queries as ledger_queries
from trustfund.core import events
from trustfund.core.db import constraint_of
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, Unacceptable


@transaction.atomic(durable=True)
def record_receipt(
    *,
    pledge_id: UUID,
    received: Money,
    value_on: date,
    bank_reference: str,
    payer: str,
    settles: Money | None = None,
    usd_value: Money | None = None,
    actor: User,
    at: datetime,
) -> Receipt:
    """
    Record money that arrived against a pledge: to the oldest unpaid instalment, spilling into the next.

    Its USD value is rounded half up at the operational rate of the value date (R1), unless the bank says what it
    credited in USD; the agreement's fee is taken from it (R2); what it differs from the pledge-date value is the
    fund's exchange difference (R3). Money that came before the pledge is recorded with a warning (R14).

    :param settles: how much of the pledge it pays, when that is not the amount received itself
    :param usd_value: what the bank credited in USD for money in another currency
    :raises Missing: if there is no such pledge; RateMissing if no rate is in force on the value date
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if the pledge is not signed, or paid in full
    :raises AlreadyDone: if a receipt with this bank reference stands
    :raises Unacceptable: if an amount, the day or a reference cannot be, or more would be settled than is outstanding
    """
    pledge = locks.pledge(pledge_id)
    permissions.may_keep_donors(actor).enforce()
    states.require_open(Status(pledge.status))
    bank_reference, payer = bank_reference.strip(), payer.strip()
    _require_bank_line(received, value_on, bank_reference, payer, at.date())
    unpaid = queries.unpaid_instalments(pledge)
    outstanding = queries.outstanding_of(pledge)
    settled = _settled(pledge, received, settles, outstanding)
    gross, rate = _gross(received, usd_value, value_on)
    worth = _valued(pledge, gross, settled, outstanding)

    receipt = Receipt(
        reference=next_reference("R", at.date(), digits=4),
        pledge=pledge,
        bank_reference=bank_reference,
        payer=payer,
        value_on=value_on,
        received_minor=received.minor,
        received_currency=received.currency,
        settles_minor=settled.minor,
        settles_currency=settled.currency,
        gross_usd_minor=gross.minor,
        pledge_rate_usd_minor=worth.pledge_rate.minor,
        fee_usd_minor=worth.fee.minor,
        rate=rate,
        came_before=_came_before(pledge, value_on),
        recorded_by=actor,
        recorded_at=at,
    )
    ledger_operations.post_late(postings.receive(receipt), by=actor, at=at)
    _write(receipt, allocate(settled, unpaid))
    pledge.mark(states.after_receipts(outstanding=(outstanding - settled).minor, pledged=pledge.minor))
    events.record(
        "receipt.recorded",
        about=receipt.id,
        by=actor,
        at=at,
        reference=receipt.reference,
        pledge=pledge.reference,
        received=str(received),
        gross=str(gross),
        came_before=receipt.came_before,
    )
    return receipt


@transaction.atomic(durable=True)
def reverse_receipt(*, receipt_id: UUID, reason: str, reversed_on: date, actor: User, at: datetime) -> Receipt:
    """
    Undo a receipt: its entry is reversed, fee and exchange difference with it, and its instalments are open again.

    :param reversed_on: the day it is undone: when the bank took the money back, or the mistake was found
    :raises Missing: if there is no such receipt
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if it is reversed already
    :raises Unacceptable: if no reason is given, or the day lies before its value date or in the future
    :raises InsufficientFunds: if the money is no longer spendable; the committee must free it first
    """
    receipt = locks.receipt(receipt_id)
    permissions.may_reverse(actor, receipt).enforce()
    reason = reason.strip()
    if not reason:
        raise Unacceptable(_("A reversal has a reason. Say what happened, for the record."))
    if not receipt.value_on <= reversed_on <= at.date():
        raise Unacceptable(
            _("A receipt is reversed on or after its value date, and not in the future. Check the date.")
        )

    entry = ledger_queries.entries_about(receipt.id).get(kind="receipt.recorded")
    ledger_operations.reverse(
        entry, reference=f"{receipt.reference}/reversal", memo=reason, effective_on=reversed_on, by=actor, at=at
    )
    receipt.mark_reversed(on=reversed_on, reason=reason, by=actor, at=at)
    pledge = receipt.pledge
    outstanding = queries.outstanding_of(pledge)
    pledge.mark(states.after_receipts(outstanding=outstanding.minor, pledged=pledge.minor))
    events.record(
        "receipt.reversed",
        about=receipt.id,
        by=actor,
        at=at,
        reference=receipt.reference,
        pledge=pledge.reference,
        reason=reason,
    )
    return receipt


def _require_bank_line(received: Money, value_on: date, bank_reference: str, payer: str, today: date) -> None:
    if received.minor <= 0:
        raise Unacceptable(_("A receipt is more than zero. Write what the bank credited."))
    if value_on > today:
        raise Unacceptable(_("The value date lies in the future. Record the money when it has arrived."))
    if not bank_reference or not payer:
        raise Unacceptable(_("A receipt names the bank's reference and the payer. Copy both from the bank's line."))
    if Receipt.objects.filter(bank_reference=bank_reference, reversed_at=None).exists():
        raise _received_before(bank_reference)


def _received_before(bank_reference: str) -> AlreadyDone:
    return AlreadyDone(
        _("The bank's line %(reference)s is recorded already. Look for it in the list of receipts.")
        % {"reference": bank_reference}
    )


def _settled(pledge: Pledge, received: Money, settles: Money | None, outstanding: Money) -> Money:
    """Return how much of the pledge the money pays, or refuse."""
    if settles is None:
        if received.currency != pledge.currency:
            raise Unacceptable(
                _("The pledge is in %(pledged)s and the money in %(received)s. Say how much of the pledge it settles.")
                % {"pledged": pledge.currency, "received": received.currency}
            )
        settles = received
    if settles.currency != pledge.currency or settles.minor <= 0:
        raise Unacceptable(
            _("What a receipt settles is more than zero, in the pledge's currency, %(currency)s.")
            % {"currency": pledge.currency}
        )
    if pledge.currency == pledge.payment_currency == received.currency and settles > received:
        raise Unacceptable(
            _("%(received)s cannot settle %(settles)s of a pledge in the same currency. The committee alone forgives.")
            % {"received": received, "settles": settles}
        )
    if settles > outstanding:
        raise Unacceptable(
            _("Only %(outstanding)s of this pledge is outstanding. Say how much of it the money settles.")
            % {"outstanding": outstanding}
        )
    return settles


def _gross(received: Money, usd_value: Money | None, value_on: date) -> tuple[Money, ExchangeRate | None]:
    """Return what arrived in USD, and the rate that says so, if one does."""
    if received.currency == rates.FUND_CURRENCY:
        if usd_value is not None and usd_value != received:
            raise Unacceptable(_("Money in USD is worth itself. Leave the USD value out."))
        return received, None
    if usd_value is not None:
        if usd_value.currency != rates.FUND_CURRENCY or usd_value.minor <= 0:
            raise Unacceptable(_("What the bank credited is more than zero, in USD."))
        return usd_value, None
    rate = queries.rate_on(received.currency, value_on)
    gross = rates.gross_usd(received, rate.units_per_usd)
    if not gross:
        raise Unacceptable(_("This is worth less than one cent. It cannot be recorded as a receipt."))
    return gross, rate


def _valued(pledge: Pledge, gross: Money, settled: Money, outstanding: Money) -> rates.Valuation:
    if pledge.usd_value is None or pledge.agreement is None:
        raise ValueError("A signed pledge has a value and an agreement; PostgreSQL sees to it.")
    return rates.valued(
        gross=gross,
        settled_after=pledge.amount - outstanding + settled,
        booked_before=queries.booked_at_pledge_rate(pledge),
        pledged=pledge.amount,
        pledge_usd=pledge.usd_value,
        fee_rate=pledge.agreement.fee_rate,
    )


def _came_before(pledge: Pledge, value_on: date) -> Early:
    if value_on < pledge.announced_on:
        return Early.ANNOUNCEMENT
    if pledge.signed_on is not None and value_on < pledge.signed_on:
        return Early.SIGNATURE
    return Early.NOTHING


def _write(receipt: Receipt, parts: list[tuple[Instalment, Money]]) -> None:
    """Write the allocations before the receipt: PostgreSQL then checks that they add up, and takes none afterwards."""
    Allocation.objects.bulk_create(
        Allocation(receipt=receipt, instalment=instalment, minor=part.minor, currency=part.currency)
        for instalment, part in parts
    )
    try:
        receipt.save(force_insert=True)
    except IntegrityError as error:
        if constraint_of(error) == "a_bank_line_is_received_once":
            raise _received_before(receipt.bank_reference) from error
        raise
