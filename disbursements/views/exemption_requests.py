"""Pages of requests for exemptions: written down, answered by a letter, or ended without one."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from disbursements import exemption_lists, exemptions, operations
from disbursements.exemptions import Act, RequestRoute
from disbursements.forms.exemptions import ChangeForm, EndForm, LetterForm, RequestForm
from disbursements.models import Exemption, ExemptionLetter, ExemptionRequest, Programme
from disbursements.permissions import exemptions as permissions
from disbursements.queries import exemptions as queries
from disbursements.queries.partners import visible_programmes
from disbursements.states import OrganisationKind, RequestStatus
from disbursements.views.asking import Ask, answer
from disbursements.views.drafts import WRITERS
from disbursements.views.exemptions import load
from disbursements.views.programmes import PAGE, READERS, insist, posted
from trustfund.core import clock, events
from trustfund.core.audience import audience, person_of
from trustfund.core.roles import RoleName


@audience(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def request_exemption(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Ask for the case for an exemption of a programme, and write it down on POST."""
    person = person_of(request)
    programme = get_object_or_404(visible_programmes(person), pk=programme_id)
    insist(permissions.may_request_exemption(person, programme))
    form = RequestForm(posted(request), initial={"submitted_on": clock.today(), "goods": request.GET.get("goods", "")})
    return _ask_for(request, form, programme, None)


@audience(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def change_exemption(request: HttpRequest, exemption_id: UUID) -> HttpResponse:
    """Ask for the case for an extension or amendment, and write it down on POST."""
    person = person_of(request)
    exemption = load(request, exemption_id)
    insist(permissions.may_request_exemption(person, exemption.programme))
    first = exemption.letters.all()[0].request
    last = list(exemption.letters.all())[-1]
    initial = {
        "title": exemption.title,
        "nature": first.nature,
        "recipients": first.recipients,
        "submitted_on": clock.today(),
        "goods": exemption_lists.lines_of_items(queries.item_of(item) for item in last.items.all()),
    }
    return _ask_for(request, ChangeForm(posted(request), initial=initial), exemption.programme, exemption)


def _ask_for(
    request: HttpRequest, form: RequestForm, programme: Programme, exemption: Exemption | None
) -> HttpResponse:
    direct = exemptions.may_submit_direct(
        OrganisationKind(programme.organisation.kind),
        queries.letters_granted_to(programme.organisation),
        clock.today(),
        is_urgent=False,
    )
    back = (
        reverse("disbursements:exemption", args=[exemption.pk])
        if exemption
        else reverse("disbursements:programme", args=[programme.pk])
    )
    ask = Ask(
        title=_("Ask for a change of %(exemption)s") % {"exemption": exemption.reference}
        if exemption
        else _("Ask for an exemption"),
        button=_("Write the request down"),
        back=back,
        crumbs=((back, exemption.reference if exemption else programme.reference),),
        lead=f"{programme.title} · {programme.organisation.name}",
        facts=(
            (
                _("Who asks"),
                _("%(organisation)s may ask the sanctions body directly.")
                % {"organisation": programme.organisation.name}
                if direct
                else direct.reason,
            ),
        ),
        aside=((reverse("disbursements:catalogue"), _("Look up goods that were cleared before")),),
    )

    def act() -> str:
        said = form.cleaned_data
        made = operations.request_exemption(
            programme_id=programme.pk,
            exemption_id=exemption.pk if exemption else None,
            act=Act(said.get("act", Act.GRANT)),
            title=said["title"],
            case=form.case,
            route=RequestRoute(said["route"]),
            via=said["via"],
            is_urgent=said["is_urgent"],
            submitted_on=said["submitted_on"],
            actor=person_of(request),
            at=clock.now(),
        )
        return reverse("disbursements:exemption_request", args=[made.pk])

    return answer(ask, request, form, act, _("Written down. It waits for the answer."))


def _request(request: HttpRequest, asked_id: UUID) -> ExemptionRequest:
    return get_object_or_404(queries.visible_requests(person_of(request)), pk=asked_id)


@audience(*READERS)
@require_safe
def request_detail(request: HttpRequest, asked_id: UUID) -> HttpResponse:
    """Show what the sanctions body was asked for, how long it has waited, and what it answered."""
    found = _request(request, asked_id)
    letter = ExemptionLetter.objects.select_related("exemption").filter(request=found).first()
    context = {
        "asked": found,
        "letter": letter,
        "goods": exemption_lists.items_of(found.goods),
        "waited": ((found.answered_on or clock.today()) - found.submitted_on).days,
        "may_record": permissions.may_record_letter(person_of(request)),
        "events": events.about(found.pk)[:PAGE],
    }
    return render(request, "disbursements/exemption_request.html", context)


@audience(RoleName.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def record_letter(request: HttpRequest, asked_id: UUID) -> HttpResponse:
    """Ask for what the letter says, and record it on POST."""
    person = person_of(request)
    found = _request(request, asked_id)
    insist(permissions.may_record_letter(person))
    before = (
        ExemptionLetter.objects.filter(exemption=found.exemption_id).order_by("-number").first()
        if found.exemption_id
        else None
    )
    initial: dict[str, Any] = {"items": found.goods, "granted_on": clock.today(), "valid_from": clock.today()}
    if before is not None:
        parties = queries.parties_of(before)
        initial |= {"valid_from": before.valid_from, "parties": exemption_lists.lines_of_parties(parties)}
    form = LetterForm(posted(request), request.FILES or None, initial=initial)
    back = reverse("disbursements:exemption_request", args=[found.pk])
    ask = Ask(
        title=_("Record the letter"),
        button=_("Record the letter"),
        back=back,
        crumbs=((reverse("disbursements:exemptions"), _("Exemptions")), (back, found.reference)),
        lead=found.title,
    )

    def act() -> str:
        letter = operations.record_letter(
            request_id=found.pk, said=form.letter, paper=form.file, actor=person, at=clock.now()
        )
        return reverse("disbursements:exemption", args=[letter.exemption_id])

    return answer(ask, request, form, act, _("Recorded. What lies outside it is now stopped by the gate."))


@audience(RoleName.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def end_request(request: HttpRequest, asked_id: UUID) -> HttpResponse:
    """Ask how a request ended without a letter, and write it down on POST."""
    found = _request(request, asked_id)
    insist(permissions.may_record_letter(person_of(request)))
    form = EndForm(posted(request), initial={"on": clock.today()})
    back = reverse("disbursements:exemption_request", args=[found.pk])
    ask = Ask(
        title=_("It ended without a letter"),
        button=_("Write it down"),
        back=back,
        crumbs=((reverse("disbursements:exemptions"), _("Exemptions")), (back, found.reference)),
        lead=found.title,
    )

    def act() -> str:
        said = form.cleaned_data
        operations.end_request(
            request_id=found.pk,
            outcome=RequestStatus(said["outcome"]),
            on=said["on"],
            answer=said["answer"],
            actor=person_of(request),
            at=clock.now(),
        )
        return back

    return answer(ask, request, form, act, _("Written down. The answer stays in the record."))
