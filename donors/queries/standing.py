"""What stands in the books of a pledge on a day: what came, what is missing, what is late, what it was worth."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from donors import rates
from donors.models import Allocation, Donor, Instalment, Pledge, Receipt, WrittenOffPart
from donors.queries.versions import ended_by_notice, standing_instalments, standing_on
from donors.states import IN_THE_BOOKS, OPEN
from ledger import chart
from ledger import queries as ledger_queries
from trustfund.core import events
from trustfund.core.models import Event
from trustfund.core.money import Money, total


@dataclass(frozen=True)
class Standing:
    """How a pledge stands on a day, in its own currency: the ledger's figures, split by what has fallen due."""

    pledged: Money
    received: Money
    overdue: Money
    scheduled: Money
    outstanding: Money

    @property
    def written_off(self) -> Money:
        """What was promised and is neither in nor still to come."""
        return self.pledged - self.received - self.outstanding

    @property
    def percent_received(self) -> Decimal:
        """How much of the pledge is in, in per cent with one decimal."""
        if not self.pledged:
            return Decimal("0.0")
        return (Decimal(100) * self.received.minor / self.pledged.minor).quantize(Decimal("0.1"))


@dataclass(frozen=True)
class InstalmentRow:
    """One instalment as people read it: what came, what is missing, and what it was worth when it came."""

    instalment: Instalment
    received: Money
    usd_at_receipt: Money
    usd_at_pledge_rate: Money
    receipts: int
    last_received_on: date | None
    on: date
    written_off: Money

    @property
    def balance(self) -> Money:
        """What is still missing."""
        return self.instalment.amount - self.received - self.written_off

    @property
    def difference_usd(self) -> Money:
        """The realised exchange difference on what came of it, which is the fund's; a gain is positive."""
        return self.usd_at_receipt - self.usd_at_pledge_rate

    @property
    def days_late(self) -> int:
        """How many days ago it fell due; negative while it is still to fall due."""
        return (self.on - self.instalment.due_on).days

    @property
    def days_early(self) -> int:
        """How many days before its due day the last part came; negative when it came late."""
        return 0 if self.last_received_on is None else (self.instalment.due_on - self.last_received_on).days

    @property
    def days_late_when_paid(self) -> int:
        """How many days after its due day the last part came; zero when it came in time."""
        return max(-self.days_early, 0)

    @property
    def is_overdue(self) -> bool:
        """Whether something is missing after its due day, and no notice ended the agreement before it."""
        return bool(self.balance) and self.days_late > 0 and not self.instalment.is_ended

    @property
    def status(self) -> str:
        """The word for its state: paid, written off, ended, overdue, part paid or scheduled."""
        if not self.balance:
            return "written_off" if self.written_off else "paid"
        if self.instalment.is_ended:
            return "ended"
        if self.is_overdue:
            return "overdue"
        return "part_paid" if self.received else "scheduled"


def stood(on: date, prefix: str = "") -> Q:
    """Return the condition that a receipt had arrived by a day and was not undone by then."""
    undone_later = Q(**{f"{prefix}reversed_on": None}) | Q(**{f"{prefix}reversed_on__gt": on})
    return Q(**{f"{prefix}value_on__lte": on}) & undone_later


def standing_of(pledge: Pledge, on: date) -> Standing:
    """Return how a pledge stands on a day; an announced pledge is not in the books, so all is zero."""
    pledged = -_balance(chart.PLEDGED, pledge, on)
    outstanding = _balance(chart.OUTSTANDING, pledge, on)
    overdue = total((row.balance for row in instalment_rows(pledge, on) if row.is_overdue), pledge.currency)
    if not pledged:
        overdue = Money.zero(pledge.currency)
    return Standing(
        pledged=pledged,
        received=_balance(chart.RECEIVED, pledge, on),
        overdue=overdue,
        scheduled=outstanding - overdue,
        outstanding=outstanding,
    )


def _balance(head: str, pledge: Pledge, on: date) -> Money:
    balance = ledger_queries.balance_of(chart.under(head, pledge.reference), on=on)
    return Money(balance.minor, pledge.currency)


@dataclass(frozen=True)
class _Part:
    """What one receipt pays of an instalment, and its share of what the receipt was worth then and at the pledge."""

    amount: Money
    usd: Money
    pledge_rate_usd: Money
    value_on: date


