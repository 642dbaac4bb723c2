"""What is refused on a proposal's way, as tables; a refusal changes nothing."""

from datetime import timedelta
from uuid import uuid4

import pytest

from disbursements import operations
from disbursements.blocks import Block, NotTheWhole
from disbursements.budget import DoesNotAddUp, IndirectTooHigh, Line
from disbursements.categories import Category
from disbursements.fingerprints import Findings
from disbursements.models import Programme, Proposal
from disbursements.operations import closures
from disbursements.queries import approvals
from disbursements.queries.fund import continuity_reserve, spendable
from disbursements.states import OrganisationKind
from tests import committee_worlds, disbursement_worlds, donor_worlds, people
from tests.disbursement_worlds import APPROVED_AT, CLOSES_AT, chair, content, secretariat, usd
from trustfund.core.models import Event
from trustfund.core.money import Money
from trustfund.core.refusals import (
    AlreadyDone,
    Conflict,
    InsufficientFunds,
    Missing,
    NotPermitted,
    Unacceptable,
    WrongState,
)
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db(transaction=True)
NOWHERE = "00000000-0000-4000-8000-000000000000"
OUTSIDERS = tuple(role for role in RoleName if role != RoleName.SECRETARIAT)


def assert_refused(refusal, call, **given):
    """Insist that a call is refused, and that neither states, money nor the record differ afterwards."""

    def seen():
        return (
            sorted(Proposal.objects.values_list("pk", "status", "current_number", "motion_id", "approved_at")),
            Programme.objects.count(),
            Event.objects.count(),
            spendable(),
            continuity_reserve(),
        )

    before = seen()
    with pytest.raises(refusal) as refused:
        call(at=given.pop("at", people.NOON), **given)
    assert refused.type is refusal or issubclass(refused.type, refusal)
    assert seen() == before
    return refused.value.message


def seconded(role):
    return people.someone(role, is_seconded=True)


def test_only_the_secretariat_registers_opens_reviews_tables_and_vouches():
    organisation = disbursement_worlds.an_organisation()
    programme = disbursement_worlds.a_programme(organisation)
    proposal = disbursement_worlds.a_submitted_proposal(programme=programme)
    approved = disbursement_worlds.an_approved_proposal("10000.00", programme=programme)
    tranche = approved.tranches.get(number=2)
    calls = [
        (operations.register_organisation, {"name": "Another", "kind": OrganisationKind.OTHER}),
        (
            operations.open_programme,
            {
                "organisation_id": organisation.pk,
                "title": "T",
                "region": "R",
                "starts_on": programme.starts_on,
                "ends_on": programme.ends_on,
                "shares": disbursement_worlds.SHARES,
            },
        ),
        (operations.draft_proposal, {"programme_id": programme.pk, "content": content()}),
        (operations.amend_proposal, {"proposal_id": proposal.pk, "number": 1, "content": content("5.00")}),
        (operations.begin_review, {"proposal_id": proposal.pk}),
        (operations.table_proposal, {"proposal_id": proposal.pk, "number": 1, "closes_at": CLOSES_AT}),
        (operations.withdraw_proposal, {"proposal_id": proposal.pk, "reason": "x"}),
        (operations.mark_condition_met, {"tranche_id": tranche.pk, "evidence": "x"}),
    ]
    actors = [*(people.someone(role) for role in OUTSIDERS), seconded(RoleName.SECRETARIAT)]
    for call, given in calls:
        for actor in actors:
            assert_refused(NotPermitted, call, actor=actor, **given)


def approve(*, proposal_id, actor, at=APPROVED_AT):
    """Ask for the approval with a second factor that is right, so that it is not what is refused."""
    proposal = Proposal.objects.filter(pk=proposal_id).first()
    nonce = uuid4()
    print_ = approvals.fingerprint_of(proposal, nonce) if proposal else "00" * 32
    proof = committee_worlds.signed(actor, print_)
    return operations.approve_proposal(proposal_id=proposal_id, proof=proof, nonce=nonce, actor=actor, at=at)


