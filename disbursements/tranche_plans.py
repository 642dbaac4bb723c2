"""
Tranche plans by risk: how much of an amount is paid at once, by the partner's tier, the length of the work and the sum.

The table follows the modalities that country-based pooled funds publish. A plan is a start: whoever writes the
proposal changes it as the work needs.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disbursements.budget import Part
from trustfund.core.money import Money
from trustfund.core.refusals import Unacceptable

# Work that lasts fewer months than this is short; the table's other column serves what lasts longer.
_SHORT_MONTHS: Final = 7


class Tier(TextChoices):
    """How much can go wrong with an organisation, as its last assessment found."""

    LOW = "low", gettext_lazy("Low risk")
    MEDIUM = "medium", gettext_lazy("Medium risk")
    HIGH = "high", gettext_lazy("High risk")


@dataclass(frozen=True)
class Row:
    """One row of the table: percent by tranche for short and for longer work, for small and for large amounts."""

    short_small: tuple[int, ...]
    short_large: tuple[int, ...]
    long_small: tuple[int, ...]
    long_large: tuple[int, ...]
    # From which amount on it is large, in whole units of the fund's currency.
    threshold: int

    def percents(self, *, is_short: bool, is_large: bool) -> tuple[int, ...]:
        """Return the percentages that fit."""
        small, large = (self.short_small, self.short_large) if is_short else (self.long_small, self.long_large)
        return large if is_large else small


TABLE: Final[dict[Tier, Row]] = {
    Tier.HIGH: Row((60, 40), (50, 50), (40, 40, 20), (40, 30, 30), 250_000),
    Tier.MEDIUM: Row((100,), (80, 20), (80, 20), (60, 40), 250_000),
    Tier.LOW: Row((100,), (100,), (100,), (80, 20), 400_000),
}
# Points out of a hundred from which an assessment finds a tier; anything below is high risk.
POINTS: Final[dict[Tier, int]] = {Tier.LOW: 80, Tier.MEDIUM: 60, Tier.HIGH: 0}


def tier_of(points: int) -> Tier:
    """
    Return the tier that an assessment's points come to.

    :raises Unacceptable: if they are not 0 to 100
    """
    if not 0 <= points <= 100:  # noqa: PLR2004 - a hundred points
        raise Unacceptable(_("An assessment gives 0 to 100 points."))
    return next(tier for tier, least in POINTS.items() if points >= least)


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the last one of that month if it has no such day."""
    whole = day.year * 12 + day.month - 1 + months
    first = date(whole // 12, whole % 12 + 1, 1)
    following = date((whole + 1) // 12, (whole + 1) % 12 + 1, 1)
    return first.replace(day=min(day.day, (following - first).days))


def months_of(starts_on: date, ends_on: date) -> int:
    """Return how many months work lasts, a begun month counted whole, both days counted."""
    months = (ends_on.year - starts_on.year) * 12 + ends_on.month - starts_on.month
    return months + 1 if months_after(starts_on, months) <= ends_on else max(months, 1)


def checks_of(tier: Tier) -> str:
    """Return in words what an organisation of a tier is asked for beside its reports."""
    return {
        Tier.HIGH: _("A report before each tranche, one or two field visits, a spot check, an audit."),
        Tier.MEDIUM: _("An interim report, a field visit, and a spot check by amount."),
        Tier.LOW: _("A final report, and an audit by sample."),
    }[tier]


def percents_of(tier: Tier, months: int, amount: Money) -> tuple[int, ...]:
    """
    Return the percentages of the table that fit.

    What lasts longer than twelve months takes the column of seven to twelve, spread over its length.
    """
    row = TABLE[tier]
    large = Money.of(row.threshold, amount.currency)
    return row.percents(is_short=months < _SHORT_MONTHS, is_large=amount >= large)


def plan_of(tier: Tier, starts_on: date, ends_on: date, amount: Money) -> tuple[Part, ...]:
    """
    Return the tranches that the table plans for an amount; to the cent they add up to it.

    :raises Unacceptable: if there is no amount, or less of it than the tranches need to be above zero
    """
    if amount.minor <= 0 or ends_on < starts_on:
        raise Unacceptable(_("Fill in the budget first: the plan divides its sum."))
    months = months_of(starts_on, ends_on)
    percents = percents_of(tier, months, amount)
    parts = amount.split(list(percents))
    if any(part.minor <= 0 for part in parts):
        raise Unacceptable(_("That is too little to be paid in %(count)s tranches.") % {"count": len(percents)})
    return tuple(
        Part(
            title=_("Tranche %(number)s of %(count)s, %(percent)s %%")
            % {"number": place + 1, "count": len(percents), "percent": percent},
            expected_on=months_after(starts_on, months * place // len(percents)),
            amount=part,
            condition=_condition(tier, place),
        )
        for place, (percent, part) in enumerate(zip(percents, parts, strict=True))
    )


def _condition(tier: Tier, place: int) -> str:
    if place == 0:
        return ""
    if tier == Tier.HIGH:
        return _("The report on tranche %(before)s is accepted, and a field visit has been made") % {"before": place}
    return _("The report on tranche %(before)s is accepted") % {"before": place}
