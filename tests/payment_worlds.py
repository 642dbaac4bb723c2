"""Payments for tests, made through the operations: a pool with money, an approved proposal, details, signatures."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from uuid import UUID, uuid4

from django.db import transaction

from committee import operations as committee_operations
from committee.operations import Hearing
from committee.rules import Choice
from disbursements.blocks import Block
from disbursements.budget import Line, Part
from disbursements.categories import Category
from disbursements.fingerprints import Content, Findings, People
from disbursements.holds import HoldReason
from disbursements.models import (
    BankAccount,
    BankAnswer,
    ClosureStep,
    DirectCost,
    Hold,
    Organisation,
    Payment,
    Programme,
    Proposal,
    RefundClaim,
    RefundOffset,
    ReserveUse,
    Route,
    ShortfallPlan,
    Tranche,
    TrancheRoute,
)
from disbursements.operations import (
    approvals,
    bank_accounts,
    bank_answers,
    direct_costs,
    holds,
    payment_ends,
    payments,
    programmes,
    proposals,
    reserve,
    routes,
    treasury,
)
from disbursements.payment_states import ReturnReason, StepKind
from disbursements.queries import approvals as approval_queries
from disbursements.queries import bank_accounts as account_queries
from disbursements.queries import holds as hold_queries
from disbursements.queries import payments as queries
from disbursements.route_states import RouteKind
from disbursements.states import OrganisationKind, ProgrammeStatus
from ledger import chart
from ledger import operations as ledger
from ledger import queries as ledger_queries
from ledger.drafts import Draft, credit, debit, legs
from tests import committee_worlds, disbursement_worlds, people, screening_worlds
from tests.committee_worlds import QUORUM_SEATS, Committee
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.roles import RoleName
from trustfund.core.step_up import Proof
from trustfund.embedded.soft_passkey import SoftPasskey

_numbers = count(1)
TABLED_AT = people.NOON
APPROVED_AT = committee_worlds.CLOSES_AT + timedelta(hours=1)
# Long enough before the approval for fresh details to have rested.
REGISTERED_AT = TABLED_AT
PREPARED_AT = APPROVED_AT + timedelta(hours=1)
CERTIFIED_AT = APPROVED_AT + timedelta(hours=2)
RELEASED_AT = APPROVED_AT + timedelta(hours=3)
ENDED_AT = APPROVED_AT + timedelta(days=3)
VALUE_ON = (APPROVED_AT + timedelta(days=3)).date()
POOL = Money.of("60000000.00", "USD")
DIRECT = Money.of("2000000.00", "USD")
INDIRECT = Money.of("140000.00", "USD")
FIRST = Money.of("1700000.00", "USD")
OWED = Money.of("30000.00", "USD")
SECOND = DIRECT + INDIRECT - FIRST
DETAILS = {
    "holder": "World Health Organization",
    "iban": "CH93 0076 2011 6238 5295 7",
    "bic": "EXMPCHGG",
    "bank": "Banque Exemple SA, Geneva",
    "country": "CH",
}
OTHER_DETAILS = {**DETAILS, "iban": "DE89 3704 0044 0532 0130 00", "bic": "EXMPDEFF", "country": "DE"}


@dataclass
class Fund:
    """The people of a fund with money in its pool, and what its committee has approved."""

    committee: Committee
    secretariat: User
    preparer: User
    certifier: User
    treasurer: User
    other_treasurer: User
    organisation: Organisation
    programme: Programme
    proposal: Proposal
    account: BankAccount | None = None

    @property
    def tranche(self) -> Tranche:
        """The first tranche, which is due on approval."""
        return self.proposal.tranches.get(number=1)


def signed(person: User, fingerprint: str) -> Proof:
    """Return a passkey's signed answer of a person."""
    return Proof(passkey=SoftPasskey.register(person).answer(fingerprint))


def fill_pool(by: User, amount: Money = POOL) -> None:
    """Put money into the pool, as a receipt does."""
    with transaction.atomic():
        ledger.open_chart(by=by, at=TABLED_AT)
        ledger.post(
            Draft(
                kind="receipt.recorded",
                reference=f"R-2026-9{next(_numbers):03d}",
                effective_on=TABLED_AT.date(),
                legs=legs(
                    debit(chart.CASH, amount),
                    credit(chart.OTHER_INCOME, amount),
                    debit(chart.SPENDABLE, amount),
                    credit(chart.CASH_CONTRA, amount),
                ),
            ),
            by=by,
            at=TABLED_AT,
        )


