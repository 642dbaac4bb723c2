"""
What a statement says, as values read from the ledger: a function of a day, the same today as in ten years.

Every figure is the ledger's. Where the same money can be counted in two ways, both are counted and must agree.
"""

from assurance.contents.agreement import BooksDisagree
from assurance.contents.document import TEMPLATES, Gathered, context, gather
from assurance.contents.donor_account import DonorAccount, donor_account
from assurance.contents.monthly_report import MonthlyReport, monthly_report
from assurance.contents.papers import PAPERS
from assurance.contents.plain import as_json
from assurance.contents.position import sources_and_uses

__all__ = [
    "PAPERS",
    "TEMPLATES",
    "BooksDisagree",
    "DonorAccount",
    "Gathered",
    "MonthlyReport",
    "as_json",
    "context",
    "donor_account",
    "gather",
    "monthly_report",
    "sources_and_uses",
]
