"""Reminders: each step once whatever fails, the quiet list, and what PostgreSQL keeps of calls and reminders."""

import threading
from datetime import date, datetime, timedelta
from typing import Any

import psycopg2
import pytest
from django.core import mail
from django.db import connection

from donors import operations
from donors.models import Passed, Pledge, Quiet, Reminder
from tests import donor_worlds, people
from tests.call_worlds import DUE, a_pledge, announce_all, issue, on, paid, remind, taken
from trustfund.core.models import Announcement, Event, User
from trustfund.core.refusals import AlreadyDone, Missing, NotPermitted, Unacceptable, WrongState
from trustfund.core.roles import RoleName
from trustfund.notices import operations as notices
from trustfund.notices.models import Mail, Outcome

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_clock_walks_across_every_step_and_each_is_told_once():
    pledge, person = a_pledge()
    chair = people.someone(RoleName.CHAIR)
    around = (-62, -61, -60, -59, -31, -30, -29, -8, -7, -6, -1, 0, 1, 6, 7, 8, 29, 30, 31, 89, 90, 91, 94)
    for offset in around:
        remind(on(offset))
        announce_all(on(offset))
    assert taken() == [(step, "") for step in (-60, -30, -7, 0, 7, 30, 90)]
    to_donor = [letter.subject for letter in mail.outbox if letter.to == [person.email]]
    start = f"{pledge.reference}: instalment 1 "
    assert to_donor == [
        f"{start}falls due in 60 days, on 30 September 2026",
        f"{start}falls due in 30 days, on 30 September 2026",
        f"{start}falls due in 7 days, on 30 September 2026",
        f"{start}falls due today, 30 September 2026",
        f"{start}fell due 7 days ago, on 30 September 2026",
        f"{start}fell due 30 days ago, on 30 September 2026",
    ]
    others = {letter.to[0]: letter.subject for letter in mail.outbox if letter.to != [person.email]}
    assert others[chair.email] == f"{start}fell due 90 days ago, on 30 September 2026"
    for letter in mail.outbox:
        assert "1,000" not in letter.subject + letter.body
        assert letter.body.count("http") == 1
        assert "The secretariat" in letter.body
    assert Mail.objects.filter(outcome=Outcome.SENT).count() == len(mail.outbox)


def test_run_twice_and_again_nothing_is_told_twice():
    a_pledge()
    for _run in range(3):
        remind(on(-30))
        announce_all(on(-30))
    assert len(mail.outbox) == 1
    assert taken() == [(-60, "later"), (-30, "")]


def test_five_workers_at_once_take_a_step_once():
    for _ in range(3):
        a_pledge()
    start = threading.Barrier(5)

    def work() -> None:
        try:
            start.wait(10)
            remind(on(-7))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert Reminder.objects.filter(step=-7, passed="").count() == 3
    assert Event.objects.filter(kind="instalment.reminded").count() == 3


def test_a_worker_killed_before_its_commit_has_done_nothing_and_the_next_run_makes_up_for_it(monkeypatch):
    a_pledge()
    a_pledge()
    real = Reminder.objects.create
    calls = []

    def dies(**given: Any) -> Any:
        calls.append(given)
        if len(calls) == 1:
            raise SystemExit("killed")
        return real(**given)

    monkeypatch.setattr(Reminder.objects, "create", dies)
    with pytest.raises(SystemExit):
        remind(on(0))
    assert (Reminder.objects.count(), Event.objects.filter(kind="instalment.reminded").count()) == (0, 0)
    remind(on(0))
    assert Reminder.objects.filter(step=0, passed="").count() == 2


