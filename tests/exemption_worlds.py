"""Exemptions for tests, made through the operations: asked for, granted, extended, shipped under, ordered under."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from disbursements import exemption_lists, operations
from disbursements.exemptions import Act, Case, Item, Party, PartyRole, RequestRoute
from disbursements.models import (
    Exemption,
    ExemptionLetter,
    ExemptionRequest,
    GoodsDeclaration,
    Programme,
    Shipment,
    Tranche,
)
from disbursements.operations.exemptions import LetterSaid
from disbursements.uploads import upload
from tests import disbursement_worlds, people
from tests.disbursement_worlds import secretariat
from trustfund.core.models import User

_numbers = count(1)
TODAY = people.NOON.date()
VALID_FROM, VALID_TO = TODAY - timedelta(days=20), TODAY + timedelta(days=250)
LEAVES, LANDS = TODAY + timedelta(days=20), TODAY + timedelta(days=45)
KITS = Item(1, "Laboratory kit", Decimal(57), "kit", "17 types", "382200")
TENTS = Item(2, "Tent, 42 square metres", Decimal(5), "piece", "", "630622")
VENDOR = "Example Medical Supply AG"
PARTIES = (Party(VENDOR, PartyRole.VENDOR, "CH"), Party("Example Lines", PartyRole.CARRIER, "SG"))
HASH = "ab" * 32


def a_request(
    programme: Programme | None = None,
    *,
    exemption: Exemption | None = None,
    act: Act = Act.GRANT,
    by: User | None = None,
) -> ExemptionRequest:
    """Write down a request that went to the sanctions body directly, a week ago."""
    programme = exemption.programme if exemption else programme or disbursement_worlds.a_programme()
    return operations.request_exemption(
        programme_id=programme.pk,
        exemption_id=exemption.pk if exemption else None,
        act=act,
        title="Laboratory kits for county hospitals",
        case=Case(
            nature="Diagnosis of infectious diseases.",
            recipients="Forty county hospitals, chosen by caseload.",
            need="The kits contain items under customs chapter 38.",
            goods=exemption_lists.lines_of_items((KITS, TENTS)),
        ),
        route=RequestRoute.DIRECT,
        submitted_on=TODAY - timedelta(days=27),
        actor=by or secretariat(),
        at=people.NOON,
    )


def item(number: int, name: str, quantity: int = 1) -> Item:
    """Return an item of a list."""
    return Item(number, name, Decimal(quantity), "piece")


def said(**changes: Any) -> LetterSaid:
    """Return what a letter may say: three shipments within nine months, 57 kits and 5 tents."""
    good: dict[str, Any] = {
        "reference": f"S/AC.49/2026/OC.{next(_numbers)}",
        "granted_on": VALID_FROM,
        "valid_from": VALID_FROM,
        "valid_to": VALID_TO,
        "shipments_allowed": 3,
        "items": (KITS, TENTS),
        "parties": PARTIES,
        "sha256": HASH,
        "public_url": "https://letters.example/1718/1",
    }
    return LetterSaid(**{**good, **changes})


def a_letter(request: ExemptionRequest, *, at: datetime = people.NOON, **changes: Any) -> ExemptionLetter:
    """Record the letter that grants a request."""
    return operations.record_letter(request_id=request.pk, said=said(**changes), actor=secretariat(), at=at)


def an_exemption(programme: Programme | None = None, *, at: datetime = people.NOON, **changes: Any) -> Exemption:
    """Make an exemption of a programme."""
    return a_letter(a_request(programme), at=at, **changes).exemption


def an_extension(
    exemption: Exemption, *, at: datetime = people.NOON, act: Act = Act.EXTENSION, **changes: Any
) -> ExemptionLetter:
    """Ask for a change of an exemption, and record the letter that grants it."""
    return a_letter(a_request(exemption=exemption, act=act), at=at, **changes)


def a_shipment(
    exemption: Exemption,
    quantities: dict[int, int] | None = None,
    *,
    departs_on: date = LEAVES,
    arrives_on: date = LANDS,
    by: User | None = None,
    at: datetime = people.NOON,
) -> Shipment:
    """Plan a shipment of twenty kits, unless told otherwise."""
    return operations.plan_shipment(
        exemption_id=exemption.pk,
        carrier="Example Lines",
        way="Dalian to Nampo by sea",
        departs_on=departs_on,
        arrives_on=arrives_on,
        quantities={number: Decimal(many) for number, many in (quantities or {1: 20}).items()},
        actor=by or secretariat(),
        at=at,
    )


def declare(
    tranche: Tranche,
    exemption: Exemption,
    quantities: dict[int, int] | None = None,
    *,
    vendor: str = VENDOR,
    departs_on: date = LEAVES,
    arrives_on: date = LANDS,
    at: datetime = disbursement_worlds.APPROVED_AT,
) -> GoodsDeclaration:
    """Say that a tranche pays for twenty kits of an exemption, unless told otherwise."""
    return operations.declare_goods(
        tranche_id=tranche.pk,
        exemption_id=exemption.pk,
        vendor=vendor,
        departs_on=departs_on,
        arrives_on=arrives_on,
        quantities={number: Decimal(many) for number, many in (quantities or {1: 20}).items()},
        actor=secretariat(),
        at=at,
    )


def one_of_everything(programme: Programme, tranche: Tranche) -> dict[str, Any]:
    """Make one of everything around an exemption, and return what addresses are about, by the names they use."""
    letter = operations.record_letter(
        request_id=a_request(programme).pk,
        said=said(sha256=""),
        paper=upload("letter.pdf", b"%PDF-1.7 the letter"),
        actor=secretariat(),
        at=people.NOON,
    )
    exemption = letter.exemption
    shipment = a_shipment(exemption)
    declaration = declare(tranche, exemption, vendor="Cheaper Supply Ltd")
    override = operations.ask_to_pay_outside(
        declaration_id=declaration.pk,
        reason="The named vendor stopped making the kit.",
        closes_at=disbursement_worlds.APPROVED_AT + timedelta(days=5),
        actor=secretariat(),
        at=disbursement_worlds.APPROVED_AT,
    )
    return {
        "exemption_id": exemption.pk,
        "letter_id": letter.pk,
        "asked_id": a_request(programme).pk,
        "shipment_id": shipment.pk,
        "declaration_id": declaration.pk,
        "override_id": override.pk,
    }
