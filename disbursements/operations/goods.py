"""Saying what a tranche pays for: items of an exemption, or no goods in scope, to which a second person agrees."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from disbursements import locks
from disbursements.locks import exemptions as exemption_locks
from disbursements.models import GoodsDeclaration, GoodsItem, GoodsSignOff, Tranche
from disbursements.operations.shipments import Quantities
from disbursements.permissions import exemptions as permissions
from disbursements.states import TrancheStatus
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.refusals import AlreadyDone, Missing, Unacceptable, WrongState

_BEFORE_PAYMENT = frozenset({TrancheStatus.PLANNED, TrancheStatus.CONDITIONS_MET, TrancheStatus.DUE})


@transaction.atomic(durable=True)
def declare_goods(
    *,
    tranche_id: UUID,
    exemption_id: UUID,
    vendor: str,
    departs_on: date,
    arrives_on: date,
    quantities: Quantities,
    actor: User,
    at: datetime,
) -> GoodsDeclaration:
    """
    Say which items of which exemption a tranche pays for. The latest word counts; the gate weighs it at every step.

    What lies outside the exemption can be declared, and is then not paid: the gate says why, and only the
    committee lets it pass.

    :param quantities: by the number of the item on the list in force
    :raises Missing: if there is no such tranche, exemption or item
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if a payment of the tranche is under way, or it is paid or suspended
    :raises Unacceptable: if the exemption is another programme's, or vendor or goods are missing
    """
    tranche = locks.tranche(tranche_id)
    permissions.may_declare_goods(actor).enforce()
    _require_before_payment(tranche)
    exemption = exemption_locks.exemption(exemption_id)
    if exemption.programme_id != tranche.proposal.programme_id:
        raise Unacceptable(
            _("%(exemption)s was granted for %(programme)s. An exemption serves one programme.")
            % {"exemption": exemption.reference, "programme": exemption.programme.reference}
        )
    if not vendor.strip() or not quantities or any(one <= 0 for one in quantities.values()):
        raise Unacceptable(_("Name the vendor, and at least one item with its quantity."))
    if arrives_on < departs_on:
        raise Unacceptable(_("The goods would arrive before they leave. Change one of the two days."))
    listed = {item.number: item for item in list(exemption.letters.all())[-1].items.all()}
    unlisted = sorted(set(quantities) - set(listed))
    if unlisted:
        raise Missing(
            _("Item %(number)s is not on the list of %(exemption)s.")
            % {"number": unlisted[0], "exemption": exemption.reference}
        )
    declaration = GoodsDeclaration.objects.create(
        tranche=tranche,
        number=tranche.goods_declarations.count() + 1,
        exemption=exemption,
        vendor=vendor.strip(),
        departs_on=departs_on,
        arrives_on=arrives_on,
        declared_by=actor,
        declared_at=at,
    )
    GoodsItem.objects.bulk_create(
        GoodsItem(declaration=declaration, item=listed[number], quantity=quantity)
        for number, quantity in sorted(quantities.items())
    )
    events.record("goods.declared", about=tranche.id, by=actor, at=at, reference=exemption.reference)
    return declaration


@transaction.atomic(durable=True)
def declare_no_goods(*, tranche_id: UUID, reason: str, actor: User, at: datetime) -> GoodsDeclaration:
    """
    Say that a tranche pays for no goods that need an exemption. It counts once a second person agrees.

    :raises Missing: if there is no such tranche
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if a payment of the tranche is under way, or it is paid or suspended
    :raises Unacceptable: if no reason is given
    """
    tranche = locks.tranche(tranche_id)
    permissions.may_declare_goods(actor).enforce()
    _require_before_payment(tranche)
    if not reason.strip():
        raise Unacceptable(_("Say why no goods are in scope, such as “Salaries and training only”."))
    declaration = GoodsDeclaration.objects.create(
        tranche=tranche,
        number=tranche.goods_declarations.count() + 1,
        reason=reason.strip(),
        declared_by=actor,
        declared_at=at,
    )
    events.record("goods.declared", about=tranche.id, by=actor, at=at, reason=reason.strip())
    return declaration


@transaction.atomic(durable=True)
def sign_off_no_goods(*, declaration_id: UUID, actor: User, at: datetime) -> GoodsDeclaration:
    """
    Agree, as a second person, that a tranche pays for no goods in scope.

    :raises Missing: if there is no such declaration
    :raises NotPermitted: if the actor is no officer who may, or declared it
    :raises AlreadyDone: if somebody has agreed
    :raises WrongState: if it names an exemption, or another declaration has taken its place
    """
    declaration = exemption_locks.declaration(declaration_id)
    permissions.may_sign_off(actor, declaration).enforce()
    if hasattr(declaration, "sign_off"):
        raise AlreadyDone(_("A second person has agreed already."))
    if declaration.exemption_id is not None:
        raise WrongState(_("Goods under an exemption are weighed by its gate. Nobody needs to agree."))
    if declaration.tranche.goods_declarations.filter(number__gt=declaration.number).exists():
        raise WrongState(_("Another declaration has taken the place of this one. Look at the latest."))
    GoodsSignOff.objects.create(declaration=declaration, signed_by=actor, signed_at=at)
    events.record("goods.signed_off", about=declaration.tranche_id, by=actor, at=at)
    return declaration


def _require_before_payment(tranche: Tranche) -> None:
    if TrancheStatus(tranche.status) not in _BEFORE_PAYMENT:
        raise WrongState(
            _("What %(tranche)s pays for is said before its payment is prepared. Cancel the payment first.")
            % {"tranche": tranche.reference}
        )
