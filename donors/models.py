"""What is stored about donors: who they are, what they signed, what they promised, what arrived, what they asked."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from donors.rates import FUND_CURRENCY
from donors.states import Status
from trustfund.core.fields import CurrencyField, MinorUnitsField
from trustfund.core.models import User
from trustfund.core.money import Money

STATUS_LABELS: list[tuple[str, str | Promise]] = [
    (Status.ANNOUNCED.value, _("Announced")),
    (Status.SIGNED.value, _("Signed")),
    (Status.PART_PAID.value, _("Part paid")),
    (Status.PAID.value, _("Paid")),
]


class DonorKind(models.TextChoices):
    """What sort of giver a donor is."""

    MEMBER_STATE = "member_state", _("Member state")
    REGIONAL_AUTHORITY = "regional_authority", _("Regional or local authority")
    ORGANISATION = "organisation", _("International organisation or foundation")
    PRIVATE = "private", _("Private donor")


class Early(models.TextChoices):
    """What a receipt came before; recorded as a warning, because the world does so (R14)."""

    NOTHING = "", _("Nothing")
    ANNOUNCEMENT = "announcement", _("The money arrived before the pledge was announced.")
    SIGNATURE = "signature", _("The money arrived before the pledge was signed.")


class Donor(models.Model):
    """Who gives: a state, an authority, an organisation or a person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=160)
    # The part of a government that signs: "Ministry for Foreign Affairs".
    office = models.CharField(max_length=160, blank=True)
    kind = models.CharField(max_length=24, choices=DonorKind.choices)
    country_code = models.CharField(max_length=3, blank=True)
    registered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(models.functions.Lower("name"), name="a_donor_is_registered_once"),
            models.CheckConstraint(condition=~Q(name=""), name="a_donor_has_a_name"),
            models.CheckConstraint(condition=Q(kind__in=DonorKind.values), name="a_donor_is_of_a_known_kind"),
            models.CheckConstraint(
                condition=Q(country_code="") | Q(country_code__regex=r"^[A-Z]{3}$"),
                name="a_country_code_has_three_letters",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Representative(models.Model):
    """A person who speaks for a donor, from when they were appointed until it ends."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="represents")
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="representatives")
    appointed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    appointed_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at=None), name="a_person_represents_one_donor_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} for {self.donor}"

    def mark_ended(self, *, by: User, at: datetime) -> None:
        """End the appointment; the row stays as the record of who spoke for the donor when."""
        self.ended_by = by
        self.ended_at = at
        self.save(update_fields=["ended_by", "ended_at"])


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
    # The pledge in USD at the pledge-date rate; unknown while it is only announced in another currency.
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
                | (
                    ~Q(status=Status.ANNOUNCED.value)
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
        """What it was worth in USD on the pledge date; None while it is announced in another currency."""
        return None if self.usd_minor is None else Money(self.usd_minor, FUND_CURRENCY)

    @property
    def is_signed(self) -> bool:
        """Whether the promise is in the books."""
        return self.status != Status.ANNOUNCED

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


class ExchangeRate(models.Model):
    """A rate that is in force from a day until a newer one of the same source and currency. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.CharField(max_length=64)
    currency = CurrencyField()
    effective_on = models.DateField()
    units_per_usd = models.DecimalField(max_digits=20, decimal_places=8)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["source", "currency", "effective_on"], name="a_source_has_one_rate_for_a_currency_and_day"
            ),
            models.CheckConstraint(condition=Q(units_per_usd__gt=0), name="a_rate_is_more_than_zero"),
            models.CheckConstraint(condition=~Q(currency=FUND_CURRENCY), name="the_funds_currency_has_no_rate"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.units_per_usd.normalize():f} per USD from {self.effective_on}"


