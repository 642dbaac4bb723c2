"""Sanctions lists for tests, in the form in which the United Nations publishes theirs, with invented names."""

from collections.abc import Iterable
from datetime import date
from uuid import uuid4
from xml.sax.saxutils import escape

from screening import operations, queries
from screening.models import ListFile, Party, PartyRole
from screening.readers import Source
from tests import people
from trustfund.core.models import User
from trustfund.core.roles import RoleName

PUBLISHED_ON = date(2026, 7, 1)
PERSON, BODY = "Han Jong-u", "Kumgang Mineral Trading Corporation"


def un_list(
    persons: Iterable[str] = (PERSON,),
    bodies: Iterable[str] = (BODY,),
    *,
    published_on: date = PUBLISHED_ON,
    aliases: Iterable[str] = (),
) -> bytes:
    """Return a list of the United Nations' form; the aliases are all the first person's."""
    alias = "".join(
        f"<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>{escape(name)}</ALIAS_NAME></INDIVIDUAL_ALIAS>"
        for name in aliases
    )
    individuals = "".join(
        f"<INDIVIDUAL><FIRST_NAME>{escape(name)}</FIRST_NAME><REFERENCE_NUMBER>ZZi.{number:03d}</REFERENCE_NUMBER>"
        f"{alias if number == 1 else ''}</INDIVIDUAL>"
        for number, name in enumerate(persons, start=1)
    )
    entities = "".join(
        f"<ENTITY><FIRST_NAME>{escape(name)}</FIRST_NAME><REFERENCE_NUMBER>ZZe.{number:03d}</REFERENCE_NUMBER></ENTITY>"
        for number, name in enumerate(bodies, start=1)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><CONSOLIDATED_LIST dateGenerated="{published_on}T12:00:00.000-05:00">'
        f"<INDIVIDUALS>{individuals}</INDIVIDUALS><ENTITIES>{entities}</ENTITIES></CONSOLIDATED_LIST>"
    ).encode()


def officer() -> User:
    """Return the officer of the secretariat who loads lists here."""
    found = User.objects.filter(email="screening@fund.example").first()
    return found or people.someone(RoleName.SECRETARIAT, name="Screening Officer", email="screening@fund.example")


def load(content: bytes | None = None, source: Source = Source.UN) -> ListFile:
    """Take a list into force; by default one with an invented person and an invented body."""
    return operations.record_list(
        source=source, content=un_list() if content is None else content, actor=officer(), at=people.NOON
    )


def lists_in_force() -> None:
    """See to it that a list is in force, and that everybody named before it came is screened against it."""
    if not queries.edition().files:
        load()
    for party in queries.unscreened(queries.edition()):
        operations.screen_party(party_id=party.pk, actor=None, at=people.NOON)


def a_party(name: str, *, beside: Party | None = None, role: PartyRole = PartyRole.VENDOR) -> Party:
    """Name somebody for screening, beside a payee or alone."""
    return operations.add_party(
        subject=beside.subject if beside else uuid4(), role=role, name=name, actor=officer(), at=people.NOON
    )
