"""A donor's statement of account at the end of a day: promised, received, overdue, and what became of it in USD."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from assurance import wording
from assurance.contents.agreement import require_same
from donors import queries as donors_queries
from donors.models import Donor, Pledge, Receipt
from ledger import chart
from ledger import queries as ledger_queries
from ledger.queries import Entry
from trustfund.core.money import Money, total


@dataclass(frozen=True)
class InstalmentLine:
    """One due part of a pledge and how far it is paid, in the pledge's currency."""

    number: int
    due_on: date
    amount: Money
    received: Money
    balance: Money
    status: str

    @property
    def status_label(self) -> object:
        """The word for its state."""
        return wording.INSTALMENTS[self.status]


@dataclass(frozen=True)
class ReceiptLine:
    """One receipt as the ledger booked it, with the reference of its entry."""

    reference: str
    entry: str
    value_on: date
    settled: Money
    usd: Money
    pledge_rate_usd: Money
    difference: Money
    fee: Money
    reversed_on: date | None

    @property
    def net(self) -> Money:
        """What reached the pool."""
        return self.usd - self.fee


@dataclass(frozen=True)
class PledgeAccount:
    """A pledge on a day: the promise, what came of it, and every receipt."""

    reference: str
    agreement: str
    agreement_version: int
    signed_on: date
    pledged: Money
    received: Money
    overdue: Money
    scheduled: Money
    outstanding: Money
    written_off: Money
    instalments: tuple[InstalmentLine, ...]
    receipts: tuple[ReceiptLine, ...]
    usd: Money
    difference: Money
    fee: Money

    @property
    def net(self) -> Money:
        """What reached the pool."""
        return self.usd - self.fee


@dataclass(frozen=True)
class DonorAccount:
    """All that a donor promised and gave, on a day."""

    as_of: date
    donor: str
    office: str
    reference: str
    pledges: tuple[PledgeAccount, ...]
    usd: Money
    difference: Money
    fee: Money
    refunded: Money

    @property
    def net(self) -> Money:
        """What reached the pool and was not given back."""
        return self.usd - self.fee - self.refunded

    @property
    def refund_account(self) -> str:
        """The ledger account that holds what was given back."""
        return chart.under(chart.CONTRIBUTOR_REFUNDS, self.reference)

    @property
    def contribution_accounts(self) -> str:
        """The ledger accounts that hold what was received."""
        return f"{chart.under(chart.CONTRIBUTIONS, self.reference)}, {self.difference_account}"

    @property
    def difference_account(self) -> str:
        """The ledger account that holds the exchange difference."""
        return chart.under(chart.EXCHANGE_DIFFERENCE, self.reference)

    @property
    def fee_account(self) -> str:
        """The ledger account that the fee went to."""
        return chart.AGENT_FEE


def donor_account(donor: Donor, as_of: date) -> DonorAccount:
    """
    Return a donor's statement of account at the end of a day.

    :raises BooksDisagree: if the receipts do not add up to what the ledger's accounts of the donor hold
    """
    usd = settings.FUND_CURRENCY
    pledges = tuple(_pledge_account(pledge, as_of) for pledge in _pledges(donor, as_of))
    account = DonorAccount(
        as_of=as_of,
        donor=donor.name,
        office=donor.office,
        reference=donor.reference,
        pledges=pledges,
        usd=total((pledge.usd for pledge in pledges), usd),
        difference=total((pledge.difference for pledge in pledges), usd),
        fee=total((pledge.fee for pledge in pledges), usd),
        refunded=ledger_queries.balance_of(chart.under(chart.CONTRIBUTOR_REFUNDS, donor.reference), as_of),
    )
    difference = -ledger_queries.balance_of(chart.under(chart.EXCHANGE_DIFFERENCE, donor.reference), as_of)
    contributed = difference - ledger_queries.balance_of(chart.under(chart.CONTRIBUTIONS, donor.reference), as_of)
    require_same(_("USD received from %(who)s") % {"who": donor.reference}, account.usd, contributed)
    require_same(_("exchange difference of %(who)s") % {"who": donor.reference}, account.difference, difference)
    return account


