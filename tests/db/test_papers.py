"""A paper is asked for by what happened, once for each version of it, and says it as the books do."""

import subprocess
import threading
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg2
import pytest
from django.db import IntegrityError, connections, transaction
from django.test import Client
from django.urls import reverse

from assurance import contents, documents, operations, queries, tasks
from assurance.kinds import ASKED_FOR_BY, PAPERS, READ_BY, SERIES, Kind
from assurance.models import IssuedDocument, Statement
from donors import operations as donors_operations
from donors.models import Agreement, Receipt
from donors.operations import Rescheduled
from ledger import queries as ledger_queries
from tests import donor_worlds, people
from trustfund.core import clock, events
from trustfund.core.models import Announcement, Event
from trustfund.core.money import Money
from trustfund.core.refusals import Missing, NotPermitted
from trustfund.core.roles import RoleName
from trustfund.notices import operations as notices
from trustfund.notices import tasks as notices_tasks

pytestmark = pytest.mark.django_db(transaction=True)
LATER = people.NOON + timedelta(minutes=3)


@pytest.fixture(autouse=True)
def _documents_of_their_own(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def a_receipt() -> Receipt:
    """Let EUR 5,900,000.00 arrive at 0.921 (R1's figures) against a pledge of EUR 40 million in five parts."""
    donor_worlds.a_rate("EUR", "0.921")
    return donor_worlds.a_receipt(donor_worlds.a_signed_pledge(), "5900000.00", on=date(2024, 6, 24))


def event_of(receipt: Receipt, kind: str = "receipt.recorded") -> Event:
    return Event.objects.get(kind=kind, about=receipt.pk)


def reverse_it(receipt: Receipt) -> None:
    donors_operations.reverse_receipt(
        receipt_id=receipt.pk,
        reason="The bank took the money back.",
        reversed_on=date(2024, 7, 1),
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )


def paper_of(receipt: Receipt, kind: str = "receipt.recorded") -> Statement:
    asked = operations.ask_for_paper(event_id=event_of(receipt, kind).pk, at=people.NOON)
    assert asked is not None
    return asked


def text_of(paper: Statement) -> str:
    issued = operations.issue_statement(statement_id=paper.pk, at=people.NOON)
    done = subprocess.run(
        ["pdftotext", "-layout", str(documents.path_of(issued.sha256)), "-"], capture_output=True, check=True, text=True
    )
    return " ".join(done.stdout.split())


def test_an_acknowledgement_prints_what_the_books_say() -> None:
    receipt = a_receipt()
    paper = paper_of(receipt)
    text = text_of(paper)
    entry = ledger_queries.entries_about(receipt.pk).get()
    assert paper.number == "ACK-2026-0001"
    for said in (
        f"Acknowledgement of a receipt {paper.number}",
        f"Ministry for Foreign Affairs, {receipt.pledge.donor.name}",
        "Received Settles of the pledge Worth on the value date Reached the pool",
        "EUR 5,900,000.00 EUR 5,900,000.00 USD 6,406,080.35 USD 6,342,019.55",
        f"Bank reference {receipt.bank_reference}",
        "Value date 24 June 2024",
        f"Ledger entry no. {entry.pk}, receipt.recorded {receipt.reference}",
        "0.921 EUR per USD",
        "in force from 1 January 2024",
        "Gross, at the rate of the value date 6,406,080.35",
        "Administrative agent fee, 1% of the gross 64,060.80",
        "Net, to the pool 6,342,019.55",
        "Worth at the rate of the pledge 6,490,000.00",
        "\N{MINUS SIGN}83,919.65",
        "1 30 Jun 2024 8,000,000.00 5,900,000.00",
        "SHA-256",
    ):
        assert said in text


def test_a_receipt_that_is_undone_gets_a_notice_and_keeps_its_acknowledgement() -> None:
    receipt = a_receipt()
    first = paper_of(receipt)
    before = operations.issue_statement(statement_id=first.pk, at=people.NOON)
    reverse_it(receipt)
    notice = paper_of(receipt, "receipt.reversed")
    text = text_of(notice)
    assert notice.number == "CAN-2026-0001"
    assert "The bank took the money back." in text
    assert f"Receipt {receipt.reference} was undone on 1 July 2024." in text
    undone = ledger_queries.entries_about(receipt.pk).get(reverses__isnull=False)
    assert f"Entry no. {undone.pk} of the fund's double-entry ledger takes back entry no. {undone.reverses_id}" in text
    # What was said of the receipt before is said of it still.
    assert contents.as_json(contents.gather(first)) == before.contents


def test_an_acknowledgement_set_again_after_the_reversal_has_the_same_bytes() -> None:
    receipt = a_receipt()
    paper = paper_of(receipt)
    issued = operations.issue_statement(statement_id=paper.pk, at=people.NOON)
    reverse_it(receipt)
    from assurance.rendering import render

    again = render(contents.TEMPLATES[Kind.RECEIPT], contents.context(paper, contents.gather(paper)))
    assert documents.sha256_of(again.content) == issued.sha256


def test_an_amendment_that_comes_later_changes_no_paper_of_before() -> None:
    receipt = a_receipt()
    pledge = receipt.pledge
    call = donor_worlds.a_call(pledge)
    event = Event.objects.get(kind="call.issued", about=call.pk)
    notice = operations.ask_for_paper(event_id=event.pk, at=people.NOON)
    assert notice is not None
    papers = (paper_of(receipt), notice)
    before = [contents.as_json(contents.gather(paper)) for paper in papers]
    assert [said["agreement_version"] for said in before] == [1, 1]
    agreement = Agreement.objects.get(pk=pledge.agreement_id)
    donors_operations.amend_agreement(
        agreement_id=agreement.pk,
        terms=replace(agreement.terms, signed_on=date(2024, 2, 1), fee_rate=Decimal("0.02")),
        rescheduled=[Rescheduled(pledge.pk, [(date(2030, 6, 30), Money.of("50000000.00", "EUR"))], None)],
        actor=donor_worlds.secretariat(),
        at=LATER,
    )
    pledge.refresh_from_db()
    assert (pledge.amount, pledge.agreement_id == agreement.pk) == (Money.of("58000000.00", "EUR"), False)
    assert [contents.as_json(contents.gather(paper)) for paper in papers] == before


def test_the_announcer_asks_for_the_paper_once_before_anybody_is_told() -> None:
    receipt = a_receipt()
    event = event_of(receipt)
    assert [notices.announce(event_id=event.pk, at=people.NOON) for _ in range(2)] == [True, True]
    paper = Statement.objects.get(subject=receipt.pk)
    assert (paper.kind, paper.version, paper.donor, paper.requested_by) == (
        Kind.RECEIPT,
        1,
        receipt.pledge.donor,
        receipt.recorded_by,
    )
    assert Event.objects.filter(kind="paper.requested", about=paper.pk).count() == 1


def test_what_a_broker_that_was_down_did_not_announce_gets_its_paper_from_beat() -> None:
    receipts = [a_receipt(), donor_worlds.money_in("1000.00")]
    for _ in range(2):
        with clock.moved_to(LATER):
            notices_tasks.announce_missed()
    assert sorted(Statement.objects.values_list("subject", "number")) == sorted(
        zip([receipt.pk for receipt in receipts], ["ACK-2026-0001", "ACK-2026-0002"], strict=True)
    )
    with clock.moved_to(LATER + queries.STUCK_AFTER * 2):
        tasks.render_waiting()
    assert IssuedDocument.objects.count() == 2


def test_an_event_whose_paper_could_not_be_asked_for_is_not_announced() -> None:
    receipt = a_receipt()
    event = event_of(receipt)
    # The number is taken, as a fault of the counter would have it.
    Statement.objects.create(**facts_of(Kind.DECISION, subject=uuid4(), version=1, number="ACK-2026-0001"))
    with pytest.raises(IntegrityError):
        notices.announce(event_id=event.pk, at=people.NOON)
    assert not Announcement.objects.filter(event=event).exists()
    assert not Statement.objects.filter(subject=receipt.pk).exists()


def test_asking_at_once_from_four_workers_asks_once() -> None:
    event = event_of(a_receipt())
    answers: list[Any] = []

    def work() -> None:
        try:
            answers.append(operations.ask_for_paper(event_id=event.pk, at=people.NOON))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(answers) == 4
    assert {answer.pk for answer in answers} == {Statement.objects.get().pk}


def test_an_event_that_calls_for_no_paper_gets_none() -> None:
    pledge = donor_worlds.a_signed_pledge()
    event = Event.objects.get(kind="pledge.signed", about=pledge.pk)
    assert operations.ask_for_paper(event_id=event.pk, at=people.NOON) is None
    with pytest.raises(Missing):
        operations.ask_for_paper(event_id=0, at=people.NOON)
    assert not Statement.objects.exists()


def test_a_later_version_of_the_same_thing_gets_a_paper_of_its_own() -> None:
    receipt = a_receipt()
    with transaction.atomic():
        second = events.record("receipt.recorded", about=receipt.pk, by=None, at=people.NOON, version=2)
    papers = [paper_of_event(event) for event in (event_of_version(receipt, 1), second, second)]
    assert [paper.version for paper in papers] == [1, 2, 2]
    assert Statement.objects.count() == 2


def event_of_version(receipt: Receipt, version: int) -> Event:
    return Event.objects.filter(kind="receipt.recorded", about=receipt.pk).order_by("id")[version - 1]


def paper_of_event(event: Event) -> Statement:
    paper = operations.ask_for_paper(event_id=event.pk, at=people.NOON)
    assert paper is not None
    return paper


# --- who reads what ------------------------------------------------------------------------------------------------


def facts_of(kind: Kind, **given: Any) -> dict[str, Any]:
    return {
        "number": f"T-{uuid4().hex[:8]}",
        "kind": kind,
        "as_of": people.NOON.date(),
        "language": "en",
        "requested_at": people.NOON,
        **given,
    }


def a_public_paper() -> Statement:
    """Issue a paper that everybody may read, as its own room will."""
    paper = Statement.objects.create(**facts_of(Kind.DECISION, subject=uuid4(), version=1))
    content = b"%PDF-1.7 a decision"
    IssuedDocument.objects.create(
        statement=paper,
        sha256=documents.store(content),
        size=len(content),
        pages=1,
        file_name="decision.pdf",
        contents={},
        issued_at=people.NOON,
    )
    return paper


def test_a_donor_reads_its_own_papers_and_nobody_elses() -> None:
    receipt, other = a_receipt(), donor_worlds.money_in("1000.00")
    mine, theirs = paper_of(receipt), paper_of(other)
    speaker = donor_worlds.a_representative(receipt.pledge.donor)
    assert list(queries.papers_for(speaker)) == [mine]
    assert list(queries.papers_about(other.pk, speaker)) == []
    with pytest.raises(Missing):
        operations.hand_out(statement_id=theirs.pk, actor=speaker, at=people.NOON)
    for reader in (people.someone(RoleName.AUDITOR), people.someone(RoleName.SECRETARIAT)):
        assert set(queries.papers_for(reader)) == {mine, theirs}
    for stranger in (
        people.someone(RoleName.COMMITTEE_MEMBER),
        people.someone(RoleName.SECRETARIAT, is_seconded=True),
        None,
    ):
        assert not queries.documents_for(stranger).exists()


def test_nobody_asks_for_a_paper_by_hand() -> None:
    auditor = people.someone(RoleName.AUDITOR)
    for kind in PAPERS:
        with pytest.raises(NotPermitted):
            operations.request_statement(
                kind=kind, as_of=people.NOON.date(), donor_id=None, actor=auditor, at=people.NOON
            )


def test_the_world_reads_what_is_public_and_no_other_paper() -> None:
    public, private = a_public_paper(), paper_of(a_receipt())
    operations.issue_statement(statement_id=private.pk, at=people.NOON)
    found = Client().get(reverse("assurance:public_paper", args=[public.pk]))
    assert (found.status_code, found.content) == (200, b"%PDF-1.7 a decision")
    assert Client().get(reverse("assurance:public_paper", args=[private.pk])).status_code == 404
    listed = Client().get(reverse("assurance:papers_about", args=[public.subject])).content.decode()
    addresses = [reverse(f"assurance:{name}", args=[public.pk]) for name in ("public_paper", "statement", "download")]
    assert [address in listed for address in addresses] == [True, False, False]
    assert (
        private.number not in Client().get(reverse("assurance:papers_about", args=[private.subject])).content.decode()
    )
    path = documents.path_of(IssuedDocument.objects.get(pk=public.pk).sha256)
    path.chmod(0o640)
    path.write_bytes(b"%PDF-1.7 another decision")
    assert Client().get(reverse("assurance:public_paper", args=[public.pk])).status_code == 404
    assert Event.objects.filter(kind="paper.found_altered", about=public.pk).count() == 1


def test_a_receipts_page_leads_to_its_acknowledgement() -> None:
    receipt = a_receipt()
    paper = paper_of(receipt)
    speaker = donor_worlds.a_representative(receipt.pledge.donor)
    client = Client()
    client.force_login(speaker)
    address = reverse("assurance:papers_about", args=[receipt.pk])
    assert address in client.get(reverse("donors:receipt", args=[receipt.pk])).content.decode()
    panel = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert reverse("assurance:statement", args=[paper.pk]) in panel
    assert "<html" not in panel
    assert paper.number in client.get(reverse("assurance:papers")).content.decode()
    assert paper.number in client.get(address).content.decode()
    # A paper is no statement: it does not stand among those.
    assert paper.number not in client.get(reverse("assurance:statements")).content.decode()


# --- what PostgreSQL and the tables keep ---------------------------------------------------------------------------


def test_every_kind_has_a_series_readers_and_if_asked_for_a_way_to_be_made() -> None:
    assert set(SERIES) == set(READ_BY) == set(Kind)
    assert set(ASKED_FOR_BY.values()) == set(contents.PAPERS)
    assert set(contents.PAPERS) <= set(PAPERS)
    series = [SERIES[kind] for kind in PAPERS]
    assert len(set(series)) == len(series)


@pytest.mark.parametrize(
    ("spoil", "constraint"),
    [
        ({"subject": None, "version": 0}, "a_paper_is_about_something_in_a_version"),
        ({"version": 0}, "a_paper_is_about_something_in_a_version"),
        ({"kind": Kind.SOURCES_AND_USES, "donor": None}, "a_paper_is_about_something_in_a_version"),
        ({"donor": None}, "what_a_donor_reads_names_the_donor"),
        ({"kind": "letter", "donor": None, "subject": None, "version": 0}, "a_statement_is_of_a_known_kind"),
        ({}, "a_version_has_one_paper_of_a_kind"),
    ],
)
def test_postgresql_refuses_a_paper_that_cannot_be(spoil: Any, constraint: Any) -> None:
    receipt = a_receipt()
    paper_of(receipt)
    good = facts_of(
        Kind.RECEIPT, subject=receipt.pk, version=1, donor=receipt.pledge.donor, requested_by=donor_worlds.secretariat()
    )
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Statement.objects.create(**{**good, **spoil})


def test_a_paper_is_never_changed(superuser: Any) -> None:
    paper = paper_of(a_receipt())
    with pytest.raises(psycopg2.DatabaseError) as refused, superuser.cursor() as cursor:
        cursor.execute("UPDATE assurance_statement SET version = 2 WHERE id = %s", [str(paper.pk)])
    assert refused.value.pgcode == "TF001"