def instalment_rows(pledge: Pledge, on: date) -> list[InstalmentRow]:
    """Return the schedule of a pledge that was in force on a day, as far as it was paid or given up then."""
    found = pledge.instalments.filter(standing_on(on)).annotate(ended_by_notice=ended_by_notice(on))
    instalments = list(found.order_by("due_on", "number"))
    paid: dict[int, list[_Part]] = {part.pk: [] for part in instalments}
    given_up = {
        instalment: Money(minor, pledge.currency)
        for instalment, minor in written_off_parts(on)
        .filter(instalment__pledge=pledge)
        .order_by()
        .values_list("instalment")
        .annotate(Sum("minor"))
    }
    lost = {part.pk: given_up.get(part.pk, Money.zero(pledge.currency)) for part in instalments}
    elsewhere: list[_Part] = []
    for receipt in pledge.receipts.filter(stood(on)).order_by("value_on", "reference").prefetch_related("allocations"):
        parts = sorted(receipt.allocations.all(), key=lambda part: part.pk)
        weights = [part.minor for part in parts]
        worth, promised = receipt.gross_usd.split(weights), receipt.pledge_rate_usd.split(weights)
        for part, usd, pledge_rate_usd in zip(parts, worth, promised, strict=True):
            paid_by_it = paid.get(part.instalment_id, elsewhere)
            paid_by_it.append(_Part(part.amount, usd, pledge_rate_usd, receipt.value_on))
    for moved in elsewhere:
        _pay_oldest(moved, instalments, paid, lost)
    return [_row(instalment, paid[instalment.pk], lost[instalment.pk], on) for instalment in instalments]


def _pay_oldest(
    part: _Part, instalments: Sequence[Instalment], paid: dict[int, list[_Part]], lost: dict[int, Money]
) -> None:
    """
    Let money that paid an instalment of another version pay the oldest unpaid ones of this version.

    What this version has no room for was promised only later, and pays none of its instalments.
    """
    left, worth, promised = part.amount, part.usd, part.pledge_rate_usd
    for instalment in instalments:
        lacking = instalment.amount - total((one.amount for one in paid[instalment.pk]), left.currency)
        lacking -= lost[instalment.pk]
        taken = min(left, lacking)
        if taken.minor <= 0:
            continue
        weights = [taken.minor, (left - taken).minor]
        (usd, worth), (pledge_rate_usd, promised) = worth.split(weights), promised.split(weights)
        paid[instalment.pk].append(_Part(taken, usd, pledge_rate_usd, part.value_on))
        left -= taken


def _row(instalment: Instalment, paid: list[_Part], written_off: Money, on: date) -> InstalmentRow:
    return InstalmentRow(
        instalment=instalment,
        received=total((part.amount for part in paid), written_off.currency),
        usd_at_receipt=total((part.usd for part in paid), rates.FUND_CURRENCY),
        usd_at_pledge_rate=total((part.pledge_rate_usd for part in paid), rates.FUND_CURRENCY),
        receipts=len(paid),
        last_received_on=max((part.value_on for part in paid), default=None),
        on=on,
        written_off=written_off,
    )


def written_off_parts(on: date | None = None) -> QuerySet[WrittenOffPart]:
    """Return the parts of instalments that were given up by a day, or until now."""
    parts = WrittenOffPart.objects.filter(write_off__posted_on__isnull=False)
    return parts if on is None else parts.filter(write_off__posted_on__lte=on)


def of_each_instalment(parts: QuerySet[Any]) -> Coalesce:
    """Return the sum of some parts of an instalment, for a query over instalments."""
    sums = parts.filter(instalment=OuterRef("pk")).order_by().values("instalment").annotate(total=Sum("minor"))
    return Coalesce(Subquery(sums.values("total")), 0)


def written_off_of(pledge: Pledge) -> Money:
    """Return what the committee has given up of a pledge until now."""
    given_up = written_off_parts().filter(instalment__pledge=pledge).aggregate(total=Sum("minor"))["total"]
    return Money(given_up or 0, pledge.currency)


def unpaid_instalments(pledge: Pledge) -> list[tuple[Instalment, Money]]:
    """Return what each instalment still lacks now, oldest first; paid ones are left out."""
    paid = of_each_instalment(Allocation.objects.filter(receipt__reversed_at=None))
    parts = standing_instalments(pledge).annotate(
        lacking_minor=F("minor") - paid - of_each_instalment(written_off_parts())
    )
    return [(part, part.lacking) for part in parts.filter(lacking_minor__gt=0)]


def unpaid_by_pledge(pledges: Iterable[Pledge]) -> dict[UUID, list[tuple[int, Money]]]:
    """Return what the instalments of many pledges still lack now, by number, the earliest due first; in one query."""
    paid = of_each_instalment(Allocation.objects.filter(receipt__reversed_at=None))
    parts = Instalment.objects.filter(replacement=None, pledge__in=[pledge.pk for pledge in pledges]).annotate(
        lacking_minor=F("minor") - paid - of_each_instalment(written_off_parts())
    )
    rows = parts.filter(lacking_minor__gt=0).order_by("pledge", "due_on", "number")
    found: dict[UUID, list[tuple[int, Money]]] = defaultdict(list)
    for pledge_id, number, minor, currency in rows.values_list("pledge", "number", "lacking_minor", "currency"):
        found[pledge_id].append((number, Money(minor, currency)))
    return found


