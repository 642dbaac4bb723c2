"""A file of contributions is looked at before anything is written, then brought over once, whatever is killed."""

import threading
from decimal import Decimal
from typing import Any

import psycopg2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.urls import reverse

from donors import operations, queries, tasks
from donors.contributions import LARGEST_FILE, Fate, rows_of
from donors.models import Agreement, ContributionFate, ContributionFile, Donor, Pledge, Receipt
from ledger import queries as ledger_queries
from ledger.models import Entry
from tests import contribution_worlds, donor_worlds, people
from tests.contribution_worlds import a_file, a_pledge_row, a_row, content
from trustfund.core import clock
from trustfund.core.models import Event
from trustfund.core.refusals import AlreadyDone, NotPermitted, Unacceptable
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = (
    a_row(),
    a_pledge_row(ContributionCode="X-2", Donor="Orlene"),
    a_row(ContributionCode="X-3", OutstandingAmountUSD="5.00"),
    a_row(ContributionCode="X-4", ReceivedDate="2026-12-31"),
    a_row(ContributionCode="=cmd()", Donor="@SUM(A1)", CountryCode=""),
)


def everything() -> list[int]:
    return [model.objects.count() for model in (Donor, Agreement, Pledge, Receipt, Entry)]


def start(file: ContributionFile) -> ContributionFile:
    return operations.start_contribution_file(file_id=file.pk, actor=donor_worlds.secretariat(), at=people.NOON)


def run(file: ContributionFile) -> ContributionFile:
    operations.bring_over_file(file_id=file.pk, at=people.NOON)
    return ContributionFile.objects.get(pk=file.pk)


def foretold(file: ContributionFile) -> list[tuple[int, Fate, str]]:
    rows = queries.foretold(rows_of(bytes(file.content)), people.NOON.date())
    return [(row.line, row.fate, row.words) for row in rows]


def written(file: ContributionFile) -> list[tuple[int, Fate, str]]:
    return [(row.line, row.fate, row.words) for row in queries.written_fates(file)]


def test_every_rows_fate_is_foretold_before_anything_is_written_and_comes_true() -> None:
    before = everything()
    file = a_file(*ROWS)
    told = foretold(file)
    assert everything() == before
    assert [(line, fate) for line, fate, _words in told] == [
        (2, Fate.NEW),
        (3, Fate.NEW),
        (4, Fate.REFUSED),
        (5, Fate.REFUSED),
        (6, Fate.NEW),
    ]
    assert [words for _line, _fate, words in told][:2] == ["signed, received", "signed"]
    assert "does not add up" in told[2][2]
    assert told[3][2] == "2026-12-31 lies in the future."
    done = run(start(file))
    assert (done.done, done.total, done.is_moving) == (5, 5, False)
    assert [(line, fate) for line, fate, _words in written(done)] == [(line, fate) for line, fate, _words in told]
    assert Pledge.objects.count() == 3
    assert Receipt.objects.get(bank_reference="X-1").fee_usd.figure == "10.11"
    finished = Event.objects.get(kind="contribution_file.finished").facts
    assert {fate: finished[fate] for fate in ("new", "there", "refused")} == {"new": 3, "there": 0, "refused": 2}
    assert all(sums.is_even for sums in ledger_queries.sums_of(ledger_queries.trial_balance()))


def test_running_it_again_records_nothing_twice() -> None:
    file = start(a_file(*ROWS))
    run(file)
    after = everything()
    run(file)
    assert everything() == after
    # The same rows in another file: all that can be is there already.
    other = start(a_file(*ROWS, a_row(ContributionCode="X-9", CountryCode="")))
    assert [fate for _line, fate, _words in foretold(other)].count(Fate.THERE) == 3
    run(other)
    assert [fate for _line, fate, _words in written(other)] == [
        Fate.THERE,
        Fate.THERE,
        Fate.REFUSED,
        Fate.REFUSED,
        Fate.THERE,
        Fate.NEW,
    ]
    with pytest.raises(AlreadyDone):
        start(file)
    assert a_file(*ROWS) == file


def test_a_worker_that_dies_between_two_rows_leaves_a_file_that_the_next_one_ends(monkeypatch: Any) -> None:
    file = start(a_file(*ROWS))
    from donors.operations import contribution_files

    real = contribution_files._write

    class Killed(BaseException):
        """What a worker sees last."""

    def dies(*args: Any) -> None:
        if args[1].line == 3:
            raise Killed
        real(*args)

    monkeypatch.setattr(contribution_files, "_write", dies)
    with pytest.raises(Killed):
        run(file)
    monkeypatch.undo()
    assert ContributionFile.objects.get(pk=file.pk).is_moving
    assert ContributionFate.objects.count() == 1
    with clock.moved_to(people.NOON.replace(hour=13)):
        tasks.bring_over_waiting()
    done = ContributionFile.objects.get(pk=file.pk)
    assert not done.is_moving
    # What was recorded and not yet written down is there already.
    assert [fate for _line, fate, _words in written(done)][:2] == [Fate.NEW, Fate.THERE]
    assert Pledge.objects.count() == 3


