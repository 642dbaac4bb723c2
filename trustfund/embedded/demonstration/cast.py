"""Who appears in the demonstration: seats, officers, donors and partners, all invented. Data only."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from trustfund.core.roles import RoleName


@dataclass(frozen=True)
class Person:
    """Somebody with a sign-in in the demonstration."""

    key: str
    name: str
    roles: tuple[RoleName, ...]


@dataclass(frozen=True)
class SeatHolder:
    """A seat of the committee: members appear as seats, never as people of a real state."""

    number: int
    bench: str
    nominated_by: str
    is_chair: bool = False

    @property
    def key(self) -> str:
        """The name of the sign-in, such as seat4."""
        return f"seat{self.number}"

    @property
    def name(self) -> str:
        """What the pages call the member."""
        return f"Seat {self.number}, {self.bench} bench"


SEATS: Final = (
    SeatHolder(1, "donor", "Conference of donors"),
    SeatHolder(2, "donor", "Conference of donors"),
    SeatHolder(3, "donor", "Conference of donors"),
    SeatHolder(4, "independent", "International panel of jurists"),
    SeatHolder(5, "independent", "Academy of medicine of a neutral state"),
    SeatHolder(6, "independent", "Society of public accountants", is_chair=True),
    SeatHolder(7, "technical", "Regional public health institute"),
    SeatHolder(8, "technical", "Association of health organisations"),
    SeatHolder(9, "technical", "University school of tropical medicine"),
)

OFFICERS: Final = (
    Person("administrator", "Ana Ruben, fund administrator", (RoleName.FUND_ADMINISTRATOR,)),
    Person("secretariat", "Ingrid Solheim, secretariat", (RoleName.SECRETARIAT,)),
    Person("secretariat2", "Tomas Berg, secretariat", (RoleName.SECRETARIAT,)),
    Person("certifier", "Hana Gato, certifying officer", (RoleName.CERTIFYING_OFFICER,)),
    Person("treasury", "Olumide Bassey, treasury", (RoleName.TREASURY_OFFICER,)),
    Person("treasury2", "Maren Holt, treasury", (RoleName.TREASURY_OFFICER,)),
    Person("auditor", "Joseph Mwangi, auditor", (RoleName.AUDITOR,)),
    Person("valdria", "Elise Farrant, Republic of Valdria", (RoleName.DONOR_REPRESENTATIVE,)),
    Person("haneul", "Sora Min, Republic of Haneul", (RoleName.DONOR_REPRESENTATIVE,)),
    Person("caldor", "Rupert Vane, Union of Caldor", (RoleName.DONOR_REPRESENTATIVE,)),
    Person("partner", "Daniel Okoye, WHO country office", (RoleName.PROGRAMME_PARTNER,)),
)


@dataclass(frozen=True)
class DonorStory:
    """
    A donor's five years: what it promised, when each instalment came.

    :ivar first_year: years after the story's first year in which the first instalment falls due
    :ivar renews: whether a second five-year pledge has been signed that follows the first
    :ivar late_days: for each instalment, the days after its due date on which it was paid; None is not paid (yet)
    """

    key: str
    name: str
    currency: str
    yearly: Decimal
    due_month: int
    first_year: int
    late_days: tuple[int | None, ...]
    renews: bool = False


# The shape of the real history of yearly appeals: a few large donors, one that stops and comes back, one that is late,
# and small ones that never miss a day. Names are invented; no real state is ever shown in arrears.
DONORS: Final = (
    DonorStory("valdria", "Republic of Valdria", "EUR", Decimal(8_000_000), 3, 2, (-20, -6, 2, 0, -3)),
    DonorStory("helvia", "Helvian Confederation", "CHF", Decimal(7_600_000), 2, 1, (-9, -12, -4, -15, -7), renews=True),
    DonorStory("haneul", "Republic of Haneul", "KRW", Decimal(9_200_000_000), 4, 1, (-2, 745, 571, 308, 150)),
    DonorStory("sorrenia", "Kingdom of Sorrenia", "SEK", Decimal(52_000_000), 5, 3, (-1, 0, 3, -2, 1)),
    DonorStory("halvorsund", "Kingdom of Halvorsund", "NOK", Decimal(38_000_000), 2, 1, (0, -5, -8, 0, -4)),
    DonorStory("caldor", "Union of Caldor", "USD", Decimal(2_500_000), 6, 2, (41, 75, 118, None, None)),
    DonorStory("austrel", "Commonwealth of Austrel", "AUD", Decimal(3_400_000), 7, 2, (-3, -10, 4, -6, 0)),
    DonorStory("esterwald", "Grand Duchy of Esterwald", "EUR", Decimal(640_000), 1, 1, (-14, -11, -16, -9, -12)),
    DonorStory("lumen", "Principality of Lumen", "USD", Decimal(200_000), 9, 1, (-30, -28, -31, -25, -20)),
)

STOP_REQUEST: Final = (
    "Following a decision of our government we ask the fund to stop using the money that we have paid, and to hold it "
    "until further notice."
)

# Units per US dollar around which the demonstration's monthly rates move. Invented, near what was seen in these years.
BASE_RATES: Final[dict[str, Decimal]] = {
    "EUR": Decimal("0.921"),
    "CHF": Decimal("0.888"),
    "KRW": Decimal("1325.5"),
    "SEK": Decimal("10.42"),
    "NOK": Decimal("10.61"),
    "AUD": Decimal("1.507"),
}
