"""Asking about reports: what is owed and how late, what was handed in, and what was delivered of what was funded."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from disbursements.categories import Category
from disbursements.models import Programme, Proposal, Report, ReportLine, ReportReview, Tranche
from disbursements.queries.partners import visible_programmes
from disbursements.reporting import REVIEWERS_NEEDED, Delivery, Due, ReportKind, ReportStanding, calendar_of, standing
from disbursements.states import ProposalStatus, TrancheStatus
from ledger import chart
from ledger import queries as ledger_queries
from trustfund.core.models import User
from trustfund.core.money import Money

_DELIVERY: tuple[str, ...] = (chart.TRANSFERS, chart.REFUNDS, chart.EXPENDITURE)


def reports(person: User) -> QuerySet[Report]:
    """Return the reports that a person sees, latest first, with figures and reviews."""
    return (
        Report.objects.filter(programme__in=visible_programmes(person))
        .select_related("programme__organisation", "submitted_by")
        .prefetch_related(
            Prefetch("lines", ReportLine.objects.order_by("category")),
            Prefetch("reviews", ReportReview.objects.select_related("by").order_by("at", "id")),
        )
        .order_by("-submitted_at", "-reference")
    )


def standing_of(report: Report) -> ReportStanding:
    """Return where a report stands by its reviews, which the query has brought along."""
    return standing(review.accepts for review in report.reviews.all())


def waiting_for(person: User, most: int) -> list[Report]:
    """Return at most so many reports that wait for this officer's review, the longest waiting first."""
    ended = ReportReview.objects.filter(report=OuterRef("pk")).filter(Q(accepts=False) | Q(by=person))
    found = (
        Report.objects.filter(~Exists(ended))
        .annotate(said=Count("reviews"))
        .filter(said__lt=REVIEWERS_NEEDED)
        .exclude(submitted_by=person)
    )
    return list(found.select_related("programme").order_by("submitted_at", "reference")[:most])


@dataclass(frozen=True)
class Owed:
    """A report that the calendar asks for, the latest attempt at it, and how it stands on a day."""

    programme: Programme
    due: Due
    report: Report | None
    on: date

    @property
    def state(self) -> str:
        """The word for its state: scheduled, overdue, or how the latest attempt stands."""
        if self.report is not None:
            return standing_of(self.report).value
        return "overdue" if self.on > self.due.on else "scheduled"

    @property
    def days_late(self) -> int:
        """How many days it is late, or was when it was handed in; zero if it was in time or is not due yet."""
        if self.report is not None and self.state != ReportStanding.RETURNED:
            return max(self.report.days_late, 0)
        return max((self.on - self.due.on).days, 0)


def owed_by(programmes: Sequence[Programme], on: date, *, ahead_days: int = 60) -> list[Owed]:
    """
    Return what programmes owe by their calendars, earliest due first: all that is past, and what falls due soon.

    A programme for which the committee has approved nothing owes nothing. Three queries, however many programmes.
    """
    approved = Proposal.objects.filter(programme__in=programmes, status=ProposalStatus.APPROVED)
    owing = set(approved.values_list("programme_id", flat=True))
    latest: dict[tuple[UUID, str, date], Report] = {}
    found = Report.objects.filter(programme__in=owing).prefetch_related("reviews").order_by("number")
    for report in found:
        latest[report.programme_id, report.kind, report.through] = report
    rows = [
        Owed(programme, due, latest.get((programme.pk, due.kind.value, due.through)), on)
        for programme in programmes
        if programme.pk in owing
        for due in calendar_of(programme.starts_on, programme.ends_on)
        if (due.on - on).days <= ahead_days
    ]
    return sorted(rows, key=lambda row: (row.due, row.programme.reference))


def in_time(rows: Iterable[Owed]) -> tuple[int, int]:
    """Return how many of the reports that were due were handed in by their day, and how many were due."""
    due = [row for row in rows if row.due.on < row.on or row.report is not None]
    return sum(1 for row in due if row.report is not None and row.report.days_late <= 0), len(due)


def deliveries(programmes: Sequence[Programme], on: date | None = None) -> dict[UUID, Delivery]:
    """Return what was transferred, refunded and spent of programmes, from the books, in one query for all."""
    heads = tuple(f"{head}." for head in _DELIVERY)
    balances = ledger_queries.balances_under(heads, settings.FUND_CURRENCY, on)
    zero = Money.zero(settings.FUND_CURRENCY)

    def balance(head: str, programme: Programme) -> Money:
        return balances.get(chart.under(head, programme.reference), zero)

    return {
        programme.pk: Delivery(
            transferred=balance(chart.TRANSFERS, programme),
            refunded=-balance(chart.REFUNDS, programme),
            spent=balance(chart.EXPENDITURE, programme),
        )
        for programme in programmes
    }


def spent_by_category(programme: Programme, *standings: ReportStanding) -> dict[Category, Money]:
    """Return what the latest report with figures that stands so says was spent in each category; nothing before one."""
    found = _with_figures(programme)
    last = next((report for report in found if standing_of(report) in standings), None)
    return {Category(line.category): line.amount for line in last.lines.all()} if last else {}


def latest_accepted(programme: Programme, kind: ReportKind | None = None) -> Report | None:
    """Return the accepted report with figures that covers most, or nothing; of one kind, if it is named."""
    found = _with_figures(programme)
    if kind is not None:
        found = found.filter(kind=kind.value)
    return next((report for report in found if standing_of(report) is ReportStanding.ACCEPTED), None)


def _with_figures(programme: Programme) -> QuerySet[Report]:
    found = programme.reports.exclude(lines=None).prefetch_related("reviews", "lines")
    return found.order_by("-through", "-number").distinct()


def unaccepted_before(tranches: Sequence[Tranche]) -> dict[UUID, tuple[str, ...]]:
    """Return, for tranches that have a condition, the earlier paid ones whose report is not accepted; in one query."""
    paid = Tranche.objects.filter(
        proposal__in={tranche.proposal_id for tranche in tranches if tranche.condition},
        status__in=[TrancheStatus.PAID, TrancheStatus.REPORTED],
    ).values_list("proposal_id", "number", "reference")
    by_proposal: dict[UUID, list[tuple[int, str]]] = defaultdict(list)
    for proposal_id, number, reference in paid:
        by_proposal[proposal_id].append((number, reference))
    return {
        tranche.pk: tuple(
            reference for number, reference in sorted(by_proposal[tranche.proposal_id]) if number < tranche.number
        )
        if tranche.condition
        else ()
        for tranche in tranches
    }
