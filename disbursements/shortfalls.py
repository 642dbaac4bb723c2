"""When cash does not cover what is certified (R8): what a plan may say, and what the queue leaves for others. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from trustfund.core.money import Money, total
from trustfund.core.refusals import Unacceptable


@dataclass(frozen=True, slots=True)
class Share:
    """
    What a plan pays of one payment, by priority.

    :ivar pay: nothing, all, or a part
    """

    payment: UUID
    reference: str
    asked: Money
    pay: Money

    @property
    def is_part(self) -> bool:
        """Whether it pays some of it and not all."""
        return self.pay.minor > 0 and self.pay < self.asked


def require_payable(shares: Sequence[Share], cash: Money) -> None:
    """
    Insist that a plan can be carried out: at least one payment, each once, none above what it asks, all within cash.

    :raises Unacceptable: if it cannot
    """
    if not shares:
        raise Unacceptable(_("No payment is queued, so there is nothing to decide."))
    if len({share.payment for share in shares}) != len(shares):
        raise Unacceptable(_("A payment stands in the plan twice. Name each once."))
    for share in shares:
        if share.pay.minor < 0 or share.pay > share.asked:
            raise Unacceptable(
                _("%(payment)s asks for %(asked)s. Pay nothing of it, a part of it, or all of it.")
                % {"payment": share.reference, "asked": share.asked}
            )
    whole = total((share.pay for share in shares), cash.currency)
    if whole > cash:
        raise Unacceptable(
            _("The plan pays %(whole)s and the fund holds %(cash)s. Pay less of what comes last.")
            % {"whole": whole, "cash": cash}
        )


def by_priority(asked: Sequence[tuple[UUID, str, Money]], cash: Money) -> tuple[Share, ...]:
    """Return a plan that pays in order while cash lasts: the first in full, the one it runs out on in part."""
    left, shares = cash, []
    for payment, reference, amount in asked:
        pay = min(amount, left)
        shares.append(Share(payment, reference, amount, pay))
        left -= pay
    return tuple(shares)
