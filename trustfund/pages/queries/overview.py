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
from donors.states import Status
from ledger import chart
from ledger import queries as ledger_queries
from trustfund.core.charts import Chart, Pair, paired_columns
from trustfund.core.money import Money, total

YEARS = 5
LATEST = 6


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
    ends = [date(year, 12, 31) for year in range(on.year - YEARS, on.year)] + [on]
    sums = [_sums(end) for end in ends]
    years = tuple(
        Year(end.year, received - before_received, paid - before_paid)
        for end, (received, paid), (before_received, before_paid) in zip(ends[1:], sums[1:], sums[:-1], strict=True)
    )
    signed = Pledge.objects.exclude(status=Status.ANNOUNCED.value).aggregate(
        minor=Sum("usd_minor"), donors=Count("donor", distinct=True)
    )
    decided = committee_queries.decided_motions()
    received, paid = sums[-1]
    return Overview(
        on=on,
        donors=signed["donors"],
        pledged=Money(signed["minor"] or 0, usd),
        received=received,
        paid=paid,
        months=continuity_queries.runway(on).months,
        years=years,
        decisions=tuple(decided[:LATEST]),
        decided=decided.count(),
        chart=_chart(years),
    )


def _sums(on: date) -> tuple[Money, Money]:
    """Return what contributors had paid in, gross, and what partners had been paid, net of refunds, by a day."""
    usd = settings.FUND_CURRENCY
    balances = ledger_queries.balances_under("", usd, on)

    def under(*heads: str) -> Money:
        return total((money for code, money in balances.items() if chart.head_of(code) in heads), usd)

    return -under(chart.CONTRIBUTIONS, chart.EXCHANGE_DIFFERENCE), under(chart.TRANSFERS, chart.REFUNDS)


def _chart(years: tuple[Year, ...]) -> Chart:
    none = Money.zero(settings.FUND_CURRENCY)
    return paired_columns(
        title=_("Received and paid out by year"),
        names=(_("Received"), _("Paid out")),
        # A year of more refunds than transfers is drawn as none; the table beside the picture has the figure.
        pairs=[Pair(str(year.year), max(year.received, none), max(year.paid, none)) for year in years],
    )
