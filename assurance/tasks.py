"""Setting statements in the background, on the queue "reports", and the calendar's monthly report."""

from uuid import UUID

from assurance import operations, queries
from ledger import queries as ledger_queries
from trustfund.core import clock
from trustfund.core.refusals import AlreadyDone
from trustfund.core.tasks import task

# A restored fund may have years to catch up with; so many months at a time leave room for what people ask for.
MONTHS_AT_ONCE = 12


@task(name="assurance.render_statement", queue="reports")
def render_statement(*, statement_id: str) -> None:
    """Set and issue one statement."""
    operations.issue_statement(statement_id=UUID(statement_id), at=clock.now())


@task(name="assurance.render_waiting", queue="reports")
def render_waiting() -> None:
    """Set what waits although nobody has it: the broker was down, or a worker was killed."""
    for statement in queries.waiting(clock.now()):
        operations.issue_or_give_up(statement_id=statement.pk, at=clock.now())


@task(name="assurance.issue_monthly_report", queue="reports")
def issue_monthly_report() -> None:
    """Ask for the audit report of every month that is over and has none, the latest first; try failed ones again."""
    first_day = ledger_queries.first_effective_day()
    if first_day is None:
        return
    for month in queries.unreported_months(first_day, clock.today())[:MONTHS_AT_ONCE]:
        try:
            operations.request_monthly_report(month=month, at=clock.now())
        except AlreadyDone:
            # Another beat was quicker; a period is reported once.
            continue
    for statement in queries.failed_reports():
        operations.wake_worker(statement.pk)
