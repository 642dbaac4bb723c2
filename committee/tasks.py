"""What the clock does in the committee: closes motions whose time is up, and puts in force what they carried."""

import logging

from committee import operations, queries
from trustfund.core import clock
from trustfund.core.refusals import Refusal
from trustfund.core.tasks import task

log = logging.getLogger(__name__)


@task(name="committee.close_due_motions")
def close_due_motions() -> None:
    """Close every motion whose time is up; one that somebody closed a moment ago is left as it is."""
    at = clock.now()
    for motion_id in queries.motions_due(at):
        try:
            operations.close_motion(motion_id=motion_id, actor=None, at=at)
        except Refusal as refusal:
            log.info("Motion %s was not closed by the clock: %s", motion_id, refusal.message)


@task(name="committee.remind_of_votes")
def remind_of_votes() -> None:
    """Remind who has not voted of every motion that closes soon; what was missed is made up for by the next run."""
    at = clock.now()
    for motion_id, step in queries.steps_to_remind(at):
        try:
            operations.remind_of_vote(motion_id=motion_id, step=step, at=at)
        except Refusal as refusal:
            log.info("Nobody was reminded of motion %s: %s", motion_id, refusal.message)


@task(name="committee.put_in_force")
def put_in_force() -> None:
    """Put in force what the committee carried about itself; what cannot be, waits for a person, who sees why."""
    at = clock.now()
    for decision in queries.decisions_to_enact():
        try:
            operations.put_in_force(decision_id=decision.pk, actor=None, at=at)
        except Refusal as refusal:
            log.info("%s was not put in force by the clock: %s", decision.reference, refusal.message)
