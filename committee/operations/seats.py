"""Rules of procedure, who sits where, and what members have a stake in."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from committee import locks, permissions, queries
from committee.models import Interest, RulesOfProcedure, Seat, Term
from committee.operations.motions import leave_interested
from committee.queries import SITS, STANDS_IN
from committee.rules import Bench, Rules
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.refusals import AlreadyDone, Missing, Unacceptable, WrongState


@transaction.atomic(durable=True)
def adopt_rules(*, rules: Rules, title: str, actor: User, at: datetime) -> RulesOfProcedure:
    """
    Record new rules of procedure. Motions that are open keep the rules under which they were opened.

    :raises NotPermitted: if the actor is not the fund administrator
    :raises Unacceptable: if the rules cannot be met, or give donors the majority
    """
    locks.the_table()

    permissions.may_rule(actor).enforce()
    rules.require_sense()
    last = queries.rules_in_force()

    adopted = RulesOfProcedure.objects.create(
        version=last.version + 1 if last else 1,
        title=title,
        figures=rules.figures(),
        adopted_by=actor,
        adopted_at=at,
    )
    events.record("rules.adopted", about=adopted.id, by=actor, at=at, version=adopted.version, title=title)
    return adopted


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
    Put a person on a seat for a term, with the alternate who stands in. A term that has run out gives way.

    :raises NotPermitted: if the actor is not the fund administrator
    :raises WrongState: if no rules are in force, or somebody sits there in term
    :raises Missing: if there is no such person
    :raises Unacceptable: if they lack the role, sit elsewhere, the bench is full, or the term ends before it starts
    """
    locks.the_table()

    permissions.may_rule(actor).enforce()
    _require_room(number, bench)
    holder = _person(holder_id)
    alternate = _person(alternate_id) if alternate_id else None
    _require_roles(holder, alternate, chairs=chairs)
    if ends_on < starts_on:
        raise Unacceptable(_("The term ends before it starts. Choose a later end."))
    sitting = locks.current_term(number)
    if sitting is not None:
        if sitting.ends_on >= at.date():
            raise WrongState(
                _("%(name)s sits on seat %(number)s until %(day)s. Vacate the seat first.")
                % {"name": sitting.holder.name, "number": number, "day": sitting.ends_on.isoformat()}
            )
        sitting.mark_vacated(at=at)

    seat, _made = Seat.objects.get_or_create(number=number, defaults={"bench": bench.value})
    if seat.bench_name != bench:
        raise Unacceptable(
            _("Seat %(number)s stands on the %(bench)s. Seats do not change benches.")
            % {"number": number, "bench": seat.bench_name.label}
        )
    try:
        with transaction.atomic():
            term = Term.objects.create(
                seat=seat,
                holder=holder,
                alternate=alternate,
                chairs=chairs,
                nominated_by=nominated_by,
                starts_on=starts_on,
                ends_on=ends_on,
                seated_by=actor,
                seated_at=at,
            )
    except IntegrityError:
        raise Unacceptable(
            _("One of them sits on another seat or stands in for one, or another seat chairs. Vacate that seat first.")
        ) from None
    events.record(
        "seat.filled", about=seat.id, by=actor, at=at, seat=number, bench=bench.value, term=str(term.id), chairs=chairs
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


def _person(person_id: UUID) -> User:
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
    End the term of whoever sits on a seat. Their open votes are no longer counted.

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
    if queries.interests_of(actor).filter(party__iexact=name).exists():
        raise AlreadyDone(_("You have declared this interest."))

    declared = Interest.objects.create(person=actor, party=name, declared_at=at)
    events.record("interest.declared", about=actor.id, by=actor, at=at, party=name)
    for motion in motions:
        leave_interested(motion, at=at)
    return declared
