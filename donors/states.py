"""What a pledge can be, and the one table of moves between those states. Pure."""

from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from trustfund.core.refusals import WrongState


class Status(StrEnum):
    """How far a promise has come. Only a signed one is in the books."""

    ANNOUNCED = "announced"
    SIGNED = "signed"
    PART_PAID = "part_paid"
    PAID = "paid"


# A receipt moves a pledge forward; its reversal moves it back. Nothing makes a signed promise unsigned.
MOVES: Final[dict[Status, frozenset[Status]]] = {
    Status.ANNOUNCED: frozenset({Status.SIGNED}),
    Status.SIGNED: frozenset({Status.PART_PAID, Status.PAID}),
    Status.PART_PAID: frozenset({Status.SIGNED, Status.PART_PAID, Status.PAID}),
    Status.PAID: frozenset({Status.SIGNED, Status.PART_PAID}),
}
OPEN: Final = frozenset({Status.SIGNED, Status.PART_PAID})
SIGNED: Final = frozenset({Status.SIGNED, Status.PART_PAID, Status.PAID})


def may_move(status: Status, to: Status) -> bool:
    """Return whether a pledge may go from one state to another."""
    return to in MOVES[status]


def require_move(status: Status, to: Status) -> None:
    """
    Do nothing if the move stands in the table.

    :raises WrongState: if it does not
    """
    if not may_move(status, to):
        raise WrongState(
            _("This pledge is %(status)s and cannot become %(to)s. Look at its record for what happened.")
            % {"status": _word(status), "to": _word(to)}
        )


def require_open(status: Status) -> None:
    """
    Do nothing if money can arrive against a pledge in this state.

    :raises WrongState: if it is only announced, or paid in full
    """
    if status is Status.ANNOUNCED:
        raise WrongState(_("This pledge is announced, not signed. Sign it before money is recorded against it."))
    if status not in OPEN:
        raise WrongState(_("This pledge is paid in full. Record the money against another pledge of the donor."))


def after_receipts(*, outstanding: int, pledged: int) -> Status:
    """Return the state of a signed pledge by what is still to come, both in minor units."""
    if outstanding == 0:
        return Status.PAID
    return Status.SIGNED if outstanding == pledged else Status.PART_PAID


def _word(status: Status) -> str:
    words = {
        Status.ANNOUNCED: _("announced"),
        Status.SIGNED: _("signed"),
        Status.PART_PAID: _("part paid"),
        Status.PAID: _("paid"),
    }
    return words[status]
