"""The numbers treasury goes by: those in force, those that wait for a second person, and every version before."""

from django.db.models import QuerySet

from disbursements.models import TreasuryRules
from disbursements.treasury_rules import Rules


def in_force() -> Rules:
    """Return the numbers in force: the latest version that a second person agreed to, else what the fund began with."""
    found = TreasuryRules.objects.filter(agreement__isnull=False).order_by("-version").first()
    return found.rules if found else Rules()


def history() -> QuerySet[TreasuryRules]:
    """Return every version, latest first, with who proposed it and who agreed."""
    return TreasuryRules.objects.select_related("proposed_by", "agreement__agreed_by").order_by("-version")


def waiting() -> TreasuryRules | None:
    """Return the latest version if it waits for a second person."""
    last = history().first()
    return last if last is not None and not hasattr(last, "agreement") else None
