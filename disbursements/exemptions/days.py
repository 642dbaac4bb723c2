"""On which days an exemption is valid, when its end is told of, and who may ask for one directly."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _

from disbursements.exemptions.values import Exemption, Letter, day
from disbursements.states import OrganisationKind
from trustfund.core.verdicts import YES, Verdict, no

# Who has been granted two in this many months knows the way, and asks the committee without a go-between.
_GRANTS_TO_KNOW: Final = 2
_MONTHS_TO_KNOW: Final = 18
_DIRECT_KINDS: Final = frozenset(
    {OrganisationKind.WHO, OrganisationKind.UN_AGENCY, OrganisationKind.RED_CROSS, OrganisationKind.OLYMPIC}
)
WARN_DAYS: Final = (90, 30, 7)


@dataclass(frozen=True)
class Span:
    """Days that letters cover without a break, both ends counted."""

    first: date
    last: date

    def covers(self, first: date, last: date) -> bool:
        """Return whether every day from one to another is covered."""
        return self.first <= first <= last <= self.last


def spans_of(letters: Sequence[Letter]) -> tuple[Span, ...]:
    """
    Return the days that letters cover, in order.

    An extension granted while the letter before it was valid goes on where that ended. One granted after expiry
    brings nothing back: it covers days from the day on which it was granted, and the days between stay uncovered.
    """
    found: list[Span] = []
    for letter in letters:
        if not found:
            found.append(Span(letter.valid_from, letter.valid_to))
            continue
        last = found[-1]
        is_late = letter.granted_on > last.last
        leaves_gap = letter.valid_from > last.last + timedelta(days=1)
        if is_late or leaves_gap:
            first = max(letter.valid_from, letter.granted_on) if is_late else letter.valid_from
            if first <= letter.valid_to:
                found.append(Span(first, letter.valid_to))
        else:
            found[-1] = Span(last.first, letter.valid_to)
    return tuple(found)


def is_valid_on(exemption: Exemption, on: date) -> bool:
    """Return whether an exemption is valid on a day."""
    is_revoked = exemption.revoked_on is not None and exemption.revoked_on <= on
    return not is_revoked and any(span.covers(on, on) for span in spans_of(exemption.letters))


def days_left(exemption: Exemption, on: date) -> int:
    """Return how many days an exemption is still valid, the day itself not counted; below zero, it has expired."""
    return (spans_of(exemption.letters)[-1].last - on).days


def warning_due(exemption: Exemption, on: date) -> int | None:
    """Return the mark, 90, 30 or 7 days, that an exemption has passed last on its way to expiry; nothing before."""
    left = days_left(exemption, on)
    return min((mark for mark in WARN_DAYS if left <= mark), default=None) if left >= 0 else None


def in_words(spans: Iterable[Span]) -> str:
    """Return spans as people read them."""
    return _(" and ").join(
        _("from %(first)s to %(last)s") % {"first": day(span.first), "last": day(span.last)} for span in spans
    )


def may_submit_direct(kind: OrganisationKind, granted_on: Iterable[date], on: date, *, is_urgent: bool) -> Verdict:
    """
    Return whether an organisation may ask the sanctions committee itself, or has to go through somebody.

    :param granted_on: when exemptions were granted to it before
    :param is_urgent: whether it is emergency aid that cannot wait
    """
    since = _months_before(on, _MONTHS_TO_KNOW)
    lately = sum(since <= day <= on for day in granted_on)
    if kind in _DIRECT_KINDS or is_urgent or lately >= _GRANTS_TO_KNOW:
        return YES
    return no(_("Fewer than two exemptions in 18 months: ask through a member state, else the resident coordinator."))


def _months_before(on: date, months: int) -> date:
    whole = on.year * 12 + on.month - 1 - months
    first = date(whole // 12, whole % 12 + 1, 1)
    following = date((whole + 1) // 12, (whole + 1) % 12 + 1, 1)
    return first + timedelta(days=min(on.day, (following - first).days) - 1)
