"""The statement of an account with its running balance, paged by key; the same for all accounts; and its months."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from ledger.models import Account, Entry
from ledger.queries.rows import rows
from trustfund.core.currencies import ALPHABETIC_CODES
from trustfund.core.money import Money

FIRST_DAY: Final = date.min
LAST_DAY: Final = date.max


@dataclass(frozen=True, slots=True, order=True)
class StatementKey:
    """Where a line stands in its account's statement; a page begins beyond it."""

    day: date
    entry: int
    leg: int

    def __str__(self) -> str:
        return f"{self.day.isoformat()}.{self.entry}.{self.leg}"

    @classmethod
    def read(cls, text: str) -> "StatementKey | None":
        """Return the key that an address carries, or None if it is none."""
        try:
            day, entry, leg = text.split(".")
            return cls(date.fromisoformat(day), int(entry), int(leg))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One line, the entry it belongs to, and what the account held after it."""

    key: StatementKey
    entry: Entry
    money: Money
    balance: Money

    @property
    def debit(self) -> Money | None:
        """The money if it is a debit."""
        return self.money if self.money.minor > 0 else None

    @property
    def credit(self) -> Money | None:
        """The money, as a positive figure, if it is a credit."""
        return -self.money if self.money.minor < 0 else None


@dataclass(frozen=True, slots=True)
class Statement:
    """A page of a statement, in the order asked for, and the key of the page beyond it if there is one."""

    account: Account
    lines: list[StatementLine]
    beyond: StatementKey | None


# The page is found by the key of the index, bounded once on either side: of two bounds on one side PostgreSQL starts at
# the wider and reads all that lies between. What stood before its first line is a balance as of the day before it,
# which costs the same however long the history is, and what that day had brought by then.
_STATEMENT: Final = """
    WITH page AS MATERIALIZED (
        SELECT line.effective_on, line.entry, line.leg, line.amount
          FROM ledger_line AS line
         WHERE line.account = %(account)s AND line.effective_on {within} %(until)s
           AND (line.effective_on, line.entry, line.leg) {beyond} (%(day)s, %(entry)s, %(leg)s)
         ORDER BY line.effective_on {order}, line.entry {order}, line.leg {order}
         LIMIT %(size)s
    ), earliest AS (
        SELECT page.effective_on, page.entry, page.leg FROM page
         ORDER BY page.effective_on, page.entry, page.leg LIMIT 1
    ), opening AS (
        SELECT coalesce((SELECT held.amount FROM earliest, ledger_balances_of(
                            ARRAY[%(account)s::integer], earliest.effective_on - 1) AS held), 0)
             + coalesce((SELECT sum(line.amount) FROM ledger_line AS line, earliest
                          WHERE line.account = %(account)s AND line.effective_on = earliest.effective_on
                            AND (line.entry, line.leg) < (earliest.entry, earliest.leg)), 0) AS amount
    )
    SELECT page.effective_on, page.entry, page.leg, page.amount,
           opening.amount + sum(page.amount) OVER (ORDER BY page.effective_on, page.entry, page.leg),
           entry.kind, entry.reference, entry.memo, entry.booked_at, entry.subject
      FROM page CROSS JOIN opening JOIN ledger_entry AS entry ON entry.id = page.entry
     ORDER BY page.effective_on {order}, page.entry {order}, page.leg {order}
"""
_FORWARD: Final = _STATEMENT.format(beyond=">", within="<=", order="ASC")
_BACK: Final = _STATEMENT.format(beyond="<", within=">=", order="DESC")


def statement_of(
    account: Account,
    *,
    first: date | None = None,
    last: date | None = None,
    beyond: StatementKey | None = None,
    size: int = 50,
    latest_first: bool = True,
) -> Statement:
    """
    Return a page of an account's statement: one query, the same effort on the first page and on the last.

    :param first: the first day wanted; all history if None
    :param last: the last day wanted
    :param beyond: the key of the last line seen
    """
    if latest_first:
        edge, until = StatementKey(last or LAST_DAY, 2**62, 0), first or FIRST_DAY
        key = min(beyond or edge, edge)
    else:
        edge, until = StatementKey(first or FIRST_DAY, 0, 0), last or LAST_DAY
        key = max(beyond or edge, edge)
    found = rows(
        _BACK if latest_first else _FORWARD,
        {
            "account": account.pk,
            "until": until,
            "day": key.day,
            "entry": key.entry,
            "leg": key.leg,
            "size": size + 1,
        },
    )
    lines = [
        StatementLine(
            key=StatementKey(day, entry, leg),
            entry=Entry(
                pk=entry,
                kind=kind,
                reference=reference,
                memo=memo,
                effective_on=day,
                booked_at=booked_at,
                subject=subject,
            ),
            money=account.money(int(amount)),
            balance=account.money(int(balance)),
        )
        for day, entry, leg, amount, balance, kind, reference, memo, booked_at, subject in found[:size]
    ]
    return Statement(account, lines, lines[-1].key if len(found) > size else None)


@dataclass(frozen=True, slots=True)
class Month:
    """What an account gained and gave in a month, and what it held at the end of it."""

    first: date
    last: date
    debit: Money
    credit: Money
    balance: Money


def months_of(account: Account, *, upto: date, count: int = 12) -> list[Month]:
    """Return the last months of an account up to a day's month, earliest first; a month without lines is one too."""
    this = upto.replace(day=1)
    years, months = divmod(this.year * 12 + this.month - count, 12)
    found = rows(
        """
        WITH month AS (
            SELECT first::date AS first, (first + interval '1 month')::date - 1 AS last
              FROM generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 month') AS first
        ), opening AS (
            SELECT coalesce((SELECT amount FROM ledger_balances_of(
                       ARRAY[%(account)s::integer], %(first)s::date - 1)), 0) AS amount
        )
        SELECT month.first, month.last, coalesce(moved.debit, 0), coalesce(moved.credit, 0),
               opening.amount + coalesce(sum(moved.debit - moved.credit) OVER (ORDER BY month.first), 0)
          FROM month CROSS JOIN opening
          LEFT JOIN ledger_months_of(%(account)s, %(first)s, %(last)s) AS moved ON moved.month = month.first
         ORDER BY month.first
        """,
        {"first": date(years, months + 1, 1), "last": this, "account": account.pk},
    )
    return [
        Month(first, last, account.money(int(debit)), account.money(int(credit)), account.money(int(balance)))
        for first, last, debit, credit, balance in found
    ]


