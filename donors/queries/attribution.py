"""What the rates did to each donor's money: how far a promise is kept in its own currency, apart from its USD worth."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum

from donors import rates
from donors.models import Donor, Pledge, Receipt
from donors.queries.standing import stood
from donors.states import IN_THE_BOOKS
from trustfund.core.money import Money, total


def _percent(part: int, whole: int, places: str) -> Decimal | None:
    return (Decimal(100) * part / whole).quantize(Decimal(places)) if whole else None


@dataclass(frozen=True)
class Attributed:
    """One pledge: what is settled of it in its own currency, and what that was worth at the pledge and on arrival."""

    pledge: Pledge
    settled: Money
    at_pledge_rate: Money
    at_receipt: Money

    @property
    def fulfilled_percent(self) -> Decimal:
        """How much of the promise is kept, in its own currency: what counts between the donor and the fund."""
        return _percent(self.settled.minor, self.pledge.minor, "0.1") or Decimal("0.0")

    @property
    def difference(self) -> Money:
        """What the rates did to it between the pledge and the receipts; a gain is positive, and it is the fund's."""
        return self.at_receipt - self.at_pledge_rate

    @property
    def difference_percent(self) -> Decimal | None:
        """The same in per cent of its worth at the pledge; nothing while nothing has come."""
        return _percent(self.difference.minor, self.at_pledge_rate.minor, "0.01")


@dataclass(frozen=True)
class DonorAttribution:
    """A donor's pledges in the books, and their sums in USD."""

    donor: Donor
    pledges: tuple[Attributed, ...]

    @property
    def at_pledge_rate(self) -> Money:
        """What came, at the rates of the pledges."""
        return total((one.at_pledge_rate for one in self.pledges), rates.FUND_CURRENCY)

    @property
    def at_receipt(self) -> Money:
        """What came, at the rates of the days it came."""
        return total((one.at_receipt for one in self.pledges), rates.FUND_CURRENCY)

    @property
    def difference(self) -> Money:
        """The realised gain or loss, which is the fund's."""
        return self.at_receipt - self.at_pledge_rate

    @property
    def difference_percent(self) -> Decimal | None:
        """The same in per cent of what came at the rates of the pledges."""
        return _percent(self.difference.minor, self.at_pledge_rate.minor, "0.01")

    @property
    def by_currency(self) -> list[tuple[Money, Money, Decimal]]:
        """What was pledged and settled in each currency, and how much of the promise that is, in per cent."""
        sums: dict[str, tuple[Money, Money]] = {}
        for one in self.pledges:
            none = Money.zero(one.pledge.currency)
            pledged, settled = sums.get(one.pledge.currency, (none, none))
            sums[one.pledge.currency] = (pledged + one.pledge.amount, settled + one.settled)
        return [
            (pledged, settled, _percent(settled.minor, pledged.minor, "0.1") or Decimal("0.0"))
            for _currency, (pledged, settled) in sorted(sums.items())
        ]


def pledges_in_the_books(on: date) -> QuerySet[Pledge]:
    """Return the pledges that stood in the books by a day, by donor."""
    in_the_books = [str(status) for status in IN_THE_BOOKS]
    found = Pledge.objects.filter(status__in=in_the_books, signed_on__lte=on).select_related("donor", "agreement")
    return found.order_by("donor__name", "reference")


def attribution(donors: Iterable[Donor], on: date) -> list[DonorAttribution]:
    """Return what the rates did to the money of some donors by a day, in their order: two questions in all."""
    wanted = list(donors)
    by_donor: dict[object, list[Attributed]] = {donor.pk: [] for donor in wanted}
    sums = {
        row["pledge"]: row
        for row in Receipt.objects.filter(stood(on), pledge__donor__in=wanted)
        .order_by()
        .values("pledge")
        .annotate(settled=Sum("settles_minor"), booked=Sum("pledge_rate_usd_minor"), gross=Sum("gross_usd_minor"))
    }
    for pledge in pledges_in_the_books(on).filter(donor__in=wanted):
        row = sums.get(pledge.pk, {"settled": 0, "booked": 0, "gross": 0})
        by_donor[pledge.donor_id].append(
            Attributed(
                pledge=pledge,
                settled=Money(row["settled"], pledge.currency),
                at_pledge_rate=Money(row["booked"], rates.FUND_CURRENCY),
                at_receipt=Money(row["gross"], rates.FUND_CURRENCY),
            )
        )
    return [DonorAttribution(donor, tuple(by_donor[donor.pk])) for donor in wanted]
