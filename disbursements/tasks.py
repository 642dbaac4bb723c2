"""What the clock does here: writes down the committee's answers, brings tranches due, and watches banks and money."""

import logging

from disbursements import operations
from disbursements.queries.proposals import answered_proposals
from trustfund.core import clock
from trustfund.core.refusals import Refusal
from trustfund.core.tasks import task

log = logging.getLogger(__name__)


@task(name="disbursements.record_outcomes")
def record_outcomes() -> None:
    """Write down the answer on every tabled proposal whose motion has ended; one done a moment ago is left as it is."""
    at = clock.now()
    for proposal_id in answered_proposals():
        try:
            operations.record_outcome(proposal_id=proposal_id, actor=None, at=at)
        except Refusal as refusal:
            log.info("The answer on proposal %s was not written down: %s", proposal_id, refusal.message)


@task(name="disbursements.bring_tranches_due")
def bring_tranches_due() -> None:
    """Make every tranche due whose condition is met and whose day has come."""
    operations.bring_tranches_due(at=clock.now())


@task(name="disbursements.note_silent_banks")
def note_silent_banks() -> None:
    """Raise the alarm for each order that the bank has said nothing about for too long."""
    operations.note_silent_banks(at=clock.now())


@task(name="disbursements.queue_short_payments")
def queue_short_payments() -> None:
    """Queue every certified payment that cash does not cover, and tell the committee."""
    operations.queue_short_payments(at=clock.now())


@task(name="disbursements.watch_reserve")
def watch_reserve() -> None:
    """Tell treasury when the continuity reserve stands below its floor."""
    operations.watch_reserve(at=clock.now())
