"""Money in: recorded as the bank says, brought over from an older register, and undone if need be."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bank import locks as bank_locks
from bank import operations as bank_operations
from bank.models import BankLine, Purpose
from donors import locks, permissions, queries, states
from donors.models import Receipt
from donors.operations.receiving import Arrival, receive, require_no_word
from donors.operations.unidentified import let_go
from ledger import operations as ledger_operations
from ledger import queries as ledger_queries
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.refusals import Unacceptable


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
    :raises AlreadyDone: if a receipt with this bank reference stands, or the bank's own line of it has come in
    :raises Unacceptable: if an amount, the day or a reference cannot be, more would be settled than is outstanding, or
        what it settles is more than the figures say: then two people say it (`propose_match`)
    """
    pledge = locks.pledge(pledge_id)
    permissions.may_keep_donors(actor).enforce()
    require_no_word(pledge, received, settles)
    arrival = Arrival(
        received=received,
        value_on=value_on,
        bank_reference=bank_reference.strip(),
        payer=payer.strip(),
        settles=settles,
        usd_value=usd_value,
    )
    return receive(pledge, arrival, by=actor, at=at)


@transaction.atomic(durable=True)
def bring_over_receipt(
    *,
    pledge_id: UUID,
    received: Money,
    value_on: date,
    bank_reference: str,
    payer: str,
    settles: Money,
    actor: User,
    at: datetime,
) -> Receipt:
    """
    Record a receipt that an older register holds, with what it settled as that register says.

    Only a pledge that was itself brought over can have one, so this is no way around the second person.

    :raises Missing: if there is no such pledge; RateMissing if no rate is in force on the value date
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if the pledge is not signed, or paid in full
    :raises AlreadyDone: if a receipt with this bank reference stands
    :raises Unacceptable: if the pledge was not brought over, or an amount, the day or a reference cannot be
    """
    pledge = locks.pledge(pledge_id)
    permissions.may_keep_donors(actor).enforce()
    if not pledge.external_reference:
        raise Unacceptable(
            _("Pledge %(reference)s is this fund's own. Record its receipts from the bank's lines.")
            % {"reference": pledge.reference}
        )
    arrival = Arrival(
        received=received,
        value_on=value_on,
        bank_reference=bank_reference.strip(),
        payer=payer.strip(),
        settles=settles,
        brought_over=True,
    )
    return receive(pledge, arrival, by=actor, at=at)


@transaction.atomic(durable=True)
def reverse_receipt(
    *,
    receipt_id: UUID,
    reason: str,
    reversed_on: date,
    line_id: UUID | None = None,
    actor: User,
    at: datetime,
) -> Receipt:
    """
    Undo a receipt: its entry is reversed, fee and exchange difference with it, and its instalments are open again.

    Without a line it was recorded in error: its own line waits again, and what had been unidentified is so again.
    With the bank's debit the money is gone, out of what was held as unidentified too.

    :param reversed_on: the day it is undone: when the bank took the money back, or the mistake was found
    :param line_id: the bank's debit by which the money went back
    :raises Missing: if there is no such receipt or line
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if it is reversed already
    :raises AlreadyDone: if the debit is used for something else
    :raises Unacceptable: if no reason is given, the day lies before its value date or in the future, or the line is no
        debit of its amount
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
    own = [one for one in (receipt.line_id, line_id) if one is not None]
    lines = bank_locks.lines(own)
    debit = None if line_id is None else lines[line_id]
    if debit is not None:
        _require_return(debit, receipt)

    entry = ledger_queries.entries_about(receipt.id).get(kind="receipt.recorded")
    ledger_operations.reverse(
        entry, reference=f"{receipt.reference}/reversal", memo=reason, effective_on=reversed_on, by=actor, at=at
    )
    receipt.mark_reversed(on=reversed_on, reason=reason, by=actor, at=at)
    if debit is not None:
        bank_operations.use_line(debit, receipt.received, purpose=Purpose.RETURN, subject=receipt.id, by=actor, at=at)
        if receipt.held is not None:
            let_go(
                queries.held_with_rest(receipt.held.pk),
                receipt.received,
                on=reversed_on,
                reason=reason,
                line=debit,
                by=actor,
                at=at,
            )
    else:
        bank_operations.take_back(receipt.id, by=actor, at=at)
    pledge = receipt.pledge
    outstanding = queries.outstanding_of(pledge)
    given_up = queries.written_off_of(pledge)
    pledge.mark(
        states.after_receipts(
            outstanding=outstanding.minor,
            pledged=pledge.minor,
            is_called=queries.is_called(pledge),
            written_off=given_up.minor,
        )
    )
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


def _require_return(debit: BankLine, receipt: Receipt) -> None:
    if debit.is_credit or debit.left < receipt.received or debit.value_on < receipt.value_on:
        raise Unacceptable(
            _("Line %(line)s does not take %(amount)s back. Choose the bank's debit of that amount.")
            % {"line": debit.reference, "amount": receipt.received}
        )
