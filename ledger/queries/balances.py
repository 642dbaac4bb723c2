"""Balances: of one account, under a prefix, of all accounts; and the entries about something."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, QuerySet

from ledger import chart
from ledger.models import Account, Entry
from ledger.queries.rows import rows
from ledger.refusals import UnknownAccount, refuse
from trustfund.core.currencies import ALPHABETIC_CODES, NUMERIC_CODES
from trustfund.core.money import Money, total


@dataclass(frozen=True, slots=True)
class TrialBalanceLine:
    """An account and its balance, in the debit or in the credit column; the other one is zero."""

    code: str
    name: str
    currency: str
    debit: Money
    credit: Money


def _held(accounts: str, on: date | None, known_at: datetime | None) -> tuple[str, list[Any]]:
    """Return the call that reads balances, and its parameters."""
    if known_at is None:
        return f"ledger_balances_of({accounts}, %s)", [on]
    return f"ledger_balances_known({accounts}, %s, %s)", [on, known_at]


def account_of(code: str) -> Account:
    """
    Return the account of a code.

    :raises UnknownAccount: if there is none
    """
    account = Account.objects.filter(code=code).first()
    if account is None:
        raise refuse(UnknownAccount, code)
    return account


def balance_of(code: str, on: date | None = None, *, known_at: datetime | None = None) -> Money:
    """
    Return an account's balance, debits positive: now, or as of the end of a day.

    An account that the chart foresees and nobody has opened yet holds nothing, in the fund's currency.

    :param known_at: leave out what was booked later, so that an old statement can be told again
    :raises UnknownAccount: if neither the books nor the chart know the code
    """
    held, parameters = _held("ARRAY[account.id]", on, known_at)
    found = rows(
        "SELECT account.currency, coalesce(held.amount, 0) FROM ledger_account AS account "  # noqa: S608 - our own text
        f"LEFT JOIN LATERAL {held} AS held ON true WHERE account.code = %s",
        [*parameters, code],
    )
    if found:
        ((currency, minor),) = found
        return Money(int(minor), ALPHABETIC_CODES[currency])
    if chart.head_of(code) in chart.BY_CODE:
        return Money.zero(settings.FUND_CURRENCY)
    raise refuse(UnknownAccount, code)


def balances_under(
    prefix: str | tuple[str, ...],
    currency: str = settings.FUND_CURRENCY,
    on: date | None = None,
    *,
    known_at: datetime | None = None,
) -> dict[str, Money]:
    """
    Return the balances of the accounts whose code starts with a prefix, in one currency, by code.

    :param prefix: or several, read at one moment; who names few heads waits for few accounts
    :param known_at: leave out what was booked later
    """
    held, parameters = _held("ARRAY(SELECT id FROM wanted)", on, known_at)
    found = rows(
        "WITH wanted AS MATERIALIZED "  # noqa: S608 - our own text
        "(SELECT id, code FROM ledger_account WHERE code ^@ ANY (%s) AND currency = %s) "
        "SELECT wanted.code, coalesce(held.amount, 0) FROM wanted LEFT JOIN "
        f"{held} AS held ON held.account = wanted.id ORDER BY wanted.code",
        [[prefix] if isinstance(prefix, str) else list(prefix), NUMERIC_CODES[currency], *parameters],
    )
    return {code: Money(int(minor), currency) for code, minor in found}


def total_under(
    prefix: str,
    currency: str = settings.FUND_CURRENCY,
    on: date | None = None,
    *,
    known_at: datetime | None = None,
) -> Money:
    """
    Return the sum of the balances of the accounts whose code starts with a prefix, in one currency.

    :param known_at: leave out what was booked later
    """
    return total(balances_under(prefix, currency, on, known_at=known_at).values(), currency)


def trial_balance(on: date | None = None, *, known_at: datetime | None = None) -> list[TrialBalanceLine]:
    """
    Return every account that has lines up to a day, with its balance; debits equal credits in every currency.

    :param known_at: leave out what was booked later
    """
    held, parameters = _held("ARRAY(SELECT id FROM ledger_account)", on, known_at)
    found = rows(
        "SELECT account.code, account.name, account.currency, held.amount "  # noqa: S608 - our own text
        f"FROM {held} AS held JOIN ledger_account AS account ON account.id = held.account ORDER BY account.code",
        parameters,
    )
    lines = []
    for code, name, number, minor in found:
        money = Money(int(minor), ALPHABETIC_CODES[number])
        nothing = Money.zero(money.currency)
        lines.append(
            TrialBalanceLine(
                code=code,
                name=name,
                currency=money.currency,
                debit=max(money, nothing),
                credit=max(-money, nothing),
            )
        )
    return lines


@dataclass(frozen=True, slots=True)
class ColumnSums:
    """The sums of a trial balance in one currency; in sound books both columns are equal."""

    currency: str
    debit: Money
    credit: Money

    @property
    def is_even(self) -> bool:
        """Whether the columns are equal."""
        return self.debit == self.credit


def sums_of(lines: Iterable[TrialBalanceLine]) -> list[ColumnSums]:
    """Return the sums of a trial balance's columns, by currency."""
    lines = list(lines)
    return [
        ColumnSums(
            currency,
            total((line.debit for line in lines if line.currency == currency), currency),
            total((line.credit for line in lines if line.currency == currency), currency),
        )
        for currency in sorted({line.currency for line in lines})
    ]


def entries_about(subject: UUID) -> QuerySet[Entry]:
    """Return the entries about a thing, in the order in which they were booked."""
    return Entry.objects.filter(subject=subject).select_related("actor").order_by("id")


def open_from() -> date:
    """Return the first day of the open period: nothing is posted with an earlier effective date."""
    ((day,),) = rows("SELECT ledger_open_from()")
    assert isinstance(day, date)
    return day


def entries_between(first: date, last: date, *, kind_prefix: str = "") -> QuerySet[Entry]:
    """Return the entries effective from one day to another, both included, earliest first."""
    between = Entry.objects.filter(effective_on__gte=first, effective_on__lte=last, kind__startswith=kind_prefix)
    return between.order_by("effective_on", "id")


def counts_by_kind(first: date, last: date) -> dict[str, int]:
    """Return how many entries of each kind are effective from one day to another, both included, by kind."""
    rows = entries_between(first, last).order_by("kind").values_list("kind").annotate(count=Count("id"))
    return dict(rows)


def first_effective_day() -> date | None:
    """Return the earliest effective day in the books, or nothing when they are empty."""
    return Entry.objects.order_by("effective_on").values_list("effective_on", flat=True).first()


@dataclass(frozen=True, slots=True)
class MovedFor:
    """What the entries about one thing, of one kind, moved on an account between two days."""

    subject: UUID | None
    kind: str
    money: Money


def moved_by_subject(code: str, first: date, last: date) -> list[MovedFor]:
    """Return what an account gained from one day to another, both included, by what it was about; in one query."""
    found = rows(
        """
        SELECT entry.subject, entry.kind, account.currency, sum(line.amount)
          FROM ledger_account AS account
          JOIN ledger_line AS line ON line.account = account.id
          JOIN ledger_entry AS entry ON entry.id = line.entry
         WHERE account.code = %s AND line.effective_on BETWEEN %s AND %s
         GROUP BY entry.subject, entry.kind, account.currency
        """,
        [code, first, last],
    )
    return [
        MovedFor(subject, kind, Money(int(minor), ALPHABETIC_CODES[currency]))
        for subject, kind, currency, minor in found
    ]
