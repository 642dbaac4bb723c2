"""What happened: appended in the operation's own transaction, announced only after it has committed."""

import logging
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from celery import current_app
from django.db import transaction
from django.db.models import QuerySet

from trustfund.core.db import require_transaction
from trustfund.core.models import Event, User

log = logging.getLogger(__name__)


def record(kind: str, *, about: UUID, by: User | None, at: datetime, **facts: Any) -> Event:
    """
    Append an event and let Celery announce it after commit.

    A broker that is down changes nothing: the row is the outbox, and beat announces what was missed.

    :param kind: noun.past_participle, such as "pledge.signed"
    :param facts: what a reader of the record needs, as plain JSON values
    """
    require_transaction()
    event = Event.objects.create(kind=kind, about=about, by=by, at=at, facts=facts)
    transaction.on_commit(partial(_announce, event.pk), robust=True)
    return event


def _announce(event_id: int) -> None:
    try:
        current_app.send_task("trustfund.notices.announce", kwargs={"event_id": event_id}, retry=False)
    except Exception:  # noqa: BLE001 - whatever is wrong with the broker, the event is safe and beat sends it later
        log.warning("Event %s was not announced at once; beat will announce it.", event_id)


def about(*ids: UUID) -> "QuerySet[Event]":
    """Return the record of some objects, latest first."""
    return Event.objects.filter(about__in=ids).select_related("by").order_by("-at", "-id")


def unannounced(before: datetime) -> "Iterable[int]":
    """Return the ids of events older than a moment that nobody was told of."""
    return Event.objects.filter(announcement=None, at__lt=before).order_by("id").values_list("id", flat=True)
