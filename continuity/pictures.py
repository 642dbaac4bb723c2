"""The charts of the fund's position."""

from django.utils.translation import gettext as _

from continuity import wording
from continuity.queries import Arrears, Forecast, Held
from trustfund.core.charts import Chart, Pair, Share, paired_columns, reserve_bar, share_bars


def reserve(held: Held) -> Chart:
    """Return the cash on hand against the continuity reserve, below which it must not fall."""
    said = _("The fund holds %(cash)s; %(reserve)s of it is the continuity reserve.") % {
        "cash": held.cash,
        "reserve": held.continuity_reserve,
    }
    return reserve_bar(title=said, available=held.cash, floor=held.continuity_reserve)


def ageing(found: Arrears) -> Chart:
    """Return what is late in USD, by age."""
    shares = [Share(str(wording.AGES[age]), usd) for age, usd in found.usd_by_age]
    return share_bars(title=_("Arrears by age, in USD"), shares=shares)


def inflows(found: Forecast) -> Chart:
    """Return what is expected by quarter, whole and less the haircut."""
    return paired_columns(
        title=_("Expected of unpaid pledges by quarter, for planning"),
        names=(_("Expected"), _("After the haircut")),
        pairs=[Pair(one.short_label, one.expected, one.after_haircut) for one in found.quarters],
    )
