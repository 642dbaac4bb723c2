"""Everything that can happen to a statement or paper: asked for, issued once, failed, tried again, handed out."""

import logging
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from assurance import contents, documents, locks, permissions, queries
from assurance.kinds import ASKED_FOR_BY, SERIES, Kind
from assurance.models import IssuedDocument, State, Statement, StatementProgress, Step
from assurance.periods import Month
from donors import queries as donors_queries
from donors.models import Donor
from trustfund.core import events
from trustfund.core.models import Event, User
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, Missing, Unacceptable, WrongState

log = logging.getLogger(__name__)
# By name, because WeasyPrint takes half a second to load and only the worker that prints needs it.
_RENDER: Final = "assurance.rendering.render"


@transaction.atomic(durable=True)
def request_statement(
    *, kind: Kind, as_of: date, donor_id: UUID | None, actor: User, at: datetime, language: str = "en"
) -> Statement:
    """
    Ask for a statement of the fund, or of a donor's account, at the end of a day.

    It is set by a worker; if none is there now, by the next one that comes.

    :raises NotPermitted: if the actor may not read such a statement
    :raises Missing: if there is no such donor
    :raises Unacceptable: if the day is not over, or a donor is named where none belongs
    """
    donor = Donor.objects.filter(pk=donor_id).first() if donor_id else None
    permissions.may_request(actor, kind, donor).enforce()
    if kind == Kind.DONOR_ACCOUNT and donor is None:
        raise Missing(_("There is no such donor. Choose one from the list."))
    if kind != Kind.DONOR_ACCOUNT and donor_id:
        raise Unacceptable(_("Only a statement of account names a donor. Leave the donor empty."))
    if as_of > at.date():
        raise Unacceptable(_("A statement cannot look ahead. Choose today or a day before it."))
    return _ask(kind=kind, as_of=as_of, donor=donor, period="", language=language, actor=actor, at=at)


@transaction.atomic(durable=True)
def request_monthly_report(*, month: Month, at: datetime) -> Statement:
    """
    Ask, as the calendar does, for the audit report of a month that is over.

    :raises WrongState: if the month is not over
    :raises AlreadyDone: if it was asked for before
    """
    if month.last >= at.date():
        raise WrongState(_("%(month)s is not over yet.") % {"month": month})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('assurance.monthly_report'))")
    if Statement.objects.filter(kind=Kind.MONTHLY_AUDIT, period=str(month)).exists():
        raise AlreadyDone(_("The audit report of %(month)s was asked for before.") % {"month": month})
    return _ask(
        kind=Kind.MONTHLY_AUDIT, as_of=month.last, donor=None, period=str(month), language="en", actor=None, at=at
    )


@transaction.atomic(durable=True)
def ask_for_paper(*, event_id: int, at: datetime) -> Statement | None:
    """
    Ask for the paper that an event calls for, once, and return it; nothing if the event calls for none.

    Safe to run twice and at once: the counter of the series is held, and PostgreSQL keeps one paper for each version.

    :raises Missing: if there is no such event
    """
    event = Event.objects.select_related("by").filter(pk=event_id).first()
    if event is None:
        raise Missing(_("There is no such event."))
    kind = ASKED_FOR_BY.get(event.kind)
    if kind is None:
        return None
    donor = contents.PAPERS[kind].donor_of(event.about)
    version = int(event.facts.get("version", 1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"paper {kind} {event.about}"])
    return queries.paper_of(kind, event.about, version) or _ask(
        kind=kind,
        as_of=event.at.date(),
        donor=donor,
        period="",
        language=donors_queries.language_of(donor) if donor else settings.LANGUAGE_CODE,
        actor=event.by,
        at=at,
        subject=event.about,
        version=version,
    )


def _ask(
    *,
    kind: Kind,
    as_of: date,
    donor: Donor | None,
    period: str,
    language: str,
    actor: User | None,
    at: datetime,
    subject: UUID | None = None,
    version: int = 0,
) -> Statement:
    statement = Statement.objects.create(
        number=next_reference(SERIES[kind], at.date(), digits=4),
        kind=kind,
        subject=subject,
        version=version,
        as_of=as_of,
        donor=donor,
        period=period,
        language=language,
        requested_by=actor,
        requested_at=at,
    )
    StatementProgress.objects.create(statement=statement, moved_at=at)
    _record(statement, "requested", by=actor, at=at, kind_of=kind)
    wake_worker(statement.id)
    return statement


def _record(statement: Statement, what: str, *, by: User | None, at: datetime, **facts: object) -> None:
    """Record what happened to a statement or a paper."""
    events.record(f"{statement.noun}.{what}", about=statement.pk, by=by, at=at, reference=statement.number, **facts)


def wake_worker(statement_id: UUID) -> None:
    """Tell a worker, after commit, that a statement waits; if the broker is down, beat tells it later."""
    transaction.on_commit(lambda: _send(statement_id), robust=True)


def _send(statement_id: UUID) -> None:
    try:
        current_app.send_task(
            "assurance.render_statement", kwargs={"statement_id": str(statement_id)}, queue="reports", retry=False
        )
    except Exception:  # noqa: BLE001 - whatever is wrong with the broker, the request is safe and beat sends it later
        log.warning("Statement %s waits: the broker could not be told. Beat will tell it.", statement_id)


