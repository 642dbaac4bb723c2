"""What becomes of promises late in the story: an amendment, a pledge that matches others, and one that names a wish."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Final

from donors import queries, schedule
from donors.conditions import Counts, Matching
from donors.models import Donor, Pledge
from donors.operations import agreements, conditions, pledges
from donors.operations.agreements import Rescheduled
from donors.terms import Wording
from trustfund.core.money import Money
from trustfund.embedded.demonstration.stage import MONTHS, Stage, moment, months_after

RAISED_BY: Final = Decimal("1.25")
RAISED: Final = (
    "What is still to be paid rises by a quarter, in view of the fund's second plan. All else stays as it is."
)
CLAUSE: Final = (
    "Either side may end this agreement with ninety days' notice. What was deposited stays in the fund for its purpose."
)
MATCHES: Final = "We shall give one dollar for every two that others pay in from the day of this announcement."
WISH: Final = (
    "The Principality is glad to give again. It wishes its contribution to be reserved for mothers and newborns in the "
    "northern counties."
)


def plan(stage: Stage) -> None:
    """Put the amendment, the conditional pledge and the wish on the agenda."""
    stage.plan(moment(stage.day(MONTHS - 6, 10), 10), partial(_raise, stage))
    stage.plan(moment(stage.day(MONTHS - 3, 10), 10), partial(_match, stage))
    stage.plan(moment(stage.day(MONTHS - 2, 10), 10), partial(_wish, stage))


def _raise(stage: Stage, at: datetime) -> None:
    """Let a kingdom give a quarter more of what falls due after the story."""
    pledge = Pledge.objects.get(donor__name="Kingdom of Sorrenia")
    agreement = queries.agreements_of(pledge.donor)[0]
    _kept, free = queries.kept_and_free(pledge)
    later = stage.end.date()
    rest = [(part.due_on, part.amount.times(RAISED_BY) if part.due_on > later else part.amount) for part in free]
    agreements.amend_agreement(
        agreement_id=agreement.pk,
        terms=replace(
            agreement.terms,
            signed_on=at.date(),
            termination_notice_days=90,
            wording=Wording(summary=RAISED, termination_clause=CLAUSE),
        ),
        rescheduled=[Rescheduled(pledge.pk, rest)],
        actor=stage.people["secretariat"],
        at=at,
    )


def _match(stage: Stage, at: datetime) -> None:
    """Let a commonwealth promise one for every two of others; it waits for them when the story ends."""
    donor = Donor.objects.get(name="Commonwealth of Austrel")
    currency = "USD"
    most = Money.of("6000000.00", currency)
    first = months_after(at.date(), 12)
    agreement = agreements.sign_agreement(
        donor_id=donor.pk,
        signed_on=at.date(),
        from_year=first.year,
        to_year=first.year + 2,
        currency=currency,
        fee_rate=Decimal("0.01"),
        wording=Wording(summary="A second pledge, which matches what others pay in.", termination_clause=CLAUSE),
        actor=stage.people["secretariat"],
        at=at,
    )
    conditions.sign_conditional_pledge(
        agreement_id=agreement.pk,
        amount=most,
        schedule=schedule.equal_parts(most, schedule.yearly(first, 3)),
        announced_on=at.date(),
        conditions=[conditions.Term(Matching(1, 2, most, Counts.RECEIPTS, at.date()), MATCHES)],
        actor=stage.people["secretariat"],
        at=at,
    )


def _wish(stage: Stage, at: datetime) -> None:
    """Let a principality announce a pledge in words that hold it until the committee has answered."""
    pledges.announce_pledge(
        donor_id=Donor.objects.get(name="Principality of Lumen").pk,
        amount=Money.of("300000.00", "USD"),
        announced_on=at.date(),
        words=WISH,
        actor=stage.people["secretariat"],
        at=at,
    )
