"""Rows held while something is decided about them. The motion is always locked first."""

from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from committee.models import Decision, Meeting, Motion, Term
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


def open_agenda(meeting_id: UUID) -> list[Motion]:
    """Return the open motions on a meeting's agenda, held until the transaction ends; before the meeting itself."""
    found = Motion.objects.select_for_update().filter(meeting=meeting_id, status="open")
    return list(found.order_by("opened_at", "id"))


def meeting(meeting_id: UUID) -> Meeting:
    """
    Return the meeting, held until the transaction ends; a motion on its agenda is locked before it.

    :raises Missing: if there is none
    """
    found = Meeting.objects.select_for_update().filter(pk=meeting_id).first()
    if found is None:
        raise Missing(_("There is no such meeting. Look it up in the list of meetings."))
    return found


def decision(decision_id: UUID) -> Decision:
    """
    Return the decision, its motion held until the transaction ends: the decision itself is never changed.

    :raises Missing: if there is none
    """
    found = Decision.objects.select_related("motion").filter(pk=decision_id).first()
    if found is None:
        raise Missing(_("There is no such decision. Look it up in the list of decisions."))
    motion(found.motion_id)
    return found


def the_agenda() -> None:
    """Hold what meetings are to come: an objection and the call of a meeting do not slip past each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('committee_agenda'))")


def current_term(number: int) -> Term | None:
    """Return the term that a seat is held under, held until the transaction ends."""
    return Term.objects.select_for_update(of=("self",)).filter(seat__number=number, vacated_at=None).first()


def the_table() -> None:
    """Hold who sits where: one seating, vacating or adoption of rules at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('committee_term'))")
