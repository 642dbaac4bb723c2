"""Recording exchange rates. A newer effective day supersedes; a recorded rate never changes."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from donors import permissions, rates
from donors.models import ExchangeRate
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.refusals import AlreadyDone, Conflict, Unacceptable

_RATE_PLACES = 8


@transaction.atomic(durable=True)
def record_rate(
    *,
    currency: str,
    effective_on: date,
    units_per_usd: Decimal,
    source: str = rates.OPERATIONAL,
    actor: User,
    at: datetime,
) -> ExchangeRate:
    """
    Record the rate of a currency that is in force from a day on.

    :param units_per_usd: units of the currency for one USD
    :raises NotPermitted: if the actor is not of the secretariat
    :raises Unacceptable: if the currency is USD or unknown, the rate not above zero or with too many decimals, or the
        source unnamed
    :raises AlreadyDone: if this very rate is recorded
    :raises Conflict: if the source has another rate for that currency and day
    """
    permissions.may_keep_donors(actor).enforce()
    rates.require_rate(currency, units_per_usd)
    if units_per_usd != round(units_per_usd, _RATE_PLACES):
        raise Unacceptable(_("A rate has at most %(places)s decimals.") % {"places": _RATE_PLACES})
    source = source.strip()
    if not source:
        raise Unacceptable(_("A rate has a source. Say who published it."))
    found = ExchangeRate.objects.filter(source=source, currency=currency, effective_on=effective_on).first()
    if found is not None and found.units_per_usd == units_per_usd:
        raise AlreadyDone(_("This rate is recorded already."))
    if found is not None:
        raise Conflict(
            _("%(source)s has %(rate)s for that day already. Give the day from which the new rate is in force.")
            % {"source": source, "rate": found}
        )

    rate = ExchangeRate.objects.create(
        source=source,
        currency=currency,
        effective_on=effective_on,
        units_per_usd=units_per_usd,
        recorded_by=actor,
        recorded_at=at,
    )
    events.record(
        "rate.recorded",
        about=rate.id,
        by=actor,
        at=at,
        source=source,
        currency=currency,
        effective_on=effective_on.isoformat(),
        units_per_usd=str(units_per_usd),
    )
    return rate
