"""The purpose codes of the creditor reporting system that health work is counted under, and the law of their split."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from disbursements.blocks import WHOLE
from trustfund.core.refusals import Unacceptable

_PLACES: Final = -2

# As the OECD publishes them. PostgreSQL keeps the same table; a migration fills it from here.
CODES: Final[dict[str, str]] = {
    "12110": "Health policy and administrative management",
    "12181": "Medical education and training",
    "12182": "Medical research",
    "12191": "Medical services",
    "12196": "Health statistics and data",
    "12220": "Basic health care",
    "12230": "Basic health infrastructure",
    "12240": "Basic nutrition",
    "12250": "Infectious disease control",
    "12261": "Health education",
    "12262": "Malaria control",
    "12263": "Tuberculosis control",
    "12264": "COVID-19 control",
    "12281": "Health personnel development",
    "12310": "Control of non-communicable diseases, general",
    "12320": "Tobacco use control",
    "12330": "Control of harmful use of alcohol and drugs",
    "12340": "Promotion of mental health and well-being",
    "12350": "Other prevention and treatment of non-communicable diseases",
    "12382": "Research on non-communicable diseases",
    "13010": "Population policy and administrative management",
    "13020": "Reproductive health care",
    "13030": "Family planning",
    "13040": "Control of sexually transmitted diseases including HIV/AIDS",
    "13081": "Personnel development for population and reproductive health",
    "72010": "Material relief assistance and services",
    "72011": "Basic health care services in emergencies",
    "72040": "Emergency food assistance",
    "72050": "Relief co-ordination and support services",
    "74020": "Multi-hazard response preparedness",
}
# Codes that a reporter may use or leave; who reads only the others finds them under the code named.
VOLUNTARY: Final[dict[str, str]] = {"12196": "12110", "72011": "72010"}


def require_codes(shares: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """
    Return the shares above zero, by code.

    :raises Unacceptable: if a code is not one of the table, a share is finer than 0.01 %, or the sum is not exactly 100
    """
    kept = {code: share for code, share in sorted(shares.items()) if share}
    for code, share in kept.items():
        exponent = share.as_tuple().exponent
        if code not in CODES:
            raise Unacceptable(_("%(code)s is no purpose code of the table. Choose one of it.") % {"code": code})
        if not share.is_finite() or share < 0 or not isinstance(exponent, int) or exponent < _PLACES:
            raise Unacceptable(_("A purpose code's share is a percentage above 0, with at most two decimals."))
    whole = sum(kept.values(), Decimal(0))
    if whole != WHOLE:
        raise Unacceptable(
            _("The purpose codes add up to %(sum)s %%. Change them until they add up to exactly 100 %%.")
            % {"sum": f"{whole:f}"}
        )
    return kept
