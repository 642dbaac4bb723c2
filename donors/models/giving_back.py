"""What is given up and given back by decision of the committee: write-offs of pledges, and refunds to donors."""

import uuid
from datetime import date, datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from donors.models.bank_accounts import DonorBankAccount
from donors.models.parties import Donor
from donors.models.promises import Instalment, Pledge
from donors.rates import FUND_CURRENCY
from trustfund.core.fields import CurrencyField, MinorUnitsField
from trustfund.core.models import Confirmation, User
from trustfund.core.money import Money


class StartsWith(models.TextChoices):
    """Which instalments a write-off takes first."""

    OLDEST = "oldest", _("What has been due longest")
    LATEST = "latest", _("What falls due last")


class WriteOff(models.Model):
    """
    A part of a pledge that the committee is asked to give up.

    Its facts never change. Once carried out it is posted, and its parts say of which instalments.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="write_offs")
    minor = MinorUnitsField()
    currency = CurrencyField()
    starts_with = models.CharField(max_length=8, choices=StartsWith.choices)
    reason = models.CharField(max_length=1000)
    # What shows it: the donor's letter, a resolution, a court's decision.
    evidence = models.CharField(max_length=400)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    posted_on = models.DateField(null=True)
    carried_out_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    carried_out_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(minor__gt=0), name="a_write_off_is_more_than_zero"),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(evidence=""), name="a_write_off_has_a_reason_and_evidence"
            ),
            models.CheckConstraint(
                condition=Q(starts_with__in=StartsWith.values), name="a_write_off_starts_at_one_end"
            ),
            models.CheckConstraint(
                condition=Q(posted_on=None, carried_out_by=None, carried_out_at=None)
                | Q(posted_on__isnull=False, carried_out_by__isnull=False, carried_out_at__isnull=False),
                name="a_write_off_is_carried_out_by_somebody_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def amount(self) -> Money:
        """What is given up, in the pledge's currency."""
        return Money(self.minor, self.currency)

    @property
    def is_carried_out(self) -> bool:
        """Whether it stands in the books."""
        return self.carried_out_at is not None

    def mark_carried_out(self, *, on: date, by: User, at: datetime) -> None:
        """Say that it stands in the books."""
        self.posted_on = on
        self.carried_out_by = by
        self.carried_out_at = at
        self.save(update_fields=["posted_on", "carried_out_by", "carried_out_at"])


class WrittenOffPart(models.Model):
    """The part of an instalment that a write-off gives up. Append-only."""

    write_off = models.ForeignKey(WriteOff, on_delete=models.PROTECT, related_name="parts")
    instalment = models.ForeignKey(Instalment, on_delete=models.PROTECT, related_name="written_off_parts")
    minor = MinorUnitsField()
    currency = CurrencyField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["write_off", "instalment"], name="a_write_off_takes_an_instalment_once"),
            models.CheckConstraint(condition=Q(minor__gt=0), name="a_written_off_part_is_more_than_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of {self.instalment_id}"

    @property
    def amount(self) -> Money:
        """What is given up, in the pledge's currency."""
        return Money(self.minor, self.currency)


class Refund(models.Model):
    """
    Money of the pool that the committee is asked to give back to a donor.

    Its facts never change. It is paid once, by somebody else than who asked, to details that are verified and rested.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="refunds")
    minor = MinorUnitsField()
    reason = models.CharField(max_length=1000)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    bank_account = models.ForeignKey(DonorBankAccount, on_delete=models.PROTECT, related_name="refunds", null=True)
    bank_reference = models.CharField(max_length=64, blank=True)
    paid_on = models.DateField(null=True)
    confirmation = models.OneToOneField(Confirmation, on_delete=models.PROTECT, related_name="+", null=True)
    authorised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    authorised_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(minor__gt=0), name="a_refund_is_more_than_zero"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_refund_has_a_reason"),
            models.CheckConstraint(
                condition=Q(authorised_by=None) | ~Q(authorised_by=F("requested_by")),
                name="nobody_authorises_a_refund_they_requested",
            ),
            models.CheckConstraint(
                condition=Q(
                    authorised_by=None,
                    authorised_at=None,
                    confirmation=None,
                    paid_on=None,
                    bank_account=None,
                    bank_reference="",
                )
                | (
                    Q(
                        authorised_by__isnull=False,
                        authorised_at__isnull=False,
                        confirmation__isnull=False,
                        paid_on__isnull=False,
                        bank_account__isnull=False,
                    )
                    & ~Q(bank_reference="")
                ),
                name="a_refund_is_paid_by_somebody_to_an_account_on_a_day",
            ),
            models.UniqueConstraint(
                fields=["bank_reference"], condition=~Q(bank_reference=""), name="a_refund_has_its_own_bank_reference"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def amount(self) -> Money:
        """What is given back, in USD."""
        return Money(self.minor, FUND_CURRENCY)

    @property
    def is_paid(self) -> bool:
        """Whether the money has left the fund."""
        return self.authorised_at is not None

    def mark_paid(
        self,
        *,
        to: DonorBankAccount,
        bank_reference: str,
        on: date,
        confirmation: Confirmation,
        by: User,
        at: datetime,
    ) -> None:
        """Say that the money has left, to which account, and who let it go."""
        self.bank_account = to
        self.bank_reference = bank_reference
        self.paid_on = on
        self.confirmation = confirmation
        self.authorised_by = by
        self.authorised_at = at
        self.save(
            update_fields=[
                "bank_account",
                "bank_reference",
                "paid_on",
                "confirmation",
                "authorised_by",
                "authorised_at",
            ]
        )
