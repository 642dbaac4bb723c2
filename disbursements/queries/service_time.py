"""The clock of every tranche that may be paid or was lately: when its package was complete, and how long it took."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Min, Q

from disbursements.models import Tranche
from disbursements.payment_states import GONE
from disbursements.service_time import Clock, Standing, complete_on
from disbursements.states import TrancheStatus

_LOOKS_BACK: Final = timedelta(days=365)
_MOST: Final = 2_000
_LEFT: Final = [str(status) for status in GONE]
_OPEN: Final = (str(TrancheStatus.DUE), str(TrancheStatus.IN_PAYMENT))


@dataclass(frozen=True)
class Timed:
    """A tranche with its clock."""

    tranche: Tranche
    clock: Clock


@dataclass(frozen=True)
class Figures:
    """What the clocks of a year come to."""

    released: int
    in_time: int
    median_days: int | None
    breaches: int

    @property
    def percent_in_time(self) -> int | None:
        """How many of a hundred were released in time, rounded down; nothing before the first."""
        return self.in_time * 100 // self.released if self.released else None


def timed(today: date) -> list[Timed]:
    """
    Return the tranches whose clock runs, or whose money left within a year, those that are latest first.

    What left the fund first counts: a payment that a bank returned did not make the fund late.
    """
    left = Q(payments__released_at__isnull=False)
    found = (
        Tranche.objects.filter(proposal__approved_at__isnull=False)
        .annotate(first_released_at=Min("payments__released_at", filter=left))
        .filter(Q(first_released_at=None, status__in=_OPEN) | Q(first_released_at__date__gte=today - _LOOKS_BACK))
        .select_related("proposal__programme__organisation")
        .order_by("-expected_on", "reference")[:_MOST]
    )
    clocks = [_timed(tranche, today) for tranche in found]
    return sorted(clocks, key=lambda one: (-one.clock.days, one.tranche.reference))


def figures(clocks: list[Timed]) -> Figures:
    """Return what some clocks come to."""
    days = sorted(one.clock.days for one in clocks if one.clock.released_on is not None)
    return Figures(
        released=len(days),
        in_time=sum(one.clock.standing == Standing.IN_TIME for one in clocks),
        median_days=days[len(days) // 2] if days else None,
        breaches=sum(one.clock.is_breach for one in clocks),
    )


def _timed(tranche: Tranche, today: date) -> Timed:
    approved_at = tranche.proposal.approved_at
    released_at = getattr(tranche, "first_released_at", None)
    met_at = tranche.condition_met_at
    return Timed(
        tranche=tranche,
        clock=Clock(
            complete_on=complete_on(
                approved_on=approved_at.date() if approved_at else tranche.expected_on,
                condition_met_on=met_at.date() if met_at else None,
                expected_on=tranche.expected_on,
            ),
            released_on=released_at.date() if released_at else None,
            today=today,
        ),
    )
