"""What happens between the fund and its banks: routes, a refusal, answers to orders, goods in kind, two holds."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID, uuid4

from disbursements.holds import HoldReason
from disbursements.models import Payment, Programme, Route, Tranche
from disbursements.operations import bank_accounts, bank_answers, holds, programmes, routes, treasury_rules
from disbursements.queries import bank_accounts as bank_queries
from disbursements.queries import holds as hold_queries
from disbursements.route_states import RefusalReason, RouteKind, RouteStatus
from disbursements.states import OrganisationKind
from trustfund.core.money import Money
from trustfund.embedded.demonstration.programme_stories import ProposalStory
from trustfund.embedded.demonstration.stage import Stage, moment

# The routes by the words that the stories use.
USUAL, OTHER, IN_KIND, OLD = (
    "Geneva and New York",
    "Geneva and Frankfurt",
    "Bought offshore, shipped by sea",
    "A regional bank at the border",
)
_COUNTRY: Final = "The country of the programmes"
_CHAINS: Final = {
    USUAL: "The fund's bank in Geneva, its correspondent in New York, the organisation's bank in Geneva",
    OTHER: "The fund's bank in Geneva, a correspondent in Frankfurt, the organisation's bank in Geneva",
    IN_KIND: "The fund's bank in Geneva, the supply centre's bank in Copenhagen; goods by sea and rail",
    OLD: "The fund's bank in Geneva, a regional bank, a local bank at the border",
}
_SANCTIONS: Final = "Letter of the bank's compliance office, on file with the secretariat"


def open_routes(stage: Stage, at: datetime) -> None:
    """Open the routes, register the supply centre and its account, and set the numbers treasury goes by."""
    treasurer = stage.people["treasury"]
    vendor = programmes.register_organisation(
        name="Humanitarian Supply Centre", kind=OrganisationKind.OTHER, actor=stage.people["secretariat"], at=at
    )
    account = bank_accounts.register_bank_account(
        organisation_id=vendor.pk,
        holder="Humanitarian Supply Centre",
        iban="DK5000400440116243",
        bic="BKEXDKKK",
        bank="Bank Example, Copenhagen",
        country="DK",
        source="Framework agreement, annex 2, on file",
        actor=stage.people["secretariat"],
        at=at,
    )
    verify(stage, account.pk, "Head of finance, supply centre", "+45 33 00 01 02", at=at + timedelta(hours=3))
    for name, chain in _CHAINS.items():
        routes.open_route(
            name=name,
            kind=RouteKind.IN_KIND if name == IN_KIND else RouteKind.TRANSFER,
            chain=chain,
            country=_COUNTRY,
            vendor_id=vendor.pk if name == IN_KIND else None,
            actor=treasurer,
            at=at,
        )
    rules = treasury_rules.propose_treasury_rules(
        reserve_months=6,
        answer_hours=24,
        payee_limit=Money.of("20000000.00", "USD"),
        payee_days=30,
        reason="As the founding agreement says.",
        actor=stage.people["administrator"],
        at=at,
    )
    treasury_rules.agree_to_treasury_rules(version=rules.version, actor=treasurer, at=at + timedelta(hours=1))
    for months, bank, reason in (
        (2, "Regional Bank Example", RefusalReason.COUNTRY),
        (4, "Regional Bank Example", RefusalReason.SANCTIONS),
        (4, "Border Bank Example", RefusalReason.ACCOUNT_CLOSED),
    ):
        stage.plan(moment(stage.day(months, 11), 12), partial(_refuse, stage, OLD, bank, reason))
    stage.plan(moment(stage.day(5, 2), 9), partial(_close, stage))
    stage.plan(moment(stage.day(22, 9), 9), partial(_hold, stage, "coldchain"))
    stage.plan(stage.end - timedelta(days=3, hours=4), partial(_hold, stage, "oxygen"))


def verify(stage: Stage, account_id: UUID, called: str, number: str, *, at: datetime) -> None:
    """Let the certifying officer call an organisation back and verify its details."""
    nonce = uuid4()
    account = bank_queries.bank_account_of(account_id)
    bank_accounts.verify_bank_account(
        account_id=account_id,
        called=called,
        number=number,
        known_from="The agreement with the organisation, signed before these details came",
        called_at=at - timedelta(minutes=20),
        call_back="Read the number back digit by digit and confirmed it.",
        proof=stage.proof("certifier", bank_queries.fingerprint_of(account, nonce)),
        nonce=nonce,
        actor=stage.people["certifier"],
        at=at,
    )


def route_for(story: ProposalStory, tranche: Tranche, *, again: bool) -> str:
    """Return by which route a tranche travels; what a bank refused goes by the other one."""
    if story.key == "medicines":
        return IN_KIND
    return OTHER if tranche.number == story.returned_tranche and not again else USUAL


def choose(stage: Stage, tranche: Tranche, name: str, at: datetime) -> None:
    """Choose the route of a tranche."""
    routes.choose_route(
        tranche_id=tranche.pk,
        route_id=Route.objects.get(name=name).pk,
        reason="",
        actor=stage.people["secretariat2"],
        at=at,
    )


def answer(stage: Stage, payment_id: UUID, status: str, reason: str, at: datetime) -> None:
    """Take in the bank's status report on an order."""
    payment = Payment.objects.get(pk=payment_id)
    bank_answers.take_in_answer(
        content=_report(payment.reference, status, reason, at), actor=stage.people["treasury2"], at=at
    )
    if status == "RJCT":
        correspondent = "Correspondent Example, Frankfurt"
        _refuse(stage, OTHER, correspondent, RefusalReason.CORRESPONDENT, at, payment=payment.reference)
        stage.plan(at + timedelta(days=40), partial(_reopen, stage))