def issue_statement(*, statement_id: UUID, at: datetime) -> IssuedDocument:
    """
    Set a statement's pages from the ledger and issue it, once.

    Safe to run twice, at once, and again after a worker was killed: what is done stands in PostgreSQL, the file
    is named by its own hash, and only one run can append the document. The document is a function of the
    statement and the ledger, so a second run sets the same bytes.

    :raises Missing: if there is no such statement
    """
    issued = _start(statement_id=statement_id, at=at)
    if issued is not None:
        return issued
    try:
        statement, gathered = _gather(statement_id)
        _move(statement_id=statement_id, step=Step.SETTING, at=at)
        with translation.override(statement.language):
            render = import_string(_RENDER)
            rendered = render(contents.TEMPLATES[Kind(statement.kind)], contents.context(statement, gathered))
        _move(statement_id=statement_id, step=Step.STORING, at=at)
        sha256 = documents.store(rendered.content)
        return _issue(
            statement_id=statement_id,
            sha256=sha256,
            size=len(rendered.content),
            pages=rendered.pages,
            figures=contents.as_json(gathered),
            at=at,
        )
    except Exception:
        incident = uuid.uuid4().hex[:8].upper()
        log.exception("Statement %s failed, incident %s.", statement_id, incident)
        _fail(statement_id=statement_id, incident=incident, at=at)
        raise


@transaction.atomic(durable=True)
def _start(*, statement_id: UUID, at: datetime) -> IssuedDocument | None:
    progress = locks.progress(statement_id)
    issued = IssuedDocument.objects.filter(pk=statement_id).first()
    if issued is None:
        progress.mark_started(at=at)
    return issued


@transaction.atomic(durable=True)
def _gather(statement_id: UUID) -> tuple[Statement, contents.Gathered]:
    """Read everything from one snapshot of the books, whatever is posted meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    statement = Statement.objects.select_related("donor").get(pk=statement_id)
    return statement, contents.gather(statement)


@transaction.atomic(durable=True)
def _move(*, statement_id: UUID, step: Step, at: datetime) -> None:
    progress = locks.progress(statement_id)
    if progress.is_moving:
        progress.mark_step(step, at=at)


@transaction.atomic(durable=True)
def _issue(
    *, statement_id: UUID, sha256: str, size: int, pages: int, figures: dict[str, object], at: datetime
) -> IssuedDocument:
    progress = locks.progress(statement_id)
    statement = progress.statement
    # Another run may have been quicker; its document stands and this one's is forgotten.
    issued = IssuedDocument.objects.filter(pk=statement_id).first()
    if issued is not None:
        return issued
    issued = IssuedDocument.objects.create(
        statement=statement,
        sha256=sha256,
        size=size,
        pages=pages,
        file_name=queries.file_name(statement),
        contents=figures,
        issued_at=at,
    )
    progress.mark_issued(at=at)
    _record(statement, "issued", by=None, at=at, sha256=sha256, pages=pages)
    return issued


@transaction.atomic(durable=True)
def _fail(*, statement_id: UUID, incident: str, at: datetime) -> None:
    progress = locks.progress(statement_id)
    if not progress.is_moving:
        return
    failure = _("It stopped while %(step)s. Nothing was issued and no figure was changed.") % {
        "step": str(Step(progress.step).label).lower()
    }
    progress.mark_failed(failure=failure, incident=incident, at=at)
    _record(progress.statement, "failed", by=None, at=at, incident=incident)


def issue_or_give_up(*, statement_id: UUID, at: datetime) -> None:
    """
    Issue a statement that waits, unless it has been begun too often: then say that it failed.

    One that brings its worker down each time must not bring down every worker for ever.

    :raises Missing: if there is no such statement
    """
    if StatementProgress.objects.filter(pk=statement_id, attempts__gte=queries.TRIES).exists():
        incident = uuid.uuid4().hex[:8].upper()
        log.error(
            "Statement %s was begun %s times and never ended, incident %s.", statement_id, queries.TRIES, incident
        )
        _fail(statement_id=statement_id, incident=incident, at=at)
        return
    issue_statement(statement_id=statement_id, at=at)


@transaction.atomic(durable=True)
def retry_statement(*, statement_id: UUID, actor: User, at: datetime) -> Statement:
    """
    Put a statement that failed back in the queue.

    :raises Missing: if there is no such statement, or not for this person
    :raises WrongState: if it has not failed
    """
    progress = locks.progress(statement_id)
    if not permissions.may_read(actor, progress.statement):
        raise Missing(_("There is no such statement."))
    if progress.state != State.FAILED:
        raise WrongState(_("This statement has not failed. Reload the page to see how far it is."))
    progress.mark_requested_again(at=at)
    _record(progress.statement, "requested_again", by=actor, at=at)
    wake_worker(statement_id)
    return progress.statement


@dataclass(frozen=True)
class HandOut:
    """A document on its way to a reader, or the sentence that says why it is not."""

    document: IssuedDocument
    content: bytes = b""
    altered: str = ""


@transaction.atomic(durable=True)
def hand_out(*, statement_id: UUID, actor: User | None, at: datetime) -> HandOut:
    """
    Read an issued document from the disk, check it against its hash, and record who took it.

    The public takes what is public, and leaves no record.

    A document that is not what was issued is never handed out; that it was found altered is recorded instead.

    :raises Missing: if there is no such statement, or not for this person
    :raises WrongState: if it is not issued yet
    """
    statement = queries.statement_for(actor, statement_id)
    document = IssuedDocument.objects.filter(pk=statement.pk).first()
    if document is None:
        raise WrongState(_("This statement is not issued yet. Its page shows how far it is."))
    try:
        content = documents.read(document.sha256)
    except documents.DocumentAltered as refusal:
        _record(statement, "found_altered", by=actor, at=at, sha256=document.sha256)
        return HandOut(document=document, altered=refusal.message)
    if actor is not None:
        _record(statement, "downloaded", by=actor, at=at)
    return HandOut(document=document, content=content)
