"""Technical reviews of a proposal's version, and the papers of its compliance file. Rows that only grow."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from disbursements.models.documents import Document
from disbursements.models.proposals import Proposal, ProposalVersion
from disbursements.score_cards import MOST_POINTS, Criterion
from trustfund.core.models import User


class TechnicalReview(models.Model):
    """What one reviewer without an interest in it found of a version. Append-only, once a person and version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(ProposalVersion, on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    comment = models.TextField(blank=True)
    reviewed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "reviewer"], name="a_reviewer_scores_a_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} by {self.reviewer_id}"


class ReviewPoints(models.Model):
    """The points of a review for one criterion. Append-only."""

    review = models.ForeignKey(TechnicalReview, on_delete=models.PROTECT, related_name="points")
    criterion = models.CharField(max_length=16, choices=Criterion.choices)
    points = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["review", "criterion"], name="a_criterion_is_scored_once_in_a_review"),
            models.CheckConstraint(condition=models.Q(points__lte=MOST_POINTS), name="a_criterion_gets_0_to_5_points"),
            models.CheckConstraint(
                condition=models.Q(criterion__in=Criterion.values), name="a_criterion_is_one_of_the_card"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.points}"


class CompliancePaper(models.Model):
    """A paper of a proposal's compliance file, or why none is needed. Append-only: the latest of a kind counts."""

    class Kind(models.TextChoices):
        """What a compliance file holds."""

        DUE_DILIGENCE = "due_diligence", _("Due diligence of the organisation and its partners")
        ASSESSMENT = "assessment", _("Capacity assessment")
        EXEMPTION = "exemption", _("Exemption from sanctions")
        BANKING = "banking", _("Banking channel")
        DIVERSION = "diversion", _("Safeguards against diversion")
        PROCUREMENT = "procurement", _("Procurement plan")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="compliance_papers")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    title = models.CharField(max_length=200)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+", null=True)
    # Why no paper of this kind is needed, where there is none.
    reason = models.TextField(blank=True)
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=(models.Q(document__isnull=False, reason=""))
                | (models.Q(document=None) & ~models.Q(reason="")),
                name="a_compliance_file_holds_a_paper_or_says_why_not",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=["due_diligence", "assessment", "exemption", "banking", "diversion", "procurement"]
                ),
                name="a_compliance_paper_is_of_a_known_kind",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["proposal", "kind", "-filed_at"], name="compliance_latest_first"),
        ]

    def __str__(self) -> str:
        return self.title
