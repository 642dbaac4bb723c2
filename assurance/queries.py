"""Questions about statements: which there are for a person, which wait, which months are not reported."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from assurance.kinds import STATEMENTS, Kind, Readers, read_by
from assurance.models import State, Statement
from assurance.periods import Month, over_months
from assurance.readers import FUND_READERS
from donors import queries as donors_queries
from donors.models import Donor
from trustfund.core.models import User
from trustfund.core.refusals import Missing

# After so long without a step, the worker that had it is taken to be dead.
STUCK_AFTER = timedelta(minutes=2)
TRIES = 5


def donors_of(person: User) -> QuerySet[Donor]:
    """Return the donors whose account a person may ask for, by name."""
    return donors_queries.donors_visible_to(person).order_by("name")


def kinds_of(person: User) -> list[Kind]:
    """Return the kinds of statement a person may read something of."""
    kinds = _fund_kinds_of(person) + ([Kind.DONOR_ACCOUNT] if donors_of(person).exists() else [])
    return [kind for kind in kinds if kind in STATEMENTS]


def _fund_kinds_of(person: User) -> list[Kind]:
    """Return which of the fund's own documents a person may read; seconded staff see nothing that names donors."""
    if not person.holds(*FUND_READERS):
        return []
    return read_by(Readers.FUND) if person.is_seconded else read_by(Readers.FUND, Readers.FUND_BUT_SECONDED)


def documents_for(person: User | None) -> QuerySet[Statement]:
    """Return the statements and papers a person may read, or the world at large, latest first."""
    readable = Q(kind__in=read_by(Readers.EVERYBODY))
    if person is not None:
        readable |= Q(kind__in=_fund_kinds_of(person)) | Q(kind__in=read_by(Readers.DONOR), donor__in=donors_of(person))
    return (
        Statement.objects.filter(readable)
        .select_related("donor", "requested_by", "progress", "document")
        .order_by("-requested_at", "-number")
    )


def statements_for(person: User) -> QuerySet[Statement]:
    """Return the statements a person may read, latest first."""
    return documents_for(person).filter(subject=None)


def papers_for(person: User) -> QuerySet[Statement]:
    """Return the papers a person may read, latest first."""
    return documents_for(person).filter(subject__isnull=False)


def papers_about(subject: UUID, person: User | None) -> QuerySet[Statement]:
    """Return the papers about a thing that a person may read, or the world at large, latest first."""
    return documents_for(person).filter(subject=subject)


def documents_of(donor_id: UUID, person: User) -> QuerySet[Statement]:
    """Return the statements and papers issued for a donor that a person may read, latest first."""
    return documents_for(person).filter(donor=donor_id)


def paper_of(kind: Kind, subject: UUID, version: int) -> Statement | None:
    """Return the paper of a version of something, or nothing if none was asked for."""
    return Statement.objects.filter(subject=subject, kind=kind, version=version).first()


def statement_for(person: User | None, statement_id: UUID) -> Statement:
    """
    Return a statement or paper that a person may read, or the world at large.

    :raises Missing: if there is none, or not for this person; the two look the same
    """
    statement = documents_for(person).filter(pk=statement_id).first()
    if statement is None:
        raise Missing(_("There is no such statement."))
    return statement


def waiting(at: datetime) -> QuerySet[Statement]:
    """Return the statements no worker seems to have: asked for or begun, and not moved for two minutes."""
    return Statement.objects.filter(
        progress__state__in=[State.REQUESTED, State.RENDERING],
        progress__moved_at__lt=at - STUCK_AFTER,
    ).order_by("requested_at")


def failed_reports() -> QuerySet[Statement]:
    """Return the calendar's reports that failed and are worth another try, earliest first."""
    return (
        Statement.objects.exclude(period="")
        .filter(progress__state=State.FAILED, progress__attempts__lt=TRIES)
        .order_by("period")
    )


def unreported_months(first_day: date, today: date) -> list[Month]:
    """Return the months over by today that no monthly report was asked for, latest first."""
    reported = set(Statement.objects.filter(kind=Kind.MONTHLY_AUDIT).values_list("period", flat=True))
    return [month for month in over_months(first_day, today) if str(month) not in reported][::-1]


def file_name(statement: Statement) -> str:
    """Return the name under which a statement is saved: number, kind and day, in plain ASCII."""
    return f"{statement.number}-{statement.kind.replace('_', '-')}-{statement.as_of:%Y-%m-%d}.pdf"
