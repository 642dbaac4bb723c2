"""The words of the statements: the Multi-Partner Trust Fund Office's own terms, which donors know by heart."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from assurance.lines import SourcesAndUses
from ledger import chart

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
    "contributor_refunds": _("Refunds to contributors"),
    "total_uses": _("Total use of funds"),
    "balance_with_agent": _("Balance of funds with the administrative agent"),
    "partner_transfers": _("Transfers received"),
    "partner_expenditure": _("Expenditure reported"),
    "partner_refunds": _("Refunds to the fund"),
    "partner_total_expenses": _("Total expenditure and refunds"),
    "balance_with_partners": _("Balance of funds with participating organizations"),
    "total_balance": _("Total balance of funds"),
    "unidentified": _("Held beside it: receipts not yet identified"),
    "cash": _("Cash at the bank and in transit, unidentified receipts included"),
}

# Which ledger accounts a line sums, or which lines.
ACCOUNTS: Final[Mapping[str, str]] = {
    "contributions": f"{chart.CONTRIBUTIONS}, {chart.EXCHANGE_DIFFERENCE}",
    "exchange_difference": chart.EXCHANGE_DIFFERENCE,
    "fund_interest": chart.FUND_INTEREST,
    "partner_interest": chart.PARTNER_INTEREST,
    "other_income": chart.OTHER_INCOME,
    "total_sources": "4",
    "transferred": chart.TRANSFERS,
    "subtotal_transfers": chart.TRANSFERS,
    "refunds": chart.REFUNDS,
    "agent_fee": chart.AGENT_FEE,
    "direct_cost": chart.DIRECT_COST,
    "bank_charges": chart.BANK_CHARGES,
    "contributor_refunds": chart.CONTRIBUTOR_REFUNDS,
    "total_uses": "5",
    "balance_with_agent": f"{chart.CASH}, {chart.IN_TRANSIT}, {chart.UNIDENTIFIED}",
    "partner_transfers": chart.TRANSFERS,
    "partner_expenditure": chart.EXPENDITURE,
    "partner_refunds": chart.REFUNDS,
    "partner_total_expenses": f"{chart.EXPENDITURE}, {chart.REFUNDS}",
    "balance_with_partners": chart.HELD_BY_PARTNER,
    "total_balance": f"1, 2, {chart.HELD_BY_PARTNER}",
    "unidentified": chart.UNIDENTIFIED,
    "cash": f"{chart.CASH}, {chart.IN_TRANSIT}",
}

INSTALMENTS: Final[Mapping[str, object]] = {
    "paid": _("Paid"),
    "written_off": _("Written off"),
    "ended": _("Ended by notice"),
    "part_paid": _("Part paid"),
    "overdue": _("Overdue"),
    "scheduled": _("Scheduled"),
}

OUTCOMES: Final[Mapping[str, object]] = {
    "carried": _("Carried"),
    "rejected": _("Rejected"),
    "lapsed": _("Lapsed, no quorum"),
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
            "title": SECTIONS[section.key],
            "rows": [
                {
                    "key": row.key,
                    "label": LINES[row.key],
                    "accounts": ACCOUNTS.get(row.key, ""),
                    "amount": row.amount,
                    "closes_sum": row.closes_sum,
                    "is_detail": row.is_detail,
                    "percent": row.percent,
                    "percent_of": SHARES[row.percent_of] if row.percent_of else "",
                }
                for row in section.rows
            ],
        }
        for section in statement.sections()
    ]
