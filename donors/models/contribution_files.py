"""Files of contributions as somebody brought them, what became of each row, and how far the bringing over is."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from donors.contributions import Fate
from trustfund.core.models import User


class ContributionFile(models.Model):
    """A file of contributions, kept with its bytes: first looked at, then brought over row by row, or not."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    # The administrative agent's fee that agreements made from the rows carry, as a fraction of every receipt.
    fee_rate = models.DecimalField(max_digits=7, decimal_places=6)
    total = models.PositiveIntegerField()
    brought_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    brought_at = models.DateTimeField()
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    started_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["sha256", "fee_rate"], name="a_contribution_file_is_kept_once"),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="no_more_rows_are_done_than_there_are"),
            models.CheckConstraint(
                condition=Q(fee_rate__gte=0) & Q(fee_rate__lt=1), name="a_files_fee_is_a_fraction_of_the_receipt"
            ),
            models.CheckConstraint(
                condition=Q(started_by=None, started_at=None, moved_at=None, finished_at=None, done=0)
                | Q(started_by__isnull=False, started_at__isnull=False, moved_at__isnull=False),
                name="a_file_is_started_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_started(self) -> bool:
        """Whether somebody let it be brought over."""
        return self.started_at is not None

    @property
    def is_moving(self) -> bool:
        """Whether a page that shows this should look again."""
        return self.started_at is not None and self.finished_at is None

    def mark_started(self, *, by: User, at: datetime) -> None:
        """Let a worker bring it over."""
        self.started_by = by
        self.started_at = at
        self.moved_at = at
        self.save(update_fields=["started_by", "started_at", "moved_at"])

    def mark_done(self, done: int, *, at: datetime) -> None:
        """Say how many rows are done."""
        self.done = done
        self.moved_at = at
        self.save(update_fields=["done", "moved_at"])

    def mark_finished(self, *, at: datetime) -> None:
        """Say that every row is done."""
        self.finished_at = at
        self.moved_at = at
        self.save(update_fields=["finished_at", "moved_at"])


class ContributionFate(models.Model):
    """What became of a row of a file. Append-only, once a row."""

    file = models.ForeignKey(ContributionFile, on_delete=models.PROTECT, related_name="fates")
    line = models.PositiveIntegerField()
    code = models.CharField(max_length=64, blank=True)
    donor = models.CharField(max_length=200, blank=True)
    fate = models.CharField(max_length=8)
    words = models.CharField(max_length=500)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["file", "line"], name="a_row_has_one_fate"),
            models.CheckConstraint(condition=Q(fate__in=[str(fate) for fate in Fate]), name="a_row_has_a_known_fate"),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.code}: {self.fate}"
