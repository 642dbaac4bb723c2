"""Level bars: shares of a whole, the quorum's meter, and what is available against the reserve's floor."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from trustfund.core.charts.canvas import Canvas
from trustfund.core.charts.figures import Share, Span, Tally
from trustfund.core.charts.picture import Chart
from trustfund.core.charts.scale import scale_for
from trustfund.core.money import Money


def _percent(part: int, whole: int) -> str:
    ratio = Fraction(part * 100, whole) if whole else Fraction(0)
    exact = (Decimal(ratio.numerator) / Decimal(ratio.denominator)).quantize(Decimal(1), ROUND_HALF_UP)
    return f"{exact}%"


@dataclass(frozen=True)
class ShareBars(Chart):
    """One bar for each part, its share of the whole beside it."""

    shares: tuple[Share, ...]

    def draw(self, canvas: Canvas) -> None:
        """Draw the bars; the longest fills the width that its number leaves."""
        whole = sum(share.amount.minor for share in self.shares)
        longest = max((share.amount.minor for share in self.shares), default=0)
        full = canvas.width - 52
        for index, share in enumerate(self.shares):
            y = index * 46
            width = full * share.amount.minor / longest if longest else 0
            with canvas.group(f"{share.label}: {share.amount}"):
                canvas.words(0, y + 15, share.label)
                canvas.area(0, y + 22, width, 15, "c-paid")
                canvas.words(width + 8, y + 34, _percent(share.amount.minor, whole), bold=True)
        canvas.height = max(len(self.shares) * 46, 1)

    def head(self) -> tuple[str, ...]:
        """Return the headings of the numbers."""
        return (_("Part"), _("Amount"), _("Share"))

    def rows(self) -> list[tuple[str, ...]]:
        """Return a row for each part."""
        whole = sum(share.amount.minor for share in self.shares)
        return [(share.label, str(share.amount), _percent(share.amount.minor, whole)) for share in self.shares]


@dataclass(frozen=True)
class TallyBars(Chart):
    """One bar for each label, as long as it was often."""

    tallies: tuple[Tally, ...]
    word: str

    def draw(self, canvas: Canvas) -> None:
        """Draw the bars; the longest fills the width that its number leaves."""
        most = max((tally.count for tally in self.tallies), default=0)
        full = canvas.width - 110
        for index, tally in enumerate(self.tallies):
            y = index * 30
            width = full * tally.count / most if most else 0
            with canvas.group(f"{tally.label}: {tally.count}"):
                canvas.words(0, y + 17, tally.label)
                canvas.area(64, y + 4, width, 16, "c-paid")
                canvas.words(64 + width + 8, y + 17, str(tally.count), bold=True)
        canvas.height = max(len(self.tallies) * 30, 1)

    def head(self) -> tuple[str, ...]:
        """Return the headings of the numbers."""
        return (_("Label"), self.word)

    def rows(self) -> list[tuple[str, ...]]:
        """Return a row for each label."""
        return [(tally.label, str(tally.count)) for tally in self.tallies]


@dataclass(frozen=True)
class Meter(Chart):
    """One field for each seat that may vote, filled by what was cast, with the quorum marked."""

    seats: int
    approve: int
    reject: int
    abstain: int
    sealed: int
    quorum: int

    def draw(self, canvas: Canvas) -> None:
        """Draw the fields and the mark of the quorum."""
        gap = 4
        width = (canvas.width - gap * (self.seats - 1)) / max(self.seats, 1)
        looks = ["c-paid"] * self.approve + ["c-over"] * self.reject + ["c-cast"] * (self.abstain + self.sealed)
        looks = (looks + ["c-other"] * self.seats)[: self.seats]
        for index, look in enumerate(looks):
            canvas.area(index * (width + gap) + 1, 1, width - 2, 26, look, radius=2)
        if 0 < self.quorum <= self.seats:
            x = self.quorum * (width + gap) - gap / 2
            x = min(x, canvas.width - 1)
            canvas.line(x, 0, x, 38, "c-mark")
            at = "end" if x > canvas.width / 2 else "start"
            canvas.words(x, 54, _("Quorum: %(count)s") % {"count": self.quorum}, at=at, size=14)
        canvas.height = 60

    def head(self) -> tuple[str, ...]:
        """Return the headings of the numbers."""
        return (_("Votes"), _("Count"))

    def rows(self) -> list[tuple[str, ...]]:
        """Return how many seats did what."""
        cast = self.approve + self.reject + self.abstain + self.sealed
        counts = [(_("Approve"), self.approve), (_("Reject"), self.reject), (_("Abstain"), self.abstain)]
        counts += [(_("Cast, not yet shown"), self.sealed)] if self.sealed else []
        counts += [(_("Not yet voted"), self.seats - cast), (_("Needed for a quorum"), self.quorum)]
        return [(words, str(count)) for words, count in counts]


@dataclass(frozen=True)
class ReserveBar(Chart):
    """What is available as one bar, the floor that it may not fall below as a mark."""

    available: Money
    floor: Money
    capacity: Money | None

    def draw(self, canvas: Canvas) -> None:
        """Draw the bar on its scale; hatched when it has fallen below the floor."""
        scale = scale_for([self.available, self.floor, *([self.capacity] if self.capacity else [])], steps=4)
        is_short = self.available < self.floor
        left, right = 4, canvas.width - 24
        across = right - left

        def x(money: Money) -> float:
            return left + across * scale.share(money)

        zero = left + across * scale.share(Money.zero(self.floor.currency))
        canvas.area(left, 22, across, 26, "c-other")
        start, end = sorted((zero, x(self.available)))
        with canvas.group(f"{_('Available')}: {self.available}"):
            canvas.area(start, 27, end - start, 16, "c-over" if is_short else "c-paid")
        floor_at = x(self.floor)
        canvas.line(floor_at, 16, floor_at, 54, "c-mark")
        words = _("Floor %(amount)s") % {"amount": scale.unit.short(self.floor)}
        canvas.words(floor_at, 12, words, at="start" if floor_at < canvas.width / 2 else "end", bold=True, size=12)
        for share, number in scale.ticks():
            canvas.words(left + across * share, 68, number, look="c-mute", at="middle" if share else "start", size=12)
        canvas.words(canvas.width, 84, scale.unit.words, look="c-mute", at="end", size=12)
        canvas.height = 90

    def head(self) -> tuple[str, ...]:
        """Return the headings of the numbers."""
        return (_("Figure"), _("Amount"))

    def rows(self) -> list[tuple[str, ...]]:
        """Return what is available, the floor and the capacity."""
        known = [(_("Available"), str(self.available)), (_("Floor"), str(self.floor))]
        return [*known, (_("Capacity"), str(self.capacity))] if self.capacity else [*known]


@dataclass(frozen=True)
class SpanBars(Chart):
    """One bar for each span of days: filled to the median, open to where nine of ten cases have ended."""

    spans: tuple[Span, ...]

    def draw(self, canvas: Canvas) -> None:
        """Draw the bars on one scale, the days beside each."""
        longest = max((span.p90 for span in self.spans), default=Decimal(0))
        full = canvas.width - 118
        for index, span in enumerate(self.spans):
            y = index * 46
            to_median = float(full * span.median / longest) if longest else 0
            to_p90 = float(full * span.p90 / longest) if longest else 0
            with canvas.group(f"{span.label}: {self._said(span)}"):
                canvas.words(0, y + 15, span.label)
                canvas.area(0, y + 22, to_p90, 15, "c-other")
                canvas.area(0, y + 22, to_median, 15, "c-paid")
                canvas.words(to_p90 + 8, y + 34, self._said(span), bold=True)
        canvas.height = max(len(self.spans) * 46, 1)

    def _said(self, span: Span) -> str:
        return _("%(median)s to %(p90)s days") % {"median": span.median, "p90": span.p90}

    def head(self) -> tuple[str, ...]:
        """Return the headings of the numbers."""
        return (_("Stage"), _("Median, days"), _("Nine of ten within, days"))

    def rows(self) -> list[tuple[str, ...]]:
        """Return a row for each span."""
        return [(span.label, str(span.median), str(span.p90)) for span in self.spans]


def span_bars(*, title: str, spans: Sequence[Span], description: str = "") -> Chart:
    """Return spans of days as level bars, each with its median and its ninetieth percentile."""
    return SpanBars(title, description, tuple(spans))


def share_bars(*, title: str, shares: Sequence[Share], description: str = "") -> Chart:
    """Return parts of a whole as level bars; all in one currency, none below zero."""
    return ShareBars(title, description, tuple(shares))


def tally_bars(*, title: str, tallies: Sequence[Tally], word: str, description: str = "") -> Chart:
    """
    Return how often each thing happened.

    :param word: what is counted, as the heading of the numbers
    """
    return TallyBars(title, description, tuple(tallies), word)


def meter(
    *,
    title: str,
    seats: int,
    approve: int,
    reject: int,
    quorum: int,
    abstain: int = 0,
    sealed: int = 0,
    description: str = "",
) -> Chart:
    """Return where a vote stands; `seats` are those that may vote, `sealed` the votes cast but not yet shown."""
    return Meter(title, description, seats, approve, reject, abstain, sealed, quorum)


def reserve_bar(
    *, title: str, available: Money, floor: Money, capacity: Money | None = None, description: str = ""
) -> Chart:
    """Return what is available against the floor of the reserve, on a scale that holds the capacity."""
    return ReserveBar(title, description, available, floor, capacity)
