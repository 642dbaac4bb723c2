"""What is asked for, how far it is, and what was issued. Requests and issued documents only grow; progress moves."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from assurance.kinds import PAPERS, READ_BY, Kind, Readers
from donors.models import Donor
from trustfund.core.models import User


class State(models.TextChoices):
    """How far a statement is."""

    REQUESTED = "requested", _("Requested")
    RENDERING = "rendering", _("Being prepared")
    ISSUED = "issued", _("Issued")
    FAILED = "failed", _("Failed")


class Step(models.TextChoices):
    """What is being done to a statement just now, in order."""

    WAITING = "waiting", _("Waiting for its turn")
    READING = "reading", _("Reading the ledger")
    SETTING = "setting", _("Setting the pages")
    STORING = "storing", _("Storing the document")
    DONE = "done", _("Done")


STEPS_IN_ALL = len(Step) - 1
OF_A_DONOR = models.Q(kind__in=[str(kind) for kind in Kind if READ_BY[kind] is Readers.DONOR])
OF_SOMETHING = models.Q(kind__in=[str(kind) for kind in PAPERS])


class Statement(models.Model):
    """
    A statement that somebody or the calendar asked for, or a paper that an event did. Append-only.

    A period is reported once, and of each version of a subject there is one paper of a kind.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=24, choices=Kind.choices)
    as_of = models.DateField()
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="+", null=True)
    # "2026-10" for what the calendar asks for, empty for what a person asks for.
    period = models.CharField(max_length=7, default="")
    # What a paper is about, and in which version; empty and zero for a statement.
    subject = models.UUIDField(null=True)
    version = models.PositiveSmallIntegerField(default=0)
    language = models.CharField(max_length=8)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    requested_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["kind", "period"], condition=~models.Q(period=""), name="a_period_is_reported_once"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=[str(kind) for kind in Kind]), name="a_statement_is_of_a_known_kind"
            ),
            models.CheckConstraint(
                condition=(OF_A_DONOR & models.Q(donor__isnull=False)) | (~OF_A_DONOR & models.Q(donor__isnull=True)),
                name="what_a_donor_reads_names_the_donor",
            ),
            models.CheckConstraint(
                condition=models.Q(period="") | models.Q(period__regex=r"^[0-9]{4}-(0[1-9]|1[0-2])$"),
                name="a_period_is_a_month",
            ),
            models.CheckConstraint(
                condition=~models.Q(period="") | models.Q(requested_by__isnull=False) | models.Q(subject__isnull=False),
                name="the_calendar_an_event_or_a_person_asks",
            ),
            models.CheckConstraint(
                condition=(OF_SOMETHING & models.Q(subject__isnull=False, version__gte=1))
                | (~OF_SOMETHING & models.Q(subject=None, version=0)),
                name="a_paper_is_about_something_in_a_version",
            ),
            models.UniqueConstraint(
                fields=["subject", "kind", "version"],
                condition=models.Q(subject__isnull=False),
                name="a_version_has_one_paper_of_a_kind",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-requested_at", "number"], name="statements_latest_first"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def noun(self) -> str:
        """The word that its events begin with."""
        return "statement" if self.subject is None else "paper"


class StatementProgress(models.Model):
    """How far a statement is. The only row of a statement that moves, and what a worker that comes back reads."""

    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, primary_key=True, related_name="progress")
    state = models.CharField(max_length=12, choices=State.choices, default=State.REQUESTED)
    step = models.CharField(max_length=12, choices=Step.choices, default=Step.WAITING)
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=STEPS_IN_ALL)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.TextField(default="")
    incident = models.CharField(max_length=12, default="")
    moved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(done__lte=models.F("total")), name="no_more_is_done_than_there_is"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[str(state) for state in State]), name="a_statement_is_in_a_known_state"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=State.FAILED) | ~models.Q(failure=""), name="a_failure_says_what_failed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement}: {self.get_state_display()}"

    @property
    def is_moving(self) -> bool:
        """Whether a page that shows this should look again."""
        return self.state in {State.REQUESTED, State.RENDERING}

    def mark_step(self, step: Step, *, at: datetime) -> None:
        """Say what is being done now."""
        self.state = State.RENDERING
        self.step = step
        self.done = list(Step).index(step)
        self.moved_at = at
        self.save(update_fields=["state", "step", "done", "moved_at"])

    def mark_started(self, *, at: datetime) -> None:
        """Say that a worker has taken it up."""
        self.attempts += 1
        self.failure = ""
        self.incident = ""
        self.state = State.RENDERING
        self.save(update_fields=["attempts", "failure", "incident", "state"])
        self.mark_step(Step.READING, at=at)

    def mark_issued(self, *, at: datetime) -> None:
        """Say that the document is there."""
        self.state = State.ISSUED
        self.step = Step.DONE
        self.done = self.total
        self.moved_at = at
        self.save(update_fields=["state", "step", "done", "moved_at"])

    def mark_failed(self, *, failure: str, incident: str, at: datetime) -> None:
        """Say what went wrong, and under which number the log tells more."""
        self.state = State.FAILED
        self.failure = failure
        self.incident = incident
        self.moved_at = at
        self.save(update_fields=["state", "failure", "incident", "moved_at"])

    def mark_requested_again(self, *, at: datetime) -> None:
        """Put it back in the queue."""
        self.state = State.REQUESTED
        self.step = Step.WAITING
        self.done = 0
        self.attempts = 0
        self.moved_at = at
        self.save(update_fields=["state", "step", "done", "attempts", "moved_at"])


class IssuedDocument(models.Model):
    """A document as it was issued: its hash, its size, and every figure it prints. Append-only, one for a statement."""

    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, primary_key=True, related_name="document")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField()
    file_name = models.CharField(max_length=120)
    contents = models.JSONField()
    issued_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="a_document_is_known_by_its_hash"
            ),
            models.CheckConstraint(
                condition=models.Q(size__gt=0) & models.Q(pages__gt=0), name="a_document_is_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
