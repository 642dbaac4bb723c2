"""Charts: one SVG for browser and PDF, safe under the strict policy, the same bytes for the same figures."""

import re
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from django.utils import translation

from tests.charts_world import all_charts, meter
from trustfund.core import charts
from trustfund.core.charts.scale import scale_for
from trustfund.core.money import Money

EVERY = [*all_charts(), meter()]
SVG = "{http://www.w3.org/2000/svg}"


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


def named(chart: charts.Chart) -> str:
    return chart.title


@pytest.mark.parametrize("chart", EVERY, ids=named)
def test_a_chart_is_well_formed_named_and_carries_no_style_and_no_script(chart):
    drawing = str(chart.svg())
    root = ET.fromstring(drawing)
    assert root.find(f"{SVG}title").text == chart.title
    assert root.get("role") == "img"
    assert root.get("direction") == "ltr"
    assert "style" not in drawing
    assert "<script" not in drawing
    assert "http" not in drawing.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("chart", EVERY, ids=named)
def test_every_mark_has_its_colour_without_a_stylesheet(chart):
    for mark in ET.fromstring(str(chart.svg())).iter():
        if mark.tag.removeprefix(SVG) in {"rect", "polyline", "line", "text"}:
            assert mark.get("class", "").startswith("c-")
            assert mark.get("fill") or mark.get("stroke")


@pytest.mark.parametrize("chart", EVERY, ids=named)
def test_the_same_figures_give_the_same_bytes(chart):
    assert str(chart.svg(prefix="a")) == str(chart.svg(prefix="a"))


@pytest.mark.parametrize("chart", EVERY, ids=named)
def test_the_two_widths_of_a_figure_share_no_id(chart):
    ids = re.findall(r'\bid="([^"]+)"', str(chart.figure(prefix="c1")))
    assert len(ids) == len(set(ids))
    for id_ in re.findall(r"url\(#([^)]+)\)", str(chart.figure(prefix="c1"))):
        assert id_ in ids


@pytest.mark.parametrize("chart", EVERY, ids=named)
def test_no_mark_leaves_the_picture_at_either_width_or_in_either_direction(chart):
    for width in (560, 340):
        for language in ("en", "ar"):
            with translation.override(language):
                root = ET.fromstring(str(chart.svg(width=width)))
            for mark in root.iter(f"{SVG}rect"):
                assert 0 <= float(mark.get("x")) <= float(mark.get("x")) + float(mark.get("width")) <= width
                assert 0 <= float(mark.get("y")) + float(mark.get("height")) <= float(root.get("height"))


def test_hostile_words_are_escaped():
    chart = charts.share_bars(title="<b>&", shares=[charts.Share('<script>"', eur("1"))], description="</svg>")
    drawing = str(chart.figure(prefix="x"))
    assert "<b>" not in drawing
    assert "<script>" not in drawing
    assert drawing.count("</svg>") == 2


def test_right_to_left_mirrors_the_marks_and_keeps_the_numbers():
    chart = charts.share_bars(title="t", shares=[charts.Share("a", eur("1"))])
    with translation.override("ar"):
        bar = ET.fromstring(str(chart.svg(width=340))).find(f".//{SVG}rect")
    assert float(bar.get("x")) + float(bar.get("width")) == 340


def test_the_table_of_a_chart_has_its_exact_figures():
    chart = charts.instalment_bars(
        title="t", bars=[charts.Instalment("2026", eur("5000000.01"), eur("3000000"), eur("0"))]
    )
    assert chart.rows() == [("2026", "EUR 5,000,000.01", "EUR 3,000,000.00", "EUR 0.00")]
    assert '<th scope="row">2026</th><td class="r num">EUR 5,000,000.01</td>' in chart.table()


def test_shares_are_of_the_sum_and_an_empty_whole_divides_by_nothing():
    chart = charts.share_bars(title="t", shares=[charts.Share("a", eur("1")), charts.Share("b", eur("2"))])
    assert [row[2] for row in chart.rows()] == ["33%", "67%"]
    assert charts.share_bars(title="t", shares=[charts.Share("a", eur("0"))]).rows()[0][2] == "0%"


def test_differences_stand_on_both_sides_with_their_sign():
    chart = charts.difference_bars(
        title="t",
        differences=[charts.Difference("a", Decimal("-1.46")), charts.Difference("b", Decimal("13.15"))],
    )
    assert [row[1] for row in chart.rows()] == ["\N{MINUS SIGN}1.46%", "+13.15%"]
    below, above = ET.fromstring(str(chart.svg())).iter(f"{SVG}rect")
    assert float(below.get("x")) + float(below.get("width")) == pytest.approx(float(above.get("x")), abs=0.2)
    assert float(below.get("width")) < float(above.get("width"))


@pytest.mark.parametrize("words", [[], ["sealed"]])
def test_the_meter_draws_one_field_for_each_seat(words):
    sealed = 3 if words else 0
    chart = charts.meter(title="t", seats=8, approve=2, reject=1, quorum=6, sealed=sealed)
    fields = re.findall(r'<rect class="(c-paid|c-over|c-cast|c-other)"', str(chart.svg()))
    assert fields == ["c-paid"] * 2 + ["c-over"] + ["c-cast"] * sealed + ["c-other"] * (5 - sealed)


def test_what_falls_below_the_floor_is_hatched():
    below = charts.reserve_bar(title="t", available=eur("9"), floor=eur("10"))
    above = charts.reserve_bar(title="t", available=eur("10"), floor=eur("10"))
    assert 'class="c-over"' in str(below.svg())
    assert 'class="c-over"' not in str(above.svg())


def test_a_long_history_is_told_by_month_in_its_table_and_in_full_in_its_line():
    points = [charts.Point(date.fromordinal(date(2026, 1, 1).toordinal() + day), eur(str(day))) for day in range(90)]
    chart = charts.balance_line(title="t", points=points)
    assert [row[0] for row in chart.rows()] == ["31 January 2026", "28 February 2026", "31 March 2026"]
    line = ET.fromstring(str(chart.svg())).find(f".//{SVG}polyline")
    assert len(line.get("points").split()) == 2 * 90


def test_no_points_say_so():
    assert "Nothing to show yet" in str(charts.balance_line(title="t", points=[]).svg())


@pytest.mark.parametrize(
    ("amounts", "low", "high", "step", "unit"),
    [
        (["9000000"], "0", "10000000", "2500000", "EUR million"),
        (["48000000"], "0", "60000000", "20000000", "EUR million"),
        (["12000"], "0", "15000", "5000", "EUR thousand"),
        (["7"], "0", "8", "2", "EUR"),
        (["0"], "0", "1", "1", "EUR"),
        (["-3000000", "6000000"], "-5000000", "7500000", "2500000", "EUR million"),
    ],
)
def test_an_axis_has_round_steps(amounts, low, high, step, unit):
    scale = scale_for([eur(amount) for amount in amounts])
    assert (scale.low, scale.high, scale.step) == (Decimal(low), Decimal(high), Decimal(step))
    assert scale.unit.words == unit
