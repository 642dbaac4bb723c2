"""What PostgreSQL itself refuses of programmes and proposals, and that two approvals cannot promise the same money."""

import threading
from uuid import uuid4

import psycopg2
import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from disbursements import operations
from disbursements.models import Proposal
from disbursements.queries import approvals
from disbursements.queries.fund import spendable
from tests import committee_worlds, disbursement_worlds, donor_worlds, people
from tests.disbursement_worlds import chair, usd
from trustfund.core import step_up
from trustfund.core.models import Confirmation
from trustfund.core.refusals import InsufficientFunds, SecondFactorFailed, WrongState

pytestmark = pytest.mark.django_db(transaction=True)

MORE_SHARE = """
    INSERT INTO disbursements_blockshare (programme_id, block, percent)
    SELECT id, 'governance', 0.01 FROM disbursements_programme
"""
UNSPLIT_PROGRAMME = """
    INSERT INTO disbursements_programme
        (id, reference, title, region, starts_on, ends_on, status, opened_at, opened_by_id, organisation_id)
    SELECT gen_random_uuid(), 'PRG-X', title, region, starts_on, ends_on, status, opened_at, opened_by_id,
         organisation_id
    FROM disbursements_programme
"""
VERSION = """
    INSERT INTO disbursements_proposalversion
        (id, number, title, summary, amount_minor, direct_minor, indirect_minor, currency, humanity, neutrality,
         impartiality, independence, women, men, girls, boys, fingerprint, created_at, created_by_id, proposal_id)
    SELECT gen_random_uuid(), 2, title, summary, {amount}, {direct}, {indirect}, currency, humanity, neutrality,
         impartiality, independence, women, men, girls, boys, {fingerprint}, created_at, created_by_id, proposal_id
    FROM disbursements_proposalversion
"""
MORE_LINE = """
    INSERT INTO disbursements_budgetline (category, amount_minor, currency, narrative, version_id)
    SELECT 1, 100, 'USD', '', id FROM disbursements_proposalversion
"""
MORE_PART = """
    INSERT INTO disbursements_plannedtranche
        (number, title, condition, expected_on, amount_minor, currency, version_id)
    SELECT 9, 'More', '', '2027-01-01', 100, 'USD', id FROM disbursements_proposalversion
"""
UNPLANNED_TRANCHE = """
    INSERT INTO disbursements_tranche
        (id, reference, number, title, condition, expected_on, amount_minor, currency, status, evidence, proposal_id,
         version_id)
    SELECT gen_random_uuid(), 'X/9', 9, title, condition, expected_on, amount_minor, currency, status, evidence,
         proposal_id, version_id
    FROM disbursements_tranche WHERE number = 1
"""


def refused(superuser, *statements):
    """Return SQLSTATE and constraint of what a superuser's transaction is refused for."""
    with pytest.raises(psycopg2.Error) as error, superuser, superuser.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    return error.value.pgcode, error.value.diag.constraint_name


@pytest.mark.parametrize(
    "table",
    [
        "disbursements_proposalversion",
        "disbursements_budgetline",
        "disbursements_plannedtranche",
        "disbursements_publishedproject",
    ],
)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_what_was_proposed_is_never_changed_by_anybody(superuser, table, statement):
    disbursement_worlds.a_draft()
    assert refused(superuser, statement.format(table))[0] == "TF001"


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM disbursements_blockshare WHERE block = 'workforce'",
        "UPDATE disbursements_blockshare SET percent = percent - 0.01 WHERE block = 'workforce'",
        MORE_SHARE,
        UNSPLIT_PROGRAMME,
    ],
)
def test_a_split_that_is_not_100_percent_is_refused_at_commit(superuser, statement):
    disbursement_worlds.a_programme()
    assert refused(superuser, statement) == ("TF401", "building_blocks_add_up_to_100")


@pytest.mark.parametrize(
    ("percent", "constraint"),
    [("0", "a_share_is_above_0_and_at_most_100"), ("100.01", "a_share_is_above_0_and_at_most_100")],
)
def test_a_share_is_between_0_and_100(superuser, percent, constraint):
    disbursement_worlds.a_programme()
    statement = f"UPDATE disbursements_blockshare SET percent = {percent}"
    assert refused(superuser, statement) == ("23514", constraint)


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (
            {"direct": 100_000, "indirect": 7_001, "amount": 107_001},
            ("23514", "indirect_is_at_most_7_percent_of_direct"),
        ),
        (
            {"direct": 100_000, "indirect": 7_000, "amount": 107_001},
            ("23514", "direct_and_indirect_add_up_to_the_amount"),
        ),
        ({"direct": 100_000, "indirect": -1, "amount": 99_999}, ("23514", "a_proposal_asks_for_money")),
        ({"direct": 100_000, "indirect": 0, "amount": 100_000}, ("TF402", "budget_lines_add_up")),
        (
            {"direct": 100_000, "indirect": 0, "amount": 100_000, "fingerprint": "'short'"},
            ("23514", "a_version_has_a_fingerprint"),
        ),
    ],
)
def test_a_version_that_breaks_a_rule_is_refused(superuser, spoil, found):
    disbursement_worlds.a_draft()
    statement = VERSION.format(**{"fingerprint": "fingerprint", **spoil})
    assert refused(superuser, statement) == found


