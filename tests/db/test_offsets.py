"""Refunds taken off the next payment: exact in the books, by two people, never more than is owed or due."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from disbursements import operations
from disbursements.categories import Category
from disbursements.gates import GateClosed
from disbursements.models import (
    Organisation,
    Payment,
    Programme,
    RefundClaim,
    RefundOffset,
    RefundOffsetAnswer,
    Tranche,
)
from disbursements.operations import closures, programmes, reports
from disbursements.queries import closures as closure_queries
from disbursements.queries import offsets as queries
from disbursements.queries import payments as payment_queries
from disbursements.queries import reserve
from disbursements.queries.fund import spendable
from disbursements.queries.reports import deliveries
from disbursements.reporting import ReportKind
from disbursements.states import OrganisationKind, ProgrammeStatus, TrancheStatus
from ledger import chart
from ledger import queries as ledger_queries
from tests import disbursement_worlds, people
from tests import payment_worlds as worlds
from tests.payment_worlds import FIRST, SECOND, Fund
from trustfund.core.models import Confirmation, Event, User
from trustfund.core.money import Money, total
from trustfund.core.refusals import (
    AlreadyDone,
    Missing,
    NotPermitted,
    Refusal,
    SecondFactorFailed,
    Unacceptable,
    WrongState,
)
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db
# The programme of these worlds runs to the end of 2028; its accounts are drawn up the year after.
AFTERWARDS = datetime(2029, 5, 2, 9, 0, tzinfo=UTC)
AT = AFTERWARDS + timedelta(days=4)
OWED = Money.of("500000.00", "USD")
ZERO = Money.zero("USD")


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


@pytest.fixture(autouse=True)
def _own_documents(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def fund() -> Fund:
    """An organisation that owes USD 50,000.00 of one programme, and is due the first tranche of the next."""
    made, _payment = worlds.a_confirmed_payment()
    said: dict[str, Any] = {"programme_id": made.programme.pk, "owner_id": made.certifier.pk, "note": "Letter."}
    closures.close_operations(**said, actor=made.secretariat, at=AFTERWARDS)
    report = reports.submit_report(
        programme_id=made.programme.pk,
        kind=ReportKind.FINAL_FINANCIAL,
        through=made.programme.ends_on,
        words="All but two clinics were equipped.",
        spent={Category.EQUIPMENT: FIRST - OWED},
        actor=disbursement_worlds.a_partner(made.organisation),
        at=AFTERWARDS,
    )
    for officer in (made.secretariat, made.certifier):
        reports.review_report(report_id=report.pk, accepts=True, note="", actor=officer, at=AFTERWARDS)
    closures.claim_refund(**said, actor=made.secretariat, at=AFTERWARDS)
    return made


@pytest.fixture
def due(fund: Fund) -> Tranche:
    """The first tranche of the organisation's next programme, USD 1,700,000.00."""
    return next_tranche(fund)


def next_tranche(fund: Fund, organisation: Organisation | None = None) -> Tranche:
    programme = worlds.a_programme(organisation or fund.organisation, fund.secretariat)
    tranche = worlds.an_approved_proposal(fund.committee, programme).tranches.get(number=1)
    worlds.route_of(fund, tranche)
    return tranche


def propose(fund: Fund, tranche: Tranche, amount: Money = OWED, **changes: Any) -> RefundOffset:
    given: dict[str, Any] = {
        "programme_id": fund.programme.pk,
        "tranche_id": tranche.pk,
        "amount": amount,
        "reason": "The next tranche leaves in a week; a transfer back would cost more.",
        "actor": fund.preparer,
        "at": AT,
    }
    return operations.propose_offset(**(given | changes))


def agree(fund: Fund, offset: RefundOffset, *, by: Any = None) -> RefundOffset:
    nonce, person = uuid4(), by or fund.certifier
    return operations.agree_to_offset(
        offset_id=offset.pk,
        proof=worlds.signed(person, queries.fingerprint_of(offset, nonce)),
        nonce=nonce,
        actor=person,
        at=AT,
    )


def booked(head: str, programme: Programme) -> Money:
    return ledger_queries.balance_of(chart.under(head, programme.reference))


def everything() -> tuple[Any, ...]:
    return (
        [(line.code, line.debit, line.credit) for line in ledger_queries.trial_balance()],
        list(Tranche.objects.order_by("pk").values_list("status", flat=True)),
        Event.objects.count(),
        RefundOffset.objects.count(),
        RefundOffsetAnswer.objects.count(),
    )


