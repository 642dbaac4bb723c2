"""Reports and closure through the operations: who may, what is refused, what is posted, what PostgreSQL keeps."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from disbursements.categories import Category
from disbursements.gates import GateClosed
from disbursements.models import ClosureStep, Programme, RefundClaim, Report, ReportReview
from disbursements.operations import closures, payments, reports, tranches, treasury
from disbursements.queries import closures as closure_queries
from disbursements.queries import reports as queries
from disbursements.reporting import ReportKind, ReportStanding
from disbursements.states import ProgrammeStatus, TrancheStatus
from ledger import chart
from ledger import queries as ledger_queries
from tests import disbursement_worlds, payment_worlds, people
from tests.payment_worlds import Fund
from trustfund.core.models import Event
from trustfund.core.money import Money
from trustfund.core.refusals import AlreadyDone, Missing, NotPermitted, Unacceptable, WrongState
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db(transaction=True)

FIRST = payment_worlds.FIRST
LATER = payment_worlds.ENDED_AT + timedelta(days=30)
# The programme of these worlds runs to the end of 2028; its final reports are handed in the year after.
AFTERWARDS = datetime(2029, 5, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def fund() -> Fund:
    """A fund whose first tranche has arrived and whose partner can report."""
    made, payment = payment_worlds.a_prepared_payment()
    payment_worlds.certify(made, payment)
    payment_worlds.release(made, payment)
    payment_worlds.confirm(made, payment)
    return made


def partner_of(fund: Fund):
    return disbursement_worlds.a_partner(fund.organisation)


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


def hand_in(fund: Fund, amount: Money | None = None, **changes) -> Report:
    given = {
        "programme_id": fund.programme.pk,
        "kind": ReportKind.INTERIM,
        "through": LATER.date(),
        "words": "Two hundred refrigerators stand; ten wait for their permits.",
        "spent": {Category.EQUIPMENT: amount or FIRST},
        "at": LATER,
    } | changes
    return reports.submit_report(
        actor=changes.get("actor") or partner_of(fund), **{k: v for k, v in given.items() if k != "actor"}
    )


def review(report: Report, by, *, accepts: bool = True, note: str = "", at=LATER) -> Report:
    return reports.review_report(report_id=report.pk, accepts=accepts, note=note, actor=by, at=at)


def accept(report: Report, fund: Fund, at=LATER) -> None:
    review(report, fund.secretariat, at=at)
    review(report, fund.certifier, at=at)


def stands(report: Report) -> ReportStanding:
    return queries.standing_of(Report.objects.get(pk=report.pk))


def booked(fund: Fund, head: str) -> Money:
    return ledger_queries.balance_of(chart.under(head, fund.programme.reference))


def test_a_report_is_accepted_by_two_and_only_then_in_the_books(fund: Fund):
    report = hand_in(fund, usd("1300000.00"))
    assert fund.tranche.status == TrancheStatus.REPORTED
    review(report, fund.secretariat)
    assert stands(report) is ReportStanding.SUBMITTED
    assert booked(fund, chart.EXPENDITURE) == usd("0.00")
    review(report, fund.certifier)
    assert stands(report) is ReportStanding.ACCEPTED
    assert booked(fund, chart.EXPENDITURE) == usd("1300000.00")
    assert booked(fund, chart.HELD_BY_PARTNER) == usd("400000.00")
    assert fund.tranche.status == TrancheStatus.ACCEPTED
    delivery = queries.deliveries([fund.programme])[fund.programme.pk]
    assert (delivery.net_funded, str(delivery.percent)) == (FIRST, "76.47")


def test_figures_run_from_the_start_so_only_what_is_new_is_posted(fund: Fund):
    treasury.record_expenditure(
        programme_id=fund.programme.pk,
        reference="Q3",
        spent=usd("500000.00"),
        on=LATER.date(),
        actor=fund.secretariat,
        at=LATER,
    )
    accept(hand_in(fund, usd("1300000.00")), fund)
    assert booked(fund, chart.EXPENDITURE) == usd("1300000.00")
    with pytest.raises(Unacceptable, match=r"The books hold USD 1,300,000\.00 of expenditure"):
        hand_in(fund, usd("1299999.99"), through=LATER.date() + timedelta(days=1), at=LATER + timedelta(days=2))


def test_a_report_sent_back_is_handed_in_again_and_the_first_attempt_stays(fund: Fund):
    partner = partner_of(fund)
    report = hand_in(fund, actor=partner)
    with pytest.raises(Unacceptable, match="Say what is missing"):
        review(report, fund.secretariat, accepts=False)
    review(report, fund.secretariat, accepts=False, note="The invoices of July are missing.")
    assert (stands(report), fund.tranche.status) == (ReportStanding.RETURNED, TrancheStatus.PAID)
    with pytest.raises(WrongState, match="reviewed already"):
        review(report, fund.certifier)
    again = hand_in(fund, actor=partner, at=LATER + timedelta(days=1))
    assert (again.number, again.reference) == (2, "RP-2026-0002")
    with pytest.raises(AlreadyDone, match="Wait for its review"):
        hand_in(fund, actor=partner, at=LATER + timedelta(days=2))


REFUSED = [
    ({"words": " "}, Unacceptable, "A report says something"),
    ({"spent": {}}, Unacceptable, "Fill in at least one category"),
    (
        {"spent": {Category.EQUIPMENT: FIRST + Money(1, "USD")}},
        Unacceptable,
        "the organisation has had USD 1,700,000.00",
    ),
    ({"spent": {Category.EQUIPMENT: Money.of("1.00", "EUR")}}, Unacceptable, "in USD"),
    ({"through": LATER.date() + timedelta(days=1)}, Unacceptable, "still to come"),
    ({"through": date(2025, 12, 31)}, Unacceptable, "while the programme runs"),
    ({"kind": ReportKind.FINANCIAL}, Unacceptable, "asks for no such report"),
    ({"kind": ReportKind.NARRATIVE, "through": date(2025, 12, 31)}, Unacceptable, "asks for no such report"),
    ({"programme_id": uuid4()}, Missing, "no such programme"),
]


@pytest.mark.parametrize(("changes", "refusal", "words"), REFUSED)
def test_a_report_is_refused_and_nothing_changes(fund: Fund, changes, refusal, words):
    partner = partner_of(fund)
    before = Event.objects.count()
    with pytest.raises(refusal, match=words):
        hand_in(fund, actor=partner, **changes)
    assert (Report.objects.count(), Event.objects.count(), fund.tranche.status) == (0, before, TrancheStatus.PAID)


def test_nobody_else_reports_and_nobody_reviews_their_own(fund: Fund):
    other = disbursement_worlds.a_partner(disbursement_worlds.an_organisation("Another body"))
    for person in (other, fund.secretariat):
        with pytest.raises(NotPermitted):
            hand_in(fund, actor=person)
    report = hand_in(fund)
    for person in (fund.treasurer, other, people.someone(RoleName.SECRETARIAT, is_seconded=True)):
        with pytest.raises(NotPermitted):
            review(report, person)
    review(report, fund.secretariat)
    with pytest.raises(AlreadyDone, match="Another officer"):
        review(report, fund.secretariat)
    with pytest.raises(Missing):
        reports.review_report(report_id=uuid4(), accepts=True, note="", actor=fund.certifier, at=LATER)


def test_postgresql_takes_no_review_of_ones_own_and_none_after_the_end(fund: Fund):
    partner = partner_of(fund)
    report = hand_in(fund, actor=partner)
    with pytest.raises(DatabaseError, match="Nobody reviews the report"), transaction.atomic():
        ReportReview.objects.create(report=report, by=partner, at=LATER, accepts=True)
    accept(report, fund)
    with pytest.raises(DatabaseError, match="not reviewed again"), transaction.atomic():
        ReportReview.objects.create(report=report, by=fund.treasurer, at=LATER, accepts=True)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(words="Nothing was done.")


def pay_second(fund: Fund):
    second = fund.proposal.tranches.get(number=2)
    if second.status == TrancheStatus.PLANNED:
        tranches.mark_condition_met(tranche_id=second.pk, evidence="Monitor's letter", actor=fund.secretariat, at=LATER)
    return payments.prepare_payment(
        tranche_id=second.pk,
        value_on=LATER.date() + timedelta(days=5),
        nonce=uuid4(),
        actor=fund.preparer,
        at=LATER,
    )


def test_the_second_tranche_waits_for_the_report_and_for_delivery(fund: Fund):
    with pytest.raises(GateClosed, match=r"Reports and delivery: No accepted report yet on PR-2026-001/1"):
        pay_second(fund)
    accept(hand_in(fund, usd("1100000.00")), fund)
    with pytest.raises(GateClosed, match=r"64.71 % of the net funded amount is spent; it must be 70 %"):
        pay_second(fund)
    accept(hand_in(fund, usd("1200000.00"), through=LATER.date() - timedelta(days=1)), fund)
    assert pay_second(fund).reference == "PAY-2026-0002"


def test_what_is_owed_shows_how_late_it_is_and_what_was_in_time(fund: Fund):
    on = date(2027, 5, 10)
    owed = queries.owed_by([fund.programme], on)
    assert [(row.due.kind, row.state, row.days_late) for row in owed] == [
        (ReportKind.NARRATIVE, "overdue", 40),
        (ReportKind.FINANCIAL, "overdue", 10),
    ]
    at = datetime(2027, 4, 2, 9, 0, tzinfo=UTC)
    hand_in(fund, kind=ReportKind.NARRATIVE, through=date(2026, 12, 31), spent={}, at=at)
    hand_in(fund, kind=ReportKind.FINANCIAL, through=date(2026, 12, 31), at=at)
    owed = queries.owed_by([fund.programme], on)
    assert [(row.state, row.days_late) for row in owed] == [("submitted", 2), ("submitted", 0)]
    assert queries.in_time(owed) == (1, 2)


def test_a_narrative_report_has_no_figures(fund: Fund):
    at = datetime(2027, 4, 2, 9, 0, tzinfo=UTC)
    with pytest.raises(Unacceptable, match="has no figures"):
        hand_in(fund, kind=ReportKind.NARRATIVE, through=date(2026, 12, 31), at=at)


def close_work(fund: Fund, **changes) -> Programme:
    given = {
        "programme_id": fund.programme.pk,
        "owner_id": fund.certifier.pk,
        "note": "The last clinic was handed over on 30 November.",
        "actor": fund.secretariat,
        "at": AFTERWARDS,
    }
    return closures.close_operations(**(given | changes))


def final_report(fund: Fund, amount: Money) -> None:
    report = hand_in(
        fund, amount, kind=ReportKind.FINAL_FINANCIAL, through=date(2028, 12, 31), at=AFTERWARDS + timedelta(days=1)
    )
    accept(report, fund, AFTERWARDS + timedelta(days=2))


def step(operation, fund: Fund, actor, **changes):
    given = {
        "programme_id": fund.programme.pk,
        "owner_id": fund.certifier.pk,
        "note": "Letter of 4 May 2029.",
        "actor": actor,
        "at": AFTERWARDS + timedelta(days=3),
    }
    return operation(**(given | changes))


def test_a_programme_ends_step_by_step_and_its_money_comes_home(fund: Fund):
    spendable = ledger_queries.balance_of(chart.SPENDABLE)
    reserved = booked(fund, chart.RESERVED)
    assert reserved
    close_work(fund)
    assert (booked(fund, chart.RESERVED), ledger_queries.balance_of(chart.SPENDABLE)) == (
        usd("0.00"),
        spendable + reserved,
    )
    final_report(fund, usd("1650000.00"))
    with pytest.raises(WrongState, match=r"holds USD 50,000.00"):
        step(closures.close_accounts, fund, fund.certifier)
    claim = step(closures.claim_refund, fund, fund.secretariat)
    assert (claim.amount, claim.due_on) == (usd("50000.00"), date(2029, 8, 3))
    late = closure_queries.closing_of(Programme.objects.get(pk=fund.programme.pk), date(2029, 8, 13))
    assert (late.refund_days_late, late.days_since_end, late.days_in_state) == (10, 225, 100)
    treasury.record_refund(
        programme_id=fund.programme.pk,
        reference="BANK-REFUND-1",
        returned=usd("50000.00"),
        on=date(2029, 5, 20),
        actor=fund.treasurer,
        at=AFTERWARDS + timedelta(days=20),
    )
    step(closures.close_accounts, fund, fund.certifier, at=AFTERWARDS + timedelta(days=21))
    closures.note_audit(
        programme_id=fund.programme.pk,
        note="Unqualified opinion of 9 July 2029, report 2029/17.",
        actor=fund.secretariat,
        at=AFTERWARDS + timedelta(days=70),
    )
    assert Programme.objects.get(pk=fund.programme.pk).status == ProgrammeStatus.AUDITED
    assert list(ClosureStep.objects.order_by("at").values_list("to", flat=True)) == [
        "operationally_closed",
        "refund_due",
        "financially_closed",
        "audited",
    ]


def test_a_closure_is_refused_in_the_wrong_state_without_grounds_or_by_the_wrong_person(fund: Fund):
    with pytest.raises(WrongState, match="runs to 2028-12-31"):
        close_work(fund, at=LATER)
    with pytest.raises(NotPermitted):
        close_work(fund, actor=fund.certifier)
    with pytest.raises(Unacceptable, match="on what grounds"):
        close_work(fund, note=" ")
    with pytest.raises(Unacceptable, match="owned by an officer"):
        close_work(fund, owner_id=fund.treasurer.pk)
    with pytest.raises(Missing):
        close_work(fund, owner_id=uuid4())
    assert not ClosureStep.objects.exists()
    with pytest.raises(WrongState):
        step(closures.claim_refund, fund, fund.secretariat)
    close_work(fund)
    with pytest.raises(WrongState, match="No certified final financial report"):
        step(closures.claim_refund, fund, fund.secretariat)
    final_report(fund, FIRST)
    with pytest.raises(WrongState, match="holds nothing unspent"):
        step(closures.claim_refund, fund, fund.secretariat)
    with pytest.raises(NotPermitted):
        step(closures.close_accounts, fund, fund.secretariat)
    step(closures.close_accounts, fund, fund.certifier)
    assert not RefundClaim.objects.exists()
    with pytest.raises(WrongState, match="accounts of this programme are closed"):
        hand_in(fund, kind=ReportKind.FINAL_NARRATIVE, through=date(2028, 12, 31), spent={}, at=AFTERWARDS)


def test_postgresql_lets_no_programme_end_without_its_step_or_begin_again(fund: Fund):
    programmes = Programme.objects.filter(pk=fund.programme.pk)
    with pytest.raises(DatabaseError, match="only by a step"), transaction.atomic():
        programmes.update(status=ProgrammeStatus.OPERATIONALLY_CLOSED)
    close_work(fund)
    with pytest.raises(DatabaseError, match="does not begin again"), transaction.atomic():
        programmes.update(status=ProgrammeStatus.OPEN)
    with pytest.raises(DatabaseError, match="does not close its accounts"), transaction.atomic():
        ClosureStep.objects.create(
            programme=fund.programme,
            to="financially_closed",
            by=fund.secretariat,
            owner=fund.certifier,
            at=AFTERWARDS,
            note="Around the operation.",
        )
