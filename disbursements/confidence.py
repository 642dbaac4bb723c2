"""How far a piece of evidence is believed: by who saw it and what shows it. Pure."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trustfund.core.refusals import Unacceptable


class EvidenceKind(TextChoices):
    """What a piece of evidence is."""

    THIRD_PARTY = "third_party", gettext_lazy("Report of a third-party monitor")
    FIELD_VISIT = "field_visit", gettext_lazy("Report of a field visit")
    PHOTOGRAPH = "photograph", gettext_lazy("Photograph that says where it was taken")
    STOCK_COUNT = "stock_count", gettext_lazy("Stock count")
    OWN_REPORT = "own_report", gettext_lazy("The organisation's own report")
    ACCESS_DENIED = "access_denied", gettext_lazy("Access was denied")


class Confidence(TextChoices):
    """How far it is believed."""

    HIGH = "high", gettext_lazy("High: seen by somebody independent")
    MEDIUM = "medium", gettext_lazy("Medium: can be checked from afar")
    LOW = "low", gettext_lazy("Low: said, not shown")
    NONE = "none", gettext_lazy("None: nobody was let in")


_GRADES: Final[dict[EvidenceKind, Confidence]] = {
    EvidenceKind.THIRD_PARTY: Confidence.HIGH,
    EvidenceKind.FIELD_VISIT: Confidence.HIGH,
    EvidenceKind.PHOTOGRAPH: Confidence.MEDIUM,
    EvidenceKind.STOCK_COUNT: Confidence.MEDIUM,
    EvidenceKind.OWN_REPORT: Confidence.LOW,
    EvidenceKind.ACCESS_DENIED: Confidence.NONE,
}


def confidence_of(kind: EvidenceKind, *, has_file: bool, has_place: bool) -> Confidence:
    """
    Return how far a piece of evidence is believed. What is not shown is only said, whoever says it.

    :param has_file: whether there is a file that shows it
    :param has_place: whether the file is a photograph that says where it was taken
    :raises Unacceptable: if a photograph is named that is none, or does not say where it was taken
    """
    if kind == EvidenceKind.PHOTOGRAPH and not has_place:
        raise Unacceptable(
            _("The photograph does not say where it was taken. Send the original, or name it a report of your own.")
        )
    grade = _GRADES[kind]
    return Confidence.LOW if grade in {Confidence.HIGH, Confidence.MEDIUM} and not has_file else grade
