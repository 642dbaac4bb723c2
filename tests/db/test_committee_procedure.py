"""The committee changes its own rules, seats and auditor by decision, and nobody else does."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from committee import operations, permissions, queries, tasks
from committee.matters import Kind
from committee.models import (
    AuditorNomination,
    Decision,
    Enactment,
    Motion,
    Recusal,
    RulesOfProcedure,
    RulesProposal,
    SeatChange,
    Term,
)
from committee.operations import Hearing
from committee.rules import NEUTRAL_COMMITTEE, TWO_GROUPS, Bench, BenchRule, Rules, Share
from tests import committee_worlds as worlds
from tests import people
from trustfund.core import clock, events
from trustfund.core.db import constraint_of, sqlstate_of
from trustfund.core.models import Event
from trustfund.core.money import Money
from trustfund.core.refusals import AlreadyDone, Missing, NotPermitted, Refusal, Unacceptable, WrongState
from trustfund.core.roles import RoleName

LATER = people.NOON + timedelta(hours=1)
AFTER = worlds.CLOSES_AT + timedelta(minutes=1)
HEARING = Hearing(closes_at=worlds.CLOSES_AT)
# As the neutral committee, but a motion carries with more than half.
EASIER = Rules(
    benches=NEUTRAL_COMMITTEE.benches,
    quorum=6,
    consensus_only=False,
    approval=Share.MAJORITY,
    no_objection_days=5,
    no_objection_kinds=(Kind.RELEASE,),
)


def counts() -> tuple[int, ...]:
    """Count every row that a refusal must not add."""
    tables = (AuditorNomination, Decision, Enactment, Event, Motion, Recusal, RulesOfProcedure, RulesProposal)
    return tuple(table.objects.count() for table in (*tables, SeatChange, Term))


@pytest.fixture
def world(db: None) -> SimpleNamespace:
    """A committee with an alternate on seat 2."""
    return SimpleNamespace(made=worlds.a_committee(with_alternates=(2,)))


def require_refusals(operation: Callable[..., Any], cases: list[tuple[dict[str, Any], type[Refusal]]]) -> None:
    """Call an operation once for each spoilt call over the same world; each is refused so, and changes nothing."""
    for spoilt, refusal in cases:
        before, here = counts(), transaction.savepoint()
        with pytest.raises(Refusal) as refused:
            operation(**spoilt)
        assert (type(refused.value), counts()) == (refusal, before), spoilt
        transaction.savepoint_rollback(here)


def propose_rules(world: SimpleNamespace, **changes: Any) -> Motion:
    """Propose rules that carry more easily."""
    return operations.propose_rules(
        **{
            "rules": EASIER,
            "title": "Easier majorities",
            "reason": "Two thirds kept useful programmes waiting.",
            "closes_at": worlds.CLOSES_AT,
            "actor": world.made.administrator,
            "at": people.NOON,
            **changes,
        }
    )


def propose_seat(world: SimpleNamespace, **changes: Any) -> Motion:
    """Propose a successor on seat 3."""
    call: dict[str, Any] = {
        "number": 3,
        "bench": Bench.DONOR,
        "holder_id": None,
        "nominated_by": "Conference of donors",
        "starts_on": date(2026, 8, 1),
        "ends_on": date(2029, 7, 31),
        "reason": "The holder moves to another post.",
        "hearing": HEARING,
        "actor": world.made.administrator,
        "at": people.NOON,
        **changes,
    }
    if "holder_id" not in changes:
        call["holder_id"] = people.someone(RoleName.COMMITTEE_MEMBER, name="The successor").pk
    return operations.propose_seat_change(**call)


def nominate(world: SimpleNamespace, **changes: Any) -> Motion:
    """Propose an auditor."""
    return operations.nominate_auditor(
        **{
            "firm": "Halden & Roe",
            "registration": "Register of auditors of the Canton of Geneva, 4411",
            "starts_on": date(2027, 1, 1),
            "ends_on": date(2029, 12, 31),
            "fee": Money.of("210000.00", "USD"),
            "reason": "Lowest of three bids that met the terms.",
            "hearing": HEARING,
            "actor": world.made.secretariat,
            "at": people.NOON,
            **changes,
        }
    )


def test_rules_are_carried_and_put_in_force_by_the_clock_once(world):
    motion = propose_rules(world)
    assert (motion.kind, motion.proposer, motion.closes_at) == ("rules", world.made.administrator, worlds.CLOSES_AT)
    assert motion.particulars == [
        [
            "To carry a motion",
            (
                "consensus, else more than half of the votes for or against "
                "(now: consensus, else two thirds of the votes for or against)"
            ),
        ]
    ]
    decision = worlds.carry(motion)
    assert queries.rules_in_force().version == 1
    with clock.moved_to(AFTER):
        tasks.put_in_force()
        tasks.put_in_force()
    adopted = queries.rules_in_force()
    assert (adopted.version, adopted.rules, adopted.decision) == (2, EASIER, decision)
    assert queries.enactment_of(decision).enacted_by is None
    assert list(queries.decisions_to_enact()) == []


def test_a_motion_that_is_open_keeps_its_rules_when_others_come_into_force(world):
    other = worlds.a_motion(world.made)
    operations.put_in_force(
        decision_id=worlds.carry(propose_rules(world)).pk, actor=world.made.chair, at=worlds.CLOSES_AT
    )
    other.refresh_from_db()
    assert other.rules == NEUTRAL_COMMITTEE


def test_rules_that_follow_name_the_decision_whose_place_they_take(world):
    first = worlds.carry(propose_rules(world))
    operations.put_in_force(decision_id=first.pk, actor=None, at=AFTER)
    later = AFTER + timedelta(days=4)
    back = propose_rules(world, rules=NEUTRAL_COMMITTEE, title="Back", at=AFTER, closes_at=later)
    second = worlds.carry(back, at=AFTER + timedelta(hours=1))
    assert second.supersedes == first
    assert Decision.objects.get(pk=first.pk).superseded_by == second


def test_a_refused_proposal_of_rules_changes_nothing(world):
    require_refusals(
        partial(propose_rules, world),
        [
            ({"actor": world.made.secretariat}, NotPermitted),
            ({"actor": world.made.holders[1]}, NotPermitted),
            ({"title": " "}, Unacceptable),
            ({"reason": " "}, Unacceptable),
            ({"rules": NEUTRAL_COMMITTEE}, Unacceptable),
            ({"rules": TWO_GROUPS}, Unacceptable),
            ({"rules": Rules((BenchRule(Bench.DONOR, 9, 2),), 6, False, Share.ALL)}, Unacceptable),
            ({"closes_at": people.NOON}, Unacceptable),
        ],
    )


def test_a_seat_changes_by_decision_and_its_vacating_member_does_not_vote_on_it(world):
    motion = propose_seat(world)
    assert [(one.member, one.is_automatic) for one in motion.recusals.all()] == [(world.made.holders[3], True)]
    decision = worlds.carry(motion)
    operations.put_in_force(decision_id=decision.pk, actor=world.made.administrator, at=worlds.CLOSES_AT)
    sitting = next(one for one in queries.sittings(worlds.CLOSES_AT + timedelta(days=30)) if one.seat.number == 3)
    assert (sitting.term.holder.name, sitting.term.decision) == ("The successor", decision)


def test_a_seat_falls_vacant_by_decision(world):
    decision = worlds.carry(propose_seat(world, number=3, holder_id=None))
    operations.put_in_force(decision_id=decision.pk, actor=None, at=AFTER)
    assert next(one for one in queries.sittings(AFTER) if one.seat.number == 3).term is None


def test_a_refused_change_of_seats_changes_nothing(world):
    member = people.someone(RoleName.COMMITTEE_MEMBER).pk
    require_refusals(
        partial(propose_seat, world, holder_id=member),
        [
            ({"actor": world.made.secretariat}, NotPermitted),
            ({"reason": ""}, Unacceptable),
            ({"nominated_by": " "}, Unacceptable),
            ({"starts_on": None}, Unacceptable),
            ({"ends_on": date(2026, 7, 31)}, Unacceptable),
            ({"holder_id": uuid4()}, Missing),
            ({"holder_id": world.made.secretariat.pk}, Unacceptable),
            ({"number": 12, "holder_id": None}, Missing),
            ({"number": 10, "bench": Bench.RECIPIENT}, Unacceptable),
        ],
    )


def test_after_its_first_decision_nobody_is_seated_by_the_administrator_alone(world):
    worlds.close(worlds.a_motion(world.made))
    operations.vacate_seat(number=9, reason="Resigned.", actor=world.made.administrator, at=AFTER)
    world.made.holders[9] = people.someone(RoleName.COMMITTEE_MEMBER)
    with pytest.raises(WrongState, match="The founding is over"):
        worlds.seat(world.made, 9, at=AFTER)


def test_an_auditor_is_appointed_and_listed(world):
    decision = worlds.carry(nominate(world))
    assert queries.appointed_auditors() == []
    operations.put_in_force(decision_id=decision.pk, actor=None, at=AFTER)
    ((nomination, enactment),) = queries.appointed_auditors()
    assert (nomination.firm, nomination.fee, enactment.decision) == (
        "Halden & Roe",
        Money.of("210000.00", "USD"),
        decision,
    )
    assert events.about(nomination.pk)[0].kind == "auditor.appointed"


def test_a_refused_nomination_changes_nothing(world):
    require_refusals(
        partial(nominate, world),
        [
            ({"actor": world.made.administrator}, NotPermitted),
            ({"firm": " "}, Unacceptable),
            ({"registration": ""}, Unacceptable),
            ({"ends_on": date(2027, 1, 1)}, Unacceptable),
            ({"fee": Money.zero("USD")}, Unacceptable),
            ({"reason": " "}, Unacceptable),
        ],
    )


def carried_without_the_role(world: SimpleNamespace) -> Decision:
    """Carry a change of seats whose new member has lost the role meanwhile."""
    change = propose_seat(world)
    decision = worlds.carry(change)
    holder = SeatChange.objects.get(pk=change.subject).holder
    holder.roles.get().mark_ended(by=world.made.administrator, at=AFTER)
    return decision


def test_what_cannot_be_put_in_force_changes_nothing(world):
    appointed = worlds.carry(nominate(world))
    operations.put_in_force(decision_id=appointed.pk, actor=None, at=AFTER)
    require_refusals(
        partial(operations.put_in_force, actor=world.made.chair, at=AFTER),
        [
            ({"decision_id": uuid4()}, Missing),
            ({"decision_id": appointed.pk, "actor": world.made.secretariat}, NotPermitted),
            ({"decision_id": appointed.pk}, AlreadyDone),
            ({"decision_id": worlds.defeat(propose_rules(world)).pk}, WrongState),
            ({"decision_id": worlds.carry(worlds.a_motion(world.made)).pk}, WrongState),
            ({"decision_id": carried_without_the_role(world).pk}, Unacceptable),
        ],
    )


def test_the_clock_leaves_what_cannot_be_put_in_force_to_a_person(world):
    carried_without_the_role(world)
    with clock.moved_to(AFTER):
        tasks.put_in_force()
    assert queries.decisions_to_enact().count() == 1


def refused_by_postgresql(write: Callable[[], object]) -> tuple[str, str]:
    """Return SQLSTATE and constraint of a write that PostgreSQL refuses."""
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        write()
    return sqlstate_of(refused.value), constraint_of(refused.value)


def rules_row(world: SimpleNamespace, decision: Decision | None, **changes: Any) -> Callable[[], object]:
    row = {
        "version": 2,
        "title": "Easier majorities",
        "figures": EASIER.figures(),
        "adopted_by": world.made.administrator,
        "adopted_at": AFTER,
        "decision": decision,
        **changes,
    }
    return lambda: RulesOfProcedure.objects.create(**row)


def test_postgresql_takes_no_second_version_that_the_committee_did_not_carry(world):
    carried, lost = worlds.carry(propose_rules(world)), worlds.defeat(worlds.a_motion(world.made))
    wrong = ("TF227", "rules_are_those_that_were_carried")
    assert refused_by_postgresql(rules_row(world, None)) == wrong
    assert refused_by_postgresql(rules_row(world, lost)) == wrong
    assert refused_by_postgresql(rules_row(world, carried, title="Others")) == wrong
    assert refused_by_postgresql(rules_row(world, carried, figures=NEUTRAL_COMMITTEE.figures())) == wrong
    assert refused_by_postgresql(rules_row(world, carried, version=3)) == (
        "TF227",
        "versions_of_the_rules_follow_each_other",
    )
    rules_row(world, carried)()
    assert queries.rules_in_force().version == 2


def test_postgresql_seats_nobody_whom_the_committee_did_not_carry(world):
    change = propose_seat(world)
    decision = worlds.carry(change)
    operations.vacate_seat(number=3, reason="Resigned.", actor=world.made.administrator, at=AFTER)
    asked = SeatChange.objects.get(pk=change.subject)
    row = {
        "seat": next(one.seat for one in queries.sittings(AFTER) if one.seat.number == 3),
        "holder": asked.holder,
        "nominated_by": "Us",
        "starts_on": asked.starts_on,
        "ends_on": asked.ends_on,
        "seated_by": world.made.administrator,
        "seated_at": AFTER,
    }
    other = people.someone(RoleName.COMMITTEE_MEMBER)
    assert refused_by_postgresql(lambda: Term.objects.create(**row)) == ("TF226", "seats_change_only_by_a_decision")
    for spoilt in ({"holder": other}, {"ends_on": date(2040, 1, 1)}, {"chairs": True}):
        assert refused_by_postgresql(lambda s=spoilt: Term.objects.create(**{**row, "decision": decision, **s})) == (
            "TF226",
            "who_is_seated_is_who_was_carried",
        )
    assert Term.objects.create(**row, decision=decision).holder == asked.holder


def test_postgresql_puts_nothing_in_force_that_was_not_carried(world):
    for decision in (worlds.defeat(propose_rules(world)), worlds.carry(worlds.a_motion(world.made))):
        assert refused_by_postgresql(lambda d=decision: Enactment.objects.create(decision=d, enacted_at=AFTER)) == (
            "TF228",
            "only_what_was_carried_is_put_in_force",
        )


def test_a_decision_takes_the_place_of_one_that_was_carried_and_of_its_kind(world):
    release = worlds.carry(worlds.a_motion(world.made, kind=Kind.RELEASE))
    lost = worlds.defeat(worlds.a_motion(world.made, kind=Kind.RELEASE))
    for kind, replaced in ((Kind.AMEND, release), (Kind.RELEASE, lost)):
        asked = partial(worlds.a_motion, world.made, kind=kind, replaces=replaced)
        assert refused_by_postgresql(asked) == ("TF223", "a_decision_supersedes_one_of_its_kind")
    again = worlds.carry(worlds.a_motion(world.made, kind=Kind.RELEASE, replaces=release))
    assert again.supersedes == release


@pytest.mark.parametrize(
    ("said", "party"),
    [({"state": "Republic of Valdria"}, "republic  of VALDRIA"), ({"employer": "Kestrel Relief"}, "KESTREL RELIEF")],
)
def test_who_belongs_to_a_party_of_the_motion_leaves_the_table_by_themselves(world, said, party):
    member = world.made.holders[4]
    described = {"state": "", "employer": "", **said}
    operations.describe_member(person_id=member.pk, **described, actor=world.made.administrator, at=people.NOON)
    motion = worlds.a_motion(world.made, interests=(party,), at=LATER)
    recusal = motion.recusals.get()
    assert (recusal.member, recusal.is_automatic, recusal.reason) == (
        member,
        True,
        f"Belongs to {next(iter(said.values()))}",
    )
    member.refresh_from_db()
    assert not permissions.may_vote(member, queries.room_of(motion, LATER), LATER)
    assert queries.waiting_for(member, LATER) == []


def test_a_state_noted_while_the_vote_is_open_takes_its_member_from_the_table(world):
    motion = worlds.a_motion(world.made, interests=("Republic of Valdria",))
    operations.describe_member(
        person_id=world.made.holders[4].pk,
        state="Republic of Valdria",
        employer="",
        actor=world.made.administrator,
        at=LATER,
    )
    assert queries.tally_of(motion).recused == 1
    assert motion.recusals.get().reason == "Belongs to Republic of Valdria"


def test_a_refused_description_changes_nothing(world):
    call = {"person_id": world.made.holders[1].pk, "state": "Valdria", "employer": "", "at": LATER}
    require_refusals(
        partial(operations.describe_member, **call),
        [
            ({"actor": world.made.chair}, NotPermitted),
            ({"actor": world.made.administrator, "person_id": uuid4()}, Missing),
        ],
    )


def test_alternates_are_called_when_the_holders_left_cannot_make_the_quorum(db):
    made = worlds.a_committee(with_alternates=(1, 2, 4))
    motion = worlds.a_motion(made)
    called = lambda: [  # noqa: E731 - asked three times
        event.facts["people"] for event in reversed(events.about(motion.id).filter(kind="alternate.called"))
    ]
    operations.recuse(motion_id=motion.id, reason="I advise them.", actor=made.holders[1], at=LATER)
    assert called() == []
    operations.recuse(motion_id=motion.id, reason="I advise them.", actor=made.holders[2], at=LATER)
    # One holder is left on the donor bench, which needs two.
    assert called() == [[str(made.alternates[1].pk), str(made.alternates[2].pk)]]
    operations.recuse(motion_id=motion.id, reason="I advise them.", actor=made.holders[4], at=LATER)
    assert called()[1:] == [[str(made.alternates[4].pk)]]
    assert [one.is_called for one in queries.waiting_for(made.alternates[1], LATER)] == [True]
    assert [one.is_called for one in queries.waiting_for(made.holders[9], LATER)] == [False]


def test_a_disclosure_is_kept_and_its_member_stays_at_the_table(world):
    motion, member = worlds.a_motion(world.made), world.made.holders[1]
    said = operations.disclose(motion_id=motion.id, words=" I worked there in 2009. ", actor=member, at=LATER)
    assert said.words == "I worked there in 2009."
    assert permissions.may_vote(member, queries.room_of(motion, LATER), LATER)
    require_refusals(
        partial(operations.disclose, motion_id=motion.id, words="So.", at=LATER),
        [
            ({"actor": member, "words": " "}, Unacceptable),
            ({"actor": world.made.secretariat}, NotPermitted),
            ({"actor": member, "at": worlds.CLOSES_AT}, WrongState),
            ({"actor": member, "motion_id": uuid4()}, Missing),
        ],
    )
    assert motion.disclosures.count() == 1


def test_a_reason_is_kept_for_its_member_until_they_vote(world):
    motion, member = worlds.a_motion(world.made), world.made.holders[1]
    operations.keep_reason(motion_id=motion.id, words="The need is", actor=member, at=LATER)
    operations.keep_reason(motion_id=motion.id, words="The need is shown.", actor=member, at=LATER)
    assert [one.words for one in motion.kept_reasons.all()] == ["The need is shown."]
    worlds.vote(motion, 1)
    assert motion.kept_reasons.count() == 0
    operations.keep_reason(motion_id=motion.id, words="A second thought", actor=member, at=LATER)
    operations.keep_reason(motion_id=motion.id, words=" ", actor=member, at=LATER)
    assert motion.kept_reasons.count() == 0


def test_a_reason_that_cannot_be_kept_is_not(world):
    motion, member = worlds.a_motion(world.made), world.made.holders[1]
    require_refusals(
        partial(operations.keep_reason, motion_id=motion.id, words="So.", at=LATER),
        [
            ({"actor": member, "motion_id": uuid4()}, Missing),
            ({"actor": world.made.secretariat}, NotPermitted),
            ({"actor": member, "words": "a" * 4001}, Unacceptable),
        ],
    )


def test_votes_on_a_version_that_was_taken_back_are_void_and_their_members_are_told(world):
    motion = worlds.a_motion(world.made)
    worlds.vote(motion, 1)
    worlds.vote(motion, 4)
    with transaction.atomic():
        operations.withdraw_motion(motion_id=motion.id, actor=world.made.secretariat, at=LATER + timedelta(hours=1))
    told = events.about(motion.id).get(kind="ballots.voided")
    assert told.facts["people"] == [str(world.made.holders[1].pk), str(world.made.holders[4].pk)]
