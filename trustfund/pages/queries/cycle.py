"""How long a proposal takes from its first draft to its approval, stage by stage, beside what pooled funds take."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from uuid import UUID

from django.db.models import Min
from django.utils.translation import gettext as _

from committee.models import Decision
from disbursements.models import Proposal
from trustfund.core.charts import Chart, Span, span_bars
from trustfund.core.models import Event

# From submission to approval: the projects that the country-based pooled funds of OCHA published for 2015 to 2026.
PUBLISHED_MEDIAN: Final = Decimal(54)
PUBLISHED_P90: Final = Decimal(104)
PUBLISHED_PROJECTS: Final = 15_349
MOST: Final = 5_000
_DAY: Final = timedelta(days=1)
_STEPS: Final = ("proposal.submitted", "proposal.reviewed", "proposal.tabled")


@dataclass(frozen=True)
class Way:
    """The moments of one proposal, as far as it has come."""

    drafted: datetime
    submitted: datetime | None
    reviewed: datetime | None
    tabled: datetime | None
    decided: datetime | None
    approved: datetime | None


@dataclass(frozen=True)
class Stage:
    """How long a stage takes, over the proposals that have passed it."""

    name: str
    words: str
    count: int
    median: Decimal
    p90: Decimal


@dataclass(frozen=True)
class Cycle:
    """Every stage that a proposal of this fund has passed, and the whole from submission to approval."""

    stages: tuple[Stage, ...]
    whole: Stage | None

    @property
    def chart(self) -> Chart:
        """The stages and the whole as bars, the published figure beneath."""
        rows = [*self.stages, *([self.whole] if self.whole else [])]
        return span_bars(
            title=_("Days from one step to the next"),
            spans=[
                *(Span(one.name, one.median, one.p90) for one in rows),
                Span(_("Pooled funds, submission to approval"), PUBLISHED_MEDIAN, PUBLISHED_P90),
            ],
            description=_("Filled to the median, open to where nine of ten have ended."),
        )


def cycle() -> Cycle:
    """Return how long the fund's own proposals take; of the latest five thousand."""
    ways = list(_ways())
    stages = (
        _stage(_("Written"), _("first draft to submission"), ((one.drafted, one.submitted) for one in ways)),
        _stage(_("Submitted"), _("submission to review"), ((one.submitted, one.reviewed) for one in ways)),
        _stage(
            _("In review"),
            _("review, or submission where there was none, to the committee"),
            ((one.reviewed or one.submitted, one.tabled) for one in ways),
        ),
        _stage(
            _("Tabled"), _("laid before the committee to its decision"), ((one.tabled, one.decided) for one in ways)
        ),
        _stage(_("Decided"), _("decision to approval"), ((one.decided, one.approved) for one in ways)),
    )
    return Cycle(
        stages=tuple(stage for stage in stages if stage is not None),
        whole=_stage(_("Submission to approval"), _("the whole way"), ((one.submitted, one.approved) for one in ways)),
    )


def _ways() -> Iterable[Way]:
    found = list(
        Proposal.objects.exclude(tabled_at=None)
        .order_by("-drafted_at")
        .values_list("pk", "drafted_at", "approved_at", "motion_id")[:MOST]
    )
    first: dict[tuple[UUID, str], datetime] = {
        (about, kind): at
        for about, kind, at in Event.objects.filter(kind__in=_STEPS, about__in=[row[0] for row in found])
        .values_list("about", "kind")
        .annotate(first=Min("at"))
    }
    decided = dict(
        Decision.objects.filter(motion_id__in=[row[3] for row in found]).values_list("motion_id", "decided_at")
    )
    for proposal, drafted, approved, motion in found:
        submitted, reviewed, tabled = (first.get((proposal, kind)) for kind in _STEPS)
        yield Way(drafted, submitted, reviewed, tabled, decided.get(motion) if motion else None, approved)


def _stage(name: str, words: str, pairs: Iterable[tuple[datetime | None, datetime | None]]) -> Stage | None:
    spans = sorted(end - start for start, end in pairs if start is not None and end is not None and end >= start)
    if not spans:
        return None
    return Stage(name=name, words=words, count=len(spans), median=median_days(spans), p90=p90_days(spans))


def median_days(spans: Sequence[timedelta]) -> Decimal:
    """Return the middle of sorted spans in days to one decimal, of an even number the mean of the two in the middle."""
    half = len(spans) // 2
    middle = spans[half] if len(spans) % 2 else (spans[half - 1] + spans[half]) / 2
    return _days(middle)


def p90_days(spans: Sequence[timedelta]) -> Decimal:
    """Return the shortest of sorted spans within which nine of ten cases ended, in days to one decimal."""
    return _days(spans[-(-9 * len(spans) // 10) - 1])


def _days(span: timedelta) -> Decimal:
    exact = Decimal(span // timedelta(microseconds=1)) / Decimal(_DAY // timedelta(microseconds=1))
    return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