def test_only_the_chair_approves_and_never_their_own():
    donor_worlds.money_in("1000000.00")
    proposal = disbursement_worlds.a_carried_proposal()
    for role in RoleName:
        if role != RoleName.CHAIR:
            assert_refused(NotPermitted, approve, proposal_id=proposal.pk, actor=people.someone(role))
    assert_refused(NotPermitted, approve, proposal_id=proposal.pk, actor=seconded(RoleName.CHAIR))
    # Who proposed it holds the secretariat no longer and chairs now.
    proposer = Proposal.objects.get(pk=proposal.pk).proposer
    proposer.roles.update(ended_at=people.NOON)
    proposer.roles.create(name=RoleName.CHAIR, granted_at=people.NOON)
    proposer = type(proposer).objects.get(pk=proposer.pk)
    words = assert_refused(NotPermitted, approve, proposal_id=proposal.pk, actor=proposer)
    assert words == "You proposed this, so someone else must approve it."


def test_only_a_treasury_officer_raises_the_reserve_and_only_upwards_within_what_is_spendable():
    donor_worlds.money_in("1000.00")
    treasurer = disbursement_worlds.treasurer()
    call = operations.set_aside_continuity_reserve
    for actor in [
        *(people.someone(role) for role in RoleName if role != RoleName.TREASURY_OFFICER),
        seconded(RoleName.TREASURY_OFFICER),
    ]:
        assert_refused(NotPermitted, call, reserve=usd("10.00"), reason="x", actor=actor)
    call(reserve=usd("400.00"), reason="Six months", actor=treasurer, at=people.NOON)
    for reserve, reason, refusal in (
        (usd("400.00"), "again", Unacceptable),
        (usd("399.99"), "less", Unacceptable),
        (usd("500.00"), " ", Unacceptable),
        (usd("1000.01"), "too much", InsufficientFunds),
        (Money.of("500.00", "EUR"), "another currency", Unacceptable),
    ):
        assert_refused(refusal, call, reserve=reserve, reason=reason, actor=treasurer)


@pytest.mark.parametrize(
    ("spoil", "refusal"),
    [
        ({"name": "  "}, Unacceptable),
        ({"name": "world  HEALTH organization"}, AlreadyDone),
        ({"channel_code": "4130"}, Unacceptable),
        ({"channel_code": "041307"}, Unacceptable),
        ({"channel_code": "0130７"}, Unacceptable),
    ],
)
def test_an_organisation_that_cannot_be_registered(spoil, refusal):
    disbursement_worlds.an_organisation("World Health Organization")
    given = {"name": "Another", "kind": OrganisationKind.OTHER, **spoil}
    assert_refused(refusal, operations.register_organisation, actor=secretariat(), **given)


@pytest.mark.parametrize(
    ("spoil", "refusal"),
    [
        ({"organisation_id": NOWHERE}, Missing),
        ({"title": " "}, Unacceptable),
        ({"region": ""}, Unacceptable),
        ({"ends_on": people.NOON.date() - timedelta(days=1)}, Unacceptable),
        ({"shares": {Block.WORKFORCE: disbursement_worlds.SHARES[Block.WORKFORCE]}}, NotTheWhole),
        ({"shares": {}}, NotTheWhole),
    ],
)
def test_a_programme_that_cannot_be_opened(spoil, refusal):
    given = {
        "organisation_id": disbursement_worlds.an_organisation().pk,
        "title": "T",
        "region": "R",
        "starts_on": people.NOON.date(),
        "ends_on": people.NOON.date(),
        "shares": disbursement_worlds.SHARES,
        **spoil,
    }
    assert_refused(refusal, operations.open_programme, actor=secretariat(), **given)


def _above_the_ceiling(said):
    lines = (Line(Category.STAFF, usd("934579.43")), Line(Category.INDIRECT, usd("65420.57")))
    return type(said)(**{**vars(said), "lines": lines})


