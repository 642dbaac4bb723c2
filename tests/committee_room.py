"""A committee in its room: an open motion, a call to vote on it, and a count of all that a refusal must not add."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

from django.db import transaction

from committee import operations
from committee.models import Ballot, Decision, Motion, Recusal, RulesOfProcedure, Term
from committee.rules import Choice
from tests import committee_worlds as worlds
from tests import people
from trustfund.core.models import Confirmation, Event

LATER = people.NOON + timedelta(hours=1)


def counts() -> tuple[int, ...]:
    """Count every row that a refusal must not add, and the states it must not change."""
    tables = (Ballot, Recusal, Decision, Confirmation, Event, RulesOfProcedure, Term, Motion)
    return (
        *(table.objects.count() for table in tables),
        Motion.objects.filter(status="open").count(),
        Term.objects.filter(vacated_at=None).count(),
    )


def a_room() -> SimpleNamespace:
    """Return a committee with an alternate on seat 2, an open motion, and the call by which seat 1 votes on it."""
    made = worlds.a_committee(with_alternates=(2,))
    motion = worlds.a_motion(made)
    call = {
        "motion_id": motion.id,
        "version": 1,
        "choice": Choice.APPROVE,
        "reason": "The need is shown.",
        "principles": worlds.SATISFIED,
        "has_no_undisclosed_interest": True,
        "nonce": uuid4().hex,
        "actor": made.holders[1],
        "at": LATER,
    }
    return SimpleNamespace(made=made, motion=motion, call=call)


def cast(world: SimpleNamespace, operation: Callable[..., Ballot] = operations.cast_ballot) -> Ballot:
    """Send the world's call, signed by the actor for exactly what it says unless the call brings its own proof."""
    call = dict(world.call)
    if "proof" not in call:
        motion = Motion.objects.get(pk=world.motion.pk)
        motion.version = call["version"]
        try:
            fingerprint = worlds.fingerprint_of(
                motion, call["choice"], call["reason"], call["nonce"], call["principles"]
            )
        except KeyError:
            fingerprint = "00" * 32
        call["proof"] = worlds.signed(call["actor"], fingerprint)
    return operation(**call)


def withdraw(world: SimpleNamespace) -> None:
    """Take the motion back."""
    with transaction.atomic():
        operations.withdraw_motion(motion_id=world.motion.id, actor=world.made.secretariat, at=people.NOON)
