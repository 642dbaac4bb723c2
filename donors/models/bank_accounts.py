"""Bank details of donors: rows that only grow. A change is a new row, rests, and is verified by a second officer."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Q

from donors.models.parties import Donor
from trustfund.core.bank_details import BankDetails, masked
from trustfund.core.models import Confirmation, User

# Nothing is paid to details younger than this: time for the donor to read the letter that tells of the change.
DETAILS_REST: Final = timedelta(hours=72)


class DonorBankAccount(models.Model):
    """Where a donor's refund is sent. Append-only: a donor's accounts form one chain, latest last."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="bank_accounts")
    supersedes = models.OneToOneField("self", on_delete=models.PROTECT, related_name="successor", null=True)
    holder = models.CharField(max_length=140)
    iban = models.CharField(max_length=34)
    bic = models.CharField(max_length=11)
    bank = models.CharField(max_length=140)
    country = models.CharField(max_length=2)
    fingerprint = models.CharField(max_length=64)
    # What shows that the details are the donor's own: the letter they came with.
    source = models.CharField(max_length=200)
    registered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["donor"], condition=Q(supersedes=None), name="a_donor_has_one_chain_of_bank_accounts"
            ),
            models.CheckConstraint(
                condition=Q(iban__regex=r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$"), name="a_donors_iban_has_its_shape"
            ),
            models.CheckConstraint(
                condition=Q(bic__regex=r"^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$"), name="a_donors_bic_has_its_shape"
            ),
            models.CheckConstraint(
                condition=Q(fingerprint__regex=r"^[0-9a-f]{64}$"), name="a_donors_details_have_a_fingerprint"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="a_donors_details_have_a_source"),
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


class DonorBankVerification(models.Model):
    """That a second officer called the donor back and found the details right. Append-only, once an account."""

    account = models.OneToOneField(DonorBankAccount, on_delete=models.PROTECT, related_name="verification")
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
                condition=~Q(called="") & ~Q(number="") & ~Q(known_from="") & ~Q(call_back=""),
                name="a_call_back_says_who_and_on_which_number",
            ),
            models.CheckConstraint(condition=Q(called_at__lte=F("verified_at")), name="a_call_back_comes_first"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} verified by {self.verified_by_id}"
