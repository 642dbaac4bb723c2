"""Doors for shipments under an exemption: planned, sent off, landed, called off, or asked of the committee."""

from decimal import Decimal
from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from disbursements import operations
from disbursements.forms.exemptions import AskForm, OnForm, OutsideShipmentForm, ShipmentForm
from disbursements.forms.proposals import ReasonForm
from disbursements.models import Exemption, ExemptionItem, Override, Shipment
from disbursements.permissions import exemptions as permissions
from disbursements.queries import exemptions as queries
from disbursements.states import OverrideStatus
from disbursements.views.asking import Ask, answer, do
from disbursements.views.drafts import WRITERS
from disbursements.views.exemptions import load
from disbursements.views.programmes import PAGE, READERS, insist, posted
from trustfund.core import clock, events
from trustfund.core.audience import audience, person_of
from trustfund.core.roles import RoleName

DAYS_TO_VOTE: Final = 7


def _list_of(exemption: Exemption) -> tuple[list[ExemptionItem], dict[int, Decimal]]:
    rows = queries.item_rows(exemption)
    return [row.item for row in rows], {row.item.number: row.left for row in rows}


def _ask_about(exemption: Exemption, title: str, button: str, lead: str = "") -> Ask:
    back = reverse("disbursements:exemption", args=[exemption.pk])
    return Ask(
        title=title,
        button=button,
        back=back,
        crumbs=((reverse("disbursements:exemptions"), _("Exemptions")), (back, exemption.reference)),
        lead=lead or exemption.title,
    )


