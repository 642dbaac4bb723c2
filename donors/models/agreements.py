"""What donors signed: agreements in their versions, each with its paper and its clauses."""

import uuid
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from donors.models.parties import Donor
from donors.terms import MonthDay, Paper, Report, Terms, Wording, usual_days
from trustfund.core.fields import CurrencyField
from trustfund.core.models import User


class Agreement(models.Model):
    """What a donor signed, in one of its versions. Append-only: an amendment is the next version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16)
    version = models.PositiveSmallIntegerField(default=1)
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="agreements")
    signed_on = models.DateField()
    from_year = models.PositiveSmallIntegerField()
    to_year = models.PositiveSmallIntegerField()
    currency = CurrencyField()
    # The administrative agent's fee as a fraction of every receipt: 0.01 is one per cent.
    fee_rate = models.DecimalField(max_digits=7, decimal_places=6)
    termination_notice_days = models.PositiveSmallIntegerField(default=30)
    termination_clause = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    # When each report is due: month and day, by the report's name.
    report_days = models.JSONField(default=usual_days)
    is_enforceable = models.BooleanField(default=False)
    # The signed document: its hash, whether the fund holds its bytes, and the words that could be read of it.
    document_sha256 = models.CharField(max_length=64, blank=True)
    document_is_held = models.BooleanField(default=False)
    document_pages = models.PositiveSmallIntegerField(default=0)
    document_text = models.TextField(blank=True)
    # What the donor's or a predecessor's books call it; empty when there is no such name.
    external_reference = models.CharField(max_length=64, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["reference", "version"], name="a_version_of_an_agreement_stands_once"),
            models.UniqueConstraint(
                fields=["external_reference", "version"],
                condition=~Q(external_reference=""),
                name="an_agreement_is_brought_over_once",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="an_agreement_starts_with_version_one"),
            models.CheckConstraint(
                condition=Q(from_year__lte=F("to_year")), name="an_agreement_ends_no_earlier_than_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(fee_rate__gte=0) & Q(fee_rate__lt=1), name="a_fee_is_a_fraction_of_the_receipt"
            ),
            models.CheckConstraint(
                condition=Q(document_sha256="") | Q(document_sha256__regex=r"^[0-9a-f]{64}$"),
                name="a_signed_document_is_known_by_its_hash",
            ),
            models.CheckConstraint(
                condition=Q(document_sha256="", document_is_held=False)
                | (~Q(document_sha256="") & (Q(document_is_held=True) | ~Q(summary=""))),
                name="a_hash_alone_comes_with_a_summary",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}, version {self.version}"

    @property
    def fee_percent(self) -> Decimal:
        """The fee as people read it: 1 for one per cent."""
        return (self.fee_rate * 100).normalize()

    @property
    def is_amendment(self) -> bool:
        """Whether it changes an earlier version."""
        return self.version > 1

    @property
    def reports(self) -> dict[Report, MonthDay]:
        """When each report is due, in the order of the year's work."""
        return {report: MonthDay.of(self.report_days[report]) for report in Report}

    @property
    def wording(self) -> Wording:
        """What it says in words."""
        paper = None
        if self.document_sha256:
            paper = Paper(self.document_sha256, text=self.document_text, pages=self.document_pages)
        return Wording(
            summary=self.summary,
            termination_clause=self.termination_clause,
            report_days=self.reports,
            is_enforceable=self.is_enforceable,
            paper=paper,
        )

    @property
    def terms(self) -> Terms:
        """Everything it says."""
        return Terms(
            signed_on=self.signed_on,
            from_year=self.from_year,
            to_year=self.to_year,
            currency=self.currency,
            fee_rate=self.fee_rate,
            termination_notice_days=self.termination_notice_days,
            wording=self.wording,
        )
