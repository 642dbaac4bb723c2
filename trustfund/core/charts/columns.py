"""Upright columns: a pledge's instalments stacked by what became of them, and two amounts side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from trustfund.core.charts.canvas import Canvas
from trustfund.core.charts.figures import Instalment, Pair
from trustfund.core.charts.picture import Chart
from trustfund.core.charts.scale import Scale, scale_for

_LEFT, _TOP, _PLOT, _FOOT = 44, 52, 190, 30


def _ground(canvas: Canvas, scale: Scale) -> None:
    """Draw the axis, its steps and its unit."""
    for share, number in scale.ticks():
        y = _y(share)
        canvas.line(_LEFT, y, canvas.width, y)
        canvas.words(_LEFT - 8, y + 4, number, look="c-mute", at="end", size=12)
    canvas.words(0, 34, scale.unit.words, look="c-mute", size=12)
    canvas.height = _TOP + _PLOT + _FOOT


def _y(share: float) -> float:
    return _TOP + _PLOT * (1 - share)


def _legend(canvas: Canvas, names: Sequence[tuple[str, str]]) -> None:
    x: float = _LEFT
    for look, words in names:
        canvas.area(x, 3, 13, 13, look)
        canvas.words(x + 19, 14, words, size=12)
        x += 19 + _room_for(words) + 16


def _room_for(words: str) -> float:
    """Return about how wide words are at 12 units: wide scripts take a full square, Latin about half."""
    return sum(12 if ord(letter) > 0x1100 else 6.2 for letter in words)  # noqa: PLR2004 - where wide scripts begin


@dataclass(frozen=True)
class InstalmentBars(Chart):
    """Columns stacked from received, overdue and scheduled."""

    bars: tuple[Instalment, ...]

    def draw(self, canvas: Canvas) -> None:
        """Draw one column for each instalment, its whole on top."""
        wholes = [bar.received + bar.overdue + bar.scheduled for bar in self.bars]
        scale = scale_for(wholes)
        _ground(canvas, scale)
        _legend(canvas, [("c-paid", _("Received")), ("c-over", _("Overdue")), ("c-sched", _("Scheduled"))])
        slot = (canvas.width - _LEFT) / max(len(self.bars), 1)
        width = min(slot * 0.58, 56)
        for index, (bar, whole) in enumerate(zip(self.bars, wholes, strict=True)):
            middle = _LEFT + slot * (index + 0.5)
            parts = (("c-paid", bar.received), ("c-over", bar.overdue), ("c-sched", bar.scheduled))
            with canvas.group(self._told(bar)):
                below = 0.0
                for look, money in parts:
                    height = _PLOT * scale.share(money)
                    canvas.area(middle - width / 2, _y(0) - below - height, width, height, look)
                    below += height
                canvas.words(middle, _y(0) - below - 6, scale.unit.short(whole), at="middle", bold=True, size=12)
            canvas.words(middle, _y(0) + 20, bar.label, at="middle", size=12)

    def _told(self, bar: Instalment) -> str:
        return _("%(label)s: received %(received)s, overdue %(overdue)s, scheduled %(scheduled)s") % {
            "label": bar.label,
            "received": bar.received,
            "overdue": bar.overdue,
            "scheduled": bar.scheduled,
        }

    def head(self) -> tuple[str, ...]:
        """Return the headings of the numbers."""
        return (_("Instalment"), _("Received"), _("Overdue"), _("Scheduled"))

    def rows(self) -> list[tuple[str, ...]]:
        """Return a row for each instalment."""
        return [(bar.label, str(bar.received), str(bar.overdue), str(bar.scheduled)) for bar in self.bars]


@dataclass(frozen=True)
class PairedColumns(Chart):
    """Two columns side by side for each label."""

    names: tuple[str, str]
    pairs: tuple[Pair, ...]

    def draw(self, canvas: Canvas) -> None:
        """Draw the pairs, each column with its amount on top."""
        scale = scale_for([money for pair in self.pairs for money in (pair.one, pair.other)])
        _ground(canvas, scale)
        _legend(canvas, [("c-paid", self.names[0]), ("c-other", self.names[1])])
        slot = (canvas.width - _LEFT) / max(len(self.pairs), 1)
        width = min(slot * 0.34, 40)
        for index, pair in enumerate(self.pairs):
            middle = _LEFT + slot * (index + 0.5)
            told = f"{pair.label}: {self.names[0]} {pair.one}, {self.names[1]} {pair.other}"
            with canvas.group(told):
                for x, money, look in ((middle - width - 2, pair.one, "c-paid"), (middle + 2, pair.other, "c-other")):
                    height = _PLOT * scale.share(money)
                    canvas.area(x, _y(0) - height, width, height, look)
                    words = scale.unit.short(money)
                    is_bold = look == "c-paid"
                    canvas.words(x + width / 2, _y(0) - height - 6, words, at="middle", bold=is_bold, size=12)
            canvas.words(middle, _y(0) + 20, pair.label, at="middle", size=12)

    def head(self) -> tuple[str, ...]:
        """Return the headings of the numbers."""
        return (_("Year"), *self.names)

    def rows(self) -> list[tuple[str, ...]]:
        """Return a row for each pair."""
        return [(pair.label, str(pair.one), str(pair.other)) for pair in self.pairs]


def instalment_bars(*, title: str, bars: Sequence[Instalment], description: str = "") -> Chart:
    """Return a pledge's instalments as stacked columns; all in one currency, none below zero."""
    return InstalmentBars(title, description, tuple(bars))


def paired_columns(*, title: str, names: tuple[str, str], pairs: Sequence[Pair], description: str = "") -> Chart:
    """Return two amounts for each label side by side; all in one currency, none below zero."""
    return PairedColumns(title, description, names, tuple(pairs))
