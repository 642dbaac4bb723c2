"""Political protection, proved across the rooms: a donor asks the fund to stop, and nothing at all is different."""

from datetime import timedelta
from typing import Any

import psycopg2
import pytest
from django.db import DatabaseError, transaction

from assurance import contents
from assurance import operations as assurance
from assurance.kinds import Kind
from assurance.models import Statement
from assurance.rendering import render
from committee.models import Ballot, Decision, Motion
from committee.queries import tally_of
from disbursements.models import Payment, PaymentStep, Proposal, Tranche
from disbursements.queries.fund import fund_effect, spendable
from donors import operations
from donors.models import Call, Pledge, Receipt, StopRequest, Termination
from donors.queries import good_faith, instalment_rows, overdue_instalments, standing_of, termination_of
from ledger import queries as ledger_queries
from ledger.models import Entry
from tests import committee_worlds, disbursement_worlds, donor_worlds, payment_worlds, people
from trustfund.core.models import Event
from trustfund.core.money import Money
from trustfund.core.refusals import AlreadyDone, NotPermitted, Unacceptable
from trustfund.core.roles import RoleName
from trustfund.pages.queries.use_of_funds import use_of_funds

pytestmark = pytest.mark.django_db(transaction=True)
ASKED_AT = payment_worlds.ENDED_AT
ON = ASKED_AT.date()


def rows(*models: Any) -> dict[str, list[dict[str, Any]]]:
    """Return every row of some tables, whole."""
    return {model._meta.db_table: list(model.objects.order_by("pk").values()) for model in models}


def set_in_pages(statement: Statement) -> bytes:
    """Return a statement as it would be printed now."""
    return render(
        contents.TEMPLATES[Kind(statement.kind)], contents.context(statement, contents.gather(statement))
    ).content


def seen(statement: Statement, account: Statement, pledge: Pledge, motion: Motion) -> dict[str, Any]:
    """Return all that people decide by: what is spendable, who is owed what, what is voted on, what is in the books."""
    said = contents.sources_and_uses(ON)
    return {
        "spendable": spendable(),
        "effect": fund_effect(Money.zero("USD")),
        "pledge": standing_of(pledge, ON),
        "rows": rows(Pledge, Receipt, Proposal, Tranche, Payment, PaymentStep, Motion, Ballot, Decision, Entry),
        "tally": tally_of(motion),
        "trial balance": ledger_queries.trial_balance(),
        "statement": said,
        "printed": set_in_pages(statement),
        "the donor's own account": set_in_pages(account),
        "use": use_of_funds(pledge.donor, ON),
    }


def test_a_stop_request_leaves_every_room_as_it_was():
    donor = donor_worlds.a_donor("Kingdom of Oranta")
    pledge = donor_worlds.a_signed_pledge("5000000.00", "USD", donor=donor)
    donor_worlds.a_receipt(pledge, "1000000.00")
    fund, payment = payment_worlds.a_released_payment()
    before_the_committee = disbursement_worlds.a_submitted_proposal("250000.00", programme=fund.programme)
    motion = disbursement_worlds.operations.table_proposal(
        proposal_id=before_the_committee.pk,
        number=1,
        closes_at=ASKED_AT.replace(year=2027),
        actor=disbursement_worlds.secretariat(),
        at=people.NOON,
    )
    committee_worlds.vote(motion, 1)
    statement = assurance.request_statement(
        kind=Kind.SOURCES_AND_USES, as_of=ON, donor_id=None, actor=people.someone(RoleName.AUDITOR), at=ASKED_AT
    )
    account = assurance.request_statement(
        kind=Kind.DONOR_ACCOUNT, as_of=ON, donor_id=donor.pk, actor=people.someone(RoleName.AUDITOR), at=ASKED_AT
    )
    before = seen(statement, account, pledge, motion)
    events = Event.objects.count()

    request = operations.file_stop_request(
        donor_id=donor.pk,
        text="Our government asks the fund to stop every use of what it has given.",
        received_on=ON,
        actor=donor_worlds.a_representative(donor),
        at=ASKED_AT,
    )

    after = seen(statement, account, pledge, motion)
    assert before["spendable"] > Money.zero("USD")
    assert motion.is_open
    assert {tranche.status for tranche in Tranche.objects.all()} == {"in_payment", "planned"}
    assert (payment.status, Motion.objects.count(), Ballot.objects.filter(motion=motion).count()) == ("released", 2, 1)
    assert before["printed"].startswith(b"%PDF-")
    assert [name for name in before if before[name] != after[name]] == []
    # Two more facts in the record, of the person appointed and of the request itself, and nothing else.
    assert list(StopRequest.objects.values_list("pk", flat=True)) == [request.pk]
    assert Event.objects.count() == events + 2


