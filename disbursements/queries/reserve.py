"""What can be asked of the continuity reserve: its floor, what it holds and lacks, and requests to use it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from disbursements.models import Payment, RefundOffset, ReserveUse, Tranche
from disbursements.payment_states import GONE
from disbursements.postings import CONTINUITY_RESERVE
from disbursements.queries import rules
from disbursements.queries.fund import continuity_reserve
from disbursements.states import TrancheStatus
from disbursements.treasury_rules import months_later
from trustfund.core import events, step_up
from trustfund.core.money import Money
from trustfund.core.refusals import Missing

# Approved, and not all of it has left the fund.
_TO_PAY = (TrancheStatus.PLANNED, TrancheStatus.CONDITIONS_MET, TrancheStatus.DUE, TrancheStatus.IN_PAYMENT)


@dataclass(frozen=True)
class Floor:
    """What the reserve should hold on a day, and what it holds."""

    months: int
    until: date
    floor: Money
    held: Money

    @property
    def shortfall(self) -> Money:
        """What is missing to the floor; nothing if it is reached."""
        return max(self.floor - self.held, Money.zero(self.floor.currency))

    @property
    def said(self) -> dict[str, Any]:
        """What sentences about it need."""
        return {"months": self.months, "floor": self.floor, "held": self.held, "missing": self.shortfall}

    @property
    def facts(self) -> dict[str, str]:
        """What an event about it keeps."""
        return {name: str(value) for name, value in self.said.items()}


def floor(on: date) -> Floor:
    """
    Return the floor on a day: what approved tranches of the next months, and of the days before, still have to be paid.

    Programmes that no late donor may interrupt are those which the committee has approved.
    """
    months = rules.in_force().reserve_months
    until = months_later(on, months)
    coming = Tranche.objects.filter(status__in=[str(status) for status in _TO_PAY], expected_on__lte=until)
    promised = coming.aggregate(whole=Sum("amount_minor"))["whole"] or 0
    gone = Payment.objects.filter(tranche__in=coming, status__in=[str(status) for status in GONE])
    paid = gone.aggregate(whole=Sum("amount_minor"))["whole"] or 0
    taken_off = RefundOffset.objects.filter(tranche__in=coming, answer__agrees=True)
    paid += taken_off.aggregate(whole=Sum("amount_minor"))["whole"] or 0
    return Floor(months, until, Money(promised - paid, settings.FUND_CURRENCY), continuity_reserve())


def was_told_since(moment: datetime) -> bool:
    """Return whether treasury was told since a moment that the reserve stands below its floor."""
    return events.about(CONTINUITY_RESERVE).filter(kind="reserve.below_floor", at__gt=moment).exists()


def uses() -> QuerySet[ReserveUse]:
    """Return the requests to use the reserve, latest first."""
    return ReserveUse.objects.select_related("asked_by", "used__used_by").order_by("-asked_at", "-reference")


def use_of(use_id: UUID) -> ReserveUse:
    """
    Return a request to use the reserve.

    :raises Missing: if there is none
    """
    found = uses().filter(pk=use_id).first()
    if found is None:
        raise Missing(_("There is no such request. Look it up on the page of the reserve."))
    return found


def fingerprint_of(use: ReserveUse, nonce: UUID) -> str:
    """Return the SHA-256 that the second factor for using the reserve is bound to."""
    return step_up.fingerprint(
        {
            "use": use.reference,
            "amount": str(use.amount.amount),
            "currency": use.currency,
            "step": "use",
            "nonce": str(nonce),
        }
    )
