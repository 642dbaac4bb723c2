"""Payments of tranches, and the steps that people took on them: one row a signature, never changed."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models

from disbursements.models.bank_accounts import BankAccount
from disbursements.models.routes import Route
from disbursements.models.tranches import Tranche
from disbursements.payment_states import LIVE, SIGNATURES, PaymentStatus, ReturnReason, StepKind
from trustfund.core.fields import CurrencyField, MinorUnitsField
from trustfund.core.models import Confirmation, User
from trustfund.core.money import Money


class Payment(models.Model):
    """An order to pay a tranche to an account. What it says never changes; only how far it has come does."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    tranche = models.ForeignKey(Tranche, on_delete=models.PROTECT, related_name="payments")
    bank_account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="payments")
    amount_minor = MinorUnitsField()
    currency = CurrencyField()
    value_on = models.DateField()
    # The payment that a bank returned, when this one takes its place by another route.
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, related_name="replacement", null=True)
    # The route of its tranche when it was prepared.
    route = models.ForeignKey(Route, on_delete=models.PROTECT, related_name="payments", null=True)
    status = models.CharField(max_length=16, choices=PaymentStatus.choices, default=PaymentStatus.PREPARED)
    prepared_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["tranche"],
                condition=models.Q(status__in=[str(status) for status in LIVE]),
                name="a_tranche_has_one_live_payment",
            ),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="a_payment_is_above_zero"),
            models.CheckConstraint(
                condition=models.Q(status__in=PaymentStatus.values), name="a_payment_is_in_a_known_state"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-prepared_at", "-reference"], name="payments_latest_first"),
            models.Index(fields=["status", "value_on", "reference"], name="payments_by_value_date"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def amount(self) -> Money:
        """What is paid."""
        return Money(self.amount_minor, self.currency)

    def mark_certified(self) -> None:
        """Say that it is certified."""
        self.status = PaymentStatus.CERTIFIED
        self.save(update_fields=["status"])

    def mark_released(self, step: "PaymentStep") -> None:
        """Say that the order has left the fund."""
        self.status = PaymentStatus.RELEASED
        self.released_at = step.at
        self.save(update_fields=["status", "released_at"])

    def mark_sent(self, *, at: datetime) -> None:
        """Say that the bank took the file."""
        self.status = PaymentStatus.SENT
        self.sent_at = at
        self.save(update_fields=["status", "sent_at"])

    def mark_ended(self, step: "PaymentStep", status: PaymentStatus) -> None:
        """Say how it ended: the organisation has the money, the bank sent it back, or it never left."""
        self.status = status
        self.ended_at = step.at
        self.save(update_fields=["status", "ended_at"])


class PaymentStep(models.Model):
    """What one person did to a payment. Append-only; PostgreSQL refuses a second signature by the same person."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=8, choices=StepKind.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # Sent by the form, so that a page posted twice is one step.
    nonce = models.UUIDField(unique=True)
    confirmation = models.OneToOneField(Confirmation, on_delete=models.PROTECT, related_name="+", null=True)
    # The day in the world: when the account was credited, or when the money came back.
    effective_on = models.DateField()
    bank_reference = models.CharField(max_length=64, blank=True)
    reason_code = models.CharField(max_length=4, choices=ReturnReason.choices, blank=True)
    note = models.CharField(max_length=400, blank=True)
    # The gates as they stood when the person signed: name and evidence, for whoever asks later.
    gates = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["payment", "kind"], name="a_step_of_a_payment_is_taken_once"),
            models.UniqueConstraint(
                fields=["payment", "by"],
                condition=models.Q(kind__in=[str(kind) for kind in SIGNATURES]),
                name="nobody_takes_two_steps_of_a_payment",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=StepKind.values), name="a_step_is_of_a_known_kind"),
            models.CheckConstraint(
                condition=~models.Q(kind__in=[StepKind.CERTIFY, StepKind.RELEASE])
                | models.Q(confirmation__isnull=False),
                name="certifying_and_releasing_show_a_second_factor",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=StepKind.RETURN, reason_code__in=ReturnReason.values)
                | (~models.Q(kind=StepKind.RETURN) & models.Q(reason_code="")),
                name="a_return_has_a_reason_code",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=StepKind.CONFIRM) | ~models.Q(bank_reference=""),
                name="a_confirmation_names_the_banks_advice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.payment_id}"
