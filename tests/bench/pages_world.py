"""A fund that grows by equal steps, one of everything a step, and where its pages are: for budgets and benchmarks."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from assurance import operations as assurance
from assurance.kinds import Kind
from assurance.models import Statement
from bank.models import BankFile, BankLine, BankStatement
from committee import operations as committee
from committee.models import Ballot, Decision, Meeting, MeetingRequest, Motion
from committee.rules import Way
from continuity import operations as continuity
from disbursements import operations as disbursements
from disbursements.models import (
    DirectCost,
    Exemption,
    Hold,
    Payment,
    Proposal,
    RefundOffset,
    Report,
    ReserveUse,
    ShortfallPlan,
    Tranche,
)
from disbursements.operations import reports, routes, treasury, treasury_rules
from disbursements.queries import proposals as proposal_queries
from disbursements.reporting import ReportKind
from disbursements.route_states import RefusalReason
from donors import models as donor_models
from donors import operations as donors
from donors import queries as donor_queries
from donors import schedule
from donors.models import (
    Agreement,
    Call,
    Condition,
    ContributionFile,
    Donor,
    DonorBankAccount,
    ExchangeRate,
    Instalment,
    Match,
    Pledge,
    Quiet,
    RateCorrection,
    RateFile,
    ReferenceDay,
    Refund,
    Unidentified,
    WriteOff,
)
from ledger import operations as ledger
from ledger.models import Entry
from screening.models import Party, PartyRole
from tests import (
    bank_worlds,
    committee_worlds,
    contribution_worlds,
    disbursement_worlds,
    donor_worlds,
    exemption_worlds,
    giving_back_worlds,
    payment_worlds,
    people,
    programme_worlds,
    screening_worlds,
)
from tests.committee_worlds import Committee
from tests.http.permissions import MATRIX
from tests.payment_worlds import Fund
from trustfund.core.models import Event, User
from trustfund.core.money import Money
from trustfund.core.roles import RoleName
from trustfund.notices import operations as notices
from trustfund.notices.table import TABLE

NOW = committee_worlds.CLOSES_AT - timedelta(hours=1)
PARTS = 7
MOST_VOTES = 8
MOST_VERSIONS = 6
FIRST_FENCE = date(2001, 1, 31)


@dataclass
class World:
    """A fund, the things whose pages are opened, a person of every role who may open them, and how far it has grown."""

    fund: Fund
    donor: Donor
    pledge: Pledge
    draft: Proposal
    motion: Motion
    payment: Payment
    meeting: Meeting
    people: dict[RoleName, User]
    agreement: Agreement
    steps: int = 0
    cleared: dict[str, Any] = field(default_factory=dict)

    def grow(self) -> None:
        """Add one more of everything that a page lists."""
        self.steps += 1
        self._money_in()
        bank_worlds.a_desk(self.pledge, step=self.steps, on=f"2026-07-{self.steps:02d}")
        self._parties()
        self._meetings()
        self._proposals()
        self._payments()
        self._treasury()
        self._exemptions()
        self._papers()

    def _money_in(self) -> None:
        payment_worlds.fill_pool(self.fund.preparer)
        other = donor_worlds.a_donor()
        donor_worlds.a_representative(other)
        donor_worlds.a_receipt(donor_worlds.a_signed_pledge(donor=other), "100000.00")
        donor_worlds.a_receipt(donor_worlds.a_signed_pledge(donor=self.donor), "100000.00")
        donor_worlds.a_receipt(self.pledge, "100000.00")
        donor_worlds.a_held_pledge(self.donor, f"It is reserved for children, {self.steps}.")
        donor_worlds.a_conditional_pledge(self.donor)
        self._agreement()
        contribution_worlds.a_file(donor=f"Tarsk {self.steps}")
        given_up = donor_worlds.a_signed_pledge(donor=other)
        giving_back_worlds.a_write_off(given_up, "1000.00")
        giving_back_worlds.a_refund(self.donor, "10.00")
        giving_back_worlds.details(self.donor, iban=an_iban(1000 + self.steps))
        giving_back_worlds.details(other, iban=an_iban(2000 + self.steps))
        donor_worlds.a_representative(self.donor)
        donor_worlds.a_rate("GBP", on=date(2020, 1, 1) + timedelta(days=self.steps))
        donor_worlds.a_rate_correction(
            donor_worlds.a_rate("SEK", "14.02", on=date(2020, 1, 1) + timedelta(days=self.steps))
        )
        donor_worlds.a_rate_file(("Norway", "NOK", f"10.{self.steps}"), ("Nowhere", "XXQ", "1"))
        reference_day(date(2020, 1, 1) + timedelta(days=self.steps))
        self._asked_for(other)
        donors.file_stop_request(
            donor_id=self.donor.pk,
            text="Please keep our money from any use that we have not seen.",
            received_on=people.NOON.date(),
            actor=donor_worlds.secretariat(),
            at=people.NOON,
        )

    def _asked_for(self, other: Donor) -> None:
        """Call and remind, of a pledge in a currency of its own age: the late, the soon and the far."""
        due = NOW.date() - timedelta(days=100)
        pledge = donor_worlds.a_signed_pledge("1000.00", "USD", donor=other, first_due=due)
        donor_worlds.a_call(pledge)
        donor_worlds.a_call(donor_worlds.a_signed_pledge("1000.00", "USD", donor=self.donor, first_due=due))
        donor_worlds.a_quiet(other)
        for part in Instalment.objects.filter(pledge__in=[pledge], due_on=due):
            donors.take_step(instalment_id=part.pk, step=90, at=NOW)
        part = donor_worlds.a_signed_pledge("1000.00", "USD", donor=self.donor, first_due=due).instalments.get(number=1)
        donors.take_step(instalment_id=part.pk, step=90, at=NOW)
        continuity.set_haircut(
            percent=Decimal(15 + self.steps),
            reason="Rates move more than they did.",
            actor=donor_worlds.secretariat(),
            at=people.NOON,
        )

    def _agreement(self) -> None:
        """Sign one more pledge under the agreement, and amend it: the page shows the latest version's redline."""
        agreement = donor_queries.latest_version_of(self.agreement)
        money = Money.of("1000.00", agreement.currency)
        donors.sign_pledge(
            agreement_id=agreement.pk,
            amount=money,
            schedule=schedule.equal_parts(money, schedule.yearly(date(2025, 6, 30), 2)),
            announced_on=donor_worlds.SIGNED_ON,
            signed_on=donor_worlds.SIGNED_ON,
            usd_value=Money.of("1100.00", "USD"),
            actor=donor_worlds.secretariat(),
            at=people.NOON,
        )
        self.agreement = donors.amend_agreement(
            agreement_id=agreement.pk,
            terms=replace(agreement.terms, termination_notice_days=30 + self.steps),
            actor=donor_worlds.secretariat(),
            at=people.NOON,
        )

    def _parties(self) -> None:
        organisation = disbursement_worlds.an_organisation()
        payee = Party.objects.get(subject=self.fund.organisation.pk, role=PartyRole.PAYEE)
        screening_worlds.a_party(f"Storekeeper {self.steps}", beside=payee)
        disbursement_worlds.a_programme(organisation)
        reports.submit_report(
            programme_id=disbursement_worlds.a_programme(self.fund.organisation).pk,
            kind=ReportKind.NARRATIVE,
            through=date(2026, 12, 31),
            words="Two hundred refrigerators stand; ten wait for their permits.",
            spent={},
            actor=self.people[RoleName.PROGRAMME_PARTNER],
            at=datetime(2027, 4, 2, 9, 0, tzinfo=UTC),
        )
        disbursement_worlds.a_partner(organisation)
        payment_worlds.an_account(replace(self.fund, organisation=organisation))
        committee.declare_interest(
            party=f"Supplier {self.steps}", actor=self.people[RoleName.COMMITTEE_MEMBER], at=people.NOON
        )

    def _meetings(self) -> None:
        """Add a meeting, a motion on the first one's agenda, a request, an auditor proposed and one appointed."""
        made = self.fund.committee
        committee_worlds.a_meeting(made)
        committee_worlds.a_motion(made, way=Way.MEETING, meeting_id=self.meeting.pk, closes_at=None)
        committee_worlds.a_request(made)
        decision = committee_worlds.carry(a_nomination(made))
        committee.put_in_force(decision_id=decision.pk, actor=None, at=committee_worlds.CLOSES_AT)
        committee_worlds.carry(a_nomination(made))

    def _proposals(self) -> None:
        programme = self.fund.programme
        disbursement_worlds.a_submitted_proposal(programme=programme)
        disbursement_worlds.a_carried_proposal(programme=programme)
        tabled = disbursement_worlds.a_tabled_proposal(programme=programme)
        committee_worlds.vote(disbursement_worlds.motion_of(tabled), 1)
        if self.steps <= MOST_VOTES:
            committee_worlds.vote(self.motion, self.steps + 1)
        if self.steps <= MOST_VERSIONS:
            version = proposal_queries.version_of(self.draft)
            content = replace(proposal_queries.content_of(version), summary=f"Said in other words, {self.steps}.")
            disbursements.amend_proposal(
                proposal_id=self.draft.pk,
                number=version.number,
                content=content,
                actor=disbursement_worlds.secretariat(),
                at=people.NOON,
            )
            self.draft.refresh_from_db()

    def _payments(self) -> None:
        """Approve a proposal of seven due parts: one stays due, the others become payments in every state."""
        said = disbursement_worlds.content("700000.00", conditions=("",) * PARTS)
        said = replace(said, parts=tuple(replace(part, expected_on=people.NOON.date()) for part in said.parts))
        proposal = disbursement_worlds.a_submitted_proposal(programme=self.fund.programme, said=said)
        disbursements.table_proposal(
            proposal_id=proposal.pk,
            number=1,
            closes_at=committee_worlds.CLOSES_AT,
            actor=disbursement_worlds.secretariat(),
            at=people.NOON,
        )
        committee_worlds.carry(disbursement_worlds.motion_of(proposal))
        disbursement_worlds.approve(proposal)
        disbursements.bring_tranches_due(at=disbursement_worlds.APPROVED_AT)
        fund = self.fund
        payment_worlds.a_verified_account(fund, {**payment_worlds.DETAILS, "iban": an_iban(self.steps)})
        _due, prepared, certified, released, confirmed, returned, cancelled = proposal.tranches.order_by("number")
        payment_worlds.prepare(fund, prepared)
        payment_worlds.certify(fund, payment_worlds.prepare(fund, certified))
        self._release(released)
        payment_worlds.confirm(fund, self._release(confirmed))
        payment_worlds.cancel(fund, payment_worlds.prepare(fund, cancelled))
        # The last, because nothing more is paid to details from which a bank has sent money back.
        payment_worlds.give_back(fund, self._release(returned))
        payment_worlds.spend(fund, Money.of("1000.00", "USD"), reference=f"FR-{self.steps}")

    def _treasury(self) -> None:
        """Add a refusal, a hold that was lifted, an answer, a request and a plan, and other numbers."""
        fund = self.fund
        route = payment_worlds.a_route(fund, name=f"By bank {self.steps}")
        routes.record_refusal(
            route_id=route.pk,
            bank=f"Bank {self.steps}",
            refused_on=people.NOON.date(),
            reason=RefusalReason.COUNTRY,
            evidence="Message of the bank",
            actor=fund.treasurer,
            at=people.NOON,
        )
        payment_worlds.lift(payment_worlds.a_hold(fund, by=fund.certifier), fund.treasurer)
        treasury_rules.propose_treasury_rules(
            reserve_months=6,
            answer_hours=24,
            payee_limit=None,
            payee_days=30,
            reason="As before.",
            actor=self.people[RoleName.FUND_ADMINISTRATOR],
            at=people.NOON,
        )
        payment_worlds.an_offset(fund)
        payment_worlds.a_direct_cost(fund)
        if self.steps == 1:
            payment_worlds.before_the_committee(fund)

    def _exemptions(self) -> None:
        """Add an exemption with all around it, and grow the one whose page is opened."""
        said = exemption_worlds.one_of_everything(
            self.fund.programme, Tranche.objects.filter(status="due").order_by("-reference")[0]
        )
        if not self.cleared:
            self.cleared = said
        else:
            exemption_worlds.an_extension(Exemption.objects.get(pk=self.cleared["exemption_id"]))
        measured = programme_worlds.one_of_everything(self.fund.programme, self.draft)
        if self.steps == 1:
            amendment = programme_worlds.an_amendment(self.fund.proposal, terms={})
            self.cleared |= {**measured, "amendment_id": amendment.pk}

    def _release(self, tranche: Tranche) -> Payment:
        fund = self.fund
        return payment_worlds.release(fund, payment_worlds.certify(fund, payment_worlds.prepare(fund, tranche)))

    def _papers(self) -> None:
        treasury.record_interest(
            reference=f"INT-{self.steps}",
            earned=Money.of("12.30", "USD"),
            on=people.NOON.date(),
            actor=self.fund.treasurer,
            at=people.NOON,
        )
        assurance.request_statement(
            kind=Kind.DONOR_ACCOUNT,
            as_of=people.NOON.date(),
            donor_id=self.donor.pk,
            actor=self.people[RoleName.AUDITOR],
            at=committee_worlds.CLOSES_AT,
        )
        ledger.close_period(
            through=FIRST_FENCE + timedelta(days=31 * self.steps), actor=self.fund.treasurer, at=people.NOON
        )
        told = Event.objects.filter(kind__in=TABLE).order_by("-id")[:20]
        for event in told:
            notices.announce(event_id=event.pk, at=event.at)

    def arguments(self) -> dict[str, Any]:
        """Return what addresses are about: the things of this world that grow."""
        return {
            **self.cleared,
            "motion_id": self.motion.pk,
            "decision_id": Decision.objects.order_by("decided_at", "reference")[0].pk,
            "meeting_id": self.meeting.pk,
            "request_id": MeetingRequest.objects.order_by("requested_at", "pk")[0].pk,
            "text_id": donor_models.Hold.objects.order_by("reference")[0].pk,
            "condition_id": Condition.objects.order_by("pledge__reference")[0].pk,
            "ballot_id": Ballot.objects.filter(member=self.fund.committee.chair).order_by("cast_at")[0].pk,
            "person_id": self.people[RoleName.AUDITOR].pk,
            "contribution_file_id": ContributionFile.objects.order_by("reference")[0].pk,
            "write_off_id": WriteOff.objects.order_by("reference")[0].pk,
            "refund_id": Refund.objects.order_by("reference")[0].pk,
            "details_id": DonorBankAccount.objects.filter(successor=None).order_by("registered_at", "pk")[0].pk,
            "call_id": Call.objects.filter(instalment__pledge__donor=self.donor).order_by("issued_at", "pk")[0].pk,
            "instalment_id": Instalment.objects.order_by("pk")[0].pk,
            "quiet_id": Quiet.objects.order_by("asked_at", "pk")[0].pk,
            "rate_id": ExchangeRate.objects.order_by("recorded_at", "pk")[0].pk,
            "correction_id": RateCorrection.objects.order_by("proposed_at", "pk")[0].pk,
            "file_id": RateFile.objects.order_by("reference")[0].pk,
            "programme_id": self.fund.programme.pk,
            "proposal_id": self.draft.pk,
            "number": 1,
            "tranche_id": Tranche.objects.filter(status="due").order_by("reference")[0].pk,
            "payment_id": self.payment.pk,
            "account_id": self.payment.bank_account_id,
            "party_id": Party.objects.filter(subject=self.fund.organisation.pk).order_by("named_at")[0].pk,
            "hit_id": self.payment.pk,
            "report_id": Report.objects.order_by("submitted_at")[0].pk,
            "kind": "interim",
            "step": "operations",
            "offset_id": RefundOffset.objects.order_by("reference")[0].pk,
            "cost_id": DirectCost.objects.order_by("reference")[0].pk,
            "hold_id": Hold.objects.order_by("reference")[0].pk,
            "route_id": self.payment.route_id,
            "use_id": ReserveUse.objects.order_by("reference")[0].pk,
            "plan_id": ShortfallPlan.objects.order_by("reference")[0].pk,
            "donor_id": self.donor.pk,
            "agreement_id": self.agreement.pk,
            "pledge_id": self.pledge.pk,
            "receipt_id": self.pledge.receipts.order_by("reference")[0].pk,
            "bank_file_id": BankFile.objects.order_by("reference")[0].pk,
            "bank_statement_id": BankStatement.objects.order_by("reference")[0].pk,
            "line_id": BankLine.objects.filter(reference__endswith="/1").order_by("reference")[0].pk,
            "held_id": Unidentified.objects.order_by("reference")[0].pk,
            "match_id": Match.objects.order_by("reference")[0].pk,
            "representative_id": self.donor.representatives.order_by("pk")[0].pk,
            "statement_id": Statement.objects.order_by("number")[0].pk,
            "entry_id": Entry.objects.filter(subject=self.payment.pk).order_by("id")[0].pk,
            "subject": self.payment.pk,
            "code": "1100",
            "pk": 1,
        }

    def pages(self) -> dict[str, str]:
        """Return every address of the site by name, about the things of this world."""
        told = self.arguments()
        return {
            name: reverse(name, kwargs={key: told[key] for key in pattern.pattern.converters})
            for name, pattern in _patterns(get_resolver())
            if name in MATRIX
        }


