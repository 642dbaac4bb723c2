"""Pages of exemptions: the list, one exemption with its letters and shipments, the catalogue of cleared goods."""

from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from disbursements import exemptions, operations
from disbursements.forms.exemptions import RevokeForm
from disbursements.models import Document, Exemption, ExemptionLetter, ExemptionRequest, Shipment
from disbursements.permissions import exemptions as permissions
from disbursements.queries import exemptions as queries
from disbursements.states import RequestStatus, ShipmentStatus
from disbursements.views.asking import Ask, answer
from disbursements.views.programmes import PAGE, READERS, insist, posted
from trustfund.core import clock, documents, events
from trustfund.core.audience import audience, person_of
from trustfund.core.models import User
from trustfund.core.refusals import Missing, Refusal
from trustfund.core.roles import RoleName
from trustfund.core.spreadsheets import Row, csv_file, xlsx_file
from trustfund.core.verdicts import Verdict

_MOST_ROWS: Final = 10_000


def load(request: HttpRequest, exemption_id: UUID) -> Exemption:
    """
    Return an exemption that the person sees, with everything around it.

    :raises Http404: if there is none, or not for this person
    """
    try:
        return queries.exemption_of(exemption_id, person_of(request))
    except Missing as missing:
        raise Http404(missing.message) from missing


@audience(*READERS)
@require_safe
def exemption_list(request: HttpRequest) -> HttpResponse:
    """Show the exemptions and the open requests that the person sees."""
    person, words = person_of(request), request.GET.get("q", "")
    page = Paginator(queries.exemption_list(person, words=words), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": queries.entries(page.object_list, clock.today()),
        "requests": queries.open_requests(person)[:PAGE],
        "words": words,
        "query": request.GET.urlencode(),
        "today": clock.today(),
    }
    return render(request, "disbursements/exemptions.html", context)


def _rows(request: HttpRequest) -> list[Row]:
    found = queries.exemption_list(person_of(request), words=request.GET.get("q", ""))[:_MOST_ROWS]
    rows: list[Row] = [
        (
            _("Exemption"),
            _("Title"),
            _("Programme"),
            _("Organisation"),
            _("Letter"),
            _("Granted by"),
            _("Granted on"),
            _("Valid from"),
            _("Valid to"),
            _("Shipments allowed"),
            _("Shipments made"),
            _("Valid today"),
            _("SHA-256 of the letter"),
            _("Where it is published"),
        )
    ]
    for entry in queries.entries(found, clock.today()):
        letter, programme = entry.letter, entry.exemption.programme
        rows.append(
            (
                entry.exemption.reference,
                entry.exemption.title,
                programme.reference,
                programme.organisation.name,
                letter.reference,
                letter.body,
                letter.granted_on,
                letter.valid_from,
                letter.valid_to,
                letter.shipments_allowed,
                entry.shipped,
                _("yes") if entry.is_valid else _("no"),
                letter.sha256,
                letter.public_url,
            )
        )
    return rows


@audience(*READERS)
@require_safe
def exemptions_csv(request: HttpRequest) -> HttpResponse:
    """Give the list of exemptions as CSV."""
    return csv_file("exemptions", _rows(request))


@audience(*READERS)
@require_safe
def exemptions_xlsx(request: HttpRequest) -> HttpResponse:
    """Give the list of exemptions as a spreadsheet."""
    return xlsx_file("exemptions", _rows(request))


@audience(*READERS)
@require_safe
def exemption_detail(request: HttpRequest, exemption_id: UUID) -> HttpResponse:
    """Show one exemption: its letters, how much of its list is used, its shipments, what was let pass, its record."""
    person, today = person_of(request), clock.today()
    exemption = load(request, exemption_id)
    facts = queries.facts_of(exemption)
    letters = list(exemption.letters.all())
    overrides = list(exemption.overrides.select_related("declaration__tranche", "shipment").order_by("-asked_at"))
    requests = list(exemption.requests.order_by("-submitted_on", "-reference"))
    context = {
        "exemption": exemption,
        "letter": letters[-1],
        "letters": letters[::-1],
        "items": queries.item_rows(exemption),
        "shipments": [(one, _findings(exemption, one)) for one in exemption.shipments.all()],
        "overrides": overrides,
        "requests": requests,
        "spans": exemptions.in_words(exemptions.spans_of(facts.letters)),
        "is_valid": exemptions.is_valid_on(facts, today),
        "days_left": exemptions.days_left(facts, today),
        "warning": exemptions.warning_due(facts, today),
        "left": facts.shipments_left,
        "may_ship": permissions.may_ship(person, exemption.programme),
        "may_record": permissions.may_record_letter(person),
        "may_change": _may_change(person, exemption, requests),
        "may_ask": permissions.may_ask_override(person),
        "declarations": exemption.declarations.select_related("tranche").order_by("-declared_at")[:PAGE],
        "events": events.about(exemption.pk, *(one.pk for one in (*overrides, *requests)))[:PAGE],
    }
    return render(request, "disbursements/exemption.html", context)


