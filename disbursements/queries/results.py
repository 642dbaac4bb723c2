"""What a programme set out to reach and what was reported of it: for pages, charts and files."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from disbursements.confidence import Confidence
from disbursements.fingerprints import People
from disbursements.models import Evidence, Indicator, IndicatorTarget, IndicatorValue, PeopleReached, Programme
from disbursements.queries.partners import visible_programmes
from disbursements.states import ProposalStatus
from trustfund.core.models import User


@dataclass(frozen=True)
class Value:
    """Where an indicator stood on a day, as it was last reported, and how far that is believed."""

    on: date
    value: Decimal
    confidence: Confidence
    evidence_id: UUID
    title: str


@dataclass(frozen=True)
class Progress:
    """An indicator with its targets and what was reported, earliest first."""

    indicator: Indicator
    targets: tuple[tuple[int, Decimal], ...]
    points: tuple[Value, ...]

    @property
    def latest(self) -> Value | None:
        """What was reported for the latest day."""
        return self.points[-1] if self.points else None

    @property
    def next_target(self) -> tuple[int, Decimal] | None:
        """The target of the first year that no value reaches into yet; the last one once all are reached."""
        year = self.points[-1].on.year if self.points else 0
        coming = [target for target in self.targets if target[0] >= year]
        return coming[0] if coming else (self.targets[-1] if self.targets else None)

    @property
    def part(self) -> Decimal | None:
        """How much of the way from baseline to the next target is gone, as a ratio; nothing where there is no way."""
        if self.latest is None or self.next_target is None:
            return None
        way = self.next_target[1] - self.indicator.baseline
        return (self.latest.value - self.indicator.baseline) / way if way else None


def progress_of(programme: Programme) -> list[Progress]:
    """Return a programme's indicators with targets and values, in a fixed number of queries."""
    found = programme.indicators.order_by("number").prefetch_related(
        Prefetch("targets", IndicatorTarget.objects.order_by("year")),
        Prefetch("values", IndicatorValue.objects.select_related("evidence").order_by("as_of", "reported_at")),
    )
    return [_progress(one) for one in found]


def _progress(indicator: Indicator) -> Progress:
    # The later word on the same day takes the place of the earlier one.
    latest = {one.as_of: one for one in indicator.values.all()}
    return Progress(
        indicator=indicator,
        targets=tuple((target.year, target.value) for target in indicator.targets.all()),
        points=tuple(
            Value(one.as_of, one.value, Confidence(one.evidence.confidence), one.evidence_id, one.evidence.title)
            for one in latest.values()
        ),
    )


def planned_for(programme: Programme) -> People:
    """Return whom the approved proposals of a programme plan to reach, all of them together."""
    whole = People()
    approved = programme.proposals.filter(status=ProposalStatus.APPROVED).prefetch_related("versions")
    for proposal in approved:
        for version in proposal.versions.all():
            if version.number == proposal.current_number:
                whole = People(
                    whole.women + version.women,
                    whole.men + version.men,
                    whole.girls + version.girls,
                    whole.boys + version.boys,
                    whole.disability + version.disability,
                )
    return whole


def reached_rows(programme: Programme) -> QuerySet[PeopleReached]:
    """Return what was reported of whom a programme reached, latest day first, the latest word on a day first."""
    return programme.people_reached.select_related("evidence", "reported_by").order_by("-through", "-reported_at")


def reached_by(programme: Programme) -> People:
    """Return whom a programme has reached up to the latest day that was reported; nobody before."""
    row = reached_rows(programme).first()
    return People(row.women, row.men, row.girls, row.boys, row.disability) if row else People()


def evidence_of(programme: Programme) -> QuerySet[Evidence]:
    """Return what was handed in to show how a programme goes, latest seen first."""
    found = programme.evidence.select_related("submitted_by", "document")
    return found.order_by("-observed_on", "-submitted_at")


def visible_evidence(person: User) -> QuerySet[Evidence]:
    """Return the evidence a person sees: a partner that of their own organisation, everybody else all."""
    return Evidence.objects.select_related("document").filter(programme__in=visible_programmes(person))
