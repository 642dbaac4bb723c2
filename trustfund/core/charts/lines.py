"""Lines over time: a running total with what is expected still to come, and the history of a balance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from trustfund.core.charts.canvas import Canvas
from trustfund.core.charts.figures import Point
from trustfund.core.charts.picture import Chart
from trustfund.core.charts.scale import Scale, scale_for

_LEFT, _TOP, _PLOT, _FOOT = 44, 52, 190, 30
_LONG_DAYS = 550
_MOST_ROWS = 36


@dataclass(frozen=True)
class Frame:
    """Where days and amounts stand on the canvas."""

    first: date
    last: date
    scale: Scale
    width: float

    def x(self, on: date) -> float:
        """Return how far along a day stands."""
        return _LEFT + (self.width - _LEFT - 4) * (on - self.first).days / max((self.last - self.first).days, 1)

    def y(self, share: float) -> float:
        """Return how far down a share of the scale stands."""
        return _TOP + _PLOT * (1 - share)

    def steps(self, points: Sequence[Point], until: date) -> list[tuple[float, float]]:
        """Return a line that stays level until the next point and then jumps: a balance does not glide."""
        through: list[tuple[float, float]] = []
        for point in points:
            if through:
                through.append((self.x(point.on), through[-1][1]))
            through.append((self.x(point.on), self.y(self.scale.share(point.amount))))
        return [*through, (self.x(until), through[-1][1])] if through else []

    def straight(self, points: Sequence[Point]) -> list[tuple[float, float]]:
        """Return a line straight from point to point."""
        return [(self.x(point.on), self.y(self.scale.share(point.amount))) for point in points]


def day_ticks(first: date, last: date, most: int) -> list[tuple[date, str]]:
    """Return the days to name beneath the plot: first of January, or first of the month for short spans."""
    if (last - first).days > _LONG_DAYS:
        days = [date(year, 1, 1) for year in range(first.year, last.year + 1)]
        named = [(day, str(day.year)) for day in days if first <= day <= last]
    else:
        months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        days = [date(month // 12, month % 12 + 1, 1) for month in months]
        named = [(day, date_format(day, "M Y")) for day in days if first <= day <= last]
    every = -(-len(named) // most) if named else 1
    return named[::every]


@dataclass(frozen=True)
class LineOverTime(Chart):
    """A line of what has been, and a dashed one of what is expected."""

    points: tuple[Point, ...]
    forecast: tuple[Point, ...]

    def draw(self, canvas: Canvas) -> None:
        """Draw the axis, the past as steps, and the future dashed from where the past ends."""
        canvas.height = _TOP + _PLOT + _FOOT
        every = (*self.points, *self.forecast)
        if not every:
            canvas.words(canvas.width / 2, _TOP + _PLOT / 2, _("Nothing to show yet"), look="c-mute", at="middle")
            return
        scale = scale_for([point.amount for point in every])
        frame = Frame(every[0].on, every[-1].on, scale, canvas.width)
        self._ground(canvas, frame)
        canvas.path(frame.steps(self.points, self.points[-1].on if self.points else every[-1].on), "c-line")
        canvas.path(frame.straight([*self.points[-1:], *self.forecast]), "c-fore")
        if self.points and self.forecast:
            now = frame.x(self.points[-1].on)
            canvas.line(now, _TOP - 6, now, _TOP + _PLOT, "c-mark")

    def _ground(self, canvas: Canvas, frame: Frame) -> None:
        for share, number in frame.scale.ticks():
            canvas.line(_LEFT, frame.y(share), canvas.width, frame.y(share))
            canvas.words(_LEFT - 8, frame.y(share) + 4, number, look="c-mute", at="end", size=12)
        for day, words in day_ticks(frame.first, frame.last, most=canvas.width // 80):
            x = frame.x(day)
            at = "start" if x < _LEFT + 20 else "end" if x > canvas.width - 24 else "middle"
            canvas.line(x, _TOP + _PLOT, x, _TOP + _PLOT + 5)
            canvas.words(x, _TOP + _PLOT + 21, words, at=at, size=12)
        canvas.words(0, 34 if self.forecast else 14, frame.scale.unit.words, look="c-mute", size=12)
        if self.forecast:
            canvas.path([(_LEFT, 10), (_LEFT + 22, 10)], "c-line")
            canvas.words(_LEFT + 28, 14, _("So far"), size=12)
            canvas.path([(_LEFT + 92, 10), (_LEFT + 114, 10)], "c-fore")
            canvas.words(_LEFT + 120, 14, _("Expected"), size=12)

    def head(self) -> tuple[str, ...]:
        """Return the headings of the numbers."""
        return (_("Day"), _("Amount"))

    def rows(self) -> list[tuple[str, ...]]:
        """Return the points; of a long history the last of each month, of a very long one the last of each year."""
        points = (*self.points, *self.forecast)
        for key in ("%Y-%m-%d", "%Y-%m", "%Y"):
            last = {point.on.strftime(key): point for point in points}
            if len(last) <= _MOST_ROWS:
                break
        return [(date_format(point.on, "j F Y"), str(point.amount)) for point in last.values()]


def cumulative_line(
    *, title: str, points: Sequence[Point], forecast: Sequence[Point] = (), description: str = ""
) -> Chart:
    """Return a running total, oldest first, and what is expected after it; all in one currency."""
    return LineOverTime(title, description, tuple(points), tuple(forecast))


def balance_line(*, title: str, points: Sequence[Point], description: str = "") -> Chart:
    """Return the history of a balance as it stood at the end of days, oldest first; all in one currency."""
    return LineOverTime(title, description, tuple(points), ())
