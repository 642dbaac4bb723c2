"""Every way money can move here, as pure functions that return a Draft; one module a noun."""

from disbursements.postings.proposals import CONTINUITY_RESERVE, TREASURY_RULES, reserve, set_aside, use_reserve

__all__ = ["CONTINUITY_RESERVE", "TREASURY_RULES", "reserve", "set_aside", "use_reserve"]
