"""Programmes and proposals for tests, made through the operations, from the first draft to the approval."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from uuid import UUID, uuid4

from committee import queries as committee_queries
from committee.models import Motion
from disbursements import operations
from disbursements.blocks import Block
from disbursements.budget import Line, Part, least_direct
from disbursements.categories import Category
from disbursements.fingerprints import Content, Findings, People
from disbursements.models import GoodsDeclaration, Organisation, Programme, Proposal, Tranche
from disbursements.queries import approvals
from disbursements.queries.fund import spendable
from disbursements.states import OrganisationKind
from tests import committee_worlds, donor_worlds, people
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.roles import RoleName

_numbers = count(1)
CLOSES_AT = people.NOON + timedelta(days=4)
APPROVED_AT = CLOSES_AT + timedelta(hours=1)
SHARES = {Block.SERVICE_DELIVERY: Decimal(60), Block.WORKFORCE: Decimal("25.5"), Block.MEDICINES: Decimal("14.5")}
FINDINGS = Findings(
    humanity="Reaches clinics that no other programme reaches.",
    neutrality="No supplier is owned by a party to the dispute.",
    impartiality="Clinics are chosen by need alone.",
    independence="The organisation drew up the list of clinics itself.",
)
PEOPLE = People(women=12_000, men=9_000, girls=4_000, boys=3_500)


def usd(amount: str) -> Money:
    """Return an amount in the fund's currency."""
    return Money.of(amount, "USD")


def officer(role: RoleName, email: str) -> User:
    """Return the person who holds a role here, made at the first call."""
    return User.objects.filter(email=email).first() or people.someone(role, email=email)


def secretariat() -> User:
    """Return the officer who opens programmes and writes proposals here."""
    return officer(RoleName.SECRETARIAT, "programmes@fund.example")


def treasurer() -> User:
    """Return the treasury officer who raises the reserve here."""
    return officer(RoleName.TREASURY_OFFICER, "treasury@fund.example")


def chair() -> User:
    """Return the chair of the committee, seating one with two of each bench and more at the first call."""
    if committee_queries.rules_in_force() is None:
        return committee_worlds.a_committee().chair
    return User.objects.get(roles__name=RoleName.CHAIR, roles__ended_at=None)


def an_organisation(name: str = "", kind: OrganisationKind = OrganisationKind.WHO) -> Organisation:
    """Register an organisation."""
    return operations.register_organisation(
        name=name or f"Country office {next(_numbers)}",
        kind=kind,
        channel_code="41307",
        works_through_who=True,
        actor=secretariat(),
        at=people.NOON,
    )


def a_partner(organisation: Organisation, *, email: str = "") -> User:
    """Make a programme partner who speaks for an organisation."""
    partner = people.someone(RoleName.PROGRAMME_PARTNER, email=email)
    operations.link_partner(person_id=partner.pk, organisation_id=organisation.pk, actor=secretariat(), at=people.NOON)
    return partner


def a_programme(organisation: Organisation | None = None, *, title: str = "Cold chain for county clinics") -> Programme:
    """Open a programme of three years, split 60 / 25.5 / 14.5 over three building blocks."""
    return operations.open_programme(
        organisation_id=(organisation or an_organisation()).pk,
        title=title,
        region="Eleven northern counties",
        starts_on=date(2026, 9, 1),
        ends_on=date(2029, 8, 31),
        shares=SHARES,
        actor=secretariat(),
        at=people.NOON,
    )


def content(
    amount: str = "1000000.00",
    *,
    title: str = "Refrigerators for 210 clinics",
    findings: Findings = FINDINGS,
    conditions: tuple[str, ...] = ("", "Installation report accepted"),
) -> Content:
    """Return what a proposal may say: supplies, the indirect cost allowed, and one equal tranche a condition."""
    whole = usd(amount)
    direct = least_direct(whole)
    lines = [Line(Category.SUPPLIES, direct, "Refrigerators and spare parts"), Line(Category.INDIRECT, whole - direct)]
    shares = whole.split([1] * len(conditions))
    return Content(
        title=title,
        summary="Solar refrigerators, temperature loggers and training for store keepers.",
        lines=tuple(lines),
        parts=tuple(
            Part(f"Part {number}", date(2026, 7, 1) + timedelta(days=180 * (number - 1)), share, condition)
            for number, (share, condition) in enumerate(zip(shares, conditions, strict=True), start=1)
        ),
        findings=findings,
        people=PEOPLE,
    )


