"""The bank's closing balances beside the books' cash, and every reason why the two differ."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from bank import queries as bank_queries
from bank.queries import Held
from ledger import chart
from ledger import queries as ledger_queries
from trustfund.core.money import Money, total
from trustfund.core.wording import event_words


@dataclass(frozen=True)
class Reason:
    """One reason why the bank holds more than the books, or less where it is below zero."""

    words: str
    amount: Money
    number: int = 0


@dataclass(frozen=True)
class Reconciliation:
    """The bank and the books at the end of a day. What no reason explains is a fault in one of the two."""

    on: date
    accounts: list[Held]
    bank: Money
    books: Money
    reasons: list[Reason]

    @property
    def difference(self) -> Money:
        """By how much the bank holds more than the books say."""
        return self.bank - self.books

    @property
    def unexplained(self) -> Money:
        """What of the difference no reason explains."""
        return self.difference - total((reason.amount for reason in self.reasons), self.difference.currency)


def reconciliation(on: date) -> Reconciliation:
    """
    Return the bank's balances and the books' cash at the end of a day, with the reasons why they differ.

    The fund's accounts in its own currency are compared; what lies on others is in the books at the value of its value
    date, and stands among the reasons.
    """
    usd = settings.FUND_CURRENCY
    accounts = bank_queries.held_on(on)
    own = [held for held in accounts if held.account.currency == usd]
    books = ledger_queries.balance_of(chart.CASH, on)
    bank = total((held.closing for held in own), usd)
    if not own:
        return Reconciliation(on, accounts, bank, books, [])
    since = min(held.opens_on for held in own)
    before = ledger_queries.balance_of(chart.CASH, since - timedelta(days=1))
    begins = total((held.opening for held in own), usd) - before
    reasons = [
        Reason(_("Before the first statement: the bank's opening balance less the cash in the books"), begins),
        Reason(_("Came in and waits to be matched or held"), total((held.came_in_waits for held in own), usd)),
        Reason(_("Went out and waits to be explained"), -total((held.went_out_waits for held in own), usd)),
        *_booked(on, since, usd),
    ]
    return Reconciliation(on, accounts, bank, books, [reason for reason in reasons if reason.amount])


def _booked(on: date, since: date, usd: str) -> list[Reason]:
    """Return what the books moved since a day beside what the bank's lines say of the same things."""
    used = bank_queries.used_by_subject(on)
    lines: dict[UUID, int] = {subject: minor for (subject, currency), minor in used.items() if currency == usd}
    abroad = {subject for subject, currency in used if currency != usd}
    on_lines = Money.zero(usd)
    elsewhere = Money.zero(usd)
    without: dict[str, list[Money]] = defaultdict(list)
    for moved in ledger_queries.moved_by_subject(chart.CASH, since, on):
        if moved.subject in lines:
            on_lines += moved.money
        elif moved.subject in abroad:
            elsewhere += moved.money
        else:
            without[moved.kind].append(moved.money)
    return [
        Reason(
            _("Matched lines, booked at another amount: the agent's fee, until the agent draws it"),
            Money(sum(lines.values()), usd) - on_lines,
        ),
        Reason(_("On the fund's accounts in other currencies, at the value of the value date"), -elsewhere),
        *(
            Reason(
                _("In the books, on no line of the bank: %(what)s") % {"what": event_words(kind)},
                -total(moneys, usd),
                len(moneys),
            )
            for kind, moneys in sorted(without.items())
        ),
    ]
