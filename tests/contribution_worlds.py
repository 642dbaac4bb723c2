"""Files of contributions for tests, with invented donors, brought through the operations."""

from decimal import Decimal

from donors import operations
from donors.contributions import COLUMNS
from donors.models import ContributionFile
from tests import donor_worlds, people

GOOD = {
    "ContributionCode": "X-1",
    "Donor": "Republic of Tarsk",
    "CountryCode": "TAR",
    "Year": "2026",
    "DonorType": "Member State",
    "ContributionStatus": "Fully Paid",
    "AgreementFromYear": "2026",
    "AgreementToYear": "2026",
    "PledgeDate": "2026-01-15",
    "PledgeCurrency": "EUR",
    "PledgeAmountUSD": "1000.00",
    "CommitmentDate": "2026-02-01",
    "ReceivedDate": "2026-02-20",
    "ReceivedAmountUSD": "1010.50",
    "WriteoffAmountUSD": "0",
    "OutstandingAmountUSD": "-10.50",
}


def a_row(**cells: str) -> str:
    """Return a line of such a file, with some cells changed."""
    return ",".join({**GOOD, **cells}[name] for name in COLUMNS)


def a_pledge_row(**cells: str) -> str:
    """Return a line of a pledge that is signed and of which nothing has come."""
    unpaid = {"ContributionStatus": "Pledge", "ReceivedDate": "", "ReceivedAmountUSD": "0"}
    return a_row(**{**unpaid, "OutstandingAmountUSD": "1000.00", **cells})


def content(*rows: str) -> bytes:
    """Return the bytes of a file."""
    return "\n".join([",".join(COLUMNS), *rows, ""]).encode("utf-8-sig")


def a_file(*rows: str, donor: str = "Republic of Tarsk", name: str = "contributions.csv") -> ContributionFile:
    """Bring a file: by default of one row, of a donor with this name."""
    return operations.bring_contribution_file(
        name=name,
        content=content(*(rows or (a_row(Donor=donor, ContributionCode=f"X-{donor}"),))),
        fee_rate=Decimal("0.01"),
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )
