"""Exemptions from sanctions: requests, letters with their lists as versions, and the shipments made under them."""

import uuid
from datetime import date
from typing import ClassVar

from django.db import models

from disbursements.exemptions import MOST_SHIPMENTS, Act, PartyRole, RequestRoute
from disbursements.models.documents import Document
from disbursements.models.programmes import Programme
from disbursements.states import RequestStatus, ShipmentStatus
from trustfund.core.models import User


class Exemption(models.Model):
    """That a sanctions body lets goods pass for one programme. What it allows stands in its letters."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="exemptions")
    title = models.CharField(max_length=200)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    revoked_on = models.DateField(null=True)
    revoked_because = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(revoked_on=None, revoked_because="")
                | (models.Q(revoked_on__isnull=False) & ~models.Q(revoked_because="")),
                name="a_revoked_exemption_says_why",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-recorded_at", "-reference"], name="exemptions_latest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def mark_revoked(self, *, on: date, because: str) -> None:
        """Say that the body took it back."""
        self.revoked_on = on
        self.revoked_because = because
        self.save(update_fields=["revoked_on", "revoked_because"])


class ExemptionRequest(models.Model):
    """What a sanctions body is asked for: a new exemption, or an extension or amendment of one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    act = models.CharField(max_length=12, choices=Act.choices)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="exemption_requests")
    exemption = models.ForeignKey(Exemption, on_delete=models.PROTECT, related_name="requests", null=True)
    title = models.CharField(max_length=200)
    # What the implementation assistance notice asks for, each in words.
    nature = models.TextField()
    recipients = models.TextField()
    need = models.TextField()
    movement = models.TextField(blank=True)
    finance = models.TextField(blank=True)
    safeguards = models.TextField(blank=True)
    # Lines of number, name, quantity, unit, specification and customs code, as `exemption_lists` writes them.
    goods = models.TextField()
    route = models.CharField(max_length=12, choices=RequestRoute.choices)
    via = models.CharField(max_length=200, blank=True)
    is_urgent = models.BooleanField(default=False)
    submitted_on = models.DateField()
    status = models.CharField(max_length=12, choices=RequestStatus.choices, default=RequestStatus.SUBMITTED)
    answered_on = models.DateField(null=True)
    answer = models.TextField(blank=True)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(act=Act.GRANT, exemption=None)
                | (~models.Q(act=Act.GRANT) & models.Q(exemption__isnull=False)),
                name="only_a_change_names_the_exemption_it_changes",
            ),
            models.CheckConstraint(
                condition=models.Q(status=RequestStatus.SUBMITTED, answered_on=None)
                | (~models.Q(status=RequestStatus.SUBMITTED) & models.Q(answered_on__isnull=False)),
                name="an_answered_request_says_when",
            ),
            models.CheckConstraint(
                condition=models.Q(route=RequestRoute.DIRECT) | ~models.Q(via=""),
                name="a_request_says_through_whom",
            ),
            models.UniqueConstraint(
                fields=["exemption"],
                condition=models.Q(status=RequestStatus.SUBMITTED),
                name="an_exemption_waits_for_one_change_at_a_time",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["status", "submitted_on"], name="exemption_requests_by_status"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def mark_answered(self, status: RequestStatus, *, on: date, answer: str) -> None:
        """Write down what became of it."""
        self.status = status
        self.answered_on = on
        self.answer = answer
        self.save(update_fields=["status", "answered_on", "answer"])


class ExemptionLetter(models.Model):
    """One letter: the grant, or an extension or amendment that takes its place whole. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    exemption = models.ForeignKey(Exemption, on_delete=models.PROTECT, related_name="letters")
    number = models.PositiveSmallIntegerField()
    act = models.CharField(max_length=12, choices=Act.choices)
    request = models.OneToOneField(ExemptionRequest, on_delete=models.PROTECT, related_name="letter")
    reference = models.CharField(max_length=64)
    body = models.CharField(max_length=120)
    granted_on = models.DateField()
    valid_from = models.DateField()
    valid_to = models.DateField()
    shipments_allowed = models.PositiveSmallIntegerField()
    # The SHA-256 of the letter as published, whether or not a copy lies here.
    sha256 = models.CharField(max_length=64)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+", null=True)
    public_url = models.URLField(max_length=300, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["exemption", "number"], name="a_letter_has_one_number"),
            models.UniqueConstraint(fields=["body", "reference"], name="a_letter_serves_one_exemption"),
            models.CheckConstraint(condition=models.Q(valid_to__gte=models.F("valid_from")), name="a_letter_is_valid"),
            models.CheckConstraint(
                condition=models.Q(shipments_allowed__gte=1, shipments_allowed__lte=MOST_SHIPMENTS),
                name="a_letter_allows_one_to_three_shipments",
            ),
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="a_letter_has_its_fingerprint"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["valid_to"], name="letters_by_expiry")]

    def __str__(self) -> str:
        return f"{self.reference} ({self.number})"


class ExemptionItem(models.Model):
    """A line of a letter's list. Append-only."""

    letter = models.ForeignKey(ExemptionLetter, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    specification = models.CharField(max_length=400, blank=True)
    hs_code = models.CharField(max_length=10, blank=True)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    unit = models.CharField(max_length=24)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["letter", "number"], name="an_item_has_one_line_in_a_letter"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="an_item_is_listed_with_a_quantity"),
            models.CheckConstraint(
                condition=models.Q(hs_code="") | models.Q(hs_code__regex=r"^[0-9]{6,10}$"),
                name="a_customs_code_has_6_to_10_digits",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["hs_code", "name"], name="items_of_the_catalogue")
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"


class ExemptionParty(models.Model):
    """Somebody whom a letter names. Append-only."""

    letter = models.ForeignKey(ExemptionLetter, on_delete=models.PROTECT, related_name="parties")
    role = models.CharField(max_length=12, choices=PartyRole.choices)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(role__in=PartyRole.values), name="a_party_of_a_letter_has_a_known_role"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="a_party_of_a_letter_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class ExemptionWarning(models.Model):
    """That people were told how soon an exemption expires. Append-only: each mark of each letter once."""

    letter = models.ForeignKey(ExemptionLetter, on_delete=models.PROTECT, related_name="warnings")
    days = models.PositiveSmallIntegerField()
    warned_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["letter", "days"], name="an_expiry_is_warned_of_once_a_mark"),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.days}"


