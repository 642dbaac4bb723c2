"""What a programme partner comes for: their own programmes, what is paid when, and what is due from them next."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from disbursements.models import Exemption, Programme, Tranche
from disbursements.queries import exemptions as exemption_queries
from disbursements.queries.exemptions import Entry
from disbursements.queries.partners import visible_programmes
from disbursements.queries.reports import Owed, owed_by
from trustfund.core.models import User


@dataclass(frozen=True)
class OwnProgramme:
    """A programme with its tranches in the order of their days, the reports that it owes, and its exemptions."""

    programme: Programme
    tranches: tuple[Tranche, ...]
    owed: tuple[Owed, ...]
    exemptions: tuple[Entry, ...]
    indicators: int
    last_reported_on: date | None


def own_programmes(person: User, on: date) -> list[OwnProgramme]:
    """Return a partner's own programmes, latest first, in a fixed number of queries."""
    found = list(
        visible_programmes(person)
        .prefetch_related(
            "indicators__values",
            "people_reached",
            Prefetch("exemptions", Exemption.objects.select_related("programme__organisation").order_by("reference")),
        )
        .order_by("-opened_at", "-reference")[:50]
    )
    tranches: dict[object, list[Tranche]] = {}
    for one in Tranche.objects.filter(proposal__programme__in=found).select_related("proposal").order_by("expected_on"):
        tranches.setdefault(one.proposal.programme_id, []).append(one)
    entries: dict[object, list[Entry]] = {}
    for entry in exemption_queries.entries((one for each in found for one in each.exemptions.all()), on):
        entries.setdefault(entry.exemption.programme_id, []).append(entry)
    owed: dict[object, list[Owed]] = {}
    for row in owed_by(found, on):
        if row.report is None:
            owed.setdefault(row.programme.pk, []).append(row)
    return [
        OwnProgramme(
            programme=one,
            tranches=tuple(tranches.get(one.pk, ())),
            owed=tuple(owed.get(one.pk, ())),
            exemptions=tuple(entries.get(one.pk, ())),
            indicators=len(one.indicators.all()),
            last_reported_on=max(
                [value.as_of for indicator in one.indicators.all() for value in indicator.values.all()]
                + [row.through for row in one.people_reached.all()],
                default=None,
            ),
        )
        for one in found
    ]
