"""Between the close of a vote and its count, nothing that anybody does changes what is counted."""

from datetime import timedelta

import pytest
from django.db import transaction

from committee import operations, queries
from committee.models import Motion
from committee.rules import Choice
from tests import committee_worlds as worlds
from tests import disbursement_worlds
from trustfund.core.refusals import WrongState

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE_THE_CLOSE = worlds.CLOSES_AT - timedelta(microseconds=1)
PARTY = "Republic of Valdria"


def a_voted_motion() -> tuple[worlds.Committee, Motion]:
    """Return a motion that the smallest quorum approves: without one of its votes it lapses."""
    made = worlds.a_committee()
    motion = worlds.a_motion(made, interests=(PARTY,))
    for number in worlds.QUORUM_SEATS:
        worlds.vote(motion, number, Choice.APPROVE)
    return made, motion


@pytest.mark.parametrize(
    ("declared_at", "outcome", "present"),
    [(BEFORE_THE_CLOSE, "lapsed", 5), (worlds.CLOSES_AT, "carried", 6)],
)
def test_an_interest_declared_at_the_close_takes_no_vote_out_of_the_count(declared_at, outcome, present):
    made, motion = a_voted_motion()
    operations.declare_interest(party=PARTY, actor=made.holders[1], at=declared_at)
    decision = worlds.close(motion, at=worlds.CLOSES_AT + timedelta(minutes=1))
    assert (decision.outcome, decision.tally.present) == (outcome, present)


def test_the_inbox_counts_interests_as_the_close_does():
    made, motion = a_voted_motion()
    operations.declare_interest(party=PARTY, actor=made.holders[3], at=BEFORE_THE_CLOSE)
    assert queries.waiting_for(made.holders[3], BEFORE_THE_CLOSE) == []
    assert [one.motion.pk for one in queries.waiting_for(made.holders[6], BEFORE_THE_CLOSE)] == [motion.pk]


def test_what_was_voted_on_is_not_taken_back_before_it_is_counted():
    made, motion = a_voted_motion()
    with pytest.raises(WrongState, match="Voting has closed"), transaction.atomic():
        operations.withdraw_motion(motion_id=motion.pk, actor=made.secretariat, at=worlds.CLOSES_AT)
    motion.refresh_from_db()
    assert motion.status == "open"
    with transaction.atomic():
        operations.withdraw_motion(motion_id=motion.pk, actor=made.secretariat, at=BEFORE_THE_CLOSE)
    motion.refresh_from_db()
    assert motion.status == "withdrawn"


@pytest.mark.parametrize("way", ["withdraw", "amend"])
def test_a_proposal_that_loses_its_vote_cannot_slip_out_between_close_and_count(way):
    proposal = disbursement_worlds.a_tabled_proposal()
    motion = disbursement_worlds.motion_of(proposal)
    given = {"proposal_id": proposal.pk, "actor": disbursement_worlds.secretariat(), "at": motion.closes_at}
    with pytest.raises(WrongState, match="Voting has closed"):
        if way == "withdraw":
            disbursement_worlds.operations.withdraw_proposal(reason="It would lose.", **given)
        else:
            content = disbursement_worlds.content("900000.00")
            disbursement_worlds.operations.amend_proposal(number=1, content=content, **given)
    proposal.refresh_from_db()
    assert (proposal.status, proposal.current_number) == ("tabled", 1)
