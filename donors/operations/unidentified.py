"""Money that nobody can name: held beside the pool, and sent back if nobody ever can."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bank import locks as bank_locks
from bank import operations as bank_operations
from bank.models import BankLine, Purpose
from donors import locks, permissions, postings
from donors.models import Unidentified, UnidentifiedReturn
from donors.operations.receiving import value_of
from ledger import operations as ledger_operations
from trustfund.core import events
from trustfund.core.db import require_transaction
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, Unacceptable


@transaction.atomic(durable=True)
def hold_unidentified(*, line_id: UUID, actor: User, at: datetime) -> Unidentified:
    """
    Book what is left of a line as money that nobody can name: cash, and owed to whoever sent it.

    It is valued at the operational rate of its value date, and keeps that value.

    :raises Missing: if there is no such line; RateMissing if no rate is in force on its value date
    :raises NotPermitted: if the actor is not of the secretariat
    :raises AlreadyDone: if nothing of the line is left
    :raises Unacceptable: if the line is no credit, or its value date lies in the future
    """
    line = bank_locks.line(line_id)
    permissions.may_keep_donors(actor).enforce()
    if not line.is_credit:
        raise Unacceptable(_("Only what came in can be held. This line took money out."))
    if not line.left:
        raise AlreadyDone(_("Line %(line)s is matched. Look at what it is used for.") % {"line": line.reference})
    if line.value_on > at.date():
        raise Unacceptable(_("The value date lies in the future. Hold the money when it has arrived."))
    usd, rate = value_of(line.left, None, line.value_on)

    ledger_operations.open_chart(by=actor, at=at)
    held = Unidentified(
        reference=next_reference("U", at.date(), digits=4),
        line=line,
        minor=line.left.minor,
        currency=line.currency,
        usd_minor=usd.minor,
        rate=rate,
        value_on=line.value_on,
        held_by=actor,
        held_at=at,
    )
    ledger_operations.post_late(postings.hold(held), by=actor, at=at)
    bank_operations.use_line(line, held.amount, purpose=Purpose.UNIDENTIFIED, subject=held.id, by=actor, at=at)
    held.save(force_insert=True)
    events.record(
        "receipt.held",
        about=held.id,
        by=actor,
        at=at,
        reference=held.reference,
        line=line.reference,
        amount=str(held.amount),
    )
    return held


@transaction.atomic(durable=True)
def send_back_unidentified(
    *, held_id: UUID, line_id: UUID, reason: str, actor: User, at: datetime
) -> UnidentifiedReturn:
    """
    Book that the bank took unidentified money back, by its own debit.

    :raises Missing: if there is no such money or line
    :raises NotPermitted: if the actor is not of the secretariat
    :raises AlreadyDone: if the debit is used for something else
    :raises Unacceptable: if no reason is given, or the line is no debit of at most what is still unidentified
    """
    held = locks.unidentified(held_id, also=line_id)
    permissions.may_keep_donors(actor).enforce()
    debit = bank_locks.line(line_id)
    if not reason.strip():
        raise Unacceptable(_("What goes back has a reason. Say what happened, for the record."))
    if debit.is_credit or debit.currency != held.currency or not debit.left or debit.left > held.left:
        raise Unacceptable(
            _("Line %(line)s does not take %(amount)s back. Choose the bank's debit of at most that amount.")
            % {"line": debit.reference, "amount": held.left}
        )

    returned = let_go(held, debit.left, on=debit.value_on, reason=reason.strip(), line=debit, by=actor, at=at)
    bank_operations.use_line(debit, debit.left, purpose=Purpose.RETURN, subject=held.id, by=actor, at=at)
    events.record(
        "receipt.sent_back",
        about=held.id,
        by=actor,
        at=at,
        reference=held.reference,
        line=debit.reference,
        reason=reason.strip(),
    )
    return returned


def let_go(
    held: Unidentified, amount: Money, *, on: date, reason: str, line: BankLine, by: User, at: datetime
) -> UnidentifiedReturn:
    """Book that some of what is still unidentified left the fund. The caller holds its line and uses the debit."""
    require_transaction()
    number = held.returns.count() + 1
    returned = UnidentifiedReturn(
        reference=f"{held.reference}/{number}",
        held=held,
        line=line,
        minor=amount.minor,
        usd_minor=held.usd_of(amount).minor,
        returned_on=max(on, held.value_on),
        reason=reason,
        returned_by=by,
        returned_at=at,
    )
    ledger_operations.post_late(postings.send_back(returned), by=by, at=at)
    returned.save(force_insert=True)
    return returned
