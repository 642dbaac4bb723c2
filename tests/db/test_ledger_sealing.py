"""Seals cover every entry once, stop nobody, leave every balance as it was, and show what is tampered with."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from psycopg2.extensions import make_dsn

from ledger import chart, demonstration_clock, operations, queries, tasks
from ledger.drafts import Draft, credit, debit
from ledger.models import Entry, Seal
from ledger.queries.rows import Taker, as_copy
from ledger.queries.verification import differences
from tests import people
from tests.conftest import superuser_connection
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db(transaction=True)

FIRST = date(2025, 12, 30)


def interest(number: int, on: date = FIRST, minor: int = 100) -> Draft:
    return Draft(
        kind="interest.received",
        reference=f"I-{number}",
        effective_on=on,
        memo="Zins für Zürich | 7",
        legs=(debit(chart.CASH, Money(minor, "USD")), credit(chart.FUND_INTEREST, Money(minor, "USD"))),
    )


@pytest.fixture
def officer(transactional_db: None) -> User:
    person = people.someone(RoleName.TREASURY_OFFICER)
    with transaction.atomic():
        operations.open_chart(by=person, at=people.NOON)
    return person


@pytest.fixture
def superuser(officer: User) -> Iterator[Any]:
    with contextlib.closing(superuser_connection()) as raw:
        yield raw


def post(officer: User, *drafts: Draft) -> None:
    for draft in drafts:
        with transaction.atomic():
            operations.post(draft, by=officer, at=people.NOON)


def days() -> list[date | None]:
    return [None, *(FIRST + timedelta(days=step) for step in range(-2, 70, 3))]


def balances() -> list[list[Money]]:
    return [[queries.balance_of(code, day) for day in days()] for code in (chart.CASH, chart.FUND_INTEREST)]


def test_sealing_changes_no_balance_and_covers_every_entry_once(officer: User) -> None:
    post(officer, *(interest(number, FIRST + timedelta(days=number * 5), number) for number in range(1, 11)))
    before = balances(), queries.trial_balance(date(2026, 1, 20)), queries.month_activity()
    assert [operations.seal_next(most=4) is not None for _ in range(4)] == [True, True, True, False]
    assert list(Seal.objects.order_by("n").values_list("n", "entries", "size")) == [(1, 4, 4), (2, 4, 8), (3, 2, 10)]
    covering = [queries.seal_of(entry) for entry in Entry.objects.order_by("id")]
    assert [seal.n for seal in covering if seal] == [1, 1, 1, 1, 2, 2, 2, 2, 3, 3]
    assert (balances(), queries.trial_balance(date(2026, 1, 20)), queries.month_activity()) == before
    post(officer, interest(11, FIRST, 7))
    assert queries.seal_of(Entry.objects.latest("id")) is None
    assert queries.balance_of(chart.CASH, FIRST) == Money(7, "USD")
    assert queries.balance_of(chart.CASH) == Money(62, "USD")
    assert list(differences()) == []


def test_a_transaction_is_never_split_between_seals(officer: User) -> None:
    post(officer, interest(0))
    with transaction.atomic():
        operations.post_many([interest(number) for number in range(1, 8)], by=officer, at=people.NOON)
    post(officer, interest(9))
    assert operations.seal_books() == 1
    with transaction.atomic():
        operations.post_many([interest(number) for number in range(10, 18)], by=officer, at=people.NOON)
    post(officer, interest(19))
    sizes = []
    while (seal := operations.seal_next(most=3)) is not None:
        sizes.append(seal.entries)
    assert sizes == [8, 1]
    assert list(differences()) == []


def test_a_backlog_is_sealed_window_by_window_and_the_seals_are_counted(officer: User) -> None:
    for first in (0, 1500):
        with transaction.atomic():
            drafts = [interest(number) for number in range(first, first + 1500)]
            operations.post_many(drafts, by=officer, at=people.NOON)
    assert operations.seal_books() == 2
    assert operations.seal_books() == 0
    assert list(Seal.objects.order_by("n").values_list("entries", "size")) == [(1500, 1500), (1500, 3000)]


def test_who_commits_late_is_sealed_later_and_never_skipped(officer: User, superuser: Any) -> None:
    post(officer, interest(1))
    with superuser.cursor() as cursor:
        cursor.execute(
            "SELECT (ledger_post('interest.received', 'I-late', '2025-12-30', %s, '', NULL, ARRAY['1100', '4100'], "
            "ARRAY[840, 840]::smallint[], ARRAY[5, -5]::bigint[])).id",
            [str(officer.pk)],
        )
        (late,) = cursor.fetchone() or (0,)
        # While it is open, others post and seal. What began after it waits in the tail: the horizon stands still.
        connection.close()
        unfloored = Draft(
            kind="interest.received",
            reference="I-2",
            effective_on=FIRST,
            legs=(debit(chart.BANK_CHARGES, Money(3, "USD")), credit(chart.FUND_INTEREST, Money(3, "USD"))),
        )
        post(officer, unfloored)
        assert operations.seal_books() == 1
        assert queries.balance_of(chart.FUND_INTEREST) == Money(-103, "USD")
        assert Seal.objects.get().size == 1
    superuser.commit()
    assert queries.balance_of(chart.FUND_INTEREST) == Money(-108, "USD")
    assert operations.seal_books() == 1
    assert Seal.objects.get(n=2).entries == 2
    assert Entry.objects.filter(pk=late).exists()
    assert queries.balance_of(chart.FUND_INTEREST) == Money(-108, "USD")
    assert list(differences()) == []


WORDS = ["a|b", r"a\|b", r"\N", "-", "\t\n\r\v\b\f", "'\"{}", "%s", "\x01\x7f", "日本語 🌍"]


@pytest.mark.parametrize("words", WORDS)
def test_the_sealer_and_the_verifier_hash_the_same_whatever_the_words(officer: User, words: str) -> None:
    drafts = [replace(interest(1), reference=words), replace(interest(2), memo=words, subject=officer.pk)]
    post(officer, *drafts)
    with transaction.atomic():
        operations.reverse(
            Entry.objects.get(reference="I-2"),
            reference=words,
            memo=words,
            effective_on=FIRST,
            by=officer,
            at=people.NOON,
        )
    operations.seal_books()
    assert list(differences()) == []


def test_one_sealer_works_at_a_time(officer: User, superuser: Any) -> None:
    post(officer, interest(1))
    with superuser.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(ledger_sealer())")
        assert operations.seal_next() is None
    superuser.rollback()
    tasks.seal_books()
    tasks.seal_books()
    assert Seal.objects.count() == 1


def owner_url() -> str:
    """Return how to connect to the test database as the owner, with the password of the role if it has one."""
    given = connection.get_connection_params()
    wanted = {name: given[name] for name in ("host", "port", "dbname", "password") if given.get(name)}
    return str(make_dsn(user="trustfund_owner", **wanted))


def test_a_balance_is_told_as_it_was_known_at_any_booking_time(officer: User, settings: Any) -> None:
    settings.DEMO = True
    start = datetime(2026, 1, 1, 12, tzinfo=UTC)
    with demonstration_clock.installed(owner_url()):
        assert demonstration_clock.is_installed()
        for number in range(40):
            with transaction.atomic():
                operations.post(
                    interest(number, FIRST + timedelta(days=number % 7 * 11), 1 + number),
                    by=officer,
                    at=start + timedelta(hours=number),
                )
            if number == 12:
                with transaction.atomic():
                    operations.reverse(
                        Entry.objects.get(reference="I-3"),
                        reference="I-3",
                        memo="",
                        effective_on=FIRST,
                        by=officer,
                        at=start + timedelta(hours=number, minutes=1),
                    )
    assert not demonstration_clock.is_installed()

    def plain(moment: datetime, day: date | None) -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(sum(line.amount), 0) FROM ledger_line AS line JOIN ledger_entry AS entry "
                "ON entry.id = line.entry JOIN ledger_account AS account ON account.id = line.account "
                "WHERE account.code = '1100' AND entry.booked_at <= %s "
                "AND (%s::date IS NULL OR line.effective_on <= %s::date)",
                [moment, day, day],
            )
            ((amount,),) = cursor.fetchall()
        return int(amount)

    moments = [start + timedelta(hours=hours) for hours in (-1, 0, 3, 12, 13, 20, 39, 500)]
    wanted = {(moment, day): plain(moment, day) for moment in moments for day in days()}
    assert len(set(wanted.values())) > 30
    for most in (0, 6, 6, 6, 1000):
        if most:
            operations.seal_next(most=most)
        for (moment, day), minor in wanted.items():
            assert queries.balance_of(chart.CASH, day, known_at=moment) == Money(minor, "USD"), (most, moment, day)
    assert Seal.objects.count() == 4
    then = queries.trial_balance(date(2026, 1, 20), known_at=moments[3])
    assert queries.sums_of(then)[0].is_even
    assert queries.total_under("11", on=date(2026, 1, 20), known_at=moments[3]) == Money(
        plain(moments[3], date(2026, 1, 20)), "USD"
    )
    assert list(differences()) == []


def test_seals_that_overlap_by_a_transaction_open_for_long_are_told_apart(officer: User, superuser: Any) -> None:
    """The long transaction holds the horizon back, so its seal reaches far back in booking time."""
    free = Draft(
        kind="fee.taken",
        reference="F-0",
        effective_on=FIRST,
        legs=(debit(chart.BANK_CHARGES, Money(3, "USD")), credit(chart.FUND_INTEREST, Money(3, "USD"))),
    )
    post(officer, free)
    with superuser.cursor() as cursor:
        cursor.execute(
            "SELECT (ledger_post('interest.received', 'I-late', '2025-12-30', %s, '', NULL, ARRAY['5500', '4100'], "
            "ARRAY[840, 840]::smallint[], ARRAY[5, -5]::bigint[])).booked_at",
            [str(officer.pk)],
        )
        (booked_at,) = cursor.fetchone() or (None,)
    for number in range(1, 30):
        post(
            officer,
            Draft(kind="fee.taken", reference=f"F-{number}", effective_on=FIRST, legs=free.legs),
        )
    superuser.commit()
    while operations.seal_next(most=2) is not None:
        pass
    assert Seal.objects.count() == 16
    for moment in (booked_at - timedelta(microseconds=1), booked_at, Entry.objects.get(reference="F-20").booked_at):
        known = Entry.objects.filter(booked_at__lte=moment)
        wanted = sum(entry.amounts[0] for entry in known)
        assert queries.balance_of(chart.BANK_CHARGES, FIRST, known_at=moment) == Money(wanted, "USD")
        assert queries.balance_of(chart.BANK_CHARGES, known_at=moment) == Money(wanted, "USD")


TAMPERED = [
    (
        "an amount",
        "UPDATE ledger_entry SET amounts = ARRAY[101, -101] WHERE id = 2",
        "Seal 1: an entry among the 4 up to here is not what was sealed.",
    ),
    (
        "a balanced entry made unbalanced",
        (
            "ALTER TABLE ledger_entry DROP CONSTRAINT an_entry_balances; "
            "UPDATE ledger_entry SET amounts = ARRAY[101, -100] WHERE id = 2"
        ),
        "Entry 2 (interest.received I-2) does not balance.",
    ),
    (
        "a memo",
        "UPDATE ledger_entry SET memo = 'else' WHERE id = 2",
        "Seal 1: an entry among the 4 up to here is not what was sealed.",
    ),
    (
        "an account's code",
        "UPDATE ledger_account SET code = '1101' WHERE code = '1100'",
        "Seal 1: an entry among the 4 up to here is not what was sealed.",
    ),
    (
        "an account's currency",
        "UPDATE ledger_account SET currency = 978 WHERE code = '1100'",
        "Entry 1 (interest.received I-1) has a leg in another currency than its account.",
    ),
    (
        "a lost entry",
        "DELETE FROM ledger_line WHERE entry = 6; DELETE FROM ledger_entry WHERE id = 6",
        "Seal 2 covers 2 entries, and 1 are there.",
    ),
    (
        "a seal",
        "UPDATE ledger_seal SET sealed_at = sealed_at - interval '1 day' WHERE n = 1",
        "Seal 1 is not chained to the seal before it.",
    ),
    (
        "a seal taken out",
        "DELETE FROM ledger_seal WHERE n = 1",
        "Entry 1 (interest.received I-1) lies between two seals.",
    ),
    (
        "a line",
        "UPDATE ledger_line SET amount = 7 WHERE entry = 3 AND leg = 1",
        "The lines of entry 3 are not its legs.",
    ),
    ("a lost line", "DELETE FROM ledger_line WHERE entry = 3 AND leg = 1", "The lines of entry 3 are not its legs."),
    (
        "a strange line",
        "INSERT INTO ledger_line VALUES (1, '2026-01-01', 99, 5, 840, 1)",
        "The lines of entry 99 are not its legs.",
    ),
    (
        "a kept balance",
        "UPDATE ledger_balance SET posted = posted + 1 WHERE account = 1",
        "Account 1100 is kept at 601, and its lines come to 600.",
    ),
    (
        "a lost balance",
        "DELETE FROM ledger_balance WHERE account = 1",
        "Account 1100 is kept at None, and its lines come to 600.",
    ),
    (
        "a day",
        "UPDATE ledger_day SET delta = 1 WHERE account = 1",
        "The roll-up ledger_day of account 1100 at 2025-12-30 is not the sum of its lines.",
    ),
    (
        "a month",
        "UPDATE ledger_month SET debit = debit + 1, credit = credit + 1 WHERE account = 1",
        "The roll-up ledger_month of account 1100 at 2025-12-01 is not the sum of its lines.",
    ),
    (
        "a lost month",
        "DELETE FROM ledger_month WHERE account = 1",
        "The roll-up ledger_month of account 1100 at 2025-12-01 is not the sum of its lines.",
    ),
    (
        "what was known",
        "UPDATE ledger_month_known SET delta = 0 WHERE account = 1 AND seal = 1",
        "The roll-up ledger_month_known of account 1100 at 2025-12-01 is not the sum of its lines.",
    ),
    (
        "a reversal that is none",
        "UPDATE ledger_entry SET reverses = 1 WHERE id = 7",
        "Entry 7 is not the opposite of entry 1, which it reverses.",
    ),
]
TABLES = "ledger_entry ledger_line ledger_account ledger_balance ledger_day ledger_month ledger_month_known ledger_seal"


@pytest.fixture
def sealed(officer: User) -> User:
    """Six sealed entries in two seals, and a seventh that waits."""
    post(officer, *(interest(number) for number in range(1, 7)))
    operations.seal_next(most=4)
    operations.seal_next(most=4)
    post(
        officer,
        Draft(
            kind="fee.taken",
            reference="F-1",
            effective_on=FIRST,
            legs=(debit(chart.BANK_CHARGES, Money(3, "USD")), credit(chart.FUND_INTEREST, Money(3, "USD"))),
        ),
    )
    return officer


@pytest.mark.parametrize(("statement", "sentence"), [case[1:] for case in TAMPERED], ids=[case[0] for case in TAMPERED])
def test_whatever_a_superuser_changes_past_every_guard_is_named(
    sealed: User, superuser: Any, statement: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(differences()) == []
    with superuser.cursor() as cursor:
        for table in TABLES.split():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)
        # The verifier reads in the tamperer's own transaction, which is then taken back.
        with monkeypatch.context() as patch:
            patch.setattr("ledger.queries.verification.rows", lambda text, values=(): _asked(cursor, text, values))
            patch.setattr("ledger.queries.verification.copied", lambda text, take: _copied(cursor, text, take))
            found = list(differences())
    superuser.rollback()
    assert sentence.replace("Entry 1 (interest.received I-1) lies", "Entry 1 lies") in found
    assert list(differences()) == []


def _asked(cursor: Any, text: str, values: Any) -> list[Any]:
    cursor.execute(text, values)
    return cursor.fetchall()


def _copied(cursor: Any, text: str, take: Callable[[bytes], None]) -> None:
    cursor.copy_expert(as_copy(text), Taker(take))


def test_the_command_says_that_all_is_sound_or_what_is_not(sealed: User, superuser: Any, capsys: Any) -> None:
    call_command("verify_ledger")
    root = bytes(Seal.objects.get(n=2).root).hex()
    assert capsys.readouterr().out == (f"7 entries are sound; 6 of them are sealed, up to seal 2 with head {root}.\n")
    with superuser.cursor() as cursor:
        cursor.execute("SET ROLE trustfund_ledger; UPDATE ledger_day SET delta = 1; UPDATE ledger_month SET lines = 0")
    superuser.commit()
    with pytest.raises(CommandError) as refused:
        call_command("verify_ledger")
    assert str(refused.value) == "The roll-up ledger_day of account 1100 at 2025-12-30 is not the sum of its lines."
    with pytest.raises(CommandError) as refused:
        call_command("verify_ledger", most=10)
    assert len(str(refused.value).splitlines()) == 4
    call_command("rebuild_rollups")
    call_command("seal_books")
    call_command("verify_ledger")
    assert capsys.readouterr().out.splitlines()[:2] == ["The roll-ups of 2 seals are made anew.", "1 seals made."]


@pytest.mark.parametrize(
    ("statement", "sqlstate"),
    [
        ("UPDATE ledger_seal SET size = 0", "TF001"),
        ("DELETE FROM ledger_seal", "TF001"),
        ("TRUNCATE ledger_seal", "TF001"),
        ("INSERT INTO ledger_seal SELECT * FROM ledger_seal", "TF115"),
        *(
            (statement.format(table), sqlstate)
            for table in ("ledger_day", "ledger_month", "ledger_month_known")
            for statement, sqlstate in (
                ("UPDATE {} SET account = 1", "TF115"),
                ("DELETE FROM {}", "TF115"),
                ("TRUNCATE {}", "TF001"),
                ("INSERT INTO {} SELECT * FROM {}".replace("{}", "{0}"), "TF115"),
            )
        ),
    ],
)
def test_seals_and_rollups_are_written_by_the_sealer_only(superuser: Any, statement: str, sqlstate: str) -> None:
    with pytest.raises(psycopg2.Error) as refused, superuser.cursor() as cursor:
        cursor.execute(statement)
    assert refused.value.pgcode == sqlstate


def test_only_the_owner_moves_the_clock_and_never_ahead(officer: User, settings: Any) -> None:
    url = owner_url().replace("trustfund_owner", "trustfund_app")
    with pytest.raises(psycopg2.Error), demonstration_clock.installed(url):
        pass
    assert not demonstration_clock.is_installed()
    settings.DEMO = True
    with demonstration_clock.installed(owner_url()), transaction.atomic():
        ahead = operations.post(interest(1), by=officer, at=datetime(2999, 1, 1, tzinfo=UTC))
        assert ahead.booked_at < datetime(2999, 1, 1, tzinfo=UTC)
