"""How proposals are scored: criteria with weights, points from several reviewers, one card. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trustfund.core.refusals import Unacceptable

MOST_POINTS: Final = 5
_TENTHS: Final = Decimal("0.1")


class Criterion(TextChoices):
    """What a reviewer looks at."""

    NEED = "need", gettext_lazy("Need and relevance")
    SOUNDNESS = "soundness", gettext_lazy("Technical soundness")
    FEASIBILITY = "feasibility", gettext_lazy("Feasibility and access")
    COST = "cost", gettext_lazy("Value for money")
    SAFEGUARDS = "safeguards", gettext_lazy("Safeguards and sanctions compliance")


# A hundred together.
WEIGHTS: Final[dict[Criterion, int]] = {
    Criterion.NEED: 25,
    Criterion.SOUNDNESS: 25,
    Criterion.FEASIBILITY: 20,
    Criterion.COST: 15,
    Criterion.SAFEGUARDS: 15,
}

Points = Mapping[Criterion, int]


@dataclass(frozen=True)
class CardRow:
    """A criterion with its weight and what the reviewers gave on average, of five."""

    criterion: Criterion
    weight: int
    average: Decimal
    lowest: int
    highest: int

    @property
    def label(self) -> str:
        """The criterion's name."""
        return str(self.criterion.label)


@dataclass(frozen=True)
class Card:
    """What all reviewers together found, of a hundred."""

    rows: tuple[CardRow, ...]
    score: Decimal
    reviewers: int

    @property
    def in_words(self) -> str:
        """The score as one line."""
        return _("%(score)s of 100 by %(count)s reviewers") % {"score": self.score, "count": self.reviewers}


def require_points(points: Points) -> dict[Criterion, int]:
    """
    Return the points, one for every criterion.

    :raises Unacceptable: if a criterion is missing, or points are not 0 to 5
    """
    if set(points) != set(Criterion) or not all(0 <= one <= MOST_POINTS for one in points.values()):
        raise Unacceptable(_("Give each criterion 0 to 5 points."))
    return {criterion: points[criterion] for criterion in Criterion}


def score_of(points: Points) -> Decimal:
    """Return what one reviewer's points come to, of a hundred, to a tenth."""
    whole = sum((Decimal(points[one] * WEIGHTS[one]) / MOST_POINTS for one in Criterion), Decimal(0))
    return whole.quantize(_TENTHS, ROUND_HALF_UP)


def card_of(reviews: Sequence[Points]) -> Card | None:
    """Return the card of some reviews, each reviewer counting the same; nothing if there is none."""
    if not reviews:
        return None
    rows = []
    for criterion in Criterion:
        given = [points[criterion] for points in reviews]
        average = (Decimal(sum(given)) / len(given)).quantize(_TENTHS, ROUND_HALF_UP)
        rows.append(CardRow(criterion, WEIGHTS[criterion], average, min(given), max(given)))
    points = sum(points[one] * WEIGHTS[one] for points in reviews for one in Criterion)
    score = (Decimal(points) / (MOST_POINTS * len(reviews))).quantize(_TENTHS, ROUND_HALF_UP)
    return Card(tuple(rows), score, len(reviews))
