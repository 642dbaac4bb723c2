"""Between release and arrival: orders, answers, silence, holds, routes, goods in kind, short cash and the reserve."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from lxml import etree

from committee import operations as committee
from committee.rules import Choice, NotDecided
from disbursements import operations
from disbursements.gates import GateClosed
from disbursements.holds import HoldReason
from disbursements.models import BankAnswerLine, Payment, PaymentFile, Queueing
from disbursements.payment_states import ReturnReason
from disbursements.queries import bank_files, payments, reserve, rules, service_time
from disbursements.queries.fund import continuity_reserve, spendable
from disbursements.route_states import RefusalReason, RouteKind, RouteStatus
from disbursements.service_time import Standing
from disbursements.states import OrganisationKind
from ledger import chart
from ledger import queries as ledger_queries
from tests import committee_worlds, people, screening_worlds
from tests import payment_worlds as worlds
from tests.committee_worlds import QUORUM_SEATS
from tests.payment_worlds import FIRST, POOL, SECOND, Fund
from trustfund.core import documents, step_up
from trustfund.core.models import Event
from trustfund.core.money import Money
from trustfund.core.refusals import (
    AlreadyDone,
    Conflict,
    InsufficientFunds,
    Missing,
    NotPermitted,
    Refusal,
    Unacceptable,
    WrongState,
)
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db

AT = worlds.RELEASED_AT + timedelta(hours=2)
ZERO = Money.zero("USD")


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


@pytest.fixture(autouse=True)
def _own_documents(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def fund() -> Fund:
    return worlds.a_fund()


def told(about: Any) -> list[str]:
    return list(Event.objects.filter(about=about).order_by("id").values_list("kind", flat=True))


def decided(motion: Any, *, at: Any = None) -> str:
    """Let the committee carry a motion, and return the decision's reference."""
    for number in QUORUM_SEATS:
        committee_worlds.vote(motion, number, Choice.APPROVE, at=motion.opened_at + timedelta(hours=1))
    return committee.close_motion(motion_id=motion.pk, actor=None, at=at or motion.closes_at).reference


# --- the order and the bank's answers


def test_the_order_is_written_once_at_release_and_is_what_its_hash_says(fund: Fund):
    _made, payment = worlds.a_certified_payment(fund)
    assert not PaymentFile.objects.exists()

    worlds.release(fund, payment)

    file = PaymentFile.objects.get(payment=payment)
    content = documents.read(file.sha256, documents.XML)
    assert (file.size, file.written_by) == (len(content), fund.treasurer)
    texts = [element.text for element in etree.fromstring(content).iter()]
    assert texts.count(payment.reference) == 3
    assert texts.count("1700000.00") == 3
    assert fund.account is not None
    assert fund.account.iban in texts


def test_nothing_is_released_while_the_funds_own_account_is_not_set(fund: Fund, settings: Any):
    _made, payment = worlds.a_certified_payment(fund)
    settings.FUND_IBAN = ""

    with pytest.raises(Unacceptable, match="own account is not set"):
        worlds.release(fund, payment)


def test_an_order_that_the_bank_took_is_sent_and_then_confirmed_by_a_fourth_person(fund: Fund):
    _made, payment = worlds.a_released_payment(fund)

    worlds.answered(fund, payment, "ACSP", by=fund.treasurer)

    payment.refresh_from_db()
    assert (payment.status, payment.sent_at) == ("sent", worlds.RELEASED_AT + timedelta(hours=1))
    assert ledger_queries.balance_of(chart.IN_TRANSIT) == FIRST
    worlds.answered(fund, payment, "ACSC")
    worlds.confirm(fund, payment)
    assert Payment.objects.get().status == "confirmed"
    assert len({step.by_id for step in payment.steps.all()}) == payment.steps.count() == 4


