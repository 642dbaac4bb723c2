"""What donors signed and promised: agreements, pledges and their instalments."""

import uuid
from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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


class Agreement(models.Model):
    """What a donor signed, in one of its versions. Append-only: an amendment is the next version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16)
    version = models.PositiveSmallIntegerField(default=1)
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="agreements")
    signed_on = models.DateField()
    from_year = models.PositiveSmallIntegerField()
    to_year = models.PositiveSmallIntegerField()
    currency = CurrencyField()
    # The administrative agent's fee as a fraction of every receipt: 0.01 is one per cent.
    fee_rate = models.DecimalField(max_digits=7, decimal_places=6)
    termination_notice_days = models.PositiveSmallIntegerField(default=30)
    # What the donor's or a predecessor's books call it; empty when there is no such name.
    external_reference = models.CharField(max_length=64, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["reference", "version"], name="a_version_of_an_agreement_stands_once"),
            models.UniqueConstraint(
                fields=["external_reference", "version"],
                condition=~Q(external_reference=""),
                name="an_agreement_is_brought_over_once",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="an_agreement_starts_with_version_one"),
            models.CheckConstraint(
                condition=Q(from_year__lte=F("to_year")), name="an_agreement_ends_no_earlier_than_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(fee_rate__gte=0) & Q(fee_rate__lt=1), name="a_fee_is_a_fraction_of_the_receipt"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}, version {self.version}"

    @property
    def fee_percent(self) -> Decimal:
        """The fee as people read it: 1 for one per cent."""
        return (self.fee_rate * 100).normalize()


class Pledge(models.Model):
    """A promise of money. What was promised never changes; how far it has come does."""

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

    def mark(self, status: Status) -> None:
        """Say how far the promise has come, by what is still to be paid."""
        self.status = status.value
        self.save(update_fields=["status"])


class Instalment(models.Model):
    """One due part of a pledge. Append-only; PostgreSQL lets no signed pledge stand whose instalments do not add up."""

    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    minor = MinorUnitsField()
    currency = CurrencyField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["pledge", "number"], name="an_instalment_has_its_own_number"),
            models.UniqueConstraint(fields=["pledge", "due_on"], name="instalments_fall_due_on_different_days"),
            models.CheckConstraint(condition=Q(minor__gt=0), name="an_instalment_is_more_than_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.amount} due {self.due_on}"

    @property
    def amount(self) -> Money:
        """What is due."""
        return Money(self.minor, self.currency)
