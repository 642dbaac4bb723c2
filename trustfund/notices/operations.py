"""Telling people of an event: each person once, and the event as announced when all were told."""

from datetime import datetime
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import translation

from assurance.operations import ask_for_paper
from trustfund.core.db import constraint_of
from trustfund.core.models import Announcement, Event, User
from trustfund.notices import queries
from trustfund.notices.letters import Letter, Notice
from trustfund.notices.models import Mail, Outcome
from trustfund.notices.table import TABLE


def announce(*, event_id: int, at: datetime) -> bool:
    """
    Tell everybody whom an event concerns, and append that it was announced; return whether it is.

    What the world is told on paper is asked for first; an event without its paper is not announced.

    Safe to run twice and at once. A mail server that refuses undoes nothing: the refusal is logged, the others
    are told, and the event stays in the outbox until everybody was told.
    """
    event = Event.objects.select_related("by").filter(pk=event_id).first()
    if event is None or Announcement.objects.filter(event=event).exists():
        return event is not None
    # Before anybody is told, so that who follows the letter's link finds the paper on its way.
    ask_for_paper(event_id=event.pk, at=at)
    notice = TABLE.get(event.kind)
    if notice is not None and at - event.at <= notice.news_for:
        told = [_tell(event, person, notice, at) for person in notice.people(event)]
        if not all(told):
            return False
    _mark_announced(event, at)
    return True


def _tell(event: Event, person: User, notice: Notice, at: datetime) -> bool:
    """Write to one person about one event, once; return whether they were told."""
    if queries.was_told(event, person):
        return True
    if not queries.may_try(event, person, at):
        return False
    with translation.override(person.language):
        letter = notice.letter(event)
    try:
        # The log's row comes first, so that a second worker waits at it, and goes with a mail that is refused.
        with transaction.atomic(durable=True):
            _log(event, person, letter, at=at)
            _send(event, person, letter)
    except IntegrityError as error:
        if constraint_of(error) != "a_person_is_told_of_an_event_once":
            raise
        return True
    except OSError as refused:
        with transaction.atomic(durable=True):
            _log(event, person, letter, at=at, reason=f"{type(refused).__name__}: {refused}"[:400])
        return False
    return True


def _log(event: Event, person: User, letter: Letter, *, at: datetime, reason: str = "") -> None:
    Mail.objects.create(
        event=event,
        person=person,
        address=person.email,
        subject=letter.subject[:200],
        outcome=Outcome.REFUSED if reason else Outcome.SENT,
        reason=reason,
        tried_at=at,
    )


def _send(event: Event, person: User, letter: Letter) -> None:
    with translation.override(person.language):
        context = {"letter": letter, "person": person, "fund_name": settings.FUND_NAME, "language": person.language}
        text = render_to_string("emails/notice.txt", context)
        page = render_to_string("emails/notice.html", context)
    sender = settings.DEFAULT_FROM_EMAIL
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=text,
        from_email=formataddr((f"{letter.signature}, {settings.FUND_NAME}", sender)) if letter.signature else sender,
        to=[person.email],
        # The same for every try: if a worker died between the server's yes and our own, the mailbox sees one letter.
        headers={"Message-ID": f"<event-{event.pk}-{person.pk}@{sender.rpartition('@')[2]}>"},
    )
    message.attach_alternative(page, "text/html")
    message.send()


@transaction.atomic(durable=True)
def _mark_announced(event: Event, at: datetime) -> None:
    Announcement.objects.bulk_create([Announcement(event=event, announced_at=at)], ignore_conflicts=True)
