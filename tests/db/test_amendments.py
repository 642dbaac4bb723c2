"""Amendments: the next version of an agreement, its pledges' new schedules, and an old day that still shows the old."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import psycopg2
import pytest

from assurance.contents import donor_account
from donors import operations, queries
from donors.models import Agreement, Instalment, Pledge, PledgeVersion, Replacement
from donors.operations import Rescheduled
from donors.redlines import redline
from donors.terms import USUAL_DAYS, MonthDay, Paper, Report, Wording
from ledger import chart
from ledger import queries as ledger_queries
from ledger.models import Entry
from tests import donor_worlds, people
from trustfund.core import documents
from trustfund.core.models import Event
from trustfund.core.money import Money
from trustfund.core.refusals import Conflict, Missing, NotPermitted, Unacceptable
from trustfund.core.roles import RoleName

TODAY = people.NOON.date()
AMENDED_ON = date(2025, 3, 1)
DUE = [date(2024 + year, 6, 30) for year in range(5)]


def eur(amount):
    return Money.of(amount, "EUR")


@pytest.fixture
def pledge(db):
    """EUR 100 over five years, of which 25 came: the first instalment, and a quarter of the second."""
    made = donor_worlds.a_signed_pledge("100.00", "EUR", usd_value="110.00")
    donor_worlds.a_rate("EUR", "0.8")
    donor_worlds.a_receipt(made, "25.00")
    made.refresh_from_db()
    return made


def amend(pledge, *, rest=None, added_usd=None, actor=None, agreement_id=None, **terms):
    before = Agreement.objects.get(pk=agreement_id or pledge.agreement_id)
    plans = () if rest is None else (Rescheduled(pledge.pk, rest, added_usd),)
    return operations.amend_agreement(
        agreement_id=before.pk,
        terms=replace(before.terms, **({"signed_on": AMENDED_ON} | terms)),
        rescheduled=plans,
        actor=actor or donor_worlds.secretariat(),
        at=people.NOON,
    )


def parts_of(pledge, on=TODAY):
    return [
        (row.instalment.due_on.year, str(row.instalment.amount.amount)) for row in queries.instalment_rows(pledge, on)
    ]


RAISED = [(DUE[2], eur("40.00")), (DUE[3], eur("50.00")), (date(2029, 6, 30), eur("20.00"))]


def test_an_amendment_raises_a_pledge_and_leaves_what_is_paid(pledge):
    version = amend(pledge, rest=RAISED, to_year=2029)
    pledge.refresh_from_db()
    assert (version.reference, version.version, version.to_year) == (pledge.agreement.reference, 2, 2029)
    assert (pledge.agreement_id, pledge.amount, pledge.status) == (version.pk, eur("150.00"), "part_paid")
    # Fifty euros more, at 0.8 on the day of the amendment.
    assert pledge.usd_value == Money.of("172.50", "USD")
    assert parts_of(pledge) == [
        (2024, "20.00"),
        (2025, "20.00"),
        (2026, "40.00"),
        (2027, "50.00"),
        (2029, "20.00"),
    ]
    assert [part.number for part in queries.standing_instalments(pledge)] == [1, 2, 3, 4, 5]
    now = queries.standing_of(pledge, TODAY)
    assert (now.pledged, now.received, now.outstanding) == (eur("150.00"), eur("25.00"), eur("125.00"))
    assert queries.outstanding_of(pledge) == eur("125.00")
    assert now.written_off == eur("0.00")


def test_an_old_day_shows_the_old_version_and_its_schedule(pledge):
    donor = pledge.donor
    before = donor_account(donor, date(2025, 2, 28))
    amend(pledge, rest=RAISED)
    assert donor_account(donor, date(2025, 2, 28)) == before
    after = donor_account(donor, AMENDED_ON)
    (old,), (new,) = before.pledges, after.pledges
    assert (old.agreement_version, new.agreement_version) == (1, 2)
    assert (old.pledged, new.pledged) == (eur("100.00"), eur("150.00"))
    assert [line.amount for line in old.instalments] == [eur("20.00")] * 5
    assert [line.amount for line in new.instalments] == [eur(n) for n in ("20.00", "20.00", "40.00", "50.00", "20.00")]


def test_an_amendment_lowers_a_pledge_to_what_has_instalments_with_money(pledge):
    amend(pledge, rest=[])
    pledge.refresh_from_db()
    assert (pledge.amount, pledge.usd_value, pledge.status) == (eur("40.00"), Money.of("44.00", "USD"), "part_paid")
    assert ledger_queries.balance_of(chart.under(chart.OUTSTANDING, pledge.reference)) == eur("15.00")
    receipt = donor_worlds.a_receipt(pledge, "15.00")
    # What is settled whole is booked at exactly its own value, whatever was taken off before.
    assert queries.booked_at_pledge_rate(pledge) == Money.of("44.00", "USD")
    assert receipt.pledge_rate_usd == Money.of("16.50", "USD")
    pledge.refresh_from_db()
    assert pledge.status == "paid"


def test_a_paid_pledge_that_is_raised_is_part_paid_again(db):
    made = donor_worlds.a_signed_pledge("100.00", "USD", years=1, fee_rate="0")
    donor_worlds.a_receipt(made, "100.00")
    amend(made, rest=[(date(2026, 6, 30), Money.of("30.00", "USD"))])
    made.refresh_from_db()
    assert (made.status, made.amount, made.usd_value) == (
        "part_paid",
        Money.of("130.00", "USD"),
        Money.of("130.00", "USD"),
    )


def test_only_terms_change_and_the_schedule_stays_row_by_row(pledge):
    before = list(queries.standing_instalments(pledge))
    entries = Entry.objects.count()
    amend(pledge, fee_rate=Decimal("0.02"))
    pledge.refresh_from_db()
    assert list(queries.standing_instalments(pledge)) == before
    assert (Entry.objects.count(), Replacement.objects.count()) == (entries, 0)
    assert not Event.objects.filter(kind="pledge.amended").exists()
    # A receipt bears the fee of the version that was in force on its value date, whenever it is recorded.
    assert donor_worlds.a_receipt(pledge, "8.00", on=date(2025, 2, 28)).fee_usd == Money.of("0.10", "USD")
    assert donor_worlds.a_receipt(pledge, "8.00", on=AMENDED_ON).fee_usd == Money.of("0.20", "USD")


def test_an_instalment_that_stays_the_same_keeps_its_row(pledge):
    rows = {part.due_on: part.pk for part in queries.standing_instalments(pledge)}
    amend(pledge, rest=[(DUE[2], eur("20.00")), (DUE[3], eur("20.00")), (date(2030, 1, 31), eur("20.00"))])
    after = {part.due_on: part.pk for part in queries.standing_instalments(pledge)}
    assert {day: after.get(day) for day in DUE[:4]} == {day: rows[day] for day in DUE[:4]}
    assert DUE[4] not in after
    # Only dates moved, so nothing is posted.
    assert not Entry.objects.filter(kind="pledge.amended").exists()
    assert Event.objects.filter(kind="pledge.amended").count() == 1


def test_late_news_of_an_old_receipt_pays_the_old_schedule_on_an_old_day(pledge):
    amend(pledge, rest=[(date(2027, 1, 31), eur("60.00"))])
    donor_worlds.a_receipt(pledge, "30.00", on=date(2025, 1, 31))
    old = queries.instalment_rows(pledge, date(2025, 2, 1))
    assert [str(row.received.amount) for row in old] == ["20.00", "20.00", "15.00", "0.00", "0.00"]
    assert queries.standing_of(pledge, date(2025, 2, 1)).received == eur("55.00")
    new = queries.instalment_rows(pledge, TODAY)
    assert [str(row.received.amount) for row in new] == ["20.00", "20.00", "15.00"]
    assert queries.overdue_instalments(TODAY, of=Pledge.objects.filter(pk=pledge.pk)) == []


def test_an_amendment_signed_before_its_agreement_counts_from_the_agreement_on(pledge):
    amend(pledge, rest=[], signed_on=date(2023, 1, 1))
    assert [version.in_force_on for version in queries.versions_of(pledge)] == [donor_worlds.SIGNED_ON] * 2
    assert Entry.objects.get(kind="pledge.amended").effective_on == donor_worlds.SIGNED_ON


REFUSED = [
    ({"actor": RoleName.AUDITOR}, NotPermitted, "Only the secretariat records"),
    ({"currency": "USD"}, Unacceptable, "keeps the currency, EUR"),
    ({"signed_on": date(2026, 7, 18)}, Unacceptable, "lies in the future"),
    ({"to_year": 2020}, Unacceptable, "1 to 25 years"),
    ({"fee_rate": Decimal(1)}, Unacceptable, "less than one"),
    ({"termination_notice_days": 3651}, Unacceptable, "0 to 3650 days"),
    ({}, Unacceptable, "Nothing differs"),
    ({"rest": [(DUE[2], eur("0.00"))]}, Unacceptable, "more than zero"),
    ({"rest": [(DUE[1], eur("5.00"))]}, Unacceptable, "different days"),
    ({"rest": [(DUE[2], Money.of("5.00", "NOK"))]}, Unacceptable, "pledge's currency, EUR"),
    ({"rest": [], "added_usd": Money.of("1.00", "USD")}, Unacceptable, "Only an increase"),
    ({"rest": RAISED, "added_usd": eur("1.00")}, Unacceptable, "more than zero, in USD"),
    ({"wording": Wording(report_days={})}, Unacceptable, "all five days"),
    ({"wording": Wording(paper=Paper("a" * 64))}, Unacceptable, "A hash alone says nothing"),
]


@pytest.mark.parametrize(("spoil", "refusal", "words"), REFUSED)
def test_an_amendment_is_refused_and_nothing_changes(pledge, spoil, refusal, words):
    if isinstance(spoil.get("actor"), RoleName):
        spoil = spoil | {"actor": people.someone(spoil["actor"])}
    models = (Agreement, PledgeVersion, Instalment, Replacement, Entry, Event)
    before = [model.objects.count() for model in models]
    with pytest.raises(refusal, match=words):
        amend(pledge, **spoil)
    assert [model.objects.count() for model in models] == before
    amend(pledge, rest=RAISED)


def test_only_the_latest_version_is_amended_and_only_its_own_pledges_move(pledge):
    first = pledge.agreement_id
    other = donor_worlds.a_signed_pledge("10.00", "EUR")
    with pytest.raises(Missing, match="not under this agreement"):
        operations.amend_agreement(
            agreement_id=first,
            terms=replace(pledge.agreement.terms, signed_on=AMENDED_ON),
            rescheduled=[Rescheduled(other.pk, [])],
            actor=donor_worlds.secretariat(),
            at=people.NOON,
        )
    amend(pledge, rest=[])
    with pytest.raises(Conflict, match="has been amended since"):
        amend(pledge, rest=[], agreement_id=first)
    other.refresh_from_db()
    assert other.versions.count() == 1


def test_a_version_keeps_its_paper_its_clauses_and_its_days(pledge, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    content = b"%PDF-1.7 signed"
    wording = Wording(
        summary="Two years more.",
        termination_clause="Either side ends this with notice; what was deposited stays for its purpose.",
        report_days={**USUAL_DAYS, Report.CERTIFIED_FINAL: MonthDay(7, 31)},
        is_enforceable=True,
        paper=Paper(documents.sha256_of(content), text="The fund and the donor agree.", pages=3, content=content),
    )
    before = pledge.agreement.terms
    version = amend(pledge, wording=wording)
    assert documents.read(version.document_sha256) == content
    assert (version.document_is_held, version.document_pages) == (True, 3)
    assert version.reports[Report.CERTIFIED_FINAL].on(2028) == date(2028, 7, 31)
    found = redline(before, version.terms)
    assert [change.field for change in found.terms] == [
        "Signed on",
        "Termination clause",
        "Summary",
        "Enforceable",
        "Certified final financial statement",
        "SHA-256 of the document",
    ]
    assert [(piece.mark, piece.words) for piece in found.text] == [("added", "The fund and the donor agree.")]


def test_a_document_that_is_not_the_one_that_was_read_is_refused(pledge, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with pytest.raises(Conflict, match="not the one that was read"):
        amend(pledge, wording=Wording(paper=Paper("a" * 64, content=b"%PDF-1.7 another")))


@pytest.mark.django_db(transaction=True)
def test_postgresql_keeps_versions_in_order_and_paid_instalments_in_place(superuser):
    made = donor_worlds.a_signed_pledge("100.00", "EUR")
    donor_worlds.a_rate("EUR", "0.8")
    donor_worlds.a_receipt(made, "25.00")
    amend(made, rest=[(DUE[2], eur("60.00"))])
    made.refresh_from_db()
    paid, unpaid = made.instalments.get(number=1), queries.standing_instalments(made).get(due_on=DUE[2])
    gone = Instalment.objects.filter(replacement__isnull=False).first()
    receipt = made.receipts.get()
    version = PledgeVersion.objects.get(pledge=made, number=2)
    again = (
        "INSERT INTO donors_pledgeversion (pledge_id, number, agreement_id, minor, currency, usd_minor, settled_minor, "
        "in_force_on, recorded_by_id, recorded_at) "
        "SELECT pledge_id, %s, agreement_id, minor + %s, currency, usd_minor, "
        f"settled_minor, in_force_on, recorded_by_id, now() FROM donors_pledgeversion WHERE id = {version.pk}"
    )
    replaced = "INSERT INTO donors_replacement (instalment_id, version, replaced_on) VALUES (%s, %s, '2026-01-01')"
    instalment = (
        "INSERT INTO donors_instalment (pledge_id, version, number, due_on, minor, currency, in_force_on) "
        f"VALUES ('{made.pk}', %s, 9, '2031-06-30', 1, 'EUR', '2026-01-01')"
    )
    allocation = (
        "INSERT INTO donors_allocation (receipt_id, instalment_id, minor, currency) "
        f"VALUES (gen_random_uuid(), {gone.pk if gone else 0}, 1, 'EUR')"
    )
    amended = (
        "INSERT INTO donors_agreement SELECT (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(), "
        "'version', %s::int) || %s::jsonb)).* FROM donors_agreement AS a WHERE version = 2"
    )
    refused = [
        ("TF308", again, (4, 0)),
        ("TF308", again, (3, 0)),
        ("TF302", replaced, (unpaid.pk, 2)),
        ("TF307", replaced, (paid.pk, 3)),
        ("TF302", replaced, (unpaid.pk, 3)),
        ("TF302", instalment, (2,)),
        ("TF302", instalment, (3,)),
        ("TF303", allocation, ()),
        ("TF305", "UPDATE donors_pledge SET usd_minor = usd_minor + 1", ()),
        ("TF001", "UPDATE donors_pledgeversion SET usd_minor = usd_minor + 1", ()),
        ("TF001", "DELETE FROM donors_replacement", ()),
        ("TF309", amended, (4, "{}")),
        ("TF309", amended, (3, '{"currency": "USD"}')),
        ("TF309", amended, (3, '{"report_days": {}}')),
        ("23514", amended, (3, '{"document_sha256": "%s"}' % ("a" * 64))),
    ]
    for sqlstate, statement, values in refused:
        with pytest.raises(psycopg2.Error) as failed, superuser.cursor() as cursor:
            cursor.execute(statement, values)
            superuser.commit()
        superuser.rollback()
        assert (failed.value.pgcode, statement) == (sqlstate, statement)
    assert receipt.is_reversed is False
