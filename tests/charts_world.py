"""Figures to draw: one chart of each kind."""

from datetime import date, timedelta
from decimal import Decimal

from trustfund.core import charts
from trustfund.core.money import Money


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


def eur(millions: str) -> Money:
    return Money.of(f"{millions}000000.00", "EUR")


def all_charts() -> list[charts.Chart]:
    """One of each kind."""
    none = eur("0")
    return [
        charts.progress_line(
            title="Children treated",
            description="1,200 before; 2,100 in 2026; targets of 2,000 and 6,000.",
            unit="children",
            readings=[
                charts.Reading(date(2026, 8, 31), Decimal(1200)),
                charts.Reading(date(2026, 12, 31), Decimal(2100)),
            ],
            targets=[
                charts.Reading(date(2026, 12, 31), Decimal(2000)),
                charts.Reading(date(2027, 12, 31), Decimal(6000)),
            ],
        ),
        charts.planned_and_reached(
            title="People reached",
            description="Women, men and girls: planned beside reached.",
            counts=[charts.Count("Women", 12000, 9000), charts.Count("Men", 9000, 0), charts.Count("Girls", 0, 40)],
        ),
        charts.instalment_bars(
            title="Instalments by year",
            description="Received 6 and 8 million; 5 of 8 in 2026, 3 overdue; 9 scheduled.",
            bars=[
                charts.Instalment("2024", eur("6"), none, none),
                charts.Instalment("2025", eur("8"), none, none),
                charts.Instalment("2026", eur("5"), eur("3"), none),
                charts.Instalment("2027", none, none, eur("9")),
                charts.Instalment("2028", none, none, eur("9")),
            ],
        ),
        charts.share_bars(
            title="How it has been used",
            shares=[
                charts.Share("Water, sanitation and hygiene", eur("36")),
                charts.Share("Shelter and winterisation", eur("27")),
                charts.Share("Health and nutrition", eur("22")),
                charts.Share("Protection and education", eur("15")),
            ],
        ),
        charts.paired_columns(
            title="Received and paid out",
            names=("Received", "Paid out"),
            pairs=[
                charts.Pair("2024", eur("31"), eur("6")),
                charts.Pair("2025", eur("48"), eur("24")),
                charts.Pair("2026", eur("38"), eur("26")),
            ],
        ),
        charts.difference_bars(
            title="Above and below",
            differences=[
                charts.Difference("EUR", Decimal("-1.46")),
                charts.Difference("KRW", Decimal("13.15")),
                charts.Difference("CHF", Decimal(0)),
            ],
        ),
        charts.difference_bars(title="All above", differences=[charts.Difference("EUR", Decimal("0.01"))]),
        charts.reserve_bar(title="Available and reserve", available=eur("18"), floor=eur("10"), capacity=eur("40")),
        charts.cumulative_line(
            title="Received so far and expected",
            points=[
                charts.Point(date(2024, 3, 12), eur("6")),
                charts.Point(date(2025, 6, 27), eur("14")),
                charts.Point(date(2026, 6, 24), eur("19")),
            ],
            forecast=[charts.Point(date(2027, 6, 30), eur("28")), charts.Point(date(2028, 6, 30), eur("40"))],
        ),
        charts.balance_line(
            title="Balance of an account",
            points=[
                charts.Point(date(2026, 1, 5) + timedelta(days=17 * step), eur(str(3 + step % 5))) for step in range(12)
            ],
        ),
    ]


def meter() -> charts.Chart:
    return charts.meter(
        title="Votes cast", description="Four approve, one rejects.", seats=8, approve=4, reject=1, quorum=6
    )
