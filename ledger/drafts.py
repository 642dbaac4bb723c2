"""A draft: an event as legs, before it is posted. A draft that does not balance cannot be built. Pure."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from ledger.chart import EXCHANGE, under
from ledger.refusals import NoAmount, TooFewLegs, Unbalanced, refuse
from trustfund.core.money import Money
from trustfund.core.refusals import Unacceptable

_KIND: Final = re.compile(r"[a-z_]+(\.[a-z_]+)+")
_LEAST_LEGS: Final = 2


@dataclass(frozen=True, slots=True)
class Leg:
    """One account and what it gains: a positive money debits it, a negative one credits it."""

    account: str
    money: Money


def debit(account_code: str, money: Money) -> Leg:
    """Return the leg that debits an account."""
    return Leg(account_code, money)


def credit(account_code: str, money: Money) -> Leg:
    """Return the leg that credits an account."""
    return Leg(account_code, -money)


def legs(*parts: Leg) -> tuple[Leg, ...]:
    """Return the legs that move something, in their order: a fee of nothing needs no leg."""
    return tuple(part for part in parts if part.money)


def exchange(given: Leg, taken: Leg) -> tuple[Leg, ...]:
    """
    Return legs for money that leaves in one currency and arrives in another, each currency balanced by itself.

    What is given credits its account and debits its currency's exchange account; what is taken does the opposite.
    The two amounts are the rate; what the exchange accounts hold at the end is the realised difference.

    :param given: the credit of the account that pays, in its currency
    :param taken: the debit of the account that receives, in the other
    """
    return (
        given,
        Leg(under(EXCHANGE, given.money.currency), -given.money),
        taken,
        Leg(under(EXCHANGE, taken.money.currency), -taken.money),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """
    One event as it will stand in the books.

    :param kind: what happened, past tense and dotted: "receipt.recorded"
    :param reference: the event's own reference; kind and reference together are posted once
    :param effective_on: the day in the world, which may be before the day it is booked
    :param subject: the thing it is about: a receipt, a payment, a proposal
    :raises Unbalanced: if debits and credits differ in a currency
    :raises TooFewLegs: if there are fewer than two legs
    :raises NoAmount: if a leg is zero
    :raises Unacceptable: if the kind or the reference is not one
    """

    kind: str
    reference: str
    effective_on: date
    legs: tuple[Leg, ...]
    memo: str = ""
    subject: UUID | None = None

    def __post_init__(self) -> None:
        if not _KIND.fullmatch(self.kind):
            raise Unacceptable(
                _("%(kind)s does not name an event. Use a noun and what was done, such as receipt.recorded.")
                % {"kind": self.kind}
            )
        if not self.reference.strip():
            raise Unacceptable(_("The event has no reference. Give it the reference of what it is about."))
        if len(self.legs) < _LEAST_LEGS:
            raise refuse(TooFewLegs)
        sums: Counter[str] = Counter()
        for leg in self.legs:
            if not leg.money:
                raise refuse(NoAmount)
            sums[leg.money.currency] += leg.money.minor
        uneven = sorted(currency for currency, left in sums.items() if left)
        if uneven:
            raise refuse(Unbalanced, ", ".join(uneven))


def late(draft: Draft, open_from: date) -> Draft:
    """Return a draft that belongs to a closed period as one of the open period, its own date kept in the memo."""
    if draft.effective_on >= open_from:
        return draft
    own_date = _("Late: of %(day)s.") % {"day": draft.effective_on.isoformat()}
    return replace(draft, effective_on=open_from, memo=f"{draft.memo} {own_date}".strip())