class Shipment(models.Model):
    """Goods that travel under an exemption. What it carries never changes; only how far it has come does."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=24, unique=True)
    exemption = models.ForeignKey(Exemption, on_delete=models.PROTECT, related_name="shipments")
    carrier = models.CharField(max_length=200)
    way = models.CharField(max_length=200)
    departs_on = models.DateField()
    arrives_on = models.DateField()
    departed_on = models.DateField(null=True)
    arrived_on = models.DateField(null=True)
    status = models.CharField(max_length=12, choices=ShipmentStatus.choices, default=ShipmentStatus.PLANNED)
    # The committee's decision, for one that lies outside the letter; see Override.
    override = models.OneToOneField("Override", on_delete=models.PROTECT, related_name="shipment_made", null=True)
    note = models.TextField(blank=True)
    planned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(arrives_on__gte=models.F("departs_on")), name="a_shipment_arrives_after_it_departs"
            ),
            models.CheckConstraint(
                condition=models.Q(status=ShipmentStatus.PLANNED, departed_on=None, arrived_on=None)
                | models.Q(status=ShipmentStatus.CALLED_OFF, departed_on=None, arrived_on=None)
                | models.Q(status=ShipmentStatus.DEPARTED, departed_on__isnull=False, arrived_on=None)
                | models.Q(status=ShipmentStatus.ARRIVED, departed_on__isnull=False, arrived_on__isnull=False),
                name="a_shipment_is_where_its_days_say",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["exemption", "departs_on"], name="shipments_of_an_exemption"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def leaves_on(self) -> date:
        """The day on which it left, or is to leave."""
        return self.departed_on or self.departs_on

    @property
    def lands_on(self) -> date:
        """The day on which it arrived, or is expected."""
        return self.arrived_on or self.arrives_on

    def mark_departed(self, *, on: date) -> None:
        """Say that it is under way."""
        self.status = ShipmentStatus.DEPARTED
        self.departed_on = on
        self.save(update_fields=["status", "departed_on"])

    def mark_arrived(self, *, on: date) -> None:
        """Say that it is there."""
        self.status = ShipmentStatus.ARRIVED
        self.arrived_on = on
        self.save(update_fields=["status", "arrived_on"])

    def mark_called_off(self, *, note: str) -> None:
        """Say that it does not travel, and why."""
        self.status = ShipmentStatus.CALLED_OFF
        self.note = note
        self.save(update_fields=["status", "note"])


class ShipmentItem(models.Model):
    """So many of an item on a shipment, as the list stood in one letter. Append-only."""

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="items")
    item = models.ForeignKey(ExemptionItem, on_delete=models.PROTECT, related_name="shipped")
    quantity = models.DecimalField(max_digits=14, decimal_places=3)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["shipment", "item"], name="an_item_stands_once_on_a_shipment"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="a_shipped_quantity_is_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.item_id}"