def content(*, due_on: date | None = None) -> Content:
    """Return a request of USD 2,140,000.00 in two tranches, the first payable on approval."""
    return Content(
        title="Cold chain for four provinces",
        summary="Solar refrigerators for 210 clinics.",
        lines=(
            Line(Category.EQUIPMENT, DIRECT, "210 refrigerators"),
            Line(Category.INDIRECT, INDIRECT),
        ),
        parts=(
            Part("Purchase", due_on or TABLED_AT.date(), FIRST),
            Part("Installation", due_on or TABLED_AT.date(), SECOND, "90 % of the first batch received"),
        ),
        findings=Findings("Met.", "Met.", "Met.", "Met."),
        people=People(100, 90, 120, 110),
    )


def a_fund(*, with_account: bool = True) -> Fund:
    """Make a fund whose committee has approved a proposal; the details are verified unless told not to."""
    committee = committee_worlds.a_committee()
    preparer = people.someone(RoleName.SECRETARIAT, name="Pia Preparer")
    fill_pool(preparer)
    screening_worlds.lists_in_force()
    organisation = programmes.register_organisation(
        name=f"World Health Organization, office {next(_numbers)}",
        kind=OrganisationKind.WHO,
        actor=committee.secretariat,
        at=TABLED_AT,
    )
    programme = a_programme(organisation, committee.secretariat)
    made = Fund(
        committee=committee,
        secretariat=committee.secretariat,
        preparer=preparer,
        certifier=people.someone(RoleName.CERTIFYING_OFFICER, name="Cora Certifier"),
        treasurer=people.someone(RoleName.TREASURY_OFFICER, name="Tom Treasurer"),
        other_treasurer=people.someone(RoleName.TREASURY_OFFICER, name="Olga Treasurer"),
        organisation=organisation,
        programme=programme,
        proposal=an_approved_proposal(committee, programme),
    )
    if with_account:
        made.account = a_verified_account(made)
    for tranche in made.proposal.tranches.all():
        route_of(made, tranche)
    return made


def a_programme(organisation: Organisation, secretariat: User) -> Programme:
    """Open a programme that is all medicines."""
    return programmes.open_programme(
        organisation_id=organisation.pk,
        title="Vaccine cold chain",
        region="Four northern provinces",
        starts_on=date(2026, 1, 1),
        ends_on=date(2028, 12, 31),
        shares={Block.MEDICINES: Decimal(100)},
        actor=secretariat,
        at=TABLED_AT,
    )


def an_approved_proposal(committee: Committee, programme: Programme, *, due_on: date | None = None) -> Proposal:
    """Carry a proposal through the committee to the approval that reserves its money."""
    by = committee.secretariat
    proposal = proposals.draft_proposal(
        programme_id=programme.pk, content=content(due_on=due_on), actor=by, at=TABLED_AT
    )
    proposals.submit_proposal(proposal_id=proposal.pk, number=1, actor=by, at=TABLED_AT)
    motion = approvals.table_proposal(
        proposal_id=proposal.pk, number=1, closes_at=committee_worlds.CLOSES_AT, actor=by, at=TABLED_AT
    )
    for number in QUORUM_SEATS:
        committee_worlds.vote(motion, number, Choice.APPROVE)
    committee_operations.close_motion(motion_id=motion.pk, actor=None, at=committee_worlds.CLOSES_AT)
    nonce = uuid4()
    approved = approvals.approve_proposal(
        proposal_id=proposal.pk,
        proof=signed(committee.chair, approval_queries.fingerprint_of(proposal, nonce)),
        nonce=nonce,
        actor=committee.chair,
        at=APPROVED_AT,
    )
    for tranche in approved.tranches.order_by("number"):
        disbursement_worlds.no_goods(tranche)
    return approved


def a_route(made: Fund, *, vendor: Organisation | None = None, name: str = "Geneva to the programme") -> Route:
    """Open a route: by banks, or by goods of a vendor that is paid offshore."""
    return routes.open_route(
        name=name,
        kind=RouteKind.IN_KIND if vendor else RouteKind.TRANSFER,
        chain="The fund's bank in Geneva, its correspondent in New York, the organisation's bank",
        country="The country of the programme",
        vendor_id=vendor.pk if vendor else None,
        actor=made.other_treasurer,
        at=TABLED_AT,
    )


