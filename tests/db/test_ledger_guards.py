"""PostgreSQL keeps the books even against a superuser who goes around Django, each refusal by its own SQLSTATE."""

# ruff: noqa: E501 - one attack is one line

from datetime import date
from typing import Any
from uuid import UUID

import psycopg2
import pytest
from django.db import connection, transaction

from ledger import chart, operations, queries
from ledger.chart import Kind
from ledger.drafts import Draft, credit, debit
from ledger.models import Entry
from ledger.refusals import WrongIsolation
from tests import people
from trustfund.core.money import Money
from trustfund.core.roles import RoleName

ACTOR = UUID(int=7)
DAY = date(2026, 7, 16)
POST = "SELECT (ledger_post(%s, %s, %s, %s, '', NULL, %s::text[], %s::smallint[], %s::bigint[])).id"
AS_LEDGER = "SET LOCAL ROLE trustfund_ledger"
RAW = (
    "INSERT INTO ledger_entry (booked_at, actor, effective_on, kind, reference, memo, accounts, currencies, amounts) "
    "VALUES (clock_timestamp(), gen_random_uuid(), '2026-07-16', 'raw.inserted', 'RAW-1', '', {}, {}, {})"
)


@pytest.fixture
def books(superuser: Any) -> Any:
    """A ledger with an entry, its reversal, a closed account and a closed period; and the session of a superuser."""
    officer = people.someone(RoleName.TREASURY_OFFICER)
    with transaction.atomic():
        operations.open_chart(by=officer, at=people.NOON)
        operations.open_account(
            code="9800.KRW", name="Won", kind=Kind.MEMORANDUM, currency="KRW", by=officer, at=people.NOON
        )
        operations.open_account(
            code="1300", name="Old bank", kind=Kind.ASSET, currency="USD", by=officer, at=people.NOON
        )
        operations.close_account("1300", at=people.NOON)
        legs = (debit(chart.CASH, Money(100, "USD")), credit(chart.OTHER_INCOME, Money(100, "USD")))
        entry = operations.post(
            Draft(kind="receipt.recorded", reference="R-1", effective_on=DAY, legs=legs), by=officer, at=people.NOON
        )
        operations.post(
            Draft(kind="receipt.recorded", reference="R-2", effective_on=DAY, legs=legs), by=officer, at=people.NOON
        )
        operations.reverse(entry, reference="X-1", memo="", effective_on=DAY, by=officer, at=people.NOON)
    operations.close_period(through=date(2026, 6, 30), actor=officer, at=people.NOON)
    return superuser


def legs_of(*legs: tuple[str | None, int | None, int | None]) -> list[list[Any]]:
    return [[leg[0] for leg in legs], [leg[1] for leg in legs], [leg[2] for leg in legs]]


def posted(
    *legs: tuple[str | None, int | None, int | None], reference: str = "R-9", on: date = DAY
) -> tuple[str, list[Any]]:
    return POST, ["receipt.recorded", reference, on, str(ACTOR), *legs_of(*legs)]


def raw(accounts: str, currencies: str, amounts: str) -> tuple[str, list[Any]]:
    return f"{AS_LEDGER}; {RAW.format(accounts, currencies, amounts)}", []


