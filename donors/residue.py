"""What remains at closure, given back pro rata to contributions (R10). Pure."""

from collections.abc import Mapping

from trustfund.core.money import Money


def pro_rata(residue: Money, contributions: Mapping[str, Money]) -> dict[str, Money]:
    """
    Return each contributor's part of a residue; the parts add up to it exactly.

    The odd cents go to the largest remainders, and between equal ones to who stands first.

    :param contributions: by contributor, all in one currency, which need not be the residue's; who gave nothing, or had
        all of it back, gets nothing
    :raises ValueError: if nobody gave anything
    """
    given = {name: money for name, money in contributions.items() if money.minor > 0}
    parts = residue.split([money.minor for money in given.values()] or [0])
    return dict(zip(given, parts, strict=True))