def choose(made: Fund, tranche: Tranche, route: Route, *, by: User | None = None, at: datetime = APPROVED_AT) -> None:
    """Choose the route of a tranche."""
    routes.choose_route(tranche_id=tranche.pk, route_id=route.pk, reason="", actor=by or made.other_treasurer, at=at)


def route_of(made: Fund, tranche: Tranche) -> Route:
    """Return the route of a tranche; if it has none, the fund's first one by banks is chosen for it."""
    chosen = TrancheRoute.objects.filter(tranche=tranche).select_related("route").order_by("-id").first()
    if chosen is not None:
        return chosen.route
    route = Route.objects.filter(kind=RouteKind.TRANSFER, status="open").order_by("reference").first() or a_route(made)
    choose(made, tranche, route)
    return route


def a_hold(made: Fund, *, by: User | None = None, at: datetime = CERTIFIED_AT, on_programme: bool = False) -> Hold:
    """Place a hold on the organisation, or on the programme."""
    return holds.place_hold(
        organisation_id=None if on_programme else made.organisation.pk,
        programme_id=made.programme.pk if on_programme else None,
        reason=HoldReason.DIVERSION,
        why="A store reports that a third of the first batch never arrived.",
        evidence="Letter of the store keeper, 20 July 2026, on file",
        actor=by or made.certifier,
        at=at,
    )


def lift(hold: Hold, by: User, *, at: datetime = RELEASED_AT) -> Hold:
    """Lift a hold with a passkey."""
    nonce = uuid4()
    return holds.lift_hold(
        hold_id=hold.pk,
        reason="The store had counted one lorry twice.",
        proof=signed(by, hold_queries.fingerprint_of(hold, nonce)),
        nonce=nonce,
        actor=by,
        at=at,
    )


def an_owing_programme(made: Fund, owed: Money = OWED) -> Programme:
    """Leave a programme of the organisation whose work is over, with unspent money that is claimed back."""
    over = a_programme(made.organisation, made.secretariat)
    with transaction.atomic():
        for head in (chart.TRANSFERS, chart.HELD_BY_PARTNER):
            ledger.open_under(head, over.reference, of=over.title, by=made.secretariat, at=APPROVED_AT)
        ledger.post(
            Draft(
                kind="payment.confirmed",
                reference=f"PAY-2025-9{next(_numbers):03d}",
                effective_on=TABLED_AT.date(),
                legs=legs(
                    debit(chart.under(chart.TRANSFERS, over.reference), owed),
                    credit(chart.CASH, owed),
                    debit(chart.CASH_CONTRA, owed),
                    credit(chart.SPENDABLE, owed),
                    debit(chart.under(chart.HELD_BY_PARTNER, over.reference), owed),
                    credit(chart.PARTNER_CONTRA, owed),
                ),
            ),
            by=made.secretariat,
            at=APPROVED_AT,
        )
    RefundClaim.objects.create(
        programme=over,
        amount_minor=owed.minor,
        currency=owed.currency,
        due_on=VALUE_ON,
        claimed_by=made.secretariat,
        claimed_at=APPROVED_AT,
    )
    for to in (ProgrammeStatus.OPERATIONALLY_CLOSED, ProgrammeStatus.REFUND_DUE):
        ClosureStep.objects.create(
            programme=over, to=to, by=made.secretariat, at=APPROVED_AT, owner=made.certifier, note="The work is over."
        )
        over.mark(to)
    return over


def an_offset(made: Fund, tranche: Tranche | None = None) -> RefundOffset:
    """Ask that USD 30,000.00 which the organisation owes of a programme that is over is taken off a tranche."""
    claim = an_owing_programme(made).refund_claim
    return RefundOffset.objects.create(
        reference=f"OFS-2026-9{next(_numbers):02d}",
        claim=claim,
        tranche=tranche or made.proposal.tranches.get(number=2),
        amount_minor=claim.amount_minor,
        currency="USD",
        reason="It is paid for another programme next week.",
        proposed_by=made.preparer,
        proposed_at=APPROVED_AT,
    )


def a_direct_cost(made: Fund) -> DirectCost:
    """Ask the committee to let the fund bear a cost of its own."""
    cost, _motion = direct_costs.ask_for_direct_cost(
        title="Third-party monitoring of 2026",
        payee="Meridian Monitors",
        amount=Money.of("120000.00", "USD"),
        reason="No organisation should pay those who check it.",
        hearing=Hearing(closes_at=APPROVED_AT + timedelta(days=5)),
        actor=made.secretariat,
        at=APPROVED_AT,
    )
    return cost


