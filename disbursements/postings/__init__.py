"""Every way money can move here, as pure functions that return a Draft; one module a noun."""

from disbursements.postings.proposals import CONTINUITY_RESERVE, reserve, set_aside

__all__ = ["CONTINUITY_RESERVE", "reserve", "set_aside"]
