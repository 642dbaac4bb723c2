"""Which instalments are due, called, reminded of or quiet, and what the timetable has to do today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from donors import reminding
from donors.models import Call, Donor, Instalment, Pledge, Quiet, Reminder, Representative
from donors.queries.parties import donors_visible_to
from donors.queries.standing import lacking_instalments
from trustfund.core.models import User
from trustfund.core.money import Money


@dataclass(frozen=True)
class DueRow:
    """An instalment that lacks something, with its latest call and the steps taken."""

    instalment: Instalment
    lacking: Money
    call: Call | None
    reminders: tuple[Reminder, ...]
    on: date

    @property
    def is_late(self) -> bool:
        """Whether its due day is over."""
        return self.instalment.due_on < self.on

    @property
    def is_called(self) -> bool:
        """Whether what it lacks is called as it stands."""
        return self.call is not None and not self.call.is_withdrawn and self.call.amount == self.lacking

    @property
    def last_sent(self) -> Reminder | None:
        """The reminder that was sent last."""
        sent = [reminder for reminder in self.reminders if reminder.is_sent]
        return sent[-1] if sent else None

    @property
    def next_on(self) -> date | None:
        """The day of the reminder that comes next."""
        taken = {reminder.step for reminder in self.reminders}
        return reminding.next_step_on(self.instalment.due_on, self.on, taken)


def due_rows(on: date, *, within_days: int, most: int | None, of: Donor | None = None) -> list[DueRow]:
    """Return what is late or falls due within some days, earliest first, in a bounded number of questions."""
    found = lacking_instalments(on).filter(due_on__lte=on + timedelta(days=within_days))
    if of is not None:
        found = found.filter(pledge__donor=of)
    found = found.prefetch_related(
        Prefetch("calls", Call.objects.select_related("withdrawal").order_by("version")),
        Prefetch("reminders", Reminder.objects.order_by("step")),
    )
    return [_due_row(part, on) for part in found[:most]]


def _due_row(part: Instalment, on: date) -> DueRow:
    calls = list(part.calls.all())
    return DueRow(
        instalment=part,
        lacking=part.lacking,
        call=calls[-1] if calls else None,
        reminders=tuple(part.reminders.all()),
        on=on,
    )


def uncalled_count(on: date, within_days: int) -> int:
    """Return how many instalments are late or fall due within some days and of which no call stands."""
    called = calls_that_stand().filter(instalment=OuterRef("pk"))
    soon = lacking_instalments(on).filter(due_on__lte=on + timedelta(days=within_days))
    return soon.exclude(Exists(called)).count()


def steps_to_take(on: date) -> list[tuple[int, int]]:
    """Return the instalments of which a step applies on a day and was not taken, each with that step."""
    found: list[tuple[int, int]] = []
    lacking = lacking_instalments(on).order_by("pk")
    for step in reminding.STEPS:
        first, last = reminding.due_days_of(step, on)
        window = Q(due_on__lte=last) & (Q() if first is None else Q(due_on__gte=first))
        taken = Reminder.objects.filter(instalment=OuterRef("pk"), step=step)
        ids = lacking.filter(window).exclude(Exists(taken)).values_list("pk", flat=True)
        found += [(pk, step) for pk in ids]
    return found


def calls_visible_to(user: User) -> QuerySet[Call]:
    """Return the calls a person may open, latest first."""
    return (
        Call.objects.filter(instalment__pledge__donor__in=donors_visible_to(user))
        .select_related(
            "instalment__pledge__donor", "instalment__pledge__agreement", "issued_by", "withdrawal__withdrawn_by"
        )
        .order_by("-issued_at", "-version")
    )


def latest_call_of(instalment: Instalment) -> Call | None:
    """Return the latest version of an instalment's call, withdrawn or not."""
    return Call.objects.filter(instalment=instalment).select_related("withdrawal").order_by("-version").first()


def calls_that_stand() -> QuerySet[Call]:
    """Return the calls that count: the latest of each instalment, if it was not withdrawn."""
    later = Call.objects.filter(instalment=OuterRef("instalment"), version__gt=OuterRef("version"))
    return Call.objects.filter(~Exists(later), withdrawal=None)


def is_called(pledge: Pledge) -> bool:
    """Return whether a part of a pledge is called."""
    return calls_that_stand().filter(instalment__pledge=pledge).exists()


# --- who is not reminded --------------------------------------------------------------------------------------------


def quiets_of(donor: Donor, on: date) -> list[Quiet]:
    """Return what holds on a day: for the whole donor, or for one person who speaks for it."""
    open_ones = donor.quiets.filter(ended_at=None).select_related("person", "asked_by").order_by("asked_at")
    return [quiet for quiet in open_ones if quiet.holds_on(on)]


def people_to_remind(donor: Donor, on: date) -> list[User]:
    """Return who is reminded for a donor on a day: who speaks for it, less whoever asked not to be; nobody seconded."""
    quiets = quiets_of(donor, on)
    if any(quiet.person is None for quiet in quiets):
        return []
    left_alone = {quiet.person_id for quiet in quiets}
    speaking = Representative.objects.filter(
        donor=donor, ended_at=None, person__is_active=True, person__is_seconded=False
    ).select_related("person")
    return [one.person for one in speaking.order_by("appointed_at", "pk") if one.person_id not in left_alone]


def reminders_of(donor: Donor) -> QuerySet[Reminder]:
    """Return the steps taken of a donor's instalments, latest first."""
    return (
        Reminder.objects.filter(instalment__pledge__donor=donor)
        .select_related("instalment__pledge", "event")
        .order_by("-taken_at", "-step")
    )


def escalated(on: date, most: int) -> list[tuple[Instalment, Money]]:
    """Return the instalments that the committee was told of and that still lack something, longest overdue first."""
    told = Reminder.objects.filter(instalment=OuterRef("pk"), step=reminding.ESCALATION, passed="")
    found = lacking_instalments(on).filter(Exists(told)).order_by("due_on", "pk")[:most]
    return [(part, part.lacking) for part in found]


def instalments_to_call(rows: Iterable[DueRow]) -> list[DueRow]:
    """Return the rows of which nothing, or less or more than they lack, is called."""
    return [row for row in rows if not row.is_called]
