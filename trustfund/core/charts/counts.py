"""Things that are counted and are no money: an indicator on its way to its targets, people planned and reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from trustfund.core.charts.canvas import Canvas
from trustfund.core.charts.figures import Count, Reading
from trustfund.core.charts.lines import day_ticks
from trustfund.core.charts.picture import Chart
from trustfund.core.charts.scale import Scale, scale_of, signed

_LEFT, _TOP, _PLOT, _FOOT = 56, 52, 170, 30
_BAR, _ROW = 13, 58


@dataclass(frozen=True)
class ProgressLine(Chart):
    """What was reported as a line, the yearly targets as a dashed one."""

    unit: str
    readings: tuple[Reading, ...]
    targets: tuple[Reading, ...]

    def draw(self, canvas: Canvas) -> None:
        """Draw the axis, the targets, and what was reported above them."""
        canvas.height = _TOP + _PLOT + _FOOT
        every = sorted((*self.readings, *self.targets), key=lambda one: one.on)
        if not every:
            canvas.words(canvas.width / 2, _TOP + _PLOT / 2, _("Nothing to show yet"), look="c-mute", at="middle")
            return
        scale = scale_of([one.number for one in every], self.unit)
        first, last = every[0].on, every[-1].on
        across = canvas.width - _LEFT - 8

        def place(one: Reading) -> tuple[float, float]:
            return _LEFT + across * _part(one.on, first, last), _TOP + _PLOT * (1 - scale.part(one.number))

        self._ground(canvas, scale, first, last)
        canvas.path([place(one) for one in (*self.readings[:1], *self.targets)], "c-fore")
        canvas.path([place(one) for one in self.readings], "c-line")
        for one in self.readings:
            x, y = place(one)
            with canvas.group(f"{_day(one.on)}: {_number(one)} {self.unit}"):
                canvas.area(x - 3, y - 3, 6, 6, "c-paid", radius=3)

    def _ground(self, canvas: Canvas, scale: Scale, first: date, last: date) -> None:
        across = canvas.width - _LEFT - 8
        for share, number in scale.ticks():
            y = _TOP + _PLOT * (1 - share)
            canvas.line(_LEFT, y, canvas.width, y)
            canvas.words(_LEFT - 8, y + 4, number, look="c-mute", at="end", size=12)
        for day, words in day_ticks(first, last, most=canvas.width // 80):
            x = _LEFT + across * _part(day, first, last)
            at = "start" if x < _LEFT + 20 else "end" if x > canvas.width - 24 else "middle"
            canvas.line(x, _TOP + _PLOT, x, _TOP + _PLOT + 5)
            canvas.words(x, _TOP + _PLOT + 21, words, at=at, size=12)
        canvas.path([(0, 10), (22, 10)], "c-line")
        canvas.words(28, 14, _("Reported"), size=12)
        canvas.path([(100, 10), (122, 10)], "c-fore")
        canvas.words(128, 14, _("Targets"), size=12)
        canvas.words(0, 34, scale.unit.words, look="c-mute", size=12)

    def head(self) -> tuple[str, ...]:
        """Return the headings of the numbers."""
        return (_("Day"), _("Reported"), _("Target"))

    def rows(self) -> list[tuple[str, ...]]:
        """Return a row for each day that has a number."""
        reported = {one.on: _number(one) for one in self.readings}
        wanted = {one.on: _number(one) for one in self.targets}
        return [(_day(on), reported.get(on, "–"), wanted.get(on, "–")) for on in sorted({*reported, *wanted})]


@dataclass(frozen=True)
class PlannedAndReached(Chart):
    """For each group how many were planned, and beneath it how many were reached."""

    counts: tuple[Count, ...]

    def draw(self, canvas: Canvas) -> None:
        """Draw two bars for each group on one scale."""
        longest = max((max(one.planned, one.reached) for one in self.counts), default=0)
        full = canvas.width - 84
        for index, one in enumerate(self.counts):
            y = index * _ROW
            said = {"label": one.label, "reached": f"{one.reached:,}", "planned": f"{one.planned:,}"}
            with canvas.group(_("%(label)s: %(reached)s of %(planned)s") % said):
                canvas.words(0, y + 13, one.label)
                for row, (number, look) in enumerate(((one.planned, "c-other"), (one.reached, "c-paid"))):
                    width = full * number / longest if longest else 0
                    canvas.area(0, y + 19 + row * (_BAR + 3), width, _BAR, look)
                    canvas.words(width + 6, y + 30 + row * (_BAR + 3), f"{number:,}", size=12, bold=bool(row))
        y = len(self.counts) * _ROW + 4
        canvas.area(0, y, 14, 12, "c-other")
        canvas.words(20, y + 11, _("Planned"), size=12)
        canvas.area(100, y, 14, 12, "c-paid")
        canvas.words(120, y + 11, _("Reached"), size=12)
        canvas.height = y + 18

    def head(self) -> tuple[str, ...]:
        """Return the headings of the numbers."""
        return (_("Group"), _("Planned"), _("Reached"))

    def rows(self) -> list[tuple[str, ...]]:
        """Return a row for each group."""
        return [(one.label, f"{one.planned:,}", f"{one.reached:,}") for one in self.counts]


def _part(on: date, first: date, last: date) -> float:
    return (on - first).days / max((last - first).days, 1)


def _day(on: date) -> str:
    return date_format(on, "j F Y")


def _number(one: Reading) -> str:
    plain = one.number.normalize()
    return signed(f"{plain:,f}")


def progress_line(
    *, title: str, unit: str, readings: Sequence[Reading], targets: Sequence[Reading], description: str = ""
) -> Chart:
    """Return an indicator's way: what was reported, the baseline first, beside its targets; both earliest first."""
    return ProgressLine(title, description, unit, tuple(readings), tuple(targets))


def planned_and_reached(*, title: str, counts: Sequence[Count], description: str = "") -> Chart:
    """Return groups of people, planned beside reached."""
    return PlannedAndReached(title, description, tuple(counts))
