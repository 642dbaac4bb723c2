"""Which states a motion and a meeting have and which moves they may make. Pure."""

from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from trustfund.core.refusals import WrongState


class Status(StrEnum):
    """Where a motion stands."""

    OPEN = "open"
    CARRIED = "carried"
    REJECTED = "rejected"
    LAPSED = "lapsed"
    OBJECTED = "objected"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The word on the page."""
        return {
            Status.OPEN: _("Voting open"),
            Status.CARRIED: _("Carried"),
            Status.REJECTED: _("Rejected"),
            Status.LAPSED: _("Lapsed, no quorum"),
            Status.OBJECTED: _("Objected to, goes to a meeting"),
            Status.WITHDRAWN: _("Withdrawn"),
        }[self]


MOVES: Final[dict[Status, frozenset[Status]]] = {
    Status.OPEN: frozenset({Status.CARRIED, Status.REJECTED, Status.LAPSED, Status.OBJECTED, Status.WITHDRAWN}),
    Status.CARRIED: frozenset(),
    Status.REJECTED: frozenset(),
    Status.LAPSED: frozenset(),
    Status.OBJECTED: frozenset(),
    Status.WITHDRAWN: frozenset(),
}
DECIDED: Final = frozenset({Status.CARRIED, Status.REJECTED, Status.LAPSED, Status.OBJECTED})


class MeetingStatus(StrEnum):
    """Where a meeting stands."""

    CALLED = "called"
    OPEN = "open"
    CLOSED = "closed"


MEETING_MOVES: Final[dict[MeetingStatus, frozenset[MeetingStatus]]] = {
    MeetingStatus.CALLED: frozenset({MeetingStatus.OPEN}),
    MeetingStatus.OPEN: frozenset({MeetingStatus.CLOSED}),
    MeetingStatus.CLOSED: frozenset(),
}


def require_meeting_move(status: MeetingStatus, *, to: MeetingStatus) -> None:
    """
    Insist that a meeting may go from one state to another.

    :raises WrongState: if it has been opened or closed before, or was never opened
    """
    if to not in MEETING_MOVES[status]:
        raise WrongState(
            {
                MeetingStatus.CALLED: _("This meeting has not been opened yet. The chair opens it first."),
                MeetingStatus.OPEN: _("This meeting is open already. Reload the page to see its agenda."),
                MeetingStatus.CLOSED: _("This meeting has been closed. Call another one."),
            }[status]
        )


def require_open(status: Status) -> None:
    """
    Insist that a motion still takes votes.

    :raises WrongState: if it was decided or withdrawn
    """
    if status != Status.OPEN:
        raise WrongState(
            _("This motion is no longer open: %(status)s. Reload the page to see the outcome.")
            % {"status": status.label.lower()}
        )


def require_move(status: Status, *, to: Status) -> None:
    """
    Insist that a motion may go from one state to another.

    :raises WrongState: if the table of moves has no such move
    """
    if to not in MOVES[status]:
        raise WrongState(
            _("A motion that is %(status)s cannot become %(to)s.")
            % {"status": status.label.lower(), "to": to.label.lower()}
        )
