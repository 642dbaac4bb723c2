"""The arithmetic of money coming in: value in USD, fee, and exchange difference (rules R1 to R3). Pure."""

from collections.abc import Sequence
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


@dataclass(frozen=True)
class Worth:
    """One version of a pledge: what had been settled when it was made, what it promises, and its value in USD."""

    settled: Money
    pledged: Money
    usd: Money


def at_pledge_rate(versions: Sequence[Worth], settled: Money) -> Money:
    """
    Return what a settled part of a pledge is worth in USD at its own rates (R3).

    What had been settled before an amendment keeps the value it had; from there the rest of the version's value spreads
    evenly over the rest of its promise. Settled whole, a pledge is worth exactly the value of its last version.

    :param versions: the pledge's versions, earliest first
    """
    return Money.rounded(_exact(versions, settled), FUND_CURRENCY)


def _exact(versions: Sequence[Worth], settled: Money) -> Fraction:
    *earlier, last = versions
    if earlier and settled <= last.settled:
        return _exact(earlier, settled)
    start, before = (last.settled.minor, _exact(earlier, last.settled)) if earlier else (0, Fraction(0))
    return before + Fraction(settled.minor - start, last.pledged.minor - start) * (Fraction(last.usd.amount) - before)


def amended(versions: Sequence[Worth], amount: Money, added: Money | None) -> Money:
    """
    Return the USD value of a pledge that is amended: what is taken off takes its own value with it.

    :param added: what an increase is worth in USD on the day of the amendment
    """
    if added is not None:
        return versions[-1].usd + added
    return at_pledge_rate(versions, amount)


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


def valued(*, gross: Money, worth_after: Money, booked_before: Money, fee_rate: Decimal) -> Valuation:
    """
    Return what a receipt is worth.

    Its worth at the pledge-date rate is what the settled part of the pledge is worth after it, less what stands booked
    before it: so a pledge settled in any number of receipts is booked at exactly its own USD value.

    :param worth_after: what is settled with this receipt is worth at the pledge's own rates
    :param booked_before: the pledge-rate USD of the receipts that stand
    """
    return Valuation(gross=gross, pledge_rate=worth_after - booked_before, fee=fee_of(gross, fee_rate))
