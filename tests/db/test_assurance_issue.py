"""A statement is issued once, its bytes never change, and a worker that dies in the middle changes neither."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
import zlib
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, connections

from assurance import contents, documents, operations, queries, tasks
from assurance.kinds import Kind
from assurance.models import IssuedDocument, State, Statement, StatementProgress, Step
from assurance.periods import Month
from tests import donor_worlds, people, statements_world
from tests.conftest import superuser_connection
from tests.statements_world import END_OF_JUNE
from trustfund.core import clock
from trustfund.core.models import Event, User
from trustfund.core.refusals import AlreadyDone, Missing, NotPermitted, Unacceptable, WrongState
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _documents_of_their_own(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def ask(
    actor: User | None = None, *, kind: Kind = Kind.SOURCES_AND_USES, donor_id: Any = None, as_of: date = END_OF_JUNE
) -> Statement:
    return operations.request_statement(
        kind=kind,
        as_of=as_of,
        donor_id=donor_id,
        actor=actor or people.someone(RoleName.AUDITOR),
        at=people.NOON,
    )


def text_of(issued: IssuedDocument) -> str:
    """Read a PDF back with pdftotext, as a person reads it."""
    done = subprocess.run(
        ["pdftotext", "-layout", str(documents.path_of(issued.sha256)), "-"], capture_output=True, check=True, text=True
    )
    return done.stdout


def unpacked(content: bytes) -> bytes:
    """Return a PDF's bytes with every packed stream beside them unpacked."""
    parts = [content]
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        with contextlib.suppress(zlib.error):
            parts.append(zlib.decompress(packed))
    return b"\n".join(parts)


def figures_of(text: str, label: str) -> list[str]:
    """Return the amounts in the first line of a text that starts with a label and has any."""
    for line in text.splitlines():
        found = re.findall(r"\N{MINUS SIGN}?[0-9]{1,3}(?:,[0-9]{3})*\.[0-9]{2}(?![0-9])", line)
        if found and line.strip().startswith(label):
            return found
    raise AssertionError(f"{label!r} is not in the text")


def test_every_figure_of_the_pdf_is_the_ledgers() -> None:
    statements_world.a_fund()
    issued = operations.issue_statement(statement_id=ask().pk, at=people.NOON)
    text = text_of(issued)
    said = contents.sources_and_uses(END_OF_JUNE)
    printed = {
        row.key: figures_of(text, label)[-1]
        for section in said.sections()
        for row in section.rows
        for label in [LABELS[row.key]]
    }
    assert printed == {row.key: row.amount.figure for section in said.sections() for row in section.rows}
    assert "75.8% of deposits" in text
    assert "Page 1 of" in text
    assert issued.statement.number in text
    assert "position at 30 June 2024" in text
    assert settings.FUND_NAME in text


LABELS = {
    "contributions": "Contributions from donors",
    "exchange_difference": "of which exchange difference",
    "fund_interest": "Interest and investment income",
    "partner_interest": "Interest (from participating",
    "other_income": "Other income",
    "total_sources": "Total source of funds  ",
    "transferred": "Transferred to participating",
    "transfers_to_other_funds": "Transfers to other trust funds",
    "subtotal_transfers": "Subtotal of transfers",
    "refunds": "Refunds from participating",
    "agent_fee": "Administrative agent fee",
    "direct_cost": "Direct cost",
    "bank_charges": "Bank charges",
    "total_uses": "Total use of funds  ",
    "balance_with_agent": "Balance of funds with the administrative",
    "partner_transfers": "Transfers received",
    "partner_expenditure": "Expenditure reported",
    "partner_refunds": "Refunds to the fund",
    "partner_total_expenses": "Total expenditure and refunds",
    "balance_with_partners": "Balance of funds with participating",
    "total_balance": "Total balance of funds",
}


