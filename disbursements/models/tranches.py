"""Tranches of approved proposals: what may be paid, and how far each has come."""

import uuid
from datetime import date, datetime
from typing import ClassVar

from django.db import models

from disbursements.models.proposals import Proposal, ProposalVersion
from disbursements.states import TrancheStatus
from trustfund.core.fields import CurrencyField, MinorUnitsField
from trustfund.core.models import User
from trustfund.core.money import Money


class Tranche(models.Model):
    """A part of an approved proposal that is paid at once. Made on approval; its amount never changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="tranches")
    version = models.ForeignKey(ProposalVersion, on_delete=models.PROTECT, related_name="tranches")
    reference = models.CharField(max_length=20, unique=True)
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    condition = models.TextField(blank=True)
    expected_on = models.DateField()
    amount_minor = MinorUnitsField()
    currency = CurrencyField()
    status = models.CharField(max_length=16, choices=TrancheStatus.choices, default=TrancheStatus.PLANNED)
    evidence = models.TextField(blank=True)
    condition_met_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    condition_met_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["proposal", "number"], name="a_tranche_has_one_number"),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="a_tranche_is_above_zero"),
            models.CheckConstraint(
                condition=models.Q(status__in=TrancheStatus.values), name="a_tranche_is_in_a_known_state"
            ),
            # A tranche without a condition is payable from its approval on; nobody needs to vouch for it.
            models.CheckConstraint(
                condition=models.Q(status__in=[TrancheStatus.PLANNED, TrancheStatus.SUSPENDED])
                | models.Q(condition="")
                | (models.Q(condition_met_at__isnull=False, condition_met_by__isnull=False) & ~models.Q(evidence="")),
                name="a_met_condition_has_evidence",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def amount(self) -> Money:
        """What is paid when the condition is met."""
        return Money(self.amount_minor, self.currency)

    def mark_condition_met(self, *, evidence: str, by: User, at: datetime) -> None:
        """Keep what shows that the condition is met, and who vouched for it."""
        self.status = TrancheStatus.CONDITIONS_MET
        self.evidence = evidence
        self.condition_met_by = by
        self.condition_met_at = at
        self.save(update_fields=["status", "evidence", "condition_met_by", "condition_met_at"])

    def mark_due(self) -> None:
        """Say that it may be paid now: its day has come, or a payment of it was cancelled or returned."""
        self._mark(TrancheStatus.DUE)

    def mark_in_payment(self) -> None:
        """Say that a payment of it is on its way."""
        self._mark(TrancheStatus.IN_PAYMENT)

    def mark_paid(self) -> None:
        """Say that the organisation has the money."""
        self._mark(TrancheStatus.PAID)

    def mark_reported(self) -> None:
        """Say that a report on its money was handed in."""
        self._mark(TrancheStatus.REPORTED)

    def mark_accepted(self) -> None:
        """Say that the report on its money was accepted."""
        self._mark(TrancheStatus.ACCEPTED)

    def mark_suspended(self) -> None:
        """Say that it stands still with its programme."""
        self._mark(TrancheStatus.SUSPENDED)

    def mark_resumed(self, status: TrancheStatus) -> None:
        """Say that its programme goes on, and how far it was."""
        self._mark(status)

    def mark_amended(self, *, condition: str, expected_on: date) -> None:
        """Give it the condition and the day that the committee decided on."""
        self.condition = condition
        self.expected_on = expected_on
        self.save(update_fields=["condition", "expected_on"])

    def _mark(self, status: TrancheStatus) -> None:
        self.status = status
        self.save(update_fields=["status"])
