"""From a statement that was asked for to what its pages print."""

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings

from assurance import wording
from assurance.contents.donor_account import DonorAccount, donor_account
from assurance.contents.monthly_report import MonthlyReport, monthly_report
from assurance.contents.papers import PAPERS
from assurance.contents.pictures import instalments_by_year, where_the_money_is
from assurance.contents.position import sources_and_uses
from assurance.kinds import Kind
from assurance.lines import SourcesAndUses
from assurance.models import Statement
from assurance.periods import Month

# Of a paper, whatever dataclass its own module makes.
Gathered = SourcesAndUses | DonorAccount | MonthlyReport | Any

TEMPLATES: Final[Mapping[Kind, str]] = {
    Kind.SOURCES_AND_USES: "reports/sources_and_uses.html",
    Kind.DONOR_ACCOUNT: "reports/donor_account.html",
    Kind.MONTHLY_AUDIT: "reports/monthly_audit.html",
    **{kind: paper.template for kind, paper in PAPERS.items()},
}


def gather(statement: Statement) -> Gathered:
    """
    Return what a statement says.

    :raises BooksDisagree: if two ways of counting the same money differ
    """
    if statement.subject is not None:
        return PAPERS[Kind(statement.kind)].says(statement.subject)
    if statement.kind == Kind.MONTHLY_AUDIT:
        return monthly_report(Month.named(statement.period))
    if statement.donor is not None:
        return donor_account(statement.donor, statement.as_of)
    return sources_and_uses(statement.as_of)


def context(statement: Statement, gathered: Gathered) -> dict[str, Any]:
    """Return what the statement's template prints, in the language that is active."""
    printed: dict[str, Any] = {
        "fund": settings.FUND_NAME,
        "currency": settings.FUND_CURRENCY,
        "title": Kind(statement.kind).label,
        "number": statement.number,
        "as_of": statement.as_of,
        "moment": statement.requested_at,
        "report": gathered,
        "rounding_note": wording.ROUNDING_NOTE,
    }
    if statement.subject is not None:
        return {**printed, "paper": gathered}
    position = gathered.position if isinstance(gathered, MonthlyReport) else gathered
    if isinstance(position, SourcesAndUses):
        chart = where_the_money_is(position)
        return {
            **printed,
            "statement": position,
            "sections": wording.worded(position),
            "chart": chart.svg(prefix="money"),
            "chart_head": chart.head(),
            "chart_rows": chart.rows(),
        }
    pledges = [
        (pledge, instalments_by_year(pledge).svg(prefix=f"pledge{number}") if pledge.instalments else "")
        for number, pledge in enumerate(position.pledges, start=1)
    ]
    return {**printed, "pledges": pledges}
