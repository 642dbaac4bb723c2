"""Payments that found too little cash, and plans of which are paid first, as the committee decides them (R8)."""

import uuid
from typing import ClassVar

from django.db import models

from disbursements.models.payments import Payment
from disbursements.shortfalls import Share
from trustfund.core.fields import CurrencyField, MinorUnitsField
from trustfund.core.models import User
from trustfund.core.money import Money


class Queueing(models.Model):
    """That a certified payment found too little cash, and the committee was told. Append-only, once a payment."""

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="queueing")
    # What the fund held then, in the payment's currency.
    cash_minor = MinorUnitsField()
    reason = models.CharField(max_length=200)
    # Nobody when the timetable noticed.
    queued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    queued_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["queued_at", "id"], name="queue_in_order")]

    def __str__(self) -> str:
        return f"{self.payment_id} queued"

    @property
    def cash(self) -> Money:
        """What the fund held then."""
        return Money(self.cash_minor, self.payment.currency)


class ShortfallPlan(models.Model):
    """Which queued payments are paid, in full, in part or not now. Append-only, with its shares."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    cash_minor = MinorUnitsField()
    currency = CurrencyField()
    reason = models.CharField(max_length=1000)
    drawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="a_plan_of_payments_says_why"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["-drawn_at", "id"], name="plans_latest_first")]

    def __str__(self) -> str:
        return self.reference

    @property
    def cash(self) -> Money:
        """What the fund held when the plan was drawn."""
        return Money(self.cash_minor, self.currency)


class ShortfallShare(models.Model):
    """What a plan pays of one payment. Append-only."""

    plan = models.ForeignKey(ShortfallPlan, on_delete=models.PROTECT, related_name="shares")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="shares")
    priority = models.PositiveSmallIntegerField()
    pay_minor = MinorUnitsField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "payment"], name="a_plan_names_a_payment_once"),
            models.UniqueConstraint(fields=["plan", "priority"], name="a_plan_has_one_order"),
            models.CheckConstraint(condition=models.Q(pay_minor__gte=0), name="a_plan_takes_nothing_back"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.priority}"

    @property
    def share(self) -> Share:
        """The share as a value."""
        payment = self.payment
        return Share(payment.pk, payment.reference, payment.amount, Money(self.pay_minor, payment.currency))


class ShortfallPlanCarriedOut(models.Model):
    """That a carried plan was carried out, on which decision. Append-only, once a plan."""

    plan = models.OneToOneField(ShortfallPlan, on_delete=models.PROTECT, related_name="carried_out")
    decision = models.CharField(max_length=16)
    carried_out_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    carried_out_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~models.Q(decision=""), name="a_plan_is_carried_out_on_a_decision"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} on {self.decision}"
