"""Level bars to both sides of nothing: by how many per cent figures lie above or below what they are compared with."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from trustfund.core.charts.canvas import Canvas
from trustfund.core.charts.figures import Difference
from trustfund.core.charts.picture import Chart
from trustfund.core.charts.scale import signed

_ROW, _NUMBER = 40, 66


@dataclass(frozen=True)
class DifferenceBars(Chart):
    """One bar for each figure, to the one side above, to the other below."""

    differences: tuple[Difference, ...]

    def draw(self, canvas: Canvas) -> None:
        """Draw the bars from a common line; the longest takes the room that its number leaves."""
        furthest = max((abs(one.percent) for one in self.differences), default=Decimal(0))
        above = max((one.percent for one in self.differences), default=Decimal(0))
        below = -min((one.percent for one in self.differences), default=Decimal(0))
        span = max(above, Decimal(0)) + max(below, Decimal(0))
        room = canvas.width - 2 * _NUMBER
        zero = _NUMBER + (room * float(max(below, Decimal(0)) / span) if span else room / 2)
        for index, one in enumerate(self.differences):
            y = index * _ROW
            width = room * float(abs(one.percent) / span) if furthest else 0.0
            with canvas.group(f"{one.label}: {percent_words(one.percent)}"):
                canvas.words(0, y + 14, one.label)
                canvas.area(zero if one.percent > 0 else zero - width, y + 20, width, 13, _look(one.percent))
                end = zero + width + 8 if one.percent >= 0 else zero - width - 8
                at = "start" if one.percent >= 0 else "end"
                canvas.words(end, y + 31, percent_words(one.percent), at=at, bold=True, size=12)
            canvas.line(zero, y + 17, zero, y + 36, "c-mark")
        canvas.height = max(len(self.differences) * _ROW, 1)

    def head(self) -> tuple[str, ...]:
        """Return the headings of the numbers."""
        return (_("Figure"), _("Difference"))

    def rows(self) -> list[tuple[str, ...]]:
        """Return a row for each figure."""
        return [(one.label, percent_words(one.percent)) for one in self.differences]


def _look(percent: Decimal) -> str:
    return "c-paid" if percent >= 0 else "c-cast"


def percent_words(percent: Decimal) -> str:
    """Return a difference with its sign: "+1.53%", "−0.24%"."""
    return signed(f"{percent:+,}%") if percent else f"{abs(percent):,}%"


def difference_bars(*, title: str, differences: Sequence[Difference], description: str = "") -> Chart:
    """Return by how many per cent figures lie above or below what each is compared with."""
    return DifferenceBars(title, description, tuple(differences))