def _findings(exemption: Exemption, shipment: Shipment) -> tuple[str, ...]:
    """Return in which ways a shipment that has not arrived lies outside its exemption today."""
    if shipment.status not in {ShipmentStatus.PLANNED, ShipmentStatus.DEPARTED}:
        return ()
    facts = queries.facts_of(exemption, besides=shipment.pk)
    found = exemptions.findings_on_shipment(facts, queries.voyage_of(shipment), clock.today())
    return tuple(one.words for one in exemptions.without(found, queries.let_pass(shipment)))


def _may_change(person: User, exemption: Exemption, requests: list[ExemptionRequest]) -> Verdict | None:
    waits = any(one.status == RequestStatus.SUBMITTED for one in requests)
    if exemption.revoked_on is not None or waits:
        return None
    return permissions.may_request_exemption(person, exemption.programme)


@audience(RoleName.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def revoke_exemption(request: HttpRequest, exemption_id: UUID) -> HttpResponse:
    """Ask when and why an exemption was taken back, and record it on POST."""
    exemption = load(request, exemption_id)
    insist(permissions.may_record_letter(person_of(request)))
    form = RevokeForm(posted(request), initial={"on": clock.today()})
    back = reverse("disbursements:exemption", args=[exemption.pk])
    ask = Ask(
        title=_("%(exemption)s was revoked") % {"exemption": exemption.reference},
        button=_("Record that it was revoked"),
        back=back,
        crumbs=((reverse("disbursements:exemptions"), _("Exemptions")), (back, exemption.reference)),
        lead=_("From that day nothing is paid or shipped under it. This cannot be undone."),
    )

    def act() -> str:
        said = form.cleaned_data
        operations.revoke_exemption(
            exemption_id=exemption.pk,
            on=said["on"],
            because=said["because"],
            actor=person_of(request),
            at=clock.now(),
        )
        return back

    return answer(ask, request, form, act, _("Recorded. Nothing is paid or shipped under it from that day on."))


@audience(*READERS)
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Show what was ever cleared, each kind of goods once, the most often cleared first."""
    words = request.GET.get("q", "")
    page = Paginator(queries.catalogue(words), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "disbursements/catalogue.html",
        {"page": page, "words": words, "query": request.GET.urlencode()},
    )


def _catalogue_rows(request: HttpRequest) -> list[Row]:
    rows: list[Row] = [
        (
            _("Item"),
            _("Specification"),
            _("Customs code"),
            _("Unit"),
            _("Exemptions"),
            _("Cleared in all"),
            _("Most in one"),
            _("Last cleared on"),
        )
    ]
    rows += [
        (
            row["name"],
            row["specification"],
            row["hs_code"],
            row["unit"],
            row["times"],
            row["cleared"],
            row["most"],
            row["last_on"],
        )
        for row in queries.catalogue(request.GET.get("q", ""))[:_MOST_ROWS]
    ]
    return rows


@audience(*READERS)
@require_safe
def catalogue_csv(request: HttpRequest) -> HttpResponse:
    """Give the catalogue as CSV."""
    return csv_file("cleared-items", _catalogue_rows(request))


@audience(*READERS)
@require_safe
def catalogue_xlsx(request: HttpRequest) -> HttpResponse:
    """Give the catalogue as a spreadsheet."""
    return xlsx_file("cleared-items", _catalogue_rows(request))


@audience(*READERS)
@require_safe
def letter_paper(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Hand out the copy of a letter, exactly as it was uploaded."""
    letter = get_object_or_404(
        ExemptionLetter.objects.select_related("document").exclude(document=None),
        pk=letter_id,
        exemption__in=queries.visible_exemptions(person_of(request)),
    )
    return hand_out(letter.document)


def hand_out(document: Document | None) -> HttpResponse:
    """
    Return a stored file as a download that no browser takes for a page.

    :raises Http404: if there is none, or its bytes are not those that were uploaded
    """
    if document is None:
        raise Http404(_("There is no such file."))
    try:
        content = documents.read(document.sha256, queries.suffix_of(document))
    except Refusal as refusal:
        raise Http404(refusal.message) from refusal
    response = HttpResponse(content, content_type=document.media_type)
    response["Content-Disposition"] = f'attachment; filename="{document.sha256[:16]}{queries.suffix_of(document)}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
