"""What operations of screening hold while they work."""

from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from screening.models import Party
from trustfund.core.refusals import Missing


def the_lists() -> None:
    """Let one list come in at a time, and no edition change while a name is looked at."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('screening.lists'))")


def party(party_id: UUID) -> Party:
    """
    Return a party, held.

    :raises Missing: if there is none
    """
    found = Party.objects.select_for_update().filter(pk=party_id).first()
    if found is None:
        raise Missing(_("There is no such party. Look for it in the list."))
    return found
