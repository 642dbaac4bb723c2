"""What organisations report: each report as it was handed in, its figures, and what officers said. Append-only."""

import uuid
from typing import ClassVar

from django.db import models

from disbursements.categories import Category
from disbursements.models.programmes import Programme
from disbursements.reporting import FINANCIAL, ReportKind
from trustfund.core.fields import CurrencyField, MinorUnitsField
from trustfund.core.models import User
from trustfund.core.money import Money, total


class Report(models.Model):
    """One report as it was handed in. When it was returned, the next attempt is a row of its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=16, choices=ReportKind.choices)
    # The last day of the work that it covers, always from the programme's first day on.
    through = models.DateField()
    number = models.PositiveSmallIntegerField()
    # By the calendar; none for an interim report, which is handed in when a tranche waits for it.
    due_on = models.DateField(null=True)
    words = models.TextField()
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["programme", "kind", "through", "number"], name="an_attempt_at_a_report_has_its_own_number"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=ReportKind.values), name="a_report_is_of_a_known_kind"),
            models.CheckConstraint(condition=~models.Q(words=""), name="a_report_says_something"),
            models.CheckConstraint(
                condition=models.Q(due_on__isnull=True, kind=ReportKind.INTERIM)
                | (models.Q(due_on__isnull=False) & ~models.Q(kind=ReportKind.INTERIM)),
                name="the_calendar_asks_for_all_but_interim_reports",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-submitted_at", "-reference"], name="reports_latest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.get_kind_display()}"

    @property
    def is_financial(self) -> bool:
        """Whether it carries figures."""
        return ReportKind(self.kind) in FINANCIAL

    @property
    def spent(self) -> Money:
        """What it says was spent from the programme's first day on, all categories together."""
        lines = list(self.lines.all())
        return total((line.amount for line in lines), lines[0].currency) if lines else Money(0, "USD")

    @property
    def days_late(self) -> int:
        """How many days after its due day it was handed in; zero or less when in time."""
        return (self.submitted_at.date() - self.due_on).days if self.due_on else 0


class ReportLine(models.Model):
    """What a financial report says was spent in one category, from the programme's first day on."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="lines")
    category = models.PositiveSmallIntegerField(choices=Category.choices)
    amount_minor = MinorUnitsField()
    currency = CurrencyField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["report", "category"], name="a_category_is_reported_once"),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="a_reported_amount_is_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()} {self.amount}"

    @property
    def amount(self) -> Money:
        """What was spent."""
        return Money(self.amount_minor, self.currency)


class ReportReview(models.Model):
    """What one officer said of a report: accepted, or sent back with why."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="reviews")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    accepts = models.BooleanField()
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["report", "by"], name="an_officer_reviews_a_report_once"),
            models.CheckConstraint(
                condition=models.Q(accepts=True) | ~models.Q(note=""), name="a_report_sent_back_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by}: {self.report}"
