"""The chart of accounts as a tree: classes, heads, and the account of each donor, pledge or programme under them."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from ledger import chart
from ledger.models import Account
from ledger.queries.rows import rows
from trustfund.core.currencies import ALPHABETIC_CODES
from trustfund.core.money import Money

SHOWN: Final = 100


@dataclass(slots=True)
class Branch:
    """A node of the tree: a class, a head or an account, with the sums of what lies under it, one for each currency."""

    code: str
    name: str
    meaning: str = ""
    account: Account | None = None
    totals: dict[str, Money] = field(default_factory=dict)
    branches: list["Branch"] = field(default_factory=list)

    def add(self, money: Money) -> None:
        """Add to the sum in the money's currency."""
        self.totals[money.currency] = self.totals.get(money.currency, Money.zero(money.currency)) + money

    @property
    def shown(self) -> list["Branch"]:
        """The first of what lies under it; the tree is for finding one's way, not for reading everything."""
        return self.branches[:SHOWN]

    @property
    def is_long(self) -> bool:
        """Whether more lies under it than is shown."""
        return len(self.branches) > SHOWN

    @property
    def sums(self) -> list[Money]:
        """The sums, by currency."""
        return [self.totals[currency] for currency in sorted(self.totals)]


def chart_tree(on: date | None = None) -> list[Branch]:
    """Return the classes of the chart with their heads and open accounts and what they held at the end of a day."""
    classes = {digit: Branch(digit, name) for digit, name in chart.CLASSES.items()}
    heads: dict[str, Branch] = {}
    for post in chart.CHART:
        heads[post.code] = Branch(post.code, post.name, post.meaning)
        classes[post.code[0]].branches.append(heads[post.code])
    found = rows(
        "SELECT account.id, account.code, account.name, account.kind, account.currency, account.closed, held.amount "
        "FROM ledger_account AS account "
        "LEFT JOIN ledger_balances_of(ARRAY(SELECT id FROM ledger_account), %s) AS held ON held.account = account.id "
        "ORDER BY account.code",
        [on],
    )
    for number, code, name, kind, currency, closed, minor in found:
        account = Account(pk=number, code=code, name=name, kind=kind, currency=currency, closed=closed)
        money = Money(int(minor or 0), ALPHABETIC_CODES[currency])
        head = chart.head_of(code)
        if head not in heads:
            heads[head] = Branch(head, name)
            classes.setdefault(head[0], Branch(head[0], head[0])).branches.append(heads[head])
        branch = heads[head]
        if code == head:
            branch.account = account
        else:
            branch.branches.append(Branch(code, name, account=account, totals={money.currency: money}))
        branch.add(money)
        classes[head[0]].add(money)
    for branch in classes.values():
        branch.branches.sort(key=lambda one: one.code)
    return list(classes.values())