@pytest.mark.parametrize(
    ("spoil", "refusal"),
    [
        (_above_the_ceiling, IndirectTooHigh),
        (lambda said: type(said)(**{**vars(said), "parts": said.parts[:1]}), DoesNotAddUp),
        (lambda said: type(said)(**{**vars(said), "parts": ()}), Unacceptable),
        (lambda said: type(said)(**{**vars(said), "title": " "}), Unacceptable),
        (lambda said: type(said)(**{**vars(said), "lines": ()}), Unacceptable),
        (
            lambda said: type(said)(**{**vars(said), "lines": (Line(Category.STAFF, Money.of("1000000.00", "EUR")),)}),
            Unacceptable,
        ),
    ],
)
def test_a_content_that_breaks_a_rule_is_refused_as_a_draft_and_as_an_amendment(spoil, refusal):
    programme = disbursement_worlds.a_programme()
    draft = disbursement_worlds.a_draft(programme=programme)
    wrong = spoil(content())
    assert_refused(refusal, operations.draft_proposal, programme_id=programme.pk, content=wrong, actor=secretariat())
    assert_refused(
        refusal, operations.amend_proposal, proposal_id=draft.pk, number=1, content=wrong, actor=secretariat()
    )


def test_a_closed_programme_takes_no_proposals_and_a_missing_one_is_said_so():
    programme = disbursement_worlds.a_programme()
    closures.close_operations(
        programme_id=programme.pk,
        owner_id=people.someone(RoleName.CERTIFYING_OFFICER).pk,
        note="The last clinic was handed over.",
        actor=secretariat(),
        at=people.NOON + timedelta(days=3650),
    )
    given = {"content": content(), "actor": secretariat()}
    assert_refused(WrongState, operations.draft_proposal, programme_id=programme.pk, **given)
    assert_refused(Missing, operations.draft_proposal, programme_id=NOWHERE, **given)


def test_what_was_amended_meanwhile_is_a_conflict():
    proposal = disbursement_worlds.a_draft()
    chair()
    operations.amend_proposal(
        proposal_id=proposal.pk, number=1, content=content("5000.00"), actor=secretariat(), at=people.NOON
    )
    given = {"proposal_id": proposal.pk, "number": 1, "actor": secretariat()}
    words = assert_refused(Conflict, operations.submit_proposal, **given)
    assert words.startswith("This proposal was amended while you were reading: version 2 is current.")
    assert_refused(Conflict, operations.amend_proposal, content=content("6000.00"), **given)
    assert_refused(Unacceptable, operations.amend_proposal, content=content("5000.00"), **{**given, "number": 2})
    operations.submit_proposal(proposal_id=proposal.pk, number=2, actor=secretariat(), at=people.NOON)
    assert_refused(Conflict, operations.table_proposal, closes_at=CLOSES_AT, **given)


def test_nothing_is_tabled_without_all_four_findings_or_into_the_past_or_twice():
    chair()
    bare = disbursement_worlds.a_submitted_proposal(said=content(findings=Findings("h", "n", "i", " ")))
    given = {"number": 1, "actor": secretariat()}
    assert_refused(Unacceptable, operations.table_proposal, proposal_id=bare.pk, closes_at=CLOSES_AT, **given)
    whole = disbursement_worlds.a_submitted_proposal()
    assert_refused(Unacceptable, operations.table_proposal, proposal_id=whole.pk, closes_at=people.NOON, **given)
    draft = disbursement_worlds.a_draft()
    assert_refused(WrongState, operations.table_proposal, proposal_id=draft.pk, closes_at=CLOSES_AT, **given)
    operations.table_proposal(proposal_id=whole.pk, closes_at=CLOSES_AT, at=people.NOON, **given)
    assert_refused(WrongState, operations.table_proposal, proposal_id=whole.pk, closes_at=CLOSES_AT, **given)
    assert_refused(WrongState, operations.submit_proposal, proposal_id=whole.pk, **given)
    assert_refused(WrongState, operations.record_outcome, proposal_id=whole.pk, actor=None)
    assert_refused(WrongState, operations.begin_review, proposal_id=whole.pk, actor=secretariat())
    assert_refused(Unacceptable, operations.withdraw_proposal, proposal_id=whole.pk, reason=" ", actor=secretariat())