def test_every_figure_of_a_donors_account_is_the_ledgers() -> None:
    fund = statements_world.a_fund()
    asked = ask(kind=Kind.DONOR_ACCOUNT, donor_id=fund.valdria.pk, as_of=date(2025, 7, 30))
    issued = operations.issue_statement(statement_id=asked.pk, at=people.NOON)
    text = text_of(issued)
    (pledge,) = contents.donor_account(fund.valdria, date(2025, 7, 30)).pledges
    (receipt,) = pledge.receipts
    assert figures_of(text, "EUR 40,000,000.00") == [
        money.figure for money in (pledge.pledged, pledge.received, pledge.overdue, pledge.scheduled)
    ]
    assert figures_of(text, "24 Jun 2024") == [
        money.figure for money in (receipt.settled, receipt.usd, receipt.difference, receipt.fee, receipt.net)
    ]
    assert figures_of(text, "2  ") == ["8,000,000.00", "0.00", "8,000,000.00"]
    assert f"receipt.recorded {fund.receipt.reference}" in text
    assert "Ministry for Foreign Affairs, Republic of Valdria" in text


def test_the_monthly_report_prints_the_trial_balance() -> None:
    statements_world.a_fund()
    asked = operations.request_monthly_report(month=Month(2024, 6), at=people.NOON)
    text = text_of(operations.issue_statement(statement_id=asked.pk, at=people.NOON))
    said = contents.monthly_report(Month(2024, 6))
    for line in said.trial_balance:
        expected = [money.figure for money in (line.debit, line.credit) if money]
        assert re.search(rf"^ *{re.escape(line.code)} ", text, re.MULTILINE)
        assert not expected or figures_of(text, f"{line.code}  ") == expected
    assert [figures_of(part, "Total") for part in re.findall(r"^ *Total +(?:EUR|USD) .*$", text, re.MULTILINE)] == [
        [line.debit.figure, line.credit.figure] for line in said.trial_totals
    ]
    assert figures_of(text, "28 Jun 2024") == ["2,500,000.00"]


def test_the_stored_figures_are_those_of_the_pages() -> None:
    statements_world.a_fund()
    issued = operations.issue_statement(statement_id=ask().pk, at=people.NOON)
    assert issued.contents == contents.as_json(contents.sources_and_uses(END_OF_JUNE))


def test_setting_it_again_gives_the_same_bytes() -> None:
    statements_world.a_fund()
    asked = ask()
    issued = operations.issue_statement(statement_id=asked.pk, at=people.NOON)
    first = documents.read(issued.sha256)
    gathered = contents.gather(asked)
    from assurance.rendering import render

    again = render(contents.TEMPLATES[Kind(asked.kind)], contents.context(asked, gathered))
    assert documents.sha256_of(again.content) == issued.sha256
    assert again.content == first


def test_it_is_tagged_named_and_in_a_language() -> None:
    statements_world.a_fund()
    issued = operations.issue_statement(statement_id=ask().pk, at=people.NOON)
    told = subprocess.run(
        ["pdfinfo", str(documents.path_of(issued.sha256))], capture_output=True, check=True, text=True
    ).stdout
    assert re.search(r"^Tagged: +yes$", told, re.MULTILINE)
    assert re.search(rf"^Title: +Sources and uses of funds {issued.statement.number}$", told, re.MULTILINE)
    assert re.search(rf"^Pages: +{issued.pages}$", told, re.MULTILINE)
    content = unpacked(documents.read(issued.sha256))
    assert b"/Lang (en)" in content
    assert b"pdfuaid:part" in content
    fonts = subprocess.run(
        ["pdffonts", str(documents.path_of(issued.sha256))], capture_output=True, check=True, text=True
    ).stdout.splitlines()[2:]
    assert fonts
    assert all(re.search(r" yes +yes +yes ", line) for line in fonts)


def test_running_it_twice_issues_it_once() -> None:
    statements_world.a_fund()
    asked = ask()
    tasks.render_statement(statement_id=str(asked.pk))
    tasks.render_statement(statement_id=str(asked.pk))
    assert IssuedDocument.objects.filter(pk=asked.pk).count() == 1
    assert Event.objects.filter(kind="statement.issued", about=asked.pk).count() == 1
    assert StatementProgress.objects.get(pk=asked.pk).attempts == 1