def outstanding_of(pledge: Pledge) -> Money:
    """Return what a pledge still lacks now, from its instalments."""
    return total((lacking for _part, lacking in unpaid_instalments(pledge)), pledge.currency)


def booked_at_pledge_rate(pledge: Pledge) -> Money:
    """Return the USD at the pledge-date rate that the standing receipts of a pledge are booked at."""
    booked = pledge.receipts.filter(reversed_at=None).aggregate(total=Sum("pledge_rate_usd_minor"))["total"]
    return Money(booked or 0, rates.FUND_CURRENCY)


def exchange_effect(pledge: Pledge, on: date) -> Money:
    """Return the realised exchange difference on what had arrived by a day; a gain is positive."""
    sums = pledge.receipts.filter(stood(on)).aggregate(
        gross=Sum("gross_usd_minor"), booked=Sum("pledge_rate_usd_minor")
    )
    return Money((sums["gross"] or 0) - (sums["booked"] or 0), rates.FUND_CURRENCY)


def usd_received(pledge: Pledge, on: date) -> Money:
    """Return the gross USD that had arrived on a pledge by a day."""
    gross = pledge.receipts.filter(stood(on)).aggregate(total=Sum("gross_usd_minor"))["total"]
    return Money(gross or 0, rates.FUND_CURRENCY)


def fees_of(donor: Donor, on: date) -> Money:
    """Return the administrative agent's fee on what had arrived from a donor by a day, in USD."""
    fee = Receipt.objects.filter(stood(on), pledge__donor=donor).aggregate(total=Sum("fee_usd_minor"))["total"]
    return Money(fee or 0, rates.FUND_CURRENCY)


def received_in_own_currency(donor: Donor, on: date) -> Money | None:
    """Return what a donor's receipts by a day settle, in the one currency of its pledges; nothing if that is USD."""
    sums = Receipt.objects.filter(stood(on), pledge__donor=donor).order_by().values_list("settles_currency")
    settled = list(sums.annotate(total=Sum("settles_minor")))
    if len(settled) != 1 or settled[0][0] == rates.FUND_CURRENCY:
        return None
    return Money(settled[0][1], settled[0][0])


def lacking_instalments(on: date) -> QuerySet[Instalment]:
    """Return the instalments that are owed and not paid in full on a day, each with what it lacks, earliest first."""
    paid = of_each_instalment(Allocation.objects.filter(stood(on, "receipt__")))
    owed = [str(status) for status in IN_THE_BOOKS]
    return (
        Instalment.objects.filter(standing_on(on), ~Q(ended_by_notice(on)), pledge__status__in=owed)
        .annotate(lacking_minor=F("minor") - paid - of_each_instalment(written_off_parts(on)))
        .filter(lacking_minor__gt=0)
        .select_related("pledge__donor")
        .order_by("due_on", "pk")
    )


def overdue_instalments(
    on: date, *, most: int | None = None, of: QuerySet[Pledge] | None = None
) -> list[tuple[Instalment, Money]]:
    """
    Return instalments of signed pledges that are late on a day, with what each lacks, longest overdue first.

    :param most: how many at most, all that are late if not given
    :param of: the pledges asked about, all if none are given; one query however many they are
    """
    late = lacking_instalments(on).filter(due_on__lt=on)
    if of is not None:
        late = late.filter(pledge__in=of.order_by())
    return [(part, part.lacking) for part in late[:most]]


def with_outstanding(pledges: QuerySet[Pledge]) -> QuerySet[Pledge]:
    """Return pledges, each with what its receipts settle and what is given up of it: see `Pledge.outstanding`."""
    settled = (
        Receipt.objects.filter(pledge=OuterRef("pk"), reversed_at=None)
        .order_by()
        .values("pledge")
        .annotate(total=Sum("settles_minor"))
        .values("total")
    )
    given_up = (
        written_off_parts()
        .filter(instalment__pledge=OuterRef("pk"))
        .order_by()
        .values("instalment__pledge")
        .annotate(total=Sum("minor"))
        .values("total")
    )
    return pledges.annotate(settled_minor=Coalesce(Subquery(settled), 0) + Coalesce(Subquery(given_up), 0))


def open_pledges() -> QuerySet[Pledge]:
    """Return the pledges against which money can arrive, by donor."""
    return (
        Pledge.objects.filter(status__in=[str(status) for status in OPEN])
        .select_related("donor")
        .order_by("donor__name", "reference")
    )


def record_of(pledge: Pledge) -> QuerySet[Event]:
    """Return what happened to a pledge and its receipts, latest first."""
    return events.about(pledge.id, *_ids(pledge.receipts.all()))


def _ids(receipts: QuerySet[Receipt]) -> Iterable[UUID]:
    return receipts.values_list("id", flat=True)
