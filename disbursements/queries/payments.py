"""What can be asked of payments: their gates with evidence, who signed, what waits for whom, the release queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from committee import queries as committee_queries
from committee.matters import Kind
from committee.states import Status
from disbursements.gates import AccountFacts, Facts, Gate, gates
from disbursements.models import BankAccount, Payment, PaymentStep, Tranche
from disbursements.payment_states import LIVE, OPEN, ROLES_OF, SIGNATURES, PaymentStatus, StepKind
from disbursements.queries.partners import organisation_id_of
from disbursements.queries.reports import deliveries, unaccepted_before
from disbursements.states import ProgrammeStatus, ProposalStatus, TrancheStatus
from ledger import chart
from ledger import queries as ledger_queries
from screening import queries as screening_queries
from trustfund.core import step_up
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.refusals import Conflict, Missing
from trustfund.core.roles import RoleName

# On which accounts of a programme the money waits before the next step, and under which head of the chart.
_WAITS_ON = {
    None: chart.RESERVED,
    PaymentStatus.PREPARED: chart.IN_PREPARATION,
    PaymentStatus.CERTIFIED: chart.CERTIFIED,
}
_NEXT_STEP = {
    PaymentStatus.PREPARED: StepKind.CERTIFY,
    PaymentStatus.CERTIFIED: StepKind.RELEASE,
    PaymentStatus.RELEASED: StepKind.CONFIRM,
}
_AROUND_GATES = (
    "tranche__proposal__programme__organisation",
    "tranche__version",
    "bank_account__registered_by",
    "bank_account__verification__verified_by",
    "bank_account__successor",
)
_AROUND = (*_AROUND_GATES, "replaces", "replacement")


@dataclass(frozen=True)
class Standing:
    """A payment with its gates now, who has signed, and whose turn it is."""

    payment: Payment
    gates: tuple[Gate, ...]
    steps: tuple[PaymentStep, ...]
    next_step: StepKind | None

    @property
    def clear(self) -> int:
        """How many gates are clear."""
        return sum(gate.is_clear for gate in self.gates)

    @property
    def is_clear(self) -> bool:
        """Whether every gate is clear."""
        return self.clear == len(self.gates)

    @property
    def signatures(self) -> tuple[PaymentStep, ...]:
        """The steps before release, in the order in which they were taken."""
        return tuple(step for step in self.steps if step.kind in {"prepare", "certify", "release"})


def payments() -> QuerySet[Payment]:
    """Return payments with all that a page or a gate reads, their steps in order; latest prepared first."""
    steps = Prefetch("steps", PaymentStep.objects.select_related("by", "confirmation").order_by("at", "id"))
    return Payment.objects.select_related(*_AROUND).prefetch_related(steps).order_by("-prepared_at", "-reference")


def as_listed(found: QuerySet[Payment]) -> QuerySet[Payment]:
    """Return payments with no more around them than a line of a list prints."""
    bare = found.select_related(None).prefetch_related(None)
    return bare.select_related("tranche__proposal__programme__organisation", "replaces", "replacement")


def visible_payments(person: User) -> QuerySet[Payment]:
    """Return the payments a person sees: a partner those of their own organisation, everybody else all."""
    if person.holds(RoleName.PROGRAMME_PARTNER):
        own = organisation_id_of(person)
        return payments().filter(tranche__proposal__programme__organisation_id__in=[own] if own else [])
    return payments()


def payment_of(payment_id: UUID, person: User) -> Payment:
    """
    Return a payment that a person sees.

    :raises Missing: if there is none for this person
    """
    found = visible_payments(person).filter(pk=payment_id).first()
    if found is None:
        raise Missing(_("There is no such payment. Look it up in the list of payments."))
    return found


def filtered(found: QuerySet[Payment], *, status: str = "", words: str = "") -> QuerySet[Payment]:
    """Return the payments in a state whose reference, tranche, programme or organisation contains some words."""
    if status:
        found = found.filter(status=status)
    if words:
        found = found.filter(
            Q(reference__icontains=words)
            | Q(tranche__reference__icontains=words)
            | Q(tranche__proposal__programme__title__icontains=words)
            | Q(tranche__proposal__programme__organisation__name__icontains=words)
        )
    return found


def current_account(organisation_id: UUID) -> BankAccount | None:
    """Return an organisation's latest bank details, verified or not; nothing if none were registered."""
    return (
        BankAccount.objects.select_related("registered_by", "verification__verified_by", "successor")
        .filter(organisation_id=organisation_id, successor=None)
        .first()
    )


def gates_before(tranche: Tranche, account: BankAccount | None, on: date) -> tuple[Gate, ...]:
    """Return the gates of a payment that is about to be prepared on a day, to an organisation's latest account."""
    around = _Around([tranche], on)
    return gates(around.facts(tranche, account, None, tranche.amount))


