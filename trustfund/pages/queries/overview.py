"""The public figures: what was promised, came in and went out, from the ledger and the pledges."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from committee import queries as committee_queries
from committee.models import Motion
from continuity import queries as continuity_queries
from donors.models import Pledge
from donors.states import IN_THE_BOOKS
from ledger import chart
from ledger import queries as ledger_queries
from trustfund.core.charts import Chart, Pair, paired_columns
from trustfund.core.money import Money, total

YEARS = 5
LATEST = 6
# What contributors paid in, gross; and what partners were paid, net of what they gave back.
_RECEIVED = (chart.CONTRIBUTIONS, chart.EXCHANGE_DIFFERENCE)
_PAID = (chart.TRANSFERS, chart.REFUNDS)


@dataclass(frozen=True)
class Year:
    """What came in and went out to partners in one year, up to the day asked for."""

    year: int
    received: Money
    paid: Money


@dataclass(frozen=True)
class Overview:
    """What everybody may know of the fund on a day."""

    on: date
    donors: int
    pledged: Money
    received: Money
    paid: Money
    months: Decimal | None
    years: tuple[Year, ...]
    decisions: tuple[Motion, ...]
    decided: int
    chart: Chart


def overview(on: date) -> Overview:
    """Return the public figures at the end of a day, in a bounded number of queries."""
    usd = settings.FUND_CURRENCY
    moved = ledger_queries.moved_by_year((*_RECEIVED, *_PAID), on)

    def summed(heads: tuple[str, ...], year: int | None = None) -> Money:
        return total((money for head in heads for at, money in moved[head].items() if year in {None, at}), usd)

    years = tuple(
        Year(year, -summed(_RECEIVED, year), summed(_PAID, year)) for year in range(on.year - YEARS + 1, on.year + 1)
    )
    signed = Pledge.objects.filter(status__in=[str(status) for status in IN_THE_BOOKS]).aggregate(
        minor=Sum("usd_minor"), donors=Count("donor", distinct=True)
    )
    decided = committee_queries.decided_motions()
    return Overview(
        on=on,
        donors=signed["donors"],
        pledged=Money(signed["minor"] or 0, usd),
        received=-summed(_RECEIVED),
        paid=summed(_PAID),
        months=continuity_queries.runway(on).months,
        years=years,
        decisions=tuple(decided[:LATEST]),
        decided=decided.count(),
        chart=_chart(years),
    )


def _chart(years: tuple[Year, ...]) -> Chart:
    none = Money.zero(settings.FUND_CURRENCY)
    return paired_columns(
        title=_("Received and paid out by year"),
        names=(_("Received"), _("Paid out")),
        # A year of more refunds than transfers is drawn as none; the table beside the picture has the figure.
        pairs=[Pair(str(year.year), max(year.received, none), max(year.paid, none)) for year in years],
    )
