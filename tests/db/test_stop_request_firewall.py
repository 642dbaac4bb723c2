"""Political protection, proved across the rooms: a donor asks the fund to stop, and nothing at all is different."""

from typing import Any

import pytest

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
from donors.models import Pledge, Receipt, StopRequest
from donors.queries import standing_of
from ledger import queries as ledger_queries
from ledger.models import Entry
from tests import committee_worlds, disbursement_worlds, donor_worlds, payment_worlds, people
from trustfund.core.models import Event
from trustfund.core.money import Money
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db(transaction=True)
ASKED_AT = payment_worlds.ENDED_AT
ON = ASKED_AT.date()


def rows(*models: Any) -> dict[str, list[dict[str, Any]]]:
    """Return every row of some tables, whole."""
    return {model._meta.db_table: list(model.objects.order_by("pk").values()) for model in models}


def seen(statement: Statement, pledge: Pledge, motion: Motion) -> dict[str, Any]:
    """Return all that people decide by: what is spendable, who is owed what, what is voted on, what is in the books."""
    said = contents.sources_and_uses(ON)
    printed = render(contents.TEMPLATES[Kind.SOURCES_AND_USES], contents.context(statement, contents.gather(statement)))
    return {
        "spendable": spendable(),
        "effect": fund_effect(Money.zero("USD")),
        "pledge": standing_of(pledge, ON),
        "rows": rows(Pledge, Receipt, Proposal, Tranche, Payment, PaymentStep, Motion, Ballot, Decision, Entry),
        "tally": tally_of(motion),
        "trial balance": ledger_queries.trial_balance(),
        "statement": said,
        "printed": printed.content,
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
    before = seen(statement, pledge, motion)
    events = Event.objects.count()

    request = operations.file_stop_request(
        donor_id=donor.pk,
        text="Our government asks the fund to stop every use of what it has given.",
        received_on=ON,
        actor=donor_worlds.a_representative(donor),
        at=ASKED_AT,
    )

    after = seen(statement, pledge, motion)
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