def test_nothing_is_approved_before_the_vote_or_without_it_or_twice():
    donor_worlds.money_in("5000000.00")
    call = approve
    submitted = disbursement_worlds.a_submitted_proposal()
    chairing = chair()
    assert_refused(WrongState, call, proposal_id=submitted.pk, actor=chairing)
    tabled = disbursement_worlds.a_tabled_proposal()
    words = assert_refused(WrongState, call, proposal_id=tabled.pk, actor=chairing)
    assert words.startswith("Voting is still open.")
    committee_worlds.defeat(disbursement_worlds.motion_of(tabled))
    assert_refused(WrongState, call, proposal_id=tabled.pk, actor=chairing)
    lapsed = disbursement_worlds.a_tabled_proposal()
    committee_worlds.close(disbursement_worlds.motion_of(lapsed))
    assert_refused(WrongState, call, proposal_id=lapsed.pk, actor=chairing)
    approved = disbursement_worlds.an_approved_proposal()
    assert_refused(WrongState, call, proposal_id=approved.pk, actor=chairing, at=APPROVED_AT)
    assert_refused(Missing, call, proposal_id=NOWHERE, actor=chairing)


def test_an_approval_beyond_what_is_spendable_is_refused_with_both_figures():
    donor_worlds.money_in("1000000.00")
    operations.set_aside_continuity_reserve(
        reserve=usd("0.01"), reason="x", actor=disbursement_worlds.treasurer(), at=people.NOON
    )
    proposal = disbursement_worlds.a_carried_proposal("1000000.00")
    words = assert_refused(InsufficientFunds, approve, proposal_id=proposal.pk, actor=chair(), at=APPROVED_AT)
    assert words.startswith("This asks for USD 1,000,000.00 and USD 999,999.99 is spendable.")


def test_a_vote_on_another_version_approves_nothing():
    donor_worlds.money_in("1000000.00")
    chair()
    draft = disbursement_worlds.a_draft("1000000.00")
    given = {"proposal_id": draft.pk, "actor": secretariat(), "at": people.NOON}
    operations.amend_proposal(number=1, content=content("900000.00"), **given)
    operations.submit_proposal(number=2, **given)
    operations.table_proposal(number=2, closes_at=CLOSES_AT, **given)
    draft.refresh_from_db()
    committee_worlds.carry(disbursement_worlds.motion_of(draft))
    assert_refused(
        WrongState, operations.amend_proposal, proposal_id=draft.pk, number=2, content=content(), actor=secretariat()
    )
    Proposal.objects.filter(pk=draft.pk).update(current_number=1)
    words = assert_refused(WrongState, approve, proposal_id=draft.pk, actor=chair(), at=APPROVED_AT)
    assert words.startswith("The committee has not voted on this version.")


def test_a_condition_is_met_once_and_with_evidence():
    tranche = disbursement_worlds.an_approved_proposal().tranches.get(number=2)
    given = {"tranche_id": tranche.pk, "actor": secretariat()}
    assert_refused(Unacceptable, operations.mark_condition_met, evidence=" ", **given)
    operations.mark_condition_met(evidence="Report", at=APPROVED_AT, **given)
    assert_refused(WrongState, operations.mark_condition_met, evidence="Report", **given)
    assert_refused(Missing, operations.mark_condition_met, evidence="Report", tranche_id=NOWHERE, actor=secretariat())


def test_a_partner_writes_for_their_own_organisation_only_and_speaks_for_one():
    mine = disbursement_worlds.an_organisation()
    partner = disbursement_worlds.a_partner(mine)
    programme, strange = disbursement_worlds.a_programme(mine), disbursement_worlds.a_programme()
    proposal = disbursement_worlds.a_submitted_proposal(programme=programme, by=partner)
    assert proposal.status == "submitted"
    assert_refused(NotPermitted, operations.draft_proposal, programme_id=strange.pk, content=content(), actor=partner)
    link = {"person_id": partner.pk, "actor": secretariat()}
    assert_refused(AlreadyDone, operations.link_partner, organisation_id=mine.pk, **link)
    assert_refused(Missing, operations.link_partner, organisation_id=NOWHERE, **link)
    assert_refused(
        Unacceptable,
        operations.link_partner,
        organisation_id=mine.pk,
        person_id=people.someone(RoleName.AUDITOR).pk,
        actor=secretariat(),
    )
    assert_refused(NotPermitted, operations.link_partner, organisation_id=mine.pk, person_id=partner.pk, actor=partner)
    operations.link_partner(organisation_id=strange.organisation_id, at=people.NOON, **link)
    assert_refused(NotPermitted, operations.draft_proposal, programme_id=programme.pk, content=content(), actor=partner)
