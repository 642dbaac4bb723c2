"""What the ledger stores, for reading. Only the posting functions in `ledger/sql` write these tables."""

from datetime import date, timedelta
from functools import cached_property
from typing import ClassVar, Final
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext as _

from ledger.chart import Kind
from trustfund.core.currencies import ALPHABETIC_CODES
from trustfund.core.models import User
from trustfund.core.money import Money

# What an event about the books as a whole is about.
BOOKS: Final = UUID("6c656467-6572-4000-8000-626f6f6b7321")


class Currency(models.Model):
    """A currency as ISO 4217 numbers it, with its number of decimals; filled from the one table of the code."""

    number = models.SmallIntegerField(primary_key=True)
    code = models.TextField(unique=True)
    decimals = models.SmallIntegerField()

    class Meta:
        db_table = "ledger_currency"

    def __str__(self) -> str:
        return self.code


class Account(models.Model):
    """An account: one currency, one meaning. Floored accounts also have a row in `ledger_balance`."""

    id = models.AutoField(primary_key=True)
    code = models.TextField(unique=True)
    name = models.TextField()
    kind = models.TextField(choices=[(str(kind), str(kind)) for kind in Kind])
    currency = models.SmallIntegerField()
    may_be_overdrawn = models.BooleanField()
    closed = models.BooleanField(default=False)
    # The period fence: nothing is posted with an earlier effective date.
    open_from = models.DateField()
    opened_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", db_column="opened_by", db_constraint=False
    )
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_account"

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def currency_code(self) -> str:
        """The currency's alphabetic code."""
        return ALPHABETIC_CODES[self.currency]

    @property
    def kind_name(self) -> str:
        """What the account tells, in words."""
        return {
            Kind.ASSET: _("asset"),
            Kind.LIABILITY: _("liability"),
            Kind.INCOME: _("source of funds"),
            Kind.USE: _("use of funds"),
            Kind.MEMORANDUM: _("memorandum"),
        }[Kind(self.kind)]

    def money(self, minor: int) -> Money:
        """Return an amount of this account's currency."""
        return Money(minor, self.currency_code)


class Entry(models.Model):
    """One balanced event. The legs stand in the row itself; `Line` holds the same legs one by one, for reading."""

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField()
    reference = models.TextField()
    effective_on = models.DateField()
    booked_at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_column="actor", db_constraint=False)
    memo = models.TextField(default="")
    subject = models.UUIDField(null=True)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="reversal", null=True, db_column="reverses", db_constraint=False
    )
    accounts = ArrayField(models.IntegerField())
    currencies = ArrayField(models.SmallIntegerField())
    amounts = ArrayField(models.BigIntegerField())

    class Meta:
        db_table = "ledger_entry"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "reference"], name="an_event_is_posted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"

    @cached_property
    def moneys(self) -> list[Money]:
        """The legs' moneys, in the order of the legs; debits are positive."""
        return [
            Money(amount, ALPHABETIC_CODES[currency])
            for amount, currency in zip(self.amounts, self.currencies, strict=True)
        ]


class Line(models.Model):
    """One leg of an entry, found by account and effective date."""

    pk = models.CompositePrimaryKey("account_id", "effective_on", "entry_id", "leg")
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="lines", db_column="account", db_constraint=False
    )
    effective_on = models.DateField()
    entry = models.ForeignKey(
        Entry, on_delete=models.PROTECT, related_name="lines", db_column="entry", db_constraint=False
    )
    leg = models.SmallIntegerField()
    amount = models.BigIntegerField()
    currency = models.SmallIntegerField()

    class Meta:
        db_table = "ledger_line"

    def __str__(self) -> str:
        return f"{self.entry_id}/{self.leg}"

    @property
    def money(self) -> Money:
        """What the account gained: a debit is positive."""
        return Money(self.amount, ALPHABETIC_CODES[self.currency])

    @property
    def debit(self) -> Money | None:
        """The money if it is a debit."""
        return self.money if self.amount > 0 else None

    @property
    def credit(self) -> Money | None:
        """The money, as a positive figure, if it is a credit."""
        return -self.money if self.amount < 0 else None


class PeriodChange(models.Model):
    """That the fence of the open period moved: forward when a period was closed, back when one was reopened."""

    id = models.BigAutoField(primary_key=True)
    open_from = models.DateField()
    reopens = models.BooleanField()
    decision = models.TextField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_column="actor", db_constraint=False)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_period_change"

    def __str__(self) -> str:
        return f"open from {self.open_from}"

    @property
    def closed_to(self) -> date:
        """The last day that is closed."""
        return self.open_from - timedelta(days=1)


class Seal(models.Model):
    """A head of the tree over all entries, chained to the seal before. `ledger/sql/sealing.sql` says how it is made."""

    n = models.BigIntegerField(primary_key=True)
    entries = models.IntegerField()
    size = models.BigIntegerField()
    root = models.BinaryField()
    previous = models.BinaryField()
    hash = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_seal"

    def __str__(self) -> str:
        return f"seal {self.n}"

    @property
    def head(self) -> str:
        """The head of the tree, as people write it down."""
        return bytes(self.root).hex()
