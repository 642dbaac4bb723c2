"""People, the roles they hold, what happened (events, also the outbox), and second-factor confirmations."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.functional import cached_property

from trustfund.core.roles import RoleName


class People(BaseUserManager["User"]):
    """Finds people by e-mail address, as Django's authentication asks."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the person with this e-mail address, whatever its capitals."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person with a sign-in. What they may do comes from the roles they hold."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=8, default="en")
    is_active = models.BooleanField(default=True)
    # Seconded government staff see no donors, ballots or bank details, whatever their role.
    is_seconded = models.BooleanField(default=False)
    # Whose citizen in office and whose employee a person is: who sits on the committee leaves the table for them.
    state = models.CharField(max_length=120, blank=True)
    employer = models.CharField(max_length=120, blank=True)
    joined_at = models.DateTimeField()

    objects: ClassVar[People] = People()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(models.functions.Lower("email"), name="an_email_address_signs_in_one_person"),
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def role_names(self) -> frozenset[RoleName]:
        """The roles held now; asked once per request."""
        return frozenset(RoleName(name) for name in self.roles.filter(ended_at=None).values_list("name", flat=True))

    def holds(self, *names: RoleName) -> bool:
        """Return whether this person is active and holds at least one of the roles."""
        return self.is_active and not self.role_names.isdisjoint(names)

    def mark_written_to_in(self, language: str) -> None:
        """Note the language of the letters that this person gets."""
        self.language = language
        self.save(update_fields=["language"])

    def mark_described(self, *, state: str, employer: str) -> None:
        """Note whose a person is."""
        self.state = state
        self.employer = employer
        self.save(update_fields=["state", "employer"])

    def mark_left(self) -> None:
        """Close the sign-in; what the person did stays under their name."""
        self.is_active = False
        self.save(update_fields=["is_active"])


class Role(models.Model):
    """A role that a person holds, from when it was granted until it ends. Forbidden pairs are refused by a trigger."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="roles")
    name = models.CharField(max_length=32, choices=RoleName.choices)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    granted_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "name"],
                condition=models.Q(ended_at=None),
                name="a_role_is_held_once",
            ),
            models.CheckConstraint(
                condition=models.Q(name__in=[str(name) for name in RoleName]),
                name="a_role_is_one_of_the_funds_roles",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_name_display()}"

    def mark_ended(self, *, by: User, at: Any) -> None:
        """End the role; the row stays as the record of who held it when."""
        self.ended_by = by
        self.ended_at = at
        self.save(update_fields=["ended_by", "ended_at"])


class ForbiddenPair(models.Model):
    """Two roles that one person may never hold together; filled by migration from `roles.FORBIDDEN_PAIRS`."""

    one = models.CharField(max_length=32)
    other = models.CharField(max_length=32)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["one", "other"], name="a_forbidden_pair_stands_once"),
        ]

    def __str__(self) -> str:
        return f"{self.one} and {self.other}"


class Event(models.Model):
    """Something that happened, in the transaction in which it happened. Append-only, and the outbox of notices."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=64)
    about = models.UUIDField(db_index=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField(db_index=True)
    facts = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(kind__regex=r"^[a-z_]+\.[a-z_]+$"),
                name="an_event_is_a_noun_and_a_past_participle",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"


class Announcement(models.Model):
    """That an event was told to whom it concerns; its absence is what makes the event table an outbox."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="announcement")
    announced_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.event} announced"


class Method(models.TextChoices):
    """How a second factor was shown."""

    CODE = "code"
    PASSKEY = "passkey"


class Confirmation(models.Model):
    """A fresh second factor, bound by a fingerprint to exactly what was confirmed. Append-only, used once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    method = models.CharField(max_length=8, choices=Method.choices)
    evidence = models.JSONField()
    # What makes the second factor itself single-use: the TOTP time step or the hash of the assertion.
    evidence_key = models.CharField(max_length=128)
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["evidence_key"], name="a_second_factor_confirms_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} confirmed {self.purpose}"


class Counter(models.Model):
    """The last number given out in a series of references in a year, such as DP-2026-014."""

    series = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["series", "year"], name="a_series_counts_once_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.series}-{self.year}-{self.last}"
