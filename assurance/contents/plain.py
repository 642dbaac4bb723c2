"""The same values as plain JSON: amounts as strings beside their currency, days as ISO dates."""

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from assurance.lines import SourcesAndUses
from trustfund.core.money import Money


def as_json(value: Any) -> Any:
    """Return a value of a statement as plain JSON."""
    if isinstance(value, Money):
        return {"amount": str(value.amount), "currency": value.currency}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [as_json(part) for part in value]
    if isinstance(value, SourcesAndUses):
        return _position_as_json(value)
    if is_dataclass(value):
        return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
    return str(value) if isinstance(value, Decimal) else value


def _position_as_json(position: SourcesAndUses) -> dict[str, Any]:
    plain = {field.name: as_json(getattr(position, field.name)) for field in fields(position)}
    return {
        **plain,
        "net_funded": as_json(position.net_funded),
        "delivery_rate_percent": as_json(position.delivery_rate),
        "balance_with_agent_percent_of_deposits": as_json(position.balance_with_agent_percent),
        "balance_with_partners_percent_of_transfers": as_json(position.balance_with_partners_percent),
        "total_balance_percent_of_deposits": as_json(position.total_balance_percent),
    }