def test_running_it_at_once_in_four_workers_issues_it_once() -> None:
    statements_world.a_fund()
    asked = ask()
    answers: list[str] = []

    def work() -> None:
        try:
            answers.append(operations.issue_statement(statement_id=asked.pk, at=people.NOON).sha256)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(answers) == 4
    assert set(answers) == {IssuedDocument.objects.get(pk=asked.pk).sha256}
    assert Event.objects.filter(kind="statement.issued", about=asked.pk).count() == 1
    assert StatementProgress.objects.get(pk=asked.pk).state == State.ISSUED


WORKER = """
import sys
import django
django.setup()
from uuid import UUID
from assurance import operations
from tests import people
operations.issue_statement(statement_id=UUID(sys.argv[1]), at=people.NOON)
"""


def a_worker(statement: Statement, tmp_path: Path) -> subprocess.Popen[bytes]:
    """Start a process of its own that works on a statement in the test's database."""
    database = connection.settings_dict["NAME"]
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DOCUMENTS_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "trustfund.settings",
    }
    return subprocess.Popen([sys.executable, "-c", WORKER, str(statement.pk)], env=environment, cwd=settings.BASE_DIR)


def wait_for(state: State, statement: Statement) -> None:
    for _ in range(600):
        if StatementProgress.objects.get(pk=statement.pk).state == state:
            return
        time.sleep(0.02)
    raise AssertionError(f"{statement} never became {state}")


def test_a_worker_killed_in_the_middle_leaves_a_statement_that_the_next_one_issues(tmp_path: Path) -> None:
    statements_world.a_fund()
    asked = ask()
    # The books are held, so that the worker stands still between its first and its last transaction.
    with superuser_connection() as holding, holding.cursor() as cursor:
        cursor.execute("LOCK TABLE ledger_account IN ACCESS EXCLUSIVE MODE")
        worker = a_worker(asked, tmp_path)
        try:
            wait_for(State.RENDERING, asked)
        finally:
            worker.send_signal(signal.SIGKILL)
        assert worker.wait(timeout=10) == -signal.SIGKILL
        holding.rollback()
    holding.close()
    progress = StatementProgress.objects.get(pk=asked.pk)
    assert (progress.state, progress.step, progress.attempts) == (State.RENDERING, Step.READING, 1)
    assert not IssuedDocument.objects.filter(pk=asked.pk).exists()
    later = people.NOON + queries.STUCK_AFTER + timedelta(seconds=1)
    with clock.moved_to(later):
        tasks.render_waiting()
    assert StatementProgress.objects.get(pk=asked.pk).state == State.ISSUED
    assert documents.read(IssuedDocument.objects.get(pk=asked.pk).sha256).startswith(b"%PDF-")


def test_a_worker_killed_while_it_stores_leaves_no_half_document(tmp_path: Path) -> None:
    path = documents.path_of("0" * 64)
    path.parent.mkdir(parents=True)
    (path.parent / ".torn.part").write_bytes(b"%PDF-1.7 half")
    with pytest.raises(documents.DocumentAltered):
        documents.read("0" * 64)
    sha256 = documents.store(b"%PDF whole")
    assert documents.read(sha256) == b"%PDF whole"
    assert documents.store(b"%PDF whole") == sha256
    assert [file.name for file in documents.path_of(sha256).parent.iterdir()] == [f"{sha256}.pdf"]


def test_what_is_not_moved_for_two_minutes_is_taken_up_again_and_what_moves_is_left_alone() -> None:
    statements_world.a_fund()
    asked = ask()
    with clock.moved_to(people.NOON + queries.STUCK_AFTER):
        tasks.render_waiting()
    assert StatementProgress.objects.get(pk=asked.pk).state == State.REQUESTED
    with clock.moved_to(people.NOON + queries.STUCK_AFTER + timedelta(seconds=1)):
        tasks.render_waiting()
    assert StatementProgress.objects.get(pk=asked.pk).state == State.ISSUED


