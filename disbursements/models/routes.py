"""Routes by which money or goods reach a country, who refused to carry them, and which route a tranche takes."""

import uuid
from typing import ClassVar

from django.db import models

from disbursements.models.programmes import Organisation
from disbursements.models.tranches import Tranche
from disbursements.route_states import RefusalReason, RouteKind, RouteStatus
from trustfund.core.fields import CurrencyField
from trustfund.core.models import User


class Route(models.Model):
    """One way there: banks in their order, a currency, the country in words. What it is never changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=140)
    kind = models.CharField(max_length=10, choices=RouteKind.choices)
    # The banks that carry it, one after another, in words.
    chain = models.CharField(max_length=400)
    currency = CurrencyField()
    country = models.CharField(max_length=100)
    # Who is paid offshore and delivers goods, so that no cash enters the country.
    vendor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="supplies", null=True)
    status = models.CharField(max_length=10, choices=RouteStatus.choices, default=RouteStatus.OPEN)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(kind__in=RouteKind.values), name="a_route_is_of_a_known_kind"),
            models.CheckConstraint(
                condition=models.Q(status__in=RouteStatus.values), name="a_route_is_in_a_known_state"
            ),
            models.CheckConstraint(
                condition=models.Q(kind=RouteKind.IN_KIND, vendor__isnull=False)
                | models.Q(kind=RouteKind.TRANSFER, vendor=None),
                name="goods_come_from_a_vendor_and_money_from_none",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.name}"

    @property
    def is_in_kind(self) -> bool:
        """Whether goods arrive in place of money."""
        return self.kind == RouteKind.IN_KIND

    @property
    def state(self) -> RouteStatus:
        """Its state as a value."""
        return RouteStatus(self.status)

    def mark(self, status: RouteStatus) -> None:
        """Say whether it takes payments now."""
        self.status = status
        self.save(update_fields=["status"])


class RouteRefusal(models.Model):
    """That a bank on a route refused to carry a payment: when, which, why, and what shows it. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    route = models.ForeignKey(Route, on_delete=models.PROTECT, related_name="refusals")
    # The payment that it refused; nothing if it refused before one was sent. Its reference is enough here.
    payment_reference = models.CharField(max_length=16, blank=True)
    bank = models.CharField(max_length=140)
    refused_on = models.DateField()
    reason = models.CharField(max_length=16, choices=RefusalReason.choices)
    evidence = models.CharField(max_length=400)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["route", "bank", "refused_on"], name="a_bank_refuses_a_route_once_a_day"),
            models.CheckConstraint(
                condition=~models.Q(bank="") & ~models.Q(evidence=""), name="a_refusal_names_the_bank_and_its_evidence"
            ),
            models.CheckConstraint(
                condition=models.Q(reason__in=RefusalReason.values), name="a_refusal_has_a_known_reason"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-refused_on", "-recorded_at"], name="refusals_latest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.bank} {self.refused_on}"


class TrancheRoute(models.Model):
    """Which route a tranche takes. Append-only: another choice is a new row, and the latest counts."""

    tranche = models.ForeignKey(Tranche, on_delete=models.PROTECT, related_name="routes")
    route = models.ForeignKey(Route, on_delete=models.PROTECT, related_name="tranches")
    reason = models.CharField(max_length=400)
    chosen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["tranche", "-id"], name="route_of_a_tranche")]

    def __str__(self) -> str:
        return f"{self.tranche_id} by {self.route_id}"


class DeliveryInKind(models.Model):
    """That goods bought offshore for a tranche were delivered: when, what, and what shows it. Append-only, once."""

    tranche = models.OneToOneField(Tranche, on_delete=models.PROTECT, related_name="delivery")
    delivered_on = models.DateField()
    goods = models.CharField(max_length=400)
    evidence = models.CharField(max_length=400)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(goods="") & ~models.Q(evidence=""), name="a_delivery_names_goods_and_evidence"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tranche_id} delivered {self.delivered_on}"
