"""What a pledge can be, and the one table of moves between those states. Pure."""

from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from trustfund.core.refusals import WrongState


class Status(StrEnum):
    """How far a promise has come. What is announced or conditional is in no total of the books."""

    ANNOUNCED = "announced"
    CONDITIONAL = "conditional"
    SIGNED = "signed"
    CALLED = "called"
    PART_PAID = "part_paid"
    PAID = "paid"
    WRITTEN_OFF = "written_off"


# A receipt moves a pledge forward and its reversal back, as an amendment may do both. Nothing makes a promise in the
# books unsigned. What is written off stays so; only what had come, and was taken back by the bank, is open again.
MOVES: Final[dict[Status, frozenset[Status]]] = {
    Status.ANNOUNCED: frozenset({Status.CONDITIONAL, Status.SIGNED}),
    Status.CONDITIONAL: frozenset({Status.SIGNED}),
    Status.SIGNED: frozenset({Status.CALLED, Status.PART_PAID, Status.PAID, Status.WRITTEN_OFF}),
    Status.CALLED: frozenset({Status.SIGNED, Status.PART_PAID, Status.PAID, Status.WRITTEN_OFF}),
    Status.PART_PAID: frozenset(
        {Status.SIGNED, Status.CALLED, Status.PART_PAID, Status.PAID, Status.WRITTEN_OFF},
    ),
    Status.PAID: frozenset({Status.SIGNED, Status.CALLED, Status.PART_PAID}),
    Status.WRITTEN_OFF: frozenset({Status.SIGNED, Status.CALLED, Status.PART_PAID}),
}
OPEN: Final = frozenset({Status.SIGNED, Status.CALLED, Status.PART_PAID})
IN_THE_BOOKS: Final = OPEN | {Status.PAID, Status.WRITTEN_OFF}
NOT_IN_THE_BOOKS: Final = frozenset(Status) - IN_THE_BOOKS


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

    :raises WrongState: if it is only announced or conditional, written off, or paid in full
    """
    if status is Status.ANNOUNCED:
        raise WrongState(_("This pledge is announced, not signed. Sign it before money is recorded against it."))
    if status is Status.CONDITIONAL:
        raise WrongState(
            _("This pledge waits for its condition. Bring it into the books before money is recorded against it.")
        )
    if status is Status.WRITTEN_OFF:
        raise WrongState(_("This pledge is written off. Record the money against another pledge of the donor."))
    if status not in OPEN:
        raise WrongState(_("This pledge is paid in full. Record the money against another pledge of the donor."))


def after_receipts(*, outstanding: int, pledged: int, is_called: bool = False, written_off: int = 0) -> Status:
    """
    Return the state of a pledge in the books by what is still to come, all in minor units.

    :param is_called: whether a part of it has been called
    :param written_off: what the committee has given up of it
    """
    if outstanding == 0:
        return Status.WRITTEN_OFF if written_off else Status.PAID
    if outstanding + written_off < pledged:
        return Status.PART_PAID
    return Status.CALLED if is_called else Status.SIGNED


def _word(status: Status) -> str:
    words = {
        Status.ANNOUNCED: _("announced"),
        Status.CONDITIONAL: _("conditional"),
        Status.SIGNED: _("signed"),
        Status.CALLED: _("called"),
        Status.PART_PAID: _("part paid"),
        Status.PAID: _("paid"),
        Status.WRITTEN_OFF: _("written off"),
    }
    return words[status]
