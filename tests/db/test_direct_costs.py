"""The fund's own costs: asked for, decided by the committee, charged once; nothing without a decision (R12)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from committee.models import Motion
from committee.operations import Hearing
from committee.rules import Choice, NotCarried, NotDecided
from disbursements import operations
from disbursements.models import DirectCost, DirectCostCharged
from disbursements.queries import direct_costs as queries
from disbursements.queries.fund import spendable
from ledger import chart
from ledger import queries as ledger_queries
from tests import committee_worlds
from tests import payment_worlds as worlds
from tests.payment_worlds import Fund
from trustfund.core import clock
from trustfund.core.models import Confirmation, Event, User
from trustfund.core.money import Money
from trustfund.core.refusals import (
    AlreadyDone,
    InsufficientFunds,
    Missing,
    NotPermitted,
    SecondFactorFailed,
    Unacceptable,
)
from trustfund.pages.queries.inbox import waiting_for

pytestmark = pytest.mark.django_db

AT = worlds.APPROVED_AT
CLOSES = AT + timedelta(days=5)
COST = Money.of("120000.00", "USD")


@pytest.fixture
def fund() -> Fund:
    return worlds.a_fund()


def charge(cost: DirectCost, by: User, **changes: Any) -> DirectCost:
    nonce = uuid4()
    given: dict[str, Any] = {
        "cost_id": cost.pk,
        "bank_reference": "CAMT-53-0007",
        "on": CLOSES.date(),
        "proof": worlds.signed(by, queries.fingerprint_of(cost, nonce)),
        "nonce": nonce,
        "actor": by,
        "at": CLOSES + timedelta(hours=1),
    }
    return operations.charge_direct_cost(**(given | changes))


def decide(cost: DirectCost, choice: Choice = Choice.APPROVE) -> str:
    motion = Motion.objects.get(subject=cost.pk)
    for number in committee_worlds.QUORUM_SEATS:
        committee_worlds.vote(motion, number, choice)
    return committee_worlds.close(motion).reference


def test_a_cost_is_charged_once_on_its_decision_and_leaves_cash_and_spendable(fund: Fund):
    cash, free = ledger_queries.balance_of(chart.CASH), spendable()
    cost = worlds.a_direct_cost(fund)
    with pytest.raises(NotDecided):
        charge(cost, fund.treasurer)
    assert (ledger_queries.balance_of(chart.CASH), spendable()) == (cash, free)
    decision = decide(cost)
    assert decision in [item.reference for item in waiting_for(fund.treasurer, CLOSES)]
    charge(cost, fund.treasurer)
    assert (ledger_queries.balance_of(chart.CASH), spendable()) == (cash - COST, free - COST)
    assert ledger_queries.balance_of(chart.DIRECT_COST) == COST
    assert DirectCostCharged.objects.get().decision == decision
    with pytest.raises(AlreadyDone, match=decision):
        charge(cost, fund.treasurer)
    assert decision not in [item.reference for item in waiting_for(fund.treasurer, CLOSES)]


def test_asking_and_charging_are_refused_and_nothing_changes(fund: Fund):
    good: dict[str, Any] = {
        "title": "Audit",
        "payee": "Halden & Roe",
        "amount": COST,
        "reason": "Asked by the donors.",
        "hearing": Hearing(closes_at=CLOSES),
        "actor": fund.secretariat,
        "at": AT,
    }
    for changes, refusal in (
        ({"actor": fund.treasurer}, NotPermitted),
        ({"title": " "}, Unacceptable),
        ({"payee": ""}, Unacceptable),
        ({"reason": ""}, Unacceptable),
        ({"amount": Money.zero("USD")}, Unacceptable),
        ({"amount": Money.of("1.00", "EUR")}, Unacceptable),
        ({"amount": spendable() + Money(1, "USD")}, InsufficientFunds),
    ):
        with pytest.raises(refusal):
            operations.ask_for_direct_cost(**(good | changes))
    assert not DirectCost.objects.exists()
    lost, cost = worlds.a_direct_cost(fund), worlds.a_direct_cost(fund)
    decide(lost, Choice.REJECT)
    decide(cost)
    before = (Event.objects.count(), ledger_queries.balance_of(chart.CASH))
    with pytest.raises(NotCarried):
        charge(lost, fund.treasurer)
    for changes, refusal in (
        ({"actor": fund.certifier}, NotPermitted),
        ({"cost_id": uuid4()}, Missing),
        ({"bank_reference": " "}, Unacceptable),
        ({"on": CLOSES.date() - timedelta(days=1)}, Unacceptable),
        ({"on": CLOSES.date() + timedelta(days=1)}, Unacceptable),
        ({"nonce": uuid4()}, SecondFactorFailed),
    ):
        with pytest.raises(refusal):
            charge(cost, fund.treasurer, **changes)
    assert (Event.objects.count(), ledger_queries.balance_of(chart.CASH)) == before


def test_postgresql_charges_nothing_that_was_not_carried_nor_by_who_asked(fund: Fund):
    open_one, cost = worlds.a_direct_cost(fund), worlds.a_direct_cost(fund)
    decision = decide(cost)

    def row(of: DirectCost, by: User) -> None:
        confirmation = Confirmation.objects.create(
            person=by,
            purpose="direct_cost.charge",
            fingerprint="0" * 64,
            method="code",
            evidence={},
            evidence_key=str(uuid4()),
            confirmed_at=CLOSES,
        )
        DirectCostCharged.objects.create(
            cost=of,
            decision=decision,
            bank_reference="X",
            on=CLOSES.date(),
            confirmation=confirmation,
            charged_by=by,
            charged_at=CLOSES,
        )

    for of, by, words in (
        (open_one, fund.treasurer, "carried no such decision"),
        (cost, fund.secretariat, "does not charge it"),
    ):
        with pytest.raises(DatabaseError, match=words), transaction.atomic():
            row(of, by)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        DirectCost.objects.update(amount_minor=1)


def test_a_cost_is_asked_for_and_charged_in_the_browser(fund: Fund):
    desk, treasury = Client(), Client()
    desk.force_login(fund.secretariat)
    treasury.force_login(fund.treasurer)
    said = {
        "title": "Third-party monitoring",
        "payee": "Meridian Monitors",
        "amount": "120,000.00",
        "reason": "Nobody pays who checks them.",
        "way": "correspondence",
        "closes_on": CLOSES.date().isoformat(),
        "closes_at": "12:00",
    }
    with clock.moved_to(AT):
        refused = desk.post(reverse("disbursements:ask_for_cost"), said | {"amount": "900,000,000.00"})
        assert (refused.status_code, "The fund can spend" in refused.content.decode()) == (422, True)
        page = desk.post(reverse("disbursements:ask_for_cost"), said, follow=True).content.decode()
    cost = DirectCost.objects.get()
    assert "Nothing is charged before it is carried." in page
    assert cost.reference in treasury.get(reverse("disbursements:direct_costs")).content.decode()
    decide(cost)
    address, nonce = reverse("disbursements:direct_cost", args=[cost.pk]), uuid4()
    with clock.moved_to(CLOSES + timedelta(hours=2)):
        line = {"bank_reference": "CAMT-53-9", "on": CLOSES.date().isoformat(), "nonce": nonce}
        assert treasury.post(address, line).status_code == 422
        proof = worlds.signed(fund.treasurer, queries.fingerprint_of(cost, nonce))
        page = treasury.post(address, line | {"passkey": proof.passkey}, follow=True).content.decode()
    assert "CAMT-53-9" in page
    assert "direct_cost.charged" in page
