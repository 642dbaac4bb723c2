"""What the clock does in the committee: closes motions whose time is up."""

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
