"""The six building blocks of a health system, and the law that a programme's split over them is exactly 100 %."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trustfund.core.refusals import Unacceptable

WHOLE: Final = Decimal(100)
_PLACES: Final = -2


class Block(TextChoices):
    """A building block, in the order in which the World Health Organization lists them."""

    SERVICE_DELIVERY = "service_delivery", gettext_lazy("Service delivery")
    WORKFORCE = "workforce", gettext_lazy("Health workforce")
    INFORMATION = "information", gettext_lazy("Health information systems")
    MEDICINES = "medicines", gettext_lazy("Access to essential medicines")
    FINANCING = "financing", gettext_lazy("Financing")
    GOVERNANCE = "governance", gettext_lazy("Leadership and governance")


class NotTheWhole(Unacceptable):
    """The split over the building blocks is not exactly 100 %."""

    code = "not_the_whole"


def require_whole(shares: Mapping[Block, Decimal]) -> dict[Block, Decimal]:
    """
    Return the shares above zero, in the blocks' own order.

    :raises NotTheWhole: if one is below zero or finer than 0.01 %, or they do not add up to exactly 100
    """
    for share in shares.values():
        exponent = share.as_tuple().exponent
        if not share.is_finite() or share < 0 or not isinstance(exponent, int) or exponent < _PLACES:
            raise NotTheWhole(_("A building block's share is a percentage of 0 or more, with at most two decimals."))
    whole = sum(shares.values(), Decimal(0))
    if whole != WHOLE:
        raise NotTheWhole(
            _("The building blocks add up to %(sum)s %%. Change them until they add up to exactly 100 %%.")
            % {"sum": f"{whole:f}"}
        )
    return {block: shares[block] for block in Block if shares.get(block)}