class Receipt(models.Model):
    """
    Money that arrived, as the bank's line says, and what it was worth.

    Its facts never change. A receipt that was undone carries when, by whom and why; it then pays no instalment.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="receipts")
    bank_reference = models.CharField(max_length=64)
    payer = models.CharField(max_length=160)
    value_on = models.DateField()
    received_minor = MinorUnitsField()
    received_currency = CurrencyField()
    # How much of the pledge this pays, in the pledge's currency.
    settles_minor = MinorUnitsField()
    settles_currency = CurrencyField()
    gross_usd_minor = MinorUnitsField()
    pledge_rate_usd_minor = MinorUnitsField()
    fee_usd_minor = MinorUnitsField()
    # The rate that valued it; none when it came in USD, or the bank itself said what it credited in USD.
    rate = models.ForeignKey(ExchangeRate, on_delete=models.PROTECT, related_name="receipts", null=True)
    came_before = models.CharField(max_length=16, choices=Early.choices, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_index=True)
    reversed_on = models.DateField(null=True)
    reversed_reason = models.CharField(max_length=400, blank=True)
    reversed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    reversed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["bank_reference"], condition=Q(reversed_at=None), name="a_bank_line_is_received_once"
            ),
            models.CheckConstraint(condition=~Q(bank_reference=""), name="a_receipt_names_its_bank_line"),
            models.CheckConstraint(
                condition=Q(received_minor__gt=0, settles_minor__gt=0, gross_usd_minor__gt=0),
                name="a_receipt_is_more_than_zero",
            ),
            models.CheckConstraint(
                condition=Q(fee_usd_minor__gte=0) & Q(fee_usd_minor__lte=F("gross_usd_minor")),
                name="a_fee_is_part_of_what_arrived",
            ),
            models.CheckConstraint(
                condition=~Q(received_currency=FUND_CURRENCY) | Q(gross_usd_minor=F("received_minor"), rate=None),
                name="usd_is_worth_itself",
            ),
            models.CheckConstraint(
                condition=Q(reversed_at=None, reversed_on=None, reversed_by=None, reversed_reason="")
                | (
                    Q(reversed_at__isnull=False, reversed_on__isnull=False, reversed_by__isnull=False)
                    & ~Q(reversed_reason="")
                ),
                name="a_reversal_has_a_day_a_person_and_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def received(self) -> Money:
        """What the bank credited, in the currency it came in."""
        return Money(self.received_minor, self.received_currency)

    @property
    def settles(self) -> Money:
        """How much of the pledge this pays."""
        return Money(self.settles_minor, self.settles_currency)

    @property
    def gross_usd(self) -> Money:
        """What arrived, in USD at the rate of the value date."""
        return Money(self.gross_usd_minor, FUND_CURRENCY)

    @property
    def pledge_rate_usd(self) -> Money:
        """What the settled part was worth in USD on the pledge date."""
        return Money(self.pledge_rate_usd_minor, FUND_CURRENCY)

    @property
    def fee_usd(self) -> Money:
        """The administrative agent's fee."""
        return Money(self.fee_usd_minor, FUND_CURRENCY)

    @property
    def net_usd(self) -> Money:
        """What reached the pool."""
        return self.gross_usd - self.fee_usd

    @property
    def difference_usd(self) -> Money:
        """The realised exchange difference: a gain is positive."""
        return self.gross_usd - self.pledge_rate_usd

    @property
    def is_reversed(self) -> bool:
        """Whether the receipt was undone."""
        return self.reversed_at is not None

    @property
    def status(self) -> str:
        """The word for its state: recorded or reversed."""
        return "reversed" if self.is_reversed else "recorded"

    def mark_reversed(self, *, on: date, reason: str, by: User, at: datetime) -> None:
        """Undo the receipt; its instalments are open again."""
        self.reversed_on = on
        self.reversed_reason = reason
        self.reversed_by = by
        self.reversed_at = at
        self.save(update_fields=["reversed_on", "reversed_reason", "reversed_by", "reversed_at"])


class Allocation(models.Model):
    """The part of a receipt that pays an instalment, for as long as the receipt stands. Append-only."""

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="allocations")
    instalment = models.ForeignKey(Instalment, on_delete=models.PROTECT, related_name="allocations")
    minor = MinorUnitsField()
    currency = CurrencyField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["receipt", "instalment"], name="a_receipt_pays_an_instalment_once"),
            models.CheckConstraint(condition=Q(minor__gt=0), name="an_allocation_is_more_than_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of {self.receipt_id} to {self.instalment_id}"

    @property
    def amount(self) -> Money:
        """What is paid, in the pledge's currency."""
        return Money(self.minor, self.currency)


class StopRequest(models.Model):
    """A donor's request to stop using money already given: a plain record that changes nothing. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="stop_requests")
    text = models.TextField()
    received_on = models.DateField()
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(text=""), name="a_stop_request_says_what_is_asked"),
        ]

    def __str__(self) -> str:
        return self.reference
