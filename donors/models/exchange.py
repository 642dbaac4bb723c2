"""Exchange rates: what is in force, the published files they came from, corrections, and the ECB's for comparison."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from donors.rate_files import Publisher
from donors.rates import FUND_CURRENCY
from trustfund.core.fields import CurrencyField
from trustfund.core.models import User

_DIGITS, _PLACES = 20, 8
PUBLISHERS = [(Publisher.UN.value, _("UN operational rates")), (Publisher.ECB.value, _("ECB reference rates"))]


class RateFile(models.Model):
    """A file of rates as somebody brought it, kept with its bytes: first looked at, then taken or not."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    publisher = models.CharField(max_length=8, choices=PUBLISHERS)
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()
    brought_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    brought_at = models.DateTimeField()
    taken = models.PositiveIntegerField(null=True)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(publisher__in=[str(publisher) for publisher in Publisher]),
                name="a_rate_file_is_of_a_known_publisher",
            ),
            models.CheckConstraint(
                condition=Q(taken=None, taken_by=None, taken_at=None)
                | Q(taken__isnull=False, taken_by__isnull=False, taken_at__isnull=False),
                name="a_file_that_is_taken_says_by_whom_and_how_much",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_taken(self) -> bool:
        """Whether its rates are recorded."""
        return self.taken_at is not None

    @property
    def values_money(self) -> bool:
        """Whether its rates value receipts; the ECB's are only compared with."""
        return self.publisher == Publisher.UN

    def mark_taken(self, number: int, *, by: User, at: datetime) -> None:
        """Say how many of its rates were new and are recorded now."""
        self.taken = number
        self.taken_by = by
        self.taken_at = at
        self.save(update_fields=["taken", "taken_by", "taken_at"])


class ExchangeRate(models.Model):
    """
    A rate that is in force from a day until a newer one of the same source and currency. Append-only.

    A mistyped one is corrected by a row that names it, made by two people; the corrected one stays and counts no more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.CharField(max_length=64)
    currency = CurrencyField()
    effective_on = models.DateField()
    units_per_usd = models.DecimalField(max_digits=_DIGITS, decimal_places=_PLACES)
    file = models.ForeignKey(RateFile, on_delete=models.PROTECT, related_name="rates", null=True)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, related_name="correction", null=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["source", "currency", "effective_on"],
                condition=Q(corrects=None),
                name="a_source_has_one_rate_for_a_currency_and_day",
            ),
            models.CheckConstraint(condition=Q(units_per_usd__gt=0), name="a_rate_is_more_than_zero"),
            models.CheckConstraint(condition=~Q(currency=FUND_CURRENCY), name="the_funds_currency_has_no_rate"),
            models.CheckConstraint(
                condition=Q(corrects=None, confirmed_by=None)
                | (Q(corrects__isnull=False, confirmed_by__isnull=False) & ~Q(confirmed_by=F("recorded_by"))),
                name="a_rate_is_corrected_by_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.plain} per USD from {self.effective_on}"

    @property
    def plain(self) -> str:
        """The rate without zeros that say nothing."""
        return f"{self.units_per_usd.normalize():f}"

    @property
    def is_corrected(self) -> bool:
        """Whether another row took its place; asked of a query that has selected its correction."""
        return hasattr(self, "correction")


class Outcome(models.TextChoices):
    """What became of a proposed correction."""

    WAITING = "", _("Waits for a second person")
    CONFIRMED = "confirmed", _("Confirmed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class RateCorrection(models.Model):
    """One person's word that a recorded rate was mistyped, until a second person confirms it or it is withdrawn."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rate = models.ForeignKey(ExchangeRate, on_delete=models.PROTECT, related_name="proposals")
    units_per_usd = models.DecimalField(max_digits=_DIGITS, decimal_places=_PLACES)
    reason = models.CharField(max_length=400)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["rate"], condition=Q(outcome=""), name="a_rate_has_one_correction_under_way"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_correction_says_why"),
            models.CheckConstraint(condition=Q(units_per_usd__gt=0), name="a_corrected_rate_is_more_than_zero"),
            models.CheckConstraint(
                condition=Q(outcome="", settled_by=None, settled_at=None)
                | Q(outcome=Outcome.WITHDRAWN, settled_by__isnull=False, settled_at__isnull=False)
                | (
                    Q(outcome=Outcome.CONFIRMED, settled_by__isnull=False, settled_at__isnull=False)
                    & ~Q(settled_by=F("proposed_by"))
                ),
                name="a_correction_is_confirmed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rate}: {self.plain}"

    @property
    def plain(self) -> str:
        """The proposed rate without zeros that say nothing."""
        return f"{self.units_per_usd.normalize():f}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for a second person."""
        return self.outcome == Outcome.WAITING

    def mark_settled(self, outcome: Outcome, *, by: User, at: datetime) -> None:
        """Say what became of it."""
        self.outcome = outcome
        self.settled_by = by
        self.settled_at = at
        self.save(update_fields=["outcome", "settled_by", "settled_at"])


class ReferenceDay(models.Model):
    """
    What the ECB published on a day: units of each currency for one EUR, in its own digits. Append-only.

    It stands in a table of its own, so that no question for a rate that values money can come upon it.
    """

    day = models.DateField(primary_key=True)
    per_eur = models.JSONField()
    file = models.ForeignKey(RateFile, on_delete=models.PROTECT, related_name="days")

    def __str__(self) -> str:
        return f"{self.day}: {len(self.per_eur)}"