def test_a_statement_that_kills_its_workers_is_given_up() -> None:
    asked = ask()
    StatementProgress.objects.filter(pk=asked.pk).update(state=State.RENDERING, attempts=queries.TRIES)
    with clock.moved_to(people.NOON + queries.STUCK_AFTER + timedelta(seconds=1)):
        tasks.render_waiting()
    progress = StatementProgress.objects.get(pk=asked.pk)
    assert progress.state == State.FAILED
    assert len(progress.incident) == 8


def test_books_that_disagree_fail_the_statement_and_it_can_be_tried_again() -> None:
    from django.db import transaction

    from assurance.contents import BooksDisagree
    from ledger import operations as ledger_operations
    from ledger.chart import Kind as AccountKind

    statements_world.a_fund()
    with transaction.atomic():
        ledger_operations.open_account(
            code="4900",
            name="Unheard of",
            kind=AccountKind.INCOME,
            currency="USD",
            by=donor_worlds.secretariat(),
            at=people.NOON,
        )
    statements_world.cash_in("income.received", "O-2", "4900", "1.00", END_OF_JUNE)
    auditor = people.someone(RoleName.AUDITOR)
    asked = ask(auditor)
    with pytest.raises(BooksDisagree):
        operations.issue_statement(statement_id=asked.pk, at=people.NOON)
    progress = StatementProgress.objects.get(pk=asked.pk)
    assert progress.state == State.FAILED
    assert progress.failure == ("It stopped while reading the ledger. Nothing was issued and no figure was changed.")
    assert Event.objects.get(kind="statement.failed", about=asked.pk).facts["incident"] == progress.incident
    operations.retry_statement(statement_id=asked.pk, actor=auditor, at=people.NOON)
    assert StatementProgress.objects.get(pk=asked.pk).state == State.REQUESTED
    with pytest.raises(WrongState):
        operations.retry_statement(statement_id=asked.pk, actor=auditor, at=people.NOON)


def test_a_figure_of_an_old_day_is_the_same_after_later_postings() -> None:
    fund = statements_world.a_fund()
    first = operations.issue_statement(statement_id=ask().pk, at=people.NOON)
    donor_worlds.a_receipt(fund.pledge, "1000000.00", on=date(2024, 7, 15))
    statements_world.pay("PAY-2024-0002", "700000.00", date(2024, 7, 20))
    second = operations.issue_statement(statement_id=ask().pk, at=people.NOON)
    assert second.contents == first.contents
    numbers = re.compile(r"ST-2026-\d{4}")
    assert numbers.sub("", text_of(second)) == numbers.sub("", text_of(first))


# --- the calendar --------------------------------------------------------------------------------------------------


def test_beat_issues_the_month_that_is_over_once_however_often_it_runs() -> None:
    statements_world.a_fund()
    with clock.moved_to(people.NOON.replace(year=2024, month=2, day=1)):
        tasks.issue_monthly_report()
        tasks.issue_monthly_report()
    (asked,) = Statement.objects.filter(kind=Kind.MONTHLY_AUDIT)
    assert (asked.period, asked.as_of, asked.requested_by) == ("2024-01", date(2024, 1, 31), None)


def test_beat_catches_up_with_months_it_missed_latest_first_and_a_year_at_a_time() -> None:
    statements_world.a_fund()
    with clock.moved_to(people.NOON.replace(year=2025, month=3, day=1)):
        tasks.issue_monthly_report()
        newest = [asked.period for asked in Statement.objects.order_by("number")]
        tasks.issue_monthly_report()
    assert newest == [str(month) for month in (Month(2025, 2), Month(2025, 1))] + [
        f"2024-{number:02d}" for number in range(12, 2, -1)
    ]
    assert Statement.objects.count() == 14


def test_beat_twice_at_once_asks_for_a_month_once() -> None:
    statements_world.a_fund()
    at = people.NOON.replace(year=2024, month=7, day=1)
    refused: list[type] = []

    def work() -> None:
        try:
            operations.request_monthly_report(month=Month(2024, 6), at=at)
        except AlreadyDone:
            refused.append(AlreadyDone)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(refused) == 3
    assert Statement.objects.filter(period="2024-06").count() == 1


