"""Who sits on the committee, what was proposed to change that, and what members have a stake in."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models

from committee.rules import Bench
from trustfund.core.models import User


class Seat(models.Model):
    """A place at the table. It stays when the people on it change."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveSmallIntegerField(unique=True)
    bench = models.CharField(max_length=16)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(bench__in=[str(bench) for bench in Bench]),
                name="a_seat_stands_on_a_known_bench",
            ),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="seats_are_counted_from_one"),
        ]

    def __str__(self) -> str:
        return f"Seat {self.number}"

    @property
    def bench_name(self) -> Bench:
        """The bench, as the rules know it."""
        return Bench(self.bench)


class Term(models.Model):
    """Who holds a seat, and who stands in, from a day to a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="terms")
    holder = models.ForeignKey(User, on_delete=models.PROTECT, related_name="terms_held")
    alternate = models.ForeignKey(User, on_delete=models.PROTECT, related_name="terms_stood_in", null=True)
    chairs = models.BooleanField(default=False)
    nominated_by = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField()
    seated_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    seated_at = models.DateTimeField()
    vacated_at = models.DateTimeField(null=True)
    # Empty for who was seated at founding; later the committee's decision.
    decision = models.OneToOneField(
        "committee.Decision", on_delete=models.PROTECT, related_name="term_given", null=True
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["seat"], condition=models.Q(vacated_at=None), name="a_seat_is_held_by_one_person"
            ),
            models.UniqueConstraint(
                fields=["holder"], condition=models.Q(vacated_at=None), name="a_person_holds_one_seat"
            ),
            models.UniqueConstraint(
                fields=["alternate"], condition=models.Q(vacated_at=None), name="a_person_stands_in_for_one_seat"
            ),
            models.UniqueConstraint(
                fields=["chairs"], condition=models.Q(vacated_at=None, chairs=True), name="one_seat_chairs"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="a_term_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=models.Q(alternate=None) | ~models.Q(alternate=models.F("holder")),
                name="nobody_is_their_own_alternate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {self.holder}"

    def covers(self, at: datetime) -> bool:
        """Return whether the term runs at a moment."""
        return self.starts_on <= at.date() <= self.ends_on and (self.vacated_at is None or at < self.vacated_at)

    def mark_vacated(self, *, at: datetime) -> None:
        """End the term; the row stays as the record of who sat when."""
        self.vacated_at = at
        self.save(update_fields=["vacated_at"])


class SeatChange(models.Model):
    """Who shall sit on a seat from now on, as somebody proposed it; nobody, if it shall fall vacant. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveSmallIntegerField()
    bench = models.CharField(max_length=16)
    holder = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    alternate = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    chairs = models.BooleanField(default=False)
    nominated_by = models.CharField(max_length=120)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    reason = models.TextField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(bench__in=[str(bench) for bench in Bench]),
                name="a_change_of_seats_names_a_known_bench",
            ),
            models.CheckConstraint(
                condition=models.Q(holder=None, alternate=None, starts_on=None, ends_on=None, chairs=False)
                | models.Q(holder__isnull=False, ends_on__gte=models.F("starts_on")),
                name="a_change_seats_a_person_for_a_term_or_nobody",
            ),
        ]

    def __str__(self) -> str:
        return f"Seat {self.number}: {self.holder or 'vacant'}"

    @property
    def bench_name(self) -> Bench:
        """The bench, as the rules know it."""
        return Bench(self.bench)


class Interest(models.Model):
    """What a person has declared to have a stake in: a state, an employer, an organisation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="interests")
    party = models.CharField(max_length=120)
    declared_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("person", models.functions.Lower("party"), name="an_interest_is_declared_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.party}"
