"""The sanctions corridor: two exemptions, their shipments, one that expired and now stops a payment. All invented."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Final
from uuid import UUID

from disbursements import exemption_lists
from disbursements.exemptions import Case, Item, Party, PartyRole, RequestRoute
from disbursements.models import Exemption, Programme, Tranche
from disbursements.operations import exemptions, goods, shipments
from disbursements.operations.exemptions import LetterSaid
from trustfund.embedded.demonstration.programme_stories import PROPOSALS
from trustfund.embedded.demonstration.stage import Stage

VENDOR: Final = "Helvetia Medical Export AG"
CARRIER: Final = "Northern Star Lines"


@dataclass(frozen=True)
class ExemptionStory:
    """
    An exemption and what is done under it, in days before the story's end.

    :ivar granted: when it was granted, and `ends` when it ends; below zero, after the story
    :ivar voyages: for each shipment when it leaves, how many days it travels, and quantities by item
    :ivar tranche: the tranche that pays for its goods
    """

    key: str
    title: str
    letter: str
    items: tuple[Item, ...]
    granted: int
    ends: int
    voyages: tuple[tuple[int, int, dict[int, int]], ...]
    tranche: int
    quantities: dict[int, int]


EXEMPTIONS: Final = (
    ExemptionStory(
        key="laboratories",
        title="Biosafety cabinets and sequencing kits",
        letter="OC.41",
        items=(
            Item(1, "Biosafety cabinet", Decimal(24), "piece", "Class II, type A2", "841960"),
            Item(2, "Sequencing kit", Decimal(180), "kit", "96 samples", "382200"),
            Item(3, "Sample transport box", Decimal(600), "piece", "", "392310"),
        ),
        granted=300,
        ends=21,
        voyages=((250, 34, {1: 14, 2: 80}), (150, 29, {1: 8, 2: 60, 3: 400})),
        tranche=3,
        quantities={2: 40, 3: 200},
    ),
    ExemptionStory(
        key="medicines",
        title="Medicine kits for household doctors",
        letter="OC.57",
        items=(
            Item(1, "Medicine kit", Decimal(18_400), "kit", "Twelve essential medicines", "300490"),
            Item(2, "Stock card box", Decimal(4_600), "piece", "", "481910"),
        ),
        granted=140,
        ends=-60,
        voyages=((95, 30, {1: 9_200, 2: 4_600}), (12, 32, {1: 4_600})),
        tranche=3,
        quantities={1: 9_200},
    ),
)
# Which tranche of which story pays for goods under an exemption; of all others two officers find none in scope.
_UNDER: Final = {(story.key, story.tranche): story for story in EXEMPTIONS}


def plan(stage: Stage) -> None:
    """Put the requests on the agenda; everything else follows from their answers."""
    for story in EXEMPTIONS:
        stage.plan(stage.end - timedelta(days=story.granted + 24), partial(_request, stage, story))


def say_what_it_pays_for(stage: Stage, key: str, tranche: Tranche, at: datetime) -> None:
    """Let two officers find that no goods are in scope, unless the tranche pays for goods under an exemption."""
    if (key, tranche.number) in _UNDER:
        return
    said = goods.declare_no_goods(
        tranche_id=tranche.pk,
        reason="Bought and delivered by the organisation under its own standing exemption; no listed item is paid.",
        actor=stage.people["secretariat"],
        at=at,
    )
    goods.sign_off_no_goods(declaration_id=said.pk, actor=stage.people["certifier"], at=at + timedelta(minutes=5))


def _request(stage: Stage, story: ExemptionStory, at: datetime) -> None:
    title = next(one.title for one in PROPOSALS if one.key == story.key)
    asked = exemptions.request_exemption(
        programme_id=Programme.objects.get(title=title).pk,
        title=story.title,
        case=Case(
            nature="Supplies of the programme, delivered in kind; no cash is held in the country.",
            recipients="Facilities chosen by published need scores and visited by the third-party monitor.",
            need="The items fall under chapters of the customs tariff whose supply needs an exemption.",
            goods=exemption_lists.lines_of_items(story.items),
            movement=f"By sea, {CARRIER}; two or three shipments within the period.",
            safeguards="Sealed containers, stock counts on arrival and after thirty days.",
        ),
        route=RequestRoute.DIRECT,
        submitted_on=at.date(),
        actor=stage.people["partner"],
        at=at,
    )
    stage.plan(stage.end - timedelta(days=story.granted), partial(_grant, stage, story, asked.pk))


def _grant(stage: Stage, story: ExemptionStory, request_id: UUID, at: datetime) -> None:
    letter = exemptions.record_letter(
        request_id=request_id,
        said=LetterSaid(
            reference=f"S/AC.49/{at.year}/{story.letter}",
            granted_on=at.date(),
            valid_from=at.date(),
            valid_to=(stage.end - timedelta(days=story.ends)).date(),
            shipments_allowed=3,
            items=story.items,
            parties=(Party(VENDOR, PartyRole.VENDOR, "CH"), Party(CARRIER, PartyRole.CARRIER, "SG")),
            sha256=f"{len(story.title):02x}" * 32,
            public_url=f"https://exemptions.example/{at.year}/{story.letter}",
        ),
        actor=stage.people["secretariat"],
        at=at,
    )
    for leaves, days, quantities in story.voyages:
        stage.plan(
            stage.end - timedelta(days=leaves + 6),
            partial(_ship, stage, letter.exemption_id, days, quantities),
        )
    stage.plan(stage.end - timedelta(days=max(story.ends, 0) + 9), partial(_order, stage, story, letter.exemption_id))


def _ship(stage: Stage, exemption_id: UUID, days: int, quantities: dict[int, int], at: datetime) -> None:
    partner = stage.people["partner"]
    leaves = at + timedelta(days=6)
    shipment = shipments.plan_shipment(
        exemption_id=exemption_id,
        carrier=CARRIER,
        way="Dalian to Nampo by sea",
        departs_on=leaves.date(),
        arrives_on=(leaves + timedelta(days=days)).date(),
        quantities={number: Decimal(many) for number, many in quantities.items()},
        actor=partner,
        at=at,
    )

    def leave(then: datetime) -> None:
        shipments.send_off_shipment(shipment_id=shipment.pk, on=then.date(), actor=partner, at=then)

    def land(then: datetime) -> None:
        shipments.land_shipment(shipment_id=shipment.pk, on=then.date(), actor=partner, at=then)

    stage.plan(leaves, leave)
    stage.plan(leaves + timedelta(days=days), land)


def _order(stage: Stage, story: ExemptionStory, exemption_id: UUID, at: datetime) -> None:
    exemption = Exemption.objects.get(pk=exemption_id)
    tranche = Tranche.objects.get(
        proposal__programme=exemption.programme_id, number=story.tranche, proposal__status="approved"
    )
    goods.declare_goods(
        tranche_id=tranche.pk,
        exemption_id=exemption_id,
        vendor=VENDOR,
        departs_on=(at + timedelta(days=5)).date(),
        arrives_on=(at + timedelta(days=9)).date(),
        quantities={number: Decimal(many) for number, many in story.quantities.items()},
        actor=stage.people["secretariat"],
        at=at,
    )
