"""The programmes' five years: proposals, the committee's votes, tranches paid, one payment that came back."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Final
from uuid import UUID, uuid4

from committee.models import Motion
from committee.operations import ballots, motions
from committee.rules import Choice, Principle, decision_facts
from disbursements.blocks import Block
from disbursements.budget import Line, Part
from disbursements.categories import DIRECT, Category
from disbursements.fingerprints import Content, Findings, People
from disbursements.models import Programme, Proposal, Tranche
from disbursements.operations import (
    approvals,
    bank_accounts,
    payment_ends,
    payments,
    programmes,
    proposals,
    reports,
    reserve,
    tranches,
    treasury,
)
from disbursements.payment_states import StepKind
from disbursements.queries import approvals as approval_queries
from disbursements.queries import payments as payment_queries
from disbursements.queries.fund import continuity_reserve
from disbursements.queries.reports import deliveries
from disbursements.reporting import ReportKind
from disbursements.states import OrganisationKind
from trustfund.core import step_up
from trustfund.core.money import Money
from trustfund.embedded.demonstration import banking, corridor, screening
from trustfund.embedded.demonstration.cast import SEATS
from trustfund.embedded.demonstration.programme_stories import FINDINGS, PROPOSALS, ProposalStory
from trustfund.embedded.demonstration.stage import MONTHS, Stage, moment

VOTING_DAYS: Final = 9
# Something is always left to be given back.
MOST_SPENT: Final = Decimal("0.92")
_REASONS: Final = (
    "The needs are well documented and the conditions of the tranches protect the fund.",
    "The places are chosen by published scores; I ask that results are reported by county.",
    "The supply plan fits what the stores can keep, and nothing is paid before it is proved.",
    "The third-party monitor is in place before the second tranche.",
    "The cost for each person reached is in line with earlier programmes.",
)
_AGAINST: Final = "The evidence for this choice of places is not convincing; I ask for it before money is promised."
_RECUSAL: Final = "I advised the organisation on an earlier phase of this work."


def plan(stage: Stage) -> None:
    """Put the organisation, the proposals, the reserve and the bank's own movements on the agenda."""
    stage.plan(moment(stage.day(0, 20), 9), partial(_prepare, stage))
    stage.plan(moment(stage.day(28, 6), 10), partial(_set_aside, stage, 3_000_000))
    stage.plan(moment(stage.day(55, 6), 10), partial(_set_aside, stage, 4_000_000))
    stage.plan(moment(stage.day(44, 18), 11), partial(_give_back, stage))
    for quarter in range(3, MONTHS, 3):
        stage.plan(moment(stage.day(quarter, 2), 8), partial(_bank_lines, stage, quarter))


def _prepare(stage: Stage, at: datetime) -> None:
    secretariat = stage.people["secretariat"]
    organisation = programmes.register_organisation(
        name="World Health Organization",
        kind=OrganisationKind.WHO,
        channel_code="41307",
        works_through_who=True,
        actor=secretariat,
        at=at,
    )
    programmes.link_partner(
        person_id=stage.people["partner"].pk,
        organisation_id=organisation.pk,
        actor=stage.people["administrator"],
        at=at,
    )
    screening.tell(stage, organisation.pk, at)
    account = bank_accounts.register_bank_account(
        organisation_id=organisation.pk,
        holder="World Health Organization",
        iban="CH9300762011623852957",
        bic="BKEXCHGG",
        bank="Bank Example, Geneva",
        country="CH",
        source="Letter of the organisation's treasurer, on file",
        actor=secretariat,
        at=at,
    )
    banking.verify(stage, account.pk, "The treasurer's office", "+41 22 555 01 00", at=at + timedelta(hours=2))
    banking.open_routes(stage, at + timedelta(hours=3))
    for story in PROPOSALS:
        tabled_at = moment(stage.day(story.month, 8), 10)
        if story.outcome == "open":
            tabled_at = stage.end - timedelta(days=5, hours=2)
        stage.plan(tabled_at - timedelta(days=16), partial(_submit, stage, story, organisation.pk, tabled_at))


