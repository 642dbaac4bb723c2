"""The table of moves of a pledge, walked pair by pair."""

from itertools import product

import pytest

from donors import states
from donors.states import Status
from trustfund.core.refusals import WrongState

ANNOUNCED, CONDITIONAL, SIGNED, CALLED, PART_PAID, PAID, WRITTEN_OFF = Status
ALLOWED = {
    *((ANNOUNCED, to) for to in (CONDITIONAL, SIGNED)),
    (CONDITIONAL, SIGNED),
    *((SIGNED, to) for to in (CALLED, PART_PAID, PAID, WRITTEN_OFF)),
    *((CALLED, to) for to in (SIGNED, PART_PAID, PAID, WRITTEN_OFF)),
    *((PART_PAID, to) for to in (SIGNED, CALLED, PART_PAID, PAID, WRITTEN_OFF)),
    *((PAID, to) for to in (SIGNED, CALLED, PART_PAID)),
    *((WRITTEN_OFF, to) for to in (SIGNED, CALLED, PART_PAID)),
}


@pytest.mark.parametrize(("status", "to"), list(product(Status, Status)))
def test_every_pair_of_states_is_allowed_or_refused(status, to):
    if (status, to) in ALLOWED:
        states.require_move(status, to)
        return
    with pytest.raises(WrongState) as refused:
        states.require_move(status, to)
    assert refused.value.message.startswith("This pledge is ")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (ANNOUNCED, "announced, not signed"),
        (CONDITIONAL, "waits for its condition"),
        (PAID, "paid in full"),
        (WRITTEN_OFF, "written off"),
    ],
)
def test_money_arrives_only_against_an_open_pledge(status, words):
    with pytest.raises(WrongState, match=words):
        states.require_open(status)


@pytest.mark.parametrize("status", [SIGNED, CALLED, PART_PAID])
def test_an_open_pledge_takes_money(status):
    assert states.require_open(status) is None


@pytest.mark.parametrize(
    ("outstanding", "is_called", "written_off", "status"),
    [
        (100, False, 0, SIGNED),
        (100, True, 0, CALLED),
        (99, False, 0, PART_PAID),
        (1, True, 0, PART_PAID),
        (0, False, 0, PAID),
        (0, True, 40, WRITTEN_OFF),
        (0, False, 100, WRITTEN_OFF),
        (60, False, 40, SIGNED),
        (60, True, 40, CALLED),
        (59, False, 40, PART_PAID),
    ],
)
def test_the_state_follows_from_what_is_outstanding(outstanding, is_called, written_off, status):
    found = states.after_receipts(outstanding=outstanding, pledged=100, is_called=is_called, written_off=written_off)
    assert found is status


def test_every_state_is_in_the_books_or_not():
    assert set(Status) == states.IN_THE_BOOKS | states.NOT_IN_THE_BOOKS
    assert {ANNOUNCED, CONDITIONAL} == states.NOT_IN_THE_BOOKS
    assert states.OPEN < states.IN_THE_BOOKS
