"""Notices by which a donor ends an agreement: what is still to fall due is no longer called, what came stays."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from donors.models.agreements import Agreement
from trustfund.core.models import User


class Termination(models.Model):
    """A donor's notice that ends an agreement after the days it agreed to. Append-only, once for an agreement."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    # The version in force when the notice came: its clause and its days count.
    agreement = models.OneToOneField(Agreement, on_delete=models.PROTECT, related_name="termination")
    agreement_reference = models.CharField(max_length=16, unique=True)
    text = models.TextField()
    received_on = models.DateField()
    ends_on = models.DateField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(text=""), name="a_termination_is_kept_in_words"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("received_on")), name="a_termination_ends_after_its_notice"
            ),
        ]

    def __str__(self) -> str:
        return self.reference
