"""Calls: asked for once, in the donor's language, withdrawn on record, and money moves by none of them."""

from datetime import date, timedelta
from email.header import decode_header, make_header
from typing import Any

import psycopg2
import pytest
from django.core import mail
from pypdf import PdfReader

from assurance import documents
from assurance import operations as assurance_operations
from assurance import queries as assurance_queries
from assurance.kinds import Kind
from donors import operations, queries
from donors.models import Call, Representative, WithdrawnCall
from ledger.models import Entry
from tests import donor_worlds, people
from tests.call_worlds import DUE, a_pledge, announce_all, issue, on, paid, remind
from trustfund.core.models import Event
from trustfund.core.refusals import AlreadyDone, Missing, NotPermitted, Unacceptable, WrongState
from trustfund.core.roles import RoleName
from trustfund.notices import operations as notices

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_call_marks_the_pledge_asks_for_its_notice_and_moves_no_money(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    pledge, _person = a_pledge(years=2)
    entries = Entry.objects.count()
    call = issue(pledge)
    assert (call.amount, call.version) == (pledge.instalments.get(number=1).amount, 1)
    pledge.refresh_from_db()
    assert pledge.status == "called"
    assert Entry.objects.count() == entries
    event = Event.objects.get(kind="call.issued", about=call.pk)
    notices.announce(event_id=event.pk, at=on(-50))
    (paper,) = assurance_queries.papers_about(call.pk, donor_worlds.secretariat())
    assert (paper.kind, paper.number, paper.donor) == (Kind.CALL_NOTICE, "CN-2026-0001", pledge.donor)
    (letter,) = mail.outbox
    assert letter.subject == f"Call notice for {pledge.reference}/1"
    assert "falls due in 50 days, on 30 September 2026" in letter.body
    assert "1,000" not in letter.subject + letter.body
    assert letter.from_email.startswith('"The secretariat, ')
    issued = assurance_operations.issue_statement(statement_id=paper.pk, at=on(-50))
    printed = " ".join(PdfReader(documents.path_of(issued.sha256)).pages[0].extract_text().split())
    for said in ("Call notice CN-2026-0001", "USD 1,000.00", "30 September 2026", f"{pledge.reference}/1", "agreement"):
        assert said in printed


def test_a_called_pledge_takes_money_and_is_called_again_when_it_was_taken_back():
    pledge, _person = a_pledge(years=2)
    issue(pledge)
    receipt = donor_worlds.a_receipt(pledge, "400.00", on=date(2026, 7, 1))
    issue(pledge)
    with pytest.raises(AlreadyDone):
        issue(pledge)
    assert [call.amount.figure for call in Call.objects.order_by("version")] == ["1,000.00", "600.00"]
    operations.reverse_receipt(
        receipt_id=receipt.pk,
        reason="Taken back",
        reversed_on=people.NOON.date(),
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )
    pledge.refresh_from_db()
    assert pledge.status == "called"
    assert issue(pledge).version == 3


REFUSED = [
    (lambda pledge: {"instalment_id": 0}, Missing, "no such instalment"),
    (lambda pledge: {"actor": people.someone(RoleName.AUDITOR)}, NotPermitted, "Only the secretariat"),
    (lambda pledge: {"actor": people.someone(RoleName.SECRETARIAT, is_seconded=True)}, NotPermitted, "Seconded"),
    (lambda pledge: {"instalment_id": paid().instalments.get().pk}, WrongState, "paid in full"),
    (lambda pledge: {"at": on(-401)}, Unacceptable, "more than a year ahead"),
]


@pytest.mark.parametrize(("spoil", "refusal", "words"), REFUSED)
def test_a_call_that_cannot_be_is_refused(spoil, refusal, words):
    pledge, _person = a_pledge()
    with pytest.raises(refusal, match=words):
        issue(pledge, **spoil(pledge))
    assert Call.objects.count() == 0


def test_a_donor_that_chose_french_is_called_and_reminded_in_french(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    pledge, person = a_pledge()
    speaks = person.represents.get()

    def choose(**other: Any) -> Representative:
        given = {"representative_id": speaks.pk, "language": "fr", "actor": person, "at": on(-60)}
        return operations.choose_language(**given | other)

    stranger = donor_worlds.a_representative(donor_worlds.a_donor())
    for spoil, refusal, words in [
        ({"representative_id": 0}, Missing, "speaks for no donor now"),
        ({"actor": stranger}, NotPermitted, "Only the secretariat"),
        ({"language": "tlh"}, Unacceptable, "no letters in this language"),
        ({"language": "en"}, AlreadyDone, "in this language already"),
    ]:
        with pytest.raises(refusal, match=words):
            choose(**spoil)
    assert queries.language_of(pledge.donor) == "en"
    choose()
    assert queries.language_of(pledge.donor) == "fr"
    assert Event.objects.filter(kind="language.chosen", about=pledge.donor_id).count() == 1

    event = Event.objects.get(kind="call.issued", about=issue(pledge).pk)
    notices.announce(event_id=event.pk, at=on(-50))
    remind(on(-7))
    announce_all(on(-7))
    call, reminder = mail.outbox
    assert (call.subject, reminder.subject) == (
        f"Appel de fonds pour {pledge.reference}/1",
        f"{pledge.reference} : l’échéance 1 échoit dans 7 jours, le 30 septembre 2026",
    )
    assert "échoit dans 50 jours, le 30 septembre 2026" in call.body
    assert "Rien ne se décide par courriel" in call.body
    assert str(make_header(decode_header(call.from_email))).startswith("Le secrétariat, ")
    (paper,) = assurance_queries.papers_about(event.about, person)
    issued = assurance_operations.issue_statement(statement_id=paper.pk, at=on(-50))
    printed = " ".join(PdfReader(documents.path_of(issued.sha256)).pages[0].extract_text().split())
    for said in ("Appel de fonds CN-2026-0001", "11 août 2026", "Où payer", "30 septembre 2026", "USD 1,000.00"):
        assert said in printed
    # The pages stay in English, and so does what others are written.
    choose(language="en", actor=donor_worlds.secretariat())
    assert queries.language_of(pledge.donor) == "en"


def withdraw(call: Call, **other: Any) -> WithdrawnCall:
    given = {"call_id": call.pk, "reason": "It named the old account.", "actor": donor_worlds.secretariat()}
    return operations.withdraw_call(**given | {"at": on(-49)} | other)


def test_a_call_is_withdrawn_with_a_paper_and_the_instalment_is_called_anew(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    pledge, _person = a_pledge(years=2)
    call, entries = issue(pledge), Entry.objects.count()
    assert queries.uncalled_count(on(-49).date(), 60) == 0
    withdraw(call)
    pledge.refresh_from_db()
    assert (pledge.status, Entry.objects.count(), queries.is_called(pledge)) == ("signed", entries, False)
    assert queries.uncalled_count(on(-49).date(), 60) == 1
    assert [step.state for step in queries.steps_of(pledge)][-2:] == ["called", "withdrawn"]
    event = Event.objects.get(kind="call.withdrawn", about=call.pk)
    notices.announce(event_id=event.pk, at=on(-49))
    assert [letter.subject for letter in mail.outbox] == [f"The call for {pledge.reference}/1 is withdrawn"]
    (paper,) = assurance_queries.papers_about(call.pk, donor_worlds.secretariat())
    assert (paper.kind, paper.number, paper.donor) == (Kind.CALL_WITHDRAWN, "CW-2026-0001", pledge.donor)
    issued = assurance_operations.issue_statement(statement_id=paper.pk, at=on(-49))
    printed = " ".join(PdfReader(documents.path_of(issued.sha256)).pages[0].extract_text().split())
    for said in ("USD 1,000.00", f"{pledge.reference}/1", "Nothing is to be paid on it", "It named the old account."):
        assert said in printed
    # The instalment is due as before, and is called anew for the same amount.
    (again,) = operations.issue_calls(within_days=60, actor=donor_worlds.secretariat(), at=on(-48))
    pledge.refresh_from_db()
    assert (again.version, again.amount, pledge.status) == (2, call.amount, "called")


def test_a_call_that_cannot_be_withdrawn_is_refused(superuser):
    pledge, _person = a_pledge()
    first = issue(pledge)
    withdraw(first)
    with pytest.raises(AlreadyDone, match="withdrawn already"):
        withdraw(first)
    second = issue(pledge, at=on(-48))
    other, _person = a_pledge()
    replaced = issue(other)
    donor_worlds.a_receipt(other, "400.00", on=date(2026, 7, 1))
    issue(other, at=on(-48))
    for call, spoil, refusal, words in [
        (second, {"call_id": pledge.pk}, Missing, "no such call"),
        (second, {"actor": people.someone(RoleName.AUDITOR)}, NotPermitted, "Only the secretariat"),
        (second, {"reason": " "}, Unacceptable, "Write why"),
        (replaced, {}, WrongState, "A later call took the place"),
    ]:
        with pytest.raises(refusal, match=words):
            withdraw(call, **spoil)
    donor_worlds.a_receipt(pledge, "1000.00", on=date(2026, 7, 1))
    with pytest.raises(WrongState, match="has come"):
        withdraw(second)
    assert WithdrawnCall.objects.count() == 1
    row = "INSERT INTO donors_withdrawncall (call_id, reason, withdrawn_at, withdrawn_by_id) SELECT id, {}, {}, "
    row += "issued_by_id FROM donors_call WHERE id = '{}'"
    for change, rule in [
        (row.format("'Late'", "issued_at", replaced.pk), "only_the_latest_call_is_withdrawn"),
        (row.format("'Early'", "issued_at - interval '1 hour'", second.pk), "only_the_latest_call_is_withdrawn"),
        (row.format("''", "issued_at", second.pk), "a_call_is_withdrawn_for_a_reason"),
        ("UPDATE donors_withdrawncall SET reason = 'x'", "TF001"),
        ("DELETE FROM donors_withdrawncall", "TF001"),
    ]:
        with pytest.raises(psycopg2.DatabaseError) as refused, superuser.cursor() as cursor:
            cursor.execute(change)
        superuser.rollback()
        assert rule in {refused.value.pgcode, refused.value.diag.constraint_name}


def test_everything_due_within_some_days_is_called_at_once():
    for offset in (0, 20, 70):
        a_pledge(due=DUE + timedelta(days=offset))
    issued = operations.issue_calls(within_days=60, actor=donor_worlds.secretariat(), at=on(-30))
    assert len(issued) == 2
    assert operations.issue_calls(within_days=60, actor=donor_worlds.secretariat(), at=on(-30)) == []
    with pytest.raises(Unacceptable):
        operations.issue_calls(within_days=401, actor=donor_worlds.secretariat(), at=on(-30))


# --- reminders ------------------------------------------------------------------------------------------------------