def test_a_line_or_a_tranche_added_later_is_refused(superuser):
    disbursement_worlds.a_draft()
    assert refused(superuser, MORE_LINE) == ("TF402", "budget_lines_add_up")
    assert refused(superuser, MORE_PART) == ("TF402", "planned_tranches_add_up")


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE disbursements_tranche SET amount_minor = amount_minor + 1", ("TF403", "a_tranche_stays_as_approved")),
        ("UPDATE disbursements_tranche SET condition = ''", ("TF403", "a_tranche_stays_as_approved")),
        ("DELETE FROM disbursements_tranche WHERE number = 2", ("TF403", "a_tranche_stays_as_approved")),
        (
            "UPDATE disbursements_tranche SET status = 'due' WHERE number = 2",
            ("23514", "a_met_condition_has_evidence"),
        ),
        (
            UNPLANNED_TRANCHE,
            ("TF403", "a_tranche_was_planned"),
        ),
        (
            "UPDATE disbursements_proposal SET approved_by_id = proposer_id",
            ("23514", "nobody_approves_what_they_proposed"),
        ),
        (
            "UPDATE disbursements_proposal SET approved_by_id = NULL",
            ("23514", "an_approved_proposal_names_who_approved_it"),
        ),
        ("UPDATE disbursements_proposal SET status = 'won'", ("23514", "a_proposal_is_in_a_known_state")),
        (
            "UPDATE disbursements_proposal SET approval_confirmation_id = NULL",
            ("TF404", "an_approval_stays_as_it_was_given"),
        ),
        (
            "UPDATE disbursements_proposal SET approved_at = approved_at + interval '1 day'",
            ("TF404", "an_approval_stays_as_it_was_given"),
        ),
        ("UPDATE disbursements_proposal SET status = 'carried'", ("TF404", "an_approval_stays_as_it_was_given")),
        ("UPDATE disbursements_proposal SET amount_minor = 1", ("TF404", "an_approval_stays_as_it_was_given")),
    ],
)
def test_what_was_approved_stays_as_it_was_approved(superuser, statement, found):
    disbursement_worlds.an_approved_proposal()
    assert refused(superuser, statement) == found


APPROVE_BY_HAND = """
    UPDATE disbursements_proposal
    SET status = 'approved', approved_at = now(), approved_by_id = {by}, approval_confirmation_id = {confirmation}
"""


def test_an_approval_without_its_grounds_is_refused_even_to_a_superuser(superuser):
    with_proof = disbursement_worlds.an_approved_proposal("10000.00")
    spent = f"'{with_proof.approval_confirmation_id}'"
    tabled = disbursement_worlds.a_tabled_proposal()
    chairing, member = (f"'{person.pk}'" for person in (chair(), people.someone()))
    with transaction.atomic():
        clean = step_up.confirm(
            proof=committee_worlds.signed(chair(), "00" * 32),
            person=chair(),
            purpose="proposal.approve",
            fingerprint="00" * 32,
            at=people.NOON,
        )
    fresh = f"'{clean.pk}'"

    def refused_with(by, confirmation):
        given = APPROVE_BY_HAND.format(by=by, confirmation=confirmation)
        return refused(superuser, f"{given} WHERE id = '{tabled.pk}'")

    assert refused_with(chairing, "NULL") == ("TF404", "an_approval_is_confirmed_by_who_gives_it")
    assert refused_with(member, fresh) == ("TF404", "an_approval_is_confirmed_by_who_gives_it")
    assert refused_with(chairing, fresh) == ("TF404", "an_approval_follows_a_carried_motion")
    assert refused_with(chairing, spent)[0] == "23505"


