"""The papers that lie ready when the demonstration opens: the last monthly reports, a statement, a donor's account."""

from datetime import timedelta
from typing import Final

from assurance import operations
from assurance.kinds import Kind
from assurance.periods import Month
from donors.models import Donor, Receipt
from trustfund.core.models import Event
from trustfund.embedded.demonstration.stage import Stage

MONTHS_READY: Final = 2


def issue(stage: Stage) -> None:
    """Ask for the papers and set them, as a worker would; beat issues the months before them by and by."""
    yesterday = stage.end.date() - timedelta(days=1)
    auditor, donor = stage.people["auditor"], Donor.objects.get(name="Republic of Valdria")
    first = stage.end.date().replace(day=1)
    asked = []
    for _month in range(MONTHS_READY):
        last = first - timedelta(days=1)
        asked.append(operations.request_monthly_report(month=Month.of(last), at=stage.end))
        first = last.replace(day=1)
    asked.append(
        operations.request_statement(
            kind=Kind.SOURCES_AND_USES, as_of=yesterday, donor_id=None, actor=auditor, at=stage.end
        )
    )
    asked.append(
        operations.request_statement(
            kind=Kind.DONOR_ACCOUNT,
            as_of=yesterday,
            donor_id=donor.pk,
            actor=stage.people["valdria"],
            at=stage.end,
        )
    )
    # The minutes of the one meeting; beat issues every decision's paper by and by.
    for event in Event.objects.filter(kind="meeting.closed"):
        minutes = operations.ask_for_paper(event_id=event.pk, at=stage.end)
        asked += [minutes] if minutes else []
    # The acknowledgement of what this donor paid last; beat issues those before by and by.
    latest = Receipt.objects.filter(pledge__donor=donor).order_by("-recorded_at")[:1].values("pk")
    for event in Event.objects.filter(kind="receipt.recorded", about__in=latest):
        paper = operations.ask_for_paper(event_id=event.pk, at=stage.end)
        asked += [paper] if paper else []
    for statement in asked:
        operations.issue_statement(statement_id=statement.pk, at=stage.end)
