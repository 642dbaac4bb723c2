"""
What a humanitarian exemption from sanctions allows, and the gate that no shipment and no payment passes by warning.

Pure: letters, voyages and orders in, findings out. What the rules mean is told in docs/decisions/0011-exemptions.md.
"""

from disbursements.exemptions.days import (
    WARN_DAYS,
    Span,
    days_left,
    in_words,
    is_valid_on,
    may_submit_direct,
    spans_of,
    warning_due,
)
from disbursements.exemptions.gate import ShipmentCloses, findings_on_order, findings_on_shipment, without
from disbursements.exemptions.goods import GoodsFacts, standing_of
from disbursements.exemptions.values import (
    MOST_SHIPMENTS,
    NOT_FOR_DECISION,
    Act,
    Case,
    Exemption,
    Fault,
    Finding,
    Goods,
    Item,
    Letter,
    Order,
    Party,
    PartyRole,
    Planned,
    RequestRoute,
    Voyage,
    number_in_words,
)

__all__ = [
    "MOST_SHIPMENTS",
    "NOT_FOR_DECISION",
    "WARN_DAYS",
    "Act",
    "Case",
    "Exemption",
    "Fault",
    "Finding",
    "Goods",
    "GoodsFacts",
    "Item",
    "Letter",
    "Order",
    "Party",
    "PartyRole",
    "Planned",
    "RequestRoute",
    "ShipmentCloses",
    "Span",
    "Voyage",
    "days_left",
    "findings_on_order",
    "findings_on_shipment",
    "in_words",
    "is_valid_on",
    "may_submit_direct",
    "number_in_words",
    "spans_of",
    "standing_of",
    "warning_due",
    "without",
]
