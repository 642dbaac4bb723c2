"""What PostgreSQL keeps of the foundation, even against a superuser who goes around Django."""

import psycopg2
import pytest

from tests import people
from trustfund.core import events
from trustfund.core.models import Role
from trustfund.core.roles import RoleName


@pytest.mark.parametrize(
    "statement", ["UPDATE core_event SET kind = 'pledge.lost'", "DELETE FROM core_event", "TRUNCATE core_event CASCADE"]
)
def test_an_event_is_never_changed_by_anybody(superuser, statement):
    from django.db import transaction

    person = people.someone(RoleName.SECRETARIAT)
    with transaction.atomic():
        events.record("pledge.signed", about=person.id, by=person, at=people.NOON)
    with pytest.raises(psycopg2.Error) as refused, superuser.cursor() as cursor:
        cursor.execute(statement)
    assert refused.value.pgcode == "TF001"


def test_a_forbidden_pair_of_roles_is_refused_by_the_database(superuser):
    person = people.someone(RoleName.CERTIFYING_OFFICER)
    with pytest.raises(psycopg2.Error) as refused, superuser.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_role (person_id, name, granted_at) VALUES (%s, 'treasury_officer', now())",
            [str(person.pk)],
        )
    assert refused.value.pgcode == "TF002"
    assert Role.objects.filter(person=person).count() == 1