@pytest.mark.parametrize("code", ["AC04", "RC01", "RR04"])
def test_an_order_that_the_bank_rejected_comes_back_with_its_code(fund: Fund, code: str):
    _made, payment = worlds.a_released_payment(fund)

    worlds.answered(fund, payment, "RJCT", code)

    payment.refresh_from_db()
    step = payment.steps.get(kind="return")
    assert (payment.status, step.reason_code, fund.tranche.status) == ("returned", code, "due")
    assert step.note == f"RJCT {code} as the bank says"
    assert (ledger_queries.balance_of(chart.CASH), ledger_queries.balance_of(chart.IN_TRANSIT)) == (POOL, ZERO)


def test_a_duplicate_changes_nothing_and_the_same_answer_is_taken_in_once(fund: Fund):
    _made, payment = worlds.a_released_payment(fund)
    content = worlds.answer_file(payment, "RJCT", "DUPL", message="B-77")

    operations.take_in_answer(content=content, actor=fund.other_treasurer, at=AT)

    payment.refresh_from_db()
    assert payment.status == "released"
    assert told(payment.pk)[-1] == "payment.called_duplicate"
    for again in (content, worlds.answer_file(payment, "ACSP", message="B-77")):
        with pytest.raises(AlreadyDone, match="B-77 was taken in before"):
            operations.take_in_answer(content=again, actor=fund.other_treasurer, at=AT)
    assert BankAnswerLine.objects.count() == 1


ANSWERS_SPOILT: list[tuple[str, Callable[[Fund, Payment], bytes], type[Refusal], str]] = [
    ("another fund's", lambda _fund, payment: worlds.answer_file(payment, "ACSP", of="ELSE-1"), Unacceptable, "never"),
    (
        "another payment's",
        lambda _fund, payment: worlds.answer_file(payment, "ACSP").replace(
            f"<OrgnlEndToEndId>{payment.reference}".encode(), b"<OrgnlEndToEndId>PAY-2026-9999"
        ),
        Unacceptable,
        "speaks of another",
    ),
]


@pytest.mark.parametrize(("spoil", "refusal", "words"), [case[1:] for case in ANSWERS_SPOILT])
def test_an_answer_that_is_not_this_orders_moves_nothing(
    fund: Fund, spoil: Callable[[Fund, Payment], bytes], refusal: type[Refusal], words: str
):
    _made, payment = worlds.a_released_payment(fund)

    with pytest.raises(refusal, match=words):
        operations.take_in_answer(content=spoil(fund, payment), actor=fund.other_treasurer, at=AT)

    assert (Payment.objects.get().status, BankAnswerLine.objects.count()) == ("released", 0)


def test_who_signed_a_payment_does_not_take_in_that_it_came_back(fund: Fund):
    _made, payment = worlds.a_released_payment(fund)

    for person in (fund.treasurer, fund.certifier):
        with pytest.raises(NotPermitted, match="another step of this payment"):
            worlds.answered(fund, payment, "RJCT", "AC04", by=person)
    with pytest.raises(NotPermitted, match="takes in what the bank answers"):
        worlds.answered(fund, payment, by=fund.secretariat)
    assert Payment.objects.get().status == "released"


def test_what_arrived_may_come_back_days_later_and_is_reserved_for_its_tranche_again(fund: Fund):
    _made, payment = worlds.a_confirmed_payment(fund)
    later = worlds.ENDED_AT + timedelta(days=3)
    with pytest.raises(NotPermitted, match="another step of this payment"):
        worlds.give_back(fund, payment, at=later)

    worlds.give_back(fund, payment, by=people.someone(RoleName.TREASURY_OFFICER), at=later)

    assert (Payment.objects.get().status, fund.tranche.status) == ("returned", "due")
    assert ledger_queries.balance_of(chart.CASH) == POOL
    for head in (chart.TRANSFERS, chart.HELD_BY_PARTNER, chart.PARTNER_CONTRA):
        assert ledger_queries.total_under(head) == ZERO
    assert ledger_queries.total_under(chart.RESERVED) == FIRST + SECOND


def test_what_the_organisation_has_spent_does_not_come_back(fund: Fund):
    _made, payment = worlds.a_confirmed_payment(fund)
    worlds.spend(fund, usd("1.00"))

    with pytest.raises(InsufficientFunds):
        worlds.give_back(fund, payment, by=people.someone(RoleName.TREASURY_OFFICER))


