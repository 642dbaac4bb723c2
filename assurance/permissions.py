"""Who may ask for and read which statement."""

from django.utils.translation import gettext as _

from assurance.kinds import PAPERS, READ_BY, Kind, Readers
from assurance.models import Statement
from assurance.readers import FUND_READERS
from donors import queries as donors_queries
from donors.models import Donor
from trustfund.core.models import User
from trustfund.core.verdicts import YES, Verdict, no


def may_read_kind(person: User, kind: Kind, donor: Donor | None) -> Verdict:
    """
    Return whether a person may read a kind of statement or paper.

    Auditors and the secretariat read all; whoever runs the fund or decides reads the fund's own; a donor's
    representative reads that donor's account and nothing else. Seconded staff see nothing that names donors.
    """
    readers = READ_BY[kind]
    if readers is Readers.EVERYBODY:
        return YES
    if readers is not Readers.FUND and person.is_seconded:
        return no(_("Seconded staff see no donors, so this statement is not shown to you."))
    if readers is Readers.DONOR:
        if donor is not None and donors_queries.donors_visible_to(person).filter(pk=donor.pk).exists():
            return YES
        return no(_("A statement of account is for that donor, the secretariat and the auditors."))
    if person.holds(*FUND_READERS):
        return YES
    return no(_("Statements of the fund are for those who run, decide on or audit it. Ask for your donor's account."))


def may_request(person: User, kind: Kind, donor: Donor | None) -> Verdict:
    """Return whether a person may ask for a statement: of what they may read; the calendar asks for the monthly one."""
    if kind in PAPERS:
        return no(_("A paper is issued by what it is about, when it happens. You find it in the list of papers."))
    if kind == Kind.MONTHLY_AUDIT:
        return no(_("The monthly audit report is issued by the calendar, once a month. You find it in the list."))
    return may_read_kind(person, kind, donor)


def may_read(person: User, statement: Statement) -> Verdict:
    """Return whether a person may see and download a statement."""
    return may_read_kind(person, Kind(statement.kind), statement.donor)
