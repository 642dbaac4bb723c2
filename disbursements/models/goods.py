"""What a tranche pays for: items of an exemption, or no goods in scope; and what the committee let pass outside one."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.db import models

from disbursements.models.exemptions import Exemption, ExemptionItem, Shipment
from disbursements.models.tranches import Tranche
from disbursements.states import OverrideStatus
from trustfund.core.models import User


class GoodsDeclaration(models.Model):
    """What somebody says a tranche pays for. Append-only: the latest of a tranche counts, the others stay readable."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tranche = models.ForeignKey(Tranche, on_delete=models.PROTECT, related_name="goods_declarations")
    number = models.PositiveSmallIntegerField()
    exemption = models.ForeignKey(Exemption, on_delete=models.PROTECT, related_name="declarations", null=True)
    vendor = models.CharField(max_length=200, blank=True)
    departs_on = models.DateField(null=True)
    arrives_on = models.DateField(null=True)
    # Why no goods are in scope, where no exemption is named.
    reason = models.TextField(blank=True)
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["tranche", "number"], name="a_declaration_has_one_number"),
            models.CheckConstraint(
                condition=(
                    models.Q(exemption__isnull=False, departs_on__isnull=False, reason="")
                    & models.Q(arrives_on__gte=models.F("departs_on"))
                    & ~models.Q(vendor="")
                )
                | (models.Q(exemption=None, departs_on=None, arrives_on=None, vendor="") & ~models.Q(reason="")),
                name="a_tranche_pays_for_listed_goods_or_says_why_none",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tranche_id}, declaration {self.number}"


class GoodsItem(models.Model):
    """So many of an item that a tranche pays for, as the list stood in one letter. Append-only."""

    declaration = models.ForeignKey(GoodsDeclaration, on_delete=models.PROTECT, related_name="items")
    item = models.ForeignKey(ExemptionItem, on_delete=models.PROTECT, related_name="ordered")
    quantity = models.DecimalField(max_digits=14, decimal_places=3)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["declaration", "item"], name="an_item_is_ordered_once_by_a_tranche"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="an_ordered_quantity_is_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.item_id}"


class GoodsSignOff(models.Model):
    """That a second person agrees that no goods are in scope. Append-only."""

    declaration = models.OneToOneField(GoodsDeclaration, on_delete=models.PROTECT, related_name="sign_off")
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.declaration_id} signed by {self.signed_by_id}"


class Override(models.Model):
    """
    That the committee is asked to let something pass which lies outside an exemption, and what it said.

    It is about exactly one thing: what a tranche pays for, a shipment that is planned so, or one that lands late. It
    lets pass the findings that it names, and no other.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    exemption = models.ForeignKey(Exemption, on_delete=models.PROTECT, related_name="overrides")
    declaration = models.ForeignKey(GoodsDeclaration, on_delete=models.PROTECT, related_name="overrides", null=True)
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="overrides", null=True)
    # The shipment as it is to be planned: carrier, way, days, and quantities by item.
    plan = models.JSONField(null=True)
    # Keys and words, as `exemptions.Finding` has them.
    findings = models.JSONField()
    reason = models.TextField()
    motion_id = models.UUIDField()
    status = models.CharField(max_length=8, choices=OverrideStatus.choices, default=OverrideStatus.ASKED)
    decision = models.CharField(max_length=16, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(declaration__isnull=False, shipment=None, plan=None)
                | models.Q(declaration=None, shipment__isnull=False, plan=None)
                | models.Q(declaration=None, shipment=None, plan__isnull=False),
                name="an_override_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(status=OverrideStatus.GRANTED, ended_at__isnull=False) & ~models.Q(decision="")
                | models.Q(status=OverrideStatus.ASKED, ended_at=None, decision="")
                | models.Q(status=OverrideStatus.DROPPED, ended_at__isnull=False, decision=""),
                name="only_a_decision_lets_something_pass",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="an_override_says_why"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["status", "-asked_at"], name="overrides_by_status"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def keys(self) -> frozenset[str]:
        """What the decision lets pass, by the keys of the findings."""
        found: list[dict[str, Any]] = self.findings
        return frozenset(str(one["key"]) for one in found)

    @property
    def words(self) -> list[str]:
        """What the decision lets pass, in words."""
        found: list[dict[str, Any]] = self.findings
        return [str(one["words"]) for one in found]

    def mark_ended(self, status: OverrideStatus, *, decision: str, at: datetime) -> None:
        """Write down what the committee said."""
        self.status = status
        self.decision = decision
        self.ended_at = at
        self.save(update_fields=["status", "decision", "ended_at"])
