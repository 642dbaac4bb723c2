"""What runs in the background: matching is counted, donors are reminded step by step, files are brought over."""

import logging
from uuid import UUID

from donors import operations, queries
from donors.models import Reminder
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


@task(name="donors.remind")
def remind() -> None:
    """Take every step that applies today and was not taken. A day that was missed is made up for by the next run."""
    for instalment_id, step in queries.steps_to_take(clock.today()):
        _take(instalment_id, step)


def _take(instalment_id: int, step: int) -> Reminder | None:
    try:
        return operations.take_step(instalment_id=instalment_id, step=step, at=clock.now())
    except Refusal:
        # Another worker took it, or it was paid since it was looked up.
        return None
    except Exception:
        log.exception("Step %s of instalment %s was not taken; the next run tries again.", step, instalment_id)
        return None


@task(name="donors.bring_over_file")
def bring_over_file(*, file_id: str) -> None:
    """Bring over a file of contributions that was started."""
    operations.bring_over_file(file_id=UUID(file_id), at=clock.now())


@task(name="donors.bring_over_waiting")
def bring_over_waiting() -> None:
    """Bring over what waits although nobody has it: the broker was down, or a worker was killed."""
    for file in queries.contribution_files_waiting(clock.now()):
        operations.bring_over_file(file_id=file.pk, at=clock.now())
