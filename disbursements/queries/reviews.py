"""What can be asked before the committee decides on a proposal: its score card, its compliance file, the risk."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from disbursements import score_cards
from disbursements.models import (
    CapacityAssessment,
    CompliancePaper,
    Proposal,
    ProposalVersion,
    TechnicalReview,
)
from disbursements.score_cards import Card, Criterion
from disbursements.tranche_plans import Tier


@dataclass(frozen=True)
class CheckRow:
    """A kind of paper of a compliance file, with the latest that was filed; nothing if it is missing."""

    kind: CompliancePaper.Kind
    paper: CompliancePaper | None

    @property
    def label(self) -> str:
        """What the paper is."""
        return str(self.kind.label)


def reviews_of(version: ProposalVersion) -> list[TechnicalReview]:
    """Return the reviews of a version with their points, earliest first."""
    return reviews_by(version.proposal_id, version.number)


def reviews_by(proposal_id: UUID, number: int) -> list[TechnicalReview]:
    """Return the reviews of a proposal's version by its number, earliest first."""
    found = TechnicalReview.objects.filter(version__proposal=proposal_id, version__number=number)
    return list(found.select_related("reviewer").prefetch_related("points").order_by("reviewed_at"))


def card_of(reviews: list[TechnicalReview]) -> Card | None:
    """Return the score card that reviews come to; nothing if there is none."""
    return score_cards.card_of(
        [{Criterion(one.criterion): one.points for one in review.points.all()} for review in reviews]
    )


def compliance_of(proposal: Proposal) -> list[CheckRow]:
    """Return the compliance file: every kind of paper, with the latest that was filed."""
    found = CompliancePaper.objects.filter(proposal=proposal).select_related("document", "filed_by")
    latest = {one.kind: one for one in found.order_by("filed_at")}
    return [CheckRow(kind, latest.get(str(kind))) for kind in CompliancePaper.Kind]


def assessments_of(organisation_id: UUID) -> QuerySet[CapacityAssessment]:
    """Return what assessments found of an organisation, latest first."""
    found = CapacityAssessment.objects.filter(organisation=organisation_id).select_related("recorded_by", "document")
    return found.order_by("-assessed_on", "-recorded_at")


def assessment_on(organisation_id: UUID, on: date) -> CapacityAssessment | None:
    """Return the assessment of an organisation that counts on a day: the latest that is valid then."""
    return assessments_of(organisation_id).filter(assessed_on__lte=on, valid_until__gte=on).first()


def tier_on(organisation_id: UUID, on: date) -> Tier:
    """Return the tier of an organisation on a day; one that nobody has assessed counts as high risk."""
    found = assessment_on(organisation_id, on)
    return Tier(found.tier) if found is not None else Tier.HIGH


def particulars_of(proposal: Proposal, version: ProposalVersion, on: date) -> list[tuple[str, str]]:
    """Return what a member of the committee reads beside the proposal: risk, score, and what the file lacks."""
    assessment = assessment_on(proposal.programme.organisation_id, on)
    card = card_of(reviews_of(version))
    missing = [row.label for row in compliance_of(proposal) if row.paper is None]
    return [
        (
            _("Risk of the organisation"),
            _("%(tier)s, %(points)s points by %(assessor)s")
            % {
                "tier": Tier(assessment.tier).label,
                "points": assessment.points,
                "assessor": assessment.assessor,
            }
            if assessment is not None
            else _("Nobody has assessed it; it counts as high risk"),
        ),
        (_("Technical score"), card.in_words if card is not None else _("Nobody has scored it")),
        (
            _("Compliance file"),
            _("Missing: %(papers)s") % {"papers": ", ".join(missing)} if missing else _("Complete"),
        ),
    ]
