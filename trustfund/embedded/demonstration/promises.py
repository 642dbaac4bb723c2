"""What keeps promises in sight in the last year: published rates, a slip put right, calls, reminders, and a pause."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Final

from donors import tasks
from donors.models import Donor, ExchangeRate
from donors.operations import calls, exchange, rate_files, reminders
from donors.reminding import STEPS
from trustfund.embedded.demonstration.cast import BASE_RATES, DONORS
from trustfund.embedded.demonstration.stage import MONTHS, Stage, moment

# Where each currency of the demonstration is used, besides one that several invented states share.
_PLACES: Final = {
    "EUR": ("Valdria", "Esterwald"),
    "CHF": ("Helvia",),
    "KRW": ("Haneul",),
    "SEK": ("Sorrenia",),
    "NOK": ("Halvorsund",),
    "AUD": ("Austrel",),
    "JPY": ("Mizuho",),
}
_SLIP: Final = Decimal("14.95")
_RIGHT: Final = Decimal("149.5")
_DAYS_OF_THE_ECB: Final = 3


def plan(stage: Stage) -> None:
    """Put the secretariat's letters and rates of the last year on the agenda."""
    stage.plan(moment(stage.day(MONTHS - 1, 3), 11), partial(_mistype, stage))
    stage.plan(moment(stage.day(MONTHS), 10), partial(_published, stage))
    stage.plan(moment(stage.day(MONTHS - 9, 14), 9), partial(_leave_alone, stage))
    late = next(story for story in DONORS if story.key == "caldor")
    unpaid = late.late_days.index(None)
    due = date(stage.start.year + late.first_year + unpaid, late.due_month, 28)
    stage.plan(moment(due - timedelta(days=50), 9), partial(_call, stage))
    for step in STEPS:
        stage.plan(moment(due + timedelta(days=step), 8), _remind)


def _remind(at: datetime) -> None:
    del at
    tasks.remind()


def _call(stage: Stage, at: datetime) -> None:
    calls.issue_calls(within_days=60, actor=stage.people["secretariat"], at=at)


def _leave_alone(stage: Stage, at: datetime) -> None:
    reminders.keep_quiet(
        donor_id=Donor.objects.get(name="Principality of Lumen").pk,
        person_id=None,
        until=None,
        reason="They pay a month early every year and asked not to be reminded.",
        actor=stage.people["secretariat"],
        at=at,
    )


def _mistype(stage: Stage, at: datetime) -> None:
    """Let one officer mistype a rate and see it, and another put it right with them."""
    rate = exchange.record_rate(
        currency="JPY",
        effective_on=stage.day(MONTHS - 1),
        units_per_usd=_SLIP,
        actor=stage.people["secretariat"],
        at=at,
    )
    correction = exchange.propose_rate_correction(
        rate_id=rate.pk,
        units_per_usd=_RIGHT,
        reason="The point slipped; the circular says 149.5.",
        actor=stage.people["secretariat"],
        at=at + timedelta(minutes=20),
    )
    exchange.confirm_rate_correction(
        correction_id=correction.pk, actor=stage.people["secretariat2"], at=at + timedelta(hours=2)
    )


def _published(stage: Stage, at: datetime) -> None:
    """Take the month's rates from a published file, and some days of the ECB's for comparison."""
    for name, content in (("rates.xml", _un_file(stage)), ("eurofxref.csv", _ecb_file(stage.day(MONTHS)))):
        file = rate_files.bring_rate_file(name=name, content=content, actor=stage.people["secretariat"], at=at)
        rate_files.take_rate_file(file_id=file.pk, actor=stage.people["secretariat"], at=at + timedelta(minutes=3))


def _un_file(stage: Stage) -> bytes:
    """Return a file in the UN's form: half a per cent above last month's rates, a row for each place."""
    newest = ExchangeRate.objects.filter(correction=None, currency__in=_PLACES).order_by("currency", "-effective_on")
    rows = "".join(
        f"<UN_OPERATIONAL_RATES><abbrv_name>{place}</abbrv_name><f_curr_code>{rate.currency}</f_curr_code>"
        f"<eff_date>{stage.day(MONTHS):%d %b %Y}</eff_date>"
        f"<rate>{(rate.units_per_usd * Decimal('1.005')).quantize(Decimal('0.0001')).normalize():f}</rate>"
        "</UN_OPERATIONAL_RATES>"
        for rate in newest.distinct("currency")
        for place in _PLACES[rate.currency]
    )
    return f"<UN_OPERATIONAL_RATES_DATASET>{rows}</UN_OPERATIONAL_RATES_DATASET>".encode()


def _ecb_file(last: date) -> bytes:
    """Return a file in the ECB's form: three days up to one, near the rates that the demonstration moves around."""
    known = {currency: base for currency, base in BASE_RATES.items() if currency != "EUR"}
    lines = ["Date,USD," + ",".join(known)]
    for back in range(_DAYS_OF_THE_ECB):
        usd = (1 / BASE_RATES["EUR"] * (1000 + back) / 1000).quantize(Decimal("0.0001"))
        others = ((usd * base).quantize(Decimal("0.0001")) for base in known.values())
        lines.append(f"{last - timedelta(days=back)},{usd}," + ",".join(str(rate) for rate in others))
    return ("\n".join(lines) + "\n").encode()
