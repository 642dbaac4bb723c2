"""What a donor is told of money that arrived, and of money whose receipt was undone: the receipt and its entry."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from assurance.contents.agreement import require_same
from assurance.contents.donor_account import ReceiptLine, receipt_line
from donors import queries as donors_queries
from donors.models import Donor, Receipt
from ledger import queries as ledger_queries
from trustfund.core.money import Money


@dataclass(frozen=True)
class PaidInstalment:
    """The part of a receipt that pays an instalment, in the pledge's currency."""

    number: int
    due_on: date
    amount: Money
    paid: Money


@dataclass(frozen=True)
class RateUsed:
    """The rate that a receipt was valued at."""

    units_per_usd: str
    source: str
    effective_on: date


@dataclass(frozen=True)
class Acknowledgement:
    """A receipt as it was recorded, its USD figures from its entry in the ledger. The same today as in ten years."""

    donor: str
    office: str
    donor_reference: str
    agreement: str
    agreement_version: int
    pledge: str
    receipt: str
    received: Money
    settles: Money
    payer: str
    bank_reference: str
    value_on: date
    instalments: tuple[PaidInstalment, ...]
    rate: RateUsed | None
    fee_percent: Decimal
    booked: ReceiptLine
    entry_number: int
    recorded_on: date


@dataclass(frozen=True)
class Cancellation:
    """A receipt that was undone: what it said, and the entry that took it back."""

    of: Acknowledgement
    reversed_on: date
    reason: str
    entry_number: int


def donor_of_receipt(receipt_id: UUID) -> Donor | None:
    """Return who gave what arrived."""
    return Donor.objects.filter(pledges__receipts=receipt_id).first()


def acknowledgement(receipt_id: UUID) -> Acknowledgement:
    """
    Return what is acknowledged of a receipt.

    :raises BooksDisagree: if the receipt and its entry in the ledger differ
    """
    receipt = Receipt.objects.select_related("pledge__donor", "rate").get(pk=receipt_id)
    pledge, donor = receipt.pledge, receipt.pledge.donor
    # As it was when the fee was taken; an amendment that came later changes no paper.
    agreement = donors_queries.version_known_at(pledge, receipt.recorded_at).agreement
    entry = ledger_queries.entries_about(receipt.pk).get(reverses=None)
    booked = receipt_line(receipt, entry, None)
    require_same(_("USD of receipt %(receipt)s") % {"receipt": receipt.reference}, booked.usd, receipt.gross_usd)
    require_same(_("fee of receipt %(receipt)s") % {"receipt": receipt.reference}, booked.fee, receipt.fee_usd)
    parts = receipt.allocations.select_related("instalment").order_by("instalment__number")
    return Acknowledgement(
        donor=donor.name,
        office=donor.office,
        donor_reference=donor.reference,
        agreement=agreement.reference,
        agreement_version=agreement.version,
        pledge=pledge.reference,
        receipt=receipt.reference,
        received=receipt.received,
        settles=receipt.settles,
        payer=receipt.payer,
        bank_reference=receipt.bank_reference,
        value_on=receipt.value_on,
        instalments=tuple(
            PaidInstalment(part.instalment.number, part.instalment.due_on, part.instalment.amount, part.amount)
            for part in parts
        ),
        rate=_rate_of(receipt),
        fee_percent=agreement.fee_percent,
        booked=booked,
        entry_number=entry.pk,
        recorded_on=receipt.recorded_at.date(),
    )


def _rate_of(receipt: Receipt) -> RateUsed | None:
    rate = receipt.rate
    return None if rate is None else RateUsed(rate.plain, rate.source, rate.effective_on)


def cancellation(receipt_id: UUID) -> Cancellation:
    """
    Return what is said of a receipt that was undone.

    :raises BooksDisagree: if the receipt and its entry in the ledger differ
    """
    receipt = Receipt.objects.get(pk=receipt_id)
    assert receipt.reversed_on is not None  # its reversal asked for this
    undone = ledger_queries.entries_about(receipt.pk).get(reverses__isnull=False)
    return Cancellation(
        of=acknowledgement(receipt_id),
        reversed_on=receipt.reversed_on,
        reason=receipt.reversed_reason,
        entry_number=undone.pk,
    )
