"""Reminding donors of instalments, each step once, and leaving alone those who asked for it."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from donors import locks, permissions, queries, reminding, states
from donors.models import Instalment, Passed, Quiet, Reminder
from donors.states import Status
from trustfund.core import events
from trustfund.core.models import Event, User
from trustfund.core.refusals import AlreadyDone, Missing, Unacceptable, WrongState


@transaction.atomic(durable=True)
def take_step(*, instalment_id: int, step: int, at: datetime) -> Reminder:
    """
    Take a step of an instalment, as the timetable does: remind the donor, or tell the committee.

    The step's row and its event are written together or not at all, and the event is the outbox: whoever is killed
    before the commit has done nothing, and whoever comes after it finds the step taken. Steps that were missed are
    passed over, so that only the latest is told.

    :raises Missing: if there is no such instalment
    :raises WrongState: if another step applies today, or nothing is lacking any more
    :raises AlreadyDone: if the step was taken
    """
    instalment = locks.instalment(instalment_id)
    today = at.date()
    taken = set(instalment.reminders.values_list("step", flat=True))
    if step in taken:
        raise AlreadyDone(_("This step was taken already."))
    if reminding.step_on(instalment.due_on, today) != step:
        raise WrongState(_("Another step applies to this instalment today."))
    lacking = dict(queries.unpaid_instalments(instalment.pledge)).get(instalment)
    if not lacking or Status(instalment.pledge.status) not in states.OPEN:
        raise WrongState(_("This instalment lacks nothing that can be asked for."))

    missed = reminding.passed_over(instalment.due_on, today, taken)
    Reminder.objects.bulk_create(
        Reminder(instalment=instalment, step=one, passed=Passed.LATER, taken_at=at) for one in missed
    )
    if step == reminding.ESCALATION:
        return _tell("instalment.escalated", instalment, step, at)
    donor = instalment.pledge.donor
    if any(quiet.person is None for quiet in queries.quiets_of(donor, today)):
        return _pass_over(instalment, step, Passed.QUIET, at)
    if not queries.people_to_remind(donor, today):
        return _pass_over(instalment, step, Passed.NOBODY, at)
    return _tell("instalment.reminded", instalment, step, at)


def _pass_over(instalment: Instalment, step: int, why: Passed, at: datetime) -> Reminder:
    return Reminder.objects.create(instalment=instalment, step=step, passed=why, taken_at=at)


def _tell(kind: str, instalment: Instalment, step: int, at: datetime) -> Reminder:
    event: Event = events.record(
        kind,
        about=instalment.pledge_id,
        by=None,
        at=at,
        reference=instalment.pledge.reference,
        instalment=instalment.number,
        due_on=instalment.due_on.isoformat(),
        step=step,
    )
    return Reminder.objects.create(instalment=instalment, step=step, event=event, taken_at=at)


@transaction.atomic(durable=True)
def keep_quiet(
    *, donor_id: UUID, person_id: UUID | None, until: date | None, reason: str, actor: User, at: datetime
) -> Quiet:
    """
    Let a donor, or one person who speaks for it, not be reminded: until a day, or until it is ended.

    Receipts, calls and everything about security are written as before; only reminders stay away.

    :param person_id: who is left alone; nobody named means the whole donor
    :raises Missing: if there is no such donor, or the person does not speak for it
    :raises NotPermitted: if the actor is not of the secretariat, nor a representative who means themselves
    :raises Unacceptable: if no reason is given, or the day is not ahead
    :raises AlreadyDone: if the same is left alone already
    """
    donor = locks.donor(donor_id)
    person = None if person_id is None else User.objects.filter(pk=person_id).first()
    permissions.may_keep_quiet(actor, donor, person).enforce()
    if person_id is not None and not donor.representatives.filter(person_id=person_id, ended_at=None).exists():
        raise Missing(_("This person does not speak for the donor. Choose one who does."))
    reason = reason.strip()
    if not reason:
        raise Unacceptable(_("Write why no reminders are sent, for the record."))
    if until is not None and until <= at.date():
        raise Unacceptable(_("A pause ends on a day ahead. Leave it empty for no end."))
    if any(quiet.person_id == (person and person.pk) for quiet in queries.quiets_of(donor, at.date())):
        raise AlreadyDone(_("No reminders are sent there already. End that entry first."))

    quiet = Quiet.objects.create(donor=donor, person=person, until=until, reason=reason, asked_by=actor, asked_at=at)
    events.record(
        "quiet.asked_for",
        about=donor.id,
        by=actor,
        at=at,
        name=person.name if person else donor.name,
        until=until.isoformat() if until else "",
        reason=reason,
    )
    return quiet


@transaction.atomic(durable=True)
def end_quiet(*, quiet_id: UUID, actor: User, at: datetime) -> Quiet:
    """
    Let reminders be sent again from now on.

    :raises Missing: if there is no such entry
    :raises NotPermitted: if the actor is not of the secretariat, nor the person it is about
    :raises WrongState: if it was ended already
    """
    quiet = locks.quiet(quiet_id)
    permissions.may_keep_quiet(actor, quiet.donor, quiet.person).enforce()
    if quiet.ended_at is not None:
        raise WrongState(_("Reminders are sent there already. Reload the page."))
    quiet.mark_ended(by=actor, at=at)
    events.record("quiet.ended", about=quiet.donor_id, by=actor, at=at)
    return quiet
