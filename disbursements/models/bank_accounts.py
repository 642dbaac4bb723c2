"""Bank details of organisations: rows that only grow. A change is a new row; a second officer verifies."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models

from disbursements.bank_details import BankDetails, masked
from disbursements.models.programmes import Organisation
from disbursements.treasury_rules import DETAILS_REST
from trustfund.core.models import Confirmation, User


class BankAccount(models.Model):
    """Where an organisation's money is sent. Append-only: an organisation's accounts form one chain, latest last."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="bank_accounts")
    supersedes = models.OneToOneField("self", on_delete=models.PROTECT, related_name="successor", null=True)
    holder = models.CharField(max_length=140)
    iban = models.CharField(max_length=34)
    bic = models.CharField(max_length=11)
    bank = models.CharField(max_length=140)
    country = models.CharField(max_length=2)
    fingerprint = models.CharField(max_length=64)
    # What shows that the details are the organisation's own: the letter they came with.
    source = models.CharField(max_length=200)
    registered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(supersedes=None),
                name="an_organisation_has_one_chain_of_bank_accounts",
            ),
            models.CheckConstraint(
                condition=models.Q(iban__regex=r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$"), name="an_iban_has_its_shape"
            ),
            models.CheckConstraint(
                condition=models.Q(bic__regex=r"^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$"), name="a_bic_has_its_shape"
            ),
            models.CheckConstraint(
                condition=models.Q(fingerprint__regex=r"^[0-9a-f]{64}$"), name="bank_details_have_a_fingerprint"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-registered_at", "id"], name="bank_accounts_latest_first"),
        ]

    def __str__(self) -> str:
        return self.masked_iban

    @property
    def details(self) -> BankDetails:
        """The details as one value."""
        return BankDetails(holder=self.holder, iban=self.iban, bic=self.bic, bank=self.bank, country=self.country)

    @property
    def rested_at(self) -> datetime:
        """From when on something may be paid to them."""
        return self.registered_at + DETAILS_REST

    @property
    def masked_iban(self) -> str:
        """The number as pages show it: the country and the last four signs."""
        return masked(self.iban)


class BankAccountVerification(models.Model):
    """That a second officer called the organisation back and found the details right. Append-only, once an account."""

    account = models.OneToOneField(BankAccount, on_delete=models.PROTECT, related_name="verification")
    # Whom the officer called and on which number, where that number was known from before, when, and what was said.
    called = models.CharField(max_length=140)
    number = models.CharField(max_length=40)
    known_from = models.CharField(max_length=200)
    called_at = models.DateTimeField()
    call_back = models.CharField(max_length=400)
    confirmation = models.OneToOneField(Confirmation, on_delete=models.PROTECT, related_name="+")
    verified_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(call_back="")
                & ~models.Q(called="")
                & ~models.Q(number="")
                & ~models.Q(known_from=""),
                name="a_verification_says_who_was_called",
            ),
            models.CheckConstraint(
                condition=models.Q(called_at__lte=models.F("verified_at")), name="a_call_comes_before_its_verification"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} verified by {self.verified_by_id}"


class BankDetailsRead(models.Model):
    """That somebody was shown bank details: whose, where, and whether in full. Append-only."""

    # Nothing where a whole page of the list was shown, masked.
    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="reads", null=True)
    page = models.CharField(max_length=40)
    in_full = models.BooleanField()
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["-at", "-id"], name="reads_latest_first")]

    def __str__(self) -> str:
        return f"{self.person_id} read {self.account_id or 'the list'}"
