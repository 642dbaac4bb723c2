"""What stands still and why, what is amended, and which answers of the committee wait to be carried out."""

from uuid import UUID

from django.db.models import QuerySet

from committee.queries import ended_motions
from disbursements.models import Amendment, Proposal, Suspension, Tranche
from disbursements.states import AmendmentStatus, SuspensionStatus, TrancheStatus


def in_force() -> QuerySet[Suspension]:
    """Return the suspensions that stand, those that are looked at again first at the head."""
    found = Suspension.objects.filter(status=SuspensionStatus.IN_FORCE).select_related("programme__organisation")
    return found.order_by("review_on", "reference")


def ended() -> QuerySet[Suspension]:
    """Return the suspensions that have ended, latest first."""
    found = Suspension.objects.filter(status=SuspensionStatus.ENDED).select_related("programme__organisation")
    return found.order_by("-ended_at", "reference")


def suspensions_asked() -> list[UUID]:
    """Return the cases whose motion has ended and whose answer is not written down."""
    found = Suspension.objects.filter(status=SuspensionStatus.ASKED, motion_id__in=ended_motions().values("id"))
    return list(found.order_by("asked_at").values_list("pk", flat=True))


def resumptions_asked() -> list[UUID]:
    """Return the suspensions whose motion to resume has ended and whose answer is not written down."""
    found = Suspension.objects.filter(
        status=SuspensionStatus.IN_FORCE, resume_motion_id__in=ended_motions().values("id")
    )
    return list(found.order_by("asked_at").values_list("pk", flat=True))


def amendments_of(proposal: Proposal) -> QuerySet[Amendment]:
    """Return the amendments of a proposal, latest first, those that were dropped among them."""
    return proposal.amendments.prefetch_related("tranches__tranche", "lines").order_by("-asked_at")


def tranches_to_amend(proposal: Proposal) -> list[Tranche]:
    """Return the tranches whose condition nobody has met yet, in their order."""
    found = proposal.tranches.filter(status__in=[TrancheStatus.PLANNED, TrancheStatus.SUSPENDED], condition_met_at=None)
    return list(found.order_by("number"))


def amendments_asked() -> list[UUID]:
    """Return the amendments whose motion has ended and whose answer is not written down."""
    found = Amendment.objects.filter(status=AmendmentStatus.ASKED, motion_id__in=ended_motions().values("id"))
    return list(found.order_by("asked_at").values_list("pk", flat=True))
