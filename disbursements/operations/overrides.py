"""Asking the committee to let something pass outside an exemption, and carrying out what it said. No other way out."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from committee import operations as committee_operations
from committee import queries as committee_queries
from committee.matters import Kind, Matter
from disbursements import exemptions, states
from disbursements.exemptions import NOT_FOR_DECISION, Finding, Planned
from disbursements.locks import exemptions as locks
from disbursements.models import Exemption, GoodsDeclaration, Override, Shipment
from disbursements.operations import shipments
from disbursements.operations.shipments import Quantities
from disbursements.permissions import exemptions as permissions
from disbursements.queries import exemptions as queries
from disbursements.queries import goods as goods_queries
from disbursements.states import OverrideStatus
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, Unacceptable, WrongState

_VERSION: Final = 1
_TITLE: Final = 200


@transaction.atomic(durable=True)
def ask_to_pay_outside(
    *, declaration_id: UUID, reason: str, closes_at: datetime, actor: User, at: datetime
) -> Override:
    """
    Ask the committee to let a tranche pay for what lies outside its exemption: for these findings, and no other.

    :raises Missing: if there is no such declaration
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if it lies inside the exemption, or another declaration has taken its place
    :raises AlreadyDone: if the committee is asked already
    :raises Unacceptable: if no reason is given, or the exemption is another programme's
    """
    declaration = locks.declaration(declaration_id)
    permissions.may_ask_override(actor).enforce()
    if declaration.tranche.goods_declarations.filter(number__gt=declaration.number).exists():
        raise WrongState(_("Another declaration has taken the place of this one. Look at the latest."))
    programme = declaration.tranche.proposal.programme
    found = goods_queries.findings_of(declaration, programme.reference, at.date())
    granted = [one for one in declaration.overrides.all() if one.status == OverrideStatus.GRANTED]
    left = exemptions.without(found, [key for one in granted for key in one.keys])
    if declaration.exemption is None or not left:
        raise WrongState(_("This lies inside the exemption, so nothing needs to be let pass."))
    return _ask(
        locks.exemption(declaration.exemption.pk),
        title=_("Pay %(tranche)s outside %(exemption)s")
        % {"tranche": declaration.tranche.reference, "exemption": declaration.exemption.reference},
        amount=declaration.tranche.amount,
        findings=left,
        reason=reason,
        interests=(declaration.vendor,),
        closes_at=closes_at,
        actor=actor,
        at=at,
        declaration=declaration,
    )


@transaction.atomic(durable=True)
def ask_to_ship_outside(
    *,
    exemption_id: UUID,
    carrier: str,
    way: str,
    departs_on: date,
    arrives_on: date,
    quantities: Quantities,
    reason: str,
    closes_at: datetime,
    actor: User,
    at: datetime,
) -> Override:
    """
    Ask the committee to let a shipment be planned that lies outside its exemption.

    :raises Missing: if there is no such exemption
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if it lies inside the exemption
    :raises Unacceptable: if no reason is given, or something of the shipment is missing, or is on no letter's list
    """
    exemption = locks.exemption(exemption_id)
    permissions.may_ask_override(actor).enforce()
    asked = Planned(carrier.strip(), way.strip(), departs_on, arrives_on, dict(quantities))
    voyage = shipments.voyage_to_plan(exemption, asked)
    found = exemptions.findings_on_shipment(queries.facts_of(exemption), voyage, at.date())
    if not found:
        raise WrongState(_("This lies inside the exemption. Plan the shipment."))
    if {one.number for one in voyage.goods} - {one.number for one in shipments.lines_of(exemption)}:
        raise Unacceptable(_("An item was never on the list. Ask the sanctions body for an amendment."))
    return _ask(
        exemption,
        title=_("Ship outside %(exemption)s") % {"exemption": exemption.reference},
        amount=Money.zero(settings.FUND_CURRENCY),
        findings=found,
        reason=reason,
        interests=(asked.carrier,),
        closes_at=closes_at,
        actor=actor,
        at=at,
        plan=asked.as_json(),
    )


@transaction.atomic(durable=True)
def ask_to_land_outside(*, shipment_id: UUID, reason: str, closes_at: datetime, actor: User, at: datetime) -> Override:
    """
    Ask the committee to let goods be landed whose exemption expired while they were under way.

    :raises Missing: if there is no such shipment
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if it is not under way, or could be landed today
    :raises AlreadyDone: if the committee is asked already
    :raises Unacceptable: if no reason is given
    """
    exemption, shipment = locks.shipment(shipment_id)
    permissions.may_ask_override(actor).enforce()
    states.require_shipment_move(states.ShipmentStatus(shipment.status), to=states.ShipmentStatus.ARRIVED)
    found = shipments.landing_findings(exemption, shipment, at.date())
    left = exemptions.without(found, queries.let_pass(shipment))
    if not left:
        raise WrongState(_("The exemption covers its whole way, so the goods can be landed."))
    return _ask(
        exemption,
        title=_("Land %(shipment)s outside its exemption") % {"shipment": shipment.reference},
        amount=Money.zero(settings.FUND_CURRENCY),
        findings=left,
        reason=reason,
        interests=(shipment.carrier,),
        closes_at=closes_at,
        actor=actor,
        at=at,
        shipment=shipment,
    )


@transaction.atomic(durable=True)
def carry_out_override(*, override_id: UUID, actor: User | None, at: datetime) -> Override:
    """
    Write down what the committee said, and plan the shipment that it let pass, if it was about one.

    :param actor: nobody when the timetable does it after the motion has ended
    :raises Missing: if the committee was not asked this
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if it was written down, or voting is still open
    """
    override = locks.override(override_id)
    permissions.may_carry_out(actor).enforce()
    motion = committee_queries.motion_of(override.motion_id)
    if motion is None or motion.is_open:
        raise WrongState(_("The committee has not answered yet. Wait until voting ends."))
    decision = committee_queries.decision_on(override.id, _VERSION, Kind.OVERRIDE)
    outcome = OverrideStatus.GRANTED if decision is not None else OverrideStatus.DROPPED
    states.require_override_move(OverrideStatus(override.status), to=outcome)
    reference = decision.reference if decision is not None else ""
    override.mark_ended(outcome, decision=reference, at=at)
    events.record(
        f"override.{outcome}", about=override.id, by=actor, at=at, reference=override.reference, decision=reference
    )
    if decision is not None and override.plan is not None:
        _plan(override, at=at)
    return override


def _plan(override: Override, *, at: datetime) -> None:
    """Plan the shipment as the committee saw it, unless something has come up since that it did not see."""
    exemption = locks.exemption(override.exemption_id)
    asked = Planned.of(override.plan or {})
    voyage = shipments.voyage_to_plan(exemption, asked)
    found = exemptions.findings_on_shipment(queries.facts_of(exemption), voyage, at.date())
    if not exemptions.without(found, override.keys):
        shipments.add_shipment(exemption, asked, voyage, by=override.asked_by, at=at, override=override)


def _ask(
    exemption: Exemption,
    *,
    title: str,
    amount: Money,
    findings: Iterable[Finding],
    reason: str,
    interests: tuple[str, ...],
    closes_at: datetime,
    actor: User,
    at: datetime,
    declaration: GoodsDeclaration | None = None,
    shipment: Shipment | None = None,
    plan: dict[str, Any] | None = None,
) -> Override:
    found = tuple(findings)
    if not reason.strip():
        raise Unacceptable(_("Say why this should pass all the same. The reason is published with the decision."))
    if any(one.fault in NOT_FOR_DECISION for one in found):
        raise Unacceptable(found[0].words)
    asked = exemption.overrides.filter(status=OverrideStatus.ASKED, declaration=declaration, shipment=shipment)
    if asked.exists() and plan is None:
        raise AlreadyDone(_("The committee is asked this already. Wait for its answer."))
    letter = list(exemption.letters.all())[-1]
    subject = uuid4()
    motion = committee_operations.lay_before(
        Matter(
            kind=Kind.OVERRIDE,
            subject=subject,
            version=_VERSION,
            title=title[:_TITLE],
            summary=reason.strip(),
            amount=amount,
            particulars=(
                (_("Exemption"), f"{exemption.reference} {exemption.title}"),
                (_("Letter"), f"{letter.body} {letter.reference}"),
                (_("Programme"), f"{exemption.programme.reference} {exemption.programme.title}"),
                *((_("Outside the exemption"), one.words) for one in found),
            ),
            interests=(exemption.programme.organisation.name, *(one.strip() for one in interests)),
        ),
        proposer=actor,
        closes_at=closes_at,
        actor=actor,
        at=at,
    )
    override = Override.objects.create(
        id=subject,
        reference=next_reference("OV", at.date()),
        exemption=exemption,
        declaration=declaration,
        shipment=shipment,
        plan=plan,
        findings=[{"key": one.key, "words": one.words} for one in found],
        reason=reason.strip(),
        motion_id=motion.id,
        asked_by=actor,
        asked_at=at,
    )
    events.record(
        "override.asked", about=override.id, by=actor, at=at, reference=override.reference, motion=motion.reference
    )
    return override