def _pledges(donor: Donor, as_of: date) -> QuerySet[Pledge]:
    """Return what was in the books of a donor by a day: pledges signed, and those whose money came before (R14)."""
    signed_or_paid = Q(signed_on__lte=as_of) | Q(pk__in=Receipt.objects.filter(value_on__lte=as_of).values("pledge_id"))
    return Pledge.objects.filter(signed_or_paid, donor=donor).select_related("agreement").order_by("reference")


def _pledge_account(pledge: Pledge, as_of: date) -> PledgeAccount:
    usd = settings.FUND_CURRENCY
    standing = donors_queries.standing_of(pledge, as_of)
    version = donors_queries.version_on(pledge, as_of)
    receipts = tuple(_receipt_lines(pledge, as_of))
    standing_receipts = [line for line in receipts if line.reversed_on is None]
    settled = total((line.settled for line in standing_receipts), pledge.currency)
    require_same(_("receipts of %(pledge)s") % {"pledge": pledge.reference}, settled, standing.received)
    return PledgeAccount(
        reference=pledge.reference,
        agreement=version.agreement.reference if version else "",
        agreement_version=version.agreement.version if version else 0,
        signed_on=pledge.signed_on or as_of,
        pledged=standing.pledged,
        received=standing.received,
        overdue=standing.overdue,
        scheduled=standing.scheduled,
        outstanding=standing.outstanding,
        written_off=standing.written_off,
        instalments=tuple(_instalment_lines(pledge, as_of)),
        receipts=receipts,
        usd=total((line.usd for line in standing_receipts), usd),
        difference=total((line.difference for line in standing_receipts), usd),
        fee=total((line.fee for line in standing_receipts), usd),
    )


def _instalment_lines(pledge: Pledge, as_of: date) -> Iterable[InstalmentLine]:
    for row in donors_queries.instalment_rows(pledge, as_of):
        yield InstalmentLine(
            number=row.instalment.number,
            due_on=row.instalment.due_on,
            amount=row.instalment.amount,
            received=row.received,
            balance=row.balance,
            status=row.status,
        )


def _receipt_lines(pledge: Pledge, as_of: date) -> Iterable[ReceiptLine]:
    """Yield the receipts booked by a day, each from the legs of its own entry."""
    for receipt in Receipt.objects.filter(pledge=pledge).order_by("value_on", "reference"):
        entries = [entry for entry in ledger_queries.entries_about(receipt.pk) if entry.effective_on <= as_of]
        undone = {entry.reverses_id: entry.effective_on for entry in entries if entry.reverses_id is not None}
        for entry in entries:
            if entry.reverses_id is None:
                yield receipt_line(receipt, entry, undone.get(entry.pk))


def receipt_line(receipt: Receipt, entry: Entry, reversed_on: date | None) -> ReceiptLine:
    """Return what an entry says of its receipt: every figure is the sum of the entry's own legs."""
    none = Money.zero(settings.FUND_CURRENCY)
    legs: dict[str, Money] = {}
    for line in entry.lines.select_related("account"):
        head = chart.head_of(line.account.code)
        legs[head] = legs[head] + line.money if head in legs else line.money
    pledge_rate_usd = -legs.get(chart.CONTRIBUTIONS, none)
    difference = -legs.get(chart.EXCHANGE_DIFFERENCE, none)
    return ReceiptLine(
        reference=receipt.reference,
        entry=f"{entry.kind} {entry.reference}",
        value_on=receipt.value_on,
        settled=legs.get(chart.RECEIVED, Money.zero(receipt.settles_currency)),
        usd=pledge_rate_usd + difference,
        pledge_rate_usd=pledge_rate_usd,
        difference=difference,
        fee=legs.get(chart.AGENT_FEE, none),
        reversed_on=reversed_on,
    )
