"""Recording exchange rates and correcting mistyped ones. A newer day supersedes; a recorded rate never changes."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from donors import locks, permissions, queries, rates
from donors.models import ExchangeRate, Outcome, RateCorrection
from donors.rate_files import RATE_PLACES
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.refusals import AlreadyDone, Conflict, Unacceptable, WrongState


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
    _require_rate(currency, units_per_usd)
    source = source.strip()
    if not source:
        raise Unacceptable(_("A rate has a source. Say who published it."))
    found = queries.standing_rates().filter(source=source, currency=currency, effective_on=effective_on).first()
    if found is not None and found.units_per_usd == units_per_usd:
        raise AlreadyDone(_("This rate is recorded already."))
    if found is not None:
        raise Conflict(
            _(
                "%(source)s has %(rate)s for that day already. Give the day from which the new rate is in force, or "
                "correct the recorded one if it was mistyped."
            )
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


@transaction.atomic(durable=True)
def propose_rate_correction(
    *, rate_id: UUID, units_per_usd: Decimal, reason: str, actor: User, at: datetime
) -> RateCorrection:
    """
    Say that a recorded rate was mistyped and what it should be. Nothing changes until a second person confirms it.

    :raises Missing: if there is no such rate
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if the rate is corrected already, or a receipt that stands was valued at it
    :raises AlreadyDone: if another correction of it waits
    :raises Unacceptable: if the rate is the same, not above zero or with too many decimals, or no reason is given
    """
    rate = locks.rate(rate_id)
    permissions.may_keep_donors(actor).enforce()
    _require_correctable(rate)
    _require_rate(rate.currency, units_per_usd)
    reason = reason.strip()
    if not reason:
        raise Unacceptable(_("A correction has a reason. Say what was mistyped and where the right figure stands."))
    if units_per_usd == rate.units_per_usd:
        raise Unacceptable(_("This is the rate that is recorded. Write the right one."))
    if rate.proposals.filter(outcome=Outcome.WAITING).exists():
        raise AlreadyDone(_("A correction of this rate waits for a second person. Settle that one first."))

    correction = RateCorrection.objects.create(
        rate=rate, units_per_usd=units_per_usd, reason=reason, proposed_by=actor, proposed_at=at
    )
    events.record(
        "rate_correction.proposed",
        about=rate.id,
        by=actor,
        at=at,
        currency=rate.currency,
        units_per_usd=str(units_per_usd),
        reason=reason,
    )
    return correction


@transaction.atomic(durable=True)
def confirm_rate_correction(*, correction_id: UUID, actor: User, at: datetime) -> ExchangeRate:
    """
    Confirm another person's correction: a new rate that names the mistyped one counts in its place from the same day.

    What was valued otherwise stays as it is; no pledge and no receipt is ever revalued.

    :raises Missing: if there is no such correction
    :raises NotPermitted: if the actor is not of the secretariat, or proposed it
    :raises WrongState: if it is settled, the rate is corrected already, or a receipt that stands was valued at it
    """
    correction = locks.rate_correction(correction_id)
    permissions.may_confirm_correction(actor, correction).enforce()
    rate = correction.rate
    _require_correctable(rate)

    corrected = ExchangeRate.objects.create(
        source=rate.source,
        currency=rate.currency,
        effective_on=rate.effective_on,
        units_per_usd=correction.units_per_usd,
        corrects=rate,
        recorded_by=correction.proposed_by,
        recorded_at=at,
        confirmed_by=actor,
    )
    correction.mark_settled(Outcome.CONFIRMED, by=actor, at=at)
    events.record(
        "rate.corrected",
        about=rate.id,
        by=actor,
        at=at,
        currency=rate.currency,
        before=str(rate.units_per_usd),
        units_per_usd=str(correction.units_per_usd),
        reason=correction.reason,
    )
    return corrected


@transaction.atomic(durable=True)
def withdraw_rate_correction(*, correction_id: UUID, actor: User, at: datetime) -> RateCorrection:
    """
    Take a correction back before it is confirmed; the rate stays as it is recorded.

    :raises Missing: if there is no such correction
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if it is settled
    """
    correction = locks.rate_correction(correction_id)
    permissions.may_withdraw_correction(actor, correction).enforce()
    correction.mark_settled(Outcome.WITHDRAWN, by=actor, at=at)
    events.record("rate_correction.withdrawn", about=correction.rate_id, by=actor, at=at)
    return correction


def _require_rate(currency: str, units_per_usd: Decimal) -> None:
    rates.require_rate(currency, units_per_usd)
    if units_per_usd != round(units_per_usd, RATE_PLACES):
        raise Unacceptable(_("A rate has at most %(places)s decimals.") % {"places": RATE_PLACES})


def _require_correctable(rate: ExchangeRate) -> None:
    if ExchangeRate.objects.filter(corrects=rate).exists():
        raise WrongState(_("This rate is corrected already. Correct the one that took its place."))
    used = queries.receipts_valued_at(rate).first()
    if used is not None:
        raise WrongState(
            _("Receipt %(reference)s was valued at this rate. Reverse what was valued at it before you correct it.")
            % {"reference": used.reference}
        )
