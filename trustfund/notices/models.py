"""The mail log: what was sent to whom about which event, and what a mail server refused. Append-only."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from trustfund.core.models import Event, User


class Outcome(models.TextChoices):
    """What became of a message."""

    SENT = "sent", _("Sent")
    REFUSED = "refused", _("Refused by the mail server")


class Mail(models.Model):
    """One attempt to write to one person about one event. It succeeds at most once."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    address = models.EmailField()
    subject = models.CharField(max_length=200)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    reason = models.CharField(max_length=400, default="")
    tried_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["event", "person"],
                condition=models.Q(outcome=Outcome.SENT),
                name="a_person_is_told_of_an_event_once",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome=Outcome.SENT, reason="")
                | (models.Q(outcome=Outcome.REFUSED) & ~models.Q(reason="")),
                name="a_refused_mail_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.address}"
