"""The charts of the fund's position."""

from django.utils.translation import gettext as _

from continuity.queries import Held
from trustfund.core.charts import Chart, reserve_bar


def reserve(held: Held) -> Chart:
    """Return the cash on hand against the continuity reserve, below which it must not fall."""
    said = _("The fund holds %(cash)s; %(reserve)s of it is the continuity reserve.") % {
        "cash": held.cash,
        "reserve": held.continuity_reserve,
    }
    return reserve_bar(title=said, available=held.cash, floor=held.continuity_reserve)
