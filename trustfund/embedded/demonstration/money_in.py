"""The donors' five years: agreements and pledges, monthly rates, instalments that come early, late or not at all."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Final
from uuid import UUID

from donors import schedule
from donors.models import DonorKind
from donors.operations import agreements, exchange, people, pledges, receipts, register, stop_requests
from trustfund.core.money import Money
from trustfund.embedded.demonstration.cast import BASE_RATES, DONORS, STOP_REQUEST, DonorStory
from trustfund.embedded.demonstration.stage import MONTHS, Stage, moment

YEARS: Final = 5
FEE_RATE: Final = Decimal("0.01")
# A slow swing of the rates, in parts per thousand of the base, month by month and over again.
_SWING: Final = (0, 6, 13, 17, 12, 4, -5, -11, -18, -14, -7, -2, 5, 9, 3, -8, -16, -21, -12, -3)


def plan(stage: Stage) -> None:
    """Put rates, pledges, receipts and the stop request on the agenda."""
    # The last month's rates come out of a published file.
    for month in range(-1, MONTHS):
        stage.plan(moment(stage.day(max(month, 0)), 10, 5 if month >= 0 else 0), partial(_rates, stage, month))
    for number, story in enumerate(DONORS):
        stage.plan(moment(stage.day(0, 3 + number), 10), partial(_join, stage, story))


def _rates(stage: Stage, month: int, at: datetime) -> None:
    for place, (currency, base) in enumerate(BASE_RATES.items()):
        swing = _SWING[(month + 3 * place) % len(_SWING)]
        exchange.record_rate(
            currency=currency,
            effective_on=stage.day(month),
            units_per_usd=(base * (1000 + swing) / 1000).quantize(Decimal("0.0001")),
            actor=stage.people["secretariat"],
            at=at,
        )


def _join(stage: Stage, story: DonorStory, at: datetime) -> None:
    secretariat = stage.people["secretariat"]
    donor = register.register_donor(
        name=story.name,
        kind=DonorKind.MEMBER_STATE,
        office="Ministry of Foreign Affairs",
        country_code="",
        actor=secretariat,
        at=at,
    )
    if story.key in stage.people:
        people.appoint_representative(donor_id=donor.pk, person_id=stage.people[story.key].pk, actor=secretariat, at=at)
    first = stage.start.year + story.first_year
    _pledge(stage, story, donor_id=donor.pk, first=first, late_days=story.late_days, at=at)
    if story.renews:
        signed_at = moment(stage.day(MONTHS - 5, 12), 11)
        stage.plan(signed_at, partial(_renew, stage, story, donor.pk, first + YEARS))
    if story.key == "haneul":
        filed_on = date(first, 12, 12)
        stage.plan(moment(filed_on, 15), partial(_stop, stage, donor.pk))


def _renew(stage: Stage, story: DonorStory, donor_id: UUID, first: int, at: datetime) -> None:
    _pledge(stage, story, donor_id=donor_id, first=first, late_days=(None,) * YEARS, at=at)


def _pledge(
    stage: Stage, story: DonorStory, *, donor_id: UUID, first: int, late_days: tuple[int | None, ...], at: datetime
) -> None:
    secretariat = stage.people["secretariat"]
    agreement = agreements.sign_agreement(
        donor_id=donor_id,
        signed_on=at.date(),
        from_year=first,
        to_year=first + YEARS - 1,
        currency=story.currency,
        fee_rate=FEE_RATE,
        actor=secretariat,
        at=at,
    )
    yearly = Money.of(story.yearly, story.currency)
    due = [date(first + year, story.due_month, 28) for year in range(YEARS)]
    pledge = pledges.sign_pledge(
        agreement_id=agreement.pk,
        amount=yearly.times(YEARS),
        schedule=schedule.equal_parts(yearly.times(YEARS), due),
        announced_on=at.date(),
        signed_on=at.date(),
        actor=secretariat,
        at=at,
    )
    for number, (day, late) in enumerate(zip(due, late_days, strict=True), start=1):
        if late is not None:
            paid_on = day + timedelta(days=late)
            stage.plan(moment(paid_on, 13, number), partial(_receive, stage, story, pledge.pk, yearly))


def _receive(stage: Stage, story: DonorStory, pledge_id: UUID, amount: Money, at: datetime) -> None:
    receipts.record_receipt(
        pledge_id=pledge_id,
        received=amount,
        value_on=at.date(),
        bank_reference=f"CR{at:%Y%m%d}{story.key[:3].upper()}",
        payer=f"Treasury, {story.name}",
        actor=stage.people["secretariat"],
        at=at,
    )


def _stop(stage: Stage, donor_id: UUID, at: datetime) -> None:
    stop_requests.file_stop_request(
        donor_id=donor_id, text=STOP_REQUEST, received_on=at.date(), actor=stage.people["secretariat"], at=at
    )