def test_a_silent_bank_raises_one_alarm_and_is_asked_but_never_sent_the_order_again(fund: Fund):
    _made, payment = worlds.a_released_payment(fund)
    silent_at = worlds.RELEASED_AT + timedelta(hours=24)

    assert operations.note_silent_banks(at=silent_at - timedelta(seconds=1)) == []
    assert operations.note_silent_banks(at=silent_at) == [payment]
    assert operations.note_silent_banks(at=silent_at + timedelta(days=1)) == []
    assert told(payment.pk).count("payment.unanswered") == 1

    query = {"payment_id": payment.pk, "actor": fund.treasurer, "at": silent_at}
    operations.record_status_query(asked="Desk, by telephone", said="Nothing is known yet.", **query)
    with pytest.raises(Unacceptable):
        operations.record_status_query(asked="Desk", said=" ", **query)
    assert PaymentFile.objects.count() == 1
    with pytest.raises(WrongState):
        worlds.release(fund, payment, by=fund.other_treasurer, at=silent_at)

    worlds.answered(fund, payment, at=silent_at)
    assert bank_files.unanswered(silent_at + timedelta(days=9)) == []


# --- holds


@pytest.mark.parametrize("on_programme", [False, True])
def test_a_hold_closes_every_step_before_the_money_leaves_until_another_person_lifts_it(
    fund: Fund, *, on_programme: bool
):
    _made, payment = worlds.a_certified_payment(fund)
    hold = worlds.a_hold(fund, by=fund.other_treasurer, on_programme=on_programme)

    with pytest.raises(GateClosed, match=f"{hold.reference} on .*Suspected diversion"):
        worlds.release(fund, payment)
    with pytest.raises(NotPermitted, match="someone else must lift it"):
        worlds.lift(hold, fund.other_treasurer)
    worlds.lift(hold, fund.secretariat)
    with pytest.raises(AlreadyDone):
        worlds.lift(hold, fund.certifier)

    assert worlds.release(fund, payment).status == "released"
    assert told(hold.pk) == ["hold.placed", "hold.lifted"]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"why": " "}, Unacceptable),
        ({"evidence": ""}, Unacceptable),
        ({"programme_id": "own"}, Unacceptable),
        ({"organisation_id": None}, Unacceptable),
        ({"organisation_id": uuid4()}, Missing),
        ({"actor": RoleName.PROGRAMME_PARTNER}, NotPermitted),
    ],
)
def test_a_hold_names_one_thing_and_says_why(fund: Fund, changes: dict[str, Any], refusal: type[Refusal]):
    said: dict[str, Any] = {
        "organisation_id": fund.organisation.pk,
        "reason": HoldReason.FRAUD,
        "why": "A false invoice.",
        "evidence": "The invoice, on file",
        "actor": fund.certifier,
        **changes,
    }
    if said.get("programme_id") == "own":
        said["programme_id"] = fund.programme.pk
    if isinstance(said["actor"], RoleName):
        said["actor"] = people.someone(said["actor"])

    with pytest.raises(refusal):
        operations.place_hold(at=AT, **said)


# --- routes


def refuse(fund: Fund, route: Any, **changes: Any) -> Any:
    said: dict[str, Any] = {
        "route_id": route.pk,
        "bank": "Correspondent Example",
        "refused_on": AT.date(),
        "reason": RefusalReason.SANCTIONS,
        "evidence": "Letter of the bank, on file",
        "actor": fund.certifier,
        "at": AT,
        **changes,
    }
    return operations.record_refusal(**said)


def test_a_route_on_which_a_bank_refused_takes_no_payment_and_another_does(fund: Fund):
    _made, payment = worlds.a_certified_payment(fund)
    assert payment.route is not None

    refuse(fund, payment.route, payment_reference=payment.reference.lower())

    with pytest.raises(GateClosed, match=r"Correspondent Example refused on .*Sanctions.*Choose another route"):
        worlds.release(fund, payment)
    with pytest.raises(AlreadyDone):
        refuse(fund, payment.route)
    other = worlds.a_route(fund, name="By way of Singapore")
    with pytest.raises(WrongState, match="keeps its route"):
        worlds.choose(fund, fund.tranche, other, at=AT)
    worlds.cancel(fund, payment)
    with pytest.raises(WrongState, match="takes no payments now"):
        worlds.choose(fund, fund.tranche, payment.route, at=AT)
    worlds.choose(fund, fund.tranche, other, at=AT)
    assert worlds.prepare(fund, at=AT).route == other


