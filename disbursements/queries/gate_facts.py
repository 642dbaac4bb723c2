"""What the gates of payments read, asked once for all of them: motions, balances, holds, routes, the queue."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import OuterRef, Q, Subquery, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from committee import queries as committee_queries
from committee.matters import Kind
from committee.states import Status
from disbursements.facts import AccountFacts, Facts, HoldFacts, QueueFacts, RouteFacts, WatchFacts
from disbursements.models import (
    BankAccount,
    Hold,
    Payment,
    PaymentStep,
    Queueing,
    Route,
    RouteRefusal,
    ShortfallPlanCarriedOut,
    Tranche,
    TrancheRoute,
)
from disbursements.payment_states import LIVE, PaymentStatus, StepKind
from disbursements.queries import rules
from disbursements.queries.goods import goods_facts
from disbursements.queries.offsets import taken_off
from disbursements.queries.reports import deliveries, unaccepted_before
from disbursements.route_states import RouteStatus
from disbursements.states import ProgrammeStatus, ProposalStatus, TrancheStatus
from ledger import chart
from ledger import queries as ledger_queries
from screening import queries as screening_queries
from screening.standings import Clearance
from trustfund.core.money import Money, total

# On which accounts of a programme the money waits before the next step, and under which head of the chart.
_WAITS_ON: Final = {
    None: chart.RESERVED,
    PaymentStatus.PREPARED: chart.IN_PREPARATION,
    PaymentStatus.CERTIFIED: chart.CERTIFIED,
}
_COUNTED: Final = (*LIVE, PaymentStatus.CONFIRMED)
_TWINS_WITHIN: Final = timedelta(days=90)
_MOST_TWINS: Final = 100


def chosen_routes(tranche_ids: Sequence[UUID]) -> dict[UUID, Route]:
    """Return the route that was chosen last for each tranche that has one."""
    chosen = TrancheRoute.objects.filter(tranche__in=tranche_ids).select_related("route__vendor").order_by("id")
    return {one.tranche_id: one.route for one in chosen}


class Around:
    """What the gates of some tranches read beyond the rows themselves."""

    def __init__(
        self,
        tranches: Sequence[Tranche],
        accounts: Sequence[BankAccount],
        amounts: Sequence[Money],
        at: datetime,
        routes: Sequence[Route] = (),
    ) -> None:
        """
        Ask for all of it.

        :param accounts: to which these tranches are paid, or would be
        :param amounts: of the payments; others of the same amount to the same payee are looked for
        :param routes: of payments that are prepared already; before, the tranche's own choice counts
        """
        self.at = at
        ids = [tranche.pk for tranche in tranches]
        payees = {account.organisation_id for account in accounts}
        motions = {tranche.proposal.motion_id for tranche in tranches if tranche.proposal.motion_id}
        self.motions = {motion.pk: motion for motion in committee_queries.decided_motions().filter(pk__in=motions)}
        counted = Payment.objects.filter(tranche__in=ids, status__in=[str(status) for status in _COUNTED])
        self.counted = list(counted.values_list("tranche_id", "pk", "reference", "status", "amount_minor"))
        self.returned = list(
            PaymentStep.objects.filter(payment__tranche__in=ids, kind=StepKind.RETURN).values_list(
                "payment__tranche_id", "payment__bank_account__fingerprint", "payment__reference", "reason_code"
            )
        )
        self.unaccepted = unaccepted_before(tranches)
        self.delivered = deliveries([tranche.proposal.programme for tranche in tranches])
        self.released = committee_queries.decisions_on(ids, Kind.RELEASE)
        self.aside = ledger_queries.balances_under(tuple(f"{head}." for head in _WAITS_ON.values()))
        self.cash = ledger_queries.balance_of(chart.CASH)
        self.routes = chosen_routes(ids)
        self.refusals = _last_refusals({route.pk for route in (*self.routes.values(), *routes)})
        programmes = {tranche.proposal.programme_id for tranche in tranches}
        owners = {tranche.proposal.programme.organisation_id for tranche in tranches}
        self.holds = list(
            Hold.objects.filter(lift=None)
            .filter(Q(programme__in=programmes) | Q(organisation__in=owners | payees))
            .select_related("organisation", "programme", "placed_by")
            .order_by("placed_at", "reference")
        )
        vendors = {route.vendor_id for route in (*self.routes.values(), *routes) if route.vendor_id}
        self.screening = screening_queries.clearances_of(owners | payees | vendors)
        self.queue = _queue()
        self.goods = goods_facts(tranches, at.date())
        self.taken_off = taken_off(ids)
        self._watch(payees, amounts)

    def _watch(self, payees: set[UUID], amounts: Sequence[Money]) -> None:
        self.rules = rules.in_force()
        recent = Payment.objects.filter(
            bank_account__organisation__in=payees, status__in=[str(status) for status in _COUNTED]
        )
        start = self.at - timedelta(days=self.rules.payee_days)
        within = recent.filter(prepared_at__gte=start).values_list("bank_account__organisation_id")
        self.sums: dict[UUID, int] = {}
        if self.rules.payee_limit is not None:
            self.sums = dict(within.annotate(whole=Sum("amount_minor")))
        self.twins = list(
            recent.filter(prepared_at__gte=self.at - _TWINS_WITHIN, amount_minor__in={one.minor for one in amounts})
            .order_by("reference")
            .values_list("bank_account__organisation_id", "amount_minor", "tranche_id", "reference")[:_MOST_TWINS]
        )

    def facts(self, tranche: Tranche, account: BankAccount | None, payment: Payment | None, amount: Money) -> Facts:
        """Return the facts that the gates of one payment look at."""
        proposal = tranche.proposal
        programme = proposal.programme
        motion = self.motions.get(proposal.motion_id) if proposal.motion_id else None
        status = PaymentStatus(payment.status) if payment else None
        own = payment.pk if payment else None
        payable = TrancheStatus.IN_PAYMENT if payment else TrancheStatus.DUE
        head = _WAITS_ON.get(status, chart.RESERVED)
        print_ = account.fingerprint if account else ""
        # A payment keeps the route on which it was prepared; before, the tranche's latest choice counts.
        route = payment.route if payment else self.routes.get(tranche.pk)
        payee = route.vendor_id if route is not None and route.vendor_id else programme.organisation_id
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
            on=self.at.date(),
            programme_is_open=programme.status == ProgrammeStatus.OPEN,
            account=self._account(account, payee),
            other_payment=self._other(tranche, own),
            set_aside=self.aside.get(chart.under(head, programme.reference), Money.zero(tranche.currency)),
            cash=self.cash if status == PaymentStatus.CERTIFIED else None,
            screening=self._screening(programme.organisation_id, payee),
            goods=self.goods.get(tranche.pk),
            returned=tuple(
                (reference, code)
                for tranche_id, fingerprint, reference, code in self.returned
                if tranche_id == tranche.pk and fingerprint == print_
            ),
            paid=self._paid(tranche),
            taken_off=tuple((offset.reference, offset.amount) for offset in self.taken_off.get(tranche.pk, ())),
            holds=self._holds(tranche, payee),
            route=self._route(route),
            queue=self._queue_before(own),
            watch=self._seen(tranche, account, payment, amount),
        )

    def _account(self, account: BankAccount | None, payee_id: UUID) -> AccountFacts | None:
        if account is None:
            return None
        verification = getattr(account, "verification", None)
        return AccountFacts(
            registered_by=account.registered_by.name,
            verified_by=verification.verified_by.name if verification else "",
            verified_on=verification.verified_at.date() if verification else None,
            is_current=getattr(account, "successor", None) is None,
            belongs_to_payee=account.organisation_id == payee_id,
            rests_until=account.rested_at if self.at < account.rested_at else None,
        )

    def _screening(self, owner_id: UUID, payee_id: UUID) -> Clearance:
        found = [self.screening[payee_id], self.screening[owner_id]]
        return next((clearance for clearance in found if not clearance.is_clear), found[0])

    def _other(self, tranche: Tranche, own: UUID | None) -> str:
        return next(
            (
                reference
                for tranche_id, payment_id, reference, status, _minor in self.counted
                if tranche_id == tranche.pk and payment_id != own and status != PaymentStatus.CONFIRMED
            ),
            "",
        )

    def _paid(self, tranche: Tranche) -> Money:
        arrived = (
            minor
            for tranche_id, _payment_id, _reference, status, minor in self.counted
            if tranche_id == tranche.pk and status == PaymentStatus.CONFIRMED
        )
        return Money(sum(arrived), tranche.currency)

    def _holds(self, tranche: Tranche, payee: UUID) -> tuple[HoldFacts, ...]:
        programme = tranche.proposal.programme
        return tuple(
            HoldFacts(
                reference=hold.reference,
                about=hold.about,
                reason=hold.get_reason_display(),
                placed_by=hold.placed_by.name,
                placed_on=hold.placed_at.date(),
            )
            for hold in self.holds
            if hold.programme_id == programme.pk or hold.organisation_id in {programme.organisation_id, payee}
        )

    def _route(self, route: Route | None) -> RouteFacts | None:
        if route is None:
            return None
        last = self.refusals.get(route.pk)
        return RouteFacts(
            reference=route.reference,
            name=route.name,
            is_open=route.status == RouteStatus.OPEN,
            standing=str(RouteStatus(route.status).label),
            last_refusal=_("%(bank)s refused on %(day)s: %(reason)s.")
            % {
                "bank": last.bank,
                "day": date_format(last.refused_on, "j F Y"),
                "reason": last.get_reason_display(),
            }
            if last
            else "",
        )

    def _queue_before(self, own: UUID | None) -> QueueFacts:
        ids = [one[0] for one in self.queue]
        place = ids.index(own) if own in ids else len(ids)
        before = [one for number, one in enumerate(self.queue) if number < place or (one[2] and number != place)]
        currency = settings.FUND_CURRENCY
        return QueueFacts(
            is_queued=own in ids,
            ahead=total((Money(minor, currency) for _id, minor, _decision in before), currency),
            decision=self.queue[place][2] or "" if own in ids else "",
        )

    def _seen(
        self, tranche: Tranche, account: BankAccount | None, payment: Payment | None, amount: Money
    ) -> WatchFacts | None:
        if account is None:
            return None
        in_window = Money(self.sums.get(account.organisation_id, 0), amount.currency)
        start = self.at - timedelta(days=self.rules.payee_days)
        if payment is None or payment.prepared_at < start:
            in_window += amount
        return WatchFacts(
            limit=self.rules.payee_limit,
            days=self.rules.payee_days,
            in_window=in_window,
            twins=tuple(
                reference
                for organisation_id, minor, tranche_id, reference in self.twins
                if organisation_id == account.organisation_id and minor == amount.minor and tranche_id != tranche.pk
            ),
        )


def _last_refusals(routes: set[UUID]) -> dict[UUID, RouteRefusal]:
    found = RouteRefusal.objects.filter(route__in=routes).order_by("refused_on", "recorded_at")
    return {refusal.route_id: refusal for refusal in found}


def _queue() -> list[tuple[UUID, int, str | None]]:
    """Return the queued payments in their order: id, amount, and the decision that pays each in full, if any."""
    decided = ShortfallPlanCarriedOut.objects.filter(
        plan__shares__payment=OuterRef("payment_id"), plan__shares__pay_minor=OuterRef("payment__amount_minor")
    ).values("decision")[:1]
    return list(
        Queueing.objects.filter(payment__status=PaymentStatus.CERTIFIED)
        .annotate(paid_by=Subquery(decided))
        .order_by("queued_at", "id")
        .values_list("payment_id", "payment__amount_minor", "paid_by")
    )
