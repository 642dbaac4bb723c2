"""Using a line and taking a use back: shared by the rooms that match lines, inside their own operations."""

from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from bank import queries
from bank.models import BankLine, LineUse, Purpose
from trustfund.core.db import constraint_of, require_transaction
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.refusals import AlreadyDone, Unacceptable


def use_line(line: BankLine, amount: Money, *, purpose: Purpose, subject: UUID, by: User, at: datetime) -> LineUse:
    """
    Use some of a line for something. The caller holds the line (`locks.line`) and has decided that it may be so used.

    :param amount: how much of the line, more than zero whichever way the line went
    :raises Unacceptable: if the amount is not more than zero, or in another currency than the line
    :raises AlreadyDone: if less of the line is left
    """
    require_transaction()
    if amount.currency != line.currency or amount.minor <= 0:
        raise Unacceptable(
            _("What is used of a line is more than zero, in its currency, %(currency)s.") % {"currency": line.currency}
        )
    try:
        with transaction.atomic():
            return LineUse.objects.create(
                line=line, minor=amount.minor, purpose=purpose, subject=subject, used_by=by, used_at=at
            )
    except DatabaseError as error:
        if constraint_of(error) != "a_bank_line_is_used_for_no_more_than_its_amount":
            raise
        raise AlreadyDone(
            _("Line %(line)s has not that much left. Reload the page to see what it is used for.")
            % {"line": line.reference}
        ) from error


def take_back(subject: UUID, *, by: User, at: datetime) -> list[LineUse]:
    """Take back every standing use of lines for something, so that the lines wait again."""
    require_transaction()
    return [
        LineUse.objects.create(
            line=use.line,
            minor=-use.minor,
            purpose=use.purpose,
            subject=use.subject,
            takes_back=use,
            used_by=by,
            used_at=at,
        )
        for use in queries.standing_uses(subject)
    ]
