"""The table of moves of a pledge, walked pair by pair."""

from itertools import product

import pytest

from donors import states
from donors.states import Status
from trustfund.core.refusals import WrongState

ALLOWED = {
    (Status.ANNOUNCED, Status.SIGNED),
    (Status.SIGNED, Status.PART_PAID),
    (Status.SIGNED, Status.PAID),
    (Status.PART_PAID, Status.SIGNED),
    (Status.PART_PAID, Status.PART_PAID),
    (Status.PART_PAID, Status.PAID),
    (Status.PAID, Status.SIGNED),
    (Status.PAID, Status.PART_PAID),
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
    [(Status.ANNOUNCED, "announced, not signed"), (Status.PAID, "paid in full")],
)
def test_money_arrives_only_against_an_open_pledge(status, words):
    with pytest.raises(WrongState, match=words):
        states.require_open(status)


@pytest.mark.parametrize("status", [Status.SIGNED, Status.PART_PAID])
def test_an_open_pledge_takes_money(status):
    assert states.require_open(status) is None


@pytest.mark.parametrize(
    ("outstanding", "status"), [(100, Status.SIGNED), (99, Status.PART_PAID), (1, Status.PART_PAID), (0, Status.PAID)]
)
def test_the_state_follows_from_what_is_outstanding(outstanding, status):
    assert states.after_receipts(outstanding=outstanding, pledged=100) is status
