"""What tranches are declared to pay for, how that stands against its exemption on a day, and what was let pass."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from disbursements import exemption_lists, exemptions
from disbursements.exemptions import Finding, Goods, GoodsFacts, Order
from disbursements.models import Exemption, GoodsDeclaration, GoodsItem, Override, Tranche
from disbursements.queries import exemptions as queries
from disbursements.states import OverrideStatus

_ITEMS = Prefetch("items", GoodsItem.objects.select_related("item__letter").order_by("item__number"))
_OVERRIDES = Prefetch("overrides", Override.objects.order_by("asked_at"))


def declarations(tranche: Tranche) -> QuerySet[GoodsDeclaration]:
    """Return what was declared of a tranche, latest first."""
    found = GoodsDeclaration.objects.filter(tranche=tranche).order_by("-number")
    return found.select_related("declared_by", "exemption", "sign_off__signed_by").prefetch_related(_ITEMS, _OVERRIDES)


def latest_declarations(tranche_ids: Iterable[UUID]) -> dict[UUID, GoodsDeclaration]:
    """Return by tranche what was declared last of it."""
    found = (
        GoodsDeclaration.objects.filter(tranche__in=list(tranche_ids))
        .select_related("declared_by", "sign_off__signed_by")
        .prefetch_related(_ITEMS, _OVERRIDES)
        .order_by("number")
    )
    return {one.tranche_id: one for one in found}


def order_of(declaration: GoodsDeclaration, programme: str) -> Order:
    """
    Return a declaration that names an exemption as the gate sees it.

    :raises ValueError: if it names none
    """
    if declaration.departs_on is None or declaration.arrives_on is None:
        raise ValueError("A declaration without an exemption orders nothing.")
    return Order(
        programme=programme,
        vendor=declaration.vendor,
        departs_on=declaration.departs_on,
        arrives_on=declaration.arrives_on,
        goods=tuple(Goods(one.item.number, one.quantity, one.item.letter.number) for one in declaration.items.all()),
    )


def findings_of(declaration: GoodsDeclaration, programme: str, on: date) -> tuple[Finding, ...]:
    """Return why what a tranche pays for lies outside its exemption on a day, decisions of the committee aside."""
    if declaration.exemption_id is None:
        return ()
    exemption = queries.loaded(Exemption.objects.filter(pk=declaration.exemption_id)).get()
    others = queries.ordered_under([exemption.pk]).get(exemption.pk, {})
    return _findings(declaration, exemption, others, programme, on)


def goods_facts(tranches: Sequence[Tranche], on: date) -> dict[UUID, GoodsFacts]:
    """Return for tranches what the gate reads of their goods, in a fixed number of queries."""
    said = latest_declarations({tranche.pk for tranche in tranches})
    ids = {one.exemption_id for one in said.values() if one.exemption_id is not None}
    known = {one.pk: one for one in queries.loaded(Exemption.objects.filter(pk__in=ids))} if ids else {}
    ordered = queries.ordered_under(ids) if ids else {}
    facts: dict[UUID, GoodsFacts] = {}
    for tranche in tranches:
        declaration = said.get(tranche.pk)
        if declaration is None:
            continue
        if declaration.exemption_id is None:
            sign_off = getattr(declaration, "sign_off", None)
            facts[tranche.pk] = GoodsFacts(
                declared_by=declaration.declared_by.name,
                reason=declaration.reason,
                signed_by=sign_off.signed_by.name if sign_off else "",
            )
            continue
        exemption = known[declaration.exemption_id]
        found = _findings(
            declaration, exemption, ordered.get(exemption.pk, {}), tranche.proposal.programme.reference, on
        )
        granted = [one for one in declaration.overrides.all() if one.status == OverrideStatus.GRANTED]
        outside = exemptions.without(found, [key for one in granted for key in one.keys])
        passed = {one.key for one in found} - {one.key for one in outside}
        facts[tranche.pk] = GoodsFacts(
            declared_by=declaration.declared_by.name,
            exemption=_in_words(declaration, exemption),
            outside=tuple(one.words for one in outside),
            let_pass=tuple((one.decision, " ".join(one.words)) for one in granted if passed & one.keys),
        )
    return facts


def _findings(
    declaration: GoodsDeclaration,
    exemption: Exemption,
    ordered: dict[UUID, tuple[Goods, ...]],
    programme: str,
    on: date,
) -> tuple[Finding, ...]:
    others = [one for tranche, goods in ordered.items() if tranche != declaration.tranche_id for one in goods]
    facts = queries.facts_of(exemption, ordered=others)
    return exemptions.findings_on_order(facts, order_of(declaration, programme), on)


def _in_words(declaration: GoodsDeclaration, exemption: Exemption) -> str:
    letter = list(exemption.letters.all())[-1]
    goods = exemption_lists.in_words(
        exemptions.Item(one.item.number, one.item.name, one.quantity, one.item.unit) for one in declaration.items.all()
    )
    words = _(
        "%(exemption)s, letter %(letter)s, valid to %(to)s: %(goods)s from %(vendor)s. SHA-256 of the letter %(print)s…"
    )
    return words % {
        "exemption": exemption.reference,
        "letter": letter.reference,
        "to": date_format(letter.valid_to, "j F Y"),
        "goods": goods,
        "vendor": declaration.vendor,
        "print": letter.sha256[:12],
    }


def waits_for_second_person(person_id: UUID) -> QuerySet[GoodsDeclaration]:
    """Return the declarations of no goods in scope that somebody other than this person made and nobody agreed to."""
    latest = GoodsDeclaration.objects.filter(tranche=OuterRef("tranche")).order_by("-number").values("number")[:1]
    return (
        GoodsDeclaration.objects.filter(exemption=None, sign_off=None, number=Subquery(latest))
        .exclude(declared_by=person_id)
        .select_related("tranche__proposal")
        .order_by("declared_at")
    )


def let_pass_between(start: datetime, end: datetime) -> QuerySet[Override]:
    """Return what the committee let pass outside an exemption from one moment up to another, earliest first."""
    found = Override.objects.filter(status=OverrideStatus.GRANTED, ended_at__gte=start, ended_at__lt=end)
    return found.select_related("exemption", "declaration__tranche", "shipment").order_by("ended_at", "reference")


def overrides_waiting() -> list[UUID]:
    """Return what was laid before the committee and not answered yet."""
    found = Override.objects.filter(status=OverrideStatus.ASKED).order_by("asked_at")
    return list(found.values_list("pk", flat=True))