ATTACKS: list[tuple[str, tuple[str, list[Any]], str]] = [
    ("unbalanced", posted(("1100", 840, 5), ("4300", 840, -4)), "TF101"),
    ("unbalanced in one of two currencies", posted(("1100", 840, 5), ("4300", 840, -5), ("9800.KRW", 410, 1)), "TF101"),
    ("currencies that cancel each other", posted(("1100", 840, 5), ("9800.KRW", 410, -5)), "TF101"),
    ("no leg", posted(), "TF102"),
    ("one leg", posted(("1100", 840, 5)), "TF102"),
    ("a zero leg", posted(("1100", 840, 0), ("4300", 840, 0)), "TF103"),
    ("no amount", posted(("1100", 840, None), ("4300", 840, -5)), "TF104"),
    ("no account", posted((None, 840, 5), ("4300", 840, -5)), "TF104"),
    ("no currency", posted(("1100", None, 5), ("4300", None, -5)), "TF104"),
    ("an unknown account", posted(("1999", 840, 5), ("4300", 840, -5)), "TF105"),
    ("a wrong currency", posted(("1100", 410, 5), ("4300", 840, -5)), "TF106"),
    ("a closed account", posted(("1300", 840, 5), ("4300", 840, -5)), "TF107"),
    ("a closed period", posted(("1100", 840, 5), ("4300", 840, -5), on=date(2026, 6, 30)), "TF108"),
    ("the same event with other content", posted(("1100", 840, 5), ("4300", 840, -5), reference="R-1"), "TF109"),
    ("an overdraft", posted(("1100", 840, -101), ("5500", 840, 101)), "TF110"),
    ("a second reversal", ("SELECT ledger_reverse(1, 'X-2', '2026-07-16', gen_random_uuid(), '', false)", []), "TF111"),
    ("a reversal of a reversal", ("SELECT ledger_reverse(3, 'X-2', '2026-07-16', gen_random_uuid(), '', false)", []), "TF112"),
    ("a reversal of nothing", ("SELECT ledger_reverse(99, 'X-2', '2026-07-16', gen_random_uuid(), '', false)", []), "TF114"),
    ("an entry past the functions", (RAW.format("ARRAY[1,2]", "ARRAY[840,840]", "ARRAY[1,-1]"), []), "TF115"),
    ("a line past the functions", ("INSERT INTO ledger_line VALUES (1, '2026-07-16', 1, 5, 840, 9)", []), "TF115"),
    ("a balance past the functions", ("UPDATE ledger_balance SET posted = 1000000", []), "TF115"),
    ("a new balance past the functions", ("INSERT INTO ledger_balance (account) VALUES (3)", []), "TF115"),
    (
        "an account past the functions",
        ("INSERT INTO ledger_account OVERRIDING SYSTEM VALUE SELECT * FROM ledger_account", []),
        "TF115",
    ),
    ("a fence moved past the functions", ("UPDATE ledger_account SET open_from = '2020-01-01'", []), "TF115"),
    ("a currency past the functions", ("INSERT INTO ledger_currency VALUES (1, 'XXX', 2)", []), "TF115"),
    ("another account of the same code", ("SELECT ledger_open_account('1100', 'Cash', 'use', 840::smallint, false, gen_random_uuid())", []), "TF116"),
    ("a period closed twice", ("SELECT ledger_move_fence('2026-07-01', '', gen_random_uuid())", []), "TF117"),
    ("a period reopened without a decision", ("SELECT ledger_move_fence('2026-01-01', ' ', gen_random_uuid())", []), "TF118"),
    ("closing an account that holds something", ("SELECT ledger_close_account('1100')", []), "TF120"),
    ("raw: unbalanced", raw("ARRAY[1,2]", "ARRAY[840,840]::smallint[]", "ARRAY[5,-4]::bigint[]"), "TF101"),
    ("raw: one leg", raw("ARRAY[1]", "ARRAY[840]::smallint[]", "ARRAY[5]::bigint[]"), "TF102"),
    ("raw: no legs", raw("'{}'", "'{}'", "'{}'"), "TF102"),
    ("raw: zero", raw("ARRAY[1,2]", "ARRAY[840,840]::smallint[]", "ARRAY[0,0]::bigint[]"), "TF103"),
    ("raw: NULL amount", raw("ARRAY[1,2]", "ARRAY[840,840]::smallint[]", "ARRAY[5,NULL]::bigint[]"), "TF104"),
    ("raw: NULL account", raw("ARRAY[1,NULL]", "ARRAY[840,840]::smallint[]", "ARRAY[5,-5]::bigint[]"), "TF104"),
    ("raw: NULL currency", raw("ARRAY[1,2]", "ARRAY[840,NULL]::smallint[]", "ARRAY[5,-5]::bigint[]"), "TF104"),
    ("raw: arrays of other lengths", raw("ARRAY[1,2,3]", "ARRAY[840,840]::smallint[]", "ARRAY[5,-5]::bigint[]"), "TF104"),
    ("raw: an array of arrays", raw("ARRAY[[1,2]]", "ARRAY[840,840]::smallint[]", "ARRAY[5,-5]::bigint[]"), "TF104"),
    ("raw: an array from two", raw("'[2:3]={1,2}'", "ARRAY[840,840]::smallint[]", "ARRAY[5,-5]::bigint[]"), "TF104"),
    *(
        (f"{verb} of {table}", (statement.format(table), []), "TF001")
        for table in ("ledger_entry", "ledger_line", "ledger_currency", "ledger_period_change")
        for verb, statement in (
            ("delete of no row", "DELETE FROM {0} WHERE false"),
            ("delete", "DELETE FROM {0}"),
            ("truncate", "TRUNCATE {0} CASCADE"),
        )
    ),
    ("an edited amount", ("UPDATE ledger_entry SET amounts = ARRAY[7,-7]::bigint[]", []), "TF001"),
    ("an edited line", ("UPDATE ledger_line SET amount = 7", []), "TF001"),
    ("an edited line as the owner", (f"{AS_LEDGER}; UPDATE ledger_line SET amount = 7", []), "TF001"),
    ("an edited entry as a replica", ("SET LOCAL session_replication_role = replica; UPDATE ledger_entry SET memo = 'x'", []), "TF001"),
    ("an entry as a replica", ("SET LOCAL session_replication_role = replica; " + RAW.format("ARRAY[1,2]", "ARRAY[840,840]", "ARRAY[1,-1]"), []), "TF115"),
    ("an account made another one", (f"{AS_LEDGER}; UPDATE ledger_account SET kind = 'use'", []), "TF001"),
    ("an account opened again", (f"{AS_LEDGER}; UPDATE ledger_account SET closed = false WHERE code = '1300'", []), "TF001"),
    ("a deleted account", ("DELETE FROM ledger_account", []), "TF001"),
    ("emptied balances", ("TRUNCATE ledger_balance", []), "TF001"),
    ("a deleted balance", ("DELETE FROM ledger_balance", []), "TF001"),
    ("a forced overdraft", (f"{AS_LEDGER}; UPDATE ledger_balance SET posted = -1", []), "23514"),
]  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("attack", "sqlstate"), [case[1:] for case in ATTACKS], ids=[case[0] for case in ATTACKS])
def test_a_superuser_is_refused(books: Any, attack: tuple[str, list[Any]], sqlstate: str) -> None:
    statement, parameters = attack
    before = queries.trial_balance()
    with pytest.raises(psycopg2.Error) as refused, books.cursor() as cursor:
        cursor.execute(statement, parameters)
    assert refused.value.pgcode == sqlstate
    books.rollback()
    assert queries.trial_balance() == before
    assert Entry.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_the_same_event_again_returns_what_stands_and_the_extremes_of_a_bigint_balance(books: Any) -> None:
    same = posted(("1100", 840, 100), ("4300", 840, -100), reference="R-2")
    with books.cursor() as cursor:
        cursor.execute(*same)
        assert cursor.fetchone() == (2,)
        cursor.execute(*posted(("4300", 840, -(2**63)), ("5300", 840, 2**62), ("5400", 840, 2**62), reference="R-3"))
        assert cursor.fetchone() is not None
    books.rollback()


