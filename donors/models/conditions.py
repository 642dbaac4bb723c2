"""What must come true before a pledge counts: rules that can be evaluated, and what shows that they are met."""

import uuid
from datetime import date, datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from donors.conditions import Approval, Counts, Matching, Rule, Stand
from donors.models.promises import Pledge
from donors.rates import FUND_CURRENCY
from trustfund.core.fields import MinorUnitsField
from trustfund.core.models import User
from trustfund.core.money import Money


class Condition(models.Model):
    """
    One condition of a conditional pledge. Its rule never changes.

    Matching is met by the clock when others have given enough; an approval when a second person has confirmed it.
    """

    MATCHING, APPROVAL = "matching", "approval"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="conditions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=[(MATCHING, _("Matching")), (APPROVAL, _("Approval by a day"))])
    # The words of the agreement that the rule stands for.
    words = models.TextField(blank=True)
    matches = models.PositiveIntegerField(null=True)
    for_every = models.PositiveIntegerField(null=True)
    cap_usd_minor = MinorUnitsField(null=True)
    counts = models.CharField(max_length=12, blank=True)
    since = models.DateField(null=True)
    approver = models.CharField(max_length=160, blank=True)
    by_when = models.DateField(null=True)
    # What shows an approval, on which day it happened, and who says so; a second person confirms it.
    evidence = models.TextField(blank=True)
    happened_on = models.DateField(null=True)
    shown_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    shown_at = models.DateTimeField(null=True)
    met_on = models.DateField(null=True)
    met_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    met_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["pledge", "number"], name="a_condition_has_its_own_number"),
            models.CheckConstraint(
                condition=Q(
                    kind="matching",
                    matches__gt=0,
                    for_every__gt=0,
                    cap_usd_minor__gt=0,
                    counts__in=[str(counts) for counts in Counts],
                    since__isnull=False,
                    approver="",
                    by_when=None,
                )
                | (
                    Q(kind="approval", matches=None, for_every=None, cap_usd_minor=None, counts="", since=None)
                    & Q(by_when__isnull=False)
                    & ~Q(approver="")
                ),
                name="a_condition_is_a_rule",
            ),
            models.CheckConstraint(
                condition=Q(evidence="", happened_on=None, shown_by=None, shown_at=None)
                | (
                    Q(kind="approval", happened_on__isnull=False, shown_by__isnull=False, shown_at__isnull=False)
                    & ~Q(evidence="")
                ),
                name="evidence_has_a_day_and_a_person",
            ),
            models.CheckConstraint(
                condition=Q(met_on=None, met_by=None, met_at=None)
                | Q(kind="matching", met_on__isnull=False, met_at__isnull=False, met_by=None)
                | (
                    Q(kind="approval", met_on=F("happened_on"), met_by__isnull=False, met_at__isnull=False)
                    & Q(happened_on__lte=F("by_when"), shown_by__isnull=False)
                    & ~Q(met_by=F("shown_by"))
                ),
                name="an_approval_is_confirmed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pledge_id}, condition {self.number}"

    @property
    def rule(self) -> Rule:
        """The rule itself."""
        if self.kind == self.MATCHING and self.since is not None:
            return Matching(
                matches=self.matches or 0,
                for_every=self.for_every or 0,
                cap=Money(self.cap_usd_minor or 0, FUND_CURRENCY),
                counts=Counts(self.counts),
                since=self.since,
            )
        return Approval(approver=self.approver, by_when=self.by_when or date.min)

    @property
    def is_met(self) -> bool:
        """Whether it is met."""
        return self.met_at is not None

    def stand(self, today: date) -> Stand:
        """Return how it stands on a day."""
        rule = self.rule
        if isinstance(rule, Approval):
            return rule.stand(happened_on=self.happened_on, is_confirmed=self.is_met, today=today)
        return Stand.MET if self.is_met else Stand.WAITING

    def mark_shown(self, *, evidence: str, on: date, by: User, at: datetime) -> None:
        """Say what shows the approval, until a second person has confirmed it."""
        self.evidence, self.happened_on, self.shown_by, self.shown_at = evidence, on, by, at
        self.save(update_fields=["evidence", "happened_on", "shown_by", "shown_at"])

    def mark_unshown(self) -> None:
        """Take back what was shown and not confirmed."""
        self.evidence, self.happened_on, self.shown_by, self.shown_at = "", None, None, None
        self.save(update_fields=["evidence", "happened_on", "shown_by", "shown_at"])

    def mark_met(self, *, on: date, by: User | None, at: datetime) -> None:
        """Say that it is met: by a second person, or by the clock."""
        self.met_on, self.met_by, self.met_at = on, by, at
        self.save(update_fields=["met_on", "met_by", "met_at"])
