"""What donors promised: pledges in their versions, and the instalments of each."""

import uuid
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from donors.models.agreements import Agreement
from donors.models.parties import Donor
from donors.rates import FUND_CURRENCY
from donors.states import NOT_IN_THE_BOOKS, Status
from trustfund.core.fields import CurrencyField, MinorUnitsField
from trustfund.core.models import User
from trustfund.core.money import Money

STATUS_LABELS: list[tuple[str, str | Promise]] = [
    (Status.ANNOUNCED.value, _("Announced")),
    (Status.CONDITIONAL.value, _("Conditional")),
    (Status.SIGNED.value, _("Signed")),
    (Status.CALLED.value, _("Called")),
    (Status.PART_PAID.value, _("Part paid")),
    (Status.PAID.value, _("Paid")),
    (Status.WRITTEN_OFF.value, _("Written off")),
]


class Pledge(models.Model):
    """A promise of money as it stands now. Only a new version changes what it promises; its state moves on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="pledges")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="pledges", null=True)
    minor = MinorUnitsField()
    currency = CurrencyField()
    # The pledge in USD at the pledge-date rate; unknown before it is in the books, if it is in another currency.
    usd_minor = MinorUnitsField(null=True)
    payment_currency = CurrencyField()
    announced_on = models.DateField()
    signed_on = models.DateField(null=True)
    status = models.CharField(max_length=12, choices=STATUS_LABELS)
    # What the donor said when it promised, word for word.
    words = models.TextField(blank=True)
    external_reference = models.CharField(max_length=64, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(minor__gt=0), name="a_pledge_is_more_than_zero"),
            models.CheckConstraint(
                condition=Q(usd_minor=None) | Q(usd_minor__gt=0), name="a_pledge_is_worth_more_than_zero"
            ),
            models.CheckConstraint(
                condition=~Q(currency=FUND_CURRENCY) | Q(usd_minor__isnull=False, usd_minor=F("minor")),
                name="a_pledge_in_usd_is_worth_itself",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[str(status) for status in Status]), name="a_pledge_is_in_a_known_state"
            ),
            models.CheckConstraint(
                condition=Q(status=Status.ANNOUNCED.value, agreement=None, signed_on=None)
                | Q(status=Status.CONDITIONAL.value, agreement__isnull=False, signed_on=None)
                | (
                    ~Q(status__in=[str(status) for status in sorted(NOT_IN_THE_BOOKS)])
                    & Q(agreement__isnull=False, signed_on__isnull=False, usd_minor__gt=0)
                ),
                name="a_signed_pledge_has_an_agreement_a_day_and_a_value",
            ),
            models.UniqueConstraint(
                fields=["external_reference"],
                condition=~Q(external_reference=""),
                name="a_pledge_is_brought_over_once",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def amount(self) -> Money:
        """What was promised, in the pledge's own currency."""
        return Money(self.minor, self.currency)

    @property
    def usd_value(self) -> Money | None:
        """What it was worth in USD on the pledge date; None before it is in the books, if in another currency."""
        return None if self.usd_minor is None else Money(self.usd_minor, FUND_CURRENCY)

    @property
    def outstanding(self) -> Money | None:
        """What a signed pledge still lacks, where the query has asked for what is settled (`with_outstanding`)."""
        settled: int | None = getattr(self, "settled_minor", None)
        return Money(self.minor - settled, self.currency) if self.is_signed and settled is not None else None

    @property
    def is_signed(self) -> bool:
        """Whether the promise is in the books."""
        return self.status not in NOT_IN_THE_BOOKS

    def mark_signed(self, agreement: Agreement, *, on: date, usd_value: Money) -> None:
        """Bind an announced pledge to its agreement."""
        self.agreement = agreement
        self.signed_on = on
        self.usd_minor = usd_value.minor
        self.status = Status.SIGNED.value
        self.save(update_fields=["agreement", "signed_on", "usd_minor", "status"])

    def mark_amended(self, agreement: Agreement, *, amount: Money, usd_value: Money) -> None:
        """Let it promise what its latest version says."""
        self.agreement = agreement
        self.minor = amount.minor
        self.usd_minor = usd_value.minor
        self.save(update_fields=["agreement", "minor", "usd_minor"])

    def mark(self, status: Status) -> None:
        """Say how far the promise has come, by what is still to be paid."""
        self.status = status.value
        self.save(update_fields=["status"])


class PledgeVersion(models.Model):
    """
    What a pledge promises from a day on, under one version of its agreement. Append-only.

    The first is written when the pledge comes into the books, another with every amendment of its agreement.
    """

    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="pledge_versions")
    minor = MinorUnitsField()
    currency = CurrencyField()
    usd_minor = MinorUnitsField()
    # How much was settled when it was written: up to there the earlier version says what the pledge was worth.
    settled_minor = MinorUnitsField(default=0)
    in_force_on = models.DateField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["pledge", "number"], name="a_version_of_a_pledge_stands_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="a_pledge_starts_with_version_one"),
            models.CheckConstraint(condition=Q(minor__gt=0, usd_minor__gt=0), name="a_version_promises_something"),
            models.CheckConstraint(
                condition=Q(settled_minor__gte=0) & Q(settled_minor__lte=F("minor")),
                name="a_version_promises_at_least_what_is_paid",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pledge_id}, version {self.number}"

    @property
    def amount(self) -> Money:
        """What it promises, all instalments together."""
        return Money(self.minor, self.currency)

    @property
    def usd_value(self) -> Money:
        """What it was worth in USD: what it added, at the rate of its own day."""
        return Money(self.usd_minor, FUND_CURRENCY)


class Instalment(models.Model):
    """
    One due part of a pledge. Append-only; PostgreSQL lets no pledge stand whose instalments do not add up.

    It comes with a version of its pledge and stands in every later one, until a version replaces it.
    """

    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="instalments")
    version = models.PositiveSmallIntegerField(default=1)
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    minor = MinorUnitsField()
    currency = CurrencyField()
    # Nothing for the first schedule of a pledge; else the day from which its version is in force.
    in_force_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["pledge", "version", "number"], name="an_instalment_has_its_own_number"),
            models.UniqueConstraint(
                fields=["pledge", "version", "due_on"], name="instalments_fall_due_on_different_days"
            ),
            models.CheckConstraint(condition=Q(minor__gt=0), name="an_instalment_is_more_than_zero"),
            models.CheckConstraint(
                condition=Q(version=1, in_force_on=None) | Q(version__gt=1, in_force_on__isnull=False),
                name="a_later_instalment_says_since_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.amount} due {self.due_on}"

    @property
    def is_ended(self) -> bool:
        """Whether notice ends the agreement before it falls due, where the query has asked (`instalment_rows`)."""
        return bool(getattr(self, "ended_by_notice", False))

    @property
    def amount(self) -> Money:
        """What is due."""
        return Money(self.minor, self.currency)

    @property
    def lacking(self) -> Money:
        """What it lacks, where the query has asked for it (`lacking_instalments`)."""
        return Money(int(getattr(self, "lacking_minor", 0)), self.currency)


class Replacement(models.Model):
    """That an instalment on which nothing stands paid ended with a version of its pledge. Append-only."""

    instalment = models.OneToOneField(Instalment, on_delete=models.PROTECT, related_name="replacement")
    version = models.PositiveSmallIntegerField()
    replaced_on = models.DateField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(version__gt=1), name="only_a_later_version_replaces"),
        ]

    def __str__(self) -> str:
        return f"{self.instalment_id} until {self.replaced_on}"