def test_a_route_is_opened_again_with_a_reason_and_once_closed_stays_closed(fund: Fund):
    route = worlds.route_of(fund, fund.tranche)
    refuse(fund, route)
    mark = {"route_id": route.pk, "actor": fund.treasurer, "at": AT}

    with pytest.raises(Unacceptable):
        operations.mark_route(to=RouteStatus.OPEN, reason=" ", **mark)
    operations.mark_route(to=RouteStatus.OPEN, reason="The bank asked its authority.", **mark)
    operations.mark_route(to=RouteStatus.CLOSED, reason="The bank left the country.", **mark)
    for to in RouteStatus:
        with pytest.raises(WrongState):
            operations.mark_route(to=to, reason="Again.", **mark)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"bank": " "}, Unacceptable),
        ({"evidence": ""}, Unacceptable),
        ({"refused_on": AT.date() + timedelta(days=1)}, Unacceptable),
        ({"payment_reference": "PAY-2026-9999"}, Missing),
        ({"route_id": uuid4()}, Missing),
    ],
)
def test_a_refusal_names_who_when_and_what_shows_it(fund: Fund, changes: dict[str, Any], refusal: type[Refusal]):
    route = worlds.route_of(fund, fund.tranche)
    with pytest.raises(refusal):
        refuse(fund, route, **changes)
    route.refresh_from_db()
    assert route.status == "open"


def test_a_route_of_goods_has_a_vendor_and_one_of_money_has_none(fund: Fund):
    said = {"name": "A", "chain": "B", "country": "C", "actor": fund.treasurer, "at": AT}
    for kind, vendor in ((RouteKind.IN_KIND, None), (RouteKind.TRANSFER, fund.organisation.pk)):
        with pytest.raises(Unacceptable, match="Goods come from a vendor"):
            operations.open_route(kind=kind, vendor_id=vendor, **said)
    with pytest.raises(NotPermitted):
        operations.open_route(kind=RouteKind.TRANSFER, **{**said, "actor": fund.certifier})


def test_goods_are_paid_offshore_and_spent_when_they_arrive_and_no_cash_enters_the_country(fund: Fund):
    vendor = operations.register_organisation(
        name="Supply Centre", kind=OrganisationKind.OTHER, actor=fund.secretariat, at=worlds.TABLED_AT
    )
    by_vendor = Fund(**{**fund.__dict__, "organisation": vendor})
    own = fund.account
    account = worlds.a_verified_account(by_vendor, worlds.OTHER_DETAILS)
    screening_worlds.lists_in_force()
    worlds.choose(fund, fund.tranche, worlds.a_route(fund, vendor=vendor, name="By sea"))
    fund.account = own

    _made, payment = worlds.a_released_payment(fund)
    assert (payment.bank_account, payments.signed_facts(payment, "release", uuid4())["payee"]) == (
        account,
        vendor.reference,
    )
    delivery = {
        "tranche_id": fund.tranche.pk,
        "delivered_on": worlds.ENDED_AT.date(),
        "goods": "210 refrigerators",
        "evidence": "Bill of lading 7",
        "actor": fund.secretariat,
        "at": worlds.ENDED_AT,
    }
    with pytest.raises(WrongState, match="not paid yet"):
        operations.record_delivery(**delivery)
    worlds.confirm(fund, payment)
    assert ledger_queries.total_under(chart.HELD_BY_PARTNER) == FIRST

    operations.record_delivery(**delivery)

    assert ledger_queries.total_under(chart.HELD_BY_PARTNER) == ZERO
    assert ledger_queries.total_under(chart.EXPENDITURE) == FIRST
    with pytest.raises(AlreadyDone):
        operations.record_delivery(**delivery)