def _content(story: ProposalStory, tabled_at: datetime, direct: list[Money]) -> Content:
    indirect = sum(direct, Money.zero("USD")).times(story.indirect_percent / 100)
    lines = [Line(category, money) for category, money in zip(DIRECT, direct, strict=True) if money]
    lines.append(Line(Category.INDIRECT, indirect))
    whole = sum((line.amount for line in lines), Money.zero("USD"))
    amounts = whole.split([percent for percent, _title, _condition in story.tranches])
    gap = timedelta(days=30 * story.months_long // len(story.tranches))
    return Content(
        title=story.title,
        summary=story.summary,
        lines=tuple(lines),
        parts=tuple(
            Part(
                title=title,
                condition=condition,
                amount=amount,
                expected_on=(tabled_at + timedelta(days=30) + number * gap).date(),
            )
            for number, ((_percent, title, condition), amount) in enumerate(zip(story.tranches, amounts, strict=True))
        ),
        findings=Findings(**FINDINGS),
        people=People(women=48_200, men=31_900, girls=52_700, boys=51_800, disability=8_900),
    )


def _submit(stage: Stage, story: ProposalStory, organisation_id: UUID, tabled_at: datetime, at: datetime) -> None:
    secretariat = stage.people["secretariat"]
    programme = programmes.open_programme(
        organisation_id=organisation_id,
        title=story.title,
        region=story.region,
        starts_on=tabled_at.date(),
        ends_on=(tabled_at + timedelta(days=30 * story.months_long)).date(),
        shares={block: Decimal(share) for block, share in zip(Block, story.blocks, strict=True) if share},
        actor=secretariat,
        at=at,
    )
    direct = [Money.of(amount, "USD") for amount in story.direct]
    first = [*direct[:1], direct[1].times(Decimal("0.96")), *direct[2:]]
    proposal = proposals.draft_proposal(
        programme_id=programme.pk, content=_content(story, tabled_at, first), actor=secretariat, at=at
    )
    proposals.submit_proposal(proposal_id=proposal.pk, number=1, actor=secretariat, at=at + timedelta(hours=1))
    stage.plan(at + timedelta(days=6), partial(_amend, stage, proposal.pk, _content(story, tabled_at, direct)))
    stage.plan(tabled_at, partial(_table, stage, story, proposal.pk))


def _amend(stage: Stage, proposal_id: UUID, content: Content, at: datetime) -> None:
    secretariat = stage.people["secretariat"]
    proposals.amend_proposal(proposal_id=proposal_id, number=1, content=content, actor=secretariat, at=at)
    proposals.submit_proposal(proposal_id=proposal_id, number=2, actor=secretariat, at=at + timedelta(hours=1))


def _table(stage: Stage, story: ProposalStory, proposal_id: UUID, at: datetime) -> None:
    closes_at = at + timedelta(days=VOTING_DAYS)
    motion = approvals.table_proposal(
        proposal_id=proposal_id, number=2, closes_at=closes_at, actor=stage.people["secretariat"], at=at
    )
    for number, seat in enumerate(SEATS):
        voted_at = at + timedelta(hours=8 + 9 * number, minutes=7 * number)
        if seat.number in story.recused:
            stage.plan(at + timedelta(hours=3), partial(_recuse, stage, seat.key, motion.pk))
        elif seat.number not in story.absent:
            choice = Choice.REJECT if seat.number in story.against else Choice.APPROVE
            stage.plan(voted_at, partial(vote, stage, seat.number, motion, choice))
    if story.outcome != "open":
        stage.plan(closes_at + timedelta(minutes=1), partial(_close, stage, story, proposal_id, motion.pk))


def _recuse(stage: Stage, key: str, motion_id: UUID, at: datetime) -> None:
    ballots.recuse(motion_id=motion_id, reason=_RECUSAL, actor=stage.people[key], at=at)


def vote(stage: Stage, number: int, motion: Motion, choice: Choice, at: datetime) -> None:
    """Cast the vote of a seat, confirmed with its passkey."""
    key = f"seat{number}"
    reason = _AGAINST if choice == Choice.REJECT else _REASONS[(number + motion.opened_at.month) % len(_REASONS)]
    principles = {str(name): "" for name in Principle}
    nonce = str(uuid4())
    facts = decision_facts(
        reference=motion.reference,
        version=motion.version,
        motion_fingerprint=motion.fingerprint,
        choice=choice,
        reason=reason,
        principles=principles,
        has_no_undisclosed_interest=True,
        nonce=nonce,
    )
    ballots.cast_ballot(
        motion_id=motion.pk,
        version=motion.version,
        choice=choice,
        reason=reason,
        principles=principles,
        has_no_undisclosed_interest=True,
        proof=stage.proof(key, step_up.fingerprint(facts)),
        nonce=nonce,
        actor=stage.people[key],
        at=at,
    )


def _close(stage: Stage, story: ProposalStory, proposal_id: UUID, motion_id: UUID, at: datetime) -> None:
    motions.close_motion(motion_id=motion_id, actor=None, at=at)
    if story.outcome == "carried":
        stage.plan(at + timedelta(hours=4), partial(_approve, stage, story, proposal_id))
    else:
        stage.plan(at + timedelta(hours=4), partial(_note_outcome, stage, proposal_id))


def _note_outcome(stage: Stage, proposal_id: UUID, at: datetime) -> None:
    approvals.record_outcome(proposal_id=proposal_id, actor=stage.people["secretariat"], at=at)


def _approve(stage: Stage, story: ProposalStory, proposal_id: UUID, at: datetime) -> None:
    chair = next(seat.key for seat in SEATS if seat.is_chair)
    nonce = uuid4()
    proposal = Proposal.objects.select_related("programme__organisation").get(pk=proposal_id)
    approvals.approve_proposal(
        proposal_id=proposal_id,
        proof=stage.proof(chair, approval_queries.fingerprint_of(proposal, nonce)),
        nonce=nonce,
        actor=stage.people[chair],
        at=at,
    )
    waiting, _reached = story.waiting
    for tranche in Tranche.objects.filter(proposal_id=proposal_id).order_by("number"):
        corridor.say_what_it_pays_for(stage, story.key, tranche, at)
        met_at = max(at + timedelta(days=2), moment(tranche.expected_on, 9))
        if tranche.number == waiting:
            met_at = stage.end - timedelta(days=6, hours=tranche.number)
        stage.plan(met_at, partial(_meet, stage, story, tranche.pk))


def _meet(stage: Stage, story: ProposalStory, tranche_id: UUID, at: datetime) -> None:
    tranche = Tranche.objects.select_related("proposal__programme").get(pk=tranche_id)
    if tranche.condition:
        _catch_up(stage, tranche, at)
        tranches.mark_condition_met(
            tranche_id=tranche_id,
            evidence="Report of the third-party monitor, on file with the secretariat.",
            actor=stage.people["secretariat"],
            at=at,
        )
    tranches.bring_tranches_due(at=at)
    waiting, reached = story.waiting
    if tranche.number != waiting or reached != "due":
        stage.plan(at + timedelta(days=1, hours=2), partial(_pay, stage, story, tranche_id, ""))


def _pay(stage: Stage, story: ProposalStory, tranche_id: UUID, again: str, at: datetime) -> None:
    tranche = Tranche.objects.get(pk=tranche_id)
    waiting, reached = story.waiting
    banking.choose(stage, tranche, banking.route_for(story, tranche, again=bool(again)), at)
    payment = payments.prepare_payment(
        tranche_id=tranche_id,
        value_on=(at + timedelta(days=4)).date(),
        nonce=uuid4(),
        actor=stage.people["secretariat2"],
        at=at,
    )
    if tranche.number == waiting and reached == "prepared":
        return
    stage.plan(at + timedelta(days=1), partial(_certify, stage, payment.pk))
    if tranche.number == waiting and reached == "certified":
        return
    stage.plan(at + timedelta(days=2), partial(_release, stage, payment.pk))
    if tranche.number == story.returned_tranche and not again:
        refused_at = at + timedelta(days=2, hours=7)
        stage.plan(refused_at, partial(banking.answer, stage, payment.pk, "RJCT", "RR04"))
        stage.plan(refused_at + timedelta(days=8), partial(_pay, stage, story, tranche_id, "again"))
    else:
        stage.plan(at + timedelta(days=2, hours=5), partial(banking.answer, stage, payment.pk, "ACSP", ""))
        stage.plan(at + timedelta(days=5), partial(_confirm, stage, tranche_id, payment.pk))


def _certify(stage: Stage, payment_id: UUID, at: datetime) -> None:
    nonce = uuid4()
    payment = payment_queries.payments().get(pk=payment_id)
    payments.certify_payment(
        payment_id=payment_id,
        proof=stage.proof("certifier", payment_queries.fingerprint_of(payment, StepKind.CERTIFY, nonce)),
        nonce=nonce,
        actor=stage.people["certifier"],
        at=at,
    )


def _release(stage: Stage, payment_id: UUID, at: datetime) -> None:
    nonce = uuid4()
    payment = payment_queries.payments().get(pk=payment_id)
    payments.release_payment(
        payment_id=payment_id,
        typed=payment.amount,
        proof=stage.proof("treasury", payment_queries.fingerprint_of(payment, StepKind.RELEASE, nonce)),
        nonce=nonce,
        actor=stage.people["treasury"],
        at=at,
    )


def _confirm(stage: Stage, tranche_id: UUID, payment_id: UUID, at: datetime) -> None:
    payment_ends.confirm_payment(
        payment_id=payment_id,
        bank_reference=f"CF{at:%Y%m%d}{str(payment_id)[:4].upper()}",
        credited_on=at.date(),
        nonce=uuid4(),
        actor=stage.people["treasury2"],
        at=at,
    )
    tranche = Tranche.objects.select_related("proposal").get(pk=tranche_id)
    payment = payment_queries.payments().get(pk=payment_id)
    if payment.route is not None and payment.route.is_in_kind:
        stage.plan(at + timedelta(days=70), partial(banking.deliver, stage, tranche_id))
        return
    for quarter, percent in enumerate((22, 27, 25, 18), start=1):
        spent = tranche.amount.times(Decimal(percent) / 100)
        stage.plan(
            at + timedelta(days=91 * quarter),
            partial(_report, stage, tranche.proposal, f"{tranche.reference}/Q{quarter}", spent),
        )


def _report(stage: Stage, proposal: Proposal, reference: str, spent: Money, at: datetime) -> None:
    programme = Programme.objects.get(pk=proposal.programme_id)
    delivered = deliveries([programme])[programme.pk]
    spent = min(spent, delivered.net_funded.times(MOST_SPENT) - delivered.spent)
    covered = programme.reports.filter(kind=ReportKind.INTERIM, through=at.date()).exists()
    if spent.minor <= 0:
        return
    if at.date() <= programme.ends_on and not covered:
        _hand_in(stage, programme, spent, at)
        return
    treasury.record_expenditure(
        programme_id=proposal.programme_id,
        reference=reference,
        spent=spent,
        on=at.date(),
        actor=stage.people["partner"],
        at=at,
        memo="Quarterly financial report",
    )


def _hand_in(stage: Stage, programme: Programme, more: Money, at: datetime) -> None:
    """Let the partner report all that was spent since the start, and two officers accept it."""
    whole = deliveries([programme])[programme.pk].spent + more
    supplies, transport = whole.split([3, 1])
    report = reports.submit_report(
        programme_id=programme.pk,
        kind=ReportKind.INTERIM,
        through=at.date(),
        words="Supplies went out as planned; two counties were reached late because of floods.",
        spent={Category.SUPPLIES: supplies, Category.CONTRACTS: transport},
        actor=stage.people["partner"],
        at=at,
    )
    for key in ("secretariat2", "certifier"):
        reports.review_report(report_id=report.pk, accepts=True, note="", actor=stage.people[key], at=at)


def _catch_up(stage: Stage, tranche: Tranche, at: datetime) -> None:
    """Let the partner report what a tranche with a condition waits for: accepted reports, and enough of it spent."""
    programme = tranche.proposal.programme
    delivered = deliveries([programme])[programme.pk]
    wanted = delivered.net_funded.times(Decimal("0.75")) - delivered.spent
    earlier = tranche.proposal.tranches.filter(number__lt=tranche.number, status__in=["paid", "reported"]).exists()
    if (earlier or wanted.minor > 0) and delivered.net_funded:
        _hand_in(stage, programme, wanted if wanted.minor > 0 else Money.zero("USD"), at)


def _give_back(stage: Stage, at: datetime) -> None:
    programme = Programme.objects.order_by("reference").first()
    if programme is None:
        raise LookupError("No programme was opened before money was given back.")
    treasury.record_refund(
        programme_id=programme.pk,
        reference=f"RF-{at:%Y-%m}",
        returned=Money.of("1120418.65", "USD"),
        on=at.date(),
        actor=stage.people["treasury2"],
        at=at,
        memo="Unspent balance after operational closure",
    )


def _set_aside(stage: Stage, dollars: int, at: datetime) -> None:
    reserve.set_aside_continuity_reserve(
        reserve=continuity_reserve() + Money.of(dollars, "USD"),
        reason="Covers the next months of approved tranches",
        actor=stage.people["treasury"],
        at=at,
    )


def _bank_lines(stage: Stage, quarter: int, at: datetime) -> None:
    officer = stage.people["treasury"]
    treasury.record_interest(
        reference=f"INT-{at:%Y-%m}",
        earned=Money.of("48250.40", "USD").times(Decimal(quarter) / 12),
        on=at.date(),
        actor=officer,
        at=at,
        memo="Interest of the quarter",
    )
    treasury.record_bank_charge(
        reference=f"CHG-{at:%Y-%m}",
        charged=Money.of("612.75", "USD"),
        on=at.date(),
        actor=officer,
        at=at + timedelta(minutes=5),
        memo="Charges of the quarter",
    )
