"""A proposal's way from draft to reserved money, step by step, with what each step leaves behind."""

from datetime import timedelta

import pytest

from committee import queries as committee_queries
from committee.states import Status as MotionStatus
from disbursements import operations, queries, tasks
from disbursements.fingerprints import fingerprint_of
from disbursements.models import Proposal
from disbursements.queries.fund import fund_effect, spendable
from disbursements.queries.proposals import content_of, proposal_for_decision, version_of
from ledger import chart
from ledger import queries as ledger_queries
from tests import committee_worlds, disbursement_worlds, donor_worlds, people
from tests.disbursement_worlds import APPROVED_AT, CLOSES_AT, secretariat, usd
from trustfund.core import clock, events

pytestmark = pytest.mark.django_db(transaction=True)


def kinds_about(thing):
    return [event.kind for event in reversed(list(events.about(thing.pk)))]


def test_the_stored_version_carries_the_fingerprint_of_what_it_says():
    proposal = disbursement_worlds.a_draft()
    version = version_of(proposal)
    assert content_of(version) == disbursement_worlds.content()
    assert version.fingerprint == fingerprint_of(proposal.reference, 1, disbursement_worlds.content())
    assert (version.direct, version.indirect, version.amount) == (
        usd("934579.44"),
        usd("65420.56"),
        usd("1000000.00"),
    )


def test_an_approval_reserves_the_amount_and_makes_the_tranches():
    donor_worlds.money_in("1500000.00")
    proposal = disbursement_worlds.an_approved_proposal("1000000.00")
    assert Proposal.objects.get(pk=proposal.pk).status == "approved"
    assert spendable() == usd("500000.00")
    reserved = ledger_queries.balance_of(chart.under(chart.RESERVED, proposal.programme.reference))
    assert reserved == usd("1000000.00")
    effect = fund_effect(usd("600000.00"))
    assert (effect.cash, effect.reserved, effect.continuity_reserve, effect.spendable, effect.after, effect.fits) == (
        usd("1500000.00"),
        usd("1000000.00"),
        usd("0.00"),
        usd("500000.00"),
        usd("-100000.00"),
        False,
    )
    tranches = proposal.tranches.order_by("number")
    assert [(one.reference, one.amount, one.status) for one in tranches] == [
        (f"{proposal.reference}/1", usd("500000.00"), "due"),
        (f"{proposal.reference}/2", usd("500000.00"), "planned"),
    ]
    assert kinds_about(proposal) == [
        "proposal.drafted",
        "proposal.submitted",
        "proposal.tabled",
        "proposal.approved",
    ]
    (entry,) = ledger_queries.entries_about(proposal.pk)
    assert (entry.kind, entry.reference) == ("proposal.approved", proposal.reference)


def test_a_condition_is_met_with_evidence_and_the_tranche_falls_due_on_its_day():
    proposal = disbursement_worlds.an_approved_proposal()
    second = proposal.tranches.get(number=2)
    operations.mark_condition_met(
        tranche_id=second.pk, evidence="Installation report of 4 August", actor=secretariat(), at=APPROVED_AT
    )
    second.refresh_from_db()
    assert (second.status, second.evidence) == ("conditions_met", "Installation report of 4 August")
    assert operations.bring_tranches_due(at=APPROVED_AT) == []
    its_day = APPROVED_AT.replace(year=2026, month=12, day=28)
    assert [one.pk for one in operations.bring_tranches_due(at=its_day)] == [second.pk]
    assert operations.bring_tranches_due(at=its_day) == []
    second.refresh_from_db()
    assert second.status == "due"
    assert kinds_about(second)[-2:] == ["tranche.condition_met", "tranche.fallen_due"]


def test_an_amendment_is_a_new_version_that_says_what_changed():
    proposal = disbursement_worlds.a_submitted_proposal("1000000.00")
    operations.amend_proposal(
        proposal_id=proposal.pk,
        number=1,
        content=disbursement_worlds.content("1100000.00"),
        actor=secretariat(),
        at=people.NOON,
    )
    proposal.refresh_from_db()
    assert (proposal.status, proposal.current_number, proposal.amount) == ("draft", 2, usd("1100000.00"))
    shown = proposal_for_decision(proposal.pk)
    assert (shown.number, shown.is_current, len(shown.earlier)) == (2, True, 1)
    assert [change.field for change in shown.changes] == [
        "Amount",
        "Supplies, commodities, materials",
        "Indirect support costs",
        "Tranche 1",
        "Tranche 2",
    ]
    assert proposal_for_decision(proposal.pk, 1).amount == usd("1000000.00")
    assert proposal_for_decision(proposal.pk, 1).is_current is False