def test_what_was_paid_in_money_is_not_delivered_in_kind(fund: Fund):
    worlds.a_confirmed_payment(fund)
    with pytest.raises(WrongState, match="paid in money"):
        operations.record_delivery(
            tranche_id=fund.tranche.pk,
            delivered_on=AT.date(),
            goods="Kits",
            evidence="Receipt",
            actor=fund.secretariat,
            at=worlds.ENDED_AT,
        )


# --- short of cash


def certified_second(fund: Fund) -> Payment:
    """Certify the payment of the second tranche, whose condition is met."""
    second = fund.proposal.tranches.get(number=2)
    operations.mark_condition_met(
        tranche_id=second.pk, evidence="Report", actor=fund.secretariat, at=worlds.APPROVED_AT
    )
    return worlds.certify(fund, worlds.prepare(fund, second))


def test_a_payment_that_cash_does_not_cover_is_queued_and_the_committee_is_told():
    fund = worlds.a_fund()
    _made, payment = worlds.a_certified_payment(fund)
    with pytest.raises(WrongState, match="Release it instead"):
        operations.queue_payment(payment_id=payment.pk, actor=fund.treasurer, at=AT)
    worlds.drain_cash(fund, FIRST)
    with pytest.raises(GateClosed, match="Queue the payment, so that the committee is told"):
        worlds.release(fund, payment)

    operations.queue_payment(payment_id=payment.pk, actor=fund.treasurer, at=AT)

    queueing = Queueing.objects.get()
    assert (queueing.payment, queueing.cash, queueing.reason) == (payment, FIRST - usd("0.01"), "USD 0.01 is missing")
    assert told(payment.pk)[-1] == "payment.queued"
    with pytest.raises(AlreadyDone):
        operations.queue_payment(payment_id=payment.pk, actor=fund.treasurer, at=AT)
    assert operations.queue_short_payments(at=AT) == []


def test_the_committee_decides_which_is_paid_and_the_decision_is_carried_out(fund: Fund):
    big, small = worlds.a_certified_payment(fund)[1], certified_second(fund)
    worlds.drain_cash(fund, usd("750000.01"))
    assert operations.queue_short_payments(at=AT) == [big]
    with pytest.raises(GateClosed, match="The committee decides which is paid first"):
        worlds.release(fund, small, at=AT)

    part = usd("310000.00")
    ask: dict[str, Any] = {
        "pay": {big.pk: part},
        "order": {big.pk: 1},
        "reason": "Refrigerators first, the rest when a donor has paid.",
        "closes_at": AT + timedelta(days=3),
        "actor": fund.secretariat,
        "at": AT,
    }
    with pytest.raises(Conflict):
        operations.ask_what_to_pay(**{**ask, "pay": {}, "order": {}})
    with pytest.raises(Unacceptable, match="Pay less of what comes last"):
        operations.ask_what_to_pay(**{**ask, "pay": {big.pk: usd("750000.01")}})
    plan, motion = operations.ask_what_to_pay(**ask)
    assert (motion.kind, motion.amount) == ("shortfall", part)
    with pytest.raises(NotDecided):
        operations.carry_out_plan(plan_id=plan.pk, actor=fund.treasurer, at=AT)
    decision = decided(motion)

    carried_at = motion.closes_at + timedelta(hours=1)
    operations.carry_out_plan(plan_id=plan.pk, actor=fund.treasurer, at=carried_at)

    big.refresh_from_db()
    assert (big.status, fund.tranche.status) == ("cancelled", "due")
    assert big.steps.get(kind="cancel").note == f"{decision} pays USD 310,000.00 of it now. Prepare that part."
    now = carried_at
    assert worlds.release(fund, small, at=now).status == "released"
    prepared = worlds.prepare(fund, at=now)
    worlds.certify(fund, prepared, at=now)
    worlds.release(fund, prepared, at=now)
    worlds.confirm(fund, prepared, at=now)
    assert (prepared.amount, fund.tranche.status) == (part, "due")
    assert payments.amount_to_pay(fund.tranche) == FIRST - part
    assert ledger_queries.balance_of(chart.CASH) == ZERO
    with pytest.raises(AlreadyDone):
        operations.carry_out_plan(plan_id=plan.pk, actor=fund.treasurer, at=now)


