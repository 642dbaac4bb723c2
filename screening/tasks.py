"""What the clock does here: looks at everybody who was not looked at against the latest lists."""

from screening import operations, queries
from trustfund.core import clock
from trustfund.core.tasks import task

# A minute's worth; the next minute goes on where this one ended.
AT_ONCE = 2000


@task(name="screening.screen_waiting")
def screen_waiting() -> None:
    """Look at those who wait, one transaction each; a killed worker loses nothing."""
    edition = queries.edition()
    if not edition.is_whole:
        return
    for party_id in queries.unscreened(edition).values_list("pk", flat=True)[:AT_ONCE]:
        operations.screen_party(party_id=party_id, actor=None, at=clock.now())
