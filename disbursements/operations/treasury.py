"""What banks and organisations report beside payments: interest, charges, expenditure, refunds. Each recorded once."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from disbursements import locks
from disbursements.models import Movement, Programme
from disbursements.movement_kinds import MovementKind
from disbursements.operations.payments import post
from disbursements.permissions import payments as permissions
from disbursements.postings import payments as postings
from disbursements.queries import movements as queries
from trustfund.core import events
from trustfund.core.db import constraint_of, refused, require_transaction
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.refusals import Conflict, InsufficientFunds, Unacceptable

_MEMO: Final = 200
_REFERENCE: Final = 64


@transaction.atomic(durable=True)
def record_interest(
    *,
    reference: str,
    earned: Money,
    on: date,
    actor: User,
    at: datetime,
    programme_id: UUID | None = None,
    memo: str = "",
) -> Movement:
    """
    Record interest that the fund's bank credited, or that an organisation earned on a programme's money and gave back.

    :param reference: the bank's; the same one recorded again changes nothing
    :param programme_id: the programme on whose money an organisation earned it; none for the fund's own interest
    :raises NotPermitted: if the actor is no treasury officer
    :raises Missing: if there is no such programme
    :raises Unacceptable: if the amount, the reference or the day cannot be right
    :raises Conflict: if the reference stands with other facts
    """
    programme = locks.programme(programme_id) if programme_id else None
    permissions.may_record_bank_movement(actor).enforce()
    kind = MovementKind.PARTNER_INTEREST if programme else MovementKind.FUND_INTEREST
    return add_movement(kind, reference, earned, on, programme=programme, memo=memo, actor=actor, at=at)


@transaction.atomic(durable=True)
def record_bank_charge(
    *, reference: str, charged: Money, on: date, actor: User, at: datetime, memo: str = ""
) -> Movement:
    """
    Record what a bank took for its services. It is paid out of what is spendable.

    :param reference: the bank's; the same one recorded again changes nothing
    :raises NotPermitted: if the actor is no treasury officer
    :raises Unacceptable: if the amount, the reference or the day cannot be right
    :raises InsufficientFunds: if less is spendable
    :raises Conflict: if the reference stands with other facts
    """
    permissions.may_record_bank_movement(actor).enforce()
    return add_movement(MovementKind.BANK_CHARGE, reference, charged, on, programme=None, memo=memo, actor=actor, at=at)


@transaction.atomic(durable=True)
def record_expenditure(
    *, programme_id: UUID, reference: str, spent: Money, on: date, actor: User, at: datetime, memo: str = ""
) -> Movement:
    """
    Record what an organisation reports to have spent of a programme's transfers.

    :param reference: of the organisation's report; the same one recorded again changes nothing
    :param on: the last day of the period that the report covers
    :raises Missing: if there is no such programme
    :raises NotPermitted: if the actor is neither the organisation's partner nor of the secretariat
    :raises Unacceptable: if the amount, the reference or the day cannot be right
    :raises InsufficientFunds: if the organisation holds less
    :raises Conflict: if the reference stands with other facts
    """
    programme = locks.programme(programme_id)
    permissions.may_record_expenditure(actor, programme).enforce()
    return add_movement(
        MovementKind.EXPENDITURE, reference, spent, on, programme=programme, memo=memo, actor=actor, at=at
    )


@transaction.atomic(durable=True)
def record_refund(
    *, programme_id: UUID, reference: str, returned: Money, on: date, actor: User, at: datetime, memo: str = ""
) -> Movement:
    """
    Record money that an organisation gave back. It is the pool's again, and spendable.

    :param reference: the bank's; the same one recorded again changes nothing
    :raises Missing: if there is no such programme
    :raises NotPermitted: if the actor is no treasury officer
    :raises Unacceptable: if the amount, the reference or the day cannot be right
    :raises InsufficientFunds: if the organisation holds less
    :raises Conflict: if the reference stands with other facts
    """
    programme = locks.programme(programme_id)
    permissions.may_record_bank_movement(actor).enforce()
    return add_movement(
        MovementKind.REFUND, reference, returned, on, programme=programme, memo=memo, actor=actor, at=at
    )


def add_movement(
    kind: MovementKind,
    reference: str,
    amount: Money,
    on: date,
    *,
    programme: Programme | None,
    memo: str,
    actor: User,
    at: datetime,
) -> Movement:
    """
    Record and post a movement inside an operation that has locked its programme and asked who may.

    :raises Unacceptable: if the amount, the reference or the day cannot be right
    :raises InsufficientFunds: if the organisation, or the pool, holds less
    :raises Conflict: if the reference stands with other facts
    """
    require_transaction()
    plain = " ".join(reference.split())
    if not 0 < len(plain) <= _REFERENCE:
        raise Unacceptable(
            _("Give the reference under which the bank or the organisation reports it, at most 64 signs.")
        )
    if amount.minor <= 0 or amount.currency != settings.FUND_CURRENCY:
        raise Unacceptable(_("Write an amount above zero, in %(currency)s.") % {"currency": settings.FUND_CURRENCY})
    if on > at.date():
        raise Unacceptable(_("That day is still to come. Record it when it has happened."))
    stands = queries.movement_of(kind, plain)
    if stands is not None:
        return _same(stands, amount, on, programme)
    if programme is not None and kind in {MovementKind.EXPENDITURE, MovementKind.REFUND}:
        held = queries.held_by_organisation(programme)
        if amount > held:
            raise InsufficientFunds(
                _("The organisation holds %(held)s of this programme, and this is %(amount)s. Compare the report.")
                % {"held": held, "amount": amount}
            )
    try:
        with transaction.atomic():
            movement = Movement.objects.create(
                kind=kind,
                reference=plain,
                programme=programme,
                amount_minor=amount.minor,
                currency=amount.currency,
                on=on,
                memo=" ".join(memo.split())[:_MEMO],
                recorded_by=actor,
                recorded_at=at,
            )
    except IntegrityError as error:
        stands = queries.movement_of(kind, plain)
        if stands is None or constraint_of(error) != "a_movement_is_recorded_once":
            raise refused(error) from error
        return _same(stands, amount, on, programme)
    posted = postings.move(movement, programme=programme.reference if programme else "")
    post(posted, programme, actor=actor, at=at)
    events.record(
        _EVENTS[kind],
        about=programme.id if programme else movement.id,
        by=actor,
        at=at,
        reference=plain,
        amount=str(amount),
        on=on.isoformat(),
    )
    return movement


_EVENTS: Final[dict[MovementKind, str]] = {
    MovementKind.FUND_INTEREST: "interest.recorded",
    MovementKind.PARTNER_INTEREST: "interest.recorded",
    MovementKind.BANK_CHARGE: "bank_charge.recorded",
    MovementKind.EXPENDITURE: "expenditure.recorded",
    MovementKind.REFUND: "refund.recorded",
}


def _same(stands: Movement, amount: Money, on: date, programme: Programme | None) -> Movement:
    if (stands.amount, stands.on, stands.programme_id) != (amount, on, programme.id if programme else None):
        raise Conflict(
            _("%(reference)s stands in the books with %(amount)s on %(day)s. Correct it by a new entry of its own.")
            % {"reference": stands.reference, "amount": stands.amount, "day": stands.on.isoformat()}
        )
    return stands
