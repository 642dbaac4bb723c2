"""Statements and papers in the browser: the lists, asking for one, watching it being made, downloading it."""

from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from assurance import operations, queries
from assurance.forms import StatementRequest
from assurance.kinds import Kind
from assurance.models import Statement
from assurance.readers import READERS
from trustfund.core import clock, events
from trustfund.core.audience import PUBLIC, audience
from trustfund.core.models import User
from trustfund.core.refusals import Missing, Refusal, WrongState


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the audience lets nobody else through
    return request.user


def _form(request: HttpRequest) -> StatementRequest:
    person = _person(request)
    return StatementRequest(
        request.POST if request.method == "POST" else None,
        kinds=queries.kinds_of(person),
        donors=queries.donors_of(person),
        today=clock.today(),
    )


def _list(request: HttpRequest, form: StatementRequest, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    page = Paginator(queries.statements_for(_person(request)), 50).get_page(request.GET.get("page"))
    return render(request, "assurance/statements.html", {"page": page, "form": form}, status=status)


@audience(*READERS)
@require_GET
def statements(request: HttpRequest) -> HttpResponse:
    """List the statements this person may read, and let them ask for another."""
    return _list(request, _form(request))


@audience(*READERS)
@require_POST
def request_statement(request: HttpRequest) -> HttpResponse:
    """Ask for a statement and go to its page."""
    form = _form(request)
    if not form.is_valid():
        return _list(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    donor = form.cleaned_data.get("donor")
    person = _person(request)
    try:
        statement = operations.request_statement(
            kind=Kind(form.cleaned_data["kind"]),
            as_of=form.cleaned_data["as_of"],
            donor_id=donor.pk if donor else None,
            language=person.language if person.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
            actor=person,
            at=clock.now(),
        )
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return _list(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect("assurance:statement", statement.pk)


@audience(*READERS)
@require_safe
def papers(request: HttpRequest) -> HttpResponse:
    """List the papers this person may read: what was issued of one event each."""
    page = Paginator(queries.papers_for(_person(request)), 50).get_page(request.GET.get("page"))
    return render(request, "assurance/papers.html", {"page": page, "opens": True})


@audience(PUBLIC)
@require_safe
def papers_about(request: HttpRequest, subject: UUID) -> HttpResponse:
    """List the papers about one thing that this reader may read, as a page or as a panel of the thing's page."""
    person = _person(request) if request.user.is_authenticated else None
    page = Paginator(queries.papers_about(subject, person), 50).get_page(request.GET.get("page"))
    is_panel = bool(getattr(request, "htmx", False))
    opens = person is not None and person.holds(*READERS)
    context = {"page": page, "subject": subject, "opens": opens}
    return render(request, "assurance/_papers.html" if is_panel else "assurance/papers.html", context)


@audience(*READERS)
@require_safe
def documents_of(request: HttpRequest, donor_id: UUID) -> HttpResponse:
    """List what was issued for a donor, as a page of its own or as a panel of the pledge's page."""
    person = _person(request)
    donor = queries.donors_of(person).filter(pk=donor_id).first()
    if donor is None:
        raise Http404
    is_panel = bool(getattr(request, "htmx", False))
    page = Paginator(queries.documents_of(donor_id, person), 5 if is_panel else 50).get_page(request.GET.get("page"))
    context = {"page": page, "donor": donor}
    return render(request, "assurance/_documents.html" if is_panel else "assurance/documents.html", context)


def _statement(request: HttpRequest, statement_id: UUID) -> Statement:
    try:
        return queries.statement_for(_person(request), statement_id)
    except Missing as refusal:
        raise Http404(refusal.message) from None


@audience(*READERS)
@require_GET
def statement(request: HttpRequest, statement_id: UUID) -> HttpResponse:
    """Show one statement: how far it is, its hash and how to check it, its record."""
    found = _statement(request, statement_id)
    context = {"statement": found, "record": events.about(found.pk)[:50]}
    return render(request, "assurance/statement.html", context)


@audience(*READERS)
@require_GET
def progress(request: HttpRequest, statement_id: UUID) -> HttpResponse:
    """Return the panel that says how far a statement is; it asks again by itself until the document is there."""
    found = _statement(request, statement_id)
    if not getattr(request, "htmx", False):
        return redirect("assurance:statement", found.pk)
    return render(request, "assurance/_progress.html", {"statement": found})


@audience(*READERS)
@require_POST
def retry(request: HttpRequest, statement_id: UUID) -> HttpResponse:
    """Put a failed statement back in the queue."""
    try:
        operations.retry_statement(statement_id=statement_id, actor=_person(request), at=clock.now())
    except Missing as refusal:
        raise Http404(refusal.message) from None
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("It is in the queue again."))
    return redirect("assurance:statement", statement_id)


@audience(*READERS)
@require_GET
def download(request: HttpRequest, statement_id: UUID) -> HttpResponse:
    """Hand out the document, exactly as it was issued, or say in red that it is not what was issued."""
    try:
        handed = operations.hand_out(statement_id=statement_id, actor=_person(request), at=clock.now())
    except Missing as refusal:
        raise Http404(refusal.message) from None
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("assurance:statement", statement_id)
    if handed.altered:
        context = {"statement": _statement(request, statement_id), "altered": handed.altered}
        return render(request, "assurance/altered.html", context, status=HTTPStatus.CONFLICT)
    return _pdf(handed)


@audience(PUBLIC)
@require_safe
def public_paper(request: HttpRequest, statement_id: UUID) -> HttpResponse:
    """Hand out a paper that everybody may read, such as a decision, exactly as it was issued."""
    del request
    try:
        handed = operations.hand_out(statement_id=statement_id, actor=None, at=clock.now())
    except (Missing, WrongState) as refusal:
        raise Http404(refusal.message) from None
    if handed.altered:
        # That it was found altered is on record, and what should have been here is not.
        raise Http404(handed.altered)
    return _pdf(handed)


def _pdf(handed: operations.HandOut) -> HttpResponse:
    return HttpResponse(
        handed.content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{handed.document.file_name}"',
            "Cache-Control": "no-store, private",
            "X-Content-Type-Options": "nosniff",
        },
    )
