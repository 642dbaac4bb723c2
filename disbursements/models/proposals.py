"""Proposals: requests for money, each with its versions, and each version with its budget and its planned tranches."""

import uuid
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import models

from disbursements.categories import Category
from disbursements.models.programmes import Programme
from disbursements.states import ProposalStatus
from trustfund.core.fields import CurrencyField, MinorUnitsField
from trustfund.core.models import Confirmation, User
from trustfund.core.money import Money


class Proposal(models.Model):
    """A request for money for a programme. What it asks for stands in its versions; this row says where it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="proposals")
    status = models.CharField(max_length=16, choices=ProposalStatus.choices, default=ProposalStatus.DRAFT)
    current_number = models.PositiveSmallIntegerField(default=1)
    # Beside the status so that lists sort and filter without reading versions; always the current version's.
    title = models.CharField(max_length=400)
    amount_minor = MinorUnitsField()
    currency = CurrencyField()
    proposer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    tabled_at = models.DateTimeField(null=True)
    motion_id = models.UUIDField(null=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    approved_at = models.DateTimeField(null=True)
    # The second factor of the approval: each confirms one, and PostgreSQL insists on it.
    approval_confirmation = models.OneToOneField(Confirmation, on_delete=models.PROTECT, related_name="+", null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(status__in=ProposalStatus.values), name="a_proposal_is_in_a_known_state"
            ),
            models.CheckConstraint(
                condition=~models.Q(status=ProposalStatus.APPROVED)
                | models.Q(approved_by__isnull=False, approved_at__isnull=False),
                name="an_approved_proposal_names_who_approved_it",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("proposer")),
                name="nobody_approves_what_they_proposed",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-drafted_at", "-reference"], name="proposals_latest_first"),
            models.Index(fields=["status", "-drafted_at"], name="proposals_by_status"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def amount(self) -> Money:
        """What the current version asks for."""
        return Money(self.amount_minor, self.currency)

    def mark_amended(self, version: "ProposalVersion") -> None:
        """Point at a new version, and start again from draft."""
        self.status = ProposalStatus.DRAFT
        self.current_number = version.number
        self.title = version.title
        self.amount_minor = version.amount_minor
        self.motion_id = None
        self.submitted_at = self.tabled_at = self.ended_at = None
        self.save(
            update_fields=[
                "status",
                "current_number",
                "title",
                "amount_minor",
                "motion_id",
                "submitted_at",
                "tabled_at",
                "ended_at",
            ]
        )

    def mark_submitted(self, *, at: datetime) -> None:
        """Hand it to the secretariat."""
        self.status = ProposalStatus.SUBMITTED
        self.submitted_at = at
        self.save(update_fields=["status", "submitted_at"])

    def mark_in_review(self) -> None:
        """Say that the secretariat reads it."""
        self.status = ProposalStatus.IN_REVIEW
        self.save(update_fields=["status"])

    def mark_tabled(self, *, motion_id: UUID, at: datetime) -> None:
        """Say that it lies before the committee, as which motion."""
        self.status = ProposalStatus.TABLED
        self.motion_id = motion_id
        self.tabled_at = at
        self.save(update_fields=["status", "motion_id", "tabled_at"])

    def mark_brought_to_meeting(self, *, motion_id: UUID) -> None:
        """Say as which motion a meeting decides it, after somebody objected to deciding it in silence."""
        self.motion_id = motion_id
        self.save(update_fields=["motion_id"])

    def mark_ended(self, status: ProposalStatus, *, at: datetime) -> None:
        """Write down the committee's answer, or that it was withdrawn."""
        self.status = status
        self.ended_at = at
        self.save(update_fields=["status", "ended_at"])

    def mark_approved(self, *, by: User, confirmation: Confirmation, at: datetime) -> None:
        """Say that its money is reserved, by whom, and with which second factor."""
        self.status = ProposalStatus.APPROVED
        self.approved_by = by
        self.approved_at = at
        self.approval_confirmation = confirmation
        self.ended_at = self.ended_at or at
        self.save(update_fields=["status", "approved_by", "approved_at", "approval_confirmation", "ended_at"])


