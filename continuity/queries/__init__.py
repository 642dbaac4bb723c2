"""Asking about continuity: what is held and for how long it lasts, what is late, and what is expected."""

from continuity.queries.arrears import Aged, Arrears, arrears
from continuity.queries.inflows import DEFAULT_HAIRCUT_PERCENT, Forecast, Quarter, forecast, haircut_percent, haircuts
from continuity.queries.position import Held, Runway, donor_concentration, held, runway

__all__ = [
    "DEFAULT_HAIRCUT_PERCENT",
    "Aged",
    "Arrears",
    "Forecast",
    "Held",
    "Quarter",
    "Runway",
    "arrears",
    "donor_concentration",
    "forecast",
    "haircut_percent",
    "haircuts",
    "held",
    "runway",
]