def test_a_month_is_not_reported_before_it_is_over() -> None:
    statements_world.a_fund()
    with pytest.raises(WrongState):
        operations.request_monthly_report(month=Month(2024, 6), at=people.NOON.replace(year=2024, month=6, day=30))


def test_an_empty_fund_has_no_months_to_report() -> None:
    tasks.issue_monthly_report()
    assert not Statement.objects.exists()


def test_a_failed_monthly_report_is_tried_again_by_the_calendar() -> None:
    statements_world.a_fund()
    at = people.NOON.replace(year=2024, month=7, day=1)
    asked = operations.request_monthly_report(month=Month(2024, 6), at=at)
    StatementProgress.objects.filter(pk=asked.pk).update(state=State.FAILED, failure="It stopped.", attempts=1)
    assert list(queries.failed_reports()) == [asked]
    operations.issue_statement(statement_id=asked.pk, at=at)
    assert list(queries.failed_reports()) == []


# --- who may -------------------------------------------------------------------------------------------------------

MAY_READ_THE_FUND = {
    RoleName.AUDITOR,
    RoleName.SECRETARIAT,
    RoleName.CERTIFYING_OFFICER,
    RoleName.TREASURY_OFFICER,
    RoleName.COMMITTEE_MEMBER,
    RoleName.ALTERNATE,
    RoleName.CHAIR,
    RoleName.FUND_ADMINISTRATOR,
}


@pytest.mark.parametrize("role", list(RoleName))
def test_who_may_ask_for_which_statement(role: RoleName) -> None:
    donor = donor_worlds.a_donor()
    person = people.someone(role)

    def may(kind: Kind, donor_id: Any) -> bool:
        try:
            ask(person, kind=kind, donor_id=donor_id)
        except NotPermitted:
            return False
        return True

    assert may(Kind.SOURCES_AND_USES, None) == (role in MAY_READ_THE_FUND)
    assert may(Kind.DONOR_ACCOUNT, donor.pk) == (role in {RoleName.AUDITOR, RoleName.SECRETARIAT})
    assert not may(Kind.MONTHLY_AUDIT, None)


def test_a_donors_representative_reads_their_own_account_and_nobody_elses() -> None:
    mine, other = donor_worlds.a_donor(), donor_worlds.a_donor()
    person = donor_worlds.a_representative(mine)
    asked = ask(person, kind=Kind.DONOR_ACCOUNT, donor_id=mine.pk)
    with pytest.raises(NotPermitted):
        ask(person, kind=Kind.DONOR_ACCOUNT, donor_id=other.pk)
    theirs = ask(kind=Kind.DONOR_ACCOUNT, donor_id=other.pk)
    fund = ask()
    assert list(queries.statements_for(person)) == [asked]
    for hidden in (theirs, fund):
        with pytest.raises(Missing):
            operations.hand_out(statement_id=hidden.pk, actor=person, at=people.NOON)


def test_seconded_staff_read_no_statement_that_names_donors() -> None:
    donor = donor_worlds.a_donor()
    person = people.someone(RoleName.SECRETARIAT, is_seconded=True)
    with pytest.raises(NotPermitted):
        ask(person, kind=Kind.DONOR_ACCOUNT, donor_id=donor.pk)
    ask(kind=Kind.DONOR_ACCOUNT, donor_id=donor.pk)
    monthly = Statement.objects.create(
        number="ST-2026-9999",
        kind=Kind.MONTHLY_AUDIT,
        as_of=END_OF_JUNE,
        period="2024-06",
        language="en",
        requested_at=people.NOON,
    )
    fund = ask()
    assert list(queries.statements_for(person)) == [fund]
    assert monthly in queries.statements_for(people.someone(RoleName.AUDITOR))


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"as_of": people.NOON.date() + timedelta(days=1)}, Unacceptable),
        ({"kind": Kind.DONOR_ACCOUNT, "donor_id": None}, NotPermitted),
    ],
)
def test_a_request_that_cannot_be_changes_nothing(asked: Any, refusal: Any) -> None:
    with pytest.raises(refusal):
        ask(**asked)
    assert not Statement.objects.exists()
    assert not Event.objects.filter(kind="statement.requested").exists()


