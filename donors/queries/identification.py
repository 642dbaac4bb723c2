"""Which money waits for a name, and which matches wait for a second person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Expression, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from bank import queries as bank_queries
from donors import rates
from donors.models import Match, Receipt, Unidentified, UnidentifiedReturn
from trustfund.core.money import Money

# Where money that waits for a name stands: days since its value date, the last without an end.
AGES: Final = ((0, 30), (31, 60), (61, 90), (91, None))


def _taken(of_receipts: str, of_returns: str, on: date | None) -> Expression:
    standing = (
        Q(reversed_at=None) if on is None else Q(value_on__lte=on) & (Q(reversed_on=None) | Q(reversed_on__gt=on))
    )
    gone = Q() if on is None else Q(returned_on__lte=on)
    matched = (
        Receipt.objects.filter(standing, held=OuterRef("pk"))
        .order_by()
        .values("held")
        .annotate(total=Sum(of_receipts))
        .values("total")
    )
    returned = (
        UnidentifiedReturn.objects.filter(gone, held=OuterRef("pk"))
        .order_by()
        .values("held")
        .annotate(total=Sum(of_returns))
        .values("total")
    )
    return Coalesce(Subquery(matched), 0) + Coalesce(Subquery(returned), 0)


def with_rest(held: QuerySet[Unidentified], on: date | None = None) -> QuerySet[Unidentified]:
    """Return unidentified money, each with what of it has been matched or went back, now or by a day."""
    return held.annotate(
        taken_minor=_taken("received_minor", "minor", on), taken_usd_minor=_taken("gross_usd_minor", "usd_minor", on)
    )


def held_with_rest(held_id: UUID) -> Unidentified:
    """Return one piece of unidentified money with what of it is left."""
    return with_rest(Unidentified.objects.select_related("line__account", "rate", "held_by")).get(pk=held_id)


def unidentified(on: date | None = None) -> QuerySet[Unidentified]:
    """Return the money that is still unidentified, now or at the end of a day, oldest first."""
    held = Unidentified.objects.select_related("line__account", "held_by")
    if on is not None:
        held = held.filter(value_on__lte=on)
    found = held.annotate(
        taken_minor=_taken("received_minor", "minor", on), taken_usd_minor=_taken("gross_usd_minor", "usd_minor", on)
    )
    return found.filter(taken_minor__lt=F("minor")).order_by("value_on", "reference")


@dataclass(frozen=True)
class Age:
    """How much unidentified money is of an age, in USD at its value dates."""

    first_day: int
    last_day: int | None
    count: int
    usd: Money


def ages_of(held: Iterable[Unidentified], on: date) -> list[Age]:
    """Return unidentified money by its age in days on a day."""
    found = [((on - one.value_on).days, one.usd_left) for one in held]
    ages = []
    for first, last in AGES:
        of_this = [usd for days, usd in found if days >= first and (last is None or days <= last)]
        ages.append(Age(first, last, len(of_this), sum(of_this, start=Money.zero(rates.FUND_CURRENCY))))
    return ages


def open_matches() -> QuerySet[Match]:
    """Return the matches that wait for a second person, oldest first."""
    return (
        Match.objects.filter(decided_at=None)
        .select_related("pledge__donor", "line", "held", "proposed_by")
        .order_by("proposed_at", "reference")
    )


def match_of(match_id: UUID) -> Match | None:
    """Return one match, or nothing."""
    return (
        Match.objects.filter(pk=match_id)
        .select_related("pledge__donor", "line__account", "held", "proposed_by", "decided_by", "receipt")
        .first()
    )


def is_tied(receipt: Receipt) -> bool:
    """Return whether a receipt that was typed by hand has been found on a line."""
    return bank_queries.standing_uses(receipt.id).exists()
