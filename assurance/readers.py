"""Which roles read the fund's own statements, and which read any statement at all. Pure."""

from typing import Final

from trustfund.core.roles import RoleName

FUND_READERS: Final = (
    RoleName.AUDITOR,
    RoleName.SECRETARIAT,
    RoleName.CERTIFYING_OFFICER,
    RoleName.TREASURY_OFFICER,
    RoleName.COMMITTEE_MEMBER,
    RoleName.ALTERNATE,
    RoleName.CHAIR,
    RoleName.FUND_ADMINISTRATOR,
)
READERS: Final = (*FUND_READERS, RoleName.DONOR_REPRESENTATIVE)