def test_a_fund_statement_names_no_donor() -> None:
    donor = donor_worlds.a_donor()
    with pytest.raises(Unacceptable):
        ask(donor_id=donor.pk)


# --- what PostgreSQL keeps -----------------------------------------------------------------------------------------


def test_handing_out_checks_the_hash_and_records_both_outcomes() -> None:
    statements_world.a_fund()
    auditor = people.someone(RoleName.AUDITOR)
    asked = ask(auditor)
    with pytest.raises(WrongState):
        operations.hand_out(statement_id=asked.pk, actor=auditor, at=people.NOON)
    issued = operations.issue_statement(statement_id=asked.pk, at=people.NOON)
    handed = operations.hand_out(statement_id=asked.pk, actor=auditor, at=people.NOON)
    assert documents.sha256_of(handed.content) == issued.sha256
    path = documents.path_of(issued.sha256)
    path.chmod(0o640)
    path.write_bytes(path.read_bytes() + b" ")
    handed = operations.hand_out(statement_id=asked.pk, actor=auditor, at=people.NOON)
    assert handed.content == b""
    assert "SHA-256 differs" in handed.altered
    assert list(Event.objects.filter(about=asked.pk, by=auditor).order_by("id").values_list("kind", flat=True)) == [
        "statement.requested",
        "statement.downloaded",
        "statement.found_altered",
    ]


@pytest.mark.parametrize("table", ["assurance_statement", "assurance_issueddocument"])
@pytest.mark.parametrize("change", ["UPDATE {} SET language = 'xx'", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_requests_and_documents_only_grow_even_for_a_superuser(superuser: Any, table: Any, change: Any) -> None:
    import psycopg2

    statements_world.a_fund()
    operations.issue_statement(statement_id=ask().pk, at=people.NOON)
    statement = change.format(table).replace(
        "language = 'xx'", "file_name = 'x'" if table.endswith("document") else "language = 'xx'"
    )
    with pytest.raises(psycopg2.DatabaseError) as refused, superuser.cursor() as cursor:
        cursor.execute(statement)
    assert refused.value.pgcode == "TF001"


def test_what_is_issued_stays_issued_and_needs_its_document(superuser: Any) -> None:
    import psycopg2

    statements_world.a_fund()
    asked, waiting = ask(), ask()
    operations.issue_statement(statement_id=asked.pk, at=people.NOON)
    for pk, change, code in (
        (asked.pk, "UPDATE assurance_statementprogress SET state = 'requested' WHERE statement_id = %s", "TF501"),
        (waiting.pk, "UPDATE assurance_statementprogress SET state = 'issued' WHERE statement_id = %s", "TF502"),
        (waiting.pk, "DELETE FROM assurance_statementprogress WHERE statement_id = %s", "TF001"),
    ):
        with pytest.raises(psycopg2.DatabaseError) as refused, superuser.cursor() as cursor:
            cursor.execute(change, [str(pk)])
        assert refused.value.pgcode == code
        superuser.rollback()


def test_the_application_itself_cannot_change_a_document() -> None:
    statements_world.a_fund()
    issued = operations.issue_statement(statement_id=ask().pk, at=people.NOON)
    with pytest.raises(DatabaseError):
        IssuedDocument.objects.filter(pk=issued.pk).update(sha256="0" * 64)


def test_a_request_survives_a_broker_that_is_down(caplog: pytest.LogCaptureFixture) -> None:
    from celery import Celery

    from trustfund.celery import app

    Celery("down", broker="redis://127.0.0.1:1/0", set_as_current=True)
    try:
        asked = ask()
    finally:
        app.set_current()
    assert f"Statement {asked.pk} waits: the broker could not be told." in caplog.text
    assert StatementProgress.objects.get(pk=asked.pk).state == State.REQUESTED
    with clock.moved_to(people.NOON + queries.STUCK_AFTER + timedelta(seconds=1)):
        tasks.render_waiting()
    assert StatementProgress.objects.get(pk=asked.pk).state == State.ISSUED
