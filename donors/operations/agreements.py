"""Signing agreements. What a version says never changes."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from donors import locks, permissions
from donors.models import Agreement
from donors.schedule import LONGEST_YEARS
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.money import decimals_of
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, Unacceptable

_FEE_PLACES = 6


@transaction.atomic(durable=True)
def sign_agreement(
    *,
    donor_id: UUID,
    signed_on: date,
    from_year: int,
    to_year: int,
    currency: str,
    fee_rate: Decimal,
    termination_notice_days: int = 30,
    external_reference: str = "",
    actor: User,
    at: datetime,
) -> Agreement:
    """
    Record an agreement that a donor has signed, as its first version.

    :param fee_rate: the administrative agent's fee as a fraction of every receipt, 0.01 for one per cent
    :param external_reference: what other books call it, if it is brought over from them
    :raises Missing: if there is no such donor
    :raises NotPermitted: if the actor is not of the secretariat
    :raises Unacceptable: if the years, the currency, the fee or the day cannot be
    :raises AlreadyDone: if it has been brought over before
    """
    donor = locks.donor(donor_id)
    permissions.may_keep_donors(actor).enforce()
    decimals_of(currency)
    _require_sound(signed_on, from_year, to_year, fee_rate, at.date())
    if external_reference and Agreement.objects.filter(external_reference=external_reference).exists():
        raise AlreadyDone(_("Agreement %(name)s has been brought over before.") % {"name": external_reference})

    agreement = Agreement.objects.create(
        reference=next_reference("AG", at.date()),
        donor=donor,
        signed_on=signed_on,
        from_year=from_year,
        to_year=to_year,
        currency=currency,
        fee_rate=fee_rate,
        termination_notice_days=termination_notice_days,
        external_reference=external_reference,
        recorded_by=actor,
        recorded_at=at,
    )
    events.record(
        "agreement.signed",
        about=agreement.id,
        by=actor,
        at=at,
        reference=agreement.reference,
        donor=donor.name,
        signed_on=signed_on.isoformat(),
    )
    return agreement


def _require_sound(signed_on: date, from_year: int, to_year: int, fee_rate: Decimal, today: date) -> None:
    if signed_on > today:
        raise Unacceptable(_("An agreement is recorded once it is signed. The day of signature lies in the future."))
    if not 0 <= to_year - from_year < LONGEST_YEARS:
        raise Unacceptable(
            _("An agreement runs over 1 to %(longest)s years. Check both years.") % {"longest": LONGEST_YEARS}
        )
    if not fee_rate.is_finite() or not 0 <= fee_rate < 1:
        raise Unacceptable(_("The fee is a fraction of each receipt: zero or more, and less than one."))
    if fee_rate != round(fee_rate, _FEE_PLACES):
        raise Unacceptable(_("The fee has at most %(places)s decimals.") % {"places": _FEE_PLACES})
