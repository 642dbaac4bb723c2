"""The record of promises kept: when each instalment fell due and when it had come in full, computed from the books."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from donors.models import Allocation, Donor, Instalment
from donors.queries.standing import of_each_instalment, stood, written_off_parts
from donors.queries.versions import ended_by_notice, standing_on
from donors.states import IN_THE_BOOKS


@dataclass(frozen=True)
class Kept:
    """
    An instalment that has come in full, or that fell due and has not. No amounts: this is for everybody to read.

    :ivar given_up_on: the day on which the committee gave up what had not come of it, whole or in part
    """

    reference: str
    due_on: date
    completed_on: date | None
    on: date
    given_up_on: date | None = None

    @property
    def days(self) -> int:
        """The days from its due day to the day it had come in full, or so far; on time is zero or less."""
        return ((self.completed_on or self.given_up_on or self.on) - self.due_on).days

    @property
    def days_late(self) -> int:
        """How many days late it came, or is so far; zero if it was on time."""
        return max(self.days, 0)

    @property
    def is_open(self) -> bool:
        """Whether it has not come in full yet, and still may."""
        return self.completed_on is None and self.given_up_on is None

    @property
    def is_given_up(self) -> bool:
        """Whether it has not come in full and never will."""
        return self.given_up_on is not None

    @property
    def is_on_time(self) -> bool:
        """Whether it came by its due day."""
        return self.completed_on is not None and self.days <= 0

    @property
    def is_late(self) -> bool:
        """Whether it came in full after its due day."""
        return self.completed_on is not None and self.days > 0


@dataclass(frozen=True)
class DonorRecord:
    """A donor's promises that have come due or come in, latest due first."""

    donor: Donor
    kept: tuple[Kept, ...]

    @property
    def on_time(self) -> int:
        """How many came by their due day."""
        return sum(one.is_on_time for one in self.kept)

    @property
    def late(self) -> int:
        """How many came after it."""
        return sum(one.is_late for one in self.kept)

    @property
    def late_days(self) -> int:
        """The most days that one of those came late."""
        return max((one.days_late for one in self.kept if one.is_late), default=0)

    @property
    def given_up(self) -> int:
        """How many were given up, whole or in part."""
        return sum(one.is_given_up for one in self.kept)

    @property
    def open(self) -> int:
        """How many are late so far."""
        return sum(one.is_open for one in self.kept)

    @property
    def open_days(self) -> int:
        """The most days that one of those is late so far."""
        return max((one.days_late for one in self.kept if one.is_open), default=0)


def donors_on_record(on: date) -> QuerySet[Donor]:
    """Return the donors who promised something that stood in the books by a day, by name."""
    in_the_books = [str(status) for status in IN_THE_BOOKS]
    found = Donor.objects.filter(pledges__status__in=in_the_books, pledges__signed_on__lte=on)
    return found.order_by("name").distinct()


def good_faith(donors: Iterable[Donor], on: date) -> list[DonorRecord]:
    """Return the record of some donors, in their order: one question however many they are."""
    wanted = list(donors)
    by_donor: dict[object, list[Kept]] = {donor.pk: [] for donor in wanted}
    stands = Allocation.objects.filter(stood(on, "receipt__"))
    last = stands.filter(instalment=OuterRef("pk")).order_by("-receipt__value_on").values("receipt__value_on")[:1]
    given_up = written_off_parts(on)
    gone = given_up.filter(instalment=OuterRef("pk")).order_by("-write_off__posted_on").values("write_off__posted_on")
    found = (
        Instalment.objects.filter(
            standing_on(on), pledge__donor__in=wanted, pledge__status__in=[str(status) for status in IN_THE_BOOKS]
        )
        .annotate(paid=of_each_instalment(stands), last_on=Subquery(last), gone_on=Subquery(gone[:1]))
        .annotate(owing=F("minor") - F("paid") - of_each_instalment(given_up))
        # What falls due after a notice has ended its agreement is not late.
        .filter(Q(owing__lte=0) | (Q(owing__gt=0, due_on__lt=on) & ~Q(ended_by_notice(on))))
        .order_by("-due_on", "pk")
        .values_list("pledge__donor_id", "pledge__reference", "number", "due_on", "owing", "last_on", "gone_on")
    )
    for donor_id, reference, number, due_on, owing, last_on, gone_on in found:
        # What was given up in part was not kept, whatever came of it; while the rest is still owed, it is late.
        is_open, is_given_up = owing > 0, owing <= 0 and gone_on is not None
        by_donor[donor_id].append(
            Kept(
                f"{reference}/{number}",
                due_on=due_on,
                completed_on=None if is_open or is_given_up else last_on,
                on=on,
                given_up_on=gone_on if is_given_up else None,
            )
        )
    return [DonorRecord(donor, tuple(by_donor[donor.pk])) for donor in wanted]
