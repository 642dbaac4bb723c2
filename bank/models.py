"""What is stored of what the bank said: the fund's own accounts, files, statements, lines, and their uses."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bank.chain import Place
from bank.readers import Said
from trustfund.core.fields import CurrencyField, MinorUnitsField
from trustfund.core.models import User
from trustfund.core.money import Money


class Fate(models.TextChoices):
    """What became of a file."""

    IMPORTED = "imported", _("Imported")
    QUARANTINED = "quarantined", _("Quarantined")
    REFUSED = "refused", _("Refused")


class Purpose(models.TextChoices):
    """What a line is used for: each purpose belongs to the room that uses it."""

    RECEIPT = "receipt", _("Receipt")
    UNIDENTIFIED = "unidentified", _("Held as unidentified")
    RETURN = "return", _("Return of a receipt")
    PAYMENT = "payment", _("Payment")
    PAYMENT_RETURN = "payment_return", _("Return of a payment")
    BOOKED = "booked", _("Booked before the line came")


class OwnAccount(models.Model):
    """A bank account of the fund itself. Its number and currency never change."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    # Letters and digits alone, so that an IBAN written with spaces is the same account.
    number = models.CharField(max_length=40)
    currency = CurrencyField()
    bank_name = models.CharField(max_length=120)
    bic = models.CharField(max_length=11, blank=True)
    registered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["number", "currency"], name="an_account_is_the_funds_once"),
            models.CheckConstraint(
                condition=Q(number__regex=r"^[A-Z0-9]{4,40}$"), name="an_account_number_is_letters_and_digits"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="an_own_account_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.currency})"


class BankFile(models.Model):
    """A file as somebody brought it, and what became of it. Its bytes are kept whatever its fate. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveIntegerField()
    # As the browser called it; told to people, never used as a path.
    file_name = models.CharField(max_length=120, blank=True)
    form = models.CharField(max_length=24, blank=True)
    message = models.CharField(max_length=140, blank=True)
    fate = models.CharField(max_length=12, choices=Fate.choices)
    reason = models.TextField(blank=True)
    brought_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    brought_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["sha256"], condition=Q(fate=Fate.IMPORTED), name="a_bank_file_is_imported_once"
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="a_bank_file_is_known_by_its_hash"
            ),
            models.CheckConstraint(condition=Q(fate__in=Fate.values), name="a_bank_file_has_a_known_fate"),
            models.CheckConstraint(
                condition=Q(fate=Fate.IMPORTED, reason="") | (~Q(fate=Fate.IMPORTED) & ~Q(reason="")),
                name="a_bank_file_that_stays_out_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class BankStatement(models.Model):
    """A statement, report or notification about one account. Append-only; a statement leads from opening to closing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="statements")
    account = models.ForeignKey(OwnAccount, on_delete=models.PROTECT, related_name="statements")
    number = models.PositiveSmallIntegerField()
    # Which of the account's statements it is, in the order of their coming.
    nth = models.PositiveIntegerField()
    said = models.CharField(max_length=12, choices=[(str(said), str(said)) for said in Said])
    bank_name_of_it = models.CharField(max_length=140, blank=True)
    sequence = models.CharField(max_length=140, blank=True)
    currency = CurrencyField()
    opening_minor = MinorUnitsField(null=True)
    moved_minor = MinorUnitsField()
    closing_minor = MinorUnitsField(null=True)
    opens_on = models.DateField(null=True)
    closes_on = models.DateField(null=True)
    place = models.CharField(max_length=8, choices=[(str(place), str(place)) for place in Place], blank=True)
    brought_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["file", "number"], name="a_statement_of_a_file_has_its_own_number"),
            models.UniqueConstraint(fields=["account", "nth"], name="statements_of_an_account_come_one_by_one"),
            models.CheckConstraint(
                condition=~Q(said=Said.STATEMENT)
                | Q(
                    opening_minor__isnull=False,
                    closing_minor=F("opening_minor") + F("moved_minor"),
                    closing_minor__isnull=False,
                    opens_on__isnull=False,
                    closes_on__isnull=False,
                ),
                name="a_bank_statement_closes",
            ),
            models.CheckConstraint(
                condition=Q(said=Said.STATEMENT, place__in=[str(place) for place in Place])
                | (~Q(said=Said.STATEMENT) & Q(place="")),
                name="a_bank_statement_has_its_place",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_statement(self) -> bool:
        """Whether it has balances, and is not only a notice of entries."""
        return str(self.said) == Said.STATEMENT

    @property
    def opening(self) -> Money | None:
        """What the account held before."""
        return None if self.opening_minor is None else Money(self.opening_minor, self.currency)

    @property
    def moved(self) -> Money:
        """What all entries add up to."""
        return Money(self.moved_minor, self.currency)

    @property
    def closing(self) -> Money | None:
        """What the account holds after."""
        return None if self.closing_minor is None else Money(self.closing_minor, self.currency)


class BankLine(models.Model):
    """One payment on an account: what came in is positive, what went out negative. Append-only, never there twice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=24, unique=True)
    account = models.ForeignKey(OwnAccount, on_delete=models.PROTECT, related_name="lines")
    # The statement that told of it first.
    brought_by = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="brought")
    booked_on = models.DateField()
    value_on = models.DateField()
    minor = MinorUnitsField()
    currency = CurrencyField()
    bank_reference = models.CharField(max_length=140, blank=True)
    end_to_end_id = models.CharField(max_length=140, blank=True, db_index=True)
    party = models.TextField(blank=True)
    party_account = models.CharField(max_length=140, blank=True)
    creditor_reference = models.CharField(max_length=140, blank=True)
    text = models.TextField(blank=True)
    code = models.CharField(max_length=140, blank=True)
    is_return = models.BooleanField(default=False)
    return_reason = models.CharField(max_length=140, blank=True)
    # The entry it belongs to, by what the bank says of it; a batch has several parts.
    content_hash = models.CharField(max_length=64)
    part = models.PositiveSmallIntegerField()
    parts = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account", "bank_reference", "content_hash", "part"], name="a_bank_line_comes_in_once"
            ),
            models.CheckConstraint(condition=~Q(minor=0), name="a_bank_line_moves_something"),
            models.CheckConstraint(condition=Q(part__gte=1, part__lte=F("parts")), name="a_part_is_one_of_its_entry"),
            models.CheckConstraint(
                condition=Q(content_hash__regex=r"^[0-9a-f]{64}$"), name="a_bank_line_is_known_by_its_hash"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "-booked_on", "reference"], name="bank_lines_latest_first"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def amount(self) -> Money:
        """What the line moved: what came in is positive."""
        return Money(self.minor, self.currency)

    @property
    def size(self) -> Money:
        """How much it moved, whichever way."""
        return abs(self.amount)

    @property
    def left(self) -> Money:
        """How much of it nothing uses yet, where the query has asked for it (`with_use`)."""
        return Money(abs(self.minor) - int(getattr(self, "used_minor", 0)), self.currency)

    @property
    def is_credit(self) -> bool:
        """Whether money came in."""
        return bool(self.minor > 0)

    @property
    def name(self) -> str:
        """The bank's own reference, or the fund's where the bank gave none."""
        return self.bank_reference or self.reference


class Appearance(models.Model):
    """That a statement tells of a line. Append-only; written before its statement, which then must add up."""

    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="appearances")
    line = models.ForeignKey(BankLine, on_delete=models.PROTECT, related_name="appearances")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["statement", "line"], name="a_statement_tells_of_a_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} on {self.statement_id}"


class LineUse(models.Model):
    """
    That some of a line is used for something, or, below zero, that a use is taken back. Append-only.

    PostgreSQL lets no line be used for more than its amount.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    line = models.ForeignKey(BankLine, on_delete=models.PROTECT, related_name="uses")
    minor = MinorUnitsField()
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    # The receipt, payment or other thing it is used for.
    subject = models.UUIDField(db_index=True)
    takes_back = models.OneToOneField("self", on_delete=models.PROTECT, related_name="taken_back_by", null=True)
    used_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    used_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="a_line_is_used_for_a_known_purpose"),
            models.CheckConstraint(
                condition=Q(minor__gt=0, takes_back=None) | Q(minor__lt=0, takes_back__isnull=False),
                name="a_use_is_more_than_zero_or_takes_one_back",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minor} of {self.line_id} for {self.purpose}"

    @property
    def amount(self) -> Money:
        """How much of the line it uses; below zero if it takes a use back."""
        return Money(self.minor, self.line.currency)