def a_draft(
    amount: str = "1000000.00",
    *,
    programme: Programme | None = None,
    said: Content | None = None,
    by: User | None = None,
) -> Proposal:
    """Draft a proposal."""
    return operations.draft_proposal(
        programme_id=(programme or a_programme()).pk,
        content=said or content(amount),
        actor=by or secretariat(),
        at=people.NOON,
    )


def a_submitted_proposal(
    amount: str = "1000000.00",
    *,
    programme: Programme | None = None,
    said: Content | None = None,
    by: User | None = None,
) -> Proposal:
    """Draft a proposal and hand it to the secretariat."""
    draft = a_draft(amount, programme=programme, said=said, by=by)
    return operations.submit_proposal(proposal_id=draft.pk, number=1, actor=by or secretariat(), at=people.NOON)


def a_tabled_proposal(
    amount: str = "1000000.00", *, programme: Programme | None = None, closes_at: datetime = CLOSES_AT
) -> Proposal:
    """Lay a proposal before the committee, which is seated if it is not."""
    chair()
    proposal = a_submitted_proposal(amount, programme=programme)
    operations.table_proposal(
        proposal_id=proposal.pk, number=1, closes_at=closes_at, actor=secretariat(), at=people.NOON
    )
    proposal.refresh_from_db()
    return proposal


def motion_of(proposal: Proposal) -> Motion:
    """Return the motion on a proposal's current version."""
    motion = committee_queries.motion_about(proposal.pk, proposal.current_number)
    assert motion is not None
    return motion


def a_carried_proposal(amount: str = "1000000.00", *, programme: Programme | None = None) -> Proposal:
    """Let the committee carry a proposal; its outcome is not written down and nothing is reserved yet."""
    proposal = a_tabled_proposal(amount, programme=programme)
    committee_worlds.carry(motion_of(proposal))
    return proposal


def approve(
    proposal: Proposal, *, by: User | None = None, nonce: UUID | None = None, at: datetime = APPROVED_AT
) -> Proposal:
    """Let the chair approve what the committee carried, confirmed with a passkey."""
    person, number = by or chair(), nonce or uuid4()
    approved = operations.approve_proposal(
        proposal_id=proposal.pk,
        proof=committee_worlds.signed(person, approvals.fingerprint_of(proposal, number)),
        nonce=number,
        actor=person,
        at=at,
    )
    for tranche in approved.tranches.filter(goods_declarations=None).order_by("number"):
        no_goods(tranche, at=at)
    return approved


def no_goods(tranche: Tranche, *, at: datetime = APPROVED_AT) -> GoodsDeclaration:
    """Let two people find that a tranche pays for no goods that need an exemption."""
    declaration = operations.declare_no_goods(
        tranche_id=tranche.pk, reason="Salaries and training only.", actor=secretariat(), at=at
    )
    return operations.sign_off_no_goods(
        declaration_id=declaration.pk,
        actor=officer(RoleName.CERTIFYING_OFFICER, "goods@fund.example"),
        at=at,
    )


def an_approved_proposal(amount: str = "1000000.00", *, programme: Programme | None = None) -> Proposal:
    """
    Approve a proposal; money comes in first if too little is spendable.

    Its first tranche has no condition and is due; the second waits for its condition and 28 December 2026.
    """
    if spendable() < usd(amount):
        donor_worlds.money_in(amount)
    proposal = a_carried_proposal(amount, programme=programme)
    return approve(proposal)


def a_due_tranche(amount: str = "1000000.00", *, programme: Programme | None = None) -> Tranche:
    """Return the only tranche of an approved proposal, the whole amount, due now."""
    if spendable() < usd(amount):
        donor_worlds.money_in(amount)
    chair()
    proposal = a_submitted_proposal(amount, programme=programme, said=content(amount, conditions=("",)))
    operations.table_proposal(
        proposal_id=proposal.pk, number=1, closes_at=CLOSES_AT, actor=secretariat(), at=people.NOON
    )
    committee_worlds.carry(motion_of(proposal))
    approve(proposal)
    return proposal.tranches.get()
