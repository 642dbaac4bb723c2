"""What can be asked of exemptions: what they allow now, what was done under them, and what was ever cleared."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Max, Prefetch, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from disbursements import exemptions
from disbursements.exemptions import Act, Goods, Letter, Party, PartyRole, Voyage
from disbursements.models import (
    Document,
    Exemption,
    ExemptionItem,
    ExemptionLetter,
    ExemptionRequest,
    GoodsDeclaration,
    GoodsItem,
    Organisation,
    Override,
    Shipment,
    ShipmentItem,
)
from disbursements.queries.partners import visible_programmes
from disbursements.states import OverrideStatus, RequestStatus, ShipmentStatus
from disbursements.uploads import ENDINGS
from trustfund.core.models import User
from trustfund.core.refusals import Missing

_LETTERS: Final = Prefetch(
    "letters",
    ExemptionLetter.objects.order_by("number").prefetch_related(
        Prefetch("items", ExemptionItem.objects.order_by("number")), "parties"
    ),
)
_SHIPMENTS: Final = Prefetch(
    "shipments",
    Shipment.objects.select_related("override")
    .order_by("departs_on", "reference")
    .prefetch_related(
        Prefetch("items", ShipmentItem.objects.select_related("item__letter").order_by("item__number")),
        Prefetch("overrides", Override.objects.order_by("asked_at")),
    ),
)


@dataclass(frozen=True)
class Entry:
    """An exemption of a list, with what it allows and how long it is still valid."""

    exemption: Exemption
    letter: ExemptionLetter
    shipped: int
    days_left: int
    is_valid: bool


@dataclass(frozen=True)
class ItemRow:
    """An item of the letter in force, with how many of it were ordered and shipped."""

    item: ExemptionItem
    ordered: Decimal
    shipped: Decimal

    @property
    def left(self) -> Decimal:
        """How many may still be shipped."""
        return max(self.item.quantity - self.shipped, Decimal(0))


def loaded(found: QuerySet[Exemption]) -> QuerySet[Exemption]:
    """Return exemptions with their letters, lists and shipments, in a fixed number of queries."""
    return found.select_related("programme__organisation").prefetch_related(_LETTERS, _SHIPMENTS)


def visible_exemptions(person: User) -> QuerySet[Exemption]:
    """Return the exemptions a person sees: a partner those of their own organisation, everybody else all."""
    return Exemption.objects.filter(programme__in=visible_programmes(person))


def visible_requests(person: User) -> QuerySet[ExemptionRequest]:
    """Return the requests a person sees, latest first: a partner those of their own organisation, else all."""
    found = ExemptionRequest.objects.select_related("programme__organisation", "exemption", "submitted_by")
    return found.filter(programme__in=visible_programmes(person)).order_by("-submitted_on", "-reference")


def open_requests(person: User) -> QuerySet[ExemptionRequest]:
    """Return the requests that wait for an answer, the longest waiting first."""
    return visible_requests(person).filter(status=RequestStatus.SUBMITTED).order_by("submitted_on", "reference")


def exemption_of(exemption_id: UUID, person: User) -> Exemption:
    """
    Return an exemption that a person sees, with everything around it.

    :raises Missing: if there is none for this person
    """
    for one in loaded(visible_exemptions(person)).filter(pk=exemption_id):
        return one
    raise Missing(_("There is no such exemption. Look it up in the list of exemptions."))


def exemption_list(person: User, *, words: str = "") -> QuerySet[Exemption]:
    """Return the exemptions that a person sees whose title, programme, letter or vendor contains some words."""
    found = visible_exemptions(person).select_related("programme__organisation").order_by("-recorded_at", "-reference")
    if words.strip():
        plain = words.strip()
        letters = ExemptionLetter.objects.filter(Q(reference__icontains=plain) | Q(parties__name__icontains=plain))
        found = found.filter(
            Q(title__icontains=plain)
            | Q(reference__icontains=plain)
            | Q(programme__title__icontains=plain)
            | Q(programme__reference__icontains=plain)
            | Q(pk__in=letters.values("exemption_id"))
        )
    return found


def entries(found: Iterable[Exemption], on: date) -> list[Entry]:
    """Return exemptions of a list with how they stand on a day, in a fixed number of queries."""
    several = list(found)
    ids = [one.pk for one in several]
    letters: dict[UUID, list[ExemptionLetter]] = {}
    for letter in ExemptionLetter.objects.filter(exemption__in=ids).order_by("number"):
        letters.setdefault(letter.exemption_id, []).append(letter)
    live = Shipment.objects.filter(exemption__in=ids).exclude(status=ShipmentStatus.CALLED_OFF)
    shipped = dict(live.values_list("exemption").annotate(Count("pk")))
    rows = []
    for one in several:
        bare = _bare(one, letters[one.pk])
        rows.append(
            Entry(
                exemption=one,
                letter=letters[one.pk][-1],
                shipped=shipped.get(one.pk, 0),
                days_left=exemptions.days_left(bare, on),
                is_valid=exemptions.is_valid_on(bare, on),
            )
        )
    return rows


def facts_of(
    exemption: Exemption, *, ordered: Iterable[Goods] = (), besides: UUID | None = None
) -> exemptions.Exemption:
    """
    Return an exemption that is loaded as the gate sees it.

    :param ordered: what other tranches have ordered under it
    :param besides: the shipment that is asked about, which does not count itself
    """
    live = [one for one in exemption.shipments.all() if one.status != ShipmentStatus.CALLED_OFF and one.pk != besides]
    return exemptions.Exemption(
        reference=exemption.reference,
        programme=exemption.programme.reference,
        letters=tuple(_letter(one) for one in exemption.letters.all()),
        voyages=tuple(voyage_of(one) for one in live),
        ordered=tuple(ordered),
        revoked_on=exemption.revoked_on,
    )


def voyage_of(shipment: Shipment) -> Voyage:
    """Return a shipment as the gate sees it."""
    return Voyage(
        reference=shipment.reference,
        departs_on=shipment.leaves_on,
        arrives_on=shipment.lands_on,
        goods=tuple(Goods(one.item.number, one.quantity, one.item.letter.number) for one in shipment.items.all()),
        has_departed=shipment.departed_on is not None,
        has_arrived=shipment.arrived_on is not None,
    )


def let_pass(shipment: Shipment) -> frozenset[str]:
    """Return the keys of the findings that decisions of the committee let pass for a shipment."""
    granted = [one for one in shipment.overrides.all() if one.status == OverrideStatus.GRANTED]
    if shipment.override is not None:
        granted.append(shipment.override)
    return frozenset(key for one in granted for key in one.keys)


def ordered_under(exemption_ids: Iterable[UUID]) -> dict[UUID, dict[UUID, tuple[Goods, ...]]]:
    """Return, by exemption and by tranche, what is ordered: the latest declaration of each tranche."""
    ids = list(exemption_ids)
    tranches = GoodsDeclaration.objects.filter(exemption__in=ids).values("tranche")
    latest = GoodsDeclaration.objects.filter(tranche__in=tranches).values("tranche").annotate(last=Max("number"))
    numbers = dict(latest.values_list("tranche", "last"))
    found: dict[UUID, dict[UUID, tuple[Goods, ...]]] = {}
    items = GoodsItem.objects.filter(declaration__exemption__in=ids).select_related("declaration", "item__letter")
    for one in items:
        said = one.declaration
        if said.exemption_id is None or numbers.get(said.tranche_id) != said.number:
            continue
        by_tranche = found.setdefault(said.exemption_id, {})
        goods = Goods(one.item.number, one.quantity, one.item.letter.number)
        by_tranche[said.tranche_id] = (*by_tranche.get(said.tranche_id, ()), goods)
    return found


def item_rows(exemption: Exemption) -> list[ItemRow]:
    """Return the list of the letter in force, each item with how many were ordered and shipped."""
    live = [one for one in exemption.shipments.all() if one.status != ShipmentStatus.CALLED_OFF]
    shipped: dict[int, Decimal] = {}
    for line in (line for one in live for line in one.items.all()):
        shipped[line.item.number] = shipped.get(line.item.number, Decimal(0)) + line.quantity
    ordered: dict[int, Decimal] = {}
    for goods in ordered_under([exemption.pk]).get(exemption.pk, {}).values():
        for one in goods:
            ordered[one.number] = ordered.get(one.number, Decimal(0)) + one.quantity
    letters = list(exemption.letters.all())
    return [
        ItemRow(item, ordered.get(item.number, Decimal(0)), shipped.get(item.number, Decimal(0)))
        for item in letters[-1].items.all()
    ]


def letters_granted_to(organisation: Organisation) -> list[date]:
    """Return when exemptions were granted to an organisation; extensions and amendments are none."""
    found = ExemptionLetter.objects.filter(act=Act.GRANT, exemption__programme__organisation=organisation)
    return list(found.values_list("granted_on", flat=True))


def catalogue(words: str = "") -> QuerySet[ExemptionItem, Any]:
    """
    Return what was ever cleared, each kind of goods once, the most often cleared first.

    Each row has name, specification, customs code and unit, in how many exemptions it stands, the most and the total
    that was cleared, and when last.
    """
    found = ExemptionItem.objects.filter(letter__exemption__revoked_on=None)
    if words.strip():
        plain = words.strip()
        found = found.filter(
            Q(name__icontains=plain) | Q(specification__icontains=plain) | Q(hs_code__startswith=plain)
        )
    return (
        found.values("name", "specification", "hs_code", "unit")
        .annotate(
            times=Count("letter__exemption", distinct=True),
            most=Max("quantity"),
            cleared=Sum("quantity", filter=Q(letter__act=Act.GRANT)),
            last_on=Max("letter__granted_on"),
        )
        .order_by("-times", "name", "specification", "unit")
    )


def expiring(until: date, since: date) -> QuerySet[Exemption]:
    """Return the exemptions in force whose latest letter expires between two days."""
    last = ExemptionLetter.objects.values("exemption").annotate(last=Max("number"))
    numbers = dict(last.values_list("exemption", "last"))
    found = ExemptionLetter.objects.filter(valid_to__gte=since, valid_to__lte=until, exemption__revoked_on=None)
    ids = [one.exemption_id for one in found if numbers[one.exemption_id] == one.number]
    return Exemption.objects.filter(pk__in=ids).order_by("reference")


def _bare(exemption: Exemption, letters: Iterable[ExemptionLetter]) -> exemptions.Exemption:
    return exemptions.Exemption(
        reference=exemption.reference,
        programme="",
        letters=tuple(
            Letter(one.number, one.granted_on, one.valid_from, one.valid_to, one.shipments_allowed, ())
            for one in letters
        ),
        revoked_on=exemption.revoked_on,
    )


def item_of(row: ExemptionItem) -> exemptions.Item:
    """Return a line of a letter's list as the gate sees it."""
    return exemptions.Item(row.number, row.name, row.quantity, row.unit, row.specification, row.hs_code)


def _letter(row: ExemptionLetter) -> Letter:
    return Letter(
        version=row.number,
        granted_on=row.granted_on,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        shipments_allowed=row.shipments_allowed,
        items=tuple(item_of(one) for one in row.items.all()),
        parties=tuple(Party(one.name, PartyRole(one.role), one.country) for one in row.parties.all()),
    )


def parties_of(letter: ExemptionLetter) -> list[Party]:
    """Return whom a letter names."""
    return [Party(one.name, PartyRole(one.role), one.country) for one in letter.parties.all()]


def suffix_of(document: Document) -> str:
    """Return the ending under which a file's bytes are stored."""
    return ENDINGS[document.media_type]
