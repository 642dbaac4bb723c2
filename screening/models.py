"""What is stored: list files as they came, the names in force, whom the fund pays, what was found, what people said."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from screening.matching import Method
from screening.readers import Source
from trustfund.core.models import User


class ListFile(models.Model):
    """A list as it came, read or not. The latest of each source counts; one that cannot be read closes screening."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(unique=True)
    source = models.CharField(max_length=8)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    published_on = models.DateField(null=True)
    entries = models.PositiveIntegerField(default=0)
    names = models.PositiveIntegerField(default=0)
    # Why it could not be read; empty for a list that was.
    trouble = models.CharField(max_length=400, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(source__in=[str(source) for source in Source]), name="a_list_has_a_known_publisher"
            ),
            models.CheckConstraint(
                condition=Q(trouble="", published_on__isnull=False, entries__gt=0, names__gte=F("entries"))
                | (~Q(trouble="") & Q(entries=0)),
                name="a_list_is_read_whole_or_says_why_not",
            ),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="a_list_is_known_by_its_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.publisher.label}, {self.published_on or self.recorded_at:%Y-%m-%d}"

    @property
    def publisher(self) -> Source:
        """Who published it."""
        return Source(self.source)

    @property
    def is_readable(self) -> bool:
        """Whether screening can rest on it."""
        return not self.trouble


class ListedName(models.Model):
    """A name of a list in force. Derived from the kept file, and replaced when a newer list is read."""

    file = models.ForeignKey(ListFile, on_delete=models.PROTECT, related_name="listed_names")
    reference = models.CharField(max_length=40)
    name = models.CharField(max_length=400)
    is_person = models.BooleanField()
    is_weak = models.BooleanField()
    # Of the entry with all its names: what people cleared is this entry, and not a changed one.
    entry_print = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.reference} {self.name}"


class PartyRole(models.TextChoices):
    """What somebody whose name is screened is to the payee."""

    PAYEE = "payee", _("Payee")
    ACCOUNT_HOLDER = "account_holder", _("Holder of the bank account")
    OFFICER = "officer", _("Officer")
    VENDOR = "vendor", _("Vendor")
    BANK = "bank", _("Bank")


class Party(models.Model):
    """A name that is screened because money or goods pass through its hands. It ends; it is never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The organisation, or other thing of the house, that the name stands with.
    subject = models.UUIDField(db_index=True)
    role = models.CharField(max_length=16, choices=PartyRole.choices)
    name = models.CharField(max_length=400)
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                F("subject"),
                F("role"),
                models.functions.Lower("name"),
                condition=Q(ended_at=None),
                name="a_party_is_named_once",
            ),
            models.CheckConstraint(condition=Q(role__in=PartyRole.values), name="a_party_has_a_known_role"),
            models.CheckConstraint(condition=~Q(name=""), name="a_party_has_a_name"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, ended_reason="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_reason="")),
                name="a_party_that_ended_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def mark_ended(self, *, reason: str, by: User, at: datetime) -> None:
        """Say that money and goods no longer pass through these hands."""
        self.ended_reason = reason
        self.ended_by = by
        self.ended_at = at
        self.save(update_fields=["ended_reason", "ended_by", "ended_at"])


class Screening(models.Model):
    """One look at one name against the lists in force, by which lists, and how many likenesses. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="screenings")
    # The lists by source and SHA-256, and one print of them all.
    lists = models.JSONField()
    edition = models.CharField(max_length=64)
    hits_found = models.PositiveIntegerField()
    screened_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["party", "edition"], name="a_party_is_screened_once_an_edition"),
        ]

    def __str__(self) -> str:
        return f"{self.party}: {self.hits_found}"


class Hit(models.Model):
    """An entry of a list that a party may be, as the list had it then. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="hits")
    source = models.CharField(max_length=8)
    reference = models.CharField(max_length=40)
    listed_name = models.CharField(max_length=400)
    entry_print = models.CharField(max_length=64)
    method = models.CharField(max_length=12)
    # How alike the two are spelt, in hundredths.
    spelling = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["screening", "source", "reference"], name="an_entry_is_hit_once"),
            models.CheckConstraint(
                condition=Q(method__in=[str(method) for method in Method]), name="a_hit_was_found_by_a_known_method"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.listed_name}"

    @property
    def how(self) -> str:
        """The method in words."""
        return Method(self.method).label

    @property
    def publisher(self) -> Source:
        """Whose list it stands on."""
        return Source(self.source)


class Answer(models.TextChoices):
    """What an officer says of a likeness."""

    ANOTHER = "another", _("It is somebody else")
    SAME = "same", _("It is the listed one")


class Opinion(models.Model):
    """What one officer says of a party and an entry, and why. The latest of each person counts. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="opinions")
    source = models.CharField(max_length=8)
    reference = models.CharField(max_length=40)
    entry_print = models.CharField(max_length=64)
    says = models.CharField(max_length=8, choices=Answer.choices)
    reason = models.CharField(max_length=1000)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(says__in=Answer.values), name="an_opinion_says_one_or_the_other"),
            models.CheckConstraint(condition=~Q(reason=""), name="an_opinion_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_says_display()}: {self.reference}"
