"""Sanctions lists of the demonstration: invented names only, one harmless likeness cleared and one that waits."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from xml.sax.saxutils import escape

from disbursements.operations import programmes
from disbursements.states import OrganisationKind
from screening import operations
from screening.models import Answer, Hit, Party, PartyRole
from screening.readers import Source
from trustfund.embedded.demonstration.stage import Stage

_PERSONS: Final = ("Valen Orsk", "Mirel Tadanov", "Han Jong-u", "Ostap Verenko")
_BODIES: Final = ("Kumgang Mineral Trading Corporation", "Tadanov Shipping Company Limited", "Orsk Arsenal Works")


def _list(on: datetime) -> bytes:
    persons = "".join(
        f"<INDIVIDUAL><FIRST_NAME>{escape(name)}</FIRST_NAME><REFERENCE_NUMBER>XXi.{number:03d}</REFERENCE_NUMBER></INDIVIDUAL>"
        for number, name in enumerate(_PERSONS, start=1)
    )
    bodies = "".join(
        f"<ENTITY><FIRST_NAME>{escape(name)}</FIRST_NAME><REFERENCE_NUMBER>XXe.{number:03d}</REFERENCE_NUMBER></ENTITY>"
        for number, name in enumerate(_BODIES, start=1)
    )
    return (
        f'<CONSOLIDATED_LIST dateGenerated="{on:%Y-%m-%d}T12:00:00"><INDIVIDUALS>{persons}</INDIVIDUALS>'
        f"<ENTITIES>{bodies}</ENTITIES></CONSOLIDATED_LIST>"
    ).encode()


def tell(stage: Stage, payee: UUID, at: datetime) -> None:
    """Load the list, screen the payee, clear a storekeeper with nearly a listed name, and leave a vendor waiting."""
    secretariat = stage.people["secretariat"]
    operations.record_list(source=Source.UN, content=_list(at), actor=secretariat, at=at)
    operations.screen_party(
        party_id=Party.objects.get(subject=payee, role=PartyRole.PAYEE).pk, actor=secretariat, at=at
    )
    storekeeper = operations.add_party(
        subject=payee, role=PartyRole.OFFICER, name="Han Jong Woo", actor=secretariat, at=at
    )
    for hit in Hit.objects.filter(screening__party=storekeeper):
        for key, reason in (
            ("certifier", "Born 1988; the listed person was born in 1957. Passport copy on file."),
            ("treasury", "The national register shows another place of birth and another mother's name."),
        ):
            operations.give_opinion(
                hit_id=hit.pk, says=Answer.ANOTHER, reason=reason, actor=stage.people[key], at=at + timedelta(hours=1)
            )
    vendor_of = programmes.register_organisation(
        name="Northern Diagnostics Consortium", kind=OrganisationKind.OTHER, actor=secretariat, at=at
    )
    operations.add_party(
        subject=vendor_of.pk, role=PartyRole.VENDOR, name="Kumgang Minerals Trading Co.", actor=secretariat, at=at
    )