@pytest.mark.django_db(transaction=True)
def test_a_clock_set_back_is_refused(books: Any) -> None:
    with books.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION ledger_now() RETURNS timestamptz LANGUAGE sql AS "
            "$$SELECT clock_timestamp() - interval '1 day'$$"
        )
        with pytest.raises(psycopg2.Error) as refused:
            cursor.execute(*posted(("1100", 840, 5), ("4300", 840, -5)))
    assert refused.value.pgcode == "TF113"
    books.rollback()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_posting_on_an_old_snapshot_is_refused(books: Any, level: str) -> None:
    with pytest.raises(psycopg2.Error) as refused, books.cursor() as cursor:
        cursor.execute(f"SET TRANSACTION ISOLATION LEVEL {level}")
        cursor.execute(*posted(("1100", 840, 5), ("4300", 840, -5)))
    assert refused.value.pgcode == "TF119"
    books.rollback()
    officer = people.someone(RoleName.SECRETARIAT)
    with pytest.raises(WrongIsolation), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET TRANSACTION ISOLATION LEVEL {level}")
        operations.post_many(
            [
                Draft(
                    kind="receipt.recorded",
                    reference="R-9",
                    effective_on=DAY,
                    legs=(debit(chart.CASH, Money(5, "USD")), credit(chart.OTHER_INCOME, Money(5, "USD"))),
                )
            ],
            by=officer,
            at=people.NOON,
        )


APPLICATION_MAY_NOT = [
    "INSERT INTO ledger_entry DEFAULT VALUES",
    "INSERT INTO ledger_line VALUES (1, '2026-07-16', 1, 5, 840, 9)",
    "UPDATE ledger_entry SET memo = ''",
    "UPDATE ledger_account SET closed = true",
    "UPDATE ledger_balance SET posted = 0",
    "DELETE FROM ledger_line",
    "TRUNCATE ledger_line",
    "ALTER TABLE ledger_entry DISABLE TRIGGER ALL",
    "DROP TABLE ledger_line",
    "SET ROLE trustfund_ledger",
    "SET session_replication_role = replica",
    "CREATE OR REPLACE FUNCTION ledger_now() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'",
    "CREATE FUNCTION public.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "SELECT ledger_move_floored(ARRAY[1], ARRAY[100]::bigint[])",
    "SELECT ledger_book('a.b', 'c', '2026-07-16', gen_random_uuid(), '', NULL, NULL, '{}', '{}', '{}')",
]


@pytest.mark.django_db
@pytest.mark.parametrize("statement", APPLICATION_MAY_NOT)
def test_the_application_may_not(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("trustfund_app",)
        cursor.execute("SAVEPOINT before")
        with pytest.raises(Exception) as refused:  # noqa: PT011 - the SQLSTATE is asserted
            cursor.execute(statement)
        cursor.execute("ROLLBACK TO SAVEPOINT before")
    assert refused.value.__cause__.pgcode == "42501"  # type: ignore[union-attr]


@pytest.mark.django_db
def test_the_application_owns_nothing_in_the_ledger() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname LIKE 'ledger%%' AND relowner <> 'trustfund_ledger'::regrole "
            "UNION SELECT proname FROM pg_proc WHERE proname LIKE 'ledger%%' AND proowner <> 'trustfund_ledger'::regrole"
        )
        assert cursor.fetchall() == []
        cursor.execute("SELECT has_schema_privilege('trustfund_ledger', 'public', 'CREATE')")
        assert cursor.fetchone() == (False,)
