"""Figures of the donors for the fund's charts: a pledge's instalments by year, rates beside others' rates."""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from donors.queries import Compared, DonorAttribution, InstalmentRow
from donors.schedule import Schedule
from trustfund.core.charts import Chart, Difference, Instalment, difference_bars, instalment_bars
from trustfund.core.money import Money


def schedule_chart(parts: Schedule, today: date) -> Chart:
    """Return a schedule of which nothing has come: what would be late today, and what is still to fall due."""
    nothing = Money.zero(parts[0][1].currency)
    return _chart([(day, nothing, part, day < today) for day, part in parts])


def pledge_chart(rows: list[InstalmentRow]) -> Chart:
    """Return a pledge's instalments as they stand: received, overdue, still to fall due."""
    return _chart([(row.instalment.due_on, row.received, row.balance, row.is_overdue) for row in rows])


def comparison_chart(rows: Sequence[Compared], *, by_day: bool) -> Chart:
    """Return by how many per cent operational rates lie above or below the ECB's."""
    return difference_bars(
        title=_("Operational rates against the ECB's, in per cent"),
        differences=[
            Difference(date_format(one.rate.effective_on, "j M Y") if by_day else one.rate.currency, one.percent)
            for one in rows
        ],
    )


def attribution_chart(rows: Sequence[DonorAttribution]) -> Chart | None:
    """Return by how many per cent the rates moved what came of each donor; nothing if nothing has come."""
    moved = [Difference(row.donor.name, row.difference_percent) for row in rows if row.difference_percent is not None]
    if not moved:
        return None
    return difference_bars(title=_("Realised gain or loss by donor, in per cent"), differences=moved)


def _chart(parts: list[tuple[date, Money, Money, bool]]) -> Chart:
    nothing = Money.zero(parts[0][1].currency)
    years: dict[int, Instalment] = {}
    for day, received, missing, is_late in parts:
        before = years.get(day.year) or Instalment(str(day.year), nothing, nothing, nothing)
        years[day.year] = Instalment(
            label=before.label,
            received=before.received + received,
            overdue=before.overdue + (missing if is_late else nothing),
            scheduled=before.scheduled + (nothing if is_late else missing),
        )
    return instalment_bars(title=_("Instalments by year"), bars=list(years.values()))
