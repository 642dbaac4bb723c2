"""Questions about the mail log and about what was not told yet."""

from datetime import datetime, timedelta
from itertools import islice

from django.db.models import QuerySet

from trustfund.core import events
from trustfund.core.models import Event, User
from trustfund.notices.models import Mail, Outcome

# An event is given to beat after this long; until then the worker that was told of it may be at work.
MISSED_AFTER = timedelta(seconds=60)
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=6)


def mails() -> QuerySet[Mail]:
    """Return the mail log, latest first."""
    return Mail.objects.select_related("event", "person").order_by("-tried_at", "-id")


def waiting_count() -> int:
    """Return how many events nobody was told of yet."""
    return Event.objects.filter(announcement=None).count()


def missed(at: datetime, *, limit: int) -> list[int]:
    """Return the ids of events that should have been told by now, oldest first."""
    return list(islice(events.unannounced(at - MISSED_AFTER), limit))


def was_told(event: Event, person: User) -> bool:
    """Return whether a person was written to about an event."""
    return Mail.objects.filter(event=event, person=person, outcome=Outcome.SENT).exists()


def may_try(event: Event, person: User, at: datetime) -> bool:
    """Return whether it is time to try again: after each refusal twice as long, at most six hours."""
    refused = Mail.objects.filter(event=event, person=person, outcome=Outcome.REFUSED)
    count = refused.count()
    if not count:
        return True
    latest: datetime = refused.latest("tried_at").tried_at
    doublings = min(count - 1, 9)
    return at >= latest + min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT)