def test_the_money_asked_about_is_still_approved_and_paid():
    donor = donor_worlds.a_donor("Kingdom of Oranta")
    pledge = donor_worlds.a_signed_pledge("1000000.00", "USD", donor=donor, years=1, fee_rate="0")
    donor_worlds.a_receipt(pledge, "1000000.00")
    proposal = disbursement_worlds.a_carried_proposal("1000000.00")

    operations.file_stop_request(
        donor_id=donor.pk, text="Stop.", received_on=ON, actor=donor_worlds.secretariat(), at=ASKED_AT
    )

    assert disbursement_worlds.approve(proposal, at=ASKED_AT).status == "approved"
    assert spendable() == Money.zero("USD")


def test_a_notice_of_termination_ends_what_is_to_come_and_nothing_else() -> None:
    donor = donor_worlds.a_donor("Kingdom of Oranta")
    pledge = donor_worlds.a_signed_pledge("5000000.00", "USD", donor=donor)
    donor_worlds.a_receipt(pledge, "1000000.00")
    before = spendable(), standing_of(pledge, ON), rows(Pledge, Receipt, Entry)

    notice = operations.record_termination(
        agreement_id=pledge.agreement_id,
        text="Our government ends the agreement.",
        received_on=ON,
        actor=donor_worlds.a_representative(donor),
        at=ASKED_AT,
    )

    assert notice.ends_on == ON + timedelta(days=30)
    assert (spendable(), standing_of(pledge, ON), rows(Pledge, Receipt, Entry)) == before
    assert termination_of(pledge) == notice
    # The second to fifth instalments: what fell due before the end is owed and may be called, the rest is neither.
    later = notice.ends_on + timedelta(days=2000)
    assert [row.status for row in instalment_rows(pledge, later)] == ["paid", "overdue", "overdue", "ended", "ended"]
    assert [part.number for part, _lacking in overdue_instalments(later)] == [2, 3]
    (record,) = good_faith([donor], later)
    assert [(one.reference[-1], one.is_open) for one in record.kept] == [("3", True), ("2", True), ("1", False)]
    parts = {part.number: part for part in pledge.instalments.all()}
    assert operations.issue_call(
        instalment_id=parts[3].pk, actor=donor_worlds.secretariat(), at=ASKED_AT
    ).amount == Money.of("1000000.00", "USD")
    with pytest.raises(Unacceptable, match="before this falls due"):
        operations.issue_call(instalment_id=parts[4].pk, actor=donor_worlds.secretariat(), at=ASKED_AT)
    with pytest.raises(DatabaseError, match="not called"), transaction.atomic():
        Call.objects.create(
            instalment=parts[4],
            minor=1,
            currency="USD",
            due_on=parts[4].due_on,
            issued_by=donor_worlds.secretariat(),
            issued_at=ASKED_AT,
        )
    for spoil, refusal in (
        ({}, AlreadyDone),
        ({"text": " "}, Unacceptable),
        ({"received_on": ON + timedelta(days=1)}, Unacceptable),
        ({"received_on": donor_worlds.SIGNED_ON - timedelta(days=1)}, Unacceptable),
        ({"actor": donor_worlds.a_representative(donor_worlds.a_donor())}, NotPermitted),
        ({"actor": people.someone(RoleName.CHAIR)}, NotPermitted),
    ):
        good = {
            "agreement_id": pledge.agreement_id,
            "text": "Again.",
            "received_on": ON,
            "actor": donor_worlds.secretariat(),
            "at": ASKED_AT,
        }
        with pytest.raises(refusal):
            operations.record_termination(**{**good, **spoil})
    assert Termination.objects.count() == 1


def test_postgresql_keeps_the_days_of_notice(superuser: Any) -> None:
    donor = donor_worlds.a_donor()
    first, second = (donor_worlds.a_signed_pledge("5.00", "USD", donor=donor, years=1) for _ in range(2))
    notice = operations.record_termination(
        agreement_id=first.agreement_id, text="End.", received_on=ON, actor=donor_worlds.secretariat(), at=ASKED_AT
    )
    copied = (
        "INSERT INTO donors_termination (id, reference, agreement_id, agreement_reference, text, received_on, ends_on, "
        "recorded_by_id, recorded_at) SELECT gen_random_uuid(), 'TN-X', %s, %s, text, received_on, received_on + 29, "
        "recorded_by_id, recorded_at FROM donors_termination"
    )
    assert second.agreement is not None
    for change, values, code in (
        (copied, [str(second.agreement_id), second.agreement.reference], "TF352"),
        ("UPDATE donors_termination SET ends_on = ends_on + 1 WHERE id = %s", [str(notice.pk)], "TF001"),
        ("DELETE FROM donors_termination WHERE id = %s", [str(notice.pk)], "TF001"),
    ):
        with pytest.raises(psycopg2.DatabaseError) as refused, superuser.cursor() as cursor:
            cursor.execute(change, values)
        assert refused.value.pgcode == code
        superuser.rollback()
