"""Everybody whom an event concerns is told once, whatever the broker and the mail server do."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse

from assurance import operations as assurance_operations
from assurance.kinds import Kind
from tests import donor_worlds, people, statements_world
from trustfund.core import clock, events
from trustfund.core.models import Announcement, Event, User
from trustfund.core.roles import RoleName
from trustfund.notices import operations, queries, tasks
from trustfund.notices.models import Mail, Outcome
from trustfund.notices.table import TABLE

pytestmark = pytest.mark.django_db(transaction=True)
SOON = people.NOON + timedelta(seconds=61)


def happened(kind: str, *, about: Any = None, by: User | None = None, at: Any = people.NOON, **facts: Any) -> Event:
    with transaction.atomic():
        return events.record(kind, about=about or donor_worlds.secretariat().pk, by=by, at=at, **facts)


def test_a_person_is_told_once_with_one_link_and_no_amount_in_the_subject() -> None:
    auditor = people.someone(RoleName.AUDITOR)
    statements_world.a_fund()
    asked = assurance_operations.request_statement(
        kind=Kind.SOURCES_AND_USES, as_of=statements_world.END_OF_JUNE, donor_id=None, actor=auditor, at=people.NOON
    )
    event = happened("statement.issued", about=asked.pk, reference=asked.number)
    tasks_ran_twice = [operations.announce(event_id=event.pk, at=SOON) for _ in range(2)]
    assert tasks_ran_twice == [True, True]
    (letter,) = mail.outbox
    assert letter.to == [auditor.email]
    assert letter.subject == f"Statement {asked.number} is ready"
    link = f"http://localhost:8000{reverse('assurance:statement', args=[asked.pk])}"
    assert letter.body.count("http") == 1
    assert link in letter.body
    assert Announcement.objects.filter(event=event).count() == 1
    (logged,) = Mail.objects.all()
    assert (logged.person, logged.outcome, logged.subject) == (auditor, Outcome.SENT, letter.subject)


def test_a_deadline_is_said_with_its_time_zone() -> None:
    member = people.someone(RoleName.COMMITTEE_MEMBER)
    event = happened("motion.opened", reference="DP-2026-014", closes_at=(people.NOON + timedelta(days=4)).isoformat())
    operations.announce(event_id=event.pk, at=SOON)
    (letter,) = mail.outbox
    assert letter.to == [member.email]
    assert letter.subject == "DP-2026-014 is open for voting"
    assert "Deadline: 21 July 2026, 12:00 UTC" in letter.body


def test_who_did_it_is_not_told_what_they_did_unless_it_is_their_receipt() -> None:
    chair = people.someone(RoleName.CHAIR)
    member = people.someone(RoleName.COMMITTEE_MEMBER)
    operations.announce(event_id=happened("motion.opened", by=chair, reference="DP-1", closes_at="").pk, at=SOON)
    operations.announce(event_id=happened("ballot.cast", by=member, motion="DP-1").pk, at=SOON)
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [
        ([member.email], "DP-1 is open for voting"),
        ([member.email], "Your vote on DP-1 is recorded"),
    ]


def test_a_donors_receipt_goes_to_that_donor_and_not_to_seconded_staff() -> None:
    pledge = donor_worlds.a_signed_pledge("1000.00", "USD", years=1)
    mine = donor_worlds.a_representative(pledge.donor)
    donor_worlds.a_representative(donor_worlds.a_donor())
    seconded = donor_worlds.a_representative(pledge.donor)
    User.objects.filter(pk=seconded.pk).update(is_seconded=True)
    receipt = donor_worlds.a_receipt(pledge, "1000.00")
    event = Event.objects.get(kind="receipt.recorded", about=receipt.pk)
    operations.announce(event_id=event.pk, at=SOON)
    assert [letter.to for letter in mail.outbox] == [[mine.email]]
    assert "1,000" not in mail.outbox[0].subject


def test_a_mail_server_that_refuses_undoes_nothing_and_is_tried_again(settings: Any) -> None:
    people.someone(RoleName.AUDITOR)
    event = happened("statement.found_altered", reference="ST-2026-0001")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert operations.announce(event_id=event.pk, at=SOON) is False
    assert not Announcement.objects.filter(event=event).exists()
    assert Event.objects.filter(pk=event.pk).exists()
    (refused,) = Mail.objects.all()
    assert refused.outcome == Outcome.REFUSED
    assert refused.reason.startswith("ConnectionRefusedError")
    # Not again within the minute, and then with the server back.
    assert operations.announce(event_id=event.pk, at=SOON + timedelta(seconds=30)) is False
    assert Mail.objects.count() == 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with clock.moved_to(SOON + timedelta(seconds=61)):
        tasks.announce_missed()
    assert Announcement.objects.filter(event=event).exists()
    assert len(mail.outbox) == 1


def test_waits_double_up_to_six_hours(settings: Any) -> None:
    person = people.someone(RoleName.AUDITOR)
    event = happened("statement.found_altered", reference="ST-2026-0001")
    for number in range(12):
        Mail.objects.create(
            event=event,
            person=person,
            address=person.email,
            subject="x",
            outcome=Outcome.REFUSED,
            reason="full",
            tried_at=people.NOON + timedelta(minutes=number),
        )
    latest = people.NOON + timedelta(minutes=11)
    assert not queries.may_try(event, person, latest + timedelta(hours=6) - timedelta(seconds=1))
    assert queries.may_try(event, person, latest + timedelta(hours=6))


def test_what_was_missed_is_announced_by_beat_and_what_is_fresh_is_left_to_the_worker() -> None:
    people.someone(RoleName.CERTIFYING_OFFICER)
    event = happened("payment.prepared", reference="PAY-2026-0001")
    with clock.moved_to(people.NOON + timedelta(seconds=60)):
        tasks.announce_missed()
    assert not Announcement.objects.filter(event=event).exists()
    with clock.moved_to(SOON):
        tasks.announce_missed()
    assert Announcement.objects.filter(event=event).exists()
    assert [letter.subject for letter in mail.outbox] == ["PAY-2026-0001 waits for certification"]


def test_nobody_is_written_to_about_what_happened_long_ago() -> None:
    people.someone(RoleName.CERTIFYING_OFFICER)
    event = happened("payment.prepared", reference="PAY-2021-0001", at=people.NOON - timedelta(days=4))
    assert operations.announce(event_id=event.pk, at=people.NOON) is True
    assert mail.outbox == []


def test_an_event_that_concerns_nobody_is_announced_to_nobody() -> None:
    event = happened("rate.recorded")
    assert operations.announce(event_id=event.pk, at=SOON) is True
    assert mail.outbox == []


def test_an_event_that_is_not_there_is_no_fault() -> None:
    assert operations.announce(event_id=999_999, at=SOON) is False


@pytest.mark.parametrize("kind", sorted(TABLE))
def test_every_row_of_the_table_makes_a_letter_without_an_amount_in_its_subject(kind: Any) -> None:
    event = happened(
        kind, reference="REF-1", name="Someone", role="auditor", incident="ABCD1234", amount="USD 1,700,000.00"
    )
    letter = TABLE[kind].letter(event)
    assert letter.link.startswith("http://localhost:8000/")
    assert "%(" not in letter.subject + letter.text
    assert "USD" not in letter.subject


@pytest.mark.parametrize("change", ["UPDATE notices_mail SET reason = 'x'", "DELETE FROM notices_mail"])
def test_the_mail_log_only_grows(superuser: Any, change: Any) -> None:
    import psycopg2

    people.someone(RoleName.CERTIFYING_OFFICER)
    operations.announce(event_id=happened("payment.prepared", reference="PAY-1").pk, at=SOON)
    with pytest.raises(psycopg2.DatabaseError) as refused, superuser.cursor() as cursor:
        cursor.execute(change)
    assert refused.value.pgcode == "TF001"
