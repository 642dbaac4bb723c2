"""The chart of accounts: which accounts the fund has, what they mean and which may never be overdrawn. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What an account tells: all but memorandum accounts make statements; those keep promises in sight."""

    ASSET = "asset"
    LIABILITY = "liability"
    INCOME = "income"
    USE = "use"
    MEMORANDUM = "memorandum"


# Fixed accounts.
CASH: Final = "1100"
IN_TRANSIT: Final = "1200"
UNIDENTIFIED: Final = "2100"
FUND_INTEREST: Final = "4100"
PARTNER_INTEREST: Final = "4200"
OTHER_INCOME: Final = "4300"
AGENT_FEE: Final = "5300"
DIRECT_COST: Final = "5400"
BANK_CHARGES: Final = "5500"
SPENDABLE: Final = "9400"
CONTINUITY_RESERVE: Final = "9420"
CASH_CONTRA: Final = "9490"
PARTNER_CONTRA: Final = "9790"

# Heads: each has one account for every donor, pledge, programme or currency; see `under`.
CONTRIBUTIONS: Final = "4010"
EXCHANGE_DIFFERENCE: Final = "4020"
TRANSFERS: Final = "5100"
REFUNDS: Final = "5200"
CONTRIBUTOR_REFUNDS: Final = "5600"
OUTSTANDING: Final = "9100"
PLEDGED: Final = "9110"
RECEIVED: Final = "9120"
WRITTEN_OFF: Final = "9130"
RESERVED: Final = "9410"
IN_PREPARATION: Final = "9430"
CERTIFIED: Final = "9440"
HELD_BY_PARTNER: Final = "9700"
EXPENDITURE: Final = "9710"
EXCHANGE: Final = "9800"


@dataclass(frozen=True, slots=True)
class Post:
    """One line of the chart: an account, or the head of one account for each of something."""

    code: str
    name: str
    kind: Kind
    meaning: str
    may_be_overdrawn: bool = True
    one_for_each: str = ""


CHART: Final[tuple[Post, ...]] = (
    Post(CASH, "Cash held by the fund", Kind.ASSET, "Money in the fund's bank account", may_be_overdrawn=False),
    Post(
        IN_TRANSIT, "Payments in transit", Kind.ASSET, "Released, not yet confirmed by the bank", may_be_overdrawn=False
    ),
    Post(UNIDENTIFIED, "Unidentified receipts", Kind.LIABILITY, "Arrived, nobody knows from whom yet (credit)"),
    Post(CONTRIBUTIONS, "Contributions", Kind.INCOME, "At the rate of the pledge's date", one_for_each="donor"),
    Post(
        EXCHANGE_DIFFERENCE,
        "Exchange difference",
        Kind.INCOME,
        "Realised on receipts; a credit is a gain",
        one_for_each="donor",
    ),
    Post(FUND_INTEREST, "Interest earned by the fund", Kind.INCOME, "Interest and investment income"),
    Post(
        PARTNER_INTEREST, "Interest from organisations", Kind.INCOME, "Interest that organisations earned and gave back"
    ),
    Post(OTHER_INCOME, "Other income", Kind.INCOME, "What is neither a contribution nor interest"),
    Post(TRANSFERS, "Transfers", Kind.USE, "Transferred to organisations", one_for_each="programme"),
    Post(REFUNDS, "Refunds", Kind.USE, "Given back by organisations (credit)", one_for_each="programme"),
    Post(AGENT_FEE, "Administrative agent fee", Kind.USE, "One per cent of each receipt"),
    Post(DIRECT_COST, "Direct costs", Kind.USE, "Costs of the fund that the committee approved"),
    Post(BANK_CHARGES, "Bank charges", Kind.USE, "What banks keep"),
    Post(
        CONTRIBUTOR_REFUNDS,
        "Refunds to contributors",
        Kind.USE,
        "Given back to donors by decision of the committee",
        one_for_each="donor",
    ),
    Post(
        OUTSTANDING,
        "Outstanding pledge",
        Kind.MEMORANDUM,
        "Pledged, not yet received",
        may_be_overdrawn=False,
        one_for_each="pledge",
    ),
    Post(PLEDGED, "Pledged", Kind.MEMORANDUM, "The pledge as signed (credit)", one_for_each="pledge"),
    Post(RECEIVED, "Received of pledge", Kind.MEMORANDUM, "Received, in the pledge's currency", one_for_each="pledge"),
    Post(
        WRITTEN_OFF,
        "Written off of pledge",
        Kind.MEMORANDUM,
        "Given up by decision of the committee",
        one_for_each="pledge",
    ),
    Post(SPENDABLE, "Spendable", Kind.MEMORANDUM, "Cash that nothing is promised of", may_be_overdrawn=False),
    Post(RESERVED, "Reserved", Kind.MEMORANDUM, "Approved tranches", may_be_overdrawn=False, one_for_each="programme"),
    Post(
        CONTINUITY_RESERVE,
        "Continuity reserve",
        Kind.MEMORANDUM,
        "Set aside to bridge late donors",
        may_be_overdrawn=False,
    ),
    Post(
        IN_PREPARATION,
        "In preparation",
        Kind.MEMORANDUM,
        "Payments prepared",
        may_be_overdrawn=False,
        one_for_each="programme",
    ),
    Post(
        CERTIFIED, "Certified", Kind.MEMORANDUM, "Payments certified", may_be_overdrawn=False, one_for_each="programme"
    ),
    Post(CASH_CONTRA, "Contra of cash", Kind.MEMORANDUM, "Credit equal to cash less 2100, against 9400 to 9440"),
    Post(
        HELD_BY_PARTNER,
        "Held by organisation",
        Kind.MEMORANDUM,
        "Transferred, not yet spent",
        may_be_overdrawn=False,
        one_for_each="programme",
    ),
    Post(EXPENDITURE, "Expenditure", Kind.MEMORANDUM, "Reported by organisations", one_for_each="programme"),
    Post(PARTNER_CONTRA, "Contra of organisations", Kind.MEMORANDUM, "Against 9700 and 9710"),
    Post(EXCHANGE, "Exchange", Kind.MEMORANDUM, "Between two currencies of one event", one_for_each="currency"),
)
BY_CODE: Final[dict[str, Post]] = {post.code: post for post in CHART}
FIXED: Final[tuple[Post, ...]] = tuple(post for post in CHART if not post.one_for_each)

# The classes of the tree, by first digit of the code.
CLASSES: Final[dict[str, str]] = {
    "1": "Assets",
    "2": "Liabilities",
    "4": "Sources of funds",
    "5": "Uses of funds",
    "9": "Memorandum accounts",
}


def under(head: str, reference: str) -> str:
    """Return the code of one account under a head: `under(RESERVED, "PRG-2026-001")` is "9410.PRG-2026-001"."""
    return f"{head}.{reference}"


def head_of(code: str) -> str:
    """Return the head of an account's code: "9410" of "9410.PRG-2026-001", and the code itself of a fixed account."""
    return code.partition(".")[0]


def reference_of(code: str) -> str:
    """Return what stands behind the head: "PRG-2026-001" of "9410.PRG-2026-001", and nothing of a fixed account."""
    return code.partition(".")[2]
