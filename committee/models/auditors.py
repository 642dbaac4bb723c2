"""Who was proposed to audit the fund, for how long and for what fee."""

import uuid
from typing import ClassVar

from django.db import models

from trustfund.core.fields import CurrencyField, MinorUnitsField
from trustfund.core.models import User
from trustfund.core.money import Money


class AuditorNomination(models.Model):
    """A firm that is proposed to audit the fund. Append-only; it is appointed when the committee has carried it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    firm = models.CharField(max_length=160)
    # Where the firm is licensed to audit, and under which number.
    registration = models.CharField(max_length=160)
    starts_on = models.DateField()
    ends_on = models.DateField()
    fee_minor = MinorUnitsField()
    currency = CurrencyField()
    reason = models.TextField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")), name="an_audit_term_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=models.Q(fee_minor__gte=0), name="an_audit_fee_is_not_negative"),
        ]

    def __str__(self) -> str:
        return self.firm

    @property
    def fee(self) -> Money:
        """What the firm is paid for the whole term."""
        return Money(self.fee_minor, self.currency)
