"""Amendments of what was approved: another end, other days and conditions of tranches, money in other categories."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models

from disbursements.categories import Category
from disbursements.models.proposals import Proposal
from disbursements.models.tranches import Tranche
from disbursements.states import AmendmentStatus
from trustfund.core.fields import CurrencyField, MinorUnitsField
from trustfund.core.models import User
from trustfund.core.money import Money


class Amendment(models.Model):
    """What the committee is asked to change of an approved proposal. Its amount never changes; more is asked anew."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="amendments")
    reason = models.TextField()
    # Where the programme shall end; where it ends now if that does not change.
    ends_on = models.DateField()
    motion_id = models.UUIDField()
    status = models.CharField(max_length=8, choices=AmendmentStatus.choices, default=AmendmentStatus.ASKED)
    decision = models.CharField(max_length=16, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["proposal"],
                condition=models.Q(status=AmendmentStatus.ASKED),
                name="a_proposal_has_one_amendment_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=AmendmentStatus.values), name="an_amendment_is_in_a_known_state"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="nothing_is_amended_without_a_reason"),
            models.CheckConstraint(
                condition=~models.Q(status=AmendmentStatus.IN_FORCE) | ~models.Q(decision=""),
                name="only_a_decision_amends",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def mark_in_force(self, *, decision: str, at: datetime) -> None:
        """Say that the committee carried it."""
        self.status = AmendmentStatus.IN_FORCE
        self.decision = decision
        self.ended_at = at
        self.save(update_fields=["status", "decision", "ended_at"])

    def mark_dropped(self, *, at: datetime) -> None:
        """Say that the committee did not carry it, or that it came too late."""
        self.status = AmendmentStatus.DROPPED
        self.ended_at = at
        self.save(update_fields=["status", "ended_at"])


class AmendedTranche(models.Model):
    """The condition and the day that a tranche shall have. Append-only."""

    amendment = models.ForeignKey(Amendment, on_delete=models.PROTECT, related_name="tranches")
    tranche = models.ForeignKey(Tranche, on_delete=models.PROTECT, related_name="amendments")
    condition = models.TextField()
    expected_on = models.DateField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["amendment", "tranche"], name="an_amendment_names_a_tranche_once"),
            models.CheckConstraint(condition=~models.Q(condition=""), name="an_amended_tranche_keeps_a_condition"),
        ]

    def __str__(self) -> str:
        return f"{self.amendment_id}: {self.tranche_id}"


class AmendedLine(models.Model):
    """What a budget category was to have and what it shall have; all categories or none, one total. Append-only."""

    amendment = models.ForeignKey(Amendment, on_delete=models.PROTECT, related_name="lines")
    category = models.PositiveSmallIntegerField(choices=Category.choices)
    before_minor = MinorUnitsField()
    after_minor = MinorUnitsField()
    currency = CurrencyField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["amendment", "category"], name="an_amendment_names_a_category_once"),
            models.CheckConstraint(
                condition=models.Q(category__gte=1, category__lte=8), name="an_amended_line_is_in_a_known_category"
            ),
            models.CheckConstraint(
                condition=models.Q(before_minor__gte=0, after_minor__gte=0)
                & (models.Q(before_minor__gt=0) | models.Q(after_minor__gt=0)),
                name="an_amended_line_has_or_had_money",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()} {self.after}"

    @property
    def before(self) -> Money:
        """What the category was to have."""
        return Money(self.before_minor, self.currency)

    @property
    def after(self) -> Money:
        """What it shall have."""
        return Money(self.after_minor, self.currency)
