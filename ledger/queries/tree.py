"""The chart of accounts as a tree: classes, heads, and the account of each donor, pledge or programme under them."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from ledger import chart
from ledger.queries.rows import rows
from trustfund.core.currencies import ALPHABETIC_CODES
from trustfund.core.money import Money

SHOWN: Final = 50


@dataclass(slots=True)
class Branch:
    """A node of the tree: a class, a head or an account, with the sums of what lies under it, one for each currency."""

    code: str
    name: str
    meaning: str = ""
    is_account: bool = False
    minor_by_currency: dict[str, int] = field(default_factory=dict)
    branches: list["Branch"] = field(default_factory=list)

    def add(self, minor: int, currency: str) -> None:
        """Add minor units to the sum in a currency."""
        self.minor_by_currency[currency] = self.minor_by_currency.get(currency, 0) + minor

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
        return [Money(self.minor_by_currency[currency], currency) for currency in sorted(self.minor_by_currency)]


def chart_tree(on: date | None = None) -> list[Branch]:
    """Return the classes of the chart with their heads and open accounts and what they held at the end of a day."""
    classes = {digit: Branch(digit, name) for digit, name in chart.CLASSES.items()}
    heads: dict[str, Branch] = {}
    for post in chart.CHART:
        heads[post.code] = Branch(post.code, post.name, post.meaning)
        classes[post.code[0]].branches.append(heads[post.code])
    found = rows(
        "SELECT account.code, account.name, account.currency, held.amount "
        "FROM ledger_account AS account "
        "LEFT JOIN ledger_balances_of(ARRAY(SELECT id FROM ledger_account), %s) AS held ON held.account = account.id "
        "ORDER BY account.code",
        [on],
    )
    for code, name, number, amount in found:
        minor, currency = int(amount or 0), ALPHABETIC_CODES[number]
        head = chart.head_of(code)
        if head not in heads:
            heads[head] = Branch(head, name)
            classes.setdefault(head[0], Branch(head[0], head[0])).branches.append(heads[head])
        branch = heads[head]
        if code == head:
            branch.is_account = True
        else:
            branch.branches.append(Branch(code, name, is_account=True, minor_by_currency={currency: minor}))
        branch.add(minor, currency)
        classes[head[0]].add(minor, currency)
    for branch in classes.values():
        branch.branches.sort(key=lambda one: one.code)
    return list(classes.values())
