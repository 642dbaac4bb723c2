"""What the clock does here: writes down the committee's answers, brings tranches due, and watches banks and money."""

import logging

from disbursements import operations
from disbursements.queries.goods import overrides_waiting
from disbursements.queries.proposals import answered_proposals
from disbursements.queries.suspensions import amendments_asked, resumptions_asked, suspensions_asked
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


@task(name="disbursements.carry_out_overrides")
def carry_out_overrides() -> None:
    """Write down what the committee said to each thing that lies outside an exemption and whose motion has ended."""
    at = clock.now()
    for override_id in overrides_waiting():
        try:
            operations.carry_out_override(override_id=override_id, actor=None, at=at)
        except Refusal as refusal:
            log.info("The answer on override %s was not written down: %s", override_id, refusal.message)


@task(name="disbursements.warn_of_expiry")
def warn_of_expiry() -> None:
    """Tell whom it concerns which exemptions expire within 90, 30 or 7 days."""
    operations.warn_of_expiry(at=clock.now())


@task(name="disbursements.carry_out_suspensions")
def carry_out_suspensions() -> None:
    """Suspend and resume what the committee has decided on; one done a moment ago is left as it is."""
    at = clock.now()
    for operation, waiting in (
        (operations.carry_out_suspension, suspensions_asked()),
        (operations.carry_out_resumption, resumptions_asked()),
    ):
        for suspension_id in waiting:
            try:
                operation(suspension_id=suspension_id, actor=None, at=at)
            except Refusal as refusal:
                log.info("The answer on suspension %s was not written down: %s", suspension_id, refusal.message)


@task(name="disbursements.carry_out_amendments")
def carry_out_amendments() -> None:
    """Amend what the committee decided on; one done a moment ago is left as it is."""
    at = clock.now()
    for amendment_id in amendments_asked():
        try:
            operations.carry_out_amendment(amendment_id=amendment_id, actor=None, at=at)
        except Refusal as refusal:
            log.info("The answer on amendment %s was not written down: %s", amendment_id, refusal.message)
