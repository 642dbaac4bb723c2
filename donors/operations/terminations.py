"""Recording that a donor ends an agreement by notice. What was deposited stays in the fund for its purpose (R11)."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from donors import locks, permissions, queries
from donors.models import Termination
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, Unacceptable


@transaction.atomic(durable=True)
def record_termination(*, agreement_id: UUID, text: str, received_on: date, actor: User, at: datetime) -> Termination:
    """
    Record a donor's notice that ends an agreement after the days it agreed to.

    Nothing is posted and no status changes: instalments that fall due after the end are no longer called, earlier ones
    stay due, and what was deposited stays. Whether the rest is given up is a decision of the committee.

    :param text: the notice, word for word
    :raises Missing: if there is no such agreement
    :raises NotPermitted: if the actor is neither the donor's representative nor of the secretariat
    :raises AlreadyDone: if notice was given before
    :raises Unacceptable: if the text is empty, or it is said to have come in the future or before the signature
    """
    agreement = locks.agreement(agreement_id)
    permissions.may_file_stop_request(actor, agreement.donor).enforce()
    agreement = queries.latest_version_of(agreement)
    text = text.strip()
    if not text:
        raise Unacceptable(_("A notice is kept in the donor's own words. Write what it says."))
    if not agreement.signed_on <= received_on <= at.date():
        raise Unacceptable(_("The notice came after the agreement was signed, and not in the future. Check the date."))
    if Termination.objects.filter(agreement_reference=agreement.reference).exists():
        raise AlreadyDone(
            _("Notice to end %(agreement)s was given before. It stands beside the agreement.")
            % {"agreement": agreement.reference}
        )

    notice = Termination.objects.create(
        reference=next_reference("TN", at.date()),
        agreement=agreement,
        agreement_reference=agreement.reference,
        text=text,
        received_on=received_on,
        ends_on=received_on + timedelta(days=agreement.termination_notice_days),
        recorded_by=actor,
        recorded_at=at,
    )
    events.record(
        "agreement.terminated",
        about=agreement.donor_id,
        by=actor,
        at=at,
        reference=notice.reference,
        agreement=agreement.reference,
        ends_on=notice.ends_on.isoformat(),
    )
    return notice