def before_the_committee(made: Fund) -> tuple[ReserveUse, ShortfallPlan]:
    """Set money aside, ask to use some of it, and draw a plan of nothing: pages need one of each to show."""
    reserve.set_aside_continuity_reserve(
        reserve=Money.of("1000000.00", "USD"), reason="Half a year", actor=made.other_treasurer, at=APPROVED_AT
    )
    use, _motion = reserve.ask_to_use_reserve(
        amount=Money.of("250000.00", "USD"),
        reason="A donor is four months late.",
        refill="From its instalment when it comes.",
        closes_at=APPROVED_AT + timedelta(days=5),
        actor=made.secretariat,
        at=APPROVED_AT,
    )
    plan = ShortfallPlan.objects.create(
        reference=f"SF-2026-{next(_numbers):03d}",
        cash_minor=0,
        currency="USD",
        reason="Nothing can be paid.",
        drawn_by=made.secretariat,
        drawn_at=APPROVED_AT,
    )
    return use, plan


def answer_file(payment: Payment, status: str, reason: str = "", *, message: str = "", of: str = "") -> bytes:
    """Return a bank's status report on a payment's order, as a bank writes it."""
    original = of or payment.reference
    why = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn><AddtlInf>as the bank says</AddtlInf></StsRsnInf>" if reason else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10">'
        f"<CstmrPmtStsRpt><GrpHdr><MsgId>{message or f'BANK-{next(_numbers)}'}</MsgId>"
        "<CreDtTm>2026-07-22T10:00:00Z</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{original}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>"
        f"<GrpSts>{status}</GrpSts></OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{original}</OrgnlPmtInfId><TxInfAndSts>"
        f"<OrgnlEndToEndId>{payment.reference}</OrgnlEndToEndId><TxSts>{status}</TxSts>{why}"
        "</TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    ).encode()


def answered(
    made: Fund,
    payment: Payment,
    status: str = "ACSP",
    reason: str = "",
    *,
    by: User | None = None,
    at: datetime = RELEASED_AT + timedelta(hours=1),
) -> BankAnswer:
    """Take in what the bank answered."""
    return bank_answers.take_in_answer(
        content=answer_file(payment, status, reason), actor=by or made.other_treasurer, at=at
    )


def a_sent_payment(made: Fund | None = None) -> tuple[Fund, Payment]:
    """Release a payment whose order the bank takes."""
    made, payment = a_released_payment(made)
    answered(made, payment)
    payment.refresh_from_db()
    return made, payment


def an_account(made: Fund, details: dict[str, str] | None = None, *, at: datetime = REGISTERED_AT) -> BankAccount:
    """Register bank details of the organisation; nobody has verified them."""
    return bank_accounts.register_bank_account(
        organisation_id=made.organisation.pk,
        source="Letter of 3 June 2026",
        actor=made.secretariat,
        at=at,
        **(details or DETAILS),
    )


def verify(account: BankAccount, by: User, *, at: datetime = REGISTERED_AT) -> BankAccount:
    """Verify bank details with a passkey."""
    nonce = uuid4()
    return bank_accounts.verify_bank_account(
        account_id=account.pk,
        called="Finance officer Amal Idris",
        number="+41 22 555 01 00",
        known_from="The agreement of 2024, page 3",
        called_at=max(at, account.registered_at),
        call_back="She read the number back and confirmed it.",
        proof=signed(by, account_queries.fingerprint_of(account, nonce)),
        nonce=nonce,
        actor=by,
        at=at,
    )


def a_verified_account(
    made: Fund, details: dict[str, str] | None = None, *, at: datetime = REGISTERED_AT
) -> BankAccount:
    """Register bank details and let the certifying officer verify them."""
    made.account = verify(an_account(made, details, at=at), made.certifier, at=at)
    return made.account


def prepare(
    made: Fund,
    tranche: Tranche | None = None,
    *,
    by: User | None = None,
    nonce: UUID | None = None,
    at: datetime = PREPARED_AT,
) -> Payment:
    """Prepare the payment of a tranche, the first one unless told; it takes the fund's route if it has none."""
    route_of(made, tranche or made.tranche)
    return payments.prepare_payment(
        tranche_id=(tranche or made.tranche).pk,
        value_on=max(VALUE_ON, at.date()),
        nonce=nonce or uuid4(),
        actor=by or made.preparer,
        at=at,
    )


