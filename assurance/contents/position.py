"""The fund's sources and uses at the end of a day, from the ledger."""

from datetime import date
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from assurance.contents.agreement import BooksDisagree
from assurance.lines import DoesNotAgree, SourcesAndUses
from ledger import chart
from ledger import queries as ledger_queries
from trustfund.core.money import Money, total

# All assets, liabilities, sources and uses, whatever accounts they have, and what organisations hold and spent.
_READ: Final = ("1", "2", "4", "5", chart.HELD_BY_PARTNER, chart.EXPENDITURE)


def sources_and_uses(as_of: date) -> SourcesAndUses:
    """
    Return where the fund's money came from and went, at the end of a day.

    Lines are summed by account and totals by class, so that an account no line knows is found out.

    :raises BooksDisagree: if the lines do not add up to the totals
    """
    usd = settings.FUND_CURRENCY
    # One reading, so that all lines are of one moment whatever is posted meanwhile.
    held = ledger_queries.balances_under(_READ, usd, as_of)

    def under(prefix: str) -> Money:
        return total((balance for code, balance in held.items() if code.startswith(prefix)), usd)

    transferred, expenditure, refunds = under(chart.TRANSFERS), under(chart.EXPENDITURE), -under(chart.REFUNDS)
    exchange_difference = -under(chart.EXCHANGE_DIFFERENCE)
    # Money that nobody has identified lies at the bank too, and is owed to whoever sent it.
    owed = -under("2")
    none = Money.zero(usd)
    try:
        return SourcesAndUses(
            as_of=as_of,
            contributions=exchange_difference - under(chart.CONTRIBUTIONS),
            exchange_difference=exchange_difference,
            fund_interest=-under(chart.FUND_INTEREST),
            partner_interest=-under(chart.PARTNER_INTEREST),
            other_income=-under(chart.OTHER_INCOME),
            total_sources=-under("4"),
            transferred=transferred,
            # The fund passes nothing on to other funds and has no account for it; the total of uses proves it.
            transfers_to_other_funds=none,
            subtotal_transfers=transferred,
            refunds=refunds,
            agent_fee=under(chart.AGENT_FEE),
            direct_cost=under(chart.DIRECT_COST),
            bank_charges=under(chart.BANK_CHARGES),
            contributor_refunds=under(chart.CONTRIBUTOR_REFUNDS),
            total_uses=under("5"),
            balance_with_agent=under(chart.CASH) + under(chart.IN_TRANSIT) - owed,
            partner_transfers=transferred,
            partner_expenditure=expenditure,
            partner_refunds=refunds,
            partner_total_expenses=expenditure + refunds,
            balance_with_partners=under(chart.HELD_BY_PARTNER),
            total_balance=under("1") - owed + under(chart.HELD_BY_PARTNER),
            unidentified=-under(chart.UNIDENTIFIED),
            cash=under(chart.CASH) + under(chart.IN_TRANSIT),
        )
    except DoesNotAgree as disagreement:
        raise BooksDisagree(
            _("The books do not add up, so no statement is made. Tell the auditors: %(what)s") % {"what": disagreement}
        ) from disagreement
