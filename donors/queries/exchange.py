"""Which exchange rates are recorded and in force, what a published file would change, and how the ECB compares."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from donors import rate_files, rates
from donors.models import ExchangeRate, RateCorrection, RateFile, Receipt, ReferenceDay
from donors.rate_files import Published, Unreadable

# The ECB publishes on its working days; over Easter and Christmas the gap is shorter than this.
_REFERENCE_STANDS_FOR: Final = timedelta(days=7)
# Rates are published at most for the month that begins next.
_FURTHEST_AHEAD: Final = timedelta(days=45)


def standing_rates() -> QuerySet[ExchangeRate]:
    """Return the recorded rates that count: those that no correction has replaced."""
    return ExchangeRate.objects.filter(correction=None)


def rate_on(currency: str, on: date, source: str = rates.OPERATIONAL) -> ExchangeRate:
    """
    Return the rate in force on a day: the newest that took effect on or before it.

    :raises RateMissing: if there is none; the fund never interpolates
    """
    found = (
        standing_rates()
        .filter(source=source, currency=currency, effective_on__lte=on)
        .order_by("-effective_on")
        .first()
    )
    if found is None:
        raise rates.missing(currency, on)
    return found


def rates_in_force(on: date) -> dict[str, ExchangeRate]:
    """Return the operational rates in force on a day, by currency; a currency without one is not there."""
    found = (
        standing_rates()
        .filter(source=rates.OPERATIONAL, effective_on__lte=on)
        .order_by("currency", "-effective_on")
        .distinct("currency")
    )
    return {rate.currency: rate for rate in found}


def rates_by_day(currency: str = "") -> QuerySet[ExchangeRate]:
    """Return the recorded rates, corrected ones too, the newest in force first."""
    found = ExchangeRate.objects.select_related("recorded_by", "confirmed_by", "file", "corrects", "correction")
    if currency:
        found = found.filter(currency=currency)
    return found.order_by("-effective_on", "currency", "source", "-recorded_at")


def recorded_currencies() -> list[str]:
    """Return the currencies of which a rate is recorded."""
    return list(ExchangeRate.objects.order_by("currency").values_list("currency", flat=True).distinct())


def receipts_valued_at(rate: ExchangeRate) -> QuerySet[Receipt]:
    """Return the receipts that stand and were valued at a rate."""
    return Receipt.objects.filter(rate=rate, reversed_at=None).order_by("reference")


def open_corrections() -> QuerySet[RateCorrection]:
    """Return the corrections that wait for a second person, oldest first."""
    return RateCorrection.objects.filter(outcome="").select_related("rate", "proposed_by").order_by("proposed_at")


def rate_files_latest_first() -> QuerySet[RateFile]:
    """Return the published files that were brought, without their bytes."""
    return RateFile.objects.defer("content").select_related("brought_by", "taken_by").order_by("-brought_at")


# --- what a published file would change -----------------------------------------------------------------------------


class Fate(StrEnum):
    """What becomes of a row of a published file when the file is taken."""

    NEW = "new"
    SUPERSEDES = "supersedes"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True)
class RateRow:
    """One row of a file of operational rates and its fate, beside the rate that was in force before."""

    row: Published | Unreadable
    fate: Fate
    reason: str = ""
    before: ExchangeRate | None = None

    @property
    def change_percent(self) -> Decimal | None:
        """By how much it moves the rate in force before, in per cent; nothing where there was none."""
        if self.before is None or not isinstance(self.row, Published):
            return None
        return rate_files.difference_in_percent(self.row.units_per_usd, Fraction(self.before.units_per_usd))

    @property
    def is_readable(self) -> bool:
        """Whether it says a rate at all."""
        return isinstance(self.row, Published)

    @property
    def is_taken(self) -> bool:
        """Whether a rate is recorded for it."""
        return self.fate in {Fate.NEW, Fate.SUPERSEDES}


def fates_of_rates(rows: Sequence[Published | Unreadable], today: date) -> list[RateRow]:
    """Return what becomes of every row of a file of operational rates: three questions for each day in it."""
    readable = [row for row in rows if isinstance(row, Published)]
    on_the_day: dict[tuple[str, date], ExchangeRate] = {}
    before: dict[tuple[str, date], ExchangeRate] = {}
    for day in {row.effective_on for row in readable}:
        known = standing_rates().filter(
            source=rates.OPERATIONAL, currency__in=[row.currency for row in readable if row.effective_on == day]
        )
        on_the_day.update({(rate.currency, day): rate for rate in known.filter(effective_on=day)})
        earlier = known.filter(effective_on__lt=day).order_by("currency", "-effective_on").distinct("currency")
        before.update({(rate.currency, day): rate for rate in earlier})
    return [
        _fate_of(
            row, on_the_day.get((row.currency, row.effective_on)), before.get((row.currency, row.effective_on)), today
        )
        if isinstance(row, Published)
        else RateRow(row, Fate.REFUSED, reason=row.reason)
        for row in rows
    ]


def _fate_of(row: Published, same_day: ExchangeRate | None, before: ExchangeRate | None, today: date) -> RateRow:
    if row.currency == rates.FUND_CURRENCY:
        return RateRow(row, Fate.SAME, reason=_("The fund's own currency needs no rate."))
    if row.effective_on > today + _FURTHEST_AHEAD:
        return RateRow(row, Fate.REFUSED, reason=_("That day lies too far ahead. Ask the publisher."), before=before)
    if same_day is not None and same_day.units_per_usd == row.units_per_usd:
        return RateRow(row, Fate.SAME, before=before)
    if same_day is not None:
        reason = _("%(rate)s is recorded for that day. If it was mistyped, correct it; else ask the publisher.")
        return RateRow(row, Fate.REFUSED, reason=reason % {"rate": same_day.plain}, before=before)
    return RateRow(row, Fate.NEW if before is None else Fate.SUPERSEDES, before=before)


@dataclass(frozen=True)
class DayRow:
    """One day of a file of ECB reference rates and its fate."""

    row: rate_files.ReferenceDay
    fate: Fate

    @property
    def is_refused(self) -> bool:
        """Whether other figures are kept for its day."""
        return self.fate is Fate.REFUSED


def fates_of_days(days: Sequence[rate_files.ReferenceDay]) -> list[DayRow]:
    """Return what becomes of every day of a file of ECB reference rates."""
    known = dict(
        ReferenceDay.objects.filter(day__range=(days[-1].day, days[0].day)).values_list("day", "per_eur")
        if days
        else ()
    )

    def fate(row: rate_files.ReferenceDay) -> Fate:
        if row.day not in known:
            return Fate.NEW
        return Fate.SAME if known[row.day] == row.per_eur else Fate.REFUSED

    return [DayRow(row, fate(row)) for row in days]


# --- beside the ECB -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Compared:
    """An operational rate beside what the ECB's reference rates of its day, or of the last day before it, come to."""

    rate: ExchangeRate
    published_on: date
    reference: Fraction

    @property
    def reference_rounded(self) -> Decimal:
        """The ECB's rate as units for one USD, to six decimals for reading; the exact one is a fraction."""
        exact = Decimal(self.reference.numerator) / Decimal(self.reference.denominator)
        return exact.quantize(Decimal("0.000001"))

    @property
    def percent(self) -> Decimal:
        """By how much the operational rate lies above the ECB's, in per cent."""
        return rate_files.difference_in_percent(self.rate.units_per_usd, self.reference)