def test_a_refund_taken_off_is_owed_no_more_and_paid_no_more_and_no_cash_moves(fund: Fund, due: Tranche):
    other = due.proposal.programme
    cash, free, reserved = ledger_queries.balance_of(chart.CASH), spendable(), booked(chart.RESERVED, other)
    offset = propose(fund, due)
    assert (offset.reference, offset.state, spendable()) == ("OFS-2029-001", "offset.waiting", free)
    agree(fund, offset)
    assert ledger_queries.balance_of(chart.CASH) == cash
    assert (spendable(), booked(chart.RESERVED, other)) == (free + OWED, reserved - OWED)
    assert (booked(chart.HELD_BY_PARTNER, fund.programme), booked(chart.HELD_BY_PARTNER, other)) == (ZERO, OWED)
    delivered = deliveries([fund.programme, other])
    owing, paid = delivered[fund.programme.pk], delivered[other.pk]
    assert (owing.refunded, owing.net_funded, str(owing.percent)) == (OWED, FIRST - OWED, "100.00")
    assert paid.transferred == OWED
    trial = ledger_queries.trial_balance()
    assert total((line.debit for line in trial), "USD") == total((line.credit for line in trial), "USD")
    claim = RefundClaim.objects.get(programme=fund.programme)
    assert (queries.settled_by_offset(claim), queries.waiting_of(claim)) == (OWED, ZERO)


def test_the_next_payment_is_what_is_left_says_why_and_lets_the_accounts_be_closed(fund: Fund, due: Tranche):
    floor = reserve.floor(AT.date()).floor
    agree(fund, propose(fund, due))
    assert reserve.floor(AT.date()).floor == floor - OWED
    due.refresh_from_db()
    assert due.status == TrancheStatus.DUE
    payment = worlds.prepare(fund, due, at=AT)
    assert payment.amount == FIRST - OWED
    said = next(gate for gate in payment_queries.gates_of(payment, AT) if gate.key == "amount")
    assert said.evidence == (
        "USD 1,200,000.00, and the tranche is USD 1,700,000.00. "
        "USD 500,000.00 was taken off for a refund, OFS-2029-001."
    )
    worlds.certify(fund, payment, at=AT)
    worlds.release(fund, payment, at=AT)
    worlds.confirm(fund, payment, at=AT + timedelta(days=1))
    due.refresh_from_db()
    other = due.proposal.programme
    assert due.status == TrancheStatus.PAID
    assert (booked(chart.HELD_BY_PARTNER, other), deliveries([other])[other.pk].transferred) == (FIRST, FIRST)
    closer = people.someone(RoleName.CERTIFYING_OFFICER)
    closures.close_accounts(programme_id=fund.programme.pk, owner_id=closer.pk, note="Taken off.", actor=closer, at=AT)
    closed = Programme.objects.get(pk=fund.programme.pk)
    assert closed.status == ProgrammeStatus.FINANCIALLY_CLOSED
    assert closure_queries.closing_of(closed, AT.date() + timedelta(days=300)).refund_days_late == 0


def test_a_tranche_taken_off_as_a_whole_is_paid_and_reported_on_without_a_payment(fund: Fund, due: Tranche):
    second = due.proposal.tranches.get(number=2)
    worlds.route_of(fund, second)
    operations.mark_condition_met(tranche_id=second.pk, evidence="Letter of the monitor", actor=fund.secretariat, at=AT)
    agree(fund, propose(fund, second, SECOND))
    second.refresh_from_db()
    assert (second.status, second.payments.count()) == (TrancheStatus.PAID, 0)
    with pytest.raises(GateClosed, match="stands at “Paid”"):
        worlds.prepare(fund, second, at=AT)
    reports.submit_report(
        programme_id=due.proposal.programme_id,
        kind=ReportKind.INTERIM,
        through=due.proposal.programme.ends_on,
        words="Installed.",
        spent={Category.EQUIPMENT: SECOND},
        actor=disbursement_worlds.a_partner(fund.organisation),
        at=AT + timedelta(days=1),
    )
    second.refresh_from_db()
    assert second.status == TrancheStatus.PAID, "it was taken off after the last day that the report covers"


def test_asking_is_refused_and_nothing_changes(fund: Fund, due: Tranche):
    others = next_tranche(
        fund,
        programmes.register_organisation(name="Another body", kind=OrganisationKind.WHO, actor=fund.secretariat, at=AT),
    )
    refused: list[tuple[dict[str, Any], type[Refusal], str]] = [
        ({"actor": fund.certifier}, NotPermitted, "Only the secretariat"),
        ({"actor": fund.secretariat}, NotPermitted, "You proposed what the tranche pays for"),
        ({"amount": usd("500000.01")}, Unacceptable, r"owes USD 500,000\.00, and this takes off USD 500,000\.01"),
        ({"amount": ZERO}, Unacceptable, "above zero"),
        ({"amount": Money.of("1.00", "EUR")}, Unacceptable, "in USD"),
        ({"reason": " "}, Unacceptable, "Say why"),
        ({"programme_id": uuid4()}, Missing, "no such programme"),
        ({"programme_id": due.proposal.programme_id}, WrongState, "Nothing is claimed back"),
        ({"tranche_id": uuid4()}, Missing, "no such tranche"),
        ({"tranche_id": others.pk}, WrongState, "due to another organisation"),
        ({"tranche_id": fund.tranche.pk}, WrongState, "stands at “Accepted”"),
    ]
    before = everything()
    for changes, refusal, words in refused:
        with pytest.raises(refusal, match=words):
            propose(fund, due, **changes)
    assert everything() == before
    propose(fund, due, usd("400000.00"))
    with pytest.raises(WrongState, match=r"USD 400,000\.00 of this claim waits"):
        propose(fund, due, usd("1.00"))


