"""The kinds of money that move beside payments, and which of them belong to a programme. Pure."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MovementKind(TextChoices):
    """What moved the money."""

    FUND_INTEREST = "fund_interest", _("Interest earned by the fund")
    PARTNER_INTEREST = "partner_interest", _("Interest given back by an organisation")
    BANK_CHARGE = "bank_charge", _("Bank charge")
    EXPENDITURE = "expenditure", _("Expenditure reported")
    REFUND = "refund", _("Refund received")


OF_A_PROGRAMME: Final = (MovementKind.PARTNER_INTEREST, MovementKind.EXPENDITURE, MovementKind.REFUND)
