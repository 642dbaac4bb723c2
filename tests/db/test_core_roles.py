"""Every pair of roles, in code and in PostgreSQL; roles given, ended, and people who leave."""

from itertools import combinations, product
from uuid import uuid4

import psycopg2
import pytest

from tests import people
from trustfund.core import events, operations
from trustfund.core.models import Event, ForbiddenPair, Role, User
from trustfund.core.refusals import AlreadyDone, Missing, NotPermitted, Unacceptable
from trustfund.core.roles import FORBIDDEN_PAIRS, RoleName, are_forbidden_together

COMMITTEE = {RoleName.COMMITTEE_MEMBER, RoleName.ALTERNATE, RoleName.CHAIR}
# Written out from the fund's rules, not from the code: all else is forbidden.
ALLOWED = {frozenset(pair) for pair in combinations(COMMITTEE, 2)}

pytestmark = pytest.mark.django_db(transaction=True)


def administrator():
    return people.someone(RoleName.FUND_ADMINISTRATOR)


def everything():
    """Return what a refusal must leave as it was."""
    roles = set(Role.objects.values_list("person", "name", "ended_at"))
    return roles, Event.objects.count(), set(User.objects.values_list("email", "is_active"))


def test_the_segregation_table_forbids_all_but_the_committee_among_itself():
    pairs = {frozenset(pair) for pair in combinations(RoleName, 2)}
    assert pairs - FORBIDDEN_PAIRS == ALLOWED
    rows = {frozenset({RoleName(pair.one), RoleName(pair.other)}) for pair in ForbiddenPair.objects.all()}
    assert rows == FORBIDDEN_PAIRS


def test_every_pair_is_judged_alike_by_code_and_by_postgresql(superuser):
    boss = administrator()
    for one, other in product(RoleName, RoleName):
        person = people.someone(one)
        refused_in_code = refused_in_database = False
        try:
            operations.grant_role(person_id=person.pk, role=other, actor=boss, at=people.NOON)
        except (Unacceptable, AlreadyDone):
            refused_in_code = True
            try:
                with superuser, superuser.cursor() as cursor:
                    cursor.execute(
                        "INSERT INTO core_role (person_id, name, granted_at) VALUES (%s, %s, now())",
                        [str(person.pk), str(other)],
                    )
            except psycopg2.Error as error:
                refused_in_database = True
                assert error.pgcode == ("23505" if one == other else "TF002")
        forbidden = one == other or frozenset({one, other}) not in ALLOWED
        assert (refused_in_code, refused_in_database) == (forbidden, forbidden), (one, other)


def test_an_ended_role_makes_room_for_another_and_does_not_come_back(superuser):
    boss, person = administrator(), people.someone(RoleName.SECRETARIAT)
    operations.end_role(person_id=person.pk, role=RoleName.SECRETARIAT, actor=boss, at=people.NOON)
    operations.grant_role(person_id=person.pk, role=RoleName.AUDITOR, actor=boss, at=people.NOON)
    assert User.objects.get(pk=person.pk).role_names == {RoleName.AUDITOR}
    with pytest.raises(psycopg2.Error) as refused, superuser.cursor() as cursor:
        cursor.execute("UPDATE core_role SET ended_at = NULL WHERE name = 'secretariat'")
    assert refused.value.pgcode == "TF002"


REFUSED_GRANTS = [
    ("not the administrator", lambda w: w | {"actor": people.someone(RoleName.SECRETARIAT)}, NotPermitted),
    ("nobody at all", lambda w: w | {"actor": people.someone()}, NotPermitted),
    ("to themselves", lambda w: w | {"person_id": w["actor"].pk}, NotPermitted),
    ("to nobody", lambda w: w | {"person_id": uuid4()}, Missing),
    ("twice", lambda w: w | {"role": RoleName.CHAIR}, AlreadyDone),
    ("against the table", lambda w: w | {"role": RoleName.TREASURY_OFFICER}, Unacceptable),
]


@pytest.mark.parametrize(("name", "spoil", "refusal"), REFUSED_GRANTS, ids=[row[0] for row in REFUSED_GRANTS])
def test_a_refused_grant_changes_nothing(name, spoil, refusal):
    chair = people.someone(RoleName.CHAIR)
    world = spoil(
        {"person_id": chair.pk, "role": RoleName.COMMITTEE_MEMBER, "actor": administrator(), "at": people.NOON}
    )
    before = everything()
    with pytest.raises(refusal):
        operations.grant_role(**world)
    assert everything() == before


