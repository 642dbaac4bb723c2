"""Why the fund stops paying an organisation or a programme: the kinds of case on the register. Pure."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class HoldReason(TextChoices):
    """What was reported or found."""

    FRAUD = "fraud", _("Suspected fraud or theft")
    DIVERSION = "diversion", _("Suspected diversion of goods or money")
    INCIDENT = "incident", _("Incident under inquiry")
    AUDIT = "audit", _("Audit finding not answered")
    DETAILS = "details", _("Doubt about who asks for the money")
    REPORT = "report", _("Report missing or not believed")
