"""What can be asked of payments: their gates with evidence, who signed, what waits for whom, the release queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Prefetch, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from disbursements.gates import Gate, gates
from disbursements.models import BankAccount, Organisation, Payment, PaymentStep, Route, ShortfallShare, Tranche
from disbursements.payment_states import (
    GONE,
    LIVE,
    OPEN,
    ROLES_OF,
    SIGNATURES,
    UNDER_WAY,
    PaymentStatus,
    StepKind,
)
from disbursements.queries.gate_facts import Around, chosen_routes
from disbursements.queries.offsets import taken_off_in_all
from disbursements.queries.partners import organisation_id_of
from disbursements.states import TrancheStatus
from trustfund.core import step_up
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.refusals import Conflict, Missing
from trustfund.core.roles import RoleName

_NEXT_STEP = {
    PaymentStatus.PREPARED: StepKind.CERTIFY,
    PaymentStatus.CERTIFIED: StepKind.RELEASE,
    PaymentStatus.RELEASED: StepKind.CONFIRM,
    PaymentStatus.SENT: StepKind.CONFIRM,
}
_AROUND_GATES = (
    "tranche__proposal__programme__organisation",
    "tranche__version",
    "bank_account__registered_by",
    "bank_account__verification__verified_by",
    "bank_account__successor",
    "bank_account__organisation",
    "route__vendor",
)
_AROUND = (*_AROUND_GATES, "replaces", "replacement", "file", "queueing")


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


def route_of(tranche: Tranche) -> Route | None:
    """Return the route that was chosen last for a tranche, or nothing."""
    return chosen_routes([tranche.pk]).get(tranche.pk)


def payee_of(tranche: Tranche) -> Organisation:
    """Return who is paid for a tranche: the vendor of its route where goods are bought, else its own organisation."""
    route = route_of(tranche)
    if route is not None and route.vendor is not None:
        return route.vendor
    return tranche.proposal.programme.organisation


def amount_to_pay(tranche: Tranche) -> Money:
    """
    Return what the next payment of a tranche is: all that is left of it, or the part that the committee decided on.

    What was taken off it for a refund is not left.

    A part that was decided counts until a payment of it has left the fund.
    """
    arrived = Payment.objects.filter(tranche=tranche, status=PaymentStatus.CONFIRMED).aggregate(
        whole=Sum("amount_minor")
    )
    left = tranche.amount - Money(arrived["whole"] or 0, tranche.currency) - taken_off_in_all(tranche)
    share = (
        ShortfallShare.objects.filter(
            payment__tranche=tranche,
            pay_minor__gt=0,
            pay_minor__lt=F("payment__amount_minor"),
            plan__carried_out__isnull=False,
        )
        .select_related("plan__carried_out")
        .order_by("-plan__carried_out__carried_out_at")
        .first()
    )
    if share is None:
        return left
    gone = Payment.objects.filter(
        tranche=tranche,
        prepared_at__gte=share.plan.carried_out.carried_out_at,
        status__in=[str(status) for status in GONE],
    )
    return left if gone.exists() else min(left, Money(share.pay_minor, tranche.currency))


def gates_before(tranche: Tranche, account: BankAccount | None, at: datetime) -> tuple[Gate, ...]:
    """Return the gates of a payment that is about to be prepared at a moment, to the payee's latest account."""
    amount = amount_to_pay(tranche)
    around = Around([tranche], [account] if account else [], [amount], at)
    return gates(around.facts(tranche, account, None, amount))


def gates_of(payment: Payment, at: datetime) -> tuple[Gate, ...]:
    """Return the gates of a payment before release, as they stand at a moment."""
    return _standing(payment, _around([payment], at)).gates


def standings(found: Sequence[Payment], at: datetime) -> list[Standing]:
    """Return payments with their gates at a moment, in a fixed number of queries whatever their number."""
    around = _around(found, at)
    return [_standing(payment, around) for payment in found]


def standing_of(payment: Payment, at: datetime) -> Standing:
    """Return a payment with its gates: before release as at a moment, afterwards none (each step kept its own)."""
    return standings([payment], at)[0]


def _around(found: Sequence[Payment], at: datetime) -> Around | None:
    if not any(PaymentStatus(payment.status) in OPEN for payment in found):
        return None
    return Around(
        [payment.tranche for payment in found],
        [payment.bank_account for payment in found],
        [payment.amount for payment in found],
        at,
        [payment.route for payment in found if payment.route is not None],
    )


def release_queue() -> QuerySet[Payment]:
    """Return the payments that wait for a signature before release, by value date, with all that their gates read."""
    steps = Prefetch("steps", PaymentStep.objects.select_related("by").defer("gates").order_by("at", "id"))
    bare = Payment.objects.select_related(*_AROUND_GATES).prefetch_related(steps)
    return bare.filter(status__in=[str(status) for status in OPEN]).order_by("value_on", "reference")


def in_transit() -> QuerySet[Payment]:
    """Return the payments that have left the fund and wait for the bank's answer or advice, by value date."""
    under_way = [str(status) for status in UNDER_WAY]
    return as_listed(payments()).filter(status__in=under_way).order_by("value_on", "reference")


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
        "payee": payment.bank_account.organisation.reference,
        "account": payment.bank_account.fingerprint,
        "tranche": payment.tranche.reference,
        "value_on": payment.value_on.isoformat(),
        "step": str(kind),
        "nonce": str(nonce),
    }


def fingerprint_of(payment: Payment, kind: StepKind, nonce: UUID) -> str:
    """Return the SHA-256 that the second factor for a step is bound to."""
    return step_up.fingerprint(signed_facts(payment, kind, nonce))


def _standing(payment: Payment, around: Around | None) -> Standing:
    status = PaymentStatus(payment.status)
    found: tuple[Gate, ...] = ()
    if around is not None and status in OPEN:
        found = gates(around.facts(payment.tranche, payment.bank_account, payment, payment.amount))
    return Standing(payment=payment, gates=found, steps=tuple(payment.steps.all()), next_step=_NEXT_STEP.get(status))


def confirmed_between(start: datetime, end: datetime) -> QuerySet[Payment]:
    """Return the payments whose arrival was confirmed from one moment up to another."""
    return payments().filter(status=PaymentStatus.CONFIRMED, ended_at__gte=start, ended_at__lt=end)
