"""
What documents the fund issues, and who reads which. Pure.

A *statement* is asked for by a person or the calendar and says how things stood on a day. A *paper* says one thing that
happened, in one version: an acknowledgement, a call notice, minutes, a decision. It is asked for by the event itself.

To add a kind of paper: name it in `Kind`, give it its series in `SERIES` and its readers in `READ_BY`; write a module
beside `contents/acknowledgement.py` whose function returns a frozen dataclass for a subject (values only, no words: the
language is chosen later), and a template under `templates/reports/` that extends `reports/paper.html` and prints it as
`paper`; put both in `contents.papers.PAPERS`, with how the donor it goes to is found; say in `ASKED_FOR_BY` which event
asks for it (the event is about the subject, and its fact `version` says which version, 1 if it says none). That is all:
whoever records the event in an operation need know nothing of papers. When the operation has committed, the announcer
asks for the paper, in the donor's language and once for each (kind, subject, version), before anybody is told of the
event; a worker sets it; and a page links to `assurance:papers_about` with the subject, or on the roof asks
`assurance.queries.papers_about`.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What a document says."""

    SOURCES_AND_USES = "sources_and_uses", _("Sources and uses of funds")
    DONOR_ACCOUNT = "donor_account", _("Statement of account")
    MONTHLY_AUDIT = "monthly_audit", _("Monthly audit report")
    # Papers.
    RECEIPT = "receipt", _("Acknowledgement of a receipt")
    RECEIPT_CANCELLED = "receipt_cancelled", _("Cancellation of an acknowledgement")
    CALL_NOTICE = "call_notice", _("Call notice")
    CALL_WITHDRAWN = "call_withdrawn", _("Withdrawal of a call notice")
    MINUTES = "minutes", _("Minutes of a meeting")
    DECISION = "decision", _("Decision of the committee")


class Readers(Enum):
    """Who reads a document."""

    FUND = "whoever runs, decides on or audits the fund"
    FUND_BUT_SECONDED = "the same, but not seconded staff, for it names donors or votes"
    DONOR = "that donor's representatives, the secretariat and the auditors"
    EVERYBODY = "the public"


STATEMENTS: Final = (Kind.SOURCES_AND_USES, Kind.DONOR_ACCOUNT, Kind.MONTHLY_AUDIT)
PAPERS: Final = tuple(kind for kind in Kind if kind not in STATEMENTS)

# The series of their numbers: ACK-2026-0001.
SERIES: Final[Mapping[Kind, str]] = {
    Kind.SOURCES_AND_USES: "ST",
    Kind.DONOR_ACCOUNT: "ST",
    Kind.MONTHLY_AUDIT: "ST",
    Kind.RECEIPT: "ACK",
    Kind.RECEIPT_CANCELLED: "CAN",
    Kind.CALL_NOTICE: "CN",
    Kind.CALL_WITHDRAWN: "CW",
    Kind.MINUTES: "MIN",
    Kind.DECISION: "DOC",
}
READ_BY: Final[Mapping[Kind, Readers]] = {
    Kind.SOURCES_AND_USES: Readers.FUND,
    Kind.DONOR_ACCOUNT: Readers.DONOR,
    Kind.MONTHLY_AUDIT: Readers.FUND_BUT_SECONDED,
    Kind.RECEIPT: Readers.DONOR,
    Kind.RECEIPT_CANCELLED: Readers.DONOR,
    Kind.CALL_NOTICE: Readers.DONOR,
    Kind.CALL_WITHDRAWN: Readers.DONOR,
    Kind.MINUTES: Readers.FUND_BUT_SECONDED,
    Kind.DECISION: Readers.EVERYBODY,
}
# Which event asks for which paper.
ASKED_FOR_BY: Final[Mapping[str, Kind]] = {
    "call.issued": Kind.CALL_NOTICE,
    "call.withdrawn": Kind.CALL_WITHDRAWN,
    "receipt.recorded": Kind.RECEIPT,
    "receipt.reversed": Kind.RECEIPT_CANCELLED,
    "meeting.closed": Kind.MINUTES,
    "motion.carried": Kind.DECISION,
    "motion.rejected": Kind.DECISION,
    "motion.lapsed": Kind.DECISION,
    "motion.objected": Kind.DECISION,
}


def read_by(*readers: Readers) -> list[Kind]:
    """Return the kinds of document that some readers read."""
    return [kind for kind in Kind if READ_BY[kind] in readers]
