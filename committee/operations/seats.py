"""Who sits where, from the founding on, and what members have a stake in."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from committee import locks, permissions, queries
from committee.models import Decision, Interest, Seat, Term
from committee.operations.motions import leave_interested
from committee.queries import SITS, STANDS_IN
from committee.rules import Bench, party_key
from trustfund.core import events
from trustfund.core.db import require_transaction
from trustfund.core.models import User
from trustfund.core.refusals import AlreadyDone, Missing, Unacceptable, WrongState


@transaction.atomic(durable=True)
def seat_member(
    *,
    number: int,
    bench: Bench,
    holder_id: UUID,
    nominated_by: str,
    starts_on: date,
    ends_on: date,
    actor: User,
    at: datetime,
    alternate_id: UUID | None = None,
    chairs: bool = False,
) -> Term:
    """
    Put a person on a seat at founding, with the alternate who stands in. A term that has run out gives way.

    Once the committee has decided for the first time, who sits is its own decision; see `propose_seat_change`.

    :raises NotPermitted: if the actor is not the fund administrator
    :raises WrongState: if no rules are in force, the founding is over, or somebody sits there in term
    :raises Missing: if there is no such person
    :raises Unacceptable: if they lack the role, sit elsewhere, the bench is full, or the term ends before it starts
    """
    locks.the_table()

    permissions.may_rule(actor).enforce()
    if queries.has_decided():
        raise WrongState(_("The founding is over: the committee has decided. Propose a change of seats to it."))
    sitting = locks.current_term(number)
    wanted = Seating(
        number=number,
        bench=bench,
        holder=person_to_seat(holder_id),
        alternate=person_to_seat(alternate_id) if alternate_id else None,
        chairs=chairs,
        nominated_by=nominated_by,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    require_seating(wanted)
    if sitting is not None:
        if sitting.ends_on >= at.date():
            raise WrongState(
                _("%(name)s sits on seat %(number)s until %(day)s. Vacate the seat first.")
                % {"name": sitting.holder.name, "number": number, "day": sitting.ends_on.isoformat()}
            )
        sitting.mark_vacated(at=at)
    return give_seat(wanted, by=actor, at=at)


@dataclass(frozen=True)
class Seating:
    """Who shall sit on a seat, for how long, and who stands in."""

    number: int
    bench: Bench
    holder: User
    alternate: User | None
    chairs: bool
    nominated_by: str
    starts_on: date
    ends_on: date


def require_seating(wanted: Seating) -> None:
    """
    Insist that a person may sit on a seat: the rules have it, they hold the role, and the term runs forwards.

    :raises WrongState: if no rules are in force
    :raises Unacceptable: if they lack the role, the bench is full, or the term ends before it starts
    """
    _require_room(wanted.number, wanted.bench)
    _require_roles(wanted.holder, wanted.alternate, chairs=wanted.chairs)
    if wanted.ends_on < wanted.starts_on:
        raise Unacceptable(_("The term ends before it starts. Choose a later end."))


def give_seat(wanted: Seating, *, by: User, at: datetime, decision: Decision | None = None) -> Term:
    """
    Let a term begin, in the transaction of whoever seats a member.

    :raises Unacceptable: if the seat stands on another bench, or one of them sits elsewhere
    """
    require_transaction()
    seat, _made = Seat.objects.get_or_create(number=wanted.number, defaults={"bench": wanted.bench.value})
    if seat.bench_name != wanted.bench:
        raise Unacceptable(
            _("Seat %(number)s stands on the %(bench)s. Seats do not change benches.")
            % {"number": wanted.number, "bench": seat.bench_name.label}
        )
    try:
        with transaction.atomic():
            term = Term.objects.create(
                seat=seat,
                holder=wanted.holder,
                alternate=wanted.alternate,
                chairs=wanted.chairs,
                nominated_by=wanted.nominated_by,
                starts_on=wanted.starts_on,
                ends_on=wanted.ends_on,
                seated_by=by,
                seated_at=at,
                decision=decision,
            )
    except IntegrityError:
        raise Unacceptable(
            _("One of them sits on another seat or stands in for one, or another seat chairs. Vacate that seat first.")
        ) from None
    events.record(
        "seat.filled",
        about=seat.id,
        by=by,
        at=at,
        seat=wanted.number,
        bench=wanted.bench.value,
        term=str(term.id),
        chairs=wanted.chairs,
    )
    for motion in locks.open_motions():
        leave_interested(motion, at=at)
    return term


def _require_room(number: int, bench: Bench) -> None:
    rules = queries.rules_in_force()
    if rules is None:
        raise WrongState(_("No rules of procedure are in force. Record them before the seats."))
    places = rules.rules.of_bench(bench).seats
    others = Seat.objects.filter(bench=bench.value, terms__vacated_at=None, terms__isnull=False)
    if others.exclude(number=number).distinct().count() >= places:
        raise Unacceptable(
            _("The %(bench)s has %(places)s seats, and all are taken.") % {"bench": bench.label, "places": places}
        )


def person_to_seat(person_id: UUID) -> User:
    """
    Return a person who can sign in.

    :raises Missing: if there is none
    """
    found = User.objects.filter(pk=person_id, is_active=True).first()
    if found is None:
        raise Missing(_("There is no such person, or their sign-in is closed."))
    return found


def _require_roles(holder: User, alternate: User | None, *, chairs: bool) -> None:
    if holder.is_seconded or (alternate is not None and alternate.is_seconded):
        raise Unacceptable(_("Staff seconded by a government do not sit on the committee."))
    if not holder.holds(*SITS):
        raise Unacceptable(_("%(name)s is no committee member yet. Give the role first.") % {"name": holder.name})
    if chairs and not holder.holds(SITS[1]):
        raise Unacceptable(_("%(name)s is not the chair yet. Give the role first.") % {"name": holder.name})
    if alternate is not None and not alternate.holds(*STANDS_IN):
        raise Unacceptable(_("%(name)s is no alternate yet. Give the role first.") % {"name": alternate.name})


@transaction.atomic(durable=True)
def vacate_seat(*, number: int, reason: str, actor: User, at: datetime) -> Term:
    """
    Write down that a seat has fallen vacant, because its holder resigned or died. Their open votes are not counted.

    Whom the committee itself wants off a seat it removes by a decision; see `propose_seat_change`.

    :raises NotPermitted: if the actor is not the fund administrator
    :raises Missing: if nobody sits there
    :raises Unacceptable: if no reason is given
    """
    locks.the_table()

    permissions.may_rule(actor).enforce()
    term = locks.current_term(number)
    if term is None:
        raise Missing(_("Nobody sits on seat %(number)s.") % {"number": number})
    if not reason.strip():
        raise Unacceptable(_("Say why the seat falls vacant. It is kept in the record."))

    term.mark_vacated(at=at)
    events.record("seat.vacated", about=term.seat_id, by=actor, at=at, seat=number, reason=reason.strip())
    return term


@transaction.atomic(durable=True)
def declare_interest(*, party: str, actor: User, at: datetime) -> Interest:
    """
    Declare that one has a stake in a party. From now on one leaves the table when it would gain, open motions included.

    :raises NotPermitted: if the actor does not sit on the committee
    :raises AlreadyDone: if it was declared
    :raises Unacceptable: if no party is named
    """
    motions = locks.open_motions()

    permissions.may_declare(actor).enforce()
    name = party.strip()
    if not name:
        raise Unacceptable(_("Name the state, employer or organisation."))
    if party_key(name) in {party_key(one.party) for one in queries.interests_of(actor)}:
        raise AlreadyDone(_("You have declared this interest."))

    declared = Interest.objects.create(person=actor, party=name, declared_at=at)
    events.record("interest.declared", about=actor.id, by=actor, at=at, party=name)
    for motion in motions:
        leave_interested(motion, at=at)
    return declared


@transaction.atomic(durable=True)
def describe_member(*, person_id: UUID, state: str, employer: str, actor: User, at: datetime) -> User:
    """
    Note a person's state and employer. On the committee they leave the table when one of them would gain or lose.

    :raises NotPermitted: if the actor is not the fund administrator
    :raises Missing: if there is no such person
    """
    motions = locks.open_motions()

    permissions.may_describe(actor).enforce()
    person = User.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise Missing(_("There is no such person."))

    person.mark_described(state=state.strip(), employer=employer.strip())
    events.record("person.described", about=person.id, by=actor, at=at, name=person.name)
    for motion in motions:
        leave_interested(motion, at=at)
    return person
