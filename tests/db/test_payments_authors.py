"""Who wrote the version that is paid is as much its proposer as who drafted the first one."""

import psycopg2
import pytest

from disbursements.operations import approvals, proposals
from disbursements.queries import approvals as approval_queries
from disbursements.queries import payments as queries
from tests import committee_worlds, disbursement_worlds, people
from tests import payment_worlds as worlds
from trustfund.core.models import User
from trustfund.core.refusals import NotPermitted
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db(transaction=True)


def a_fund_whose_paid_version_was_written_by(fund: worlds.Fund, author: User) -> None:
    """Approve another proposal, drafted by one officer and amended by another; its first tranche is due."""
    drafter = fund.secretariat
    proposal = proposals.draft_proposal(
        programme_id=fund.programme.pk,
        content=disbursement_worlds.content(),
        actor=drafter,
        at=worlds.TABLED_AT,
    )
    given = {"proposal_id": proposal.pk, "actor": author, "at": worlds.TABLED_AT}
    proposals.amend_proposal(number=1, content=worlds.content(), **given)
    proposals.submit_proposal(number=2, **given)
    motion = approvals.table_proposal(number=2, closes_at=committee_worlds.CLOSES_AT, **given)
    committee_worlds.carry(motion)
    proposal.refresh_from_db()
    fund.proposal = disbursement_worlds.approve(proposal, by=fund.committee.chair, at=worlds.APPROVED_AT)
    assert approval_queries.motion_on(fund.proposal) == motion


def test_the_author_of_the_paid_version_prepares_nothing():
    fund = worlds.a_fund()
    a_fund_whose_paid_version_was_written_by(fund, fund.preparer)
    with pytest.raises(NotPermitted, match="You proposed what this pays for"):
        worlds.prepare(fund)
    other = people.someone(RoleName.SECRETARIAT)
    assert worlds.prepare(fund, by=other).status == "prepared"


def test_the_author_who_became_a_certifier_finds_nothing_to_sign_and_signs_nothing(superuser):
    fund = worlds.a_fund()
    author = people.someone(RoleName.SECRETARIAT)
    a_fund_whose_paid_version_was_written_by(fund, author)
    payment = worlds.prepare(fund)
    author.roles.update(ended_at=worlds.PREPARED_AT)
    author.roles.create(name=RoleName.CERTIFYING_OFFICER, granted_at=worlds.PREPARED_AT)
    author = User.objects.get(pk=author.pk)

    assert queries.payments_waiting_for(author) == []
    assert [one.pk for one in queries.payments_waiting_for(fund.certifier)] == [payment.pk]
    with pytest.raises(NotPermitted, match="You proposed what this pays for"):
        worlds.certify(fund, payment, by=author)
    with superuser.cursor() as cursor, pytest.raises(psycopg2.Error) as refused:
        cursor.execute(
            "INSERT INTO disbursements_paymentstep "
            "(payment_id, kind, by_id, at, nonce, effective_on, bank_reference, reason_code, note, gates) "
            "VALUES (%s, 'certify', %s, now(), gen_random_uuid(), now(), '', '', '', '[]')",
            [str(payment.pk), str(author.pk)],
        )
    assert (refused.value.pgcode, refused.value.diag.constraint_name) == ("TF412", "nobody_pays_what_they_wrote")
