"""The eight harmonised budget categories of the United Nations: seven of direct cost, and indirect support."""

from typing import Final

from django.db.models import IntegerChoices
from django.utils.translation import gettext_lazy as _


class Category(IntegerChoices):
    """A harmonised category, by the number under which reports list it."""

    STAFF = 1, _("Staff and other personnel")
    SUPPLIES = 2, _("Supplies, commodities, materials")
    EQUIPMENT = 3, _("Equipment, vehicles and furniture, including depreciation")
    CONTRACTS = 4, _("Contractual services")
    TRAVEL = 5, _("Travel")
    GRANTS = 6, _("Transfers and grants to counterparts")
    OPERATING = 7, _("General operating and other direct costs")
    INDIRECT = 8, _("Indirect support costs")


DIRECT: Final[tuple[Category, ...]] = tuple(category for category in Category if category != Category.INDIRECT)
