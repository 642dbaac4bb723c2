"""How a vote stands as far as a reader may know, and what a vote would do to it, in words and as a picture."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from committee import permissions
from committee.models import Motion
from committee.queries import Room
from committee.rules import Choice, Outcome, Tally
from trustfund.core import charts
from trustfund.core.charts import Chart
from trustfund.core.models import User


@dataclass(frozen=True)
class Standing:
    """How a vote stands as far as a reader may know: while it is sealed, only how many have voted."""

    motion: Motion
    tally: Tally
    shows_choices: bool
    is_open: bool

    @property
    def meter(self) -> Chart:
        """The count as a picture; sealed votes are drawn without their choice."""
        tally = self.tally
        shown = self.shows_choices
        return charts.meter(
            title=self.words,
            seats=tally.eligible,
            approve=tally.approvals if shown else 0,
            reject=tally.rejections if shown else 0,
            abstain=tally.abstentions if shown else 0,
            sealed=0 if shown else tally.present,
            quorum=0 if self.motion.is_silent else tally.quorum,
        )

    @property
    def words(self) -> str:
        """The count in a sentence."""
        tally = self.tally
        if self.motion.is_silent:
            return _(
                "%(present)s of %(eligible)s seats have answered. Silence agrees when the time to object is over."
            ) % {
                "present": tally.present,
                "eligible": tally.eligible,
            }
        if not self.motion.takes_votes and self.is_open:
            return _("It stands on the agenda of a meeting. The chair opens the vote there.")
        if not tally.present:
            return _("No votes yet. %(quorum)s of %(eligible)s are needed.") % {
                "quorum": tally.quorum,
                "eligible": tally.eligible,
            }
        return _("%(present)s of the %(quorum)s votes needed for a quorum are cast.") % {
            "present": tally.present,
            "quorum": tally.quorum,
        }

    @property
    def to_pass(self) -> str:
        """What the rules ask for, in a sentence, while votes can still come."""
        if not self.is_open:
            return ""
        rules = self.motion.rules
        if self.motion.is_silent:
            return (
                _("An objection may be lifted until the close; one that stands sends it to a meeting.")
                if rules.objections_may_be_lifted
                else _("One objection sends it to a meeting at once.")
            )
        if rules.consensus_only:
            return _("Nobody may vote against.")
        return _("To pass: nobody against, or %(share)s.") % {"share": rules.approval.label}

    @property
    def percent(self) -> int:
        """How many of a hundred votes for or against approve."""
        said = self.tally.approvals + self.tally.rejections
        return round(100 * self.tally.approvals / said) if said else 0


def standing_of(room: Room, reader: User | None, at: datetime) -> Standing:
    """Return how the vote stands as far as the reader may know; nobody signed in reads what is public."""
    is_open = room.motion.is_open and at < room.motion.closes_at
    decided = room.decision is not None
    may_read = reader is not None and bool(permissions.may_read_ballots(reader, room))
    return Standing(motion=room.motion, tally=room.tally, shows_choices=decided or may_read, is_open=is_open)


def consequence(room: Room, person: User, choice: Choice, at: datetime) -> str:
    """Return in a sentence what a vote would do; a sealed vote says nothing of how others voted."""
    if room.motion.is_silent:
        return _what_silence_makes_of(room, choice)
    before, after = room.tally, room.tally_with(person, choice, at)
    numbers = {"cast": after.present, "quorum": after.quorum, "for": after.approvals, "votes": after.present}
    if after.has_quorum and not before.has_quorum:
        words = _("Your vote makes the quorum (%(cast)s of %(quorum)s).") % numbers
    elif after.has_quorum:
        words = _("The quorum is met without your vote (%(cast)s cast, %(quorum)s needed).") % numbers
    else:
        words = _("With your vote, %(cast)s of the %(quorum)s needed for a quorum are cast.") % numbers
    if after.has_quorum and permissions.may_read_ballots(person, room):
        ends = (
            _("It would be carried, %(for)s of %(votes)s.")
            if after.outcome == Outcome.CARRIED
            else _("It would not be carried, %(for)s of %(votes)s.")
        )
        words = f"{words} {ends % numbers}"
    return words


def _what_silence_makes_of(room: Room, choice: Choice) -> str:
    if choice != Choice.REJECT:
        return _("Nobody need answer. It is carried at the close unless a member objects.")
    if room.rules.objections_may_be_lifted:
        return _("Unless you lift your objection before the close, a meeting decides.")
    return _("Your objection ends this at once, and a meeting decides.")