REFUSED_ENDS = [
    ("not the administrator", lambda w: w | {"actor": people.someone(RoleName.CHAIR)}, NotPermitted),
    ("their own", lambda w: w | {"person_id": w["actor"].pk, "role": RoleName.FUND_ADMINISTRATOR}, NotPermitted),
    ("one not held", lambda w: w | {"role": RoleName.AUDITOR}, Missing),
    ("nobody's", lambda w: w | {"person_id": uuid4()}, Missing),
]


@pytest.mark.parametrize(("name", "spoil", "refusal"), REFUSED_ENDS, ids=[row[0] for row in REFUSED_ENDS])
def test_a_refused_end_changes_nothing(name, spoil, refusal):
    chair = people.someone(RoleName.CHAIR)
    world = spoil({"person_id": chair.pk, "role": RoleName.CHAIR, "actor": administrator(), "at": people.NOON})
    before = everything()
    with pytest.raises(refusal):
        operations.end_role(**world)
    assert everything() == before


REFUSED_CLOSINGS = [
    ("not the administrator", lambda w: w | {"actor": people.someone(RoleName.CHAIR)}, NotPermitted),
    ("their own", lambda w: w | {"person_id": w["actor"].pk}, NotPermitted),
    ("nobody's", lambda w: w | {"person_id": uuid4()}, Missing),
]


@pytest.mark.parametrize(("name", "spoil", "refusal"), REFUSED_CLOSINGS, ids=[row[0] for row in REFUSED_CLOSINGS])
def test_a_refused_closing_changes_nothing(name, spoil, refusal):
    world = spoil({"person_id": people.someone(RoleName.CHAIR).pk, "actor": administrator(), "at": people.NOON})
    before = everything()
    with pytest.raises(refusal):
        operations.close_sign_in(**world)
    assert everything() == before


def test_who_leaves_holds_nothing_any_more_and_stays_on_the_record():
    boss, chair = administrator(), people.someone(RoleName.CHAIR, RoleName.COMMITTEE_MEMBER)
    operations.close_sign_in(person_id=chair.pk, actor=boss, at=people.NOON)
    left = User.objects.get(pk=chair.pk)
    assert (left.is_active, left.role_names) == (False, frozenset())
    assert set(left.roles.values_list("name", "ended_by", "ended_at")) == {
        (RoleName.CHAIR, boss.pk, people.NOON),
        (RoleName.COMMITTEE_MEMBER, boss.pk, people.NOON),
    }
    assert [event.kind for event in events.about(chair.pk)] == ["person.left"]
    with pytest.raises(AlreadyDone):
        operations.close_sign_in(person_id=chair.pk, actor=boss, at=people.NOON)


def test_a_person_is_invited_once_whatever_the_capitals_of_the_address():
    boss = administrator()
    invited = operations.invite_person(
        email="Ada@Fund.example", name="Ada", password=people.PASSWORD, actor=boss, at=people.NOON
    )
    assert (invited.email, invited.check_password(people.PASSWORD)) == ("ada@fund.example", True)
    before = everything()
    with pytest.raises(Unacceptable):
        operations.invite_person(
            email="aDA@fund.example", name="Ada", password=people.PASSWORD, actor=boss, at=people.NOON
        )
    with pytest.raises(NotPermitted):
        operations.invite_person(
            email="bo@fund.example", name="Bo", password=people.PASSWORD, actor=invited, at=people.NOON
        )
    assert everything() == before


def test_an_empty_fund_gets_one_first_administrator():
    first = operations.appoint_first_administrator(
        email="first@fund.example", name="First", password=people.PASSWORD, at=people.NOON
    )
    assert first.role_names == {RoleName.FUND_ADMINISTRATOR}
    assert {event.kind for event in events.about(first.pk)} == {"person.invited", "role.granted"}
    with pytest.raises(AlreadyDone):
        operations.appoint_first_administrator(
            email="second@fund.example", name="Second", password=people.PASSWORD, at=people.NOON
        )


def test_the_pairs_are_forbidden_whichever_comes_first():
    assert all(
        are_forbidden_together(one, other) == are_forbidden_together(other, one)
        for one, other in product(RoleName, RoleName)
    )
