"""What can happen to the continuity reserve: it is raised. Using it takes a decision of the committee."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from disbursements import locks, permissions, postings
from disbursements.queries.fund import continuity_reserve, spendable
from ledger import operations as ledger
from ledger.queries import Entry
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import InsufficientFunds, Unacceptable


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
    draft = postings.set_aside(
        amount,
        reference=next_reference("CR", at.date()),
        reason=reason.strip(),
        on=at.date(),
    )
    entry = ledger.post(draft, by=actor, at=at)
    events.record(
        "reserve.raised",
        about=postings.CONTINUITY_RESERVE,
        by=actor,
        at=at,
        reserve=str(reserve),
        reason=reason.strip(),
    )
    return entry
