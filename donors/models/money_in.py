"""What arrived: receipts, and the instalments they pay."""

import uuid
from datetime import date, datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bank.models import BankLine
from donors.models.exchange import ExchangeRate
from donors.models.promises import Instalment, Pledge
from donors.rates import FUND_CURRENCY
from trustfund.core.fields import CurrencyField, MinorUnitsField
from trustfund.core.models import User
from trustfund.core.money import Money


class Early(models.TextChoices):
    """What a receipt came before; recorded as a warning, because the world does so (R14)."""

    NOTHING = "", _("Nothing")
    ANNOUNCEMENT = "announcement", _("The money arrived before the pledge was announced.")
    SIGNATURE = "signature", _("The money arrived before the pledge was signed.")


class Unidentified(models.Model):
    """
    Money that arrived and that nobody can name: cash, owed to whoever sent it, never spendable. Append-only.

    It keeps the value of its value date until it is matched or goes back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    line = models.ForeignKey(BankLine, on_delete=models.PROTECT, related_name="+")
    minor = MinorUnitsField()
    currency = CurrencyField()
    usd_minor = MinorUnitsField()
    rate = models.ForeignKey(ExchangeRate, on_delete=models.PROTECT, related_name="+", null=True)
    value_on = models.DateField()
    held_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    held_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(minor__gt=0, usd_minor__gt=0), name="what_is_held_is_more_than_zero"),
            models.CheckConstraint(
                condition=~Q(currency=FUND_CURRENCY) | Q(usd_minor=F("minor"), rate=None),
                name="what_is_held_in_usd_is_worth_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def amount(self) -> Money:
        """What arrived."""
        return Money(self.minor, self.currency)

    @property
    def usd(self) -> Money:
        """What it was worth on its value date."""
        return Money(self.usd_minor, FUND_CURRENCY)

    @property
    def left(self) -> Money:
        """What of it is still unidentified, where the query has asked for it (`with_rest`)."""
        return Money(self.minor - int(getattr(self, "taken_minor", 0)), self.currency)

    @property
    def usd_left(self) -> Money:
        """What that is worth, where the query has asked for it (`with_rest`)."""
        return Money(self.usd_minor - int(getattr(self, "taken_usd_minor", 0)), FUND_CURRENCY)

    def usd_of(self, part: Money) -> Money:
        """Return what a part of what is left is worth; the last part takes what is left, so all parts add up."""
        if part.minor >= self.left.minor:
            return self.usd_left
        return self.usd_left.split([part.minor, self.left.minor - part.minor])[0]


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
    # The bank's line it was matched with, and the unidentified money it came out of.
    line = models.ForeignKey(BankLine, on_delete=models.PROTECT, related_name="+", null=True)
    held = models.ForeignKey(Unidentified, on_delete=models.PROTECT, related_name="receipts", null=True)
    # Whether an older register said so, and no bank line of ours.
    brought_over = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_index=True)
    # Who agreed, where one person's word is not enough.
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    reversed_on = models.DateField(null=True)
    reversed_reason = models.CharField(max_length=400, blank=True)
    reversed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    reversed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["bank_reference"],
                condition=Q(reversed_at=None, line=None),
                name="a_bank_line_is_received_once",
            ),
            models.CheckConstraint(condition=~Q(bank_reference=""), name="a_receipt_names_its_bank_line"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("recorded_by")),
                name="who_confirms_a_receipt_did_not_record_it",
            ),
            models.CheckConstraint(
                condition=Q(received_currency=F("settles_currency"), settles_minor__lte=F("received_minor"))
                | Q(confirmed_by__isnull=False)
                | Q(brought_over=True),
                name="two_people_say_what_no_figure_says",
            ),
            models.CheckConstraint(
                condition=Q(held=None) | Q(confirmed_by__isnull=False, line__isnull=False),
                name="two_people_identify_a_receipt",
            ),
            models.CheckConstraint(
                condition=Q(brought_over=False) | Q(line=None), name="what_is_brought_over_has_no_bank_line"
            ),
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
