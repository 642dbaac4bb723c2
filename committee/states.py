"""Which states a motion has and which moves it may make. Pure."""

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
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The word on the page."""
        return {
            Status.OPEN: _("Voting open"),
            Status.CARRIED: _("Carried"),
            Status.REJECTED: _("Rejected"),
            Status.LAPSED: _("Lapsed, no quorum"),
            Status.WITHDRAWN: _("Withdrawn"),
        }[self]


MOVES: Final[dict[Status, frozenset[Status]]] = {
    Status.OPEN: frozenset({Status.CARRIED, Status.REJECTED, Status.LAPSED, Status.WITHDRAWN}),
    Status.CARRIED: frozenset(),
    Status.REJECTED: frozenset(),
    Status.LAPSED: frozenset(),
    Status.WITHDRAWN: frozenset(),
}
DECIDED: Final = frozenset({Status.CARRIED, Status.REJECTED, Status.LAPSED})


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
