"""The arithmetic of money coming in: value in USD, fee, and exchange difference (rules R1 to R3). Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from django.utils.translation import gettext as _

from trustfund.core.money import Money, converted, decimals_of
from trustfund.core.refusals import Missing, Unacceptable

FUND_CURRENCY: Final = "USD"
# The one source that values receipts and pledges; rates of other sources are kept for comparison.
OPERATIONAL: Final = "UN operational"


class RateMissing(Missing):
    """No exchange rate is in force on the day; the fund never guesses one."""

    code = "rate_missing"


def require_rate(currency: str, units_per_usd: Decimal) -> None:
    """
    Do nothing if this can be an exchange rate.

    :raises Unacceptable: if the currency is unknown or the fund's own, or the rate is not above zero
    """
    decimals_of(currency)
    if currency == FUND_CURRENCY:
        raise Unacceptable(_("The fund's own currency is USD; it has no rate."))
    if not units_per_usd.is_finite() or units_per_usd <= 0:
        raise Unacceptable(_("A rate is more than zero: units of the currency for one USD."))


def missing(currency: str, on: date) -> RateMissing:
    """Return the refusal for a day on which no rate is in force."""
    return RateMissing(
        _("There is no exchange rate for %(currency)s on or before %(day)s. Record the rate first.")
        % {"currency": currency, "day": on.isoformat()}
    )


def gross_usd(received: Money, units_per_usd: Decimal) -> Money:
    """Return what arrived in USD at the rate of its value date, local units per USD, rounded half up (R1)."""
    if received.currency == FUND_CURRENCY:
        return received
    return converted(received, units_per_usd, FUND_CURRENCY)


def fee_of(gross: Money, fee_rate: Decimal) -> Money:
    """Return the administrative agent's fee: the agreement's fraction of the gross, rounded half up (R2)."""
    return gross.times(fee_rate)


def at_pledge_rate(*, settled: Money, pledged: Money, pledge_usd: Money) -> Money:
    """Return what a part of a pledge was worth in USD on the pledge date: the same part of its USD value (R3)."""
    return Money.rounded(Fraction(settled.minor, pledged.minor) * Fraction(pledge_usd.amount), FUND_CURRENCY)


@dataclass(frozen=True)
class Valuation:
    """What one receipt is worth, all in USD: what arrived, its worth at the pledge-date rate, and the fee."""

    gross: Money
    pledge_rate: Money
    fee: Money

    @property
    def difference(self) -> Money:
        """The realised exchange difference, which is the fund's and never the agent's (R3)."""
        return self.gross - self.pledge_rate

    @property
    def net(self) -> Money:
        """What reaches the pool."""
        return self.gross - self.fee


def valued(
    *, gross: Money, settled_after: Money, booked_before: Money, pledged: Money, pledge_usd: Money, fee_rate: Decimal
) -> Valuation:
    """
    Return what a receipt is worth.

    Its worth at the pledge-date rate is what the settled part of the pledge is worth after it, less what stands booked
    before it: so a pledge settled in any number of receipts is booked at exactly its own USD value.

    :param settled_after: how much of the pledge is settled with this receipt, in the pledge's currency
    :param booked_before: the pledge-rate USD of the receipts that stand
    """
    after = at_pledge_rate(settled=settled_after, pledged=pledged, pledge_usd=pledge_usd)
    return Valuation(gross=gross, pledge_rate=after - booked_before, fee=fee_of(gross, fee_rate))
