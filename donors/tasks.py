"""What the clock does here: counts what others have given for pledges that match it."""

import logging

from donors import operations, queries
from trustfund.core import clock
from trustfund.core.refusals import Refusal
from trustfund.core.tasks import task

log = logging.getLogger(__name__)


@task(name="donors.count_matching")
def count_matching() -> None:
    """Evaluate every matching condition that a pledge waits for; one that was met a moment ago is left as it is."""
    at = clock.now()
    for condition in queries.open_matching():
        try:
            operations.count_matching(condition_id=condition.pk, at=at)
        except Refusal as refusal:
            log.info("Condition %s was not counted: %s", condition.pk, refusal.message)