def a_nomination(made: Committee) -> Motion:
    """Propose an auditor, as the secretariat does."""
    return committee.nominate_auditor(
        firm="Halden & Roe",
        registration="Register of auditors of the Canton of Geneva, 4411",
        starts_on=date(2027, 1, 1),
        ends_on=date(2029, 12, 31),
        fee=Money.of("210000.00", "USD"),
        reason="Lowest of three bids that met the terms.",
        hearing=committee.Hearing(closes_at=committee_worlds.CLOSES_AT),
        actor=made.secretariat,
        at=people.NOON,
    )


def reference_day(day: date) -> None:
    """Keep what the ECB published on a day."""
    ReferenceDay.objects.create(
        day=day, per_eur={"USD": "1.12", "GBP": "0.85", "SEK": "11.1"}, file=RateFile.objects.order_by("reference")[0]
    )


def an_iban(number: int) -> str:
    """Return a Swiss IBAN of nobody's whose check digits are right; C is 12 and H is 17."""
    account = f"{number:017d}"
    return f"CH{98 - int(f'{account}121700') % 97:02d}{account}"


def _patterns(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _patterns(one, one.namespace or namespace)
        else:
            yield (f"{namespace}:{one.name}" if namespace else str(one.name)), one


def a_world() -> World:
    """Make a fund of one step: at least one of everything."""
    fund = payment_worlds.a_fund()
    payment = payment_worlds.prepare(fund)
    donor_worlds.a_rate()
    donor = donor_worlds.a_donor()
    open_proposal = disbursement_worlds.a_tabled_proposal(programme=fund.programme)
    motion = disbursement_worlds.motion_of(open_proposal)
    committee_worlds.vote(motion, 1)
    roles = {
        RoleName.COMMITTEE_MEMBER: fund.committee.holders[9],
        RoleName.CHAIR: fund.committee.chair,
        RoleName.ALTERNATE: people.someone(RoleName.ALTERNATE),
        RoleName.SECRETARIAT: fund.secretariat,
        RoleName.CERTIFYING_OFFICER: people.someone(RoleName.CERTIFYING_OFFICER),
        RoleName.TREASURY_OFFICER: people.someone(RoleName.TREASURY_OFFICER),
        RoleName.DONOR_REPRESENTATIVE: donor_worlds.a_representative(donor),
        RoleName.PROGRAMME_PARTNER: disbursement_worlds.a_partner(fund.organisation),
        RoleName.AUDITOR: people.someone(RoleName.AUDITOR),
        RoleName.FUND_ADMINISTRATOR: people.someone(RoleName.FUND_ADMINISTRATOR),
    }
    world = World(
        fund=fund,
        donor=donor,
        pledge=donor_worlds.a_signed_pledge(donor=donor),
        draft=disbursement_worlds.a_draft(programme=fund.programme),
        motion=motion,
        payment=payment,
        meeting=committee_worlds.a_meeting(fund.committee),
        people=roles,
        agreement=donor_worlds.an_agreement(donor),
    )
    world.grow()
    return world