def test_what_the_committee_pays_in_full_goes_before_what_was_queued_earlier(fund: Fund):
    big, small = worlds.a_certified_payment(fund)[1], certified_second(fund)
    worlds.drain_cash(fund, usd("400000.01"))
    assert operations.queue_short_payments(at=AT) == [big, small]
    worlds.fill_pool(fund.preparer, usd("100000.00"))
    plan, motion = operations.ask_what_to_pay(
        pay={big.pk: ZERO, small.pk: SECOND},
        order={big.pk: 2, small.pk: 1},
        reason="The small one is for fuel that runs out.",
        closes_at=AT + timedelta(days=3),
        actor=fund.secretariat,
        at=AT,
    )
    with pytest.raises(GateClosed):
        worlds.release(fund, small, at=AT)
    decided(motion)
    after = motion.closes_at + timedelta(hours=1)
    operations.carry_out_plan(plan_id=plan.pk, actor=fund.treasurer, at=after)

    assert worlds.release(fund, small, at=after).status == "released"
    with pytest.raises(GateClosed, match="in cash"):
        worlds.release(fund, big, at=after)


# --- the reserve


def test_the_floor_is_the_approved_tranches_of_the_coming_months_that_are_not_paid(fund: Fund):
    on = worlds.APPROVED_AT.date()
    assert reserve.floor(on).floor == FIRST + SECOND
    worlds.a_released_payment(fund)

    floor = reserve.floor(on)

    assert (floor.months, floor.floor, floor.held, floor.shortfall) == (6, SECOND, ZERO, SECOND)


def test_the_reserve_is_raised_to_its_floor_as_far_as_spendable_allows(fund: Fund):
    act: dict[str, Any] = {"actor": fund.treasurer, "at": worlds.ENDED_AT}
    operations.record_bank_charge(
        reference="CHG-1", charged=spendable() - usd("100.00"), on=worlds.ENDED_AT.date(), **act
    )

    operations.raise_reserve_to_floor(**act)

    assert (continuity_reserve(), spendable()) == (usd("100.00"), ZERO)
    with pytest.raises(InsufficientFunds, match=r"USD 2,139,900\.00 is missing to the floor"):
        operations.raise_reserve_to_floor(**act)
    worlds.fill_pool(fund.preparer)
    operations.raise_reserve_to_floor(**act)
    assert continuity_reserve() == FIRST + SECOND
    with pytest.raises(AlreadyDone, match="Nothing is missing"):
        operations.raise_reserve_to_floor(**act)


def test_treasury_is_told_once_a_week_that_the_reserve_is_below_its_floor(fund: Fund):
    assert operations.watch_reserve(at=AT)
    assert not operations.watch_reserve(at=AT + timedelta(days=6))
    assert operations.watch_reserve(at=AT + timedelta(days=7, seconds=1))

    operations.raise_reserve_to_floor(actor=fund.treasurer, at=AT)
    assert continuity_reserve() == FIRST + SECOND
    assert not operations.watch_reserve(at=AT + timedelta(days=30))


