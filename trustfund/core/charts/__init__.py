"""The fund's charts: frozen figures in, one SVG out that reads the same on screen, in dark, in print and in a PDF."""

from trustfund.core.charts.bars import meter, reserve_bar, share_bars, span_bars, tally_bars
from trustfund.core.charts.columns import instalment_bars, paired_columns
from trustfund.core.charts.counts import planned_and_reached, progress_line
from trustfund.core.charts.differences import difference_bars, percent_words
from trustfund.core.charts.figures import Count, Difference, Instalment, Pair, Point, Reading, Share, Span, Tally
from trustfund.core.charts.lines import balance_line, cumulative_line
from trustfund.core.charts.picture import Chart

line_with_forecast = cumulative_line

__all__ = [
    "Chart",
    "Count",
    "Difference",
    "Instalment",
    "Pair",
    "Point",
    "Reading",
    "Share",
    "Span",
    "Tally",
    "balance_line",
    "cumulative_line",
    "difference_bars",
    "instalment_bars",
    "line_with_forecast",
    "meter",
    "paired_columns",
    "percent_words",
    "planned_and_reached",
    "progress_line",
    "reserve_bar",
    "share_bars",
    "span_bars",
    "tally_bars",
]
