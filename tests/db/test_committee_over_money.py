"""What only the committee lets pass: a hold that it was asked of; and what it decided waits for who carries it out."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from committee.models import Motion
from committee.operations import Hearing
from committee.rules import Choice, Way
from disbursements import operations
from disbursements.models import Hold, HoldLift
from tests import committee_worlds, people
from tests import payment_worlds as worlds
from tests.payment_worlds import Fund
from trustfund.core.models import Confirmation
from trustfund.core.refusals import AlreadyDone, Missing, NotPermitted, Unacceptable, WrongState
from trustfund.core.roles import RoleName
from trustfund.pages.queries.inbox import waiting_for

pytestmark = pytest.mark.django_db

AT = worlds.ENDED_AT
VOTED = AT + timedelta(hours=1)
CLOSES = AT + timedelta(days=7)


@pytest.fixture(autouse=True)
def _own_documents(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def fund() -> Fund:
    """A fund whose first tranche has arrived and was not reported on yet."""
    made, _payment = worlds.a_confirmed_payment()
    return made


def hearing() -> Hearing:
    return Hearing(way=Way.CORRESPONDENCE, closes_at=CLOSES)


def ask_to_lift(fund: Fund, hold: Hold, **changes: Any) -> Motion:
    given: dict[str, Any] = {
        "hold_id": hold.pk,
        "reason": "The store had counted one lorry twice.",
        "hearing": hearing(),
        "actor": fund.secretariat,
        "at": AT,
    }
    return operations.ask_to_lift_hold(**(given | changes))


def decided(motion: Motion, choice: Choice = Choice.APPROVE) -> str:
    for number in committee_worlds.QUORUM_SEATS:
        committee_worlds.vote(motion, number, choice, at=VOTED)
    return committee_worlds.close(motion).reference


def waits(person: Any) -> list[str]:
    return [item.reference for item in waiting_for(person, CLOSES) if item.reference.startswith("DEC")]


def test_what_the_committee_released_waits_for_the_secretariat_until_it_is_brought_due(fund: Fund):
    second = fund.proposal.tranches.get(number=2)
    motion = operations.ask_to_release(
        tranche_id=second.pk, reason="The port closes.", closes_at=CLOSES, actor=fund.secretariat, at=AT
    )
    assert waits(fund.secretariat) == []
    decision = decided(motion)
    assert waits(fund.secretariat) == [decision]
    operations.carry_out_release(tranche_id=second.pk, actor=fund.secretariat, at=CLOSES)
    assert waits(fund.secretariat) == []


def test_a_hold_before_the_committee_is_lifted_on_its_decision_and_by_nobody_before(fund: Fund):
    hold = worlds.a_hold(fund, at=AT)
    motion = ask_to_lift(fund, hold)
    with pytest.raises(AlreadyDone, match="asked this already"):
        ask_to_lift(fund, hold)
    with pytest.raises(WrongState, match="Wait for its answer"):
        worlds.lift(hold, fund.treasurer, at=VOTED)
    decision = decided(motion)
    assert waits(fund.treasurer) == [decision]
    assert waits(fund.certifier) == [], "who placed it does not carry it out"
    worlds.lift(hold, fund.treasurer, at=CLOSES)
    assert (HoldLift.objects.get(hold=hold).decision, waits(fund.treasurer)) == (decision, [])
    with pytest.raises(AlreadyDone, match="lifted already"):
        ask_to_lift(fund, hold)


def test_a_hold_that_the_committee_keeps_is_lifted_by_no_officer(fund: Fund):
    hold = worlds.a_hold(fund, at=AT)
    motion = ask_to_lift(fund, hold)
    decision = decided(motion, Choice.REJECT)
    with pytest.raises(WrongState, match=f"this hold stands, {decision}"):
        worlds.lift(hold, fund.treasurer, at=CLOSES)
    confirmation = Confirmation.objects.create(
        person=fund.treasurer,
        purpose="hold.lift",
        fingerprint="0" * 64,
        method="code",
        evidence={},
        evidence_key=str(uuid4()),
        confirmed_at=CLOSES,
    )
    for said in ("", decision):
        with pytest.raises(DatabaseError, match="before the committee is lifted on its"), transaction.atomic():
            HoldLift.objects.create(
                hold=hold,
                reason="Around the operation.",
                decision=said,
                confirmation=confirmation,
                lifted_by=fund.treasurer,
                lifted_at=CLOSES,
            )
    other = worlds.a_hold(fund, at=AT)
    with pytest.raises(DatabaseError, match="carried no such decision"), transaction.atomic():
        HoldLift.objects.create(
            hold=other,
            reason="Around the operation.",
            decision=decision,
            confirmation=confirmation,
            lifted_by=fund.treasurer,
            lifted_at=CLOSES,
        )


def test_asking_to_lift_a_hold_is_refused_without_ground_or_role(fund: Fund):
    hold = worlds.a_hold(fund, at=AT)
    for changes, refusal in (
        ({"actor": fund.treasurer}, NotPermitted),
        ({"actor": people.someone(RoleName.SECRETARIAT, is_seconded=True)}, NotPermitted),
        ({"hold_id": uuid4()}, Missing),
        ({"reason": ""}, Unacceptable),
    ):
        with pytest.raises(refusal):
            ask_to_lift(fund, hold, **changes)
    assert not Motion.objects.filter(subject=hold.pk).exists()


def test_plans_and_uses_of_the_reserve_that_were_carried_wait_for_treasury(fund: Fund):
    use, _plan = worlds.before_the_committee(fund)
    assert waits(fund.treasurer) == []
    motion = Motion.objects.get(subject=use.pk)
    decision = committee_worlds.carry(motion)
    assert waits(fund.treasurer) == [decision.reference]
    assert waits(fund.certifier) == []
