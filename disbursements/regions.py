"""Where work is done: a region in words. Where people are treated is nobody's business to find on a map. Pure."""

import re
from typing import Final

from django.utils.translation import gettext as _

from trustfund.core.refusals import Unacceptable

# Degrees, two numbers with a point or comma between, or four digits in a row: coordinates, grid references, postcodes.
# PostgreSQL keeps the same pattern.
POINT: Final = r"[0-9] *[.,°º] *[0-9]|[0-9] *[°º]|[0-9]{4}"


def require_words(region: str) -> str:
    """
    Return a region, tidied.

    :raises Unacceptable: if it holds a point on the map instead of words
    """
    plain = " ".join(region.split())
    if re.search(POINT, plain):
        raise Unacceptable(_("A region is named in words. Leave out coordinates, grid references and postcodes."))
    return plain