@dataclass(frozen=True, slots=True)
class GeneralLedgerLine:
    """One line of the general ledger."""

    account_code: str
    account_name: str
    key: StatementKey
    reference: str
    kind: str
    memo: str
    money: Money
    balance: Money


def general_ledger(
    *,
    first: date | None = None,
    last: date | None = None,
    after: tuple[str, StatementKey] | None = None,
    size: int = 500,
) -> list[GeneralLedgerLine]:
    """
    Return every account's lines between two days, account by account, each with its running balance; paged by key.

    :param after: the account's code and the key of the last line seen
    """
    code, key = after or ("", StatementKey(FIRST_DAY, 0, 0))
    found = rows(
        """
        WITH page AS MATERIALIZED (
            SELECT account.id, account.code, account.name, account.currency,
                   line.effective_on, line.entry, line.leg, line.amount
              FROM ledger_account AS account CROSS JOIN LATERAL (
                   SELECT line.effective_on, line.entry, line.leg, line.amount FROM ledger_line AS line
                    WHERE line.account = account.id AND line.effective_on BETWEEN %(first)s AND %(last)s
                      AND (account.code > %(code)s
                           OR (line.effective_on, line.entry, line.leg) > (%(day)s, %(entry)s, %(leg)s))
                    ORDER BY line.effective_on, line.entry, line.leg LIMIT %(size)s) AS line
             WHERE account.code >= %(code)s
             ORDER BY account.code, line.effective_on, line.entry, line.leg
             LIMIT %(size)s
        ), earliest AS (
            SELECT DISTINCT ON (page.id) page.id, page.effective_on, page.entry, page.leg FROM page
             ORDER BY page.id, page.effective_on, page.entry, page.leg
        ), opening AS (
            SELECT earliest.id,
                   coalesce((SELECT held.amount FROM ledger_balances_of(
                                ARRAY[earliest.id], earliest.effective_on - 1) AS held), 0)
                 + coalesce((SELECT sum(line.amount) FROM ledger_line AS line
                              WHERE line.account = earliest.id AND line.effective_on = earliest.effective_on
                                AND (line.entry, line.leg) < (earliest.entry, earliest.leg)), 0) AS amount
              FROM earliest
        )
        SELECT page.code, page.name, page.currency, page.effective_on, page.entry, page.leg, page.amount,
               opening.amount + sum(page.amount) OVER (
                   PARTITION BY page.id ORDER BY page.effective_on, page.entry, page.leg),
               entry.reference, entry.kind, entry.memo
          FROM page JOIN opening USING (id) JOIN ledger_entry AS entry ON entry.id = page.entry
         ORDER BY page.code, page.effective_on, page.entry, page.leg
        """,
        {
            "first": first or FIRST_DAY,
            "last": last or LAST_DAY,
            "code": code,
            "day": key.day,
            "entry": key.entry,
            "leg": key.leg,
            "size": size,
        },
    )
    return [
        GeneralLedgerLine(
            account_code=account_code,
            account_name=name,
            key=StatementKey(day, entry, leg),
            reference=reference,
            kind=kind,
            memo=memo,
            money=Money(int(amount), ALPHABETIC_CODES[currency]),
            balance=Money(int(balance), ALPHABETIC_CODES[currency]),
        )
        for account_code, name, currency, day, entry, leg, amount, balance, reference, kind, memo in found
    ]


@dataclass(frozen=True, slots=True)
class MonthActivity:
    """How many lines took effect in a month."""

    first: date
    last: date
    lines: int


def month_activity(count: int = 24) -> list[MonthActivity]:
    """Return the latest months in which anything took effect, latest first."""
    found = rows("SELECT month, (month + interval '1 month')::date - 1, lines FROM ledger_lines_by_month(%s)", [count])
    return [MonthActivity(first, last, int(lines)) for first, last, lines in found]
