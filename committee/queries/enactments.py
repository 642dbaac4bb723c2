"""What was proposed on rules, seats and auditors, what of it waits to be put in force, and who audits the fund."""

from uuid import UUID

from django.db.models import QuerySet

from committee.matters import Kind
from committee.models import AuditorNomination, Decision, Enactment, RulesProposal, SeatChange
from committee.rules import Outcome

OWN_KINDS = (Kind.RULES, Kind.SEATS, Kind.AUDITOR)


def decisions_to_enact() -> "QuerySet[Decision]":
    """Return what the committee carried about itself and what is not in force yet, oldest first."""
    found = Decision.objects.filter(
        outcome=Outcome.CARRIED.value, motion__kind__in=[str(kind) for kind in OWN_KINDS], enactment=None
    )
    return found.select_related("motion").order_by("decided_at", "reference")


def enactment_of(decision: Decision) -> Enactment | None:
    """Return how a decision was put in force, or nothing."""
    return Enactment.objects.select_related("enacted_by").filter(decision=decision).first()


def decision_that_set_the_rules() -> Decision | None:
    """Return the decision by which the rules in force were adopted; nothing for those of the founding."""
    return Decision.objects.filter(rules_adopted__isnull=False).order_by("-rules_adopted__version").first()


def rules_proposal(proposal_id: UUID) -> RulesProposal | None:
    """Return proposed rules, or nothing."""
    return RulesProposal.objects.filter(pk=proposal_id).first()


def seat_change(change_id: UUID) -> SeatChange | None:
    """Return a proposed change of seats, or nothing."""
    return SeatChange.objects.select_related("holder", "alternate").filter(pk=change_id).first()


def nomination(nomination_id: UUID) -> AuditorNomination | None:
    """Return a nomination of an auditor, or nothing."""
    return AuditorNomination.objects.filter(pk=nomination_id).first()


def appointed_auditors() -> list[tuple[AuditorNomination, Enactment]]:
    """Return every auditor that the committee appointed, the latest term first, each with its appointment."""
    enacted = Enactment.objects.filter(decision__motion__kind=Kind.AUDITOR.value).select_related("decision__motion")
    by_nomination = {one.decision.motion.subject: one for one in enacted}
    found = AuditorNomination.objects.filter(pk__in=by_nomination).order_by("-starts_on", "-proposed_at")
    return [(one, by_nomination[one.pk]) for one in found]


def latest_appointment() -> Decision | None:
    """Return the decision by which an auditor was appointed last, or nothing."""
    found = Enactment.objects.filter(decision__motion__kind=Kind.AUDITOR.value, decision__superseded_by=None)
    latest = found.select_related("decision").order_by("-enacted_at").first()
    return latest.decision if latest else None
