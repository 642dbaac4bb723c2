"""What a programme set out to reach, what was reported of it, and what shows that it is so. Rows that only grow."""

import uuid
from typing import ClassVar

from django.db import models

from disbursements.confidence import Confidence, EvidenceKind
from disbursements.models.documents import Document
from disbursements.models.programmes import Programme
from disbursements.regions import POINT
from trustfund.core.models import User


class Evidence(models.Model):
    """What shows that something is so, or that nobody was let in to see. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=16, choices=EvidenceKind.choices)
    confidence = models.CharField(max_length=8, choices=Confidence.choices)
    title = models.CharField(max_length=200)
    # A region in words; the point that a photograph holds is never read out.
    place = models.CharField(max_length=200)
    observed_on = models.DateField()
    note = models.TextField(blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+", null=True)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(confidence__in=[Confidence.HIGH, Confidence.MEDIUM])
                | models.Q(document__isnull=False),
                name="what_is_believed_is_shown",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=EvidenceKind.ACCESS_DENIED) | ~models.Q(note=""),
                name="a_denial_of_access_says_by_whom",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=EvidenceKind.values), name="evidence_is_of_a_known_kind"
            ),
            models.CheckConstraint(condition=~models.Q(place__regex=POINT), name="evidence_names_its_place_in_words"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["programme", "-observed_on"], name="evidence_latest_first"),
        ]

    def __str__(self) -> str:
        return self.title


class Indicator(models.Model):
    """Something that a programme changes, with where it stood before. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="indicators")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    unit = models.CharField(max_length=40)
    baseline = models.DecimalField(max_digits=18, decimal_places=3)
    baseline_on = models.DateField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["programme", "number"], name="an_indicator_has_one_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"


class IndicatorTarget(models.Model):
    """Where an indicator shall stand at the end of a year. Append-only."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="targets")
    year = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=18, decimal_places=3)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["indicator", "year"], name="an_indicator_has_one_target_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.value}"


class IndicatorValue(models.Model):
    """Where an indicator was reported to stand on a day. Append-only: a correction is a later row for the same day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="values")
    as_of = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=3)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="values")
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["indicator", "as_of", "reported_at"], name="values_of_an_indicator"),
        ]

    def __str__(self) -> str:
        return f"{self.as_of}: {self.value}"


class PeopleReached(models.Model):
    """Whom a programme has reached from its beginning up to a day. Append-only: the latest row of a day counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="people_reached")
    through = models.DateField()
    women = models.PositiveIntegerField()
    men = models.PositiveIntegerField()
    girls = models.PositiveIntegerField()
    boys = models.PositiveIntegerField()
    # Of all of these together, how many live with a disability.
    disability = models.PositiveIntegerField()
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="people_reached")
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(
                    disability__lte=models.F("women") + models.F("men") + models.F("girls") + models.F("boys")
                ),
                name="people_with_a_disability_are_among_those_reached",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["programme", "-through", "-reported_at"], name="people_reached_latest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} to {self.through}"