def test_two_workers_at_once_bring_it_over_once() -> None:
    file = start(a_file(*ROWS))

    def work() -> None:
        try:
            operations.bring_over_file(file_id=file.pk, at=people.NOON)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [fate for _line, fate, _words in written(file)].count(Fate.NEW) == 3
    assert Pledge.objects.count() == 3


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"\xff\xfe\x00bad",
        content(a_row()) + b"\x00",
        b"PK\x03\x04 a spreadsheet",
        b"%PDF-1.7",
        content(),
        b"x" * (LARGEST_FILE + 1),
        content(*(a_row(ContributionCode=f"X-{number}") for number in range(5001))),
    ],
    ids=["empty", "utf-16", "zero bytes", "zip", "pdf", "no row", "too large", "too many rows"],
)
def test_a_hostile_file_is_refused_and_not_kept(hostile: bytes) -> None:
    with pytest.raises(Unacceptable):
        operations.bring_contribution_file(
            name="../../etc/passwd\x00\n",
            content=hostile,
            fee_rate=Decimal(0),
            actor=donor_worlds.secretariat(),
            at=people.NOON,
        )
    assert not ContributionFile.objects.exists()


def test_only_the_secretariat_brings_files_and_a_name_is_never_trusted() -> None:
    file = a_file(name="../../etc\x00/passwd\n<script>")
    assert file.name == "../../etc/passwd<script>"
    with pytest.raises(NotPermitted):
        operations.start_contribution_file(file_id=file.pk, actor=people.someone(RoleName.AUDITOR), at=people.NOON)
    client = Client()
    client.force_login(donor_worlds.secretariat())
    with clock.moved_to(people.NOON):
        page = client.get(reverse("donors:contribution_file", args=[file.pk])).content.decode()
    assert "<script>" not in page.replace('<script src="', "")
    assert "etc/passwd&lt;script&gt;" in page


def test_it_is_brought_looked_at_and_started_in_the_browser() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(donor_worlds.secretariat())
    address = reverse("donors:contribution_file_new")
    with clock.moved_to(people.NOON):
        assert address in client.get(reverse("donors:donors")).content.decode()
        client.get(address)
        token = client.cookies["csrftoken"].value
        upload = SimpleUploadedFile("contributions.csv", content(*ROWS), content_type="application/x-msdownload")
        brought = client.post(address, {"file": upload, "fee_rate": "0.01", "csrfmiddlewaretoken": token})
        page = " ".join(client.get(brought.url).content.decode().split())
        assert "What would become of every row" in page
        assert "signed, received" in page
        assert not Pledge.objects.exists()
        assert client.post(brought.url, {"csrfmiddlewaretoken": token}).status_code == 302
        file = ContributionFile.objects.get()
        moving = client.get(brought.url).content.decode()
        progress = reverse("donors:contribution_file_progress", args=[file.pk])
        assert f'hx-get="{progress}"' in moving
        tasks.bring_over_file(file_id=str(file.pk))
        panel = client.get(progress, headers={"HX-Request": "true"}).content.decode()
    assert "hx-get" not in panel
    assert "Every row is done" in panel
    assert Pledge.objects.count() == 3
    wrong = SimpleUploadedFile("x.csv", b"PK\x03\x04")
    refused = client.post(address, {"file": wrong, "fee_rate": "0", "csrfmiddlewaretoken": token})
    assert refused.status_code == 422


def test_postgresql_keeps_the_file_and_its_fates(superuser: Any) -> None:
    file = start(a_file(*ROWS))
    run(file)
    waiting = contribution_worlds.a_file(donor="Orlene")
    finish = (
        "UPDATE donors_contributionfile SET started_by_id = brought_by_id, started_at = now(), moved_at = now(), "
        "finished_at = now() WHERE id = %s"
    )
    for change, pk, code in (
        ("UPDATE donors_contributionfile SET done = 0 WHERE id = %s", file.pk, "TF354"),
        ("UPDATE donors_contributionfile SET content = 'x' WHERE id = %s", waiting.pk, "TF354"),
        (finish, waiting.pk, "TF354"),
        ("DELETE FROM donors_contributionfile WHERE id = %s", waiting.pk, "TF001"),
        ("UPDATE donors_contributionfate SET fate = 'new' WHERE file_id = %s", file.pk, "TF001"),
    ):
        with pytest.raises(psycopg2.DatabaseError) as refused, superuser.cursor() as cursor:
            cursor.execute(change, [str(pk)])
        assert refused.value.pgcode == code, change
        superuser.rollback()
