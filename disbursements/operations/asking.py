"""Asking the committee about one thing more than once: each time is another version of the question."""

from uuid import UUID

from django.utils.translation import gettext as _

from committee import queries as committee_queries
from committee.matters import Kind
from committee.states import Status
from trustfund.core.db import require_transaction
from trustfund.core.refusals import AlreadyDone


def next_version(subject: UUID, kind: Kind) -> int:
    """
    Return the number of the next question about something, inside an operation that holds it.

    What lapsed or was withdrawn is asked again as it was; what was answered is another question.

    :raises AlreadyDone: if the committee is asked and has not answered
    """
    require_transaction()
    last = committee_queries.last_motion_on(subject, kind)
    if last is None:
        return 1
    if last.state in {Status.OPEN, Status.OBJECTED}:
        raise AlreadyDone(
            _("The committee is asked this already, %(motion)s. Wait for its answer.") % {"motion": last.reference}
        )
    return last.version if last.state in {Status.LAPSED, Status.WITHDRAWN} else last.version + 1