def test_one_that_fails_keeps_no_other_from_being_told(monkeypatch, caplog):
    first, _person = a_pledge()
    a_pledge()
    broken = first.instalments.get().pk
    real = operations.take_step

    def sometimes(*, instalment_id: int, step: int, at: datetime) -> Reminder:
        if instalment_id == broken:
            raise RuntimeError("the disk is full")
        return real(instalment_id=instalment_id, step=step, at=at)

    monkeypatch.setattr(operations, "take_step", sometimes)
    remind(on(0))
    assert Reminder.objects.filter(step=0).count() == 1
    assert "the next run tries again" in caplog.text
    monkeypatch.undo()
    remind(on(0))
    assert Reminder.objects.filter(step=0).count() == 2


def test_a_mail_server_that_is_down_for_days_loses_no_reminder_and_sends_it_once(settings):
    _pledge, person = a_pledge()
    remind(on(0))
    (event,) = Event.objects.filter(kind="instalment.reminded")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert notices.announce(event_id=event.pk, at=on(0)) is False
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert notices.announce(event_id=event.pk, at=on(5)) is True
    assert notices.announce(event_id=event.pk, at=on(5)) is True
    (letter,) = mail.outbox
    assert letter.to == [person.email]
    assert letter.extra_headers["Message-ID"].startswith(f"<event-{event.pk}-")
    assert list(Mail.objects.order_by("pk").values_list("outcome", flat=True)) == ["refused", "sent"]


def test_money_that_comes_before_the_letter_makes_it_needless():
    pledge, _person = a_pledge()
    remind(on(-60))
    donor_worlds.a_receipt(pledge, "1000.00", on=date(2026, 7, 1))
    announce_all(on(-60))
    assert mail.outbox == []
    assert Announcement.objects.filter(event__kind="instalment.reminded").count() == 1
    remind(on(-30))
    assert taken() == [(-60, "")]


def test_a_step_is_refused_out_of_its_time_or_when_nothing_is_lacking():
    pledge, _person = a_pledge()
    part = pledge.instalments.get().pk
    for step, at, refusal in ((0, on(-1), WrongState), (-30, on(0), WrongState), (5, on(5), WrongState)):
        with pytest.raises(refusal):
            operations.take_step(instalment_id=part, step=step, at=at)
    operations.take_step(instalment_id=part, step=0, at=on(0))
    with pytest.raises(AlreadyDone):
        operations.take_step(instalment_id=part, step=0, at=on(0))
    with pytest.raises(WrongState):
        operations.take_step(instalment_id=paid().instalments.get().pk, step=0, at=on(0))


def test_nobody_who_speaks_for_the_donor_is_recorded_and_the_committee_is_told_all_the_same():
    people.someone(RoleName.COMMITTEE_MEMBER)
    donor_worlds.a_signed_pledge("1000.00", "USD", years=1, first_due=DUE)
    remind(on(30))
    remind(on(95))
    assert taken() == [*((step, "later") for step in (-60, -30, -7, 0, 7)), (30, "nobody"), (90, "")]


# --- the quiet list -------------------------------------------------------------------------------------------------


def quiet(pledge: Pledge, person: User | None = None, **other: Any) -> Quiet:
    given = {
        "donor_id": pledge.donor_id,
        "person_id": person and person.pk,
        "until": None,
        "reason": "They asked on the phone.",
        "actor": donor_worlds.secretariat(),
        "at": on(-90),
    }
    return operations.keep_quiet(**given | other)


def test_a_donor_that_asked_to_be_left_alone_is_not_reminded_until_the_day():
    pledge, _person = a_pledge()
    quiet(pledge, until=DUE - timedelta(days=20))
    remind(on(-60))
    remind(on(-30))
    remind(on(-7))
    announce_all(on(-7))
    assert taken() == [(-60, "quiet"), (-30, "quiet"), (-7, "")]
    assert len(mail.outbox) == 1


def test_one_person_is_left_alone_and_another_who_speaks_for_the_donor_is_told():
    pledge, person = a_pledge()
    other = donor_worlds.a_representative(pledge.donor)
    entry = quiet(pledge, person, actor=person)
    remind(on(-60))
    announce_all(on(-60))
    assert [letter.to for letter in mail.outbox] == [[other.email]]
    operations.end_quiet(quiet_id=entry.pk, actor=person, at=on(-50))
    remind(on(-30))
    announce_all(on(-30))
    assert sorted(letter.to[0] for letter in mail.outbox[1:]) == sorted([other.email, person.email])
    with pytest.raises(WrongState):
        operations.end_quiet(quiet_id=entry.pk, actor=person, at=on(-20))


