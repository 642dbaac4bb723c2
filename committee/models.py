"""What the committee keeps: its rules, who sits, what was moved, how each voted and why, and what was decided."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models

from committee.matters import Kind
from committee.rules import Bench, Choice, Outcome, Rules, Tally
from committee.states import Status
from trustfund.core.fields import CurrencyField, MinorUnitsField
from trustfund.core.models import Confirmation, User
from trustfund.core.money import Money


class RulesOfProcedure(models.Model):
    """One version of the rules; a motion is decided under those in force when it was opened. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(unique=True)
    title = models.CharField(max_length=120)
    figures = models.JSONField()
    adopted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"

    @property
    def rules(self) -> Rules:
        """The rules themselves."""
        return Rules.of(self.figures)


class Seat(models.Model):
    """A place at the table. It stays when the people on it change."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveSmallIntegerField(unique=True)
    bench = models.CharField(max_length=16)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(bench__in=[str(bench) for bench in Bench]),
                name="a_seat_stands_on_one_of_three_benches",
            ),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="seats_are_counted_from_one"),
        ]

    def __str__(self) -> str:
        return f"Seat {self.number}"

    @property
    def bench_name(self) -> Bench:
        """The bench, as the rules know it."""
        return Bench(self.bench)


class Term(models.Model):
    """Who holds a seat, and who stands in, from a day to a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="terms")
    holder = models.ForeignKey(User, on_delete=models.PROTECT, related_name="terms_held")
    alternate = models.ForeignKey(User, on_delete=models.PROTECT, related_name="terms_stood_in", null=True)
    chairs = models.BooleanField(default=False)
    nominated_by = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField()
    seated_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    seated_at = models.DateTimeField()
    vacated_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["seat"], condition=models.Q(vacated_at=None), name="a_seat_is_held_by_one_person"
            ),
            models.UniqueConstraint(
                fields=["holder"], condition=models.Q(vacated_at=None), name="a_person_holds_one_seat"
            ),
            models.UniqueConstraint(
                fields=["alternate"], condition=models.Q(vacated_at=None), name="a_person_stands_in_for_one_seat"
            ),
            models.UniqueConstraint(
                fields=["chairs"], condition=models.Q(vacated_at=None, chairs=True), name="one_seat_chairs"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="a_term_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=models.Q(alternate=None) | ~models.Q(alternate=models.F("holder")),
                name="nobody_is_their_own_alternate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {self.holder}"

    def covers(self, at: datetime) -> bool:
        """Return whether the term runs at a moment."""
        return self.starts_on <= at.date() <= self.ends_on and (self.vacated_at is None or at < self.vacated_at)

    def mark_vacated(self, *, at: datetime) -> None:
        """End the term; the row stays as the record of who sat when."""
        self.vacated_at = at
        self.save(update_fields=["vacated_at"])


class Interest(models.Model):
    """What a person has declared to have a stake in: a state, an employer, an organisation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="interests")
    party = models.CharField(max_length=120)
    declared_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("person", models.functions.Lower("party"), name="an_interest_is_declared_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.party}"


class Motion(models.Model):
    """What the committee is asked to decide: one version of one thing, until a moment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=32)
    subject = models.UUIDField(db_index=True)
    version = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    summary = models.TextField()
    amount_minor = MinorUnitsField()
    currency = CurrencyField()
    # The names of those who would gain; a member who has declared one of them leaves the table.
    interests = models.JSONField(default=list)
    # Label and words of what else is decided, as the page prints them; the fingerprint covers them.
    particulars = models.JSONField(default=list)
    rules_of_procedure = models.ForeignKey(RulesOfProcedure, on_delete=models.PROTECT, related_name="motions")
    proposer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="motions")
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField(db_index=True)
    status = models.CharField(max_length=16, default=Status.OPEN.value)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["subject", "version"],
                condition=models.Q(status__in=[str(Status.OPEN), str(Status.CARRIED), str(Status.REJECTED)]),
                name="a_version_is_moved_once",
            ),
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opened_at")), name="a_motion_closes_after_it_opens"
            ),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gte=0), name="a_motion_asks_for_no_less_than_nothing"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=[str(status) for status in Status]), name="a_motion_is_in_a_known_state"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=[str(kind) for kind in Kind]), name="a_motion_is_of_a_known_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(fingerprint__regex=r"^[0-9a-f]{64}$"), name="a_motion_names_what_it_is_about"
            ),
            models.CheckConstraint(
                condition=models.Q(status=str(Status.OPEN), ended_at=None)
                | (~models.Q(status=str(Status.OPEN)) & models.Q(ended_at__isnull=False)),
                name="a_motion_that_ended_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def amount(self) -> Money:
        """What the motion asks for."""
        return Money(self.amount_minor, self.currency)

    @property
    def asks(self) -> Kind:
        """What the committee is asked to do."""
        return Kind(self.kind)

    @property
    def state(self) -> Status:
        """Where the motion stands."""
        return Status(self.status)

    @property
    def is_open(self) -> bool:
        """Whether it still takes votes, unless its time is up."""
        return self.state == Status.OPEN

    @property
    def rules(self) -> Rules:
        """The rules it is decided under."""
        return self.rules_of_procedure.rules

    def mark_ended(self, *, status: Status, at: datetime) -> None:
        """Let the motion end as decided or withdrawn."""
        self.status = status
        self.ended_at = at
        self.save(update_fields=["status", "ended_at"])


class Ballot(models.Model):
    """How a seat votes and why. A changed mind is a new ballot that names the one it supersedes. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    motion = models.ForeignKey(Motion, on_delete=models.PROTECT, related_name="ballots")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="ballots")
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="ballots")
    number = models.PositiveIntegerField()
    supersedes = models.OneToOneField("self", on_delete=models.PROTECT, related_name="superseded_by", null=True)
    version = models.PositiveIntegerField()
    choice = models.CharField(max_length=8)
    reason = models.TextField()
    # Each principle by name: empty where the member is satisfied, else why not.
    principles = models.JSONField()
    nonce = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    cast_at = models.DateTimeField()
    confirmation = models.OneToOneField(Confirmation, on_delete=models.PROTECT, related_name="ballot")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["motion", "seat"], condition=models.Q(supersedes=None), name="a_seat_votes_once"
            ),
            models.UniqueConstraint(fields=["motion", "number"], name="ballots_of_a_motion_are_numbered"),
            models.UniqueConstraint(fields=["nonce"], name="a_decision_page_is_sent_once"),
            models.CheckConstraint(
                condition=models.Q(choice__in=[str(choice) for choice in Choice]),
                name="a_ballot_says_yes_no_or_neither",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.motion.reference}, ballot {self.number}"

    @property
    def says(self) -> Choice:
        """What the ballot says."""
        return Choice(self.choice)


class Recusal(models.Model):
    """That a person left the table for a motion, and why. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    motion = models.ForeignKey(Motion, on_delete=models.PROTECT, related_name="recusals")
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="recusals")
    reason = models.TextField()
    # Whether the software did it, because of a declared interest.
    is_automatic = models.BooleanField(default=False)
    recused_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["motion", "member"], name="a_person_leaves_the_table_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member} recused from {self.motion.reference}"


class Decision(models.Model):
    """What the committee decided, with the whole count as it was. Numbered, append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    motion = models.OneToOneField(Motion, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=16)
    figures = models.JSONField()
    decided_at = models.DateTimeField(db_index=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=[str(outcome) for outcome in Outcome]), name="a_decision_has_an_outcome"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.outcome}"

    @property
    def tally(self) -> Tally:
        """The count as it was."""
        return Tally.of(self.figures)
