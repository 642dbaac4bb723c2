"""The first days of the demonstration: people are invited, the chart is opened, rules adopted and the seats taken."""

from datetime import datetime, timedelta

from django.db import transaction

from committee import rules
from committee.operations import procedure, seats
from ledger import operations as ledger
from trustfund.core import operations as people
from trustfund.core.roles import RoleName
from trustfund.embedded.demonstration.cast import OFFICERS, SEATS
from trustfund.embedded.demonstration.stage import Stage, a_password, moment

TERM_YEARS = 6


def plan(stage: Stage) -> None:
    """Put the first days on the agenda."""
    stage.plan(moment(stage.start, 8), lambda at: _invite(stage, at))
    stage.plan(moment(stage.start, 12), lambda at: _open_books(stage, at))
    stage.plan(moment(stage.start, 14), lambda at: _seat(stage, at))


def _address(key: str) -> str:
    return f"{key}@concord-fund.example"


def _invite(stage: Stage, at: datetime) -> None:
    administrator = next(person for person in OFFICERS if person.key == "administrator")
    password = a_password()
    first = people.appoint_first_administrator(
        email=_address(administrator.key), name=administrator.name, password=password, at=at
    )
    stage.welcome(first, administrator.key, administrator.roles, password)
    member = (RoleName.COMMITTEE_MEMBER,)
    everybody = [
        *((seat.key, seat.name, (*member, RoleName.CHAIR) if seat.is_chair else member) for seat in SEATS),
        *((person.key, person.name, person.roles) for person in OFFICERS if person is not administrator),
    ]
    for key, name, roles in everybody:
        password = a_password()
        person = people.invite_person(email=_address(key), name=name, password=password, actor=first, at=at)
        for role in roles:
            people.grant_role(person_id=person.pk, role=role, actor=first, at=at)
        person.__dict__.pop("role_names", None)
        stage.welcome(person, key, roles, password)


def _open_books(stage: Stage, at: datetime) -> None:
    with transaction.atomic():
        ledger.open_chart(by=stage.people["treasury"], at=at)


def _seat(stage: Stage, at: datetime) -> None:
    administrator = stage.people["administrator"]
    procedure.adopt_rules(rules=rules.NEUTRAL_COMMITTEE, title="Rules of procedure", actor=administrator, at=at)
    for seat in SEATS:
        seats.seat_member(
            number=seat.number,
            bench=rules.Bench(seat.bench),
            holder_id=stage.people[seat.key].pk,
            nominated_by=seat.nominated_by,
            starts_on=stage.start,
            ends_on=stage.start + timedelta(days=365 * TERM_YEARS),
            chairs=seat.is_chair,
            actor=administrator,
            at=at + timedelta(minutes=seat.number),
        )
