"""Who gives, who speaks for them, and what they asked to stop."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from donors.rates import FUND_CURRENCY
from trustfund.core.models import User
from trustfund.core.money import Money


class DonorKind(models.TextChoices):
    """What sort of giver a donor is."""

    MEMBER_STATE = "member_state", _("Member state")
    REGIONAL_AUTHORITY = "regional_authority", _("Regional or local authority")
    ORGANISATION = "organisation", _("International organisation or foundation")
    PRIVATE = "private", _("Private donor")


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

    @property
    def pledged_usd(self) -> Money:
        """Its signed pledges in USD, where the query has asked for them (`donors_with_totals`)."""
        return Money(int(getattr(self, "pledged_usd_minor", 0)), FUND_CURRENCY)

    @property
    def received_usd(self) -> Money:
        """Its standing receipts in USD, where the query has asked for them (`donors_with_totals`)."""
        return Money(int(getattr(self, "received_usd_minor", 0)), FUND_CURRENCY)


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


class StopRequest(models.Model):
    """A donor's request to stop using money already given: a plain record that changes nothing. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="stop_requests")
    text = models.TextField()
    received_on = models.DateField()
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()
    # How the fund answers, where the query has asked for it (`with_answers`).
    answers: Sequence[object] | None = None

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(text=""), name="a_stop_request_says_what_is_asked"),
        ]

    def __str__(self) -> str:
        return self.reference
