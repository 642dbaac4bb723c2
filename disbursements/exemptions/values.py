"""Letters, items and parties, voyages and orders, and the ways in which something may lie outside an exemption."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

# One until November 2020, up to three since; each letter says how many.
MOST_SHIPMENTS: Final = 3


class Act(TextChoices):
    """What is asked for, and what a letter does."""

    GRANT = "grant", gettext_lazy("Exemption")
    EXTENSION = "extension", gettext_lazy("Extension")
    AMENDMENT = "amendment", gettext_lazy("Amendment")


class RequestRoute(TextChoices):
    """By which way a request reaches the sanctions body."""

    DIRECT = "direct", gettext_lazy("Directly")
    MEMBER_STATE = "member_state", gettext_lazy("Through a member state")
    COORDINATOR = "coordinator", gettext_lazy("Through the United Nations resident coordinator")
    SECRETARY = "secretary", gettext_lazy("Through the committee's secretary")


class PartyRole(TextChoices):
    """What somebody named in a letter does."""

    VENDOR = "vendor", gettext_lazy("Vendor")
    CARRIER = "carrier", gettext_lazy("Carrier")
    FORWARDER = "forwarder", gettext_lazy("Forwarder")
    RECIPIENT = "recipient", gettext_lazy("Recipient")
    BANK = "bank", gettext_lazy("Bank")


class Fault(StrEnum):
    """In which way something lies outside an exemption."""

    REVOKED = "revoked"
    OTHER_PROGRAMME = "other_programme"
    EXPIRED = "expired"
    DEPARTS_TOO_EARLY = "departs_too_early"
    ARRIVES_AFTER_EXPIRY = "arrives_after_expiry"
    EXPIRES_IN_TRANSIT = "expires_in_transit"
    EXTENDED_TOO_LATE = "extended_too_late"
    TOO_MANY_SHIPMENTS = "too_many_shipments"
    VENDOR_NOT_NAMED = "vendor_not_named"
    NOT_ON_LIST = "not_on_list"
    OVER_LIST = "over_list"
    AMENDED_SINCE_ORDER = "amended_since_order"


# A letter names one programme. That is not the committee's to change, so no decision of it opens this one.
NOT_FOR_DECISION: Final = frozenset({Fault.OTHER_PROGRAMME})


@dataclass(frozen=True)
class Finding:
    """One way in which something lies outside an exemption, about which item or party, and in words."""

    fault: Fault
    about: str
    words: str

    @property
    def key(self) -> str:
        """What a decision of the committee names when it lets this one pass; two findings alike have one key."""
        return f"{self.fault}:{self.about}"


@dataclass(frozen=True)
class Item:
    """A line of a letter's list."""

    number: int
    name: str
    quantity: Decimal
    unit: str
    specification: str = ""
    hs_code: str = ""

    def is_same_thing_as(self, other: "Item") -> bool:
        """Return whether both are the same goods; how many of them is another matter."""
        return (self.name, self.specification, self.hs_code, self.unit) == (
            other.name,
            other.specification,
            other.hs_code,
            other.unit,
        )


@dataclass(frozen=True)
class Party:
    """Somebody whom a letter names."""

    name: str
    role: PartyRole
    country: str = ""


@dataclass(frozen=True)
class Letter:
    """What the sanctions body granted: the first letter, or an extension or amendment, which takes its place whole."""

    version: int
    granted_on: date
    valid_from: date
    valid_to: date
    shipments_allowed: int
    items: tuple[Item, ...]
    parties: tuple[Party, ...] = ()

    def item(self, number: int) -> Item | None:
        """Return the item with a number, if it is on the list."""
        return next((item for item in self.items if item.number == number), None)


@dataclass(frozen=True)
class Goods:
    """So many of an item, as it stood on the list of one version."""

    number: int
    quantity: Decimal
    version: int


@dataclass(frozen=True)
class Voyage:
    """
    A shipment, planned or under way or arrived.

    :ivar arrives_on: the day on which it is expected, or arrived
    """

    reference: str
    departs_on: date
    arrives_on: date
    goods: tuple[Goods, ...]
    has_departed: bool = False
    has_arrived: bool = False


@dataclass(frozen=True)
class Planned:
    """A shipment as it is asked for: carrier, way, days, and quantities by the number of the item."""

    carrier: str
    way: str
    departs_on: date
    arrives_on: date
    quantities: dict[int, Decimal]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values, for the row on which the committee decides."""
        return {
            "carrier": self.carrier,
            "way": self.way,
            "departs_on": self.departs_on.isoformat(),
            "arrives_on": self.arrives_on.isoformat(),
            "quantities": {str(number): str(quantity) for number, quantity in sorted(self.quantities.items())},
        }

    @classmethod
    def of(cls, plain: dict[str, Any]) -> "Planned":
        """Return what plain values stand for."""
        return cls(
            plain["carrier"],
            plain["way"],
            date.fromisoformat(plain["departs_on"]),
            date.fromisoformat(plain["arrives_on"]),
            {int(number): Decimal(quantity) for number, quantity in plain["quantities"].items()},
        )


@dataclass(frozen=True)
class Order:
    """What a tranche pays for."""

    programme: str
    vendor: str
    departs_on: date
    arrives_on: date
    goods: tuple[Goods, ...]


@dataclass(frozen=True)
class Exemption:
    """
    An exemption with everything that was done under it.

    :ivar letters: every version, first to last
    :ivar voyages: its shipments, without the one that is asked about and those that were called off
    :ivar ordered: what other tranches have ordered under it
    """

    reference: str
    programme: str
    letters: tuple[Letter, ...]
    voyages: tuple[Voyage, ...] = ()
    ordered: tuple[Goods, ...] = ()
    revoked_on: date | None = None

    @property
    def terms(self) -> Letter:
        """The letter in force: the latest."""
        return self.letters[-1]

    @property
    def shipments_left(self) -> int:
        """How many more shipments the letter allows."""
        return max(self.terms.shipments_allowed - len(self.voyages), 0)


@dataclass(frozen=True)
class Case:
    """The case for an exemption, as the sanctions committee's notice on assistance asks for it, each in words."""

    nature: str
    recipients: str
    need: str
    goods: str
    movement: str = ""
    finance: str = ""
    safeguards: str = ""


def number_in_words(quantity: Decimal) -> str:
    """Return a quantity without needless zeros: 57, 1,200, 0.5."""
    plain = quantity.normalize()
    exponent = plain.as_tuple().exponent
    return f"{plain:,.0f}" if isinstance(exponent, int) and exponent >= 0 else f"{plain:,f}"


def day(on: date) -> str:
    """Return a day as people read it."""
    return date_format(on, "j F Y")
