"""What donors are asked for: calls, reminders of instalments, and who asked not to be reminded."""

import uuid
from datetime import date, datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from donors.models.parties import Donor
from donors.models.promises import Instalment
from donors.reminding import ESCALATION, STEPS
from trustfund.core.fields import CurrencyField, MinorUnitsField
from trustfund.core.models import Event, User
from trustfund.core.money import Money


class Call(models.Model):
    """That an instalment was called: how much of it, when, by whom. Append-only; a later version takes its place."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instalment = models.ForeignKey(Instalment, on_delete=models.PROTECT, related_name="calls")
    version = models.PositiveSmallIntegerField(default=1)
    minor = MinorUnitsField()
    currency = CurrencyField()
    due_on = models.DateField()
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["instalment", "version"], name="a_version_of_a_call_is_issued_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="a_call_starts_with_version_one"),
            models.CheckConstraint(condition=Q(minor__gt=0), name="a_call_is_for_more_than_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} due {self.due_on}"

    @property
    def amount(self) -> Money:
        """What is called, in the pledge's currency."""
        return Money(self.minor, self.currency)

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was taken back; no query, if the withdrawal was asked for with it."""
        return hasattr(self, "withdrawal")


class WithdrawnCall(models.Model):
    """That a call was taken back: by whom, when and why. Append-only; the instalment may be called anew."""

    call = models.OneToOneField(Call, on_delete=models.PROTECT, primary_key=True, related_name="withdrawal")
    reason = models.CharField(max_length=400)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_call_is_withdrawn_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.call_id}: {self.reason}"


class Passed(models.TextChoices):
    """Why a reminder was passed over; empty if it was sent."""

    SENT = "", _("Sent")
    LATER = "later", _("A later one took its place")
    QUIET = "quiet", _("The donor is not reminded for now")
    NOBODY = "nobody", _("Nobody speaks for the donor who would be reminded")


class Reminder(models.Model):
    """
    That the step of an instalment was taken: told by its event, or passed over. Append-only.

    One row for each instalment and step, whatever fails and however often the timetable comes by.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instalment = models.ForeignKey(Instalment, on_delete=models.PROTECT, related_name="reminders")
    # Days from the due day: -60 is sixty days before it; 90 is when the committee hears of it.
    step = models.SmallIntegerField()
    passed = models.CharField(max_length=8, choices=Passed.choices, blank=True)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="+", null=True)
    taken_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["instalment", "step"], name="a_step_of_an_instalment_is_taken_once"),
            models.CheckConstraint(condition=Q(step__in=STEPS), name="a_reminder_is_one_of_the_steps"),
            models.CheckConstraint(
                condition=Q(passed=Passed.SENT, event__isnull=False) | (~Q(passed=Passed.SENT) & Q(event=None)),
                name="a_reminder_is_sent_by_its_event",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instalment_id}: {self.step:+d}"

    @property
    def is_sent(self) -> bool:
        """Whether somebody is told."""
        return self.passed == Passed.SENT

    @property
    def is_escalation(self) -> bool:
        """Whether it is the committee who is told."""
        return self.step == ESCALATION


class Quiet(models.Model):
    """That a donor, or one person who speaks for it, is not reminded: for now until a day, or until it is ended."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="quiets")
    # One person alone; nobody named means the whole donor.
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    until = models.DateField(null=True)
    reason = models.CharField(max_length=400)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_quiet_has_a_reason"),
            models.CheckConstraint(
                condition=Q(ended_by=None, ended_at=None) | Q(ended_by__isnull=False, ended_at__isnull=False),
                name="a_quiet_is_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.donor}: {self.person or ''}"

    def holds_on(self, day: date) -> bool:
        """Return whether nobody is reminded on a day."""
        return self.ended_at is None and (self.until is None or day < self.until)

    def mark_ended(self, *, by: User, at: datetime) -> None:
        """End it; the row stays as the record of who was not reminded when."""
        self.ended_by = by
        self.ended_at = at
        self.save(update_fields=["ended_by", "ended_at"])
