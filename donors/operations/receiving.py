"""What every way of recording money that arrived shares: checked, valued, posted, allocated, written."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError
from django.utils.translation import gettext as _

from bank import operations as bank_operations
from bank import queries as bank_queries
from bank.models import BankLine, Purpose
from donors import postings, queries, rates, states
from donors.models import Allocation, Early, ExchangeRate, Instalment, Pledge, Receipt, Unidentified
from donors.schedule import allocate
from donors.states import Status
from ledger import operations as ledger_operations
from trustfund.core import events
from trustfund.core.db import constraint_of, require_transaction
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, Unacceptable


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """
    Money that arrived for a pledge, and who says so.

    :param settles: how much of the pledge it pays, when that is not the amount received itself
    :param usd_value: what the bank credited in USD for money in another currency
    :param line: the bank's line it is, held by the caller
    :param held: the unidentified money it comes out of, whose line the caller holds
    :param confirmed_by: who else says so
    :param brought_over: whether an older register says so
    """

    received: Money
    value_on: date
    bank_reference: str
    payer: str
    settles: Money | None = None
    usd_value: Money | None = None
    line: BankLine | None = None
    held: Unidentified | None = None
    confirmed_by: User | None = None
    brought_over: bool = False


def receive(pledge: Pledge, arrival: Arrival, *, by: User, at: datetime, posted_by: User | None = None) -> Receipt:
    """
    Record what arrived for a pledge that the caller holds: to the oldest unpaid instalment, spilling into the next.

    :param by: who recorded it, or proposed it first
    :param posted_by: who puts it in the books, when that is the second person
    :raises Refusal: as the operations that call this say
    """
    require_transaction()
    states.require_open(Status(pledge.status))
    _require_bank_line(arrival, at.date())
    unpaid = queries.unpaid_instalments(pledge)
    outstanding = queries.outstanding_of(pledge)
    given_up = queries.written_off_of(pledge)
    settled = settled_by(pledge, arrival, outstanding)
    gross, rate = _gross(arrival)
    worth = _valued(pledge, gross, settled, arrival.value_on)

    receipt = Receipt(
        reference=next_reference("R", at.date(), digits=4),
        pledge=pledge,
        bank_reference=arrival.bank_reference,
        payer=arrival.payer,
        value_on=arrival.value_on,
        received_minor=arrival.received.minor,
        received_currency=arrival.received.currency,
        settles_minor=settled.minor,
        settles_currency=settled.currency,
        gross_usd_minor=gross.minor,
        pledge_rate_usd_minor=worth.pledge_rate.minor,
        fee_usd_minor=worth.fee.minor,
        rate=rate,
        came_before=_came_before(pledge, arrival.value_on),
        line=arrival.line,
        held=arrival.held,
        confirmed_by=arrival.confirmed_by,
        brought_over=arrival.brought_over,
        recorded_by=by,
        recorded_at=at,
    )
    ledger_operations.post_late(postings.receive(receipt), by=posted_by or by, at=at)
    if arrival.line is not None and arrival.held is None:
        bank_operations.use_line(
            arrival.line, arrival.received, purpose=Purpose.RECEIPT, subject=receipt.id, by=posted_by or by, at=at
        )
    _write(receipt, allocate(settled, unpaid))
    pledge.mark(
        states.after_receipts(
            outstanding=(outstanding - settled).minor,
            pledged=pledge.minor,
            is_called=queries.is_called(pledge),
            written_off=given_up.minor,
        )
    )
    events.record(
        "receipt.recorded",
        about=receipt.id,
        by=posted_by or by,
        at=at,
        reference=receipt.reference,
        pledge=pledge.reference,
        received=str(arrival.received),
        gross=str(gross),
        came_before=receipt.came_before,
    )
    return receipt


def settled_by(pledge: Pledge, arrival: Arrival, outstanding: Money) -> Money:
    """
    Return how much of a pledge some money pays.

    :raises Unacceptable: if it is not said where it must be, or cannot be
    """
    received, settles = arrival.received, arrival.settles
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


def is_a_word(pledge: Pledge, received: Money, settles: Money | None) -> bool:
    """Return whether what some money settles of a pledge is more than the figures say, so that two people say it."""
    if received.currency != pledge.currency:
        return True
    is_paid_otherwise = pledge.payment_currency != pledge.currency
    return is_paid_otherwise and settles is not None and settles.currency == received.currency and settles > received


def require_no_word(pledge: Pledge, received: Money, settles: Money | None) -> None:
    """
    Do nothing if one person's word is enough.

    :raises Unacceptable: if it is not
    """
    if settles is not None and settles.currency == pledge.currency and is_a_word(pledge, received, settles):
        raise Unacceptable(
            _(
                "That %(received)s settles %(settles)s of pledge %(pledge)s is one person's word. Propose the match, "
                "and another person confirms it."
            )
            % {"received": received, "settles": settles, "pledge": pledge.reference}
        )


def _require_bank_line(arrival: Arrival, today: date) -> None:
    if arrival.received.minor <= 0:
        raise Unacceptable(_("A receipt is more than zero. Write what the bank credited."))
    if arrival.value_on > today:
        raise Unacceptable(_("The value date lies in the future. Record the money when it has arrived."))
    if not arrival.bank_reference or not arrival.payer:
        raise Unacceptable(_("A receipt names the bank's reference and the payer. Copy both from the bank's line."))
    if arrival.line is not None:
        return
    if Receipt.objects.filter(bank_reference=arrival.bank_reference, line=None, reversed_at=None).exists():
        raise _received_before(arrival.bank_reference)
    if not arrival.brought_over and bank_queries.named_lines(arrival.bank_reference).exists():
        raise AlreadyDone(
            _("The bank's line %(reference)s has come in by file. Match it on the receipts desk.")
            % {"reference": arrival.bank_reference}
        )


def _received_before(bank_reference: str) -> AlreadyDone:
    return AlreadyDone(
        _("The bank's line %(reference)s is recorded already. Look for it in the list of receipts.")
        % {"reference": bank_reference}
    )


def value_of(received: Money, usd_value: Money | None, value_on: date) -> tuple[Money, ExchangeRate | None]:
    """
    Return what arrived in USD, and the rate that says so, if one does.

    :raises RateMissing: if no rate is in force on the value date
    :raises Unacceptable: if the bank's own USD cannot be, or it is worth less than a cent
    """
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


def _gross(arrival: Arrival) -> tuple[Money, ExchangeRate | None]:
    """Return what arrived in USD: what was held keeps the value of its value date, to the cent in all its parts."""
    if arrival.held is None:
        return value_of(arrival.received, arrival.usd_value, arrival.value_on)
    return arrival.held.usd_of(arrival.received), arrival.held.rate


def _valued(pledge: Pledge, gross: Money, settled: Money, value_on: date) -> rates.Valuation:
    versions = queries.versions_of(pledge)
    version = queries.in_force(versions, value_on)
    if version is None:
        raise ValueError("A pledge in the books has a version; PostgreSQL sees to it.")
    return rates.valued(
        gross=gross,
        worth_after=rates.at_pledge_rate(queries.worth_of(versions), queries.settled_of(pledge) + settled),
        booked_before=queries.booked_at_pledge_rate(pledge),
        fee_rate=version.agreement.fee_rate,
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
