"""Bank details as values: which IBAN and BIC can be right, how they are masked, and their fingerprint. Pure."""

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from trustfund.core.refusals import Unacceptable

_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_BIC: Final = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_MODULUS: Final = 97
_SHOWN: Final = 4
# Lengths that the countries of the fund's banks have registered; others are checked by their check digits alone.
_LENGTHS: Final[dict[str, int]] = {
    "AT": 20,
    "BE": 16,
    "CH": 21,
    "CZ": 24,
    "DE": 22,
    "DK": 18,
    "ES": 24,
    "FI": 18,
    "FR": 27,
    "GB": 22,
    "IE": 22,
    "IT": 27,
    "LI": 21,
    "LU": 20,
    "NL": 18,
    "NO": 15,
    "PL": 28,
    "PT": 25,
    "SE": 24,
}


@dataclass(frozen=True, slots=True)
class BankDetails:
    """Where money is sent: whose account, its IBAN without spaces, the bank's BIC, name and country."""

    holder: str
    iban: str
    bic: str
    bank: str
    country: str

    @property
    def fingerprint(self) -> str:
        """The SHA-256, in 64 hex digits, that every signature under a payment is bound to."""
        text = f"{self.holder}\n{self.iban}\n{self.bic}\n{self.bank}\n{self.country}"
        return hashlib.sha256(text.encode()).hexdigest()


def check_number(iban: str) -> int:
    """Return the remainder of ISO 13616's check: 1 for an IBAN whose digits agree."""
    moved = iban[4:] + iban[:4]
    return int("".join(str(int(sign, 36)) for sign in moved)) % _MODULUS


def bank_details(*, holder: str, iban: str, bic: str, bank: str, country: str) -> BankDetails:
    """
    Return bank details in their one canonical form.

    :raises Unacceptable: if the holder or the bank has no name, or the IBAN, the BIC or the country cannot be right
    """
    details = BankDetails(
        holder=" ".join(holder.split()),
        iban="".join(iban.split()).upper(),
        bic="".join(bic.split()).upper(),
        bank=" ".join(bank.split()),
        country=country.strip().upper(),
    )
    if not details.holder or not details.bank:
        raise Unacceptable(_("Bank details name the holder of the account and the bank. Write both."))
    if not _IBAN.fullmatch(details.iban) or len(details.iban) != _LENGTHS.get(details.iban[:2], len(details.iban)):
        raise Unacceptable(_("That is not the shape of an IBAN. Copy it from the bank's letter, country code first."))
    if check_number(details.iban) != 1:
        raise Unacceptable(
            _("The IBAN's check digits do not fit the rest: one sign is wrong. Compare it with the letter.")
        )
    if not _BIC.fullmatch(details.bic):
        raise Unacceptable(_("A BIC has 8 or 11 letters and digits, such as EXMPCHGG. Copy it from the bank's letter."))
    if not _COUNTRY.fullmatch(details.country):
        raise Unacceptable(_("Write the bank's country in two letters, such as CH."))
    return details


def masked(iban: str) -> str:
    """Return an IBAN as pages show it: the country and the last four signs, in groups of four."""
    hidden = iban[:2] + "•" * (len(iban) - 2 - _SHOWN) + iban[-_SHOWN:]
    return " ".join(hidden[start : start + 4] for start in range(0, len(hidden), 4))
