"""Routes: opened, refused, closed, chosen for a tranche; and goods that arrive where no cash does."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from disbursements.locks import payments as locks
from disbursements.models import DeliveryInKind, Organisation, Route, RouteRefusal, TrancheRoute
from disbursements.movement_kinds import MovementKind
from disbursements.operations.treasury import add_movement
from disbursements.permissions import treasury as permissions
from disbursements.queries import routes as queries
from disbursements.route_states import MOVES, RefusalReason, RouteKind, RouteStatus
from disbursements.states import TrancheStatus
from trustfund.core import events
from trustfund.core.db import constraint_of, refused
from trustfund.core.models import User
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, Missing, Unacceptable, WrongState

_NAME: Final = 140
_CHAIN: Final = 400
_COUNTRY: Final = 100


@transaction.atomic(durable=True)
def open_route(
    *,
    name: str,
    kind: RouteKind,
    chain: str,
    country: str,
    actor: User,
    at: datetime,
    vendor_id: UUID | None = None,
) -> Route:
    """
    Open a way by which money or goods reach a country.

    :param chain: the banks that carry it, in their order, in words
    :param country: where it ends, in words
    :param vendor_id: for goods, the organisation that is paid offshore and delivers them
    :raises NotPermitted: if the actor is no treasury officer
    :raises Missing: if there is no such organisation
    :raises Unacceptable: if a word is missing, goods come from nobody, or money comes from a vendor
    """
    permissions.may_open_route(actor).enforce()
    kind = RouteKind(kind)
    said = [" ".join(words.split()) for words in (name, chain, country)]
    if not all(said):
        raise Unacceptable(_("Name the route, the banks that carry it, and the country where it ends."))
    if (kind == RouteKind.IN_KIND) != (vendor_id is not None):
        raise Unacceptable(
            _("Goods come from a vendor that is paid offshore, and a bank transfer goes by banks alone.")
        )
    vendor = Organisation.objects.filter(pk=vendor_id).first() if vendor_id else None
    if vendor_id and vendor is None:
        raise Missing(_("There is no such organisation. Look it up in the list of organisations."))
    route = Route.objects.create(
        reference=next_reference("RT", at.date()),
        name=said[0][:_NAME],
        kind=kind,
        chain=said[1][:_CHAIN],
        currency=settings.FUND_CURRENCY,
        country=said[2][:_COUNTRY],
        vendor=vendor,
        opened_by=actor,
        opened_at=at,
    )
    events.record("route.opened", about=route.id, by=actor, at=at, reference=route.reference, travels=str(kind))
    return route


@transaction.atomic(durable=True)
def record_refusal(
    *,
    route_id: UUID,
    bank: str,
    refused_on: date,
    reason: RefusalReason,
    evidence: str,
    actor: User,
    at: datetime,
    payment_reference: str = "",
) -> RouteRefusal:
    """
    Write down that a bank on a route refused to carry a payment. The route takes none until somebody opens it again.

    :param evidence: the letter or message in which it said so
    :param payment_reference: the payment it refused, if it was one
    :raises Missing: if there is no such route or payment
    :raises NotPermitted: if the actor is no officer of the fund
    :raises Unacceptable: if the bank or the evidence is not named, or the day is still to come
    :raises AlreadyDone: if this bank's refusal of that day stands in the log
    """
    route = locks.route(route_id)
    permissions.may_record_refusal(actor).enforce()
    if not bank.strip() or not evidence.strip():
        raise Unacceptable(_("Name the bank that refused, and the letter or message in which it said so."))
    if refused_on > at.date():
        raise Unacceptable(_("That day is still to come. Write down what has happened."))
    reference = payment_reference.strip().upper()
    if reference and not queries.is_a_payment(reference):
        raise Missing(_("There is no payment %(payment)s. Leave it empty if none was sent.") % {"payment": reference})
    try:
        with transaction.atomic():
            refusal = RouteRefusal.objects.create(
                route=route,
                payment_reference=reference,
                bank=" ".join(bank.split())[:_NAME],
                refused_on=refused_on,
                reason=RefusalReason(reason),
                evidence=evidence.strip()[:_CHAIN],
                recorded_by=actor,
                recorded_at=at,
            )
    except IntegrityError as error:
        if constraint_of(error) != "a_bank_refuses_a_route_once_a_day":
            raise refused(error) from error
        raise AlreadyDone(_("This bank's refusal of that day stands in the log already.")) from None
    if route.status == RouteStatus.OPEN:
        route.mark(RouteStatus.REFUSING)
    events.record(
        "route.refused", about=route.id, by=actor, at=at, reference=route.reference, bank=refusal.bank, reason=reason
    )
    return refusal


@transaction.atomic(durable=True)
def mark_route(*, route_id: UUID, to: RouteStatus, reason: str, actor: User, at: datetime) -> Route:
    """
    Say that a route takes payments again, takes none now, or is closed for good.

    :raises Missing: if there is no such route
    :raises NotPermitted: if the actor is no treasury officer
    :raises WrongState: if it is so already, or closed
    :raises Unacceptable: if no reason is given
    """
    route = locks.route(route_id)
    permissions.may_open_route(actor).enforce()
    if RouteStatus(to) not in MOVES[route.state]:
        raise WrongState(
            _("The route is “%(now)s” and cannot become “%(to)s”. Open another route instead.")
            % {"now": route.state.label, "to": RouteStatus(to).label}
        )
    if not reason.strip():
        raise Unacceptable(_("Say why. Whoever chose this route will read it."))
    route.mark(RouteStatus(to))
    events.record(
        "route.marked", about=route.id, by=actor, at=at, reference=route.reference, to=str(to), reason=reason.strip()
    )
    return route


@transaction.atomic(durable=True)
def choose_route(*, tranche_id: UUID, route_id: UUID, reason: str, actor: User, at: datetime) -> TrancheRoute:
    """
    Choose how a tranche travels. A payment that is prepared keeps its route; cancel it to send it by another.

    :raises Missing: if there is no such tranche or route
    :raises NotPermitted: if the actor is neither of the secretariat nor treasury, or proposed it
    :raises WrongState: if the route is not open, a payment is under way, or the tranche is paid
    :raises AlreadyDone: if it is the tranche's route now
    """
    tranche = locks.payable(tranche_id)
    route = locks.route(route_id)
    permissions.may_choose_route(actor, tranche).enforce()
    if route.status != RouteStatus.OPEN:
        raise WrongState(_("That route takes no payments now. Choose one that is open."))
    if tranche.status not in {TrancheStatus.PLANNED, TrancheStatus.CONDITIONS_MET, TrancheStatus.DUE}:
        raise WrongState(_("A payment of this tranche is under way or done, and it keeps its route. Cancel it first."))
    if queries.is_chosen(tranche, route):
        raise AlreadyDone(_("This is the tranche's route already."))
    chosen = TrancheRoute.objects.create(
        tranche=tranche, route=route, reason=reason.strip()[:_CHAIN], chosen_by=actor, chosen_at=at
    )
    events.record("tranche.routed", about=tranche.id, by=actor, at=at, reference=tranche.reference, route=str(route))
    return chosen


@transaction.atomic(durable=True)
def record_delivery(
    *, tranche_id: UUID, delivered_on: date, goods: str, evidence: str, actor: User, at: datetime
) -> DeliveryInKind:
    """
    Write down that goods bought offshore arrived: what was paid for them is spent, and no cash entered the country.

    :param evidence: the bill of lading or the store's receipt, and where it is kept
    :raises Missing: if there is no such tranche
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if the tranche is not paid, or travels as money
    :raises AlreadyDone: if the delivery is recorded
    :raises Unacceptable: if goods or evidence are not named, or the day is still to come
    """
    tranche = locks.payable(tranche_id)
    permissions.may_record_delivery(actor).enforce()
    payment = queries.last_arrived(tranche)
    if tranche.status != TrancheStatus.PAID or payment is None or payment.route is None:
        raise WrongState(_("The tranche is not paid yet. Goods are recorded once they were paid for."))
    if not payment.route.is_in_kind:
        raise WrongState(_("This tranche was paid in money. Its organisation reports what it spent."))
    if hasattr(tranche, "delivery"):
        raise AlreadyDone(_("The delivery of this tranche is recorded already."))
    if not goods.strip() or not evidence.strip():
        raise Unacceptable(_("Name what arrived, and the paper that shows it."))
    delivery = DeliveryInKind.objects.create(
        tranche=tranche,
        delivered_on=delivered_on,
        goods=goods.strip()[:_CHAIN],
        evidence=evidence.strip()[:_CHAIN],
        recorded_by=actor,
        recorded_at=at,
    )
    add_movement(
        MovementKind.EXPENDITURE,
        f"{tranche.reference}/IK",
        payment.amount,
        delivered_on,
        programme=tranche.proposal.programme,
        memo=_("Delivered in kind: %(goods)s") % {"goods": goods.strip()},
        actor=actor,
        at=at,
    )
    events.record("tranche.delivered", about=tranche.id, by=actor, at=at, reference=tranche.reference, goods=goods)
    return delivery