def deliver(stage: Stage, tranche_id: UUID, at: datetime) -> None:
    """Write down that goods bought offshore for a tranche arrived."""
    routes.record_delivery(
        tranche_id=tranche_id,
        delivered_on=at.date(),
        goods="Medicine kits for household doctors, 42 containers",
        evidence="Bill of lading and the receipt of the central store, on file",
        actor=stage.people["secretariat2"],
        at=at,
    )


def _report(reference: str, status: str, reason: str, at: datetime) -> bytes:
    why = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10">'
        f"<CstmrPmtStsRpt><GrpHdr><MsgId>BE-{at:%Y%m%d}-{reference[-4:]}</MsgId><CreDtTm>{at:%Y-%m-%dT%H:%M:%SZ}</CreDtTm>"
        f"</GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>{reference}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>"
        f"<GrpSts>{status}</GrpSts></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>{reference}</OrgnlPmtInfId>"
        f"<TxInfAndSts><OrgnlEndToEndId>{reference}</OrgnlEndToEndId><TxSts>{status}</TxSts>{why}</TxInfAndSts>"
        "</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    ).encode()


def _refuse(stage: Stage, name: str, bank: str, reason: RefusalReason, at: datetime, *, payment: str = "") -> None:
    routes.record_refusal(
        route_id=Route.objects.get(name=name).pk,
        bank=bank,
        refused_on=at.date(),
        reason=reason,
        evidence=_SANCTIONS,
        payment_reference=payment,
        actor=stage.people["treasury2"],
        at=at,
    )


def _reopen(stage: Stage, at: datetime) -> None:
    _mark(stage, OTHER, RouteStatus.OPEN, "The correspondent asked its authority and carries payments again.", at)


def _close(stage: Stage, at: datetime) -> None:
    _mark(stage, OLD, RouteStatus.CLOSED, "Both banks on it have refused; no payment went by it.", at)


def _mark(stage: Stage, name: str, to: RouteStatus, reason: str, at: datetime) -> None:
    route = Route.objects.get(name=name)
    routes.mark_route(route_id=route.pk, to=to, reason=reason, actor=stage.people["treasury"], at=at)


def _hold(stage: Stage, key: str, at: datetime) -> None:
    titles = {"coldchain": "Vaccine cold chain, phase one", "oxygen": "Medical oxygen for provincial hospitals"}
    hold = holds.place_hold(
        programme_id=Programme.objects.get(title=titles[key]).pk,
        reason=HoldReason.DIVERSION if key == "coldchain" else HoldReason.REPORT,
        why="The third-party monitor could not see a part of what was reported as delivered.",
        evidence="Monitor's note of the visit, on file with the secretariat",
        actor=stage.people["certifier"],
        at=at,
    )
    if key == "coldchain":
        stage.plan(at + timedelta(days=9), partial(_lift, stage, hold.pk))


def _lift(stage: Stage, hold_id: UUID, at: datetime) -> None:
    nonce = uuid4()
    holds.lift_hold(
        hold_id=hold_id,
        reason="A second visit found the refrigerators in the county store; the list had an old address.",
        proof=stage.proof("treasury", hold_queries.fingerprint_of(hold_queries.hold_of(hold_id), nonce)),
        nonce=nonce,
        actor=stage.people["treasury"],
        at=at,
    )