def compared(on: date) -> list[Compared]:
    """Return the operational rates in force on a day beside the ECB's of the day each took effect, where it has one."""
    in_force = rates_in_force(on)
    references = _references({rate.effective_on for rate in in_force.values()})
    return [
        Compared(rate, day.day, reference)
        for currency, rate in sorted(in_force.items())
        if (day := references.get(rate.effective_on)) is not None
        and (reference := rate_files.units_per_usd(day.per_eur, currency)) is not None
    ]


def compared_over_time(currency: str, most: int) -> list[Compared]:
    """Return the latest operational rates of a currency beside the ECB's, oldest first."""
    latest = standing_rates().filter(source=rates.OPERATIONAL, currency=currency).order_by("-effective_on")[:most]
    found = list(latest)[::-1]
    references = _references({rate.effective_on for rate in found})
    return [
        Compared(rate, day.day, reference)
        for rate in found
        if (day := references.get(rate.effective_on)) is not None
        and (reference := rate_files.units_per_usd(day.per_eur, currency)) is not None
    ]


def _references(days: Iterable[date]) -> dict[date, ReferenceDay]:
    """Return for each day what the ECB published on it, or last before it within a week; nothing is interpolated."""
    wanted = sorted(days)
    if not wanted:
        return {}
    span = (wanted[0] - _REFERENCE_STANDS_FOR, wanted[-1])
    known = list(ReferenceDay.objects.filter(day__range=span).order_by("day"))
    found = {}
    at = 0
    latest: ReferenceDay | None = None
    for day in wanted:
        while at < len(known) and known[at].day <= day:
            latest = known[at]
            at += 1
        if latest is not None and day - latest.day <= _REFERENCE_STANDS_FOR:
            found[day] = latest
    return found


def latest_operational_day(on: date) -> date | None:
    """Return the newest day up to `on` from which an operational rate is in force."""
    newest = standing_rates().filter(source=rates.OPERATIONAL, effective_on__lte=on).order_by("-effective_on").first()
    return None if newest is None else newest.effective_on
