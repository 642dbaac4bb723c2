"""What of a published list is in the fund."""

from collections.abc import Sequence

from django.conf import settings
from django.db.models import Sum

from disbursements.models import ProposalVersion
from trustfund.core.money import Money


def total_brought_in(codes: Sequence[str]) -> Money:
    """Return what the first versions of these published projects ask for together, as the database adds it up."""
    found = ProposalVersion.objects.filter(number=1, proposal__published__code__in=codes)
    return Money(int(found.aggregate(whole=Sum("amount_minor"))["whole"] or 0), settings.FUND_CURRENCY)
