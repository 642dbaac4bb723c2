"""Which contents and which template make a kind of paper, and to which donor it goes. How to add one: `kinds`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from assurance.contents.acknowledgement import acknowledgement, cancellation, donor_of_receipt
from assurance.contents.call_notice import call_notice, call_withdrawal, donor_of_call
from assurance.contents.committee_papers import decision_paper, minutes, of_no_donor
from assurance.kinds import Kind
from donors.models import Donor


@dataclass(frozen=True)
class Paper:
    """
    How a kind of paper is made.

    :ivar says: returns a frozen dataclass for a subject; what happened later does not change it
    :ivar template: prints it, as `paper`
    :ivar donor_of: returns whom it goes to, or nobody; a kind that donors read goes to one
    """

    says: Callable[[UUID], Any]
    template: str
    donor_of: Callable[[UUID], Donor | None]


PAPERS: Final[Mapping[Kind, Paper]] = {
    Kind.CALL_NOTICE: Paper(call_notice, "reports/call_notice.html", donor_of_call),
    Kind.CALL_WITHDRAWN: Paper(call_withdrawal, "reports/call_withdrawn.html", donor_of_call),
    Kind.RECEIPT: Paper(acknowledgement, "reports/acknowledgement.html", donor_of_receipt),
    Kind.RECEIPT_CANCELLED: Paper(cancellation, "reports/acknowledgement_cancelled.html", donor_of_receipt),
    Kind.MINUTES: Paper(minutes, "reports/minutes.html", of_no_donor),
    Kind.DECISION: Paper(decision_paper, "reports/decision.html", of_no_donor),
}
