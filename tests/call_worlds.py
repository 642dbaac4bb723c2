"""Pledges that are due, the calls for them, and the steps that the clock takes before and after."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from donors import operations, tasks
from donors.models import Call, Pledge, Reminder
from tests import donor_worlds
from trustfund.core import clock
from trustfund.core.models import Event, User
from trustfund.notices import operations as notices

DUE = date(2026, 9, 30)


def on(offset: int, due: date = DUE) -> datetime:
    """Return noon of a day so many days from the due day."""
    return datetime.combine(due + timedelta(days=offset), datetime.min.time(), UTC) + timedelta(hours=12)


def a_pledge(*, years: int = 1, due: date = DUE, language: str = "en") -> tuple[Pledge, User]:
    """Return a pledge of USD 1,000 a year, the first part due on the day, and who speaks for its donor."""
    donor = donor_worlds.a_donor()
    person = donor_worlds.a_representative(donor)
    User.objects.filter(pk=person.pk).update(language=language)
    return donor_worlds.a_signed_pledge(f"{years}000.00", "USD", donor=donor, years=years, first_due=due), person


def remind(at: datetime) -> None:
    with clock.moved_to(at):
        tasks.remind()


def announce_all(at: datetime) -> None:
    for event in Event.objects.filter(kind__startswith="instalment.", announcement=None).order_by("pk"):
        notices.announce(event_id=event.pk, at=at)


def taken() -> list[tuple[int, str]]:
    return list(Reminder.objects.order_by("step").values_list("step", "passed"))


# --- calls ----------------------------------------------------------------------------------------------------------


def issue(pledge: Pledge, number: int = 1, **other: Any) -> Call:
    given = {
        "instalment_id": pledge.instalments.get(number=number).pk,
        "actor": donor_worlds.secretariat(),
        "at": on(-50),
    }
    return operations.issue_call(**given | other)


def paid() -> Pledge:
    pledge, _person = a_pledge()
    donor_worlds.a_receipt(pledge, "1000.00", on=date(2026, 7, 1))
    return pledge
