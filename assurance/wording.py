"""The words of the statements: the terms the Multi-Partner Trust Fund Office uses, so that donors know them by heart."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from assurance.lines import SourcesAndUses

SECTIONS: Final[Mapping[str, object]] = {
    "sources": _("Source of funds"),
    "uses": _("Use of funds"),
    "partners": _("Participating organizations"),
    "balance": _("Balance"),
}

LINES: Final[Mapping[str, object]] = {
    "contributions": _("Contributions from donors"),
    "exchange_difference": _("of which exchange difference against the pledge-date rate"),
    "fund_interest": _("Interest and investment income (from fund)"),
    "partner_interest": _("Interest (from participating organizations)"),
    "other_income": _("Other income"),
    "total_sources": _("Total source of funds"),
    "transferred": _("Transferred to participating organizations"),
    "transfers_to_other_funds": _("Transfers to other trust funds"),
    "subtotal_transfers": _("Subtotal of transfers"),
    "refunds": _("Refunds from participating organizations"),
    "agent_fee": _("Administrative agent fee"),
    "direct_cost": _("Direct cost"),
    "bank_charges": _("Bank charges"),
    "total_uses": _("Total use of funds"),
    "balance_with_agent": _("Balance of funds with the administrative agent"),
    "partner_transfers": _("Transfers received"),
    "partner_expenditure": _("Expenditure reported"),
    "partner_refunds": _("Refunds to the fund"),
    "partner_total_expenses": _("Total expenditure and refunds"),
    "balance_with_partners": _("Balance of funds with participating organizations"),
    "total_balance": _("Total balance of funds"),
}

SHARES: Final[Mapping[str, object]] = {"deposits": _("% of deposits"), "transfers": _("% of transfers")}

ROUNDING_NOTE: Final = _(
    "Figures are held and printed to the cent; percentages are rounded to one decimal. Where these figures are "
    "quoted elsewhere in whole dollars, totals may differ from the sum of their lines by one dollar."
)


def worded(statement: SourcesAndUses) -> list[dict[str, object]]:
    """Return the sections of a statement with their words, as templates print them."""
    return [
        {
            "key": section.key,
            "title": str(SECTIONS[section.key]),
            "rows": [
                {
                    "key": row.key,
                    "label": str(LINES[row.key]),
                    "amount": row.amount,
                    "closes_sum": row.closes_sum,
                    "is_detail": row.is_detail,
                    "percent": row.percent,
                    "percent_of": str(SHARES[row.percent_of]) if row.percent_of else "",
                }
                for row in section.rows
            ],
        }
        for section in statement.sections()
    ]
