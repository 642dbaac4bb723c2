"""Asking about closure: which programmes are on their way to an end, for how long, who owns the step, what is owed."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.conf import settings
from django.db.models import Prefetch, Q

from disbursements.models import ClosureStep, Programme, RefundClaim
from disbursements.queries.partners import visible_programmes
from disbursements.queries.reports import deliveries
from disbursements.reporting import Delivery
from disbursements.states import ProgrammeStatus
from ledger import chart
from ledger import queries as ledger_queries
from trustfund.core.models import User
from trustfund.core.money import Money

ENDED: Final = (
    ProgrammeStatus.OPERATIONALLY_CLOSED,
    ProgrammeStatus.REFUND_DUE,
    ProgrammeStatus.FINANCIALLY_CLOSED,
)
AGES: Final = ((0, 90), (91, 180), (181, 365), (366, None))
_WAITING_HEADS: Final = (
    chart.HELD_BY_PARTNER,
    chart.RESERVED,
    chart.IN_PREPARATION,
    chart.CERTIFIED,
)


@dataclass(frozen=True)
class Left:
    """What the books still hold for a programme."""

    held: Money
    reserved: Money
    in_payment: Money

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is held by the organisation, reserved, or on its way."""
        return not (self.held or self.reserved or self.in_payment)


@dataclass(frozen=True)
class Closing:
    """A programme on its way to its end."""

    programme: Programme
    left: Left
    delivery: Delivery
    claim: RefundClaim | None
    last: ClosureStep | None
    on: date

    @property
    def days_since_end(self) -> int:
        """How many days ago its work was to end; negative before."""
        return (self.on - self.programme.ends_on).days

    @property
    def days_in_state(self) -> int | None:
        """How many days it has stood where it stands; nothing while its work has not been closed."""
        return (self.on - self.last.at.date()).days if self.last else None

    @property
    def refund_days_late(self) -> int:
        """How many days a refund is overdue; zero when none is."""
        if self.claim is None or self.programme.status != ProgrammeStatus.REFUND_DUE:
            return 0
        return max((self.on - self.claim.due_on).days, 0)


def lefts(programmes: list[Programme]) -> dict[str, Left]:
    """Return what the books still hold for programmes by their references, in one query for all."""
    balances = ledger_queries.balances_under(tuple(f"{head}." for head in _WAITING_HEADS))
    zero = Money.zero(settings.FUND_CURRENCY)

    def balance(head: str, programme: Programme) -> Money:
        return balances.get(chart.under(head, programme.reference), zero)

    return {
        programme.reference: Left(
            held=balance(chart.HELD_BY_PARTNER, programme),
            reserved=balance(chart.RESERVED, programme),
            in_payment=balance(chart.IN_PREPARATION, programme) + balance(chart.CERTIFIED, programme),
        )
        for programme in programmes
    }


def left_of(programme: Programme) -> Left:
    """Return what the books still hold for a programme."""
    return lefts([programme])[programme.reference]


def closings(person: User, on: date) -> list[Closing]:
    """Return the programmes whose work is or should be over and that are not audited, the longest over first."""
    steps = Prefetch("closure_steps", ClosureStep.objects.select_related("by", "owner").order_by("at", "id"))
    found = list(
        visible_programmes(person)
        .filter(Q(status__in=[str(status) for status in ENDED]) | Q(status=ProgrammeStatus.OPEN, ends_on__lt=on))
        .select_related("refund_claim")
        .prefetch_related(steps)
        .order_by("ends_on", "reference")
    )
    return _closings(found, on)


def closing_of(programme: Programme, on: date) -> Closing:
    """Return how near to its end a programme is."""
    return _closings([programme], on)[0]


def _closings(programmes: list[Programme], on: date) -> list[Closing]:
    left, delivered = lefts(programmes), deliveries(programmes)
    rows = []
    for programme in programmes:
        steps = sorted(programme.closure_steps.all(), key=lambda step: step.at)
        claim = getattr(programme, "refund_claim", None)
        rows.append(
            Closing(
                programme, left[programme.reference], delivered[programme.pk], claim, steps[-1] if steps else None, on
            )
        )
    return rows


def by_age(rows: list[Closing]) -> list[tuple[str, int]]:
    """Return how many programmes are how many days past their end: 0–90, 91–180, 181–365, more."""
    return [
        (
            f"{first}–{last}" if last is not None else f"{first - 1}+",
            sum(1 for row in rows if first <= row.days_since_end and (last is None or row.days_since_end <= last)),
        )
        for first, last in AGES
    ]
