"""A matter of any kind before the committee: what its fingerprint covers, what its decision allows, and to whom."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from committee import operations, queries
from committee.matters import Kind, Matter
from committee.models import Motion
from committee.rules import NotCarried, NotDecided
from tests import committee_worlds, people
from trustfund.core.money import Money
from trustfund.core.roles import RoleName

MATTER = Matter(
    kind=Kind.WRITE_OFF,
    subject=uuid4(),
    version=1,
    title="Write off the last instalment of Valdria",
    summary="The donor's parliament repealed the law that the pledge rested on.",
    amount=Money.of("1250000.00", "USD"),
    particulars=(("Pledge", "PL-2024-003"), ("Evidence", "Note verbale of 3 May")),
)


def lay(made, matter: Matter = MATTER) -> Motion:
    with transaction.atomic():
        return operations.lay_before(
            matter,
            proposer=made.secretariat,
            closes_at=committee_worlds.CLOSES_AT,
            actor=made.secretariat,
            at=people.NOON,
        )


@pytest.mark.parametrize(
    "change",
    [
        {"kind": Kind.REFUND},
        {"version": 2},
        {"title": "Write off nothing"},
        {"summary": "For no reason."},
        {"amount": Money.of("1250000.01", "USD")},
        {"particulars": (("Pledge", "PL-2024-004"), ("Evidence", "Note verbale of 3 May"))},
    ],
)
def test_another_matter_has_another_fingerprint(change):
    assert replace(MATTER, **change).fingerprint != MATTER.fingerprint


@pytest.mark.django_db(transaction=True)
def test_a_carried_matter_is_decided_and_no_other_kind_or_version_is():
    made = committee_worlds.a_committee()
    motion = lay(made)
    with pytest.raises(NotDecided):
        queries.require_decision(MATTER.subject, 1, Kind.WRITE_OFF)
    decision = committee_worlds.carry(motion)
    assert queries.require_decision(MATTER.subject, 1, Kind.WRITE_OFF) == decision
    assert queries.decision_on(MATTER.subject, 1, Kind.REFUND) is None
    assert queries.decision_on(MATTER.subject, 2, Kind.WRITE_OFF) is None


@pytest.mark.django_db(transaction=True)
def test_a_rejected_matter_is_refused_and_one_never_moved_too():
    made = committee_worlds.a_committee()
    with pytest.raises(NotDecided):
        queries.require_decision(MATTER.subject, 1, Kind.WRITE_OFF)
    committee_worlds.defeat(lay(made))
    with pytest.raises(NotCarried):
        queries.require_decision(MATTER.subject, 1, Kind.WRITE_OFF)


@pytest.mark.django_db(transaction=True)
def test_postgresql_knows_the_kinds_too():
    made = committee_worlds.a_committee()
    motion = lay(made)
    with pytest.raises(IntegrityError, match="a_motion_is_of_a_known_kind"):
        Motion(
            **{
                field.attname: getattr(motion, field.attname)
                for field in Motion._meta.concrete_fields
                if field.attname not in {"id", "kind", "subject", "reference"}
            },
            kind="gift",
            subject=uuid4(),
            reference="DP-X",
        ).save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_the_page_prints_the_kind_and_every_particular():
    made = committee_worlds.a_committee()
    motion = lay(made)
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.someone(RoleName.AUDITOR))
    page = client.get(f"/decisions/{motion.pk}/").content.decode()
    assert all(words in page for words in ("Write off a pledge", "PL-2024-003", "Note verbale of 3 May"))
    # What promises no money has no effect on what is spendable.
    assert "Spendable after approval" not in page
    assert motion.closes_at - motion.opened_at > timedelta(0)
