"""What PostgreSQL keeps of the committee, even against a superuser who goes around Django; and votes that race."""

import threading
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import psycopg2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from committee import operations, queries
from committee.models import Ballot, Decision, Motion
from committee.rules import Choice
from tests import committee_worlds as worlds
from tests import people
from trustfund.core.models import Confirmation
from trustfund.core.refusals import AlreadyDone, Refusal, WrongState

LATER = people.NOON + timedelta(hours=1)


@pytest.fixture
def world(transactional_db: None) -> SimpleNamespace:
    """A committed committee with alternates on seats 1 and 2, and an open motion."""
    made = worlds.a_committee(with_alternates=(1, 2))
    return SimpleNamespace(made=made, motion=worlds.a_motion(made))


def a_row(world: SimpleNamespace, **changes: Any) -> dict[str, Any]:
    """Return the columns of a ballot that PostgreSQL would take, spoilt as asked."""
    member = changes.pop("member", world.made.holders[1])
    motion = changes.pop("motion", world.motion)
    fingerprint = changes.pop("fingerprint", "ab" * 32)
    confirmed_by = changes.pop("confirmed_by", member)
    confirmed = Confirmation.objects.create(
        person=confirmed_by,
        purpose="committee.ballot",
        fingerprint=changes.pop("confirmed", fingerprint),
        method="code",
        evidence={},
        evidence_key=uuid4().hex,
        confirmed_at=LATER,
    )
    seat = queries.sittings(LATER)[changes.pop("seat", 1) - 1].seat
    return {
        "id": str(uuid4()),
        "motion_id": str(motion.id),
        "seat_id": str(seat.id),
        "member_id": str(member.pk),
        "number": 90,
        "supersedes_id": None,
        "version": 1,
        "choice": "approve",
        "reason": "Raw.",
        "principles": "{}",
        "has_no_undisclosed_interest": True,
        "nonce": uuid4().hex,
        "fingerprint": fingerprint,
        "cast_at": LATER,
        "confirmation_id": str(confirmed.pk),
        **changes,
    }


def insert(raw: Any, row: dict[str, Any]) -> None:
    """Write a ballot as a superuser, around Django."""
    with raw.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO committee_ballot ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})",
            list(row.values()),
        )


def test_a_whole_ballot_is_taken(world, superuser):
    with superuser:
        insert(superuser, a_row(world))
    assert Ballot.objects.get().reason == "Raw."


def recused(world: SimpleNamespace) -> dict[str, Any]:
    operations.recuse(motion_id=world.motion.id, reason="I advise them.", actor=world.made.holders[1], at=people.NOON)
    return a_row(world)


def vacated(world: SimpleNamespace) -> dict[str, Any]:
    operations.vacate_seat(number=1, reason="Resigned.", actor=world.made.administrator, at=people.NOON)
    return a_row(world)


def without_role(world: SimpleNamespace) -> dict[str, Any]:
    world.made.holders[1].roles.get().mark_ended(by=world.made.administrator, at=people.NOON)
    return a_row(world)


def seconded(world: SimpleNamespace) -> dict[str, Any]:
    world.made.holders[1].is_seconded = True
    world.made.holders[1].save(update_fields=["is_seconded"])
    return a_row(world)


def decided(world: SimpleNamespace) -> dict[str, Any]:
    worlds.close(world.motion)
    return a_row(world)


def own_proposal(world: SimpleNamespace) -> dict[str, Any]:
    return a_row(world, motion=worlds.a_motion(world.made, proposer=world.made.holders[1]))


def alternate_over_holder(world: SimpleNamespace) -> dict[str, Any]:
    holder = worlds.vote(world.motion, 1)
    return a_row(world, member=world.made.alternates[1], supersedes_id=str(holder.pk))


def over_another_seat(world: SimpleNamespace) -> dict[str, Any]:
    other = worlds.vote(world.motion, 3)
    return a_row(world, supersedes_id=str(other.pk))


