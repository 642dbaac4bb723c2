"""Matching the bank's lines to pledges: at once where one person's word is enough, by two people where it is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bank import locks as bank_locks
from bank import operations as bank_operations
from bank.models import BankLine, Purpose
from donors import locks, permissions, queries, states
from donors.models import Match, Receipt, Unidentified, Why
from donors.operations.receiving import Arrival, is_a_word, receive, require_no_word, settled_by
from donors.states import Status
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, Unacceptable

_LONGEST_REFERENCE: Final = 64
_LONGEST_PAYER: Final = 160


@dataclass(frozen=True, kw_only=True)
class Part:
    """Some of a line, and the pledge it pays: a line may have several, and so may a pledge."""

    line_id: UUID
    pledge_id: UUID
    amount: Money
    settles: Money | None = None


@transaction.atomic(durable=True)
def match_lines(*, parts: Sequence[Part], actor: User, at: datetime) -> list[Receipt]:
    """
    Record receipts from the bank's lines: one line over several pledges, several lines for one, or one for one.

    All of them are recorded or none. Each pays the oldest unpaid instalment of its pledge first.

    :raises Missing: if there is no such line or pledge; RateMissing if no rate is in force on a value date
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if a pledge is not signed, or paid in full
    :raises AlreadyDone: if less of a line is left than is matched
    :raises Unacceptable: if a line is no credit, an amount cannot be, or what it settles is more than the figures say:
        then two people say it (`propose_match`)
    """
    pledges = locks.pledges({part.pledge_id for part in parts})
    permissions.may_keep_donors(actor).enforce()
    lines = bank_locks.lines({part.line_id for part in parts})
    if not parts:
        raise Unacceptable(_("Nothing is matched. Choose at least one pledge."))
    receipts = []
    for part in parts:
        pledge, line = pledges[part.pledge_id], lines[part.line_id]
        _require_credit(line)
        require_no_word(pledge, part.amount, part.settles)
        receipts.append(receive(pledge, _arrival(line, part.amount, part.settles), by=actor, at=at))
    return receipts


@transaction.atomic(durable=True)
def propose_match(
    *,
    pledge_id: UUID,
    received: Money,
    settles: Money | None = None,
    line_id: UUID | None = None,
    held_id: UUID | None = None,
    value_on: date | None = None,
    bank_reference: str = "",
    payer: str = "",
    usd_value: Money | None = None,
    grounds: str,
    actor: User,
    at: datetime,
) -> Match:
    """
    Say that some money pays a pledge where one person's word is not enough; nothing moves until another confirms it.

    The money is a line of the bank, unidentified money that is held, or what is typed from the bank's paper.

    :param value_on: with bank reference and payer, for what is typed; else the line says it
    :param grounds: how the actor knows
    :raises Missing: if there is no such pledge, line or money
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if the pledge is not signed, or paid in full
    :raises AlreadyDone: if less is left than is matched
    :raises Unacceptable: if one person's word is enough, no grounds are given, or an amount cannot be
    """
    pledge = locks.pledge(pledge_id)
    permissions.may_keep_donors(actor).enforce()
    states.require_open(Status(pledge.status))
    held = None if held_id is None else locks.unidentified(held_id)
    line = held.line if held is not None else (None if line_id is None else bank_locks.line(line_id))
    if not grounds.strip():
        raise Unacceptable(_("Say how you know whose money it is, for the person who confirms it."))
    if held is None and not is_a_word(pledge, received, settles):
        raise Unacceptable(_("One person's word is enough here. Match the line, or record the receipt."))
    if held is not None or line is not None:
        left = held.left if held is not None else line.left if line is not None else received
        _require_left(received, left)
    if line is not None:
        _require_credit(line)
        arrival = _arrival(line, received, settles, usd_value=usd_value, held=held)
    else:
        if value_on is None or value_on > at.date() or not bank_reference.strip() or not payer.strip():
            raise Unacceptable(
                _("A receipt names its value date, the bank's reference and the payer. Copy them from the bank's line.")
            )
        arrival = Arrival(
            received=received,
            value_on=value_on,
            bank_reference=bank_reference.strip(),
            payer=payer.strip(),
            settles=settles,
            usd_value=usd_value,
        )
    settled = settled_by(pledge, arrival, queries.outstanding_of(pledge))

    match = Match.objects.create(
        reference=next_reference("M", at.date(), digits=4),
        why=Why.UNIDENTIFIED if held is not None else Why.WORD,
        pledge=pledge,
        line=line,
        held=held,
        bank_reference=arrival.bank_reference,
        payer=arrival.payer,
        value_on=arrival.value_on,
        received_minor=received.minor,
        received_currency=received.currency,
        settles_minor=settled.minor,
        settles_currency=settled.currency,
        usd_value_minor=None if usd_value is None else usd_value.minor,
        grounds=grounds.strip(),
        proposed_by=actor,
        proposed_at=at,
    )
    events.record(
        "match.proposed",
        about=match.id,
        by=actor,
        at=at,
        reference=match.reference,
        pledge=pledge.reference,
        received=str(received),
    )
    return match


@transaction.atomic(durable=True)
def confirm_match(*, match_id: UUID, actor: User, at: datetime) -> Receipt:
    """
    Agree that some money pays a pledge: it is recorded, out of what was held as unidentified if it was.

    :raises Missing: if there is no such match; RateMissing if no rate is in force on its value date
    :raises NotPermitted: if the actor proposed it, or is neither of the secretariat nor a treasury officer
    :raises WrongState: if it is decided, or the pledge is not signed, or paid in full
    :raises AlreadyDone: if less of the money is left by now
    :raises Unacceptable: if more would be settled than is outstanding by now
    """
    match = locks.match(match_id)
    permissions.may_confirm_match(actor, match).enforce()
    held: Unidentified | None = None
    line: BankLine | None = None
    if match.held_id is not None:
        held = locks.unidentified(match.held_id)
        line = held.line
        _require_left(match.received, held.left)
    elif match.line_id is not None:
        line = bank_locks.line(match.line_id)
        _require_left(match.received, line.left)
    arrival = Arrival(
        received=match.received,
        value_on=match.value_on,
        bank_reference=match.bank_reference,
        payer=match.payer,
        settles=match.settles,
        usd_value=match.usd_value,
        line=line,
        held=held,
        confirmed_by=actor,
    )
    receipt = receive(match.pledge, arrival, by=match.proposed_by, posted_by=actor, at=at)
    match.mark_confirmed(receipt, by=actor, at=at)
    events.record(
        "match.confirmed", about=match.id, by=actor, at=at, reference=match.reference, receipt=receipt.reference
    )
    return receipt


@transaction.atomic(durable=True)
def decline_match(*, match_id: UUID, because: str, actor: User, at: datetime) -> Match:
    """
    Say that a match does not stand; the money waits as before. Who proposed it may take it back so.

    :raises Missing: if there is no such match
    :raises NotPermitted: if the actor is neither of the secretariat nor a treasury officer
    :raises WrongState: if it is decided
    :raises Unacceptable: if no reason is given
    """
    match = locks.match(match_id)
    permissions.may_decline_match(actor, match).enforce()
    if not because.strip():
        raise Unacceptable(_("Say why the match does not stand, for the person who proposed it."))
    match.mark_declined(because=because.strip(), by=actor, at=at)
    events.record("match.declined", about=match.id, by=actor, at=at, reference=match.reference, reason=because.strip())
    return match


@transaction.atomic(durable=True)
def tie_receipt_to_line(*, receipt_id: UUID, line_id: UUID, actor: User, at: datetime) -> Receipt:
    """
    Say that a receipt which was typed by hand is a line that has come in by file since; nothing is posted again.

    :raises Missing: if there is no such receipt or line
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if the receipt is reversed
    :raises AlreadyDone: if the receipt has a line, or the line is used
    :raises Unacceptable: if they are not of the same amount
    """
    receipt = locks.receipt(receipt_id)
    permissions.may_reverse(actor, receipt).enforce()
    line = bank_locks.line(line_id)
    if receipt.line_id is not None or queries.is_tied(receipt):
        raise AlreadyDone(_("Receipt %(receipt)s has its line.") % {"receipt": receipt.reference})
    if not line.is_credit or line.amount != receipt.received or line.left != line.amount:
        raise Unacceptable(
            _("Line %(line)s and receipt %(receipt)s are not of the same amount, or the line is used. Match it anew.")
            % {"line": line.reference, "receipt": receipt.reference}
        )
    bank_operations.use_line(line, line.amount, purpose=Purpose.BOOKED, subject=receipt.id, by=actor, at=at)
    events.record("receipt.tied", about=receipt.id, by=actor, at=at, reference=receipt.reference, line=line.reference)
    return receipt


@transaction.atomic(durable=True)
def set_aside_return(*, credit_id: UUID, debit_id: UUID, actor: User, at: datetime) -> None:
    """
    Say that a line took back what another brought and nothing uses: both are explained, and nothing is posted.

    :raises Missing: if there is no such line
    :raises NotPermitted: if the actor is not of the secretariat
    :raises Unacceptable: if they are not a credit and a debit of the same amount on one account, both unused
    """
    lines = bank_locks.lines([credit_id, debit_id])
    permissions.may_keep_donors(actor).enforce()
    credit, debit = lines[credit_id], lines[debit_id]
    if (
        not credit.is_credit
        or credit.amount != -debit.amount
        or credit.account_id != debit.account_id
        or (credit.left, debit.left) != (credit.size, debit.size)
    ):
        raise Unacceptable(_("These lines do not cancel each other. Choose the credit that the debit took back."))
    for line in (credit, debit):
        bank_operations.use_line(line, line.size, purpose=Purpose.RETURN, subject=debit.id, by=actor, at=at)
    events.record(
        "bank_line.set_aside", about=debit.id, by=actor, at=at, credit=credit.reference, debit=debit.reference
    )


def _require_credit(line: BankLine) -> None:
    if not line.is_credit:
        raise Unacceptable(
            _("Line %(line)s took money out. Choose one that brought some in.") % {"line": line.reference}
        )


def _require_left(amount: Money, left: Money) -> None:
    if amount.currency != left.currency or amount.minor <= 0:
        raise Unacceptable(
            _("What is matched is more than zero, in the currency of the money, %(currency)s.")
            % {"currency": left.currency}
        )
    if amount > left:
        raise AlreadyDone(_("Only %(left)s is left to match. Reload the page.") % {"left": left})


def _arrival(
    line: BankLine,
    amount: Money,
    settles: Money | None,
    *,
    usd_value: Money | None = None,
    held: Unidentified | None = None,
) -> Arrival:
    """Return what a line says of money that arrived: the bank's words, not a person's."""
    name = line.name if len(line.name) <= _LONGEST_REFERENCE else line.reference
    payer = line.party or line.party_account or _("Payer not named by the bank")
    return Arrival(
        received=amount,
        value_on=line.value_on,
        bank_reference=name,
        payer=payer[:_LONGEST_PAYER],
        settles=settles,
        usd_value=usd_value,
        line=line,
        held=held,
    )
