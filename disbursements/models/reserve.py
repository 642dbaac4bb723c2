"""The numbers treasury goes by, and uses of the continuity reserve that the committee decides."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from disbursements.treasury_rules import Rules
from trustfund.core.fields import CurrencyField, MinorUnitsField
from trustfund.core.models import Confirmation, User
from trustfund.core.money import Money


class TreasuryRules(models.Model):
    """One version of the numbers, as proposed. Append-only; another person's agreement puts it in force."""

    version = models.PositiveIntegerField(unique=True)
    reserve_months = models.PositiveSmallIntegerField()
    answer_hours = models.PositiveSmallIntegerField()
    payee_limit_minor = MinorUnitsField(null=True)
    payee_days = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=400)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(reserve_months__lte=36), name="a_reserve_covers_at_most_three_years"
            ),
            models.CheckConstraint(
                condition=models.Q(answer_hours__gte=1, answer_hours__lte=240), name="a_bank_is_given_hours_to_answer"
            ),
            models.CheckConstraint(
                condition=models.Q(payee_days__gte=1, payee_days__lte=366), name="payees_are_watched_over_days"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="treasury_rules_change_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"treasury rules {self.version}"

    @property
    def rules(self) -> Rules:
        """The version as a value."""
        limit = self.payee_limit_minor
        return Rules(
            version=self.version,
            reserve_months=self.reserve_months,
            answer_hours=self.answer_hours,
            payee_limit=None if limit is None else Money(limit, settings.FUND_CURRENCY),
            payee_days=self.payee_days,
        )


class TreasuryRulesAgreement(models.Model):
    """That a second person agreed to a version, which is in force from then on. Append-only, once a version."""

    rules = models.OneToOneField(TreasuryRules, on_delete=models.PROTECT, related_name="agreement")
    agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.rules_id} agreed by {self.agreed_by_id}"


class ReserveUse(models.Model):
    """A request to use some of the continuity reserve, as it is laid before the committee. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    amount_minor = MinorUnitsField()
    currency = CurrencyField()
    reason = models.CharField(max_length=1000)
    # How the reserve comes back to its floor.
    refill = models.CharField(max_length=1000)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="a_use_of_the_reserve_is_above_zero"),
            models.CheckConstraint(
                condition=~models.Q(reason="") & ~models.Q(refill=""), name="a_use_of_the_reserve_says_why_and_how_back"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def amount(self) -> Money:
        """What is asked for."""
        return Money(self.amount_minor, self.currency)


class ReserveUsed(models.Model):
    """That a carried request was carried out, by whose second factor and on which decision. Append-only, once."""

    use = models.OneToOneField(ReserveUse, on_delete=models.PROTECT, related_name="used")
    decision = models.CharField(max_length=16)
    confirmation = models.OneToOneField(Confirmation, on_delete=models.PROTECT, related_name="+")
    used_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    used_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~models.Q(decision=""), name="the_reserve_is_used_on_a_decision"),
        ]

    def __str__(self) -> str:
        return f"{self.use_id} on {self.decision}"
