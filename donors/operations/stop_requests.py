"""Registering a request to stop using money. It is shown to all and moves nothing: only the committee can."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from donors import locks, permissions
from donors.models import StopRequest
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import Unacceptable


@transaction.atomic(durable=True)
def file_stop_request(*, donor_id: UUID, text: str, received_on: date, actor: User, at: datetime) -> StopRequest:
    """
    Register that a donor asks to stop using money it has given.

    Nothing is posted and no status changes: what was deposited stays for its purpose (R11), and stays spendable.

    :raises Missing: if there is no such donor
    :raises NotPermitted: if the actor is neither its representative nor of the secretariat
    :raises Unacceptable: if the text is empty, or it is said to have come in the future
    """
    donor = locks.donor(donor_id)
    permissions.may_file_stop_request(actor, donor).enforce()
    text = text.strip()
    if not text:
        raise Unacceptable(_("A stop request is kept in the donor's own words. Write what is asked."))
    if received_on > at.date():
        raise Unacceptable(_("The day on which the request came lies in the future. Check the date."))

    request = StopRequest.objects.create(
        reference=next_reference("SR", at.date()),
        donor=donor,
        text=text,
        received_on=received_on,
        filed_by=actor,
        filed_at=at,
    )
    events.record(
        "stop_request.filed", about=request.id, by=actor, at=at, reference=request.reference, donor=donor.name
    )
    return request
