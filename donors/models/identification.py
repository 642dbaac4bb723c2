"""Money on the bank's lines that waits for a name: held as unidentified, sent back, or matched by two people."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bank.models import BankLine
from donors.models.money_in import Receipt, Unidentified
from donors.models.promises import Pledge
from donors.rates import FUND_CURRENCY
from trustfund.core.fields import CurrencyField, MinorUnitsField
from trustfund.core.models import User
from trustfund.core.money import Money


class UnidentifiedReturn(models.Model):
    """That unidentified money, or a part of it, went back to whoever sent it. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=24, unique=True)
    held = models.ForeignKey(Unidentified, on_delete=models.PROTECT, related_name="returns")
    # The bank's debit; none while it has not told of it.
    line = models.ForeignKey(BankLine, on_delete=models.PROTECT, related_name="+", null=True)
    minor = MinorUnitsField()
    usd_minor = MinorUnitsField()
    returned_on = models.DateField()
    reason = models.CharField(max_length=400)
    returned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    returned_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(minor__gt=0, usd_minor__gt=0), name="what_goes_back_is_more_than_zero"),
            models.CheckConstraint(condition=~Q(reason=""), name="what_goes_back_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def usd(self) -> Money:
        """What it was held at, in USD."""
        return Money(self.usd_minor, FUND_CURRENCY)


class Why(models.TextChoices):
    """Why one person's word is not enough for a match."""

    UNIDENTIFIED = "unidentified", _("The money was held as unidentified.")
    WORD = "word", _("What it settles is more than the figures say.")


class Match(models.Model):
    """One person's word that some money pays a pledge, waiting for another's. It stands, and is decided once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    why = models.CharField(max_length=16, choices=Why.choices)
    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="matches")
    line = models.ForeignKey(BankLine, on_delete=models.PROTECT, related_name="+", null=True)
    held = models.ForeignKey(Unidentified, on_delete=models.PROTECT, related_name="matches", null=True)
    bank_reference = models.CharField(max_length=64)
    payer = models.CharField(max_length=160)
    value_on = models.DateField()
    received_minor = MinorUnitsField()
    received_currency = CurrencyField()
    settles_minor = MinorUnitsField()
    settles_currency = CurrencyField()
    usd_value_minor = MinorUnitsField(null=True)
    # How the proposer knows: for the person who confirms, and for the record.
    grounds = models.CharField(max_length=400)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    declined_because = models.CharField(max_length=400, blank=True)
    receipt = models.OneToOneField(Receipt, on_delete=models.PROTECT, related_name="match", null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(why__in=Why.values), name="a_match_says_why_it_needs_two_people"),
            models.CheckConstraint(condition=~Q(grounds=""), name="a_match_says_how_it_is_known"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")) | ~Q(declined_because=""),
                name="a_match_is_confirmed_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, receipt=None, declined_because="")
                | Q(decided_at__isnull=False, decided_by__isnull=False, receipt__isnull=False, declined_because="")
                | (Q(decided_at__isnull=False, decided_by__isnull=False, receipt=None) & ~Q(declined_because="")),
                name="a_match_is_open_confirmed_or_declined",
            ),
            models.CheckConstraint(
                condition=Q(received_minor__gt=0, settles_minor__gt=0), name="a_match_is_more_than_zero"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def received(self) -> Money:
        """What arrived."""
        return Money(self.received_minor, self.received_currency)

    @property
    def settles(self) -> Money:
        """How much of the pledge it is said to pay."""
        return Money(self.settles_minor, self.settles_currency)

    @property
    def usd_value(self) -> Money | None:
        """What the bank said that it credited in USD, if it did."""
        return None if self.usd_value_minor is None else Money(self.usd_value_minor, FUND_CURRENCY)

    @property
    def is_open(self) -> bool:
        """Whether it waits for a second person."""
        return self.decided_at is None

    @property
    def status(self) -> str:
        """The word for its state: waiting, confirmed or declined."""
        if self.decided_at is None:
            return "waiting"
        return "declined" if self.declined_because else "confirmed"

    def mark_confirmed(self, receipt: Receipt, *, by: User, at: datetime) -> None:
        """Say that another person agreed, and what came of it."""
        self.receipt = receipt
        self.decided_by = by
        self.decided_at = at
        self.save(update_fields=["receipt", "decided_by", "decided_at"])

    def mark_declined(self, *, because: str, by: User, at: datetime) -> None:
        """Say that the match does not stand, and why; the money waits again."""
        self.declined_because = because
        self.decided_by = by
        self.decided_at = at
        self.save(update_fields=["declined_because", "decided_by", "decided_at"])
