"""The pages that need more than one room: overview, my work, decisions, use of funds, people; and accessibility."""

from trustfund.pages.views.decision import decision
from trustfund.pages.views.home import home
from trustfund.pages.views.people import people, person
from trustfund.pages.views.public import accessibility, cycle, cycle_csv, cycle_xlsx, public
from trustfund.pages.views.receipt import ballot_paper
from trustfund.pages.views.reconciliation import reconciliation, reconciliation_csv, reconciliation_xlsx
from trustfund.pages.views.subject import subject
from trustfund.pages.views.use_of_funds import donor_use_of_funds, our_use_of_funds, use_of_funds_csv, use_of_funds_xlsx

__all__ = [
    "accessibility",
    "ballot_paper",
    "cycle",
    "cycle_csv",
    "cycle_xlsx",
    "decision",
    "donor_use_of_funds",
    "home",
    "our_use_of_funds",
    "people",
    "person",
    "public",
    "reconciliation",
    "reconciliation_csv",
    "reconciliation_xlsx",
    "subject",
    "use_of_funds_csv",
    "use_of_funds_xlsx",
]