def test_amending_what_lies_before_the_committee_voids_its_votes():
    proposal = disbursement_worlds.a_tabled_proposal("1000000.00")
    motion = disbursement_worlds.motion_of(proposal)
    committee_worlds.vote(motion, 1)
    operations.amend_proposal(
        proposal_id=proposal.pk,
        number=1,
        content=disbursement_worlds.content("900000.00"),
        actor=secretariat(),
        at=people.NOON + timedelta(hours=2),
    )
    motion.refresh_from_db()
    proposal.refresh_from_db()
    assert motion.state == MotionStatus.WITHDRAWN
    assert (proposal.status, proposal.motion_id) == ("draft", None)
    assert committee_queries.motion_about(proposal.pk, 2) is None


@pytest.mark.parametrize(
    ("end", "status"),
    [(committee_worlds.carry, "carried"), (committee_worlds.defeat, "rejected"), (committee_worlds.close, "lapsed")],
)
def test_the_committees_answer_is_written_down(end, status):
    proposal = disbursement_worlds.a_tabled_proposal()
    end(disbursement_worlds.motion_of(proposal))
    operations.record_outcome(proposal_id=proposal.pk, actor=None, at=CLOSES_AT)
    proposal.refresh_from_db()
    assert (proposal.status, proposal.ended_at) == (status, CLOSES_AT)


def test_the_clock_writes_down_answers_and_brings_tranches_due():
    donor_worlds.money_in("1000000.00")
    still_open = disbursement_worlds.a_tabled_proposal()
    carried = disbursement_worlds.a_carried_proposal()
    with clock.moved_to(CLOSES_AT):
        tasks.record_outcomes()
        tasks.record_outcomes()
    assert [Proposal.objects.get(pk=one.pk).status for one in (still_open, carried)] == ["tabled", "carried"]
    disbursement_worlds.approve(carried)
    second = carried.tranches.get(number=2)
    operations.mark_condition_met(tranche_id=second.pk, evidence="Report", actor=secretariat(), at=APPROVED_AT)
    with clock.moved_to(APPROVED_AT.replace(year=2027)):
        tasks.bring_tranches_due()
        tasks.bring_tranches_due()
    assert [event.kind for event in events.about(second.pk)[:2]] == ["tranche.fallen_due", "tranche.condition_met"]


def test_what_was_carried_is_approved_after_its_outcome_was_written_down():
    donor_worlds.money_in("1000000.00")
    proposal = disbursement_worlds.a_carried_proposal()
    operations.record_outcome(proposal_id=proposal.pk, actor=secretariat(), at=CLOSES_AT)
    disbursement_worlds.approve(proposal)
    proposal.refresh_from_db()
    assert (proposal.status, proposal.approved_at, spendable()) == ("approved", APPROVED_AT, usd("0.00"))


def test_a_lapsed_version_may_be_tabled_again():
    proposal = disbursement_worlds.a_tabled_proposal()
    committee_worlds.close(disbursement_worlds.motion_of(proposal))
    operations.record_outcome(proposal_id=proposal.pk, actor=None, at=CLOSES_AT)
    again = operations.table_proposal(
        proposal_id=proposal.pk,
        number=1,
        closes_at=CLOSES_AT + timedelta(days=5),
        actor=secretariat(),
        at=APPROVED_AT,
    )
    proposal.refresh_from_db()
    assert (proposal.status, proposal.motion_id) == ("tabled", again.pk)


def test_the_continuity_reserve_is_raised_and_no_longer_spendable():
    donor_worlds.money_in("1000000.00")
    for reserve, left in (("250000.00", "750000.00"), ("400000.00", "600000.00")):
        operations.set_aside_continuity_reserve(
            reserve=usd(reserve),
            reason="Six months of approved tranches",
            actor=disbursement_worlds.treasurer(),
            at=people.NOON,
        )
        assert (queries.fund.continuity_reserve(), spendable()) == (usd(reserve), usd(left))


def test_a_decision_page_costs_the_same_number_of_queries_for_one_version_and_for_three(django_assert_max_num_queries):
    proposal = disbursement_worlds.a_draft("1000000.00")
    for number, amount in ((1, "1100000.00"), (2, "1200000.00")):
        operations.amend_proposal(
            proposal_id=proposal.pk,
            number=number,
            content=disbursement_worlds.content(amount),
            actor=secretariat(),
            at=people.NOON,
        )
    with django_assert_max_num_queries(6):
        shown = proposal_for_decision(proposal.pk)
    assert [one.number for one in shown.earlier] == [1, 2]
    assert [(str(row.block), row.amount) for row in shown.blocks] == [
        ("service_delivery", usd("720000.00")),
        ("workforce", usd("306000.00")),
        ("medicines", usd("174000.00")),
    ]
