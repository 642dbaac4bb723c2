"""The position as rows for a spreadsheet. No cell can be read as a formula."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from assurance import wording
from assurance.lines import SourcesAndUses
from continuity.queries import Held, Runway
from trustfund.core.money import Money

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def cell(text: object) -> str:
    """Return text that a spreadsheet shows and never computes."""
    plain = str(text)
    return f"'{plain}" if plain.startswith(_FORMULA) else plain


def _row(section: object, line: object, accounts: str, money: Money, share: str = "") -> list[str]:
    # An amount is a number and may start with its minus sign.
    return [cell(section), cell(line), cell(accounts), str(money.amount), money.currency, cell(share)]


def position_rows(statement: SourcesAndUses, held: Held, runway: Runway) -> Iterator[list[str]]:
    """Yield the head and the rows of the position: the statement, the cash by purpose, the runway."""
    yield [_("Section"), _("Line"), _("Ledger accounts"), _("Amount"), _("Currency"), _("Share")]
    for section in statement.sections():
        for row in section.rows:
            share = f"{row.percent}{wording.SHARES[row.percent_of]}" if row.percent is not None else ""
            yield _row(
                wording.SECTIONS[section.key],
                wording.LINES[row.key],
                wording.ACCOUNTS.get(row.key, ""),
                row.amount,
                share,
            )
    purpose = _("Cash by purpose")
    yield _row(purpose, _("Spendable"), "9400", held.spendable)
    yield _row(purpose, _("Reserved for approved tranches"), "9410", held.reserved)
    yield _row(purpose, _("Payments in preparation"), "9430, 9440", held.in_payment)
    yield _row(purpose, _("Continuity reserve"), "9420", held.continuity_reserve)
    yield _row(purpose, _("Cash held"), "1100", held.cash)
    months = "" if runway.months is None else str(runway.months)
    yield _row(_("Months of uninterrupted programming"), _("Approved need a month"), "", runway.monthly_need, months)
