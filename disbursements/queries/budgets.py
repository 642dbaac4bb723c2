"""Budgets of approved proposals as they stand: what was approved, or what the latest amendment in force made of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db.models import F, QuerySet

from disbursements.categories import Category
from disbursements.models import AmendedLine, BudgetLine, Programme, Proposal
from disbursements.queries.proposals import BudgetRow, percent_of
from disbursements.states import AmendmentStatus, ProposalStatus
from trustfund.core.money import Money, total


@dataclass(frozen=True)
class AmendedRow:
    """A category of a budget: as it was approved, as it stands now, and why it was asked for."""

    category: Category
    label: str
    narrative: str
    approved: Money
    now: Money


@dataclass(frozen=True)
class AmendedBudget:
    """A budget in which an amendment moved money, and what its indirect cost is of its direct cost now."""

    rows: tuple[AmendedRow, ...]
    indirect_percent: Decimal


@dataclass(frozen=True)
class SpentRow:
    """A category of a programme: what its budgets plan, all approved proposals together, and what is spent."""

    category: Category
    label: str
    budget: Money
    spent: Money

    @property
    def left(self) -> Money:
        """What may still be spent; below zero if more was spent than planned."""
        return self.budget - self.spent


def budgets_of(proposals: QuerySet[Proposal]) -> dict[UUID, dict[Category, Money]]:
    """Return the budgets of proposals by category as they stand, in two queries for all."""
    approved = BudgetLine.objects.filter(
        version__proposal__in=proposals, version__number=F("version__proposal__current_number")
    ).select_related("version")
    amended = AmendedLine.objects.filter(
        amendment__proposal__in=proposals, amendment__status=AmendmentStatus.IN_FORCE
    ).select_related("amendment")
    found: dict[UUID, dict[Category, Money]] = {}
    for line in approved:
        found.setdefault(line.version.proposal_id, {})[Category(line.category)] = line.amount
    latest: dict[UUID, UUID] = {}
    for one in amended.order_by("amendment__asked_at", "category"):
        proposal_id = one.amendment.proposal_id
        if latest.get(proposal_id) != one.amendment_id:
            latest[proposal_id], found[proposal_id] = one.amendment_id, {}
        if one.after:
            found[proposal_id][Category(one.category)] = one.after
    return found


def budget_of(proposal: Proposal) -> dict[Category, Money]:
    """Return the budget of one proposal by category as it stands."""
    return budgets_of(Proposal.objects.filter(pk=proposal.pk)).get(proposal.pk, {})


def approved_of(programme: Programme) -> QuerySet[Proposal]:
    """Return the proposals that the committee has approved for a programme."""
    return programme.proposals.filter(status=ProposalStatus.APPROVED)


def amended_budget(proposal: Proposal, approved: tuple[BudgetRow, ...]) -> AmendedBudget | None:
    """Return every category of an approved proposal with what it had and has; nothing if no amendment moved money."""
    zero = Money.zero(settings.FUND_CURRENCY)
    before, now = {row.category: row for row in approved}, budget_of(proposal)
    rows = tuple(
        AmendedRow(
            category=category,
            label=str(category.label),
            narrative=before[category].narrative if category in before else "",
            approved=before[category].amount if category in before else zero,
            now=now.get(category, zero),
        )
        for category in Category
        if category in before or category in now
    )
    if all(row.approved == row.now for row in rows):
        return None
    direct = total((row.now for row in rows if row.category != Category.INDIRECT), settings.FUND_CURRENCY)
    return AmendedBudget(rows, percent_of(now.get(Category.INDIRECT, zero), direct))


def against_budget(programme: Programme, spent: Mapping[Category, Money]) -> tuple[SpentRow, ...]:
    """Return what a programme may spend in each category, as its budgets stand, beside what it has spent."""
    zero = Money.zero(settings.FUND_CURRENCY)
    budgets = list(budgets_of(approved_of(programme)).values())
    planned = {
        category: total((one[category] for one in budgets if category in one), settings.FUND_CURRENCY)
        for category in Category
    }
    return tuple(
        SpentRow(category, str(category.label), planned[category], spent.get(category, zero))
        for category in Category
        if planned[category] or spent.get(category)
    )