def test_more_than_the_tranche_is_refused(fund: Fund, due: Tranche):
    second = due.proposal.tranches.get(number=2)
    operations.mark_condition_met(tranche_id=second.pk, evidence="Letter of the monitor", actor=fund.secretariat, at=AT)
    with pytest.raises(Unacceptable, match=r"USD 440,000\.00 of the tranche is left to pay"):
        propose(fund, second, SECOND + Money(1, "USD"))


def test_agreeing_takes_another_person_a_second_factor_and_clear_gates(fund: Fund, due: Tranche):
    offset, nonce = propose(fund, due), uuid4()
    for person in (fund.preparer, fund.treasurer, people.someone(RoleName.CERTIFYING_OFFICER, is_seconded=True)):
        with pytest.raises(NotPermitted):
            agree(fund, offset, by=person)
    said: dict[str, Any] = {"offset_id": offset.pk, "nonce": nonce, "actor": fund.certifier, "at": AT}
    with pytest.raises(SecondFactorFailed):
        operations.agree_to_offset(**said, proof=worlds.signed(fund.certifier, queries.fingerprint_of(offset, uuid4())))
    hold = worlds.a_hold(fund, at=AT)
    with pytest.raises(GateClosed, match="No hold"):
        agree(fund, offset)
    worlds.lift(hold, fund.treasurer, at=AT)
    payment = worlds.prepare(fund, due, at=AT)
    with pytest.raises(WrongState, match="stands at “In payment”"):
        agree(fund, offset)
    worlds.cancel(fund, payment, at=AT)
    agree(fund, offset)
    with pytest.raises(AlreadyDone, match="Cora Certifier has answered"):
        agree(fund, offset)
    with pytest.raises(AlreadyDone):
        operations.decline_offset(offset_id=offset.pk, note="No.", actor=fund.certifier, at=AT)


def test_a_declined_offset_moves_nothing_and_says_why(fund: Fund, due: Tranche):
    offset = propose(fund, due)
    books = everything()[0]
    with pytest.raises(Unacceptable, match="Say why"):
        operations.decline_offset(offset_id=offset.pk, note=" ", actor=fund.certifier, at=AT)
    with pytest.raises(NotPermitted):
        operations.decline_offset(offset_id=offset.pk, note="No.", actor=fund.preparer, at=AT)
    with pytest.raises(Missing):
        operations.decline_offset(offset_id=uuid4(), note="No.", actor=fund.certifier, at=AT)
    operations.decline_offset(offset_id=offset.pk, note="It was sent back on Monday.", actor=fund.certifier, at=AT)
    offset = queries.offsets().get(pk=offset.pk)
    assert (offset.state, offset.answer.note, everything()[0]) == (
        "offset.declined",
        "It was sent back on Monday.",
        books,
    )
    assert propose(fund, due).reference == "OFS-2029-002"


def test_postgresql_takes_off_nothing_alone_beyond_the_claim_or_beyond_the_tranche(fund: Fund, due: Tranche):
    claim = RefundClaim.objects.get(programme=fund.programme)

    def row(amount: Money, tranche: Tranche) -> RefundOffset:
        return RefundOffset.objects.create(
            reference=f"OFS-{amount.minor}-{tranche.number}",
            claim=claim,
            tranche=tranche,
            amount_minor=amount.minor,
            currency="USD",
            reason="Around the operation.",
            proposed_by=fund.preparer,
            proposed_at=AT,
        )

    def answer(offset: RefundOffset, by: User) -> None:
        confirmation = Confirmation.objects.create(
            person=by,
            purpose="x",
            fingerprint="0" * 64,
            method="code",
            evidence={},
            evidence_key=str(uuid4()),
            confirmed_at=AT,
        )
        RefundOffsetAnswer.objects.create(
            offset=offset, agrees=True, confirmation=confirmation, answered_by=by, answered_at=AT
        )

    with pytest.raises(DatabaseError, match="due to the organisation that owes"), transaction.atomic():
        row(OWED, fund.tranche)
    good, beyond, late = (
        row(OWED, due),
        row(usd("500000.01"), due),
        row(usd("1.00"), due.proposal.tranches.get(number=2)),
    )
    refused = [
        (good, fund.preparer, "does not agree to it"),
        (good, fund.treasurer, "A certifying officer answers"),
        (beyond, fund.certifier, "At most what is owed"),
        (late, fund.certifier, "At most what is due"),
    ]
    for offset, person, words in refused:
        with pytest.raises(DatabaseError, match=words), transaction.atomic():
            answer(offset, person)
    answer(good, fund.certifier)
    with pytest.raises(DatabaseError, match="at most what is left"), transaction.atomic():
        Payment.objects.create(
            reference="PAY-2029-9",
            tranche=due,
            bank_account=fund.account,
            amount_minor=FIRST.minor,
            currency="USD",
            value_on=AT.date(),
            route=worlds.route_of(fund, due),
            prepared_at=AT,
        )
    for table in (RefundOffsetAnswer,):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            table.objects.all().delete()