def gates_of(payment: Payment, on: date) -> tuple[Gate, ...]:
    """Return the gates of a payment before release, as they stand on a day."""
    around = _Around([payment.tranche], on)
    return gates(around.facts(payment.tranche, payment.bank_account, payment, payment.amount))


def standings(found: Sequence[Payment], on: date) -> list[Standing]:
    """Return payments with their gates on a day, in a fixed number of queries whatever their number."""
    around = _Around([payment.tranche for payment in found], on)
    return [_standing(payment, around) for payment in found]


def standing_of(payment: Payment, on: date) -> Standing:
    """Return a payment with its gates: before release as on a day, afterwards none (each step kept its own)."""
    return standings([payment], on)[0]


def release_queue() -> QuerySet[Payment]:
    """Return the payments that wait for a signature before release, by value date, with all that their gates read."""
    steps = Prefetch("steps", PaymentStep.objects.select_related("by").defer("gates").order_by("at", "id"))
    bare = Payment.objects.select_related(*_AROUND_GATES).prefetch_related(steps)
    return bare.filter(status__in=[str(status) for status in OPEN]).order_by("value_on", "reference")


def in_transit() -> QuerySet[Payment]:
    """Return the payments that were released and wait for the bank's answer, by value date."""
    return as_listed(payments()).filter(status=PaymentStatus.RELEASED).order_by("value_on", "reference")


def payments_waiting_for(person: User) -> list[Payment]:
    """Return at most fifty payments whose next step this person may take, by value date."""
    if person.is_seconded:
        return []
    waits = [str(status) for status, kind in _NEXT_STEP.items() if not person.role_names.isdisjoint(ROLES_OF[kind])]
    if not waits:
        return []
    signed = PaymentStep.objects.filter(by=person, kind__in=[str(kind) for kind in SIGNATURES])
    return list(
        as_listed(payments())
        .filter(status__in=waits)
        .exclude(pk__in=signed.values("payment_id"))
        .exclude(tranche__proposal__proposer=person)
        .exclude(tranche__version__created_by=person)
        .order_by("value_on", "reference")[:50]
    )


def tranches_to_pay() -> QuerySet[Tranche]:
    """Return the tranches that are due and that no payment is under way for, by expected date."""
    return (
        Tranche.objects.filter(status=TrancheStatus.DUE)
        .exclude(payments__status__in=[str(status) for status in LIVE])
        .select_related("proposal__programme__organisation", "version")
        .order_by("expected_on", "reference")
    )


def last_return_of(tranche: Tranche) -> Payment | None:
    """Return the tranche's latest payment that a bank returned and that no other has replaced yet."""
    return (
        Payment.objects.filter(tranche=tranche, status=PaymentStatus.RETURNED, replacement=None)
        .order_by("-ended_at", "-reference")
        .first()
    )


def has_signed(person: User, payment: Payment) -> bool:
    """Return whether a person has taken a step of a payment other than cancelling it."""
    return any(
        step.by_id == person.pk and step.kind in {str(kind) for kind in SIGNATURES} for step in payment.steps.all()
    )


def step_sent_before(nonce: UUID, kind: StepKind, *, actor: User, payment_id: UUID | None = None) -> PaymentStep | None:
    """
    Return the step that this very page has already taken: a form posted twice is one step.

    :raises Conflict: if the page's number belongs to another step, payment or person
    """
    found = PaymentStep.objects.select_related("payment").filter(nonce=nonce).first()
    if found is None:
        return None
    if found.kind != kind or found.by_id != actor.pk or payment_id not in {None, found.payment_id}:
        raise Conflict(_("This page was used for something else already. Open the payment again."))
    return found


def signed_facts(payment: Payment, kind: StepKind, nonce: UUID) -> dict[str, str]:
    """Return what a person puts their name to, for the fingerprint that the second factor is bound to."""
    return {
        "payment": payment.reference,
        "amount": str(payment.amount.amount),
        "currency": payment.currency,
        "payee": payment.tranche.proposal.programme.organisation.reference,
        "account": payment.bank_account.fingerprint,
        "tranche": payment.tranche.reference,
        "value_on": payment.value_on.isoformat(),
        "step": str(kind),
        "nonce": str(nonce),
    }


def fingerprint_of(payment: Payment, kind: StepKind, nonce: UUID) -> str:
    """Return the SHA-256 that the second factor for a step is bound to."""
    return step_up.fingerprint(signed_facts(payment, kind, nonce))


