"""Announcing events: at once when the operation has committed, and by beat what was missed."""

from trustfund.core import clock
from trustfund.core.tasks import task
from trustfund.notices import operations, queries

AT_ONCE = 500


@task(name="trustfund.notices.announce")
def announce(*, event_id: int) -> None:
    """Tell whom an event concerns."""
    operations.announce(event_id=event_id, at=clock.now())


@task(name="trustfund.notices.announce_missed")
def announce_missed() -> None:
    """Tell what was not told: the broker was down, a worker died, or a mail server refused."""
    for event_id in queries.missed(clock.now(), limit=AT_ONCE):
        operations.announce(event_id=event_id, at=clock.now())
