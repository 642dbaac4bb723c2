"""Budgets by the harmonised categories, and the ceiling on indirect cost: at most 7 % of the direct cost (rule R7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from disbursements.categories import Category
from trustfund.core.money import Money, total
from trustfund.core.refusals import Unacceptable

CEILING_PERCENT: Final = 7


class IndirectTooHigh(Unacceptable):
    """Indirect support cost is above 7 % of the direct cost."""

    code = "indirect_too_high"


class DoesNotAddUp(Unacceptable):
    """Parts that must add up to a whole do not."""

    code = "does_not_add_up"


@dataclass(frozen=True)
class Line:
    """What is planned in one category, and why."""

    category: Category
    amount: Money
    narrative: str = ""


@dataclass(frozen=True)
class Part:
    """A planned tranche: what is paid at once when its condition is met. No condition: on approval."""

    title: str
    expected_on: date
    amount: Money
    condition: str = ""


@dataclass(frozen=True)
class Budget:
    """Lines that were found to obey the ceiling, one a category, in the categories' order."""

    lines: tuple[Line, ...]
    direct: Money
    indirect: Money

    @property
    def amount(self) -> Money:
        """Direct and indirect together."""
        return self.direct + self.indirect


def ceiling_of(direct: Money) -> Money:
    """Return the most that indirect cost may be: 7 % of direct, rounded down to the minor unit."""
    return Money(direct.minor * CEILING_PERCENT // 100, direct.currency)


def direct_within(amount: Money) -> Money:
    """Return the most that direct cost may be when everything must fit an amount: floor(amount / 1.07)."""
    return Money(amount.minor * 100 // (100 + CEILING_PERCENT), amount.currency)


def least_direct(amount: Money) -> Money:
    """Return the least direct cost with which the rest of an amount is still at most 7 % of it."""
    return Money(-(-amount.minor * 100 // (100 + CEILING_PERCENT)), amount.currency)


def require_budget(lines: Iterable[Line], currency: str) -> Budget:
    """
    Return the budget that lines make, without those that plan nothing.

    :raises Unacceptable: if an amount is negative, a category comes twice, or there is no direct cost
    :raises IndirectTooHigh: if indirect cost is above 7 % of direct cost
    """
    kept = sorted((line for line in lines if line.amount), key=lambda line: line.category)
    if any(line.amount.minor < 0 for line in kept):
        raise Unacceptable(_("A budget line is an amount of zero or more."))
    if len({line.category for line in kept}) != len(kept):
        raise Unacceptable(_("A category stands twice in this budget. Put both into one line."))
    direct = total((line.amount for line in kept if line.category != Category.INDIRECT), currency)
    indirect = total((line.amount for line in kept if line.category == Category.INDIRECT), currency)
    if not direct:
        raise Unacceptable(_("This budget has no direct cost. Fill in at least one of the categories 1 to 7."))
    if indirect > ceiling_of(direct):
        raise IndirectTooHigh(
            _("Indirect support of %(indirect)s is above 7 %% of the direct cost. At most %(ceiling)s is possible.")
            % {"indirect": indirect, "ceiling": ceiling_of(direct)}
        )
    return Budget(lines=tuple(kept), direct=direct, indirect=indirect)


@dataclass(frozen=True)
class Moved:
    """What a category was to have, and what it shall have."""

    category: Category
    before: Money
    after: Money

    @property
    def is_changed(self) -> bool:
        """Whether it has another amount than before."""
        return self.before != self.after


def require_moved(
    before: Mapping[Category, Money], after: Mapping[Category, Money], spent: Mapping[Category, Money], currency: str
) -> tuple[Moved, ...]:
    """
    Return every category of a budget in which money moves between categories; nothing if none moves.

    :param spent: what must stay in a category, because it is reported as spent
    :raises Unacceptable: if an amount is negative, no direct cost is left, or a category is cut below what is spent
    :raises IndirectTooHigh: if indirect cost would be above 7 % of direct cost
    :raises DoesNotAddUp: if the total differs
    """
    zero = Money.zero(currency)
    rows = tuple(
        Moved(category, before.get(category, zero), after.get(category, zero))
        for category in Category
        if before.get(category) or after.get(category)
    )
    if not any(row.is_changed for row in rows):
        return ()
    whole = total((row.before for row in rows), currency)
    planned = total((row.after for row in rows), currency)
    if planned != whole:
        raise DoesNotAddUp(
            _("The categories add up to %(planned)s, and %(whole)s is approved. Change one until both are equal.")
            % {"planned": planned, "whole": whole}
        )
    require_budget((Line(row.category, row.after) for row in rows), currency)
    for row in rows:
        if row.after < row.before and row.after < spent.get(row.category, zero):
            raise Unacceptable(
                _("%(category)s would have %(after)s, and %(spent)s is reported as spent. Leave at least that.")
                % {"category": row.category.label, "after": row.after, "spent": spent[row.category]}
            )
    return rows


def require_parts(parts: Iterable[Part], amount: Money) -> tuple[Part, ...]:
    """
    Return the planned tranches.

    :raises Unacceptable: if there is none, or one is not above zero
    :raises DoesNotAddUp: if they do not add up to the amount exactly
    """
    kept = tuple(parts)
    if not kept or any(part.amount.minor <= 0 for part in kept):
        raise Unacceptable(_("A proposal is paid in one or more tranches, each above zero. Fill in at least one."))
    planned = total((part.amount for part in kept), amount.currency)
    if planned != amount:
        raise DoesNotAddUp(
            _("The tranches add up to %(planned)s and the budget to %(amount)s. Change one until both are equal.")
            % {"planned": planned, "amount": amount}
        )
    return kept