def test_the_reserve_is_used_on_a_carried_decision_and_by_a_second_factor_only(fund: Fund):
    operations.raise_reserve_to_floor(actor=fund.treasurer, at=AT)
    ask: dict[str, Any] = {
        "amount": usd("500000.00"),
        "reason": "A donor is late.",
        "refill": "From its instalment.",
        "closes_at": AT + timedelta(days=3),
        "actor": fund.secretariat,
        "at": AT,
    }
    for changes in ({"amount": usd("2140000.01")}, {"amount": ZERO}, {"reason": " "}, {"refill": ""}):
        with pytest.raises(Unacceptable):
            operations.ask_to_use_reserve(**{**ask, **changes})
    with pytest.raises(NotPermitted):
        operations.ask_to_use_reserve(**{**ask, "actor": fund.treasurer})
    use, motion = operations.ask_to_use_reserve(**ask)

    def carry_out() -> Any:
        nonce = uuid4()
        proof = worlds.signed(fund.treasurer, reserve.fingerprint_of(use, nonce))
        return operations.use_reserve(
            use_id=use.pk, proof=proof, nonce=nonce, actor=fund.treasurer, at=AT + timedelta(days=4)
        )

    before = spendable()
    with pytest.raises(NotDecided):
        carry_out()
    assert continuity_reserve() == FIRST + SECOND
    decision = decided(motion)
    carry_out()

    assert (continuity_reserve(), spendable()) == (usd("1640000.00"), before + usd("500000.00"))
    entry = ledger_queries.entries_about(use.pk)[0]
    assert (entry.kind, entry.memo) == ("reserve.used", f"{decision}: A donor is late.")
    with pytest.raises(AlreadyDone, match=decision):
        carry_out()


def test_a_decision_that_was_not_carried_uses_nothing(fund: Fund):
    operations.raise_reserve_to_floor(actor=fund.treasurer, at=AT)
    use, motion = operations.ask_to_use_reserve(
        amount=usd("1.00"),
        reason="A donor is late.",
        refill="Later.",
        closes_at=AT + timedelta(days=3),
        actor=fund.secretariat,
        at=AT,
    )
    committee.close_motion(motion_id=motion.pk, actor=None, at=motion.closes_at)

    with pytest.raises(Refusal):
        operations.use_reserve(
            use_id=use.pk,
            proof=step_up.Proof(),
            nonce=uuid4(),
            actor=fund.treasurer,
            at=AT + timedelta(days=4),
        )
    assert continuity_reserve() == FIRST + SECOND


def test_other_numbers_are_in_force_once_a_second_person_has_agreed(fund: Fund):
    administrator = people.someone(RoleName.FUND_ADMINISTRATOR)
    said: dict[str, Any] = {
        "reserve_months": 0,
        "answer_hours": 2,
        "payee_limit": usd("1000000.00"),
        "payee_days": 10,
        "reason": "A trial.",
        "actor": administrator,
        "at": AT,
    }
    for changes in ({"reserve_months": 37}, {"answer_hours": 0}, {"payee_limit": ZERO}, {"reason": ""}):
        with pytest.raises(Unacceptable):
            operations.propose_treasury_rules(**{**said, **changes})
    proposed = operations.propose_treasury_rules(**said)
    assert rules.in_force().version == 0
    with pytest.raises(NotPermitted):
        operations.agree_to_treasury_rules(version=1, actor=administrator, at=AT)

    operations.agree_to_treasury_rules(version=1, actor=fund.treasurer, at=AT)

    assert rules.in_force() == proposed.rules
    with pytest.raises(WrongState):
        operations.agree_to_treasury_rules(version=1, actor=fund.certifier, at=AT)
    gate = {gate.key: gate for gate in payments.gates_of(worlds.a_prepared_payment(fund)[1], AT)}["amount"]
    assert gate.caution.startswith("The organisation gets USD 1,700,000.00 within 10 days")


# --- the clock


def test_the_clock_runs_from_the_complete_package_to_the_first_release(fund: Fund):
    (running,) = [one for one in service_time.timed(worlds.APPROVED_AT.date()) if one.tranche == fund.tranche]
    assert (running.clock.standing, running.clock.complete_on) == (Standing.RUNNING, worlds.APPROVED_AT.date())
    late = worlds.APPROVED_AT + timedelta(days=9)
    payment = worlds.certify(fund, worlds.prepare(fund, at=late), at=late)
    worlds.release(fund, payment, at=late)

    clocks = service_time.timed(late.date())

    assert [(one.tranche, one.clock.standing) for one in clocks] == [(fund.tranche, Standing.LATE)]
    found = service_time.figures(clocks)
    assert (found.released, found.in_time, found.breaches, found.percent_in_time) == (1, 0, 1, 0)
    worlds.give_back(fund, payment, reason=ReturnReason.MS03, at=late)
    assert service_time.timed(late.date())[0].clock.released_on == late.date()
