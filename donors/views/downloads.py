"""The tables of a pledge to take away: its schedule and its receipts, each as CSV and as a spreadsheet."""

from collections.abc import Iterator
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from donors import queries
from donors.models import Pledge
from donors.views.door import person_of
from trustfund.core import clock
from trustfund.core.audience import audience
from trustfund.core.models import User
from trustfund.core.roles import RoleName
from trustfund.core.spreadsheets import Row, csv_file, xlsx_file

_READERS = (RoleName.SECRETARIAT, RoleName.AUDITOR, RoleName.DONOR_REPRESENTATIVE)


@require_safe
@audience(*_READERS)
def schedule_csv(request: HttpRequest, pledge_id: UUID) -> HttpResponse:
    """Hand out the schedule of a pledge as CSV."""
    pledge = _pledge(request, pledge_id)
    return csv_file(_name(pledge, "schedule"), _schedule(pledge))


@require_safe
@audience(*_READERS)
def schedule_xlsx(request: HttpRequest, pledge_id: UUID) -> HttpResponse:
    """Hand out the schedule of a pledge as a spreadsheet."""
    pledge = _pledge(request, pledge_id)
    return xlsx_file(_name(pledge, "schedule"), _schedule(pledge))


@require_safe
@audience(*_READERS)
def receipts_csv(request: HttpRequest, pledge_id: UUID) -> HttpResponse:
    """Hand out the receipts of a pledge as CSV."""
    pledge = _pledge(request, pledge_id)
    return csv_file(_name(pledge, "receipts"), _receipts(pledge, person_of(request)))


@require_safe
@audience(*_READERS)
def receipts_xlsx(request: HttpRequest, pledge_id: UUID) -> HttpResponse:
    """Hand out the receipts of a pledge as a spreadsheet."""
    pledge = _pledge(request, pledge_id)
    return xlsx_file(_name(pledge, "receipts"), _receipts(pledge, person_of(request)))


def _pledge(request: HttpRequest, pledge_id: UUID) -> Pledge:
    return get_object_or_404(queries.pledges_visible_to(person_of(request)), pk=pledge_id)


def _name(pledge: Pledge, what: str) -> str:
    return f"{pledge.reference}-{what}-{clock.today().isoformat()}"


def _schedule(pledge: Pledge) -> Iterator[Row]:
    yield (
        _("Number"),
        _("Due"),
        _("State"),
        _("Currency"),
        _("Pledged"),
        _("Received"),
        _("Written off"),
        _("Balance"),
        _("USD at receipt"),
        _("Exchange effect, USD"),
    )
    for row in queries.instalment_rows(pledge, clock.today()):
        part = row.instalment
        usd = (row.usd_at_receipt, row.difference_usd)
        moneys = (part.amount, row.received, row.written_off, row.balance, *usd)
        yield (part.number, part.due_on, row.status, part.currency, *moneys)


def _receipts(pledge: Pledge, person: User) -> Iterator[Row]:
    yield (
        _("Receipt"),
        _("Value date"),
        _("State"),
        _("Payer"),
        _("Bank reference"),
        _("Currency received"),
        _("Received"),
        _("Currency of the pledge"),
        _("Settles of the pledge"),
        _("USD at receipt"),
        _("USD at the rate of the pledge"),
        _("Exchange effect in USD"),
        _("Fee in USD"),
        _("Reached the pool in USD"),
    )
    for receipt in queries.receipts_visible_to(person).filter(pledge=pledge).order_by("value_on", "reference"):
        yield (
            receipt.reference,
            receipt.value_on,
            receipt.status,
            receipt.payer,
            receipt.bank_reference,
            receipt.received_currency,
            receipt.received,
            receipt.settles_currency,
            receipt.settles,
            receipt.gross_usd,
            receipt.pledge_rate_usd,
            receipt.difference_usd,
            receipt.fee_usd,
            receipt.net_usd,
        )