def test_being_left_alone_keeps_back_no_receipt_no_call_and_no_committee():
    pledge, person = a_pledge()
    people.someone(RoleName.CHAIR)
    quiet(pledge)
    call = issue(pledge)
    notices.announce(event_id=Event.objects.get(kind="call.issued", about=call.pk).pk, at=on(-50))
    assert [letter.to for letter in mail.outbox] == [[person.email]]
    remind(on(90))
    assert Reminder.objects.get(step=90).passed == Passed.SENT


NOT_QUIET = [
    (lambda pledge, person: {"reason": " "}, Unacceptable, "why"),
    (lambda pledge, person: {"until": date(2026, 1, 1)}, Unacceptable, "day ahead"),
    (lambda pledge, person: {"actor": people.someone(RoleName.AUDITOR)}, NotPermitted, "Only the secretariat"),
    (lambda pledge, person: {"actor": person}, NotPermitted, "reminders to yourself"),
    (
        lambda pledge, person: {"actor": donor_worlds.a_representative(donor_worlds.a_donor())},
        NotPermitted,
        "Only the secretariat",
    ),
    (lambda pledge, person: {"person_id": people.someone().pk}, Missing, "does not speak"),
]


@pytest.mark.parametrize(("spoil", "refusal", "words"), NOT_QUIET)
def test_a_wish_to_be_left_alone_that_cannot_be_is_refused(spoil, refusal, words):
    pledge, person = a_pledge()
    with pytest.raises(refusal, match=words):
        quiet(pledge, **spoil(pledge, person))
    assert Quiet.objects.count() == 0


def test_the_same_is_asked_once():
    pledge, _person = a_pledge()
    quiet(pledge)
    with pytest.raises(AlreadyDone):
        quiet(pledge)


# --- PostgreSQL -----------------------------------------------------------------------------------------------------

AROUND = [
    ("UPDATE donors_reminder SET step = 7", "TF001"),
    ("DELETE FROM donors_reminder", "TF001"),
    ("UPDATE donors_call SET minor = 1", "TF001"),
    ("DELETE FROM donors_quiet", "TF001"),
    ("UPDATE donors_quiet SET reason = 'x'", "a_quiet_stands"),
    (
        (
            "INSERT INTO donors_reminder SELECT gen_random_uuid(), step, 'later', taken_at, NULL, instalment_id "
            "FROM donors_reminder"
        ),
        "a_step_of_an_instalment_is_taken_once",
    ),
    (
        (
            "INSERT INTO donors_reminder SELECT gen_random_uuid(), 5, 'later', taken_at, NULL, instalment_id "
            "FROM donors_reminder"
        ),
        "a_reminder_is_one_of_the_steps",
    ),
    (
        (
            "INSERT INTO donors_reminder SELECT gen_random_uuid(), 7, '', taken_at, NULL, instalment_id "
            "FROM donors_reminder"
        ),
        "a_reminder_is_sent_by_its_event",
    ),
]


@pytest.mark.parametrize(("change", "rule"), AROUND)
def test_postgresql_keeps_calls_reminders_and_the_quiet_list(superuser, change, rule):
    pledge, person = a_pledge()
    issue(pledge)
    quiet(pledge, person, actor=person)
    remind(on(-60))
    with pytest.raises(psycopg2.DatabaseError) as refused, superuser.cursor() as cursor:
        columns = "(id, step, passed, taken_at, event_id, instalment_id)"
        cursor.execute(change.replace("INTO donors_reminder SELECT", f"INTO donors_reminder {columns} SELECT"))
    assert rule in {refused.value.pgcode, refused.value.diag.constraint_name}
