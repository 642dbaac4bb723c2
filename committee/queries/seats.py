"""Who sits where at a moment, by which rules, and what members have declared."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from committee.models import Decision, Interest, RulesOfProcedure, Seat, Term
from committee.rules import SeatHeld, names_one_of, party_key
from trustfund.core.models import Role, User
from trustfund.core.roles import RoleName

SITS = (RoleName.COMMITTEE_MEMBER, RoleName.CHAIR)
STANDS_IN = (RoleName.ALTERNATE, RoleName.COMMITTEE_MEMBER)


def has_decided() -> bool:
    """Return whether the committee has decided anything, which ends its founding."""
    return Decision.objects.exists()


def rules_in_force() -> RulesOfProcedure | None:
    """Return the latest version of the rules of procedure, or nothing before any were adopted."""
    return RulesOfProcedure.objects.order_by("-version").first()


def rules_history() -> "QuerySet[RulesOfProcedure]":
    """Return every version of the rules, latest first."""
    return RulesOfProcedure.objects.select_related("adopted_by", "decision").order_by("-version")


@dataclass(frozen=True)
class Sitting:
    """A seat and its term at a moment; without a term the seat is vacant."""

    seat: Seat
    term: Term | None
    holder_counts: bool
    alternate_counts: bool

    @property
    def held(self) -> SeatHeld:
        """The seat as the tally sees it."""
        term = self.term
        return SeatHeld(
            self.seat.number,
            self.seat.bench_name,
            term.holder_id if term is not None and self.holder_counts else None,
            term.alternate_id if term is not None and self.alternate_counts else None,
        )

    @property
    def people(self) -> tuple[User, ...]:
        """The holder and the alternate, where there are any, whether or not they count."""
        term = self.term
        return tuple(person for person in (term.holder, term.alternate) if person is not None) if term else ()


def sittings(at: datetime) -> list[Sitting]:
    """Return every seat by number with who sits at a moment; who lost the role, or left, no longer counts."""
    seats = Seat.objects.order_by("number").prefetch_related(
        Prefetch("terms", Term.objects.select_related("holder", "alternate").order_by("seated_at", "id"))
    )
    found = [(seat, next((term for term in seat.terms.all() if term.covers(at)), None)) for seat in seats]
    people = {term.holder_id for _, term in found if term} | {
        term.alternate_id for _, term in found if term and term.alternate_id
    }
    roles = Role.objects.filter(Q(ended_at=None) | Q(ended_at__gt=at), person__in=people, person__is_active=True)
    held: set[tuple[UUID, str]] = set(roles.values_list("person_id", "name"))

    def holds(person: UUID | None, names: Iterable[RoleName]) -> bool:
        return person is not None and any((person, str(name)) in held for name in names)

    return [
        Sitting(
            seat,
            term,
            holder_counts=holds(term.holder_id, SITS) if term else False,
            alternate_counts=holds(term.alternate_id, STANDS_IN) if term else False,
        )
        for seat, term in found
    ]


def interested(parties: Iterable[str], *, before: datetime) -> frozenset[UUID]:
    """
    Return who has declared an interest in one of these parties, whatever its capitals and spacing.

    :param before: the close of the vote: who declares then or later has voted, and the vote is counted
    """
    names = {party_key(party) for party in parties}
    if not names:
        return frozenset()
    declared = Interest.objects.filter(declared_at__lt=before).values_list("person_id", "party")
    return frozenset(person for person, party in declared if party_key(party) in names)


def belonging(parties: Iterable[str], at_the_table: Iterable[Sitting]) -> dict[UUID, str]:
    """Return who at the table has one of these parties as their state or employer, and which."""
    names = tuple(parties)
    return {
        person.pk: said
        for sitting in at_the_table
        for person in sitting.people
        for said in (person.employer, person.state)
        if names_one_of(said, names)
    }


def interests_of(person: User) -> "QuerySet[Interest]":
    """Return what a person has declared, latest first."""
    return Interest.objects.filter(person=person).order_by("-declared_at")


def people_who_may(*roles: RoleName) -> "QuerySet[User]":
    """Return the people who may sit or stand in, by name: they hold one of the roles and no government lent them."""
    found = User.objects.filter(is_active=True, is_seconded=False, roles__ended_at=None, roles__name__in=roles)
    return found.distinct().order_by("name")
