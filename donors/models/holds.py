"""What the committee is asked about donors: texts held because of an earmark, and shares of the pool above the cap."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from donors.earmarks import Finding, Reason
from donors.models.agreements import Agreement
from donors.models.parties import Donor
from donors.models.promises import Pledge
from trustfund.core.models import User

_SHARE: dict[str, Any] = {"max_digits": 5, "decimal_places": 4}


class Hold(models.Model):
    """
    A text of a donor that ties money to something: what stands under it waits until the committee has accepted it.

    Accepted, it is a preference that binds nobody. Nothing leads from here to a programme.
    """

    AGREEMENT, AMENDMENT, PLEDGE, CONDITION = "agreement", "amendment", "pledge", "condition"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="holds")
    of = models.CharField(
        max_length=12,
        choices=[
            (AGREEMENT, _("Agreement")),
            (AMENDMENT, _("Amendment")),
            (PLEDGE, _("Pledge")),
            (CONDITION, _("Condition")),
        ],
    )
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="holds", null=True)
    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="holds", null=True)
    # The SHA-256 of the whole text, by which the same text is known again.
    fingerprint = models.CharField(max_length=64)
    findings = models.JSONField()
    held_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    held_at = models.DateTimeField()
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    accepted_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["donor", "fingerprint"], name="a_text_of_a_donor_is_held_once"),
            models.CheckConstraint(
                condition=Q(of__in=["agreement", "amendment", "condition"], agreement__isnull=False, pledge=None)
                | Q(of="pledge", agreement=None, pledge__isnull=False),
                name="a_hold_is_of_an_agreement_or_a_pledge",
            ),
            models.CheckConstraint(
                condition=Q(accepted_by=None, accepted_at=None, decision="")
                | (Q(accepted_by__isnull=False, accepted_at__isnull=False) & ~Q(decision="")),
                name="a_preference_names_its_decision",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def found(self) -> tuple[Finding, ...]:
        """What was found in the text."""
        return tuple(Finding(one["words"], Reason(one["reason"]), one["sentence"]) for one in self.findings)

    @property
    def status(self) -> str:
        """The word for its state: held or accepted."""
        return "accepted" if self.is_accepted else "held"

    @property
    def is_accepted(self) -> bool:
        """Whether the committee has accepted it as a preference."""
        return self.accepted_at is not None

    def mark_accepted(self, *, decision: str, by: User, at: datetime) -> None:
        """Let go what it held: the committee has taken it as a preference."""
        self.decision, self.accepted_by, self.accepted_at = decision, by, at
        self.save(update_fields=["decision", "accepted_by", "accepted_at"])


class DonorCap(models.Model):
    """The share of the pool above which a donor is a matter for the committee, in one of its versions. Append-only."""

    version = models.PositiveSmallIntegerField(unique=True)
    share = models.DecimalField(**_SHARE)
    reason = models.CharField(max_length=400)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(share__gt=0) & Q(share__lte=1), name="a_cap_is_a_share_of_the_pool"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_cap_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.share}, version {self.version}"


class ShareQuestion(models.Model):
    """That the committee was asked to accept a donor's share above the cap, with the day's figures. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="share_questions")
    promised = models.DecimalField(**_SHARE)
    received = models.DecimalField(**_SHARE)
    cap = models.DecimalField(**_SHARE)
    # What is asked for: no more than this is accepted.
    up_to = models.DecimalField(**_SHARE)
    reason = models.TextField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(up_to__gt=models.F("cap")) & Q(up_to__lte=Decimal(1)), name="what_is_asked_is_above_the_cap"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="who_asks_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.donor_id}: up to {self.up_to}"
