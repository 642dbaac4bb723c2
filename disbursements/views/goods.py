"""Pages on which it is said what a tranche pays for, and agreed that no goods are in scope."""

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from disbursements import operations
from disbursements.exemptions import standing_of
from disbursements.forms.exemptions import AskForm, GoodsForm, NoGoodsForm
from disbursements.models import GoodsDeclaration, Tranche
from disbursements.permissions import exemptions as permissions
from disbursements.queries import exemptions as exemption_queries
from disbursements.queries import goods as queries
from disbursements.queries.partners import visible_proposals
from disbursements.views.asking import Ask, answer, do
from disbursements.views.exemptions import load
from disbursements.views.programmes import PAGE, READERS, insist, posted
from disbursements.views.shipments import DAYS_TO_VOTE
from trustfund.core import clock, events
from trustfund.core.audience import audience, person_of
from trustfund.core.roles import RoleName

_AGREE: Final = (RoleName.SECRETARIAT, RoleName.CERTIFYING_OFFICER)


def _tranche(request: HttpRequest, tranche_id: UUID) -> Tranche:
    return get_object_or_404(
        Tranche.objects.select_related("proposal__programme__organisation"),
        pk=tranche_id,
        proposal__in=visible_proposals(person_of(request)),
    )


def _ask_about(tranche: Tranche, title: str, button: str, lead: str = "") -> Ask:
    back = reverse("disbursements:goods", args=[tranche.pk])
    proposal = reverse("disbursements:proposal", args=[tranche.proposal_id])
    return Ask(
        title=title,
        button=button,
        back=back,
        crumbs=((proposal, tranche.proposal.reference), (back, tranche.reference)),
        lead=lead or tranche.title,
    )


@audience(*READERS)
@require_safe
def goods(request: HttpRequest, tranche_id: UUID) -> HttpResponse:
    """Show what a tranche is said to pay for, how that stands against the exemption today, and what was said before."""
    person = person_of(request)
    tranche = _tranche(request, tranche_id)
    found = list(queries.declarations(tranche)[:PAGE])
    latest = found[0] if found else None
    facts = queries.goods_facts([tranche], clock.today()).get(tranche.pk)
    is_clear, evidence = standing_of(facts)
    context = {
        "tranche": tranche,
        "is_clear": is_clear,
        "evidence": evidence,
        "latest": latest,
        "declarations": found,
        "exemptions": exemption_queries.visible_exemptions(person)
        .filter(programme=tranche.proposal.programme)
        .order_by("reference")[:PAGE],
        "may_declare": permissions.may_declare_goods(person),
        "may_agree": permissions.may_sign_off(person, latest)
        if latest and latest.reason and not hasattr(latest, "sign_off")
        else None,
        "may_ask": permissions.may_ask_override(person) if facts and facts.outside else None,
        "events": events.about(tranche.pk)[:PAGE],
    }
    return render(request, "disbursements/goods.html", context)


@audience(RoleName.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest, tranche_id: UUID, exemption_id: UUID) -> HttpResponse:
    """Ask which items of an exemption a tranche pays for, and keep it on POST."""
    tranche, exemption = _tranche(request, tranche_id), load(request, exemption_id)
    insist(permissions.may_declare_goods(person_of(request)))
    rows = exemption_queries.item_rows(exemption)
    form = GoodsForm(
        posted(request), items=[row.item for row in rows], left={row.item.number: row.left for row in rows}
    )
    letter = list(exemption.letters.all())[-1]
    vendors = [party.name for party in letter.parties.all() if party.role == "vendor"]
    ask = _ask_about(
        tranche,
        _("Goods under %(exemption)s") % {"exemption": exemption.reference},
        _("This is what it pays for"),
        _("Vendors that the letter names: %(vendors)s") % {"vendors": ", ".join(vendors)},
    )

    def act() -> str:
        said = form.cleaned_data
        operations.declare_goods(
            tranche_id=tranche.pk,
            exemption_id=exemption.pk,
            vendor=said["vendor"],
            departs_on=said["departs_on"],
            arrives_on=said["arrives_on"],
            quantities=form.quantities,
            actor=person_of(request),
            at=clock.now(),
        )
        return ask.back

    return answer(ask, request, form, act, _("Kept. The gate weighs it at every step of the payment."))


@audience(RoleName.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def declare_none(request: HttpRequest, tranche_id: UUID) -> HttpResponse:
    """Ask why no goods are in scope, and keep it on POST."""
    tranche = _tranche(request, tranche_id)
    insist(permissions.may_declare_goods(person_of(request)))
    form = NoGoodsForm(posted(request))
    ask = _ask_about(tranche, _("No goods in scope"), _("No goods are in scope"))

    def act() -> str:
        operations.declare_no_goods(
            tranche_id=tranche.pk, reason=form.cleaned_data["reason"], actor=person_of(request), at=clock.now()
        )
        return ask.back

    return answer(ask, request, form, act, _("Kept. A second person has to agree."))


def _declaration(request: HttpRequest, declaration_id: UUID) -> GoodsDeclaration:
    return get_object_or_404(
        GoodsDeclaration.objects.select_related("tranche__proposal", "exemption"),
        pk=declaration_id,
        tranche__proposal__in=visible_proposals(person_of(request)),
    )


@audience(*_AGREE)
@require_POST
def agree(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    """Agree, as a second person, that no goods are in scope."""
    found = _declaration(request, declaration_id)
    return do(
        lambda: operations.sign_off_no_goods(declaration_id=found.pk, actor=person_of(request), at=clock.now()),
        request,
        _("Agreed. The gate is clear."),
        reverse("disbursements:goods", args=[found.tranche_id]),
    )


@audience(RoleName.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_to_pay(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    """Ask why a tranche should pay for what lies outside its exemption, and lay it before the committee on POST."""
    found = _declaration(request, declaration_id)
    insist(permissions.may_ask_override(person_of(request)))
    facts = queries.goods_facts([_tranche(request, found.tranche_id)], clock.today()).get(found.tranche_id)
    form = AskForm(posted(request), initial={"closes_on": clock.add_working_days(clock.today(), DAYS_TO_VOTE)})
    ask = _ask_about(
        found.tranche,
        _("Ask the committee to let %(tranche)s be paid") % {"tranche": found.tranche.reference},
        _("Lay it before the committee"),
        " ".join(facts.outside) if facts else "",
    )

    def act() -> str:
        made = operations.ask_to_pay_outside(
            declaration_id=found.pk,
            reason=form.cleaned_data["reason"],
            closes_at=form.closes_at,
            actor=person_of(request),
            at=clock.now(),
        )
        return reverse("disbursements:override", args=[made.pk])

    return answer(ask, request, form, act, _("It lies before the committee. Nothing is paid before it has decided."))