@pytest.mark.parametrize(
    ("spoil", "sqlstate", "constraint"),
    [
        (decided, "TF201", "a_ballot_is_cast_on_an_open_motion"),
        (lambda w: a_row(w, cast_at=worlds.CLOSES_AT), "TF202", "a_ballot_is_cast_in_time"),
        (lambda w: a_row(w, cast_at=people.NOON - timedelta(seconds=1)), "TF202", "a_ballot_is_cast_in_time"),
        (lambda w: a_row(w, version=2), "TF203", "a_ballot_is_about_the_version_moved"),
        (own_proposal, "TF204", "nobody_votes_on_their_own_proposal"),
        (recused, "TF205", "a_recused_person_does_not_vote"),
        (lambda w: a_row(w, seat=3), "TF206", "a_seat_is_voted_by_who_sits_on_it"),
        (lambda w: a_row(w, member=w.made.administrator), "TF206", "a_seat_is_voted_by_who_sits_on_it"),
        (vacated, "TF206", "a_seat_is_voted_by_who_sits_on_it"),
        (without_role, "TF206", "a_seat_is_voted_by_who_sits_on_it"),
        (seconded, "TF207", "seconded_staff_do_not_vote"),
        (alternate_over_holder, "TF208", "a_ballot_supersedes_one_of_its_own_seat"),
        (over_another_seat, "TF208", "a_ballot_supersedes_one_of_its_own_seat"),
        (lambda w: a_row(w, confirmed_by=w.made.holders[2]), "TF210", "a_ballot_is_confirmed_by_its_member"),
        (lambda w: a_row(w, confirmed="cd" * 32), "TF210", "a_ballot_is_confirmed_by_its_member"),
        (lambda w: (worlds.vote(w.motion, 1), a_row(w))[1], "23505", "a_seat_votes_once"),
        (
            lambda w: a_row(w, supersedes_id=str(superseded(w).pk)),
            "23505",
            "committee_ballot_supersedes_id_key",
        ),
        (lambda w: a_row(w, nonce=worlds.vote(w.motion, 3).nonce), "23505", "a_decision_page_is_sent_once"),
        (lambda w: a_row(w, choice="maybe"), "23514", "a_ballot_says_yes_no_or_neither"),
        (
            lambda w: a_row(w, has_no_undisclosed_interest=False),
            "23514",
            "a_ballot_declares_no_undisclosed_interest",
        ),
    ],
)
def test_postgresql_refuses_a_ballot_that_breaks_a_rule(world, superuser, spoil, sqlstate, constraint):
    row = spoil(world)
    before = Ballot.objects.count()
    with pytest.raises(psycopg2.Error) as refused:
        insert(superuser, row)
    assert (refused.value.pgcode, refused.value.diag.constraint_name) == (sqlstate, constraint)
    superuser.rollback()
    assert Ballot.objects.count() == before


def superseded(world: SimpleNamespace) -> Ballot:
    first = worlds.vote(world.motion, 1)
    worlds.vote(world.motion, 1, Choice.REJECT)
    return first


def test_a_person_votes_for_one_seat_even_when_they_change_seats(world, superuser):
    mover = world.made.holders[1]
    worlds.vote(world.motion, 1)
    operations.vacate_seat(number=1, reason="Moves.", actor=world.made.administrator, at=LATER)
    operations.vacate_seat(number=3, reason="Resigned.", actor=world.made.administrator, at=LATER)
    world.made.holders[3] = mover
    worlds.seat(world.made, 3, at=LATER)
    row = a_row(world, member=mover, seat=3, cast_at=LATER + timedelta(hours=1))
    with pytest.raises(psycopg2.Error) as refused:
        insert(superuser, row)
    assert refused.value.pgcode == "TF209"


