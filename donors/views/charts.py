"""A pledge's instalments as figures for the fund's charts: a column a year."""

from datetime import date

from django.utils.translation import gettext as _

from donors.queries import InstalmentRow
from donors.schedule import Schedule
from trustfund.core.charts import Chart, Instalment, instalment_bars
from trustfund.core.money import Money


def schedule_chart(parts: Schedule, today: date) -> Chart:
    """Return a schedule of which nothing has come: what would be late today, and what is still to fall due."""
    nothing = Money.zero(parts[0][1].currency)
    return _chart([(day, nothing, part, day < today) for day, part in parts])


def pledge_chart(rows: list[InstalmentRow]) -> Chart:
    """Return a pledge's instalments as they stand: received, overdue, still to fall due."""
    return _chart([(row.instalment.due_on, row.received, row.balance, row.is_overdue) for row in rows])


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
