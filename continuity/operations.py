"""Setting what the planning view is made with. Nothing here touches money."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from continuity import permissions, queries
from continuity.models import Haircut
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.refusals import AlreadyDone, Unacceptable

# What events about the planning view are about: there is one view.
PLANNING_VIEW = UUID("6f0d7a52-6a0a-4c6e-9a55-0d4f1f0c5b21")
_WHOLE = 100


@transaction.atomic(durable=True)
def set_haircut(*, percent: Decimal, reason: str, actor: User, at: datetime) -> Haircut:
    """
    Set the haircut on unpaid promises that are not in USD, for the planning view from now on.

    :raises NotPermitted: if the actor is not of the secretariat
    :raises Unacceptable: if it is not 0 to 100 per cent with two decimals, or no reason is given
    :raises AlreadyDone: if it is so already
    """
    permissions.may_set_haircut(actor).enforce()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('continuity.haircut'))")
    reason = reason.strip()
    if not percent.is_finite() or not 0 <= percent <= _WHOLE or percent != round(percent, 2):
        raise Unacceptable(_("A haircut is 0 to 100 per cent, with at most two decimals."))
    if not reason:
        raise Unacceptable(_("Write why the haircut is set so, for the record."))
    if percent == queries.haircut_percent():
        raise AlreadyDone(_("The haircut is %(percent)s%% already.") % {"percent": percent})

    latest = queries.haircuts().first()
    haircut = Haircut.objects.create(
        version=1 if latest is None else latest.version + 1, percent=percent, reason=reason, set_by=actor, set_at=at
    )
    events.record(
        "haircut.set",
        about=PLANNING_VIEW,
        by=actor,
        at=at,
        percent=str(percent),
        version=haircut.version,
        reason=reason,
    )
    return haircut
