"""Pages about files: all of them with their fates, bringing one, and what one brought."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bank import operations, permissions, queries
from bank.forms import FileForm
from bank.models import BankFile, Fate
from bank.operations.files import SUFFIX
from bank.views.door import PER_PAGE, answer, enter, reader_of
from trustfund.core import clock, documents, events
from trustfund.core.audience import audience
from trustfund.core.refusals import Refusal


@audience(*permissions.READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest) -> HttpResponse:
    """List the files with their fates, and take in another."""
    person = reader_of(request)
    may_bring = permissions.may_bring_files(person)
    form = FileForm()
    if request.method == "POST":
        enter(may_bring)
        form = FileForm(request.POST, request.FILES)
        if form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                file = operations.import_file(
                    content=upload.read(), file_name=upload.name, actor=person, at=clock.now()
                )
            except Refusal as refusal:
                form.add_error("file", refusal.message)
            else:
                _tell(request, file)
                return redirect("bank:file", file.pk)
    context = {
        "page": Paginator(queries.files(), PER_PAGE).get_page(request.GET.get("page")),
        "accounts": queries.accounts_with_closing(),
        "waiting": queries.unused_lines().count(),
        "may_bring": may_bring,
        "may_keep_accounts": permissions.may_keep_own_accounts(person),
    }
    return answer(form, request, "bank/files.html", **context)


def _tell(request: HttpRequest, file: BankFile) -> None:
    if file.fate == Fate.IMPORTED:
        messages.success(
            request,
            _("%(reference)s is in, with %(number)s new lines.")
            % {"reference": file.reference, "number": queries.brought_by(file).count()},
        )
    else:
        messages.error(
            request, _("%(reference)s stays out. It is kept, with the reason.") % {"reference": file.reference}
        )


@audience(*permissions.READERS)
@require_safe
def file(request: HttpRequest, bank_file_id: UUID) -> HttpResponse:
    """Show a file: its fate, the reason, and the statements in it."""
    reader_of(request)
    found = get_object_or_404(queries.files(), pk=bank_file_id)
    statements = list(queries.statements_of(found))
    context = {
        "file": found,
        "statements": statements,
        "new_lines": queries.brought_by(found).count(),
        "told_lines": queries.told_by(found).count(),
        "events": events.about(found.pk),
    }
    return render(request, "bank/file.html", context)


@audience(*permissions.READERS)
@require_safe
def original(request: HttpRequest, bank_file_id: UUID) -> HttpResponse:
    """Hand out the file exactly as it came, to be opened by nothing."""
    reader_of(request)
    found = get_object_or_404(queries.files(), pk=bank_file_id)
    try:
        content = documents.read(found.sha256, SUFFIX)
    except documents.DocumentAltered as refusal:
        messages.error(request, refusal.message)
        return redirect("bank:file", found.pk)
    return HttpResponse(
        content,
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="{found.reference}.txt"',
            "X-Content-Type-Options": "nosniff",
        },
    )
