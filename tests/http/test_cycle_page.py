"""How long decisions take: exact days at each stage, beside the figure that pooled funds have published."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from tests import committee_worlds, disbursement_worlds, donor_worlds, people
from trustfund.core.charts import Span, span_bars
from trustfund.pages.queries.cycle import cycle, median_days, p90_days


def days(*numbers: str) -> list[timedelta]:
    return [timedelta(seconds=int(Decimal(number) * 86_400)) for number in numbers]


@pytest.mark.parametrize(
    ("spans", "median", "p90"),
    [
        (["3"], "3.0", "3.0"),
        (["1", "2"], "1.5", "2.0"),
        (["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"], "5.5", "9.0"),
        (["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "99"], "6.0", "10.0"),
        (["0.04", "0.05"], "0.0", "0.1"),
    ],
)
def test_the_middle_and_nine_of_ten_are_exact_to_a_tenth_of_a_day(spans, median, p90):
    assert (str(median_days(days(*spans))), str(p90_days(days(*spans)))) == (median, p90)


def test_spans_are_drawn_to_the_median_and_to_nine_of_ten():
    chart = span_bars(title="Days", spans=[Span("Tabled", Decimal("4.0"), Decimal("9.5"))])
    assert chart.rows() == [("Tabled", "4.0", "9.5")]
    assert "4.0 to 9.5 days" in chart.svg()


@pytest.mark.django_db
def test_a_proposal_is_timed_from_its_first_draft_to_its_approval():
    assert cycle().stages == ()
    assert "No proposal has come before the committee yet." in Client().get("/decisions/times/").content.decode()
    donor_worlds.money_in("18900000.00")
    proposal = disbursement_worlds.a_tabled_proposal("4250000.00")
    committee_worlds.carry(disbursement_worlds.motion_of(proposal))
    disbursement_worlds.approve(proposal)
    found = {stage.name: stage for stage in cycle().stages}
    tabled = (committee_worlds.CLOSES_AT - people.NOON) / timedelta(days=1)
    assert (found["Tabled"].count, found["Tabled"].median) == (1, Decimal(str(tabled)))
    page = Client().get("/decisions/times/").content.decode()
    assert "country-based pooled funds of OCHA" in page
    assert "104" in page
    rows = list(csv.reader(io.StringIO(Client().get("/decisions/times.csv").content.decode("utf-8-sig"))))
    assert rows[-1][2:] == ["15349", "54", "104"]
    assert Client().get("/decisions/times.xlsx").status_code == 200