@pytest.mark.parametrize("table", ["rulesofprocedure", "ballot", "recusal", "decision", "interest"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_what_was_voted_and_decided_is_never_changed_by_anybody(superuser, table, statement):
    with pytest.raises(psycopg2.Error) as refused, superuser.cursor() as cursor:
        cursor.execute(statement.format(f"committee_{table}"))
    assert refused.value.pgcode == "TF001"


@pytest.mark.parametrize(
    ("statement", "sqlstate"),
    [
        ("UPDATE committee_motion SET title = 'Another'", "TF212"),
        ("UPDATE committee_motion SET closes_at = closes_at + interval '1 day'", "TF212"),
        ("UPDATE committee_motion SET version = 2", "TF212"),
        ("DELETE FROM committee_motion", "TF212"),
        ("UPDATE committee_term SET ends_on = ends_on + 1", "TF215"),
        ("UPDATE committee_term SET holder_id = seated_by_id", "TF215"),
        ("DELETE FROM committee_term", "TF215"),
    ],
)
def test_what_was_moved_and_who_sat_is_never_rewritten(world, superuser, statement, sqlstate):
    with pytest.raises(psycopg2.Error) as refused, superuser.cursor() as cursor:
        cursor.execute(statement)
    assert refused.value.pgcode == sqlstate


def test_a_motion_is_not_decided_without_a_decision(world, superuser):
    with superuser.cursor() as cursor:
        cursor.execute("UPDATE committee_motion SET status = 'carried', ended_at = closes_at")
    with pytest.raises(psycopg2.Error) as refused:
        superuser.commit()
    assert refused.value.pgcode == "TF213"
    world.motion.refresh_from_db()
    assert world.motion.status == "open"


def test_a_decision_is_undone_by_nobody(world, superuser):
    worlds.close(world.motion)
    with pytest.raises(psycopg2.Error) as refused, superuser.cursor() as cursor:
        cursor.execute("UPDATE committee_motion SET status = 'open', ended_at = NULL")
    assert refused.value.pgcode == "TF212"


def test_a_decision_says_how_its_motion_ended(world, superuser):
    with pytest.raises(psycopg2.Error) as refused, superuser.cursor() as cursor:
        cursor.execute(
            "INSERT INTO committee_decision (id, reference, motion_id, outcome, figures, decided_at) "
            "VALUES (%s, 'DEC-1', %s, 'carried', '{}', now())",
            [str(uuid4()), str(world.motion.id)],
        )
    assert refused.value.pgcode == "TF214"


def test_nobody_leaves_the_table_after_the_vote(world, superuser):
    worlds.close(world.motion)
    with pytest.raises(psycopg2.Error) as refused, superuser.cursor() as cursor:
        cursor.execute(
            "INSERT INTO committee_recusal (id, motion_id, member_id, reason, is_automatic, recused_at) "
            "VALUES (%s, %s, %s, 'Late.', false, %s)",
            [str(uuid4()), str(world.motion.id), str(world.made.holders[1].pk), LATER],
        )
    assert refused.value.pgcode == "TF211"


def test_a_person_sits_once_or_stands_in_once(world, superuser):
    operations.vacate_seat(number=3, reason="Resigned.", actor=world.made.administrator, at=LATER)
    seat = queries.sittings(LATER)[2].seat
    with pytest.raises(psycopg2.Error) as refused, superuser.cursor() as cursor:
        cursor.execute(
            "INSERT INTO committee_term (id, seat_id, holder_id, chairs, nominated_by, starts_on, ends_on, "
            "seated_by_id, seated_at) VALUES (%s, %s, %s, false, 'Us', '2026-01-01', '2029-01-01', %s, now())",
            [
                str(uuid4()),
                str(seat.id),
                str(world.made.alternates[2].pk),
                str(world.made.administrator.pk),
            ],
        )
    assert refused.value.pgcode == "TF216"


def test_one_person_is_never_donor_and_judge_nor_judge_and_certifier(world, superuser):
    for role in ("donor_representative", "certifying_officer"):
        with pytest.raises(psycopg2.Error) as refused, superuser.cursor() as cursor:
            cursor.execute(
                "INSERT INTO core_role (person_id, name, granted_at) VALUES (%s, %s, now())",
                [str(world.made.holders[1].pk), role],
            )
        assert refused.value.pgcode == "TF002"
        superuser.rollback()


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run acts at the same moment, each on a connection of its own; return what each returned or refused."""
    barrier = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            barrier.wait()
            results[place] = act()
        except Refusal as refusal:
            results[place] = type(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def ready(motion: Motion, person: Any, *, at: Any = LATER, choice: Choice = Choice.APPROVE) -> Callable[[], Ballot]:
    """Return a vote with everything signed beforehand, so that only the casting races."""
    nonce = uuid4().hex
    proof = worlds.signed(person, worlds.fingerprint_of(motion, choice, "Racing.", nonce))
    return lambda: operations.cast_ballot(
        motion_id=motion.id,
        version=1,
        choice=choice,
        reason="Racing.",
        principles=worlds.SATISFIED,
        has_no_undisclosed_interest=True,
        proof=proof,
        nonce=nonce,
        actor=person,
        at=at,
    )


@pytest.mark.parametrize("_again", range(10))
def test_two_votes_of_one_seat_at_once_end_with_one_that_stands(world, _again):
    made, motion = world.made, world.motion
    results = at_once(ready(motion, made.holders[1]), ready(motion, made.holders[1], choice=Choice.REJECT))
    assert sum(isinstance(result, Ballot) for result in results) == 1
    assert AlreadyDone in results
    assert Ballot.objects.filter(motion=motion, superseded_by=None).count() == 1


@pytest.mark.parametrize("_again", range(10))
def test_holder_and_alternate_at_once_end_with_the_holders_vote(world, _again):
    made, motion = world.made, world.motion
    at_once(ready(motion, made.holders[2]), ready(motion, made.alternates[2], choice=Choice.REJECT))
    standing = Ballot.objects.get(motion=motion, superseded_by=None)
    assert standing.member == made.holders[2]


@pytest.mark.parametrize("_again", range(10))
def test_a_vote_and_the_close_at_once_end_in_a_count_that_fits_the_ballots(world, _again):
    made, motion = world.made, world.motion
    for number in worlds.QUORUM_SEATS[:-1]:
        worlds.vote(motion, number)
    last = ready(motion, made.holders[8], at=worlds.CLOSES_AT - timedelta(microseconds=1))
    results = at_once(last, lambda: worlds.close(motion))
    motion.refresh_from_db()
    decision = Decision.objects.get(motion=motion)
    counted = decision.figures["present"]
    assert counted == Ballot.objects.filter(motion=motion).count()
    assert (counted, motion.status) in {(6, "carried"), (5, "lapsed")}
    assert (WrongState in results) == (counted == 5)


def test_the_motion_is_locked_before_anything_is_written(world):
    vote = ready(world.motion, world.made.holders[1])
    with CaptureQueriesContext(connection) as captured:
        vote()
    statements = [query["sql"] for query in captured.captured_queries]
    locked = next(place for place, sql in enumerate(statements) if "FOR UPDATE" in sql)
    written = next(place for place, sql in enumerate(statements) if sql.startswith("INSERT"))
    assert "committee_motion" in statements[locked]
    assert locked < written


def test_a_ballot_can_be_checked_from_what_is_kept(world):
    ballot = worlds.vote(world.motion, 1)
    ballot.refresh_from_db()
    again = worlds.fingerprint_of(world.motion, ballot.says, ballot.reason, ballot.nonce, ballot.principles)
    assert again == ballot.fingerprint == ballot.confirmation.fingerprint
