"""What was moved, how each voted and why, who left the table, and what was decided."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models

from committee.matters import Kind
from committee.models.meetings import Meeting
from committee.models.procedure import RulesOfProcedure
from committee.models.seats import Seat
from committee.rules import Choice, Outcome, Rules, Tally, Way
from committee.states import Status
from trustfund.core.fields import CurrencyField, MinorUnitsField
from trustfund.core.models import Confirmation, User
from trustfund.core.money import Money


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
    way = models.CharField(max_length=16, default=Way.CORRESPONDENCE.value)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="motions", null=True)
    # In a meeting the chair opens the vote; before that the motion stands on the agenda and takes none.
    voting_opened_at = models.DateTimeField(null=True)
    # The motion that somebody objected to, which this one brings to a meeting.
    follows = models.OneToOneField("self", on_delete=models.PROTECT, related_name="followed_by", null=True)
    # The decision whose place this one takes if it is carried.
    replaces = models.ForeignKey("committee.Decision", on_delete=models.PROTECT, related_name="+", null=True)

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
            models.CheckConstraint(
                condition=models.Q(way__in=[str(way) for way in Way]), name="a_motion_is_decided_in_a_known_way"
            ),
            models.CheckConstraint(
                condition=models.Q(way=str(Way.MEETING), meeting__isnull=False)
                | (~models.Q(way=str(Way.MEETING)) & models.Q(meeting=None, voting_opened_at=None)),
                name="a_motion_of_a_meeting_names_it",
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
    def decided_by(self) -> Way:
        """How it is put to the committee."""
        return Way(self.way)

    @property
    def is_silent(self) -> bool:
        """Whether silence agrees to it."""
        return self.decided_by == Way.NO_OBJECTION

    @property
    def is_open(self) -> bool:
        """Whether it is still to be decided."""
        return self.state == Status.OPEN

    @property
    def takes_votes(self) -> bool:
        """Whether votes can be cast, unless its time is up: in a meeting only once the chair has opened the vote."""
        return self.is_open and (self.decided_by != Way.MEETING or self.voting_opened_at is not None)

    @property
    def rules(self) -> Rules:
        """The rules it is decided under."""
        return self.rules_of_procedure.rules

    def mark_voting_opened(self, *, at: datetime) -> None:
        """Let the meeting vote on it."""
        self.voting_opened_at = at
        self.save(update_fields=["voting_opened_at"])

    def mark_postponed(self, *, closes_at: datetime) -> None:
        """Let it be decided when its meeting is held, which was postponed."""
        self.closes_at = closes_at
        self.save(update_fields=["closes_at"])

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
    # Declared and signed with the vote; the guard asks it of every ballot since it was introduced.
    has_no_undisclosed_interest = models.BooleanField()
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


class KeptReason(models.Model):
    """What a member has typed as their reason and not yet sent: theirs alone, gone when they vote. No record."""

    motion = models.ForeignKey(Motion, on_delete=models.PROTECT, related_name="kept_reasons")
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    words = models.TextField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["motion", "member"], name="a_member_keeps_one_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.member}, {self.motion.reference}"


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


class Disclosure(models.Model):
    """What a member said of their own position before the vote, and stayed at the table. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    motion = models.ForeignKey(Motion, on_delete=models.PROTECT, related_name="disclosures")
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    words = models.TextField()
    disclosed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.member} disclosed on {self.motion.reference}"


class Decision(models.Model):
    """What the committee decided, with the whole count as it was. Numbered, append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    motion = models.OneToOneField(Motion, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=16)
    figures = models.JSONField()
    decided_at = models.DateTimeField(db_index=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    # No decision is edited; another takes its place, and both say so.
    supersedes = models.OneToOneField("self", on_delete=models.PROTECT, related_name="superseded_by", null=True)

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


class Enactment(models.Model):
    """That a decision which concerns no other room was put in force. Append-only, once for each decision."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="enactment")
    # Nobody, where the clock did it.
    enacted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    enacted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.decision.reference} in force"
