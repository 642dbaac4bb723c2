"""Schedules of instalments: when parts fall due, equal parts to the minor unit, and which part money pays. Pure."""

from calendar import monthrange
from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from typing import Final, TypeVar

from django.utils.translation import gettext as _

from trustfund.core.money import Money, total
from trustfund.core.refusals import Unacceptable

Schedule = list[tuple[date, Money]]
Key = TypeVar("Key", bound=Hashable)

LONGEST_YEARS: Final = 25
_MONTHS_IN_A_YEAR: Final = 12
_MONTHS_IN_HALF_A_YEAR: Final = 6


def yearly(start: date, years: int) -> list[date]:
    """
    Return one due day a year, the first on the start itself; 29 February falls on the 28th in other years.

    :raises Unacceptable: if the years are not 1 to 25
    """
    return _every(_MONTHS_IN_A_YEAR, start, years, count=years)


def half_yearly(start: date, years: int) -> list[date]:
    """
    Return two due days a year, six months apart, the first on the start itself.

    :raises Unacceptable: if the years are not 1 to 25
    """
    return _every(_MONTHS_IN_HALF_A_YEAR, start, years, count=2 * years)


def _every(months: int, start: date, years: int, *, count: int) -> list[date]:
    if not 1 <= years <= LONGEST_YEARS:
        raise Unacceptable(_("A schedule runs over 1 to %(longest)s years.") % {"longest": LONGEST_YEARS})
    if start.year + years > date.max.year:
        raise Unacceptable(_("This schedule would end after the year 9999. Check the first due date."))
    return [_months_after(start, months * index) for index in range(count)]


def _months_after(start: date, months: int) -> date:
    year, month = divmod(start.month - 1 + months, _MONTHS_IN_A_YEAR)
    year, month = start.year + year, month + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def equal_parts(amount: Money, due_days: Sequence[date]) -> Schedule:
    """
    Return instalments of equal size that add up to the amount exactly; what cannot be divided goes to the earliest.

    :raises Unacceptable: if there is no due day, or the amount is too small to give each day something
    """
    if not due_days:
        raise Unacceptable(_("A pledge has at least one instalment. Give a due date."))
    if amount.minor < len(due_days):
        raise Unacceptable(_("The amount is too small for so many instalments. Choose fewer."))
    days = sorted(due_days)
    return list(zip(days, amount.split([1] * len(days)), strict=True))


def require_adds_up(amount: Money, schedule: Schedule) -> None:
    """
    Do nothing if the instalments are positive, fall on different days in order, and add up to the amount.

    :raises Unacceptable: if one of these does not hold; the message names the difference
    """
    if not schedule:
        raise Unacceptable(_("A pledge has at least one instalment. Give a due date."))
    days = [day for day, _part in schedule]
    if days != sorted(set(days)):
        raise Unacceptable(_("Instalments fall due on different days, earliest first. Check the due dates."))
    if any(part.currency != amount.currency for _day, part in schedule):
        raise Unacceptable(
            _("The instalments must be in the pledge's currency, %(currency)s.") % {"currency": amount.currency}
        )
    if any(part.minor <= 0 for _day, part in schedule):
        raise Unacceptable(_("Every instalment is more than zero. Remove the empty one."))
    added = total((part for _day, part in schedule), amount.currency)
    if added != amount:
        raise Unacceptable(
            _("The instalments add up to %(added)s, and the pledge is %(amount)s. The difference is %(difference)s.")
            % {"added": added, "amount": amount, "difference": amount - added}
        )


def allocate(money: Money, unpaid: Iterable[tuple[Key, Money]]) -> list[tuple[Key, Money]]:
    """
    Return which instalments some money pays: the oldest unpaid first, spilling into the next.

    :param unpaid: what each instalment still lacks, oldest first
    :raises Unacceptable: if the money is more than all of them lack
    """
    left = money
    parts: list[tuple[Key, Money]] = []
    for key, lacking in unpaid:
        if not left:
            break
        part = min(left, lacking)
        if part.minor > 0:
            parts.append((key, part))
            left -= part
    if left:
        raise Unacceptable(
            _("This is %(left)s more than the pledge still lacks. Say how much of the pledge it settles.")
            % {"left": left}
        )
    return parts
