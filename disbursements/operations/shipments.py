"""Everything that can happen to shipments under an exemption: planned, under way, arrived, called off."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from disbursements import exemptions, states
from disbursements.exemptions import Goods, Planned, ShipmentCloses, Voyage
from disbursements.locks import exemptions as locks
from disbursements.models import Exemption, ExemptionItem, Override, Shipment, ShipmentItem
from disbursements.permissions import exemptions as permissions
from disbursements.queries import exemptions as queries
from disbursements.states import ShipmentStatus
from trustfund.core import events
from trustfund.core.db import require_transaction
from trustfund.core.models import User
from trustfund.core.refusals import Unacceptable

Quantities = Mapping[int, Decimal]


@transaction.atomic(durable=True)
def plan_shipment(
    *,
    exemption_id: UUID,
    carrier: str,
    way: str,
    departs_on: date,
    arrives_on: date,
    quantities: Quantities,
    actor: User,
    at: datetime,
) -> Shipment:
    """
    Plan a shipment under an exemption. One that lies outside it is not planned, whoever asks.

    :param way: by which route and port
    :param quantities: by the number of the item on the list in force
    :raises Missing: if there is no such exemption
    :raises NotPermitted: if the actor is neither of the secretariat nor the programme's own partner
    :raises Unacceptable: if carrier, way or goods are missing, or it would arrive before it leaves
    :raises ShipmentCloses: if it lies outside the exemption in any way
    """
    exemption = locks.exemption(exemption_id)
    permissions.may_ship(actor, exemption.programme).enforce()
    asked = Planned(carrier.strip(), way.strip(), departs_on, arrives_on, dict(quantities))
    voyage = voyage_to_plan(exemption, asked)
    require_inside(exemptions.findings_on_shipment(queries.facts_of(exemption), voyage, at.date()))
    return add_shipment(exemption, asked, voyage, by=actor, at=at)


@transaction.atomic(durable=True)
def send_off_shipment(*, shipment_id: UUID, on: date, actor: User, at: datetime) -> Shipment:
    """
    Say that a shipment has left. The gate looks again, with the day on which it really leaves.

    :raises Missing: if there is no such shipment
    :raises NotPermitted: if the actor is neither of the secretariat nor the programme's own partner
    :raises WrongState: if it has left, or was called off
    :raises Unacceptable: if the day has not come
    :raises ShipmentCloses: if it lies outside the exemption in any way that no decision lets pass
    """
    exemption, shipment = locks.shipment(shipment_id)
    permissions.may_ship(actor, exemption.programme).enforce()
    states.require_shipment_move(ShipmentStatus(shipment.status), to=ShipmentStatus.DEPARTED)
    if on > at.date():
        raise Unacceptable(_("That day has not come. Record it when it has."))
    planned = queries.voyage_of(shipment)
    voyage = Voyage(planned.reference, on, max(planned.arrives_on, on), planned.goods)
    facts = queries.facts_of(exemption, besides=shipment.pk)
    found = exemptions.findings_on_shipment(facts, voyage, at.date())
    require_inside(exemptions.without(found, queries.let_pass(shipment)))
    shipment.mark_departed(on=on)
    _record("shipment.departed", shipment, actor=actor, at=at)
    return shipment


@transaction.atomic(durable=True)
def land_shipment(*, shipment_id: UUID, on: date, actor: User, at: datetime) -> Shipment:
    """
    Say that a shipment has arrived and its goods were landed.

    If the exemption expired while it was under way, the goods wait for an extension or for the committee.

    :raises Missing: if there is no such shipment
    :raises NotPermitted: if the actor is neither of the secretariat nor the programme's own partner
    :raises WrongState: if it has not left, or has arrived
    :raises Unacceptable: if the day has not come, or lies before it left
    :raises ShipmentCloses: if the exemption does not cover its whole way, and no decision lets it pass
    """
    exemption, shipment = locks.shipment(shipment_id)
    permissions.may_ship(actor, exemption.programme).enforce()
    states.require_shipment_move(ShipmentStatus(shipment.status), to=ShipmentStatus.ARRIVED)
    if on > at.date() or on < shipment.leaves_on:
        raise Unacceptable(_("It arrived after it left, and not later than today. Change the day."))
    require_inside(exemptions.without(landing_findings(exemption, shipment, on), queries.let_pass(shipment)))
    shipment.mark_arrived(on=on)
    _record("shipment.arrived", shipment, actor=actor, at=at)
    return shipment


@transaction.atomic(durable=True)
def call_off_shipment(*, shipment_id: UUID, note: str, actor: User, at: datetime) -> Shipment:
    """
    Call off a shipment that has not left. It no longer counts, and its goods can travel on another.

    :raises Missing: if there is no such shipment
    :raises NotPermitted: if the actor is neither of the secretariat nor the programme's own partner
    :raises WrongState: if it has left, or was called off
    :raises Unacceptable: if no reason is given
    """
    exemption, shipment = locks.shipment(shipment_id)
    permissions.may_ship(actor, exemption.programme).enforce()
    states.require_shipment_move(ShipmentStatus(shipment.status), to=ShipmentStatus.CALLED_OFF)
    if not note.strip():
        raise Unacceptable(_("Say why it does not travel. The reason stays in the record."))
    shipment.mark_called_off(note=note.strip())
    _record("shipment.called_off", shipment, actor=actor, at=at, reason=note.strip())
    return shipment


def landing_findings(exemption: Exemption, shipment: Shipment, on: date) -> tuple[exemptions.Finding, ...]:
    """Return why goods that are under way could not be landed on a day."""
    planned = queries.voyage_of(shipment)
    voyage = Voyage(planned.reference, planned.departs_on, on, planned.goods, has_departed=True)
    return exemptions.findings_on_shipment(queries.facts_of(exemption, besides=shipment.pk), voyage, on)


def voyage_to_plan(exemption: Exemption, asked: Planned) -> Voyage:
    """
    Return a shipment that is to be planned, as the gate sees it.

    :raises Unacceptable: if carrier, way or goods are missing, or it would arrive before it leaves
    """
    if not asked.carrier or not asked.way or not asked.quantities:
        raise Unacceptable(_("Name the carrier, the way it takes, and at least one item with its quantity."))
    if asked.arrives_on < asked.departs_on:
        raise Unacceptable(_("It would arrive before it leaves. Change one of the two days."))
    version = list(exemption.letters.all())[-1].number
    goods = tuple(Goods(number, quantity, version) for number, quantity in sorted(asked.quantities.items()))
    if any(one.quantity <= 0 for one in goods):
        raise Unacceptable(_("A quantity is above zero. Leave out what does not travel."))
    return Voyage("", asked.departs_on, asked.arrives_on, goods)


def add_shipment(
    exemption: Exemption,
    asked: Planned,
    voyage: Voyage,
    *,
    by: User,
    at: datetime,
    override: Override | None = None,
) -> Shipment:
    """Add a shipment that the gate, or a decision of the committee, has let pass."""
    require_transaction()
    shipment = Shipment.objects.create(
        reference=f"{exemption.reference}/{exemption.shipments.count() + 1}",
        exemption=exemption,
        carrier=asked.carrier,
        way=asked.way,
        departs_on=voyage.departs_on,
        arrives_on=voyage.arrives_on,
        override=override,
        planned_by=by,
        planned_at=at,
    )
    items = {one.number: one for one in lines_of(exemption)}
    ShipmentItem.objects.bulk_create(
        ShipmentItem(shipment=shipment, item=items[one.number], quantity=one.quantity) for one in voyage.goods
    )
    _record("shipment.planned", shipment, actor=by, at=at)
    return shipment


def lines_of(exemption: Exemption) -> list[ExemptionItem]:
    """Return the lines of every letter's list, those of the letter in force last."""
    return [item for letter in exemption.letters.all() for item in letter.items.all()]


def require_inside(findings: tuple[exemptions.Finding, ...]) -> None:
    """
    Insist that nothing was found.

    :raises ShipmentCloses: with every finding in words
    """
    if findings:
        raise ShipmentCloses(" ".join(one.words for one in findings))


def _record(kind: str, shipment: Shipment, *, actor: User, at: datetime, **facts: str) -> None:
    events.record(kind, about=shipment.exemption_id, by=actor, at=at, reference=shipment.reference, **facts)