class _Around:
    """What the gates of some tranches read beyond the rows themselves, asked once for all of them."""

    def __init__(self, tranches: Sequence[Tranche], on: date) -> None:
        """Ask for motions, live and returned payments, and balances."""
        self.on = on
        ids = [tranche.pk for tranche in tranches]
        motions = {tranche.proposal.motion_id for tranche in tranches if tranche.proposal.motion_id}
        self.motions = {motion.pk: motion for motion in committee_queries.decided_motions().filter(pk__in=motions)}
        self.live: dict[UUID, tuple[UUID, str]] = {
            tranche_id: (payment_id, reference)
            for tranche_id, payment_id, reference in Payment.objects.filter(
                tranche__in=ids, status__in=[str(status) for status in LIVE]
            ).values_list("tranche_id", "pk", "reference")
        }
        self.returned = list(
            PaymentStep.objects.filter(payment__tranche__in=ids, kind=StepKind.RETURN).values_list(
                "payment__tranche_id", "payment__bank_account__fingerprint", "payment__reference", "reason_code"
            )
        )
        self.unaccepted = unaccepted_before(tranches)
        self.delivered = deliveries([tranche.proposal.programme for tranche in tranches])
        self.released = committee_queries.decisions_on(ids, Kind.RELEASE)
        payees = {tranche.proposal.programme.organisation_id for tranche in tranches}
        self.screening = screening_queries.clearances_of(payees)
        self.aside = ledger_queries.balances_under(tuple(f"{head}." for head in _WAITS_ON.values()))
        self.cash = ledger_queries.balance_of(chart.CASH)

    def facts(self, tranche: Tranche, account: BankAccount | None, payment: Payment | None, amount: Money) -> Facts:
        """Return the facts that the gates of one payment look at."""
        proposal = tranche.proposal
        programme = proposal.programme
        motion = self.motions.get(proposal.motion_id) if proposal.motion_id else None
        status = PaymentStatus(payment.status) if payment else None
        live_id, live_reference = self.live.get(tranche.pk, (None, ""))
        own = payment.pk if payment else None
        payable = TrancheStatus.IN_PAYMENT if payment else TrancheStatus.DUE
        head = _WAITS_ON.get(status, chart.RESERVED)
        print_ = account.fingerprint if account else ""
        return Facts(
            decision=motion.reference if motion else "",
            version=motion.version if motion else 0,
            is_carried=motion is not None
            and motion.subject == proposal.pk
            and motion.state == Status.CARRIED
            and proposal.status == ProposalStatus.APPROVED,
            approved_at=proposal.approved_at,
            tranche_version=tranche.version.number,
            tranche=tranche.reference,
            tranche_is_payable=tranche.status == payable,
            tranche_standing=str(TrancheStatus(tranche.status).label),
            is_conditional=bool(tranche.condition),
            unaccepted=self.unaccepted[tranche.pk],
            delivery=self.delivered[programme.pk],
            threshold=settings.DELIVERY_THRESHOLD_PERCENT,
            released_by=self.released.get(tranche.pk, ""),
            condition_met_on=tranche.condition_met_at.date() if tranche.condition_met_at else None,
            tranche_amount=tranche.amount,
            amount=amount,
            on=self.on,
            programme_is_open=programme.status == ProgrammeStatus.OPEN,
            account=_account_facts(account, programme.organisation_id),
            other_payment="" if live_id == own else live_reference,
            set_aside=self.aside.get(chart.under(head, programme.reference), Money.zero(tranche.currency)),
            cash=self.cash if status == PaymentStatus.CERTIFIED else None,
            screening=self.screening[programme.organisation_id],
            returned=tuple(
                (reference, code)
                for tranche_id, fingerprint, reference, code in self.returned
                if tranche_id == tranche.pk and fingerprint == print_
            ),
        )


def _account_facts(account: BankAccount | None, payee_id: UUID) -> AccountFacts | None:
    if account is None:
        return None
    verification = getattr(account, "verification", None)
    return AccountFacts(
        registered_by=account.registered_by.name,
        verified_by=verification.verified_by.name if verification else "",
        verified_on=verification.verified_at.date() if verification else None,
        is_current=getattr(account, "successor", None) is None,
        belongs_to_payee=account.organisation_id == payee_id,
    )


def _standing(payment: Payment, around: _Around) -> Standing:
    status = PaymentStatus(payment.status)
    found: tuple[Gate, ...] = ()
    if status in OPEN:
        found = gates(around.facts(payment.tranche, payment.bank_account, payment, payment.amount))
    return Standing(payment=payment, gates=found, steps=tuple(payment.steps.all()), next_step=_NEXT_STEP.get(status))


def confirmed_between(start: datetime, end: datetime) -> QuerySet[Payment]:
    """Return the payments whose arrival was confirmed from one moment up to another."""
    return payments().filter(status=PaymentStatus.CONFIRMED, ended_at__gte=start, ended_at__lt=end)
