"""Which exchange rates are recorded, and which of them is in force."""

from datetime import date

from django.db.models import QuerySet

from donors import rates
from donors.models import ExchangeRate


def rate_on(currency: str, on: date, source: str = rates.OPERATIONAL) -> ExchangeRate:
    """
    Return the rate in force on a day: the newest that took effect on or before it.

    :raises RateMissing: if there is none; the fund never interpolates
    """
    found = (
        ExchangeRate.objects.filter(source=source, currency=currency, effective_on__lte=on)
        .order_by("-effective_on")
        .first()
    )
    if found is None:
        raise rates.missing(currency, on)
    return found


def rates_by_day() -> QuerySet[ExchangeRate]:
    """Return the recorded rates, the newest in force first."""
    return ExchangeRate.objects.select_related("recorded_by").order_by("-effective_on", "currency", "source")
