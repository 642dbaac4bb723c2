"""Reminding members of a vote before it closes, step by step."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from committee import locks, queries
from committee.models import VoteReminder
from committee.rules import reminding
from trustfund.core import events
from trustfund.core.refusals import AlreadyDone, WrongState


@transaction.atomic(durable=True)
def remind_of_vote(*, motion_id: UUID, step: int, at: datetime) -> VoteReminder:
    """
    Take a step before the close of a vote, as the timetable does: remind who has not voted.

    The step's row and its event are written together or not at all, and the event is the outbox: whoever is killed
    before the commit has done nothing, and whoever comes after it finds the step taken. A step that was missed is
    passed over, so that only the latest is told.

    :raises Missing: if there is no such motion
    :raises WrongState: if another step applies now, or no votes are taken
    :raises AlreadyDone: if the step was taken
    """
    motion = locks.motion(motion_id)
    taken = set(motion.reminders.values_list("step", flat=True))
    if step in taken:
        raise AlreadyDone(_("Members were reminded of this already."))
    if not motion.takes_votes or reminding.step_at(motion.opened_at, motion.closes_at, at) != step:
        raise WrongState(_("Nobody is to be reminded of this motion now."))
    missed = reminding.passed_over(motion.opened_at, motion.closes_at, step, taken)
    VoteReminder.objects.bulk_create(VoteReminder(motion=motion, step=one, taken_at=at) for one in missed)
    awaited = queries.room_of(motion, at).awaited
    event = None
    if awaited:
        event = events.record(
            "motion.closes_soon",
            about=motion.id,
            by=None,
            at=at,
            reference=motion.reference,
            closes_at=motion.closes_at.isoformat(),
            step=step,
            people=[str(person.pk) for person in awaited],
        )
    return VoteReminder.objects.create(motion=motion, step=step, event=event, taken_at=at)
