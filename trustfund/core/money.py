"""Money: an exact amount in one currency, counted in that currency's own minor units. Never a float."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from trustfund.core.currencies import MINOR_UNITS
from trustfund.core.refusals import Unacceptable

# Digits, and at most one point with digits behind it: no exponent, no underscore, no space, no NaN.
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?")
# What a column of minor units holds (PostgreSQL's bigint).
MOST_MINOR_UNITS = 2**63 - 1


class CurrencyMismatch(Unacceptable):
    """Two amounts in different currencies were added or compared."""

    code = "currency_mismatch"


def _refuse_float(number: object) -> None:
    if isinstance(number, float):
        raise TypeError("Money is never made from a float, nor multiplied by one.")


def decimals_of(currency: str) -> int:
    """
    Return how many decimals a currency has: USD 2, KRW 0, BHD 3 (ISO 4217).

    :raises Unacceptable: if the fund's table does not know the currency
    """
    try:
        return MINOR_UNITS[currency]
    except KeyError:
        raise Unacceptable(
            _("%(code)s is not a currency this fund knows. Use an ISO 4217 code such as USD.") % {"code": currency}
        ) from None


@dataclass(frozen=True, order=False, slots=True)
class Money:
    """An exact amount of one currency. `minor` counts its smallest units (cents for USD, won for KRW)."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if isinstance(self.minor, bool) or not isinstance(self.minor, int):
            raise TypeError("Money counts whole minor units; use Money.of for a decimal amount.")
        decimals_of(self.currency)

    @classmethod
    def of(cls, amount: "str | int | Decimal", currency: str) -> "Money":
        """
        Return the money that a decimal amount names, exactly.

        :raises Unacceptable: if it is no plain number, has more decimals than the currency, or is beyond counting
        """
        _refuse_float(amount)
        places = decimals_of(currency)
        text = format(amount, "f") if isinstance(amount, Decimal) and abs(amount.adjusted()) < 30 else str(amount)  # noqa: PLR2004
        if not _PLAIN_NUMBER.fullmatch(text):
            raise Unacceptable(_("Write the amount in digits 0 to 9, for example 1250000.00."))
        scaled = Fraction(text) * 10**places
        if scaled.denominator != 1:
            raise Unacceptable(
                _("%(currency)s has %(places)s decimals; %(amount)s has more.")
                % {"currency": currency, "places": places, "amount": amount}
            )
        if abs(scaled.numerator) > MOST_MINOR_UNITS:
            raise Unacceptable(_("%(amount)s is more than the fund can count.") % {"amount": amount})
        return cls(scaled.numerator, currency)

    @classmethod
    def rounded(cls, amount: "Decimal | Fraction", currency: str) -> "Money":
        """Return the money nearest to an amount, halves away from zero (rule R1 rounds receipts so)."""
        _refuse_float(amount)
        scaled = Fraction(amount) * 10 ** decimals_of(currency)
        sign = -1 if scaled < 0 else 1
        return cls(sign * int(abs(scaled) + Fraction(1, 2)), currency)

    @classmethod
    def zero(cls, currency: str) -> "Money":
        """Return no money in a currency."""
        return cls(0, currency)

    @property
    def amount(self) -> Decimal:
        """The amount as a decimal with exactly the currency's decimals."""
        return Decimal(self.minor).scaleb(-decimals_of(self.currency))

    def _other(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(
                _("%(one)s and %(two)s cannot be added or compared; convert one first.")
                % {"one": self.currency, "two": other.currency}
            )
        return other.minor

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._other(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._other(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __abs__(self) -> "Money":
        return Money(abs(self.minor), self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._other(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._other(other)

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._other(other)

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._other(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def times(self, factor: "Decimal | Fraction | int") -> "Money":
        """Return the money multiplied, rounded half away from zero to the minor unit."""
        _refuse_float(factor)
        return Money.rounded(Fraction(self.minor, 10 ** decimals_of(self.currency)) * Fraction(factor), self.currency)

    def split(self, weights: Sequence[int]) -> "list[Money]":
        """
        Return the money in parts by weight that add up to it exactly (largest remainder; ties to the earlier part).

        :raises ValueError: if no weight is positive or one is negative
        """
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise ValueError("Weights are zero or more, and at least one is positive.")
        sign = -1 if self.minor < 0 else 1
        whole = abs(self.minor)
        floors = [whole * weight // total for weight in weights]
        remainders = [whole * weight % total for weight in weights]
        left = whole - sum(floors)
        order = sorted(range(len(weights)), key=lambda index: (-remainders[index], index))
        for index in order[:left]:
            floors[index] += 1
        return [Money(sign * part, self.currency) for part in floors]

    def __str__(self) -> str:
        return f"{self.currency} {self.figure}"

    @property
    def figure(self) -> str:
        """The number alone, grouped by thousands, with a true minus sign: "−1,700,000.00"."""
        text = f"{abs(self.amount):,.{decimals_of(self.currency)}f}"
        return f"\N{MINUS SIGN}{text}" if self.minor < 0 else text


def total(moneys: Iterable[Money], currency: str) -> Money:
    """
    Return the sum of moneys of one currency; none is zero of that currency.

    :raises CurrencyMismatch: if one of them is in another currency
    """
    result = Money.zero(currency)
    for money in moneys:
        result += money
    return result


def converted(money: Money, units_per_one: Decimal, currency: str) -> Money:
    """
    Return money in another currency at a rate quoted as local units per 1 unit of it, rounded half up (rule R1).

    :raises Unacceptable: if the rate is not more than zero
    """
    if units_per_one <= 0:
        raise Unacceptable(_("An exchange rate is more than zero."))
    return Money.rounded(Fraction(money.amount) / Fraction(units_per_one), currency)