class ProposalVersion(models.Model):
    """What a proposal said at one moment. Append-only; motions and ballots are bound to its fingerprint."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=400)
    summary = models.TextField()
    amount_minor = MinorUnitsField()
    direct_minor = MinorUnitsField()
    indirect_minor = MinorUnitsField()
    currency = CurrencyField()
    humanity = models.TextField(blank=True)
    neutrality = models.TextField(blank=True)
    impartiality = models.TextField(blank=True)
    independence = models.TextField(blank=True)
    women = models.PositiveIntegerField(default=0)
    men = models.PositiveIntegerField(default=0)
    girls = models.PositiveIntegerField(default=0)
    boys = models.PositiveIntegerField(default=0)
    # Of all of these together, how many live with a disability.
    disability = models.PositiveIntegerField(default=0, db_default=0)
    fingerprint = models.CharField(max_length=64)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["proposal", "number"], name="a_version_has_one_number"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="versions_count_from_one"),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0, direct_minor__gt=0, indirect_minor__gte=0),
                name="a_proposal_asks_for_money",
            ),
            models.CheckConstraint(
                condition=models.Q(amount_minor=models.F("direct_minor") + models.F("indirect_minor")),
                name="direct_and_indirect_add_up_to_the_amount",
            ),
            models.CheckConstraint(
                condition=models.Q(indirect_minor__lte=models.F("direct_minor") * 7 / 100),
                name="indirect_is_at_most_7_percent_of_direct",
            ),
            models.CheckConstraint(
                condition=models.Q(fingerprint__regex=r"^[0-9a-f]{64}$"), name="a_version_has_a_fingerprint"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    disability__lte=models.F("women") + models.F("men") + models.F("girls") + models.F("boys")
                ),
                name="people_with_a_disability_are_among_those_planned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (version {self.number})"

    @property
    def amount(self) -> Money:
        """All that is asked for."""
        return Money(self.amount_minor, self.currency)

    @property
    def direct(self) -> Money:
        """Categories 1 to 7."""
        return Money(self.direct_minor, self.currency)

    @property
    def indirect(self) -> Money:
        """Category 8, at most 7 % of direct."""
        return Money(self.indirect_minor, self.currency)


class BudgetLine(models.Model):
    """What a version plans to spend in one harmonised category, and why. Append-only."""

    version = models.ForeignKey(ProposalVersion, on_delete=models.PROTECT, related_name="budget_lines")
    category = models.PositiveSmallIntegerField(choices=Category.choices)
    amount_minor = MinorUnitsField()
    currency = CurrencyField()
    narrative = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "category"], name="a_category_has_one_line_in_a_budget"),
            models.CheckConstraint(
                condition=models.Q(category__gte=1, category__lte=8), name="a_budget_line_is_in_a_known_category"
            ),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="a_budget_line_is_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()} {self.amount}"

    @property
    def amount(self) -> Money:
        """The line's amount."""
        return Money(self.amount_minor, self.currency)


class PlannedTranche(models.Model):
    """A part of the amount, paid at once when its condition is met. Append-only; the parts add up to the amount."""

    version = models.ForeignKey(ProposalVersion, on_delete=models.PROTECT, related_name="planned_tranches")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    # Empty: paid on approval.
    condition = models.TextField(blank=True)
    expected_on = models.DateField()
    amount_minor = MinorUnitsField()
    currency = CurrencyField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "number"], name="a_planned_tranche_has_one_number"),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="a_planned_tranche_is_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    @property
    def amount(self) -> Money:
        """The tranche's amount."""
        return Money(self.amount_minor, self.currency)


class PublishedProject(models.Model):
    """What a published file says of a proposal brought in from it. Append-only; its code comes in once."""

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="published")
    code = models.CharField(max_length=64, unique=True)
    source = models.CharField(max_length=120)
    line = models.PositiveIntegerField()
    allocation = models.CharField(max_length=400, blank=True)
    status_code = models.CharField(max_length=40, blank=True)
    submitted_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    # As printed there, with at most seven significant digits.
    total = models.CharField(max_length=32)
    direct = models.CharField(max_length=32)
    support = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.code
