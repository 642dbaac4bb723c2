"""What one asks of the books. Nothing here changes anything."""

from ledger.models import Entry
from ledger.queries.balances import (
    ColumnSums,
    TrialBalanceLine,
    account_of,
    balance_of,
    balances_under,
    counts_by_kind,
    entries_about,
    entries_between,
    first_effective_day,
    open_from,
    sums_of,
    total_under,
    trial_balance,
)
from ledger.queries.entries import Leg, Search, find_entries, legs_of, seal_of
from ledger.queries.statements import (
    Month,
    MonthActivity,
    Statement,
    StatementKey,
    StatementLine,
    general_ledger,
    month_activity,
    months_of,
    statement_of,
)
from ledger.queries.tree import Branch, chart_tree
from ledger.queries.years import moved_by_year

__all__ = [
    "Branch",
    "ColumnSums",
    "Entry",
    "Leg",
    "Month",
    "MonthActivity",
    "Search",
    "Statement",
    "StatementKey",
    "StatementLine",
    "TrialBalanceLine",
    "account_of",
    "balance_of",
    "balances_under",
    "chart_tree",
    "counts_by_kind",
    "entries_about",
    "entries_between",
    "find_entries",
    "first_effective_day",
    "general_ledger",
    "legs_of",
    "month_activity",
    "months_of",
    "moved_by_year",
    "open_from",
    "seal_of",
    "statement_of",
    "sums_of",
    "total_under",
    "trial_balance",
]