def certify(
    made: Fund, payment: Payment, *, by: User | None = None, nonce: UUID | None = None, at: datetime = CERTIFIED_AT
) -> Payment:
    """Certify a payment with a passkey."""
    person, number = by or made.certifier, nonce or uuid4()
    return payments.certify_payment(
        payment_id=payment.pk,
        proof=signed(person, queries.fingerprint_of(payment, StepKind.CERTIFY, number)),
        nonce=number,
        actor=person,
        at=at,
    )


def release(
    made: Fund,
    payment: Payment,
    *,
    by: User | None = None,
    typed: Money | None = None,
    nonce: UUID | None = None,
    at: datetime = RELEASED_AT,
) -> Payment:
    """Release a payment: the amount typed, a passkey touched."""
    person, number = by or made.treasurer, nonce or uuid4()
    return payments.release_payment(
        payment_id=payment.pk,
        typed=typed or payment.amount,
        proof=signed(person, queries.fingerprint_of(payment, StepKind.RELEASE, number)),
        nonce=number,
        actor=person,
        at=at,
    )


def confirm(made: Fund, payment: Payment, *, by: User | None = None, at: datetime = ENDED_AT) -> Payment:
    """Confirm that the money arrived."""
    return payment_ends.confirm_payment(
        payment_id=payment.pk,
        bank_reference="CAMT-54-0001",
        credited_on=at.date(),
        nonce=uuid4(),
        actor=by or made.other_treasurer,
        at=at,
    )


def give_back(
    made: Fund,
    payment: Payment,
    *,
    reason: ReturnReason = ReturnReason.AC04,
    by: User | None = None,
    at: datetime = ENDED_AT,
) -> Payment:
    """Record that the bank returned a payment."""
    return payment_ends.return_payment(
        payment_id=payment.pk,
        reason=reason,
        returned_on=at.date(),
        bank_reference="CAMT-54-0002",
        nonce=uuid4(),
        actor=by or made.other_treasurer,
        at=at,
    )


def cancel(made: Fund, payment: Payment, *, by: User | None = None, at: datetime = RELEASED_AT) -> Payment:
    """Cancel a payment before release."""
    return payments.cancel_payment(
        payment_id=payment.pk, note="The value date was wrong.", nonce=uuid4(), actor=by or made.preparer, at=at
    )


def a_prepared_payment(made: Fund | None = None) -> tuple[Fund, Payment]:
    """Make a fund, unless given, and prepare the payment of its first tranche."""
    made = made or a_fund()
    return made, prepare(made)


def a_certified_payment(made: Fund | None = None) -> tuple[Fund, Payment]:
    """Prepare and certify a payment."""
    made, payment = a_prepared_payment(made)
    return made, certify(made, payment)


def a_released_payment(made: Fund | None = None) -> tuple[Fund, Payment]:
    """Prepare, certify and release a payment, by three people."""
    made, payment = a_certified_payment(made)
    return made, release(made, payment)


def a_confirmed_payment(made: Fund | None = None) -> tuple[Fund, Payment]:
    """Prepare, certify, release and confirm a payment, by four people: the organisation has the money."""
    made, payment = a_released_payment(made)
    return made, confirm(made, payment)


def spend(made: Fund, amount: Money, *, reference: str = "FR-2026-1", at: datetime = ENDED_AT) -> None:
    """Record expenditure that the organisation reports."""
    treasury.record_expenditure(
        programme_id=made.programme.pk,
        reference=reference,
        spent=amount,
        on=at.date(),
        actor=made.secretariat,
        at=at,
    )


def drain_cash(made: Fund, keep_below: Money) -> None:
    """Leave less cash than an amount, as a bank does that seizes an account: the books follow what the bank says."""
    cash = ledger_queries.balance_of(chart.CASH)
    gone = cash - keep_below + Money.of("0.01", "USD")
    with transaction.atomic():
        ledger.post(
            Draft(
                kind="cash.seized",
                reference=f"SEIZED-{next(_numbers)}",
                effective_on=RELEASED_AT.date(),
                legs=legs(debit(chart.BANK_CHARGES, gone), credit(chart.CASH, gone)),
            ),
            by=made.treasurer,
            at=RELEASED_AT,
        )
