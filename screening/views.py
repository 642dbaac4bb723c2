"""Pages of screening: the lists in force, everybody who is screened, one party with what was found."""

from collections.abc import Iterator
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from screening import operations, permissions, queries
from screening.forms import EndForm, ListForm, OpinionForm, PartyForm
from screening.models import Answer, Party, PartyRole
from screening.readers import Source
from trustfund.core import clock, events
from trustfund.core.audience import audience, person_of
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName
from trustfund.core.spreadsheets import Row, csv_file, xlsx_file
from trustfund.core.verdicts import Verdict
from trustfund.core.wording import pill_of

PAGE = 50
_REFUSED = 422


def _insist(verdict: Verdict) -> None:
    if not verdict:
        raise PermissionDenied(verdict.reason)


@audience(*permissions.READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def lists(request: HttpRequest) -> HttpResponse:
    """Show the lists in force and every one before, and take a new one on POST."""
    person = person_of(request)
    _insist(permissions.may_read(person))
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        _insist(permissions.may_load_lists(person))
        if form.is_valid():
            try:
                file = operations.record_list(
                    source=Source(form.cleaned_data["source"]),
                    content=form.cleaned_data["file"].read(),
                    actor=person,
                    at=clock.now(),
                )
            except Refusal as refusal:
                form.add_error("file", refusal.message)
            else:
                if file.is_readable:
                    messages.success(request, _("In force. Everybody is looked at anew within a minute."))
                    return redirect("screening:lists")
                form.add_error("file", _("%(why)s Nobody is paid until a good list follows.") % {"why": file.trouble})
    edition = queries.edition()
    everybody = queries.parties().count()
    context = {
        "form": form,
        "edition": edition,
        "page": Paginator(queries.list_files(), PAGE).get_page(request.GET.get("page")),
        "everybody": everybody,
        "looked": everybody - queries.unscreened(edition).count() if edition.is_whole else 0,
        "may_load": permissions.may_load_lists(person),
    }
    return render(request, "screening/lists.html", context, status=_REFUSED if form.errors else None)


@audience(*permissions.READERS)
@require_safe
def parties(request: HttpRequest) -> HttpResponse:
    """Show everybody who is screened, with how they stand; narrowed by words."""
    _insist(permissions.may_read(person_of(request)))
    edition = queries.edition()
    words = request.GET.get("q", "").strip()
    found = queries.parties().filter(name__icontains=words) if words else queries.parties()
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": queries.looked_at(list(page.object_list), edition),
        "edition": edition,
        "words": words,
    }
    return render(request, "screening/parties.html", context)


def _table() -> Iterator[Row]:
    yield [_("Name"), _("Role"), _("Named on"), _("Screened on"), _("Likenesses"), _("State")]
    for row in queries.looked_at(list(queries.parties()), queries.edition()):
        yield [
            row.party.name,
            row.party.get_role_display(),
            row.party.named_at.date(),
            row.screening.screened_at.date() if row.screening else None,
            len(row.likely),
            str(pill_of(row.state).word),
        ]


@audience(*permissions.READERS)
@require_safe
def parties_csv(request: HttpRequest) -> HttpResponse:
    """Give everybody who is screened as CSV."""
    _insist(permissions.may_read(person_of(request)))
    return csv_file("screening", _table())


@audience(*permissions.READERS)
@require_safe
def parties_xlsx(request: HttpRequest) -> HttpResponse:
    """Give everybody who is screened as a spreadsheet."""
    _insist(permissions.may_read(person_of(request)))
    return xlsx_file("screening", _table())


@audience(*permissions.READERS)
@require_safe
def party(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """Show one party: every likeness with what people said of it, and the forms to say more."""
    _insist(permissions.may_read(person_of(request)))
    return _party_page(request, get_object_or_404(Party.objects.select_related("named_by", "ended_by"), pk=party_id))


def _party_page(
    request: HttpRequest, found: Party, *, opinion: OpinionForm | None = None, hit_id: str = "", status: int = 200
) -> HttpResponse:
    person = person_of(request)
    edition = queries.edition()
    (row,) = queries.looked_at([found], edition)
    beside = list(queries.parties().filter(subject=found.subject).exclude(pk=found.pk))
    may_answer = permissions.may_give_opinion(person)
    likely = [
        (one, opinion if str(one.hit.pk) == hit_id and opinion else OpinionForm(prefix=str(one.hit.pk)))
        for one in row.likely
    ]
    context = {
        "row": row,
        "party": found,
        "edition": edition,
        "likely": likely,
        "others": queries.looked_at(beside, edition),
        "may_answer": may_answer if found.ended_at is None else None,
        "may_name": permissions.may_name_parties(person),
        "is_payee": found.role == PartyRole.PAYEE,
        "add_form": PartyForm(),
        "end_form": EndForm(),
        "opinion": opinion,
        "record": events.about(found.id)[:PAGE],
    }
    return render(request, "screening/party.html", context, status=status)


@audience(*permissions.OFFICERS)
@require_POST
def give_opinion(request: HttpRequest, party_id: UUID, hit_id: UUID) -> HttpResponse:
    """Take what an officer says of a likeness."""
    person = person_of(request)
    _insist(permissions.may_give_opinion(person))
    found = get_object_or_404(Party.objects.select_related("named_by", "ended_by"), pk=party_id)
    form = OpinionForm(request.POST, prefix=str(hit_id))
    if form.is_valid():
        try:
            operations.give_opinion(
                hit_id=hit_id,
                says=Answer(form.cleaned_data["says"]),
                reason=form.cleaned_data["reason"],
                actor=person,
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            (row,) = queries.looked_at([found], queries.edition())
            said = ngettext(
                "Recorded. %(count)s likeness still waits.", "Recorded. %(count)s likenesses still wait.", row.waits
            )
            messages.success(request, said % {"count": row.waits})
            return redirect("screening:party", party_id)
    return _party_page(request, found, opinion=form, hit_id=str(hit_id), status=_REFUSED)


@audience(RoleName.SECRETARIAT)
@require_POST
def add_party(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """Name an officer, vendor or bank beside a party."""
    person = person_of(request)
    _insist(permissions.may_name_parties(person))
    beside = get_object_or_404(Party, pk=party_id)
    form = PartyForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Name them and say what they are to the payee."))
        return redirect("screening:party", party_id)
    try:
        made = operations.add_party(
            subject=beside.subject,
            role=PartyRole(form.cleaned_data["role"]),
            name=form.cleaned_data["name"],
            actor=person,
            at=clock.now(),
        )
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("screening:party", party_id)
    messages.success(request, _("%(name)s is screened from now on.") % {"name": made.name})
    return redirect("screening:party", made.pk)


@audience(RoleName.SECRETARIAT)
@require_POST
def end_party(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """Say that nothing passes through these hands any more."""
    person = person_of(request)
    _insist(permissions.may_name_parties(person))
    try:
        operations.end_party(
            party_id=party_id, reason=request.POST.get("reason", "")[:400], actor=person, at=clock.now()
        )
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("No longer screened. What was found stays on record."))
    return redirect("screening:party", party_id)
