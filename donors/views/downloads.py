"""The tables of pledges and donors to take away, each as CSV and as a spreadsheet."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from donors import permissions, queries
from donors.models import Donor, Pledge
from donors.terms import Report
from donors.views.door import enter, person_of
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


@require_safe
@audience(*_READERS)
def steps_csv(request: HttpRequest, pledge_id: UUID) -> HttpResponse:
    """Hand out how a pledge has come along as CSV."""
    pledge = _pledge(request, pledge_id)
    return csv_file(_name(pledge, "steps"), _steps(pledge))


@require_safe
@audience(*_READERS)
def steps_xlsx(request: HttpRequest, pledge_id: UUID) -> HttpResponse:
    """Hand out how a pledge has come along as a spreadsheet."""
    pledge = _pledge(request, pledge_id)
    return xlsx_file(_name(pledge, "steps"), _steps(pledge))


@require_safe
@audience(RoleName.SECRETARIAT, RoleName.AUDITOR)
def pledges_csv(request: HttpRequest) -> HttpResponse:
    """Hand out every pledge as CSV."""
    return csv_file(f"pledges-{clock.today().isoformat()}", _pledges(_every_pledge(request)))


@require_safe
@audience(RoleName.SECRETARIAT, RoleName.AUDITOR)
def pledges_xlsx(request: HttpRequest) -> HttpResponse:
    """Hand out every pledge as a spreadsheet."""
    return xlsx_file(f"pledges-{clock.today().isoformat()}", _pledges(_every_pledge(request)))


@require_safe
@audience(*_READERS)
def donor_pledges_csv(request: HttpRequest, donor_id: UUID) -> HttpResponse:
    """Hand out the pledges of a donor as CSV."""
    donor = _donor(request, donor_id)
    return csv_file(_name(donor, "pledges"), _pledges(Pledge.objects.filter(donor=donor)))


@require_safe
@audience(*_READERS)
def donor_pledges_xlsx(request: HttpRequest, donor_id: UUID) -> HttpResponse:
    """Hand out the pledges of a donor as a spreadsheet."""
    donor = _donor(request, donor_id)
    return xlsx_file(_name(donor, "pledges"), _pledges(Pledge.objects.filter(donor=donor)))


@require_safe
@audience(*_READERS)
def agreements_csv(request: HttpRequest, donor_id: UUID) -> HttpResponse:
    """Hand out the agreements of a donor in all their versions as CSV."""
    donor = _donor(request, donor_id)
    return csv_file(_name(donor, "agreements"), _agreements(donor))


@require_safe
@audience(*_READERS)
def agreements_xlsx(request: HttpRequest, donor_id: UUID) -> HttpResponse:
    """Hand out the agreements of a donor in all their versions as a spreadsheet."""
    donor = _donor(request, donor_id)
    return xlsx_file(_name(donor, "agreements"), _agreements(donor))


@require_safe
@audience(*_READERS)
def reminders_csv(request: HttpRequest, donor_id: UUID) -> HttpResponse:
    """Hand out what a donor was reminded of as CSV."""
    donor = _donor(request, donor_id)
    return csv_file(_name(donor, "reminders"), _reminders(donor))


@require_safe
@audience(*_READERS)
def reminders_xlsx(request: HttpRequest, donor_id: UUID) -> HttpResponse:
    """Hand out what a donor was reminded of as a spreadsheet."""
    donor = _donor(request, donor_id)
    return xlsx_file(_name(donor, "reminders"), _reminders(donor))


def _donor(request: HttpRequest, donor_id: UUID) -> Donor:
    return get_object_or_404(queries.donors_visible_to(person_of(request)), pk=donor_id)


def _every_pledge(request: HttpRequest) -> QuerySet[Pledge]:
    enter(permissions.may_see_donors(person_of(request)))
    return Pledge.objects.all()


def _pledge(request: HttpRequest, pledge_id: UUID) -> Pledge:
    return get_object_or_404(queries.pledges_visible_to(person_of(request)), pk=pledge_id)


def _name(of: Pledge | Donor, what: str) -> str:
    return f"{of.reference}-{what}-{clock.today().isoformat()}"


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


def _steps(pledge: Pledge) -> Iterator[Row]:
    yield _("Step"), _("State"), _("Happened"), _("Written down"), _("Out of order")
    for step in queries.steps_of(pledge):
        out_of_order = _("yes") if step.is_out_of_order else _("no")
        yield step.words, step.state, step.value_on, step.entered_at.isoformat(timespec="seconds"), out_of_order


def _pledges(pledges: QuerySet[Pledge]) -> Iterator[Row]:
    yield (
        _("Donor"),
        _("Pledge"),
        _("State"),
        _("Announced"),
        _("Signed"),
        _("Agreement"),
        _("Version"),
        _("Currency"),
        _("Pledged"),
        _("Outstanding"),
        _("USD at the rate of the pledge"),
    )
    found = queries.with_outstanding(pledges).select_related("donor", "agreement")
    for pledge in found.order_by("donor__name", "announced_on", "reference"):
        yield (
            pledge.donor.name,
            pledge.reference,
            pledge.get_status_display(),
            pledge.announced_on,
            pledge.signed_on,
            pledge.agreement.reference if pledge.agreement else None,
            pledge.agreement.version if pledge.agreement else None,
            pledge.currency,
            pledge.amount,
            pledge.outstanding if pledge.is_signed else None,
            pledge.usd_value if pledge.is_signed else None,
        )


def _agreements(donor: Donor) -> Iterator[Row]:
    yield (
        _("Agreement"),
        _("Version"),
        _("Signed"),
        _("From"),
        _("To"),
        _("Currency"),
        _("Fee in per cent"),
        _("Days of notice"),
        *(report.label for report in Report),
        _("SHA-256 of the document"),
    )
    for one in donor.agreements.order_by("reference", "version"):
        yield (
            one.reference,
            one.version,
            one.signed_on,
            one.from_year,
            one.to_year,
            one.currency,
            one.fee_percent,
            one.termination_notice_days,
            *(str(one.reports[report]) for report in Report),
            one.document_sha256,
        )


def _reminders(donor: Donor) -> Iterator[Row]:
    yield _("Pledge"), _("Instalment"), _("Due"), _("Days from the due day"), _("Taken"), _("What became of it")
    for one in queries.reminders_of(donor):
        part = one.instalment
        became = _("The committee was told") if one.is_escalation and one.is_sent else one.get_passed_display()
        taken_at = one.taken_at.isoformat(timespec="seconds")
        yield part.pledge.reference, part.number, part.due_on, one.step, taken_at, became