def test_a_page_sent_twice_approves_once_and_another_page_not_at_all():
    donor_worlds.money_in("1000000.00")
    proposal = disbursement_worlds.a_carried_proposal()
    nonce = uuid4()
    first = disbursement_worlds.approve(proposal, nonce=nonce)
    again = disbursement_worlds.approve(proposal, nonce=nonce)
    assert first.approval_confirmation_id == again.approval_confirmation_id
    assert first.approval_confirmation.fingerprint == approvals.fingerprint_of(proposal, nonce)
    with pytest.raises(WrongState):
        disbursement_worlds.approve(proposal)
    assert Confirmation.objects.filter(purpose="proposal.approve").count() == 1
    assert spendable() == usd("0.00")


def test_a_second_factor_for_other_facts_approves_nothing():
    donor_worlds.money_in("1000000.00")
    proposal = disbursement_worlds.a_carried_proposal()
    chairing, nonce = chair(), uuid4()
    facts = approvals.signed_facts(proposal, nonce)
    assert facts == {
        "proposal": proposal.reference,
        "version": "1",
        "content": proposal.versions.get().fingerprint,
        "motion": disbursement_worlds.motion_of(proposal).reference,
        "decision": disbursement_worlds.motion_of(proposal).decision.reference,
        "amount": "1000000.00",
        "currency": "USD",
        "organisation": proposal.programme.organisation.reference,
        "step": "approve",
        "nonce": str(nonce),
    }
    given = {"proposal_id": proposal.pk, "nonce": nonce, "actor": chairing, "at": disbursement_worlds.APPROVED_AT}
    for name in facts:
        signed = committee_worlds.signed(chairing, step_up.fingerprint(facts | {name: "1.00"}))
        with pytest.raises(SecondFactorFailed):
            operations.approve_proposal(proof=signed, **given)
        cache.clear()
    with pytest.raises(SecondFactorFailed):
        operations.approve_proposal(proof=step_up.Proof(code="000000"), **given)
    proposal.refresh_from_db()
    assert (proposal.status, proposal.approval_confirmation, spendable()) == ("tabled", None, usd("1000000.00"))


@pytest.mark.slow
def test_two_approvals_of_more_than_is_spendable_end_with_exactly_one():
    organisation = disbursement_worlds.an_organisation()
    chairing = chair()
    donor_worlds.money_in("1000000.00")
    for turn in range(1, 6):
        if turn > 1:
            donor_worlds.money_in("700000.00")
        assert spendable() == usd("1000000.00")
        pair = [
            disbursement_worlds.a_carried_proposal("700000.00", programme=disbursement_worlds.a_programme(organisation))
            for _number in range(2)
        ]
        start = threading.Barrier(2)
        ends: list[str] = []

        def approve(proposal, start=start, ends=ends):
            try:
                start.wait(timeout=10)
                disbursement_worlds.approve(proposal, by=chairing)
                ends.append("approved")
            except InsufficientFunds:
                ends.append("refused")
            finally:
                connection.close()

        threads = [threading.Thread(target=approve, args=(proposal,)) for proposal in pair]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert sorted(ends) == ["approved", "refused"], turn
        assert spendable() == usd("300000.00")
        assert Proposal.objects.filter(status="approved").count() == turn


def test_an_approval_holds_the_proposal_and_the_fund_before_it_writes():
    donor_worlds.money_in("1000000.00")
    proposal = disbursement_worlds.a_carried_proposal()
    chairing, nonce = chair(), uuid4()
    proof = committee_worlds.signed(chairing, approvals.fingerprint_of(proposal, nonce))
    with CaptureQueriesContext(
        connection,
    ) as captured:
        operations.approve_proposal(
            proposal_id=proposal.pk, proof=proof, nonce=nonce, actor=chairing, at=disbursement_worlds.APPROVED_AT
        )
    statements = [query["sql"] for query in captured.captured_queries]
    held = next(place for place, sql in enumerate(statements) if "FOR UPDATE" in sql)
    fund = next(place for place, sql in enumerate(statements) if "pg_advisory_xact_lock" in sql)
    asked = next(place for place, sql in enumerate(statements) if "ledger_balances_of" in sql)
    written = next(
        place for place, sql in enumerate(statements) if sql.startswith(("INSERT", "UPDATE")) or "ledger_post" in sql
    )
    assert held < fund < asked < written


def test_the_floor_of_the_books_refuses_even_when_the_check_before_it_is_passed_over():
    from disbursements import postings
    from ledger import chart
    from ledger import operations as ledger

    donor_worlds.money_in("999999.99")
    proposal = disbursement_worlds.a_carried_proposal("1000000.00")
    with pytest.raises(InsufficientFunds), transaction.atomic():
        ledger.open_under(chart.RESERVED, proposal.programme.reference, of="x", by=chair(), at=people.NOON)
        ledger.post(postings.reserve(proposal, on=people.NOON.date()), by=chair(), at=people.NOON)
    assert spendable() == usd("999999.99")
