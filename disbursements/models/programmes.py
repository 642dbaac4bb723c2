"""Organisations that the fund works through, who speaks for them, their programmes and the split by building block."""

import uuid
from datetime import date, datetime
from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower

from disbursements.blocks import Block
from disbursements.regions import POINT
from disbursements.states import OrganisationKind, ProgrammeStatus
from trustfund.core.models import User


class Organisation(models.Model):
    """A participating organisation: who receives transfers and answers for a programme."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=24, choices=OrganisationKind.choices)
    # The creditor reporting system's code of the channel of delivery, such as 41307.
    channel_code = models.CharField(max_length=5, blank=True)
    works_through_who = models.BooleanField(default=False)
    registered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Lower("name"), name="an_organisation_is_registered_once"),
            models.CheckConstraint(
                condition=models.Q(channel_code="") | models.Q(channel_code__regex=r"^[1-9][0-9]{4}$"),
                name="a_channel_code_has_five_digits",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=OrganisationKind.values), name="an_organisation_is_of_a_known_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def mark_channel(self, *, works_through_who: bool) -> None:
        """Say whether it works through the World Health Organization's channel."""
        self.works_through_who = works_through_who
        self.save(update_fields=["works_through_who"])


class PartnerLink(models.Model):
    """That a programme partner speaks for an organisation, from when to when."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="partner_links")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="partner_links")
    linked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(ended_at=None), name="a_partner_speaks_for_one_organisation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} speaks for {self.organisation_id}"

    def mark_ended(self, *, at: datetime) -> None:
        """End it; the row stays as the record of who spoke for whom."""
        self.ended_at = at
        self.save(update_fields=["ended_at"])


class Programme(models.Model):
    """Work over several years that proposals ask money for. Its place is a region in words, never a point."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=400)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="programmes")
    region = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField()
    status = models.CharField(max_length=24, choices=ProgrammeStatus.choices, default=ProgrammeStatus.OPEN)
    is_pandemic_preparedness = models.BooleanField(default=False, db_default=False)
    is_technology_transfer = models.BooleanField(default=False, db_default=False)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="a_programme_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=ProgrammeStatus.values), name="a_programme_is_in_a_known_state"
            ),
            models.CheckConstraint(condition=~models.Q(region__regex=POINT), name="a_region_is_named_in_words"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def mark_described(self, *, is_pandemic_preparedness: bool, is_technology_transfer: bool) -> None:
        """Say what kind of work it is beside its split."""
        self.is_pandemic_preparedness = is_pandemic_preparedness
        self.is_technology_transfer = is_technology_transfer
        self.save(update_fields=["is_pandemic_preparedness", "is_technology_transfer"])

    def mark_end(self, ends_on: date) -> None:
        """Move its end, as the committee decided."""
        self.ends_on = ends_on
        self.save(update_fields=["ends_on"])

    def mark(self, status: ProgrammeStatus) -> None:
        """Say how far the programme has come toward its end."""
        self.status = status
        self.save(update_fields=["status"])


class BlockShare(models.Model):
    """The part of a programme that one building block takes. A programme's shares add up to exactly 100 at commit."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="block_shares")
    block = models.CharField(max_length=24, choices=Block.choices)
    percent = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["programme", "block"], name="a_block_has_one_share_of_a_programme"),
            models.CheckConstraint(
                condition=models.Q(percent__gt=0, percent__lte=100), name="a_share_is_above_0_and_at_most_100"
            ),
            models.CheckConstraint(condition=models.Q(block__in=Block.values), name="a_share_is_of_a_known_block"),
        ]

    def __str__(self) -> str:
        return f"{self.get_block_display()} {self.percent} %"
