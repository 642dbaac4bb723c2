"""Events as the outbox, and references without gaps, under several sessions at once."""

import threading
from datetime import date, timedelta

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from tests import people
from trustfund.core import events
from trustfund.core.db import append_only, constraint_of, require_transaction
from trustfund.core.models import Announcement, Counter, Event
from trustfund.core.numbering import next_reference

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2026, 7, 17)


def in_threads(count, work):
    """Run `work(number)` in so many threads at once and return what each answered or raised."""
    answers = [None] * count
    start = threading.Barrier(count)

    def run(number):
        start.wait(10)
        try:
            answers[number] = work(number)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            answers[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def test_an_event_stands_with_what_it_records_and_falls_with_it():
    person = people.someone()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        events.record("pledge.signed", about=person.id, by=person, at=people.NOON)
        _ = 1 // 0
    assert Event.objects.count() == 0
    with transaction.atomic():
        events.record("pledge.signed", about=person.id, by=person, at=people.NOON, reference="PL-2026-001")
    event = Event.objects.get()
    assert (event.kind, event.by, event.at, event.facts) == (
        "pledge.signed",
        person,
        people.NOON,
        {"reference": "PL-2026-001"},
    )


def test_nothing_is_recorded_outside_an_operation():
    person = people.someone()
    with pytest.raises(RuntimeError):
        events.record("pledge.signed", about=person.id, by=person, at=people.NOON)
    with pytest.raises(RuntimeError):
        require_transaction()
    with pytest.raises(RuntimeError):
        next_reference("PL", DAY)


@pytest.mark.parametrize("kind", ["pledge", "Pledge.signed", "pledge signed", "pledge.signed.twice", ""])
def test_an_event_is_a_noun_and_a_past_participle(kind):
    person = people.someone()
    with pytest.raises((IntegrityError, DataError)) as refused, transaction.atomic():
        events.record(kind, about=person.id, by=person, at=people.NOON)
    assert constraint_of(refused.value) == "an_event_is_a_noun_and_a_past_participle"


def test_a_broker_that_is_down_changes_nothing(monkeypatch, caplog):
    from celery import current_app
    from kombu import pools

    person = people.someone()
    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(current_app.amqp, "_producer_pool", None)
    pools.reset()
    with transaction.atomic():
        events.record("pledge.signed", about=person.id, by=person, at=people.NOON)
    pools.reset()
    assert "was not announced at once" in caplog.text
    assert list(events.unannounced(people.NOON + timedelta(minutes=1))) == [Event.objects.get().pk]


def test_the_outbox_holds_what_nobody_was_told_of_oldest_first():
    person = people.someone()
    with transaction.atomic():
        first, second, third = (
            events.record("pledge.signed", about=person.id, by=person, at=people.NOON + timedelta(minutes=number))
            for number in range(3)
        )
    Announcement.objects.create(event=first, announced_at=people.NOON)
    assert list(events.unannounced(people.NOON + timedelta(hours=1))) == [second.pk, third.pk]
    assert list(events.unannounced(people.NOON + timedelta(minutes=2))) == [second.pk]
    with pytest.raises(IntegrityError), transaction.atomic():
        Announcement.objects.create(event=first, announced_at=people.NOON)


def test_a_record_is_read_latest_first():
    person, other = people.someone(), people.someone()
    with transaction.atomic():
        for number, about in enumerate((person, other, person)):
            events.record("pledge.signed", about=about.id, by=person, at=people.NOON + timedelta(days=number))
    assert [event.at.day for event in events.about(person.id)] == [19, 17]
    assert [event.at.day for event in events.about(person.id, other.id)] == [19, 18, 17]


def test_references_count_up_by_series_and_year():
    with transaction.atomic():
        given = [
            next_reference("PL", DAY),
            next_reference("PL", DAY),
            next_reference("R", DAY, digits=4),
            next_reference("PL", date(2027, 1, 1)),
            next_reference("PL", DAY),
        ]
    assert given == ["PL-2026-001", "PL-2026-002", "R-2026-0001", "PL-2027-001", "PL-2026-003"]


def test_a_number_given_back_is_given_again():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        next_reference("PL", DAY)
        _ = 1 // 0
    with transaction.atomic():
        assert next_reference("PL", DAY) == "PL-2026-001"


@pytest.mark.parametrize("round_", range(5))
def test_references_have_no_gaps_and_no_doubles_when_many_ask_at_once(round_):
    def work(number):
        with transaction.atomic():
            reference = next_reference("PL", DAY)
            if number % 3 == 0:
                raise LookupError(reference)
        return reference

    answers = in_threads(9, work)
    kept = sorted(answer for answer in answers if isinstance(answer, str))
    assert sum(isinstance(answer, LookupError) for answer in answers) == 3
    assert kept == [f"PL-2026-{number:03d}" for number in range(1, 7)]
    assert Counter.objects.get(series="PL", year=2026).last == 6


@pytest.mark.parametrize("name", ["core_event; DROP TABLE core_user", "Core_Event", "", "core event", "1core"])
def test_a_table_that_grows_only_has_a_plain_name(name):
    with pytest.raises(ValueError, match="not a plain table name"):
        append_only(name)


@pytest.mark.parametrize("table", ["core_event", "core_announcement", "core_confirmation", "core_forbiddenpair"])
def test_the_application_may_not_even_try_to_change_history(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT may, has_table_privilege('trustfund_app', %s, may) FROM unnest(%s) AS may",
            [table, ["INSERT", "UPDATE", "DELETE", "TRUNCATE"]],
        )
        assert dict(cursor.fetchall()) == {"INSERT": True, "UPDATE": False, "DELETE": False, "TRUNCATE": False}
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("trustfund_app",)
