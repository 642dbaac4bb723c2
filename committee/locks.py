"""Rows held while something is decided about them. The motion is always locked first."""

from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from committee.models import Motion, Term
from trustfund.core.refusals import Missing


def motion(motion_id: UUID) -> Motion:
    """
    Return the motion, held until the transaction ends.

    :raises Missing: if there is none
    """
    found = Motion.objects.select_for_update().filter(pk=motion_id).first()
    if found is None:
        raise Missing(_("There is no such motion. Look it up in the list of decisions."))
    return found


def open_motions() -> list[Motion]:
    """Return every open motion, held until the transaction ends, oldest first."""
    return list(Motion.objects.select_for_update().filter(status="open").order_by("opened_at", "id"))


def current_term(number: int) -> Term | None:
    """Return the term that a seat is held under, held until the transaction ends."""
    return Term.objects.select_for_update(of=("self",)).filter(seat__number=number, vacated_at=None).first()


def the_table() -> None:
    """Hold who sits where: one seating, vacating or adoption of rules at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('committee_term'))")