@audience(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_shipment(request: HttpRequest, exemption_id: UUID) -> HttpResponse:
    """Ask what travels when, and plan the shipment on POST if it lies inside the exemption."""
    person = person_of(request)
    exemption = load(request, exemption_id)
    insist(permissions.may_ship(person, exemption.programme))
    items, left = _list_of(exemption)
    form = ShipmentForm(posted(request), items=items, left=left)
    ask = _ask_about(exemption, _("Plan a shipment"), _("Plan the shipment"))
    if permissions.may_ask_override(person):
        aside = (reverse("disbursements:ask_to_ship", args=[exemption.pk]), _("Ask the committee to let it pass"))
        ask = Ask(ask.title, ask.button, ask.back, ask.crumbs, ask.lead, aside=(aside,))

    def act() -> str:
        said = form.cleaned_data
        operations.plan_shipment(
            exemption_id=exemption.pk,
            carrier=said["carrier"],
            way=said["way"],
            departs_on=said["departs_on"],
            arrives_on=said["arrives_on"],
            quantities=form.quantities,
            actor=person,
            at=clock.now(),
        )
        return ask.back

    return answer(ask, request, form, act, _("Planned. It counts against the letter from now on."))


@audience(RoleName.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_to_ship(request: HttpRequest, exemption_id: UUID) -> HttpResponse:
    """Ask for a shipment outside the exemption and why, and lay it before the committee on POST."""
    person = person_of(request)
    exemption = load(request, exemption_id)
    insist(permissions.may_ask_override(person))
    items, left = _list_of(exemption)
    form = OutsideShipmentForm(
        posted(request),
        items=items,
        left=left,
        initial={"closes_on": clock.add_working_days(clock.today(), DAYS_TO_VOTE)},
    )
    ask = _ask_about(exemption, _("Ask the committee to let a shipment pass"), _("Lay it before the committee"))

    def act() -> str:
        said = form.cleaned_data
        made = operations.ask_to_ship_outside(
            exemption_id=exemption.pk,
            carrier=said["carrier"],
            way=said["way"],
            departs_on=said["departs_on"],
            arrives_on=said["arrives_on"],
            quantities=form.quantities,
            reason=said["reason"],
            closes_at=form.closes_at,
            actor=person,
            at=clock.now(),
        )
        return reverse("disbursements:override", args=[made.pk])

    return answer(ask, request, form, act, _("It lies before the committee. Nothing travels before it has decided."))


def _shipment(request: HttpRequest, shipment_id: UUID) -> tuple[Exemption, Shipment]:
    shipment = get_object_or_404(Shipment, pk=shipment_id)
    exemption = load(request, shipment.exemption_id)
    return exemption, next(one for one in exemption.shipments.all() if one.pk == shipment_id)


@audience(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def send_off(request: HttpRequest, shipment_id: UUID) -> HttpResponse:
    """Ask on which day a shipment left, and record it on POST."""
    exemption, shipment = _shipment(request, shipment_id)
    insist(permissions.may_ship(person_of(request), exemption.programme))
    form = OnForm(posted(request), initial={"on": min(clock.today(), shipment.departs_on)})
    ask = _ask_about(exemption, _("%(shipment)s has left") % {"shipment": shipment.reference}, _("It has left"))

    def act() -> str:
        operations.send_off_shipment(
            shipment_id=shipment.pk, on=form.cleaned_data["on"], actor=person_of(request), at=clock.now()
        )
        return ask.back

    return answer(ask, request, form, act, _("Recorded. It is under way."))


@audience(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def land(request: HttpRequest, shipment_id: UUID) -> HttpResponse:
    """Ask on which day the goods were landed, and record it on POST."""
    exemption, shipment = _shipment(request, shipment_id)
    insist(permissions.may_ship(person_of(request), exemption.programme))
    form = OnForm(posted(request), initial={"on": clock.today()})
    ask = _ask_about(exemption, _("%(shipment)s has arrived") % {"shipment": shipment.reference}, _("It has arrived"))

    def act() -> str:
        operations.land_shipment(
            shipment_id=shipment.pk, on=form.cleaned_data["on"], actor=person_of(request), at=clock.now()
        )
        return ask.back

    return answer(ask, request, form, act, _("Recorded. The goods have been landed."))


@audience(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def call_off(request: HttpRequest, shipment_id: UUID) -> HttpResponse:
    """Ask why a shipment does not travel, and call it off on POST."""
    exemption, shipment = _shipment(request, shipment_id)
    insist(permissions.may_ship(person_of(request), exemption.programme))
    form = ReasonForm(posted(request))
    ask = _ask_about(exemption, _("Call off %(shipment)s") % {"shipment": shipment.reference}, _("Call it off"))

    def act() -> str:
        operations.call_off_shipment(
            shipment_id=shipment.pk, note=form.cleaned_data["reason"], actor=person_of(request), at=clock.now()
        )
        return ask.back

    return answer(ask, request, form, act, _("Called off. It no longer counts against the letter."))


@audience(RoleName.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_to_land(request: HttpRequest, shipment_id: UUID) -> HttpResponse:
    """Ask why goods should be landed outside the exemption, and lay it before the committee on POST."""
    exemption, shipment = _shipment(request, shipment_id)
    insist(permissions.may_ask_override(person_of(request)))
    form = AskForm(posted(request), initial={"closes_on": clock.add_working_days(clock.today(), DAYS_TO_VOTE)})
    title = _("Ask the committee to let %(shipment)s be landed") % {"shipment": shipment.reference}
    ask = _ask_about(exemption, title, _("Lay it before the committee"))

    def act() -> str:
        made = operations.ask_to_land_outside(
            shipment_id=shipment.pk,
            reason=form.cleaned_data["reason"],
            closes_at=form.closes_at,
            actor=person_of(request),
            at=clock.now(),
        )
        return reverse("disbursements:override", args=[made.pk])

    return answer(ask, request, form, act, _("It lies before the committee. The goods wait for its answer."))


@audience(*READERS)
@require_safe
def override_detail(request: HttpRequest, override_id: UUID) -> HttpResponse:
    """Show what the committee was asked to let pass outside an exemption, and what it said."""
    person = person_of(request)
    found = get_object_or_404(
        Override.objects.select_related("exemption", "declaration__tranche__proposal", "shipment", "asked_by"),
        pk=override_id,
        exemption__in=queries.visible_exemptions(person),
    )
    made = Shipment.objects.filter(override=found).first()
    context = {
        "override": found,
        "made": made,
        "sees_votes": not person.is_seconded and not person.holds(RoleName.PROGRAMME_PARTNER),
        "may_carry_out": permissions.may_carry_out(person) if found.status == OverrideStatus.ASKED else None,
        "events": events.about(found.pk)[:PAGE],
    }
    return render(request, "disbursements/override.html", context)


@audience(RoleName.SECRETARIAT)
@require_POST
def carry_out_override(request: HttpRequest, override_id: UUID) -> HttpResponse:
    """Write down what the committee said."""
    if not Override.objects.filter(pk=override_id).exists():
        raise Http404
    return do(
        lambda: operations.carry_out_override(override_id=override_id, actor=person_of(request), at=clock.now()),
        request,
        _("The committee's answer is in the record."),
        reverse("disbursements:override", args=[override_id]),
    )
